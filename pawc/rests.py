"""Answers that a text names in passing: what it says to say, and what it says of all other inputs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .lexis import is_prose, unquoted

_REST = (
    r"(?:(?:any|every)(?:thing|body|one|where)(?: else)?|nothing(?: else)?|no one|none|neither"
    r"|(?:all |any )?(?:the )?others?|(?:all |for )?the (?:rest|remainder)"
    r"|(?:all |any |every )(?:else|other|remaining)|rest|no \w+"
    r"|if (?:none|nothing|no|not|unsure|unclear|in doubt))"
)
_ELSE = r"(?:otherwise|or else|else|in (?:all|any) (?:other|remaining) cases?)"
_TELL = r"(?:answer|say|print|output|reply|return|use|give|write|it is|it's|is|with|then)"
_LABEL = r"[\"'“`]?(\w[\w+-]*)[\"'”`]?"
_CLAUSE = re.compile(r"[.!?](?=\s|$)|[;,\n()]|\s[–—-]+\s")
_QUOTE = r"[\"“]([^\"“”\n]{1,30})[\"”]"
#: Places where a text says an answer, whatever the reading.
_SAID = re.compile(
    rf"""\b(?i:say|print|output|answer|reply|return|write|give|report|use)s?
        \ (?:with\ |just\ |only\ |it\ is\ )?
          (?:{_QUOTE}|([\w?~-][\w+.~-]*?))(?=\ (?:if|when|where|unless)\b|[.;,\n)]|$)
      | \bor\ (?:{_QUOTE}|([\w?~-][\w+-]*))(?=\ (?:if|when|where|unless)\b)
      | (?:\w:|->|→|=>)\ (?:{_QUOTE}|([\w~+-]+|\?))(?=[.;\n]|$)
      | {_QUOTE}\ (?:if|when)\b""",
    re.VERBOSE,
)
#: The inputs that no other answer fits, and the answer named for them, in one clause.
_RESTS = (
    re.compile(
        rf"(?:and |or |but |in |for |with )*{_REST}\b(?: [\w'-]+){{0,4}}?"
        rf"(?: ?(?:->|→|=>|=|:)| is| are| gets?| becomes?| means?| as| to| under)(?: {_TELL})? ?{_LABEL}",
        re.IGNORECASE,
    ),
    re.compile(rf"(?:.* )?{_ELSE}(?: it)?(?: {_TELL})?[ :]{{1,2}}{_LABEL}", re.IGNORECASE),
    re.compile(rf"(?:.*\b(?:or|and|{_TELL}|->|→) )?{_LABEL} {_ELSE}", re.IGNORECASE),
    re.compile(
        rf"(?:.*\b(?:or|and|{_TELL}) )?{_LABEL} ?(?:=|:|for|if|when|is|->|→|in|means|covers) ?"
        rf"(?:for |in |if |it's |it is )?{_REST}\b(?: [\w'-]+){{0,4}}",
        re.IGNORECASE,
    ),
)
#: A sentence that concludes with an answer: `If none of these: none`, `If all hold print FINE`.
_IF = re.compile(
    rf"""(?:^|[.;\n]\ ?)(?:if|when|no|nothing|none|real|in\ all|in\ any)\b[^.;:\n]*?(?:[,:]|->|→)?
      \ (?:then\ |{_TELL.replace(" ", "[ ]")}\ )*
      (?:(?<=[,:]\ )|(?<=→\ )|(?<=print\ )|(?<=say\ )|(?<=output\ )|(?<=answer\ )|(?<=write\ ))
      {_LABEL}(?=[.;\n]|$)""",
    re.IGNORECASE | re.VERBOSE,
)


def find_said(text: str) -> set[str]:
    """The answers that the text orders to say, whatever the reading."""
    said = (next(filter(None, match.groups()), "") for match in _SAID.finditer(text))
    return {word for word in said if word and not is_prose(word)}


def find_rests(text: str) -> Iterator[str]:
    """The answers named for all other inputs."""
    for clause in _CLAUSE.split(text):
        for pattern in _RESTS:
            match = pattern.fullmatch(clause.strip())
            if match and not is_prose(match[1]):
                yield unquoted(match[1])
                break
    for match in _IF.finditer(text):
        if not is_prose(match[1]):
            yield unquoted(match[1])
