# ruff: noqa: E501  word tables read best in wide lines
"""Inferring a closed set of answers from the prose of a spec.

A wrong set breaks a program and a missing one only loses a guarantee, so a set needs much evidence
and is dropped when another reading of the text contradicts it. There are three kinds of readings:

- lists: `A | B | C`, `a, b or c`, `"yes" / "no"`, with notes in parentheses after the items;
- definitions: clauses that begin with a label, as in `ALERT: …`, `spam = …`, `QUIET when …`;
- rules: clauses that end in a label, as in `… -> refund`, `say "yes" if …`, `otherwise QUIET`.

What speaks for and against a reading is named, and `_WEIGHTS` says how much each counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

#: More answers than this are a vocabulary, not a contract.
MOST_LABELS = 32
_MOST_WORDS = 4

_BREAK = r"\s|/,;:=“”()\[\]?`\"→⇒"
_TOKEN = re.compile(
    rf"""(?P<quoted>"[^"\n]{{1,40}}"|“[^”\n]{{1,40}}”|`[^`\n]{{1,40}}`|(?<!\w)'[^'\n]{{1,40}}'(?!\w))
      | (?P<arrow>[-=]+>|→|⇒|>>)
      | (?P<note>\((?:[^()\n]|\([^()\n]*\))*\)|\[[^\][\n]*\])
      | (?P<bullet>(?:(?<=\n)|\A)[ ]*(?:[-*•]|\(?\d+[.)])[ ])
      | (?P<newline>\n)
      | (?P<dash>(?<=\s)[-–—]+(?=\s)|—)
      | (?P<stop>[.!…?]+(?=\s|$))
      | (?P<mark>[|/,;:=]|(?<=\s)>(?=\s))
      | (?P<word>[^{_BREAK}]+?(?=[.!…]+(?:\s|$)|[{_BREAK}]|$))
      | (?P<other>\S)""",
    re.VERBOSE,
)
_JOINS = frozenset(("or", "and", "vs", "versus", "OR"))
_DEFINES = frozenset(["when", "if", "for", "means", "where", "whenever"])
_ARTICLES = frozenset(["a", "an", "the"])
_PROSE = frozenset(
    ["a", "an", "the", "of", "to", "in", "on", "at", "by", "from", "with", "as", "is", "are", "was", "be", "it", "its", "this", "that", "these", "those", "their", "them", "him", "his", "her", "if", "when", "where", "whenever", "which", "who", "whose", "what", "how", "there", "then", "than", "but", "for", "into", "per", "each", "every", "only", "just", "do", "does", "can", "so", "may", "must", "will", "would", "should", "has", "have", "had", "your", "my", "our", "we", "he", "she", "also", "because", "whether", "input", "output", "answer", "reply", "text", "line", "word", "words", "number", "or", "and", "vs", "versus", "something", "thing", "things", "nothing", "else", "otherwise", "thus", "them", "choose", "pick", "select", "classify", "print", "return", "respond", "say", "says", "report", "write", "give", "gives", "label", "labels"]
)
#: Words of a heading or a remark, not of an answer.
_HEADINGS = frozenset(
    ["note", "notes", "rule", "rules", "format", "order", "priority", "example", "examples", "input", "output", "answer", "answers", "tie", "ties", "hint", "labels", "label", "exception", "exceptions", "important", "task", "task:", "synonyms", "default", "defaults", "categories", "classes"]
)
#: What stands before a list of answers …
_VERB = r"(?:answer|output|print|return|reply|respond|say|give|write|emit|choose|pick|select|state|report|assign|use|put)s?"
_SORTS = r"(?:classif\w+|sort|bucket|label|tag|mark|rate|grade|file|route|map|split|assign|judge|decide|place|triage|flag|\w+ise|\w+ize|turn|call|name|tell|say)"
_KIND = (
    r"(?:labels?|answers?|class(?:es)?|categor(?:y|ies)|options?|outputs?|results?|values?|choices?|verdicts?|buckets?|tags?"
    r"|types?|kinds?|levels?|grades?|states?|status|codes?|queues?|intents?|tiers?|topics?|groups?|words?|departments?)"
)
_ASKS = re.compile(
    rf"""(?:\b(?:one|any|which|either|exactly|whether)\ (?:of|from|word|label)?[^.;|/\n]{{0,30}}
      | \b{_VERB}\b(?:[ ](?:with|as|by|only|just|exactly|one|of|from|among|between|either|the|a|an|single|{_KIND}|these|is
          |lower-?case|upper-?case|capitals|strictly|its|it|nothing|but|following|two|three|four|five|six|permitted|whether))*
      | \b{_KIND}(?:\ (?:are|is|called|named|allowed|permitted|possible|to\ use))*
      | \b{_SORTS}\b[^.;:|\n]{{0,60}}\b(?:as|into|to|in|among|between|under|whether|by|with|is|are)
      | \bis\ (?:it|this|that|the\ [^.;:|\n]{{1,40}})
      )[ :=,]*$""",
    re.VERBOSE | re.IGNORECASE,
)
#: … and what stands before a list of something else.
_OTHER = re.compile(
    r"\b(?:such as|like|e\.?g\.?,?|for example|for instance|includ\w+|etc|contains?|containing|mentions?|ignor\w+|skip\w*"
    r"|remov\w+|drop|strip\w*|replac\w+|without|except|given|inputs?|than|about|of the|by|not|keys?|fields?|columns?|flags?"
    r"|has|have|followed by|when|if|for|from)\s*:?\s*$",
    re.IGNORECASE,
)
#: Outputs that are built, copied or collected rather than chosen.
_COMPOSED = re.compile(
    r"""comma[- +]separated|separated?\ (?:by|with|them)|\ball\ (?:that|which)\ appl|one\ per\ line
      |multi-?label|joined\ (?:by|with)|\blist\ (?:every|all|each|the)\b|\barray\b|\bminified\b|\beach\ once\b|\balphabetic
      |\bcorrected\b|\brewrit|\btranslat|\bverbatim\b|\bkey=value|\bwith\ \S+\ between|\{\s*"|":|<\w+>|…\s*\}""",
    re.VERBOSE | re.IGNORECASE,
)
#: The inputs that no other answer fits, and the answer named for them, in one clause.
_REST = (
    r"(?:(?:any|every)(?:thing|body|one|where)(?: else)?|nothing(?: else)?|no one|none|neither|(?:all |any )?(?:the )?others?"
    r"|otherwise|or else|else|(?:all |for )?the (?:rest|remainder)|(?:all |any |every )(?:else|other|remaining)|rest"
    r"|if (?:none|nothing|no|not|unsure))"
)
_IF_NONE = re.compile(
    r"\bif (?:none|nothing|no|neither|it fits no)\b[^.;:\n]*?[,:] ?(?:then |say |answer |print |use )*(\S+?)(?=[.;\n]|$)",
    re.I,
)
_LABEL = r"[\"'“`]?(\w[\w+-]*)[\"'”`]?"
_CLAUSE = re.compile(r"[.!?](?=\s|$)|[;,\n()]|\s[–—-]+\s")
_REST_FIRST = re.compile(
    rf"(?:and |or |but |in |for |with )*{_REST}\b(?: (?!otherwise)[\w'-]+){{0,4}}?"
    r"(?: ?(?:->|→|=>|=|:)| is| are| gets?| becomes?| means?| as| to| under|(?<=wise)|(?<=lse))"
    rf"(?: (?:answer|say|print|output|reply|return|use|give|write|it is|it's|is|with))? ?{_LABEL}",
    re.IGNORECASE,
)
_REST_LAST = re.compile(
    rf"(?:.*\b(?:or|and|say|answer|print|output|return|reply|give|use|write|it's|is) )?{_LABEL}"
    rf" ?(?:=|:|for|if|when|is|->|→|in|means|covers)? ?(?:for |in |if |it's |it is )?{_REST}\b(?: [\w'-]+){{0,4}}",
    re.IGNORECASE,
)
#: Fitted by logistic regression on the training split of FuzzyBench, rounded.
_WEIGHTS = {
    "shown-several": 2.5,
    "to-the-end": 2,
    "defined-when": 1.75,
    "rest-known": 1.75,
    "agrees": 1.5,
    "defined-dash": 1.5,
    "rules-arrow": 1.5,
    "all-caps": 1.25,
    "defined-:": 1.25,
    "slashes/after-arrow": 1,
    "defined-=": 1,
    "cut-first": 1,
    "joined": 1,
    "all-number": 1,
    "5-labels": 1,
    "after-arrow": 0.75,
    "pipes": 0.75,
    "joined/after-colon": 0.75,
    "pipes/mid-sentence": 0.75,
    "no-rest": 0.5,
    "asks": 0.5,
    "pipes/after-arrow": 0.5,
    "rules-:": 0.5,
    "6-labels": 0.5,
    "rest-added-beside": 0.5,
    "shown-one": 0.5,
    "all-lower": 0.25,
    "sentence-start": 0.25,
    "quoted": 0.25,
    "commas/asks": 0.25,
    "slashes": 0.25,
    "4-labels": 0.25,
    "rules-say": 0.25,
    "joined/asks": 0.25,
    "slashes/asks": 0.25,
    "joined/sentence-start": 0.25,
    "slashes/sentence-start": 0.25,
    "slashes/after-colon": 0.25,
    "explained>": 0.25,
    "ranks": 0.25,
    "long-last": 0,
    "explained,": 0,
    "all-again": 0,
    "commas/after-arrow": 0,
    "after-colon": 0,
    "commas/after-colon": 0,
    "7-labels": 0,
    "pipes/asks": 0,
    "joined/after-arrow": 0,
    "3-labels": -0.25,
    "half-again": -0.25,
    "commas/sentence-start": -0.25,
    "cut-last": -0.25,
    "in-note": -0.25,
    "joined/mid-sentence": -0.25,
    "pipes/after-colon": -0.25,
    "pipes/sentence-start": -0.25,
    "explained": -0.5,
    "to-a-mark": -0.5,
    "explained|": -0.5,
    "explained/": -0.5,
    "all-code": -0.5,
    "commas/mid-sentence": -0.75,
    "mid-sentence": -0.75,
    "defined-note": -0.75,
    "rest-added": -0.75,
    "all-capital": -0.75,
    "spaces": -0.75,
    "commas": -1,
    "lines": -1,
    "runs-on": -1.25,
    "long-first": -1.25,
    "one-shape-only": -1.25,
    "mixed-shapes": -1.5,
    "rest-missed": -1.5,
    "asks-other": -1.5,
    "composed": -1.5,
    "2-labels": -1.75,
    "slashes/mid-sentence": -1.75,
    "bare-clause": -1.75,
    "odd-characters": -1.75,
    "speaks-of-json": -1.75,
    "half-quoted": -2.25,
    "many-words": -2.5,
    "long-label": -3,
}
_ENOUGH = 3.0
_MARGIN = 3.0


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class _Reading:
    """Possible answers, where the text begins to name them, and what speaks for and against them."""

    labels: tuple[str, ...]
    start: int
    evidence: frozenset[str]

    @property
    def score(self) -> float:
        return sum(_WEIGHTS.get(name, 0.0) for name in self.evidence)


def infer(description: str, outputs: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The closed set of answers that `description` names, in its order; empty unless it is plain.

    `outputs` are the answers of the spec's examples: a set that lacks one of them is refused, and
    one that holds them gains weight.
    """
    readings = _readings(description.strip(), outputs)
    if not readings:
        return ()
    best = max(readings, key=lambda one: (one.score, len(one.labels)))
    rivals = [one.score for one in readings if not set(one.labels) <= set(best.labels)]
    if best.score < _ENOUGH or best.score - max(rivals, default=-9.0) < _MARGIN:
        return ()
    return best.labels


