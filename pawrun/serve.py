"""`pawrun --serve`: its sockets, its start, and its end, which answers what has arrived."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Sequence
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

from pawformats.extras import need

from . import sockets, stderr

if TYPE_CHECKING:
    from .resident import Resident
    from .shelf import Shelf
    from .starter import Starter

#: Seconds that clients have to take their last answers in when the server ends.
DRAIN_S = 30

#: Connections at a time; more get status 503.
_MOST_CONNECTIONS = 512


def run(
    path: str,
    programs: Sequence[str],
    *,
    http: str | None,
    base: str | None,
    verify: bool,
    threads: int | None,
    gpu_layers: int,
    cached: bool,
    sessions: int,
    timeout: float | None,
    verbose: bool,
) -> None:
    """Serve programs on the Unix socket `path` until SIGTERM or SIGINT; a second drops what is at work.

    Raises PawError if a package is missing, a program can't be run, or a socket can't be had.
    """
    need("serve", "a server needs")
    while (spare := os.open(os.devnull, os.O_RDWR)) < 3:
        pass  # so that no socket gets the number of a standard stream that is closed
    os.close(spare)
    from .starter import Starter

    with ExitStack() as stack:
        lock = stack.enter_context(sockets.alone(path))
        starter = stack.enter_context(closing(Starter(path, lock)))
        tcp = None if http is None else stack.enter_context(closing(sockets.bound(http)))
        from .resident import Resident  # late: numpy may start threads, and the starter is a fork without
        from .shelf import Shelf

        shelf = Shelf(base, verify)
        for program in programs:
            shelf.add(program)
        resident = Resident(sessions, threads, gpu_layers, cached)
        asyncio.run(_serve(path, tcp, starter, shelf, resident, timeout, verbose))


async def _serve(
    path: str,
    tcp: socket.socket | None,
    starter: Starter,
    shelf: Shelf,
    resident: Resident,
    timeout: float | None,
    verbose: bool,
) -> None:
    import uvicorn

    from . import app
    from .metrics import Metrics
    from .protocol import Settings
    from .scheduler import Scheduler, Work

    draining = asyncio.Event()

    class Server(uvicorn.Server):
        def handle_exit(self, sig: int, frame: object) -> None:
            self.force_exit = self.should_exit
            self.should_exit = True
            loop.call_soon_threadsafe(draining.set)

    loop = asyncio.get_running_loop()
    scheduler = Scheduler(resident)
    try:
        for file in list(shelf.names.values())[: resident.limit]:  # so that no first client has to wait
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
            proxy_headers=False,
            backlog=sockets.BACKLOG,
            limit_concurrency=_MOST_CONNECTIONS,
            timeout_graceful_shutdown=DRAIN_S,
        )
        with sockets.listening(path) as unix:
            listeners = [unix] if tcp is None else [unix, tcp]
            starter.begin()
            if verbose or stderr.watched():
                _tell(path, tcp, shelf)
            await Server(config).serve(sockets=listeners)
    finally:
        await scheduler.stop()


def _tell(path: str, tcp: socket.socket | None, shelf: Shelf) -> None:
    places = path if tcp is None else f"{path} and http://{_spoken(tcp)}"
    names = ", ".join(shelf.names) or "any program by its path"
    stderr.say(f"pawrun: serving at {places}: {names}")


def _spoken(tcp: socket.socket) -> str:
    host, port = tcp.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
