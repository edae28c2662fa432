"""Noise in the prose of a spec: what a hurried or careless author would have written.

The axes are those of the paper's robustness test: typos, grammar, ambiguity, formatting, terse, casual
and paraphrase, and as the eighth `all`, their combination; each light, medium or heavy. How they spoil a
text are rules of our own, so that the same text and seed give the same noise anywhere.

Only prose is touched. Front matter, examples and tests of a source stay as they are, byte for byte, and
so do, within the description, the answers, lists of them, quoted texts, code, numbers, placeholders,
names in capitals, and examples written in another form. No answer appears where none was.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from .families.words import typo_word

INTENSITIES = ("light", "medium", "heavy")
#: Tries of a pass, each with half the share of the one before, to name no answer by accident.
_TRIES = 6
#: Stands for a protected text while the rest is changed: no source has a NUL.
_MARK = "\0"
#: Front matter and the blank lines after it, either of which may be missing.
_FRONT = re.compile(r"\ufeff?(?:\+\+\+[ \t]*\r?\n(?:.*\n)*?\+\+\+[ \t]*\r?(?:\n|\Z))?(?:[ \t\r]*\n)*")
_MARKER = re.compile(r"^(?:Input:|Output:|\+\+\+(?: tests)?[ \t]*\r?$)", re.MULTILINE)
_OUTPUT = re.compile(r"^Output:[ \t]*\r?\n?(.*\S)", re.MULTILINE)
_SETTING = re.compile(r"""["']([^"'\n]+)["']""")
#: Lines that are kept: escaped markers, and examples written in another form.
_LINES = re.compile(
    r"^(?:\\+(?:Input:|Output:|\+\+\+)|[ \t]*(?i:in|input|out|output|ex|example|e\.g\.)s?[ \t]*[:=]).*$",
    re.MULTILINE,
)
#: Texts that are kept.
_PROTECTED = re.compile(
    r"""
    ```[\s\S]*?```
  | "[^"\n]*" | “[^”\n]*” | ‘[^’\n]*’ | `[^`\n]*` | «[^»\n]*» | (?<!\w)'[^'\n]+'(?!\w)
  | <[^<>\n]+> | \[[^\[\]\n]+\] | \{(?:[^{}]|\{[^{}]*\})*\}
  | [\w.]+\([^()\n]*\)                                           # a call
  | (?:->|=>|→|⇒|=)[ \t]*[^\s,;.]+                               # what a mapping gives
  | \b\w+[A-Z]\w* | \b(?i:null|true|false|none|nil|nan)\b        # ALERT, camelCase, literals
  | (?<!\w)--?[A-Za-z][\w-]*                                     # an option
  | [A-Za-z'’-]*(?:[^\sA-Za-z'’,;.:!?()-]|[.,:](?=\w))\S*(?<![,;.:!?)])  # paths, numbers, signs
    """,
    re.VERBOSE,
)
#: What stands between the members of a list.
_BETWEEN = re.compile(r"[ \t]*[,;/|&][ \t]*(?:(?:or|and)[ \t]+)?|[ \t]+(?:or|and|vs)[ \t]+")

Pass = Callable[[random.Random, str, float], str]
Change = Callable[[random.Random, re.Match[str]], str]


class Noise(NamedTuple):
    """An axis and its intensity; as a text `AXIS:INTENSITY`, which `named` reads."""

    axis: str
    intensity: str = "medium"

    def __str__(self) -> str:
        return f"{self.axis}:{self.intensity}"


def named(text: str) -> Noise:
    """The noise that `AXIS[:INTENSITY]` names. Raises ValueError, which lists what there is."""
    noise = Noise(*text.split(":", 1))
    if noise.axis not in AXES:
        raise ValueError(f"there is no noise {noise.axis!r}; there are: {', '.join(AXES)}")
    if noise.intensity not in INTENSITIES:
        raise ValueError(f"noise is not {noise.intensity!r}; it is one of: {', '.join(INTENSITIES)}")
    return noise


def noisy(text: str, axis: str, intensity: str, rng: random.Random, protected: Iterable[str] = ()) -> str:
    """The source (or bare description) with noise in its prose; a pure function of its arguments.

    `protected` are the answers, kept in any case of letters; those that the source itself shows in
    examples, tests and front matter are added. A valid source stays one. KeyError for an unknown axis.
    """
    before, prose, after = _split(text)
    if not prose or _MARK in text:
        return text
    answers = _any_of({*protected, *_SETTING.findall(before), *_OUTPUT.findall(after)})
    wanted = answers.findall(prose)
    masked, held = _masked(prose, answers)
    for spoil, shares in AXES[axis]:
        share = shares[INTENSITIES.index(intensity)]
        for attempt in range(_TRIES):
            changed = spoil(rng, masked, share / 2**attempt)
            result = _restored(changed, held)
            if result.strip() and answers.findall(result) == wanted:
                masked = changed
                break
    return before + _without_markers(_restored(masked, held), prose) + after


def _split(text: str) -> tuple[str, str, str]:
    """What comes before the description, this without blank lines around it, and the rest."""
    front = _FRONT.match(text)
    start = front.end() if front else 0
    marker = _MARKER.search(text, start)
    prose = text[start : marker.start() if marker else None].rstrip(" \t\r\n")
    return text[:start], prose, text[start + len(prose) :]


def _any_of(answers: set[str]) -> re.Pattern[str]:
    """A pattern for any of the answers as words; those of one letter in their own case."""
    texts = sorted({answer.strip() for answer in answers} - {""}, key=lambda text: (-len(text), text))
    parts = (re.escape(text) if len(text) == 1 else f"(?i:{re.escape(text)})" for text in texts)
    return re.compile("|".join(rf"(?<!\w){part}(?!\w)" for part in parts) or r"(?!)")


def _masked(prose: str, answers: re.Pattern[str]) -> tuple[str, list[str]]:
    """The prose with a mark for each protected text, and these; a list of protected texts is one."""
    spans: list[tuple[int, int]] = []
    patterns = (answers, _LINES, _PROTECTED)
    for start, end in sorted(match.span() for one in patterns for match in one.finditer(prose)):
        if spans and (start <= spans[-1][1] or _BETWEEN.fullmatch(prose, spans[-1][1], start)):
            start, last = spans.pop()
            end = max(end, last)
        spans.append((start, end))
    masked, at = "", 0
    for start, end in spans:
        masked += prose[at:start] + _MARK
        at = end
    return masked + prose[at:], [prose[start:end] for start, end in spans]


def _restored(masked: str, held: list[str]) -> str:
    texts = iter(held)
    return re.sub(_MARK, lambda _: next(texts), masked)


def _without_markers(text: str, old: str) -> str:
    """The text with a blank before each line that has become a marker or an escaped one."""
    known = set(old.split("\n"))
    return "\n".join(
        f" {line}" if line not in known and _MARKER.match(line.lstrip("\\")) else line
        for line in text.split("\n")
    )


def _at(pattern: str, change: Change) -> Pass:
    """Change a share of the places where the pattern matches: at least one, unless the share is 0."""
    compiled = re.compile(pattern, re.MULTILINE)

    def spoil(rng: random.Random, text: str, share: float) -> str:
        found = list(compiled.finditer(text))
        parts, at = [], 0
        for number in sorted(rng.sample(range(len(found)), math.ceil(share * len(found)))):
            parts += [text[at : found[number].start()], change(rng, found[number])]
            at = found[number].end()
        return "".join(parts) + text[at:]

    return spoil


def _word(pattern: str) -> str:
    return rf"(?<![\w'’-])(?:{pattern})(?![\w'’-])"


def _swap(table: str, place: str = "") -> Pass:
    """Put others for words, as `word=other|other; …` says, where the empty pattern `place` matches; a
    capital stays one."""
    entries = (entry.strip().partition("=") for entry in " ".join(table.split()).split(";"))
    others = {key: options.split("|") for key, _, options in entries}
    keys = "|".join(map(re.escape, sorted(others, key=len, reverse=True)))

    def change(rng: random.Random, match: re.Match[str]) -> str:
        other = rng.choice(others[match[0].lower()])
        return other[:1].upper() + other[1:] if match[0][0].isupper() else other

    return _at(place + _word(f"(?i:{keys})"), change)


def _drop(phrases: str) -> Pass:
    """Leave out phrases (`one|other`) with the blank after them."""
    return _at(_word(f"(?i:{phrases})") + r"[.,:]?[ \t]?", lambda rng, match: "")


def _put(place: str, texts: str) -> Pass:
    """Insert one of the texts (`one|other`) at places."""
    choices = texts.split("|")
    return _at(place, lambda rng, match: rng.choice(choices))


def _chat(rng: random.Random, text: str, share: float) -> str:
    """Small talk before and after, each with the probability `share`; beside a protected text on a line
    of its own."""
    if rng.random() < share:
        text = rng.choice(_HELLO) + ("\n" if text.startswith(_MARK) else " ") + text
    if rng.random() < share:
        text += ("\n" if text.endswith(_MARK) else " ") + rng.choice(_BYE)
    return text


def _request(rng: random.Random, text: str, share: float) -> str:
    """A command at the start becomes a wish, with the probability `share`."""
    first = re.match(_word(f"(?i:{_COMMANDS})"), text)
    if not first or rng.random() >= share:
        return text
    return rng.choice(_WISHES) + text[0].lower() + text[1:]


_HELLO = (
    *("hey!", "hi there,", "ok so,", "hello :)", "hey, quick one.", "so i was thinking,", "right,"),
    *("hi, hope your day is going well.", "hi again, sorry for the bother."),
)
_BYE = ("thanks!!", "thx :)", "cheers", "ty!", "thanks a lot, you rock", "that's it lol", "ok bye :)")
_COMMANDS = (
    "answer|assign|categori[sz]e|check|choose|classify|compare|convert|count|decide|detect|determine|extract"
    "|find|fix|flag|format|give|identify|judge|label|list|map|mark|match|normali[sz]e|output|pick|print|pull"
    "|read|remove|repair|replace|reply|return|rewrite|route|say|score|sort|tag|tell|translate|turn|write"
)
_WISHES = ("Your job is to ", "I would like you to ", "What I need is for you to ", "The task here is to ")
_TEXT_SPEAK = """
    you=u; your=ur; you're=ur; are=r; please=pls|plz; because=cuz|bc; with=w; without=w/o; what=wut;
    thanks=thx; going to=gonna; want to=wanna; have to=gotta|hafta; has to=gotta; got to=gotta; kind
    of=kinda; sort of=sorta; do not=dont; does not=doesnt; don't=dont; doesn't=doesnt; isn't=isnt;
    can't=cant; cannot=cant; it's=its; that's=thats; i'm=im; i've=ive; there's=theres; let me=lemme; give
    me=gimme; people=ppl; message=msg; messages=msgs; something=sth|smth; everything=everythin;
    probably=prob|prolly; though=tho; through=thru; should=shd|shud; between=btwn; before=b4; about=abt;
    really=rly; exactly=just; otherwise=if not then|else just; must=gotta; also=plus; very=super; and=n|and;
    for=fr; ok=k; tomorrow=tmrw; today=2day; someone=sb; pictures=pics
