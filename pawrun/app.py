"""What a server answers over HTTP: one record, a stream of records, what programs there are, how it does.

A stream reads no further than its window while answers are owed: a client that reads slowly, or not at
all, holds back itself and no one else.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from time import monotonic
from urllib.parse import unquote_to_bytes

from pawformats.errors import PawError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from . import protocol
from .answers import Answer, check_confidence, check_overflow
from .metrics import Metrics
from .scheduler import Scheduler, Work
from .shelf import Shelf, file_of

#: Answers owed to one stream at most, and the bytes of the records that they are for (but always one).
WINDOW, WINDOW_BYTES = 64, 1 << 20

#: Bytes of a record's line, or of a whole request with one record.
MAX_LINE = 16 << 20

#: For the log of a proxy, as nobody is there to read it.
_GONE = 499

#: By the kind of an error; others are 400 for a request, and 422 for a record.
_STATUS = {
    "not-json": 400,
    "no-field": 400,
    "not-utf8": 400,
    "no-room": 400,
    "no-such-program": 404,
    "too-large": 413,
    "bad-media-type": 415,
    "server-failed": 500,
    "draining": 503,
    "too-late": 504,
}


@dataclass
class Desk:
    """What the endpoints share. `socket` is the path of the Unix socket, whose clients may name files;
    `timeout` bounds every answer, in seconds; `draining` is set when the server shuts down."""

    shelf: Shelf
    scheduler: Scheduler
    metrics: Metrics
    socket: str
    timeout: float | None
    draining: asyncio.Event


class Order:
    """A request's program and settings."""

    def __init__(self, desk: Desk, scope: Scope) -> None:
        raw: bytes = scope["raw_path"]
        prefix = protocol.RUN if raw.startswith(protocol.RUN.encode()) else protocol.PROGRAMS
        self._desk = desk
        self.name = unquote_to_bytes(raw[len(prefix) :]).decode("utf-8", "surrogateescape")
        self._label = self.name.encode("utf-8", "replace").decode("utf-8")
        local = scope["server"] is not None and tuple(scope["server"]) == (desk.socket, None)
        self._path = desk.shelf.path(self.name, local)
        self.query = protocol.read_query(scope["query_string"].decode("latin-1"))
        bounds = [bound for bound in (self.query.timeout, desk.timeout) if bound is not None]
        self._timeout = min(bounds, default=None)

    async def work(self) -> Work:
        """The program as its file is now. Raises PawError if it is refused, or if the query asks of it what
        it can't do."""
        shelf = self._desk.shelf
        found = shelf.at_hand(self._path)
        if found is None:
            found = await asyncio.to_thread(shelf.get, self._path)
        contract, options, settings = found.program.contract, found.program.options, self.query.settings
        if self.query.distribution and not contract.labels:
            raise PawError("no-labels", "a distribution needs a program that answers with labels")
        check_overflow(contract, settings.overflow or options.overflow)
        least = options.min_confidence if settings.min_confidence is None else settings.min_confidence
        check_confidence(contract, least, options.abstain if settings.abstain is None else settings.abstain)
        return Work(found, settings, self.query.distribution)

    async def description(self) -> dict[str, object]:
        """What a client must know of the program; its session is then open."""
        work = await self.work()
        facts = await self._desk.scheduler.facts(work)
        options, contract = work.loaded.program.options, work.loaded.program.contract
        return {
            "name": self.name,
            "labels": contract.labels,
            "min_confidence": options.min_confidence,
            "abstain": options.abstain,
            "base": str(work.loaded.base),
            "file": file_of(self._path),
            "facts": facts,
        }

    async def submit(self, raw: bytes | None) -> asyncio.Future[Answer]:
        """The answer to come to a record's line, or to one that was too long to keep. One that can't be asked
        has failed already."""
        began = monotonic()
        try:
            if raw is None:
                raise PawError("too-large", f"a record has at most {MAX_LINE} bytes")
            text = protocol.read_record(raw)
            done = self._desk.scheduler.submit(await self.work(), text, self._timeout)
        except PawError as error:
            done = asyncio.get_running_loop().create_future()
            done.set_result(Answer("", error=error))
        done.add_done_callback(lambda done: self._desk.metrics.note(self._label, began, done))
        return done


def make(desk: Desk) -> Starlette:
    async def health(_: Request) -> Response:
        if desk.draining.is_set():
            return _json({"status": "draining"}, 503)
        return _json({"status": "ok"})

    async def metrics(_: Request) -> Response:
        data, media_type = desk.metrics.text()
        return Response(data, headers={"content-type": media_type})

    def programs(_: Request) -> Response:  # not async: it may read files
        return _json({"programs": [_listed(desk, name) for name in desk.shelf.names]})

    async def program(request: Request) -> Response:
        return _json(await Order(desk, request.scope).description())

    async def refuse(_: Request, error: Exception) -> Response:
        if isinstance(error, HTTPException):
            problem = PawError("bad-request", str(error.detail).lower())
            return _json(protocol.error_object(problem), error.status_code)
        assert isinstance(error, PawError)
        return _json(protocol.error_object(error), _STATUS.get(error.kind, 400))

    return Starlette(
        routes=[
            Route("/healthz", health),
            Route("/metrics", metrics),
            Route("/v1/programs", programs),
            Route(protocol.PROGRAMS + "{program:path}", program),
            Route(protocol.RUN + "{program:path}", Run(desk), methods=["POST"]),
        ],
        exception_handlers={PawError: refuse, HTTPException: refuse},
    )


