"""The sockets of a server: a Unix socket of its owner alone, a lock beside it, a TCP socket."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from pawformats.errors import PawError

BACKLOG = 512


@contextmanager
def alone(path: str) -> Iterator[int]:
    """Hold the lock of a socket, and give its descriptor. The lock ends with its holder, so a dead server's
    socket can be told from a live one's. Raises PawError `already-served`."""
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
        yield descriptor
    finally:
        if _is_at(descriptor, lock):
            os.unlink(lock)
        os.close(descriptor)


def _is_at(descriptor: int, path: str) -> bool:
    return os.path.exists(path) and os.path.samestat(os.fstat(descriptor), os.stat(path))


@contextmanager
def listening(path: str) -> Iterator[socket.socket]:
    """A Unix socket of its owner alone, in place of one that nobody listens to; gone at the end.

    Raises PawError `cannot-listen`, also where there is something else.
    """
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    mask = os.umask(0o177)  # bind makes the file; a chmod after it would leave a moment for others
    try:
        _remove_stale(path)
        listener.bind(path)
        listener.listen(BACKLOG)
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


def bound(address: str) -> socket.socket:
    """A TCP socket at `[HOST:]PORT`, the host being 127.0.0.1 unless it is given."""
    host, _, port = address.rpartition(":")
    host = host.removeprefix("[").removesuffix("]") or "127.0.0.1"
    if not port.isdecimal() or int(port) > 65535:
        raise PawError("cannot-listen", f"cannot listen at {address}: {port!r} is no port")
    try:
        family, *_, place = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)[0]
        return socket.create_server(place[:2], family=family, backlog=BACKLOG)
    except OSError as error:
        raise PawError("cannot-listen", f"cannot listen at {address}: {error.strerror or error}") from error
