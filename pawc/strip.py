"""Programs without what running them doesn't need."""

from __future__ import annotations

import os
import stat
from dataclasses import replace

from pawformats import pawbin, references
from pawformats.errors import PawError

from . import output, programs
from .diagnostics import Reporter


def strip(path: str, out: str, reporter: Reporter) -> None:
    """Write a program without source, tests and toolchain to `out`, another place or its own file, whose
    mode stays. What is stripped of a library needs another place: it is no library.

    Of a program with a label head also the pseudo-program goes, which no encoder reads: a line feed stays,
    since the format demands the section. What the manifest must have stays: the digest of the spec, and
    the compiler's snapshot where there is an adapter or head. A shebang stays. Raises PawError.
    """
    data, program, layout = programs.load(path)
    bare = replace(program, source=None, tests=(), toolchain="")
    if program.head is not None:
        bare = replace(bare, pseudo_program=replace(program.pseudo_program, text="\n"))
    made = pawbin.dump(bare, shebang=bool(layout.shebang))
    file, name = references.split(path)
    if name is not None:
        if out == path:
            raise PawError("in-library", f"{path} is one of a library, which stays", hint="give -o OUT")
        output.refuse(out, (file,), binary=True)
    mode = stat.S_IMODE(os.stat(file).st_mode)
    output.write(out, made, executable=bool(layout.shebang))
    if out == path:
        os.chmod(path, mode)
    reporter.tell(f"{out}: {len(made)} bytes of {len(data)} left, id {pawbin.program_id(made)[:16]}")