def _json(content: object, status: int = 200) -> Response:
    """In ASCII, so that the name of a file may have bytes that are not UTF-8."""
    return Response(json.dumps(content) + "\n", status, media_type=protocol.JSON)


def _listed(desk: Desk, name: str) -> dict[str, object]:
    found = desk.shelf.get(desk.shelf.names[name])
    program = found.program
    return {
        "name": name,
        "id": found.identity,
        "version": program.version,
        "target": program.target,
        "answers": program.contract.kind,
        "labels": program.contract.labels,
    }


class Run:
    """`POST /v1/run/{program}`: an object and its answer, or lines of objects and a line for each."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        order = Order(self._desk, scope)
        await order.work()  # a program that is refused is told before anything is read
        if self._desk.draining.is_set():
            raise PawError("draining", "the server is shutting down")
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type == protocol.NDJSON:
            first = json.dumps(await order.description()).encode() + b"\n" if order.query.described else b""
            await Stream(order, self._desk.draining, receive, send).run(first)
        elif media_type == protocol.JSON:  # no form of a web page can send it unasked
            response = await _single(order, request)
            await response(scope, receive, send)
        else:
            types = f"{protocol.JSON} or {protocol.NDJSON}"
            raise PawError("bad-media-type", f"a request's content type is {types}")


async def _single(order: Order, request: Request) -> Response:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_LINE:
            break
    done = await order.submit(None if len(body) > MAX_LINE else bytes(body))
    watch = asyncio.create_task(_cancel_when_gone(request.receive, done))
    try:
        await asyncio.wait([done])
    finally:
        watch.cancel()
    if done.cancelled():
        return Response(status_code=_GONE)
    answer = done.result()
    status = 200 if answer.error is None else _STATUS.get(answer.error.kind, 422)
    return _json(protocol.answer_object(answer), status)


async def _cancel_when_gone(receive: Receive, done: asyncio.Future[Answer]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    done.cancel()


class Stream:
    """A streamed request at work: one task reads records, another writes answers in their order."""

    def __init__(self, order: Order, draining: asyncio.Event, receive: Receive, send: Send) -> None:
        self._order, self._draining, self._receive, self._send = order, draining, receive, send
        self._owed: deque[tuple[asyncio.Future[Answer], int]] = deque()
        self._bytes = 0
        self._more, self._room = asyncio.Event(), asyncio.Event()
        self._ended = self._gone = False

    async def run(self, first: bytes) -> None:
        """`first` is a line before the answers, if there is one."""
        headers = [(b"content-type", protocol.NDJSON.encode())]
        await self._send({"type": "http.response.start", "status": 200, "headers": headers})
        if first:
            await self._send({"type": "http.response.body", "body": first, "more_body": True})
        try:
            async with asyncio.TaskGroup() as tasks:
                writer = tasks.create_task(self._write())
                async for raw in self._lines():
                    await self._take(raw)
                self._ended = True
                self._more.set()
                if self._gone:
                    writer.cancel()
        finally:
            for done, _ in self._owed:
                done.cancel()

    async def _take(self, raw: bytes | None) -> None:
        """Submit a line, once there is room for it; None is one that was too long to keep."""
        size = len(raw or b"")
        while self._owed and (len(self._owed) >= WINDOW or self._bytes + size > WINDOW_BYTES):
            self._room.clear()
            await self._room.wait()
        self._owed.append((await self._order.submit(raw), size))
        self._bytes += size
        self._more.set()

    async def _write(self) -> None:
        while not (self._ended and not self._owed):
            if not self._owed:
                self._more.clear()
                await self._more.wait()
                continue
            await asyncio.wait([self._owed[0][0]])
            lines, size = bytearray(), 0
            while self._owed and self._owed[0][0].done():
                done, taken = self._owed.popleft()
                lines += protocol.answer_line(done.result())
                size += taken
            await self._send({"type": "http.response.body", "body": bytes(lines), "more_body": True})
            self._bytes -= size
            self._room.set()
        await self._send({"type": "http.response.body", "body": b""})

    async def _lines(self) -> AsyncIterator[bytes | None]:
        """The lines of the request as they come, until its end or the server's; None for one that is longer
        than MAX_LINE."""
        rest, too_long = bytearray(), False
        async for chunk in self._chunks():
            *ends, begin = chunk.split(b"\n")
            for end in ends:
                yield None if too_long else bytes(rest + end)
                rest, too_long = bytearray(), False
            rest += begin
            if too_long or len(rest) > MAX_LINE:
                rest, too_long = bytearray(), True
        if (rest or too_long) and not self._gone and not self._draining.is_set():
            yield None if too_long else bytes(rest)

    async def _chunks(self) -> AsyncIterator[bytes]:
        draining = asyncio.create_task(self._draining.wait())
        more = True
        try:
            while more:
                received = asyncio.ensure_future(self._receive())
                await asyncio.wait([received, draining], return_when=asyncio.FIRST_COMPLETED)
                if not received.done():
                    received.cancel()
                    return
                message = received.result()
                if message["type"] == "http.disconnect":
                    self._gone = True
                    return
                yield message.get("body", b"")
                more = message.get("more_body", False)
        finally:
            draining.cancel()
