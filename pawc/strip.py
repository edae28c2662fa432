"""Programs without what running them doesn't need."""

from __future__ import annotations

import os
import stat
from dataclasses import replace

from pawformats import pawbin

from . import output, programs
from .diagnostics import Reporter


def strip(path: str, out: str, reporter: Reporter) -> None:
    """Write a program file without source, tests and toolchain to `out`, another place or its own, whose
    mode stays.

    Of a program with a label head also the pseudo-program goes, which no encoder reads: a line feed stays,
    since the format demands the section. What the manifest must have stays: the digest of the spec, and
    the compiler's snapshot where there is an adapter or head. A shebang stays. Raises PawError.
    """
    data, program, layout = programs.load(path)
    bare = replace(program, source=None, tests=(), toolchain="")
    if program.head is not None:
        bare = replace(bare, pseudo_program=replace(program.pseudo_program, text="\n"))
    made = pawbin.dump(bare, shebang=bool(layout.shebang))
    mode = stat.S_IMODE(os.stat(path).st_mode)
    output.write(out, made, executable=bool(layout.shebang))
    if out == path:
        os.chmod(path, mode)
    reporter.tell(f"{out}: {len(made)} bytes of {len(data)} left, id {pawbin.program_id(made)[:16]}")
