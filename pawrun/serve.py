"""`pawrun --serve`: its sockets, its start, and its end, which answers what has arrived."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import importlib.util
import os
import socket
import stat
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from typing import TYPE_CHECKING

from pawformats.errors import PawError

if TYPE_CHECKING:
    from .shelf import Shelf

#: Seconds that clients have to take their last answers in when the server ends.
DRAIN_S = 30

#: Connections at a time; more get status 503.
_MOST_CONNECTIONS = 512

_BACKLOG = 512


def run(
    path: str,
    programs: Sequence[str],
    *,
    http: str | None,
    base: str | None,
    threads: int | None,
    sessions: int,
    timeout: float | None,
    verbose: bool,
) -> None:
    """Serve programs on the Unix socket `path` until SIGTERM or SIGINT; a second drops what is at work.

    Raises PawError if a package is missing, a program can't be run, or a socket can't be had.
    """
    _check_extra()
    from .shelf import Shelf

    with ExitStack() as stack:
        stack.enter_context(_alone(path))
        tcp = None if http is None else stack.enter_context(closing(_bound(http)))
        shelf = Shelf(base)
        for program in programs:
            shelf.add(program)
        asyncio.run(_serve(path, tcp, shelf, sessions, threads, timeout, verbose))


def _check_extra() -> None:
    for package in ("uvicorn", "starlette", "prometheus_client"):
        if importlib.util.find_spec(package) is None:
            raise PawError(
                "no-serve-extra",
                f"a server needs the package {package}",
                hint="install the extra with: pip install 'paw-toolchain[serve]'",
            )


async def _serve(
    path: str,
    tcp: socket.socket | None,
    shelf: Shelf,
    sessions: int,
    threads: int | None,
    timeout: float | None,
    verbose: bool,
) -> None:
    import uvicorn

    from . import app
    from .metrics import Metrics
    from .protocol import Settings
    from .resident import Resident
    from .scheduler import Scheduler, Work

    draining = asyncio.Event()

    class Server(uvicorn.Server):
        def handle_exit(self, sig: int, frame: object) -> None:
            self.force_exit = self.should_exit
            self.should_exit = True
            loop.call_soon_threadsafe(draining.set)

    loop = asyncio.get_running_loop()
    scheduler = Scheduler(Resident(sessions, threads))
    try:
        for file in list(shelf.names.values())[:sessions]:  # so that no first client has to wait
            await scheduler.facts(Work(shelf.get(file), Settings()))
        desk = app.Desk(shelf, scheduler, Metrics(scheduler), path, timeout, draining)
        config = uvicorn.Config(
            app.make(desk),
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            backlog=_BACKLOG,
            limit_concurrency=_MOST_CONNECTIONS,
            timeout_graceful_shutdown=DRAIN_S,
        )
        with _listening(path) as unix:
            listeners = [unix] if tcp is None else [unix, tcp]
            if verbose or sys.stderr.isatty():
                _tell(path, tcp, shelf)
            await Server(config).serve(sockets=listeners)
    finally:
        await scheduler.stop()


def _tell(path: str, tcp: socket.socket | None, shelf: Shelf) -> None:
    places = path if tcp is None else f"{path} and http://{_spoken(tcp)}"
    names = ", ".join(shelf.names) or "any program by its path"
    print(f"pawrun: serving at {places}: {names}", file=sys.stderr, flush=True)


def _spoken(tcp: socket.socket) -> str:
    host, port = tcp.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


@contextmanager
def _alone(path: str) -> Iterator[None]:
    """Hold the lock of a socket. It ends with its holder, so a dead server's socket can be told from a live
    one's. Raises PawError `already-served`."""
    lock = f"{path}.lock"
    try:
        while True:
            descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if _is_at(descriptor, lock):
                    break  # and not one that its holder has just removed
            except BaseException:
                os.close(descriptor)
                raise
            os.close(descriptor)
    except BlockingIOError as error:
        raise PawError("already-served", f"another server has the socket {path}") from error
    except OSError as error:
        raise PawError("cannot-listen", f"cannot write {lock}: {error.strerror}") from error
    try:
        yield
    finally:
        if _is_at(descriptor, lock):
            os.unlink(lock)
        os.close(descriptor)


def _is_at(descriptor: int, path: str) -> bool:
    return os.path.exists(path) and os.path.samestat(os.fstat(descriptor), os.stat(path))


@contextmanager
def _listening(path: str) -> Iterator[socket.socket]:
    """A Unix socket of its owner alone, in place of one that nobody listens to; gone at the end.

    Raises PawError `cannot-listen`, also where there is something else.
    """
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    mask = os.umask(0o177)  # bind makes the file; a chmod after it would leave a moment for others
    try:
        _remove_stale(path)
        listener.bind(path)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise PawError("cannot-listen", f"cannot listen at {path}: {error.strerror or error}") from error
    finally:
        os.umask(mask)
    try:
        yield listener
    finally:
        listener.close()
        with suppress(FileNotFoundError):
            os.unlink(path)


def _remove_stale(path: str) -> None:
    try:
        if not stat.S_ISSOCK(os.lstat(path).st_mode):
            raise FileExistsError(errno.EEXIST, "something else is there")
    except FileNotFoundError:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(path)
        except ConnectionRefusedError:
            os.unlink(path)
            return
    raise FileExistsError(errno.EEXIST, "another server listens there")


def _bound(address: str) -> socket.socket:
    """A TCP socket at `[HOST:]PORT`, the host being 127.0.0.1 unless it is given."""
    host, _, port = address.rpartition(":")
    host = host.removeprefix("[").removesuffix("]") or "127.0.0.1"
    if not port.isdecimal() or int(port) > 65535:
        raise PawError("cannot-listen", f"cannot listen at {address}: {port!r} is no port")
    try:
        family, *_, place = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)[0]
        return socket.create_server(place[:2], family=family, backlog=_BACKLOG)
    except OSError as error:
        raise PawError("cannot-listen", f"cannot listen at {address}: {error.strerror or error}") from error
