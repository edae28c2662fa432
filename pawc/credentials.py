"""Texts that look like credentials: found by the shapes that their issuers gave them, and masked."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

#: What issuers document, or secret scanners agree on. The groups named `secret` are what is masked.
_SHAPES = {
    "an AWS access key": r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b",
    "a GitHub token": r"\b(?:gh[oprsu]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})\b",
    "a GitLab token": r"\bglpat-[\w-]{20,}",
    "a Slack token": r"\bxox[abeoprs]-[A-Za-z0-9-]{16,}|\bhooks\.slack\.com/services/T\w+/B\w+/\w{20,}",
    "a Stripe key": r"\b[rs]k_live_[A-Za-z0-9]{20,}",
    "a Google API key": r"\bAIza[\w-]{35}",
    "an npm token": r"\bnpm_[A-Za-z0-9]{36}\b",
    "a PyPI token": r"\bpypi-AgEIcHlwaS5vcmc[\w-]{50,}",
    "a Hugging Face token": r"\bhf_[A-Za-z0-9]{34}\b",
    "an API key": r"\bsk-(?:(?:ant|proj)-[\w-]{20,}|[A-Za-z0-9]{40,})",
    "a JSON Web Token": r"\beyJ[\w-]{10,4000}\.eyJ[\w-]{10,4000}\.[\w-]{10,}",
    "a private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----(?P<secret>[A-Za-z0-9+/=\\]{16,})?",
    "a password in a URL": r"\b[a-z][a-z0-9+.-]{1,20}://[^\s:/@]{1,64}:(?P<secret>[^\s:/@]{6,64})@",
}
_SHAPE = {what: re.compile(shape) for what, shape in _SHAPES.items()}

#: A value after a word that announces one. Whether it is random enough is for `_is_random`.
_ASSIGNED = re.compile(
    r"""(?:passw(?:or)?d|passphrase|pwd|secret|token|credential|(?:api|access|auth|private)[ _-]?key)\w{0,12}
        ["']?\s{0,4}(?:=>?|:)\s{0,4}["']?(?:bearer\s{1,4})?(?P<secret>[A-Za-z0-9+/=_.!@\#$%^&*~-]{12,200})""",
    re.IGNORECASE | re.VERBOSE,
)
#: Words of documentation, not of secrets.
_PLACEHOLDER = re.compile(
    r"example|placeholder|change.?me|redacted|your|dummy|sample|password|secret|xxxx|\*\*\*|\.\.\.",
    re.IGNORECASE,
)
#: Bits a character: English identifiers with digits lie below, random base64 of 20 characters above.
_RANDOM_BITS = 3.4


@dataclass(frozen=True)
class Found:
    """A credential in a line: what it looks like, and the half-open range of its characters."""

    what: str
    start: int
    end: int


def find(line: str) -> Iterator[Found]:
    """The credentials in a line of text, those of known shapes first; none is inside another."""
    taken: list[Found] = []
    for what, shape in (*_SHAPE.items(), ("a secret", _ASSIGNED)):
        for match in shape.finditer(line):
            group = "secret" if match.groupdict().get("secret") is not None else 0
            one = Found(what, match.start(group), match.end(group))
            text = line[one.start : one.end]
            if _PLACEHOLDER.search(text) or (shape is _ASSIGNED and not _is_random(text)):
                continue
            if all(one.end <= other.start or other.end <= one.start for other in taken):
                taken.append(one)
                yield one


def mask(text: str) -> str:
    """The text with a `*` for each character of a credential, so that columns stay."""
    for found in find(text):
        text = text[: found.start] + "*" * (found.end - found.start) + text[found.end :]
    return text


def _is_random(text: str) -> bool:
    """Whether letters and digits are mixed, and no character comes much more often than others."""
    if not (any(c.isdigit() for c in text) and any(c.isalpha() for c in text)):
        return False
    counts = Counter(text)
    bits = -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values())
    return bits >= min(_RANDOM_BITS, 0.9 * math.log2(len(text)))
