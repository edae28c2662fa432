"""Where a text may name its answers: every reading of it, right or wrong, with the evidence.

There are three kinds of readings:

- lists: `A | B | C`, `a, b or c`, `"yes" / "no"`, with notes in parentheses after the items;
- definitions: clauses that begin with a label, as in `ALERT: …`, `spam = …`, `QUIET when …`;
- conclusions: clauses that end in a label, as in `… -> refund`, `say "yes" if …`, `otherwise QUIET`.

`labels.infer` weighs them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from .lexis import JOINS, KIND, MOST_WORDS, VERB, Token, is_prose, is_quoted, item, shape, tokenise, unquoted

_SEPARATORS = {"|": "pipes", "/": "slashes", ">": "ranks", ",": "commas"}
_BLANKS = "blanks"
_DEFINES = frozenset(("when", "if", "for", "means", "where", "whenever"))
_LEADS = frozenset(("else", "otherwise", "Else", "Otherwise", "and", "or", "then"))
#: Words of a heading or a remark, not of an answer.
_HEADING_WORDS = """
    note notes rule rules format order priority example examples input output answer answers tie ties hint
    labels label exception exceptions important task synonyms default defaults categories classes
"""
_HEADINGS = frozenset(_HEADING_WORDS.split())
_FILLER = (
    rf"(?:with|as|by|only|just|exactly|one|of|from|among|between|either|the|a|an|single|{KIND}|these|is|are"
    r"|lower-?case|upper-?case|capitals|strictly|its|it|nothing|but|following|two|three|four|five|six"
    r"|permitted|whether|to|them|me|us|whole|message|each|which)"
)
_SORT = (
    r"(?:classif\w+|sort|bucket|label|tag|mark|rate|grade|file|route|map|split|assign|judge|decide|place"
    r"|triage|flag|\w+ise|\w+ize|turn|call|name|tell|say)"
)
#: What leads up to a list, from the start of its sentence: an order to answer, a name for answers, a sorting.
_TELLS = re.compile(rf"(?:(?:then|please|and|always|so|,) )*\b{VERB}\b(?: {_FILLER})*[ :,]*", re.IGNORECASE)
_NAMES = re.compile(
    rf"""(?:.*\b)?(?:(?:exactly\ |only\ |any\ |which\ |is\ |as\ )?one
       \ (?:of|from|word|label|answer)(?:\ {_FILLER})*
      |(?:the\ |our\ |your\ )?(?:\w+\ )?{KIND}
       (?:\ (?:are|is|called|named|allowed|permitted|possible|to\ use|used))*)[ :,=]*""",
    re.IGNORECASE | re.VERBOSE,
)
_SORTS = re.compile(
    rf"""(?:.*\b)?(?:{_SORT}\b[^.;:|\n]{{0,60}}\b(?:as|into|to|in|among|between|under|whether|by|with|is|are)
      |is\ (?:it|this|that|the\ [^.;:|\n]{{1,40}})|whether\ [^.;:|\n]{{1,60}}\ (?:is|are)
      |{VERB}(?:\ {_FILLER})*)[ :,]*""",
    re.IGNORECASE | re.VERBOSE,
)
#: What stands before a list of something else.
_OTHER = re.compile(
    r"""\b(?:such\ as|like|e\.?g\.?,?|for\ example|for\ instance|includ\w+|etc|contains?|containing|mentions?
      |ignor\w+|skip\w*|remov\w+|drop|strip\w*|replac\w+|without|except|given|inputs?|than|about|of\ the|by
      |not|keys?|fields?|columns?|flags?|has|have|followed\ by|when|if|for|from)\s*:?\s*$""",
    re.IGNORECASE | re.VERBOSE,
)
#: What a sentence says that describes the input.
_ABOUT_INPUT = re.compile(
    r"\b(?:formats?|form|inputs?|given|separated|split|looks? like|shape)\b", re.IGNORECASE
)
_SENTENCE_STARTS = (". ", "? ", "! ", "; ", "\n", "— ", "– ", " - ", "(", ", then ")
_LINE_STARTS = re.compile(r"^ *(?:[-*•] *)?([A-Z]+\d*|[a-z]\d|\d)\b[ :.)=–-]", re.MULTILINE)
_SAYS = re.compile(
    rf"""(?:\b(?i:{VERB}|it\ is|it's|gets?|becomes?)\ |\b(?i:otherwise|else)[,:]?\ |(?<=[.;]\ )|^)
      (?:("[^"\n]{{1,40}}"|“[^”\n]{{1,40}}”|[A-Z][A-Z0-9_-]+|\d|\w+(?=\ (?:when|if|where)\b))
         (?=\ ?(?:if|when|for|where|otherwise|as\ soon|[.,;)(]|$)))
      | \b(?i:otherwise|else)[,:]?\ (?:it\ is\ |it's\ )?(?:{VERB}\ )?([\w-]+)(?=[.,;)]|$)""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Reading:
    """Possible answers and the names of what speaks for and against them."""

    labels: tuple[str, ...]
    evidence: frozenset[str]


def find(text: str) -> Iterator[Reading]:
    """Every reading of a text."""
    tokens = tokenise(text)
    bodies: set[int] = set()
    for reading, starts in _definitions(tokens):
        bodies |= set(starts)
        yield reading
    yield from _lists(text, tokens, bodies)
    yield from _conclusions(text, tokens)


def _lists(text: str, tokens: Sequence[Token], bodies: Iterable[int] = ()) -> Iterator[Reading]:
    for segment in _segments(tokens):
        if segment[0].start in bodies:
            continue
        for separator in _SEPARATORS:
            if separator == "," or any(token.text == separator for token in segment):
                yield from _list(text, segment, separator)
                yield from _explained(segment, separator)
    for token in tokens:
        if token.kind == "note" and len(token.text) > 5:
            for reading in _lists(text, tokenise(token.text[1:-1], token.start + 1)):
                yield replace(reading, evidence=reading.evidence | {"in-note"})


def _segments(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Runs of tokens that a list may span."""
    run: list[Token] = []
    for token in (*tokens, Token("stop", ".", 0, 0)):
        if token.kind in ("word", "quoted", "note") or token.text in ("|", "/", ",", ";", ">"):
            run.append(token)
        else:
            if len(run) > 2:
                yield run
            run = []


def _chunks(segment: Sequence[Token], separator: str, joins: bool = True) -> list[tuple[list[Token], bool]]:
    """The parts between separators; each with whether `or`/`and` stands before it."""
    chunks: list[tuple[list[Token], bool]] = [([], False)]
    for token in segment:
        joining = joins and separator == "," and token.kind == "word" and token.text in JOINS
        if token.text == separator or joining or (separator == "," and token.text == ";"):
            if chunks[-1][0]:
                chunks.append(([], joining))
            else:
                chunks[-1] = ([], chunks[-1][1] or joining)
        else:
            chunks[-1][0].append(token)
    return chunks


def _list(text: str, segment: Sequence[Token], separator: str) -> Iterator[Reading]:
    labels: list[str] = []
    joined = False
    start = segment[0].start
    for chunk, after_join in _chunks(segment, separator):
        whole = item(chunk, loose=separator in "|/") or _word_as_code(chunk, separator, labels)
        runs_on = len(chunk) > 2 and chunk[0].kind == "word" and all(" " not in label for label in labels)
        if whole is not None and not (labels and " " in whole and runs_on):
            if not labels:
                start = chunk[0].start
            labels.append(whole)
            joined |= after_join
            continue
        if labels and chunk and chunk[0].kind != "note" and (head := item(chunk[:1])):
            yield from _weigh(text, [*labels, head], joined or after_join, start, chunk[0].end, separator)
        elif len(labels) > 1 and chunk:
            yield from _weigh(text, labels, joined, start, chunk[0].start - 1, separator)
        tail = _tail(chunk)
        labels, joined = [item(tail) or ""] if tail else [], False
        start = tail[0].start if tail else start
    if len(labels) > 1:
        yield from _weigh(text, labels, joined, start, segment[-1].end, separator)


def _word_as_code(chunk: Sequence[Token], separator: str, labels: Sequence[str]) -> str | None:
    """A word such as `it` that is an item after all: alone between pipes, or with a note like its fellows."""
    noted = len(chunk) == 2 and chunk[1].kind == "note" and len(labels) > 1
    alone = len(chunk) == 1 and (separator in "|/" or bool(labels))
    return chunk[0].text if chunk and chunk[0].kind == "word" and (noted or alone) else None


def _explained(segment: Sequence[Token], separator: str) -> Iterator[Reading]:
    """A list whose items explain themselves without a mark: `ENOENT no such thing, EACCES permission`."""
    labels: list[str] = []
    for chunk, _ in _chunks(segment, separator, joins=False):
        chunk = _tail(chunk) or chunk if not labels else chunk
        first = next((token for token in chunk if token.text not in JOINS), None)
        label = item([first]) if first and first.kind != "note" else None
        if label is None:
            return
        labels.append(label)
    if len(labels) > 1 and {shape(label) for label in labels} in ({"caps"}, {"code"}, {"number"}):
        yield Reading(tuple(labels), frozenset({"explained"}))


def _tail(chunk: Sequence[Token]) -> list[Token]:
    """The label that ends a chunk whose beginning is prose: what follows its last word of prose."""
    chunk = list(chunk)
    while chunk and chunk[-1].kind == "note":
        chunk.pop()
    if chunk and chunk[-1].kind == "quoted":
        return chunk[-1:]
    for at in range(len(chunk) - 1, -1, -1):
        if is_prose(chunk[at].text):
            return chunk[at + 1 :] if item(chunk[at + 1 :]) else []
    return []


def _weigh(
    text: str, labels: list[str], joined: bool, start: int, end: int, separator: str
) -> Iterator[Reading]:
    """The reading of a list, and those without a word too many at its beginning or end."""
    before, after = text[:start].rstrip("\"'“`"), text[end:].lstrip(" ")
    anchor = _anchor(before)
    ends = (
        "to-the-end"
        if not after or after[0] in ".\n?"
        else "to-a-mark"
        if after[0] in "()–—;:-!,"
        else "runs-on"
    )
    form = "joined" if separator == "," and joined else _SEPARATORS.get(separator, separator)
    if after.startswith(("...", "…", "etc")):
        return
    evidence = {form, anchor, ends, f"{form}/{anchor}", f"{anchor}/{ends}"}
    if _OTHER.search(before.rstrip(" ")):
        evidence.add("asks-other")
    if _ABOUT_INPUT.search(before[max(before.rfind(mark) for mark in (". ", "? ", "\n")) + 1 :]):
        evidence.add("describes-input")
    if separator == ",":
        evidence.add("commas")
    sizes = [0 if is_quoted(label, text) else label.count(" ") for label in labels]
    if sizes[0] > 0 == max(sizes[1:]) and anchor not in ("after-arrow", "after-colon"):
        yield Reading((labels[0].split()[-1], *labels[1:]), frozenset(evidence | {"cut-first", "many-words"}))
    if sizes[-1] > 0 == max(sizes[:-1]):
        yield Reading((*labels[:-1], labels[-1].split()[0]), frozenset(evidence | {"cut-last", "many-words"}))
    if max(sizes) > 0:
        evidence.add("many-words")
    if sizes[0] > max(sizes[1:]):
        evidence.add("long-first")
    if sizes[-1] > max(sizes[:-1]):
        evidence.add("long-last")
    yield Reading(tuple(labels), frozenset(evidence))


def _anchor(before: str) -> str:
    """What leads up to a list."""
    bare = before.rstrip(" ({")
    if re.search(r"(?:->|→|=>|⇒|>>)$", bare):
        return "after-arrow"
    cut = max(bare.rfind(mark) for mark in _SENTENCE_STARTS)
    lead = bare[cut + 1 :].strip(" -–—?(")
    if not lead:
        return "mid-sentence" if bare.endswith((",", "=")) else "sentence-start"
    if any(_TELLS.fullmatch(part) for part in (lead, *(re.split(r", | and ", lead)[-1:]))):
        return "tells"
    if _NAMES.fullmatch(lead):
        return "names"
    if lead.endswith((":", "—", "–")):
        return "after-colon"
    return "sorts" if _SORTS.fullmatch(lead) else "mid-sentence"


def _definitions(tokens: Sequence[Token]) -> Iterator[tuple[Reading, list[int]]]:
    """Clauses that begin with a label and a mark, and where their explanations begin."""
    found: dict[str, list[tuple[str, int]]] = {}
    for at, token in enumerate(tokens):
        before = tokens[at - 1] if at else None
        if before is not None and not _opens_clause(before):
            continue
        if token.text in _LEADS and tokens[at + 1 :]:
            at += 1
            token = tokens[at]
        end = at + 1
        while end < len(tokens) and end < at + MOST_WORDS and tokens[end].kind == "word":
            if tokens[end].text in _DEFINES:
                break
            end += 1
        label = item(tokens[at:end]) if token.kind in ("word", "quoted") else None
        if label is None and token.text.islower() and tokens[at + 1 : at + 2] and tokens[at + 1].text == ":":
            label, end = token.text, at + 1
        heading = label is not None and label[0].isupper() and label.lower() in _HEADINGS
        if label is None or heading or end + 1 >= len(tokens):
            continue
        mark = _mark(tokens[end], before)
        if mark:
            found.setdefault(mark, []).append((label, tokens[end + 1].start))
            if token.kind == "quoted":
                found.setdefault(f"{mark}-quoted", []).append((label, tokens[end + 1].start))
    for mark, clauses in found.items():
        labels = tuple(dict.fromkeys(label for label, _ in clauses))
        shapes = {shape(label) for label in labels}
        starts = [start for _, start in clauses] if len(labels) > 1 else []
        yield Reading(labels, frozenset({mark})), starts
        bare = tuple(dict.fromkeys((*labels, *_bare_clauses(tokens, clauses[-1][1], shapes))))
        if len(bare) > len(labels):
            yield Reading(bare, frozenset({mark, "bare-clause"})), []
        for one in shapes if len(shapes) > 1 else ():
            some = tuple(label for label in labels if shape(label) == one)
            if len(some) > 1:
                yield Reading(some, frozenset({mark, "one-shape-only"})), []


def _opens_clause(before: Token) -> bool:
    if before.kind in ("stop", "newline", "bullet", "dash", "arrow") or before.text in (
        ",",
        ";",
        ":",
        "or",
        "and",
    ):
        return True
    return re.fullmatch(VERB, before.text, re.IGNORECASE) is not None


def _mark(follows: Token, before: Token | None) -> str | None:
    if follows.text in _DEFINES:
        return "defined-when"
    if follows.text in (":", "="):
        return f"defined-{follows.text}"
    if follows.kind == "arrow" and (before is None or before.kind in ("newline", "bullet")):
        return "defined-arrow"
    return f"defined-{follows.kind}" if follows.kind in ("dash", "note") else None


def _bare_clauses(tokens: Sequence[Token], start: int, shapes: set[str]) -> Iterator[str]:
    """Labels that are a clause of their own, after the definitions of others: `…; unrelated.`"""
    for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        opened = before.text in (";", ",") or before.kind in ("stop", "newline")
        closed = after.text == ";" or after.kind in ("stop", "newline")
        label = item([token]) if token.start > start and opened and closed else None
        if label and shape(label) in shapes:
            yield label


def _conclusions(text: str, tokens: Sequence[Token]) -> Iterator[Reading]:
    for mark in ("arrow", ":"):
        labels = _after_marks(tokens, mark)
        if len(labels) > 1:
            yield Reading(labels, frozenset({f"concluded-{mark}"}))
    yield from _runs(text, tokens)
    lines = tuple(dict.fromkeys(_LINE_STARTS.findall(text)))
    if len(lines) > 1:
        yield Reading(lines, frozenset({"line-starts"}))
    said = (unquoted(match[1] or match[2]) for match in _SAYS.finditer(text))
    labels = tuple(dict.fromkeys(label for label in said if label and not is_prose(label)))
    if len(labels) > 1:
        yield Reading(labels, frozenset({"said"}))


def _runs(text: str, tokens: Sequence[Token]) -> Iterator[Reading]:
    """Three or more words of one shape that only blanks separate, maybe with `or` before the last."""
    run: list[Token] = []
    for at, token in enumerate((*tokens, Token("stop", "", len(text), len(text)))):
        after = tokens[at + 1] if at + 1 < len(tokens) else None
        joins = token.text in JOINS and len(run) > 1 and after is not None and after.kind == "word"
        if token.kind == "word" and not is_prose(token.text) and (not run or _alike(run[0], token)):
            run.append(token)
        elif not joins:
            if len(run) > 2:
                run = run[:-1] if run[-1].text == "out" and len(run) > 3 else run  # `log line in, a b c out`
                words = [one.text for one in run]
                yield from _weigh(text, words, False, run[0].start, run[-1].end, _BLANKS)
            run = [token] if token.kind == "word" and not is_prose(token.text) else []


def _alike(one: Token, other: Token) -> bool:
    """Whether two words may be of one run: `capital` beside `lower` begins a sentence, codes may mix."""
    kinds = {shape(one.text), shape(other.text)}
    return len(kinds) == 1 or kinds <= {"code", "caps"}


def _after_marks(tokens: Sequence[Token], mark: str) -> tuple[str, ...]:
    """What follows each such mark; nothing if one of them is followed by anything but a label."""
    labels: list[str] = []
    for at, token in enumerate(tokens):
        if token.kind != mark and token.text != mark:
            continue
        end = at + 1
        while end < len(tokens) and tokens[end].kind in ("word", "quoted"):
            end += 1
        closed = (
            end == len(tokens) or tokens[end].kind in ("stop", "newline", "note") or tokens[end].text in ",;"
        )
        label = item(tokens[at + 1 : end])
        if label is None or not closed:
            return ()
        labels.append(label)
    return tuple(dict.fromkeys(labels))