"""
_CONFUSED = """
    their=there|they're; there=their; they're=their; its=it's; it's=its; your=you're; you're=your;
    whose=who's; who's=whose; then=than; than=then; to=too; too=to; were=was; was=were; is=are; are=is;
    has=have; have=has; does=do; doesn't=don't; don't=doesn't; isn't=aren't; an=a; a=an; affect=effect;
    effect=affect; lose=loose; loose=lose; which=wich; whether=weather; fewer=less; could have=could of;
    should have=should of; in=on; on=in; been=being; who=which; those=them; these=this; this=these;
    written=wrote; given=gave; taken=took; much=many; many=much; well=good; except=accept; accept=except;
    quite=quiet; no one=noone; becomes=become
"""
_VAGUE = """
    message=thing|it; messages=stuff|things; text=thing|stuff; line=thing|bit; lines=stuff|bits;
    record=thing; input=thing|whatever comes in; inputs=stuff; string=thing; ticket=thing; review=thing;
    email=thing; e-mail=thing; comment=thing; question=thing; sentence=thing|bit; title=thing; query=thing;
    request=thing; phrase=bit; description=stuff; value=thing|bit; values=stuff; field=bit; fields=bits;
    item=thing; items=things; word=bit; words=bits; exactly=pretty much|roughly; only=mostly|mainly;
    must=should maybe|should; always=usually; never=normally not; each=the; every=the; all=most of;
    any=some; classify=look at and sort; determine=see about; decide=get a feel for; identify=look for;
    extract=get; convert=do something to get; detect=look for; remove=deal with; replace=change;
    normalise=tidy up; normalize=tidy up; describes=is about; mentions=has; contains=has; indicates=seems to
    be; means=is sort of; is=is kind of|is probably; are=are kind of; if=if maybe; when=when or if;
    first=early; last=later; correct=good; valid=okay-looking; specific=certain; important=kind of big;
    complete=proper; unless=except maybe when; otherwise=in the other cases or so