def _readings(text: str, outputs: tuple[str, ...]) -> list[_Reading]:
    composed = {"composed"} if _COMPOSED.search(text) else set()
    composed |= {"speaks-of-json"} if re.search(r"\bjson\b", text, re.IGNORECASE) else set()
    tokens = _tokens(text)
    defined = list(_definitions(tokens))
    bodies = {start for one in defined for start in one[1]}
    found = [one[0] for one in defined]
    found += [*_lists(text, tokens, bodies), *_rules(text, tokens)]
    readings: dict[tuple[str, ...], _Reading] = {}
    for one in found:
        for labels, rest in _with_fallback(one.labels, text):
            if (
                not 2 <= len(labels) <= MOST_LABELS
                or len(set(labels)) < len(labels)
                or any(output not in labels for output in outputs)
            ):
                continue
            evidence = one.evidence | composed | _support(labels, text, outputs) | {rest}
            known = readings.get(labels)
            if known:
                evidence |= known.evidence | {"agrees"}
            readings[labels] = _Reading(labels, one.start, frozenset(evidence))
    return list(readings.values())


def _tokens(text: str, offset: int = 0) -> list[_Token]:
    return [
        _Token(str(match.lastgroup), match.group(), match.start() + offset, match.end() + offset)
        for match in _TOKEN.finditer(text)
    ]


