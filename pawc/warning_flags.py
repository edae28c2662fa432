"""The warnings by name, and what the options -W… and -w make of each."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Literal

Group = Literal["default", "all", "extra"]
State = Literal["off", "on", "error"]

#: Every warning, and what switches it on: nothing need be said, -Wall, or -Wextra.
WARNINGS: Mapping[str, Group] = {
    "contradictory-example": "default",
    "duplicate-example": "default",
    "no-gain": "default",
    "no-tests": "default",
    "non-nfc-text": "all",
    "output-contract": "extra",
    "prompt-budget": "default",
    "secret": "default",
    "test-leak": "default",
    "unshown-label": "all",
    "untrimmed-text": "all",
    "vague-spec": "default",
}


def resolve(words: Sequence[str], silent: bool = False) -> dict[str, State]:
    """The state of each warning after the values of -W in their order, and -w.

    As in GCC, what is said of one warning by name outweighs -Wall, -Wextra and -Werror wherever these
    stand. Raises ValueError for a name that is no warning's.
    """
    groups: dict[str, bool] = {"default": True}
    all_errors = False
    wanted: dict[str, bool] = {}
    errors: dict[str, bool] = {}
    for word in words:
        name = word.removeprefix("no-")
        yes = name == word
        if name in ("all", "extra"):
            groups[name] = yes
        elif name == "error":
            all_errors = yes
        elif name.startswith("error="):
            name = _known(name.removeprefix("error="))
            errors[name] = yes
            if yes:
                wanted[name] = True
        else:
            wanted[_known(name)] = yes
    state: dict[str, State] = {}
    for name, group in WARNINGS.items():
        on = not silent and wanted.get(name, groups.get(group, False))
        state[name] = "off" if not on else "error" if errors.get(name, all_errors) else "on"
    return state


def _known(name: str) -> str:
    if name not in WARNINGS:
        near = difflib.get_close_matches(name, WARNINGS, 1)
        more = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(WARNINGS)}"
        raise ValueError(f"there is no warning {name!r}; {more}")
    return name
