"""The joint section of a program whose label head may be in doubt (formats/pawbin.md §10): Joint <-> JSON."""

from __future__ import annotations

from dataclasses import asdict, fields

from . import canonical
from .errors import PawError
from .values import Joint

_KINDS = {
    field.name: {"texts": list, "record": int, "label": int}.get(field.name, float) for field in fields(Joint)
}


def dump(joint: Joint) -> bytes:
    """Canonical JSON: an object with a key for each field."""
    return canonical.dumps(asdict(joint) | {"texts": list(joint.texts)}).encode()


def load(text: str, labels: int) -> Joint:
    """Raises PawError `pawbin-joint` unless it is what `dump` writes, with numbers above zero and, for each
    of `labels` labels, a text that isn't empty."""
    try:
        values = canonical.loads(text)
    except ValueError as error:
        raise PawError("pawbin-joint", f"the joint section is not JSON: {canonical.reason(error)}") from error
    if not isinstance(values, dict) or values.keys() != _KINDS.keys():
        raise PawError(
            "pawbin-joint", f"the joint section has not exactly the keys {', '.join(sorted(_KINDS))}"
        )
    for key, kind in _KINDS.items():
        if type(values[key]) is not kind or (kind is not list and values[key] <= 0):
            raise PawError("pawbin-joint", f"{key} of the joint section has an impossible value")
    texts = values["texts"]
    if len(texts) != labels or not all(isinstance(one, str) and one for one in texts):
        raise PawError("pawbin-joint", f"the joint section has not a text for each of {labels} labels")
    found = Joint(**(values | {"texts": tuple(texts)}))
    if dump(found).decode() != text:
        raise PawError("pawbin-joint", "the joint section is JSON, but not in its canonical form")
    return found
