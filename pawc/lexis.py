"""The words of a spec: tokens, their shapes, and which belong to prose rather than to answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

MOST_WORDS = 4

_BREAK = r"\s|/,;:=“”()\[\]{}?`\"→⇒"
_TOKEN = re.compile(
    rf"""(?P<quoted>"[^"\n]{{1,40}}"|“[^”\n]{{1,40}}”|`[^`\n]{{1,40}}`|(?<!\w)'[^'\n]{{1,40}}'(?!\w))
      | (?P<arrow>[-=]+>|→|⇒|>>)
      | (?P<note>\((?:[^()\n]|\([^()\n]*\))*\)|\[[^\][\n]*\])
      | (?P<bullet>(?:(?<=\n)|\A)[ ]*(?:[-*•]|\(?\d+[.)])[ ])
      | (?P<newline>\n)
      | (?P<dash>(?<=\s)[-–—]+(?=\s)|—)
      | (?P<stop>[.!…?]+(?=\s|$))
      | (?P<mark>[|/;:=]|(?<!\d),|,(?!\d)|(?<=\s)>(?=\s))
      | (?P<word>(?<![\w/:])(?:[nN]/[aA]|[a-z]+:[a-z]+|[A-Z][=>][A-Z])(?![\w/:]|[.]\w)
          |[^{_BREAK}]+?(?=[.!…]+(?:\s|$)|[{_BREAK}]|$))
      | (?P<other>\S)""",
    re.VERBOSE,
)
JOINS = frozenset(("or", "and", "vs", "versus", "OR"))
_PROSE_WORDS = """
    a an the of to in on at by from with as is are was be it its this that these those their them him his
    her if when where whenever which who whose what how there then than but for into per each every only
    just do does can so may must will would should has have had your my our we he she also because whether
    input output answer reply text line word words number or and vs versus something thing things nothing
    anything everything else otherwise thus always altogether choose pick select classify print return
    respond say says report write give gives use decide judge tell tells ask asks call check takes label
    labels among between either exactly
"""
_PROSE = frozenset(_PROSE_WORDS.split())
KIND = (
    r"(?:labels?|answers?|class(?:es)?|categor(?:y|ies)|options?|outputs?|results?|values?|choices?|verdicts?"
    r"|buckets?|tags?|types?|kinds?|levels?|grades?|states?|status|codes?|queues?|intents?|tiers?|topics?"
    r"|groups?|words?|departments?)"
)
VERB = (
    r"(?:answer|output|print|return|reply|respond|say|give|write|emit|choose|pick|select|state|report|assign"
    r"|use|put)s?"
)


@dataclass(frozen=True)
class Token:
    kind: str
    text: str
    start: int
    end: int


def shape(label: str) -> str:
    """number, caps, code, capital or lower: labels of one set mostly share it."""
    if re.fullmatch(r"[-+]?\d+(?:\.\d+)?", label):
        return "number"
    if re.fullmatch(r"[A-Z][A-Z0-9_+ -]*", label):
        return "caps"
    if re.search(r"[_\d]|[A-Z].*[A-Z]", label):
        return "code"
    return "capital" if label[:1].isupper() else "lower"


def is_prose(word: str) -> bool:
    """Whether a word belongs to the sentences around the answers, rather than being one."""
    return not word.isupper() and word.lower() in _PROSE


def unquoted(text: str) -> str:
    return text.strip("\"'“”`")


def is_quoted(label: str, text: str) -> bool:
    """Whether the text has the label in quotation marks somewhere."""
    return any(f"{a}{label}{b}" in text for a, b in ('""', "''", "“”", "``"))


def tokenise(text: str, offset: int = 0) -> list[Token]:
    return [
        Token(str(match.lastgroup), match.group(), match.start() + offset, match.end() + offset)
        for match in _TOKEN.finditer(text)
    ]


def item(chunk: Sequence[Token], loose: bool = False) -> str | None:
    """The label that a chunk of tokens spells: one quoted text, or a few words, none of them prose.

    A `loose` label may have prose inside, as `once a week` has.
    """
    chunk = [token for token in chunk if token.kind != "note"]
    words = [token.text for token in chunk]
    if len(chunk) == 1 and chunk[0].kind == "quoted":
        return words[0][1:-1].strip() or None
    if not 1 <= len(words) <= MOST_WORDS or (words[0] in ("A", "I") and len(words) > 1):
        return None
    if any(token.kind != "word" for token in chunk):
        return None
    if any(is_prose(word) for word in ((words[0], words[-1]) if loose else words)):
        return None
    return " ".join(words)


