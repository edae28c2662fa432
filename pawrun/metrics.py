"""What a server counts, in the text format of Prometheus."""

from __future__ import annotations

import asyncio
from time import monotonic

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from .answers import Answer
from .scheduler import Scheduler

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """Counters of one server, in a registry of its own."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._registry = registry = CollectorRegistry()
        self._records = Counter(
            "pawrun_records",
            "Records, by what became of them: answered, failed, or dropped because the client left.",
            ["program", "outcome"],
            registry=registry,
        )
        self._seconds = Histogram(
            "pawrun_answer_seconds",
            "From the arrival of a record to its answer.",
            ["program"],
            buckets=_SECONDS,
            registry=registry,
        )
        waiting = Gauge("pawrun_records_waiting", "Records that nobody computes yet.", registry=registry)
        waiting.set_function(scheduler.waiting)
        sessions = Gauge("pawrun_sessions_open", "Programs that are ready to answer.", registry=registry)
        sessions.set_function(scheduler.sessions)

    def note(self, program: str, began: float, done: asyncio.Future[Answer]) -> None:
        """Count a record that came in at `began` (monotonic) and is done with."""
        if done.cancelled():
            self._records.labels(program, "dropped").inc()
            return
        self._records.labels(program, "answered" if done.result().error is None else "failed").inc()
        self._seconds.labels(program).observe(monotonic() - began)

    def text(self) -> tuple[bytes, str]:
        """The page of `/metrics` and its content type."""
        return generate_latest(self._registry), CONTENT_TYPE_PLAIN_0_0_4
