"""Who is next: records of many clients wait by program, programs take turns, one thread computes.

A turn is one batch, so that a flood for one program delays the others by no more than that.
"""

from __future__ import annotations

import asyncio
import threading
import traceback
from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from pawformats.errors import PawError

from .answers import Answer, describe
from .protocol import Settings
from .resident import Loaded, Resident
from .stderr import say


@dataclass(frozen=True)
class Work:
    """A program with the settings of its session; with `distributions`, answers have them."""

    loaded: Loaded
    settings: Settings
    distributions: bool = False


@dataclass(frozen=True, eq=False)
class _Job:
    """A record that waits, or, without a text, the wish to know what runs (`facts`)."""

    text: str | None
    done: asyncio.Future[Answer]
    facts: dict[str, str] = field(default_factory=dict)


class Scheduler:
    """Started and asked in an event loop; `resident` belongs to its thread. Stop it."""

    def __init__(self, resident: Resident) -> None:
        self._resident = resident
        self._loop = asyncio.get_running_loop()
        self._queues: OrderedDict[Work, deque[_Job]] = OrderedDict()
        self._wake = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._work, name="compute")
        self._thread.start()

    def waiting(self) -> int:
        """Records that nobody computes yet."""
        with self._wake:
            return sum(map(len, self._queues.values()))

    def sessions(self) -> int:
        return len(self._resident)

    def submit(self, work: Work, text: str, timeout: float | None = None) -> asyncio.Future[Answer]:
        """An answer to come; with an error if there is none, or none within `timeout` seconds. Cancel it if
        nobody wants it any more: what still waits is then dropped."""
        done: asyncio.Future[Answer] = self._loop.create_future()
        if timeout is not None:
            late = PawError("too-late", f"no answer within {timeout:g} s")
            timer = self._loop.call_later(timeout, _deliver, [(done, Answer("", error=late))])
            done.add_done_callback(lambda _: timer.cancel())
        self._put(work, _Job(text, done))
        return done

    async def facts(self, work: Work) -> dict[str, str]:
        """What runs, for people, once its session is open. Raises PawError if it can't be opened."""
        job = _Job(None, self._loop.create_future())
        self._put(work, job)
        answer = await job.done
        if answer.error is not None:
            raise answer.error
        return job.facts

    async def stop(self) -> None:
        """Drop what waits, end the thread after the batch at work, and close what is open."""
        with self._wake:
            self._stopping = True
            self._queues.clear()
            self._wake.notify()
        await asyncio.to_thread(self._thread.join)

    def _put(self, work: Work, job: _Job) -> None:
        with self._wake:
            self._queues.setdefault(work, deque()).append(job)
            self._wake.notify()

    def _work(self) -> None:
        with self._resident:
            while (turn := self._next()) is not None:
                work, jobs = turn
                jobs = [job for job in jobs if not job.done.done()]  # cancelled, or too late
                if jobs:
                    pairs = [(job.done, answer) for job, answer in self._answered(work, jobs)]
                    self._loop.call_soon_threadsafe(_deliver, pairs)

    def _next(self) -> tuple[Work, list[_Job]] | None:
        """The batch of the program whose turn it is, which then stands last; None at the end."""
        with self._wake:
            while not self._queues:
                if self._stopping:
                    return None
                self._wake.wait()
            work, queue = self._queues.popitem(last=False)
            jobs = [queue.popleft() for _ in range(min(len(queue), work.settings.batch))]
            if queue:
                self._queues[work] = queue
            return work, jobs

    def _answered(self, work: Work, jobs: list[_Job]) -> list[tuple[_Job, Answer]]:
        try:
            session = self._resident.session(work.loaded, work.settings)
            for job in jobs:
                if job.text is None:
                    job.facts.update(describe(work.loaded.program, work.loaded.base, session))
            asked = [job for job in jobs if job.text is not None]
            answers = session.answer([job.text or "" for job in asked], work.distributions)
        except PawError as error:
            return [(job, Answer("", error=error)) for job in jobs]
        except Exception:  # a bug; it must not silence all other clients
            say(traceback.format_exc().rstrip())
            bug = PawError("server-failed", "the server failed, and has told why where it runs")
            return [(job, Answer("", error=bug)) for job in jobs]
        told = [(job, Answer("")) for job in jobs if job.text is None]
        return [*told, *zip(asked, answers, strict=True)]


def _deliver(pairs: Sequence[tuple[asyncio.Future[Answer], Answer]]) -> None:
    for done, answer in pairs:
        if not done.done():
            done.set_result(answer)