def _is_prose(word: str) -> bool:
    return not word.isupper() and word.lower() in _PROSE


def _item(chunk: Sequence[_Token]) -> str | None:
    """The label that a chunk of tokens spells: one quoted text, or a few plain words."""
    chunk = [token for token in chunk if token.kind != "note"]
    if len(chunk) == 1:
        if chunk[0].kind == "quoted":
            return chunk[0].text[1:-1].strip() or None
        return chunk[0].text if chunk[0].kind == "word" and not _is_prose(chunk[0].text) else None
    words = [token.text for token in chunk]
    if (
        words[:1] in (["A"], ["I"])
        or not 1 <= len(words) <= _MOST_WORDS
        or any(token.kind != "word" or _is_prose(token.text) for token in chunk)
    ):
        return None
    return " ".join(words)


def _shape(label: str) -> str:
    if re.fullmatch(r"[-+]?\d+(?:\.\d+)?", label):
        return "number"
    if re.fullmatch(r"[A-Z][A-Z0-9_+ -]*", label):
        return "caps"
    if re.search(r"[_\d]|[A-Z].*[A-Z]", label):
        return "code"
    return "capital" if label[:1].isupper() else "lower"


def _segments(tokens: Sequence[_Token]) -> Iterator[list[_Token]]:
    """Runs of tokens that a list may span."""
    run: list[_Token] = []
    for token in tokens:
        if token.kind in ("word", "quoted", "note") or token.text in ("|", "/", ",", ";", ">"):
            run.append(token)
        else:
            if len(run) > 2:
                yield run
            run = []
    if len(run) > 2:
        yield run


