"""Where the command starts; with `--via` it goes on in a process that the server keeps ready.

Python alone starts in some 10 ms, with all that a client imports in 80. So a server holds a process that has
imported it, and forks it for each client (starter.py). The fork gets this process's streams, folder,
environment and arguments, and does in its place what they ask; this one hands on signals and the status.
"""

from __future__ import annotations

import os
import sys

#: What a path of this process's own descriptors or terminal has in it: another process can't open it.
_OURS = ("/dev/fd/", "/dev/std", "/dev/tty", "/proc/self/", "/proc/thread-self/")


def main() -> None:
    # An interrupt before the first record ends the process at once: as an exception it would be lost in
    # what llama.cpp calls back while it loads. Not signal and socket here and below, as the enumerations
    # that they define take as long as Python's own start.
    import _signal  # type: ignore[import-not-found]

    if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
    path = _server(sys.argv[1:])
    if path is not None and (status := _elsewhere(f"{path}.start", sys.argv[1:])) is not None:
        sys.exit(status)
    from .cli import main as run

    run(prog_name="pawrun")


def _server(arguments: list[str]) -> str | None:
    """The value of `--via`, as far as that can be told without knowing the options. A wrong guess does no
    harm: the arguments are read in earnest elsewhere."""
    if any(place in argument for argument in arguments for place in _OURS):
        return None
    for at, argument in enumerate(arguments):
        if argument == "--":
            return None
        if argument == "--via":
            return next(iter(arguments[at + 1 :]), None)
        if argument.startswith("--via="):
            return argument.removeprefix("--via=")
    return None


def _elsewhere(path: str, arguments: list[str]) -> int | None:
    """The status of the command run by the starter at `path`; None if there is none, or if this process has
    not all three streams to lend."""
    if sys.stdin is None or sys.stdout is None or sys.stderr is None:
        return None
    import _signal
    import _socket

    words = [os.fsencode(word) for word in arguments]
    variables = [b"%b=%b" % item for item in os.environb.items()]
    mask = os.umask(0)
    os.umask(mask)
    request = b"\0".join([b"%d" % mask, b"%d" % len(words), *words, *variables])
    connection = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    try:
        connection.connect(path)
        lent = [0, 1, 2, os.open(".", os.O_RDONLY | os.O_DIRECTORY)]
        rights = b"".join(descriptor.to_bytes(4, sys.byteorder) for descriptor in lent)
        size = len(request).to_bytes(8, sys.byteorder)
        connection.sendmsg([size], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, rights)])
        connection.sendall(request)
    except OSError:
        return None
    signals: list[int] = []

    def tell(number: int) -> None:
        try:
            connection.send(bytes([number]))
        except OSError:
            return  # it has ended just now

    def hand_on(number: int, _: object) -> None:
        signals.append(number)
        tell(number)

    def stop(number: int, _: object) -> None:
        tell(number)
        _signal.signal(number, _signal.SIG_DFL)
        os.kill(os.getpid(), number)  # here it stops, until it is told to go on
        _signal.signal(number, stop)
        tell(_signal.SIGCONT)

    for number, handler in (
        (_signal.SIGINT, hand_on),
        (_signal.SIGTERM, hand_on),
        (_signal.SIGTSTP, stop),
    ):
        if _signal.getsignal(number) != _signal.SIG_IGN:  # as in the background of a script
            _signal.signal(number, handler)
    try:
        if status := connection.recv(1):
            return status[0]
    except OSError:
        pass
    if signals:  # the second one kills
        return 128 + signals[-1]
    from .stderr import say

    say(f"pawrun: error: the server at {path.removesuffix('.start')} is gone")
    return 2
