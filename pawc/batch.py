"""Many inputs: each is compiled, by one process or several, and what comes of them is written in order."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from pawformats.errors import PawError

from . import depfile, output, targets
from .cache import Cache
from .depfile import Depends
from .diagnostics import Failed, Recorder, Reporter, from_error
from .driver import SUFFIXES, Job, Made, Toolbox, make, stem
from .sources import Sources, sources_of
from .warning_flags import State

#: An input and its output, as the command line names them.
Pair = tuple[str, str]


@dataclass(frozen=True)
class Outcome:
    """What came of one input: `made` is None if it failed, `told` are its messages, and `files` are what
    an output depends on."""

    made: Made | None
    told: Recorder
    files: tuple[str, ...]


@dataclass(frozen=True)
class Settings:
    """What a process needs to know to compile an input. Plain data, which can be sent to another."""

    job: Job
    warnings: Mapping[str, State]
    verbose: bool
    cache: Cache | None
    depends: Depends | None


def run(pairs: Sequence[Pair], settings: Settings, reporter: Reporter, jobs: int = 1) -> None:
    """Compile each input and write its output, and its rule if one is asked for; one that fails is
    reported and the rest goes on. Messages and outputs are those of one process, in the order of the
    inputs, however many compile (`jobs`)."""
    depends = settings.depends
    rules: list[str] = []
    read: list[str] = []
    with outcomes(pairs, settings, jobs) as found:
        for (file, out), outcome in zip(pairs, found, strict=True):
            outcome.told.replay(reporter)
            if outcome.made is None:
                continue
            try:
                if depends is not None and depends.only:
                    rules.append(_rule(file, output.STDOUT, settings.job, outcome.files, depends))
                    read += outcome.files
                else:
                    _write(file, out, outcome, settings, reporter)
            except PawError as error:
                reporter.report(from_error(error))
    if depends is not None and depends.only and not reporter.status:
        path = depends.file or output.STDOUT
        output.refuse(path, tuple(read), binary=False)
        output.write(path, os.fsencode("".join(rules)))


def _write(file: str, out: str, outcome: Outcome, settings: Settings, reporter: Reporter) -> None:
    """The rule first: should the output fail, make tries again."""
    made, job, depends = outcome.made, settings.job, settings.depends
    assert made is not None
    if depends is not None:
        path = depends.path(out, stem(file))
        output.refuse(path, outcome.files, binary=False)
        output.write(path, os.fsencode(_rule(file, out, job, outcome.files, depends)))
    if job.stop == "syntax":
        return
    output.refuse(out, outcome.files, job.binary)
    output.write(out, made.data, executable=job.shebang)
    if reporter.verbose:
        reporter.tell(_written(out, made.data, job))


def _written(out: str, data: bytes, job: Job) -> str:
    from pawformats import pawbin

    identity = f", id {pawbin.program_id(data)[:16]}" if job.stop == "program" else ""
    return f"wrote {out}, {len(data)} bytes{identity}"


def _rule(file: str, out: str, job: Job, files: Sequence[str], depends: Depends) -> str:
    if out == output.STDOUT:
        out = stem(file) + SUFFIXES.get(job.stop, SUFFIXES["program"])
    return depfile.rule(out, [] if file == "-" else [file], files, depends)


class Worker:
    """Compiles one input after the other with the same toolbox. Close it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.tools = Toolbox(settings.cache)

    def __call__(self, pair: Pair) -> Outcome:
        file, out = pair
        job, depends = self.settings.job, self.settings.depends
        told = Recorder(self.settings.warnings, verbose=self.settings.verbose)
        sources: Sources | None = None
        try:
            if job.stop not in ("syntax", "dependencies"):
                output.refuse(out, (file,), job.binary)
            sources = sources_of(file)
            made = make(sources, job, self.tools, told)
            files = sources.files + (job.data if job.binary or job.stop == "dependencies" else ())
            if depends is not None and depends.toolchain:
                files += self._toolchain(made)
            return Outcome(made, told, tuple(name for name in files if name != "<stdin>"))
        except PawError as error:
            diagnostic = from_error(error)
            told.report(diagnostic if sources is None else sources.with_lines(diagnostic))
        except Failed:
            pass
        return Outcome(None, told, ())

    def _toolchain(self, made: Made) -> tuple[str, ...]:
        """The target's file and, if that compiles more than a prompt, its weights; and the reader's."""
        job, files = self.settings.job, list[str | None]()
        if made.target is not None:
            target = self.tools.target(made.target)
            files.append(targets.path(made.target))
            if job.level and job.stop != "pseudo-program":
                files += (targets.lm(target), target.mapper_path, target.joint.path if target.joint else None)
        if made.reader is not None:
            target = self.tools.target(made.reader)
            files += (targets.path(made.reader), target.lm_path, target.reader_path)
        return tuple(dict.fromkeys(os.path.normpath(path) for path in files if path is not None))

    def close(self) -> None:
        self.tools.close()


@contextmanager
def outcomes(pairs: Sequence[Pair], settings: Settings, jobs: int) -> Iterator[Iterator[Outcome]]:
    """The outcome of each pair, in their order. Other processes can't read our standard input, nor what else
    is open here alone: then, and for a single input, this one does it all."""
    ours = any(file == "-" or output.descriptor(file) is not None for file, _ in pairs)
    if ours or min(jobs, len(pairs)) < 2:
        worker = Worker(settings)
        try:
            yield map(worker, pairs)
        finally:
            worker.close()
        return
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    fresh = multiprocessing.get_context("spawn")  # a fork would share locks of libraries with threads
    pool = ProcessPoolExecutor(min(jobs, len(pairs)), fresh, _begin, (settings,))
    try:
        with _ignored_interrupts():
            found = pool.map(_compile, pairs)
        yield _unbroken(found)
    except BaseException:
        for child in multiprocessing.active_children():
            child.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _ignored_interrupts() -> Iterator[None]:
    """Processes started meanwhile ignore SIGINT, which a terminal sends to all: we end them ourselves,
    where each would show a traceback."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _unbroken(outcomes: Iterator[Outcome]) -> Iterator[Outcome]:
    from concurrent.futures.process import BrokenProcessPool

    try:
        yield from outcomes
    except BrokenProcessPool as error:
        hint = "was it out of memory? try fewer with -j"
        raise PawError("worker-died", "a compiling process died", hint=hint) from error


_worker: Worker | None = None


def _begin(settings: Settings) -> None:
    """In a process of the pool."""
    global _worker
    _worker = Worker(settings)


def _compile(pair: Pair) -> Outcome:
    assert _worker is not None
    return _worker(pair)