def _lists(text: str, tokens: Sequence[_Token], bodies: Iterable[int] = ()) -> Iterator[_Reading]:
    for segment in _segments(tokens):
        if segment[0].start in bodies:
            continue
        for separator in ("|", "/", ">", ","):
            if separator == "," or any(token.text == separator for token in segment):
                yield from _list(text, segment, separator)
                yield from _explained(text, segment, separator)
    for token in tokens:
        if token.kind == "note" and len(token.text) > 5:
            for reading in _lists(text, _tokens(token.text[1:-1], token.start + 1)):
                yield replace(reading, evidence=reading.evidence | {"in-note"})


def _chunks(segment: Sequence[_Token], separator: str) -> list[tuple[list[_Token], bool]]:
    """The parts between separators; each with whether `or`/`and` stands before it."""
    chunks: list[tuple[list[_Token], bool]] = [([], False)]
    for token in segment:
        joins = separator == "," and token.kind == "word" and token.text in _JOINS
        if token.text == separator or joins or (separator == "," and token.text == ";"):
            if chunks[-1][0]:
                chunks.append(([], joins))
            else:
                chunks[-1] = ([], chunks[-1][1] or joins)
        else:
            chunks[-1][0].append(token)
    return chunks


def _list(text: str, segment: Sequence[_Token], separator: str) -> Iterator[_Reading]:
    labels: list[str] = []
    joined = False
    start = segment[0].start
    for chunk, after_join in _chunks(segment, separator):
        whole = _item(chunk) or (chunk[0].text if _is_code_word(chunk, separator, labels) else None)
        runs_on = len(chunk) > 2 and chunk[0].kind == "word" and all(" " not in label for label in labels)
        if whole is not None and not (labels and " " in whole and runs_on):
            if not labels:
                start = chunk[0].start
            labels.append(whole)
            joined |= after_join
            continue
        head, tail = _head(chunk), _tail(chunk)
        if labels and head:
            yield from _weigh(
                text, [*labels, head.text.strip("\"'“”`")], joined or after_join, start, head.end, separator
            )
        elif len(labels) > 1 and chunk:
            yield from _weigh(text, labels, joined, start, chunk[0].start - 1, separator)
        labels, joined = [], False
        if tail:
            labels, start = [_item(tail) or ""], tail[0].start
    if len(labels) > 1:
        yield from _weigh(text, labels, joined, start, segment[-1].end, separator)


