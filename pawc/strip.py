"""Programs without what running them doesn't need."""

from __future__ import annotations

import os
import stat
from dataclasses import replace

from pawformats import pawbin, pawlib, references
from pawformats.errors import PawError

from . import output, programs
from .diagnostics import Reporter


def strip(path: str, out: str, reporter: Reporter) -> None:
    """Write a program without source, tests and toolchain to `out`, another place or its own file, whose
    mode stays; of a library, all its programs. One of a library alone needs another place: it is none.

    Of a program with a label head also the pseudo-program goes, which no encoder reads: a line feed stays,
    since the format demands the section. What the manifest must have stays: the digest of the spec, and
    the compiler's snapshot where there is an adapter or head. A shebang stays. Raises PawError.
    """
    file, name = references.split(path)
    data = programs.read(file)
    with programs.about(file):
        if name is None and pawlib.is_library(data):
            made = pawlib.dump({member: _bare(program) for member, program in pawlib.load(data).items()})
        else:
            data = references.choose(data, name)
            made = _bare(data)
    if name is not None:
        if out == path:
            raise PawError("in-library", f"{path} is one of a library, which stays", hint="give -o OUT")
        output.refuse(out, (file,), binary=True)
    mode = stat.S_IMODE(os.stat(file).st_mode)
    output.write(out, made, executable=made.startswith(pawbin.SHEBANG))
    if out == path:
        os.chmod(path, mode)
    reporter.tell(f"{out}: {len(made)} bytes of {len(data)} left{_identity(made)}")


def _bare(data: bytes) -> bytes:
    """A program without what running it doesn't need."""
    program = pawbin.load(data)
    bare = replace(program, source=None, tests=(), toolchain="")
    if program.head is not None:
        bare = replace(bare, pseudo_program=replace(program.pseudo_program, text="\n"))
    return pawbin.dump(bare, shebang=data.startswith(pawbin.SHEBANG))


def _identity(data: bytes) -> str:
    return "" if pawlib.is_library(data) else f", id {pawbin.program_id(data)[:16]}"
