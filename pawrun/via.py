"""A client of `pawrun --serve`: a program that is at work in a server, for the same loop as one at work here.

Needs the standard library only. Records go out as lines of one streamed request and come back as lines of its
response; both stay open as long as the input.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
from collections import deque
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

from pawformats import references
from pawformats.errors import PawError

from . import programs, protocol
from .answers import Answer
from .protocol import Query, Settings

#: Bytes of records that may be out without an answer. A socket's buffer takes as much, so that a send never
#: waits for a server which itself waits until its answers are read.
_AHEAD = 1 << 16

_CHUNK = 1 << 16


class _Connection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost")
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.connect(self.path)


def reference(program: str) -> str:
    """What names a program to the server: the absolute path of a file, or else a name that it knows."""
    file, name = references.split(program)
    if name is not None or os.sep in file or os.path.isfile(file):
        return os.path.abspath(program)
    return program


class Remote:
    """A program in the server that listens at `path`, and a stream of records to it, which is open at once.

    With `distributions` the answers have them. Raises PawError `no-server` if none listens, and the server's
    own if it refuses the program or the settings.
    """

    def __init__(
        self,
        path: str,
        program: str,
        settings: Settings,
        timeout: float | None = None,
        *,
        distributions: bool = False,
    ) -> None:
        self.path, self.ahead = path, settings.batch
        self._connection = _Connection(path)
        self._read = bytearray()
        query = Query(settings, timeout, described=True, distribution=distributions)
        try:
            self._response = self._open(protocol.address(reference(program), query))
            described = self._described()
            self.labels: tuple[str, ...] = tuple(described["labels"])
            self.min_confidence: float | None = described["min_confidence"]
            self.abstain: str | None = described["abstain"]
            self.base: str = described["base"]
            self._file: str = described["file"]
            self._facts: dict[str, str] = described["facts"]
        except BaseException:
            self.close()
            raise

    def facts(self) -> dict[str, str]:
        """What runs in the server, for people."""
        return self._facts

    def version(self) -> object:
        """What tells the program from the one that will replace it; None if its file can't be found."""
        return programs.stamp_of(self._file)

    def close(self) -> None:
        """May be called twice."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _described(self) -> dict[str, Any]:
        """What the first line of the stream says of the program."""
        try:
            line = self._line()
        except (OSError, http.client.HTTPException) as error:
            raise self._lost() from error
        try:
            described: dict[str, Any] = json.loads(line)
            if {"labels", "min_confidence", "abstain", "base", "file", "facts"} <= described.keys():
                return described
        except (ValueError, AttributeError):
            pass
        raise PawError("bad-answer", f"the server did not answer as one: {line[:80]!r}")

    def _accepted(self, response: http.client.HTTPResponse) -> dict[str, Any]:
        """The object of a response. Raises the PawError that it tells instead."""
        data = response.read()
        try:
            said: dict[str, Any] = json.loads(data)
        except ValueError:
            raise PawError("server-refused", f"the server at {self.path} answers {response.status}") from None
        if "error" in said:
            raise protocol.read_error(said["error"])
        return said

    def _lost(self) -> PawError:
        return PawError("server-lost", f"the server at {self.path} is gone")

    def answer(self, texts: Sequence[str]) -> list[Answer]:
        """One answer per text, in order. Raises PawError if the server ends the stream or dies."""
        lines = [protocol.request_line(text) for text in texts]
        answers: list[Answer] = []
        out: deque[int] = deque()
        try:
            for line in lines:
                while out and sum(out) + len(line) > _AHEAD:
                    answers.append(self._next())
                    out.popleft()
                self._connection.send(b"%x\r\n%b\r\n" % (len(line), line))
                out.append(len(line))
            while len(answers) < len(texts):
                answers.append(self._next())
        except (OSError, http.client.HTTPException) as error:
            raise self._lost() from error
        return answers

    def _open(self, address: str) -> http.client.HTTPResponse:
        """Begin the request, and its response before there is a record."""
        try:
            self._connection.connect()
        except OSError as error:
            raise PawError(
                "no-server",
                f"no server listens at {self.path}: {error.strerror or error}",
                hint=f"start one with: pawrun --serve {self.path}",
            ) from error
        try:
            self._connection.putrequest("POST", address)
            self._connection.putheader("Content-Type", protocol.NDJSON)
            self._connection.putheader("Transfer-Encoding", "chunked")
            self._connection.endheaders()
            response = self._connection.getresponse()
            if response.status != http.client.OK:
                self._accepted(response)
        except (OSError, http.client.HTTPException) as error:
            raise self._lost() from error
        return response

    def _next(self) -> Answer:
        return protocol.read_answer(self._line())

    def _line(self) -> bytes:
        while (end := self._read.find(b"\n") + 1) == 0:
            data = self._response.read1(_CHUNK)  # which, unlike readline, fails if the stream breaks off
            if not data:
                message = f"the server at {self.path} has ended the stream"
                raise PawError("server-ended", message, hint="it is shutting down")
            self._read += data
        line = bytes(self._read[:end])
        del self._read[:end]
        return line