"""
_SHORT = """
    and=&; with=w/; without=w/o; otherwise=else; for example=eg; information=info; messages=msgs;
    message=msg; maximum=max; minimum=min; approximately=approx; characters=chars; character=char;
    language=lang; description=desc; reference=ref; document=doc; documents=docs; numbers=nums; according
    to=per; such as=like; in front of=before; at the end=last; as well as=&; in order to=to; that is=ie;
    because=since; following=next; if there is=if; if there are=if; do not=don't; does not=doesn't;
    cannot=can't; is not=isn't; should be==; must be==; it is=it's; the same=same; separated by=sep.;
    exactly one=one; address=addr; versus=vs; becomes=->; become=->; followed by=+; greater than=>; less
    than=<
"""
_REQUESTS = """
    classify=categorise|sort; label=tag|mark; return=give back|respond with; output=give|produce;
    print=write out; answer=reply|respond; reply=answer|respond; decide=work out|judge;
    determine=work out|figure out; identify=find|spot; extract=pull out|take out; convert=turn|transform;
    turn=convert; remove=strip|delete; replace=substitute; keep=retain|preserve; drop=leave out|discard;
    ignore=disregard; use=go with; find=locate; write=put down; give=provide|supply; check=verify|examine;
    tell=say; say=state; pick=choose|select; choose=pick|select; read=look at; fix=repair|mend;
    repair=fix|mend; rewrite=reword; match=pair up