def _is_code_word(chunk: Sequence[_Token], separator: str, labels: Sequence[str]) -> bool:
    """Whether a word such as `it` is an item: alone between pipes, or with a note like its fellows."""
    noted = len(chunk) == 2 and chunk[1].kind == "note" and len(labels) > 1
    return bool(chunk) and chunk[0].kind == "word" and (noted or (len(chunk) == 1 and separator in "|/"))


def _explained(text: str, segment: Sequence[_Token], separator: str) -> Iterator[_Reading]:
    """A list whose items explain themselves without a mark: `ENOENT no such thing, EACCES permission`."""
    labels: list[str] = []
    for chunk, _ in _chunks(segment, separator):
        tail = _tail(chunk) if not labels else []
        first = tail[0] if tail else chunk[0] if chunk else None
        if first is None or first.kind not in ("word", "quoted") or _item([first]) is None:
            return
        labels.append(first.text.strip("\"'“”`"))
    if len(labels) > 1 and {_shape(label) for label in labels} in ({"caps"}, {"code"}, {"number"}):
        yield _Reading(tuple(labels), segment[0].start, frozenset({"explained", f"explained{separator}"}))


def _head(chunk: Sequence[_Token]) -> _Token | None:
    """The label that begins a chunk whose rest is prose."""
    return chunk[0] if chunk and chunk[0].kind != "note" and _item(chunk[:1]) else None


def _tail(chunk: Sequence[_Token]) -> list[_Token]:
    """The label that ends a chunk whose beginning is prose: what follows its last word of prose."""
    chunk = list(chunk)
    while chunk and chunk[-1].kind == "note":
        chunk.pop()
    if chunk and chunk[-1].kind == "quoted":
        return chunk[-1:]
    for at in range(len(chunk) - 1, -1, -1):
        if _is_prose(chunk[at].text) or chunk[at].text in ("among", "between", "either"):
            rest = chunk[at + 1 :]
            return rest if 1 <= len(rest) <= _MOST_WORDS and _item(rest) else []
    return []


def _weigh(
    text: str, labels: list[str], joined: bool, start: int, end: int, separator: str
) -> Iterator[_Reading]:
    evidence = {{"|": "pipes", "/": "slashes", ",": "commas", ">": "ranks"}[separator]}
    before, after = text[:start].rstrip(" (\"'“`"), text[end:].lstrip(" ")
    if joined:
        evidence.add("joined")
    if _OTHER.search(text[:start].rstrip(" ")):
        evidence.add("asks-other")
    if _ASKS.search(before):
        evidence.add("asks")
    elif re.search(r"(?:->|→|=>|⇒|>>)$", before):
        evidence.add("after-arrow")
    elif before.endswith((":", "—", "–", " -", "=")):
        evidence.add("after-colon")
    elif not before or before.endswith((".", "\n", "?", ";")):
        evidence.add("sentence-start")
    else:
        evidence.add("mid-sentence")
    if not after or after[0] in ".\n?":
        evidence.add("to-the-end")
    elif after[0] in "()–—;:-!,":
        evidence.add("to-a-mark")
    else:
        evidence.add("runs-on")
    evidence |= {
        f"{x}/{y}"
        for x in evidence & {"pipes", "slashes", "commas", "joined"}
        for y in evidence & {"asks", "after-arrow", "after-colon", "sentence-start", "mid-sentence"}
    }
    sizes = [len(label.split()) for label in labels]
    if max(sizes) > 1:
        evidence.add("many-words")
    if sizes[0] > 1 == max(sizes[1:]) and not evidence & {"after-arrow", "after-colon"}:
        yield _Reading((labels[0].split()[-1], *labels[1:]), start, frozenset(evidence | {"cut-first"}))
    if sizes[-1] > 1 == max(sizes[:-1]):
        yield _Reading((*labels[:-1], labels[-1].split()[0]), start, frozenset(evidence | {"cut-last"}))
    if sizes[0] > max(sizes[1:]):
        evidence.add("long-first")
    if sizes[-1] > max(sizes[:-1]):
        evidence.add("long-last")
    yield _Reading(tuple(labels), start, frozenset(evidence))


