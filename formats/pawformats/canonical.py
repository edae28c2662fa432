"""JSON without ambiguity: nothing doubled, nothing that isn't JSON, and one text for each value."""

from __future__ import annotations

import json
import math

MAX_DEPTH = 64
_INTEGERS = range(-(1 << 63), 1 << 63)


def loads(text: str) -> object:
    """The value of a JSON text.

    Raises ValueError for what readers disagree about: doubled keys, NaN, infinities, integers beyond
    64 bits, halves of surrogate pairs, more than MAX_DEPTH levels.
    """
    try:
        value: object = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    _check(value, MAX_DEPTH)
    return value


def dumps(value: object, sort_keys: bool = True) -> str:
    """The text of a JSON value without spaces, keys in code point order (or their own), only what JSON
    demands escaped. Raises ValueError as `loads` does."""
    _check(value, MAX_DEPTH)
    return json.dumps(value, sort_keys=sort_keys, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def reason(error: ValueError) -> str:
    """What `loads` complains about, for the end of a sentence."""
    text = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
    return text[:1].lower() + text[1:]


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _refuse(constant: str) -> object:
    raise ValueError(f"{constant} is not JSON")


def _check(value: object, depth: int) -> None:
    if depth == 0:
        raise ValueError("it is nested too deeply")
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise ValueError("a string has half of a surrogate pair") from error
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("a number is not finite")
    elif isinstance(value, int):
        if value not in _INTEGERS:
            raise ValueError("an integer has more than 64 bits")
    elif isinstance(value, list):
        for item in value:
            _check(item, depth - 1)
    elif isinstance(value, dict):
        for key, item in value.items():
            _check(key, depth)
            _check(item, depth - 1)
    elif value is not None:
        raise ValueError(f"a {type(value).__name__} is not JSON")
