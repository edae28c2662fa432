"""The server's part of start.py: a process that has imported what a client needs, forked for each of them.

It is forked itself before the server has threads or models, and ends with the server.
"""

from __future__ import annotations

import gc
import http.client
import io
import os
import select
import signal
import socket
import sys
import threading
import traceback
from typing import NoReturn

from pawformats.errors import PawError

from . import cli, jsonl, lines, memo, sockets, stream, tables, via  # noqa: F401  what a client will need
from .stderr import say

#: Descriptors that come with a request: the three streams and the working folder.
_LENT = 4


class Starter:
    """A process that waits to be told that the server listens, and then listens at `path`.start."""

    def __init__(self, path: str, close: int) -> None:
        """Fork it; `close` is a descriptor that it must not keep."""
        reading, self._writing = os.pipe()
        self._pid = os.fork()
        if self._pid:
            os.close(reading)
            return
        status = 1
        try:
            os.close(self._writing)
            os.close(close)
            _listen(f"{path}.start", reading)
            status = 0
        except PawError as error:  # clients start without it too, if later
            say(f"pawrun: {error.message}")
        except Exception:
            say(traceback.format_exc().rstrip())
        finally:
            os._exit(status)

    def begin(self) -> None:
        os.write(self._writing, b"!")

    def close(self) -> None:
        """End it, but not the clients that it has started."""
        os.close(self._writing)
        os.waitpid(self._pid, 0)


def _listen(path: str, server: int) -> None:
    """Start clients from the moment when the server says so until it ends, however it does."""
    for number in (signal.SIGINT, signal.SIGTERM):  # meant for the server, which will end this process
        signal.signal(number, signal.SIG_IGN)
    _rehearse()
    gc.freeze()
    if not os.read(server, 1):
        return
    with sockets.listening(path) as listener:
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for clients
        while server not in select.select([listener.fileno(), server], [], [])[0]:
            connection, _ = listener.accept()
            with connection:
                if not os.fork():
                    listener.detach()
                    os.close(server)
                    _become(connection)


def _rehearse() -> None:
    """Do what is slow the first time in a process, and nothing that can be seen: clients inherit it done."""
    with cli.main.make_context("pawrun", ["--via", "server", "program"]):
        pass
    http.client.parse_headers(io.BytesIO(b"content-type: text/plain\r\n\r\n"))


def _become(connection: socket.socket) -> NoReturn:
    status = 1
    try:
        status = _client(connection)
    except Exception:
        say(traceback.format_exc().rstrip())
    finally:
        os._exit(status)


def _client(connection: socket.socket) -> int:
    """Do in the place of the process at the other end what it was started for; the status, told to it too."""
    os.setsid()
    running = threading.Event()
    running.set()
    for number, handler in (
        (signal.SIGINT, signal.SIG_DFL),  # as start.main has it
        (signal.SIGTERM, signal.SIG_DFL),
        (signal.SIGTSTP, lambda *_: running.wait()),
        (signal.SIGCHLD, signal.SIG_DFL),
    ):
        signal.signal(number, handler)
    try:
        sys.argv = ["pawrun", *_take_place(connection)]
        obeying = (connection, threading.get_ident(), running)
        threading.Thread(target=_obey, args=obeying, daemon=True).start()
        status = _run()
        connection.sendall(bytes([status]))
    except (OSError, ValueError):  # whoever asked has left, or is no client
        return 1
    return status


def _take_place(connection: socket.socket) -> list[str]:
    """Put on the streams, folder, mask and environment of a request; its arguments."""
    begin, lent, _, _ = socket.recv_fds(connection, 8, _LENT)
    size, request = int.from_bytes(begin, sys.byteorder), bytearray()
    while len(request) < size:
        request += connection.recv(size - len(request)) or _left()
    mask, count, *words = request.split(b"\0")
    if len(lent) != _LENT:
        raise ValueError("no streams came with the request")
    for number, descriptor in enumerate(lent[:3]):
        os.dup2(descriptor, number)
    os.fchdir(lent[3])
    for descriptor in lent:
        os.close(descriptor)
    os.umask(int(mask))
    os.environb.clear()
    for variable in words[int(count) :]:
        name, _, value = bytes(variable).partition(b"=")
        os.environb[name] = value
    sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w"), os.fdopen(2, "w", buffering=1)
    sys.stderr.reconfigure(errors="backslashreplace")
    return [os.fsdecode(bytes(word)) for word in words[: int(count)]]


def _left() -> bytes:
    raise ValueError("the client has left")


def _obey(connection: socket.socket, main: int, running: threading.Event) -> None:
    """Hand on to the main thread the signals that the client gets; a client that is no more is one too. While
    the client is stopped the main thread waits, and this one does not, as a stopped process would."""
    while number := connection.recv(1):
        if number[0] == signal.SIGCONT:
            running.set()
            continue
        if number[0] == signal.SIGTSTP:
            running.clear()
        signal.pthread_kill(main, number[0])
    running.set()
    signal.pthread_kill(main, signal.SIGTERM)


def _run() -> int:
    try:
        cli.main(prog_name="pawrun")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except BaseException:
        say(traceback.format_exc().rstrip())
        return 1
    finally:
        sys.stdout.flush()
    return 0