def _definitions(tokens: Sequence[_Token]) -> Iterator[tuple[_Reading, list[int]]]:
    """Clauses that begin with a label and a mark, and where their explanations begin."""
    found: dict[str, list[tuple[str, int, int]]] = {}
    for at, token in enumerate(tokens):
        before = tokens[at - 1] if at else None
        opens = (
            before is None
            or before.kind == "arrow"
            or re.fullmatch(_VERB, before.text, re.I)
            or before.kind in ("stop", "newline", "bullet", "dash")
            or before.text in (",", ";", ":", "or", "and")
        )
        if not opens or token.kind not in ("word", "quoted"):
            continue
        if token.text in ("else", "otherwise", "Else", "Otherwise") and tokens[at + 1 :]:
            at += 1
        end = at + 1
        while (
            end < len(tokens)
            and end < at + _MOST_WORDS
            and tokens[end].kind == "word"
            and tokens[end].text not in _DEFINES
        ):
            end += 1
        label = _item(tokens[at:end])
        if label is None or end + 1 >= len(tokens) or label.lower() in _HEADINGS:
            continue
        follows = tokens[end]
        mark = (
            "when"
            if follows.text in _DEFINES
            else follows.text
            if follows.text in (":", "=")
            else follows.kind
        )
        if mark in (":", "=", "dash", "when", "note"):
            found.setdefault(mark, []).append((label, token.start, tokens[end + 1].start))
    for mark, clauses in found.items():
        labels = tuple(dict.fromkeys(label for label, _, _ in clauses))
        evidence = {f"defined-{mark}"}
        shapes = {_shape(label) for label in labels}
        bare = tuple(dict.fromkeys((*labels, *_bare_clauses(tokens, clauses[-1][2], shapes))))
        yield (
            _Reading(labels, clauses[0][1], frozenset(evidence)),
            [body for _, _, body in clauses if len(labels) > 1],
        )
        if len(bare) > len(labels):
            yield _Reading(bare, clauses[0][1], frozenset(evidence | {"bare-clause"})), []
        if len(shapes) > 1:
            for shape in shapes:
                some = tuple(dict.fromkeys(label for label in labels if _shape(label) == shape))
                if len(some) > 1:
                    yield _Reading(some, clauses[0][1], frozenset(evidence | {"one-shape-only"})), []


def _bare_clauses(tokens: Sequence[_Token], start: int, shapes: set[str]) -> Iterator[str]:
    """Labels that are a clause of their own, after the definitions of others: `…; unrelated.`"""
    ends = (";", ",")
    for at in range(1, len(tokens) - 1):
        if tokens[at].start > start and (
            tokens[at - 1].text in ends or tokens[at - 1].kind in ("stop", "newline")
        ):
            label = _item(tokens[at : at + 1])
            if (
                label
                and _shape(label) in shapes
                and (tokens[at + 1].kind in ("stop", "newline") or tokens[at + 1].text == ";")
            ):
                yield label