"""
_SYNONYMS = """
    message=note|piece of text; messages=notes|pieces of text; text=passage|piece of text; line=row;
    lines=rows; word=term; words=terms; given=provided|supplied; user=person; users=people;
    customer=client|buyer; review=write-up; reviewer=writer; if=in case|whenever; when=whenever;
    otherwise=in all other cases; unless=except when; exactly=precisely; each=every single; every=each;
    anything=whatever; must=has to|needs to; should=ought to; always=in every case; never=at no time;
    also=in addition; before=ahead of; after=following; such as=like|for instance; for example=for instance;
    do not=don't; don't=do not; doesn't=does not; contains=includes|has in it; mentions=speaks of|refers to;
    means=stands for; describes=tells of; missing=absent; same=identical; different=unlike; correct=right;
    wrong=incorrect; last=final; both=the two; whole=full; part=portion; large=big; small=little;
    short=brief; nothing else=and that is all; please=kindly; no explanation=without any explanation; at
    least=no fewer than; becomes=turns into; become=turn into; stays=remains; stay=remain; allow
    for=tolerate; cannot=can't; whether=if
"""
_PADDING = (
    "please|kindly|can you|could you|would you|i(?: want|'d like| need) you to|your (?:job|task) is to"
    "|you are given|you (?:get|receive|will (?:get|see|receive))|nothing else|the input is|we need to|simply"
    "|just|no (?:explanation|extra text|comments|other words)|i need to know"
)
_ARTICLES = "the|an?|is|are|it|that"
_PRONOUNS = "this|these|those|there|its|their|your|my|our|we|i|you|be|been|do|does|will|would|has|have|as|any"
_DOUBTS = " or so| or something| I guess| somehow| or whatever| more or less|, you know"
_FILLERS = " like | just | basically, | um | ya know, | tbh | honestly "
_NEXT_WORD = r"(?<=[a-z,]) (?=[a-z]{2})"
_SENTENCE = r"(?:(?<=[.!?:;] )|^)"
_CLAUSE_END = r"(?<=[a-z])(?=[.,;](?:\s|\Z)|\Z)"

_misspell = _at(_word("[A-Za-z]{4,}"), lambda rng, match: typo_word(rng, match[0]))
_stutter = _at(_word("the|an?|to|of|and|in|is|are"), lambda rng, match: f"{match[0]} {match[0].lower()}")
_lower = _at(_SENTENCE + "[A-Z](?=[a-z])", lambda rng, match: match[0].lower())
_capitals = _at(_word("[A-Za-z]{3,}"), lambda rng, match: rng.choice((match[0].upper(), match[0].title())))

#: The passes of each axis, in order, each with its share of places when light, medium and heavy.
AXES: dict[str, tuple[tuple[Pass, tuple[float, ...]], ...]] = {
    "typos": (
        (_misspell, (0.06, 0.15, 0.4)),
        (_put(r"(?<=[a-z]{2}) (?=[a-z]{2})", ""), (0, 0.02, 0.05)),
        (_stutter, (0, 0.04, 0.1)),
    ),
    "grammar": (
        (_swap(_CONFUSED), (0.15, 0.4, 0.8)),
        (_drop(f"{_ARTICLES}|of|to|for"), (0.1, 0.3, 0.6)),
        (_put(r"(?:(?<=[cs]h)es|(?<=[a-z]{3}[a-hj-rtv-z])s)(?![\w'’-])", ""), (0, 0.2, 0.5)),
    ),
    "ambiguity": (
        (_swap(_VAGUE), (0.1, 0.3, 0.7)),
        (_put(_CLAUSE_END, _DOUBTS), (0, 0.3, 0.7)),
    ),
    "formatting": (
        (_put(r"(?<=[\w.,;:]) ?\n+(?=[A-Za-z])", " "), (0, 0.3, 0.7)),
        (_put(r"^- ", "* |• |-|  - |> "), (0.4, 0.7, 1)),
        (_put(r"[.,;](?=\s|\Z)", ""), (0.1, 0.35, 0.7)),
        (_lower, (0.2, 0.5, 0.8)),
        (_capitals, (0, 0.04, 0.15)),
        (_put(r"(?<=[a-z])(?=[.,;:?!](?:\s|\Z))", " "), (0, 0.1, 0.3)),
        (_put(r"(?<=\S) (?=\S)", "  |   |\t"), (0.04, 0.1, 0.2)),
        (_put(_NEXT_WORD, "\n|\n| \n|\n\n|\n  "), (0, 0.03, 0.1)),
    ),
    "terse": (
        (_drop(_PADDING), (0.5, 1, 1)),
        (_swap(_SHORT), (0.2, 0.5, 1)),
        (_drop(f"{_ARTICLES}|{_PRONOUNS}"), (0.2, 0.5, 0.9)),
        (_put(r"\.[ \t]+(?=[A-Z])", "; "), (0, 0.5, 1)),
    ),
    "casual": (
        (_swap(_TEXT_SPEAK), (0.2, 0.6, 1)),
        (_lower, (0.3, 0.7, 1)),
        (_put(_NEXT_WORD, _FILLERS), (0, 0.03, 0.08)),
        (_put(r"\.(?=\s|\Z)", "!|!!|...|, lol.| :)|, ok?"), (0, 0.3, 0.6)),
        (_chat, (0.2, 0.5, 1)),
    ),
    "paraphrase": (
        (_request, (0.2, 0.5, 1)),
        (_swap(_REQUESTS, f"(?:{_SENTENCE}|(?<=and )|(?<=then )|(?<=o ))"), (0.25, 0.6, 1)),
        (_swap(_SYNONYMS), (0.15, 0.4, 0.85)),
    ),
}
#: Each axis at half its shares, in the order in which a text comes about.
AXES["all"] = tuple(
    (spoil, tuple(share / 2 for share in shares))
    for axis in ("paraphrase", "terse", "grammar", "ambiguity", "casual", "formatting", "typos")
    for spoil, shares in AXES[axis]
)
