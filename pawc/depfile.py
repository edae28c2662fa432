"""Rules for make that say what an output depends on, as -M and its like ask."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pawformats.errors import PawError

#: What ends or begins something in a rule of make. Backslashes are special only before one of these.
_SPECIAL = re.compile(r"(\\*)([ \t#:])")


@dataclass(frozen=True)
class Depends:
    """What is asked for. `only`: rules in place of outputs. `toolchain`: the target's files as well.
    `file`: where to write them. `targets`: as they are to stand in the rule, in place of the output.
    `phony`: an empty rule for each file but the specs, so that one may be deleted."""

    only: bool
    toolchain: bool
    file: str | None = None
    targets: tuple[str, ...] = ()
    phony: bool = False

    def path(self, out: str, source_stem: str) -> str:
        """The file of the rule for one output: beside it, or here if that is standard output."""
        if self.file is not None:
            return self.file
        return (source_stem if out == "-" else os.path.splitext(out)[0]) + ".d"


def quote(name: str) -> str:
    """A file's name as make reads it. Raises PawError for one that no rule can name."""
    if "\n" in name:
        raise PawError("unmakeable-name", f"a rule for make cannot name the file {name!r}")
    return _SPECIAL.sub(r"\1\1\\\2", name).replace("$", "$$")


def rule(made: str, specs: Sequence[str], others: Sequence[str], depends: Depends) -> str:
    """The rule of one output that is made of specs, those that have a name, and of other files."""
    named = [quote(name) for name in dict.fromkeys(others) if name not in specs]
    targets = " ".join(depends.targets or (quote(made),))
    files = [*map(quote, specs), *named]
    text = f"{targets}: " + " \\\n  ".join(files) + "\n"
    return text + "".join(f"\n{name}:\n" for name in named) if depends.phony else text