def _rules(text: str, tokens: Sequence[_Token]) -> Iterator[_Reading]:
    """Clauses that end in an arrow or colon and a label; clauses that tell to say a label."""
    for mark in ("arrow", ":"):
        labels: list[str] = []
        for at, token in enumerate(tokens):
            if token.kind != mark and token.text != mark:
                continue
            end = at + 1
            while end < len(tokens) and tokens[end].kind in ("word", "quoted"):
                end += 1
            label = _item(tokens[at + 1 : end])
            closed = (
                end == len(tokens)
                or tokens[end].kind in ("stop", "newline", "note")
                or tokens[end].text in (",", ";")
            )
            if label is None or not closed:
                labels = []
                break
            labels.append(label)
        if len(set(labels)) > 1:
            yield _Reading(tuple(dict.fromkeys(labels)), 0, frozenset({f"rules-{mark}"}))
    for match in re.finditer(
        r"(?<![\w-])(?:[A-Z]+\d+|[a-z]\d|[A-Z][A-Z_-]+)(?: (?:[A-Z]+\d+|[a-z]\d|[A-Z][A-Z_-]+)){2,}(?![\w-])",
        text,
    ):
        yield _Reading(tuple(match.group().split()), match.start(), frozenset({"spaces"}))
    lines = re.findall(r"^ *(?:[-*•] *)?([A-Z]+\d*|[a-z]\d|\d)\b[ :.)=–-]", text, re.M)
    if len(lines) > 1:
        yield _Reading(tuple(lines), 0, frozenset({"lines"}))
    labels = []
    for match in _SAYS.finditer(text):
        label = (match[1] or match[2]).strip("\"'“”`")
        if not _is_prose(label):
            labels.append(label)
    if len(set(labels)) > 1:
        yield _Reading(tuple(dict.fromkeys(labels)), 0, frozenset({"rules-say"}))


_SAYS = re.compile(
    rf"""(?:\b(?i:{_VERB}|it\ is|it's|gets?|becomes?)\ |\b(?i:otherwise|else)[,:]?\ |(?<=[.;]\ )|^)
      (?:("[^"\n]{{1,40}}"|“[^”\n]{{1,40}}”|[A-Z][A-Z0-9_-]+|\d|\w+(?=\ (?:when|if|where)\b))
         (?=\ ?(?:if|when|for|where|otherwise|as\ soon|[.,;)(]|$)))
      | \b(?i:otherwise|else)[,:]?\ (?:it\ is\ |it's\ )?(?:{_VERB}\ )?([\w-]+)(?=[.,;)]|$)""",
    re.VERBOSE,
)


def _support(labels: tuple[str, ...], text: str, outputs: tuple[str, ...]) -> set[str]:
    """Evidence beside the reading itself: examples, one distinctive shape, use elsewhere in the text."""
    evidence = {f"{min(len(labels), 6)}-labels"} if len(labels) < 7 else {"7-labels"}
    if outputs:
        evidence.add("shown-several" if len(set(outputs)) > 1 else "shown-one")
    shapes = {_shape(label) for label in labels}
    evidence.add(f"all-{shapes.pop()}" if len(shapes) == 1 else "mixed-shapes")
    again = [len(re.findall(rf"(?<![\w-]){re.escape(label)}(?![\w-])", text)) for label in labels]
    if min(again) > 1:
        evidence.add("all-again")
    elif 2 * sum(count > 1 for count in again) >= len(labels):
        evidence.add("half-again")
    quoted = [bool(re.search(rf"[\"'“`]{re.escape(label)}[\"'”`]", text)) for label in labels]
    if all(quoted):
        evidence.add("quoted")
    elif any(quoted):
        evidence.add("half-quoted")
    if any(len(label.split()) > 2 for label in labels):
        evidence.add("long-label")
    if any(re.search(r"[^\w +/'-]", label) for label in labels):
        evidence.add("odd-characters")
    return evidence


def _with_fallback(labels: tuple[str, ...], text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """The labels as read, and with the answer for all other inputs if the text names one."""
    shapes = {_shape(label) for label in labels}
    named = []
    for clause in (*_CLAUSE.split(text), *_IF_NONE.findall(text)):
        match = _REST_FIRST.fullmatch(clause.strip()) or _REST_LAST.fullmatch(clause.strip())
        if match and not _is_prose(match[1]):
            named.append(match[1])
    more = tuple(dict.fromkeys(label for label in named if label not in labels and _shape(label) in shapes))
    known = any(label in labels for label in named)
    yield labels, "rest-known" if known else "rest-missed" if more else "no-rest"
    if len(more) == 1:
        yield (*labels, *more), "rest-added-beside" if known else "rest-added"
