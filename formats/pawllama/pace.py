"""How many threads to compute with: as many as were the fastest lately.

Threads wait for each other at every step of a graph, of which a small model with an adapter has some three
hundred. Where another process has one of the cores, each of these waits is a turn of the system's scheduler,
and one thread, which waits for nobody, is several times as fast as two; on an idle machine two are faster.
That changes from one second to the next, so it is measured. No result depends on it: ggml gives whole rows
to a thread and adds up none of them twice.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable

#: Batches until the first comparison, and at most between two.
_SOON, _SELDOM = 4, 256
#: What the latest batch counts in a mean of times.
_LATEST = 0.3
#: So many times as long as it took lately: the machine has changed.
_CHANGED = 2.0


class Pace:
    """For batches of about one size; `most` threads at most. Not for several threads at once."""

    def __init__(self, most: int) -> None:
        self._choices = [most]
        while self._choices[-1] > 1:
            self._choices.append(max(1, self._choices[-1] // 2))
        self._took: dict[int, float] = {}  # seconds a token, by threads
        self._left = self._gap = _SOON
        self._turn = 0

    def threads(self) -> int:
        """With how many the next batch should be computed."""
        for choice in self._choices:  # the most first: what is computed once finds an idle machine
            if choice not in self._took:
                return choice
        best = self._best()
        if self._left > 0 or len(self._choices) == 1:
            return best
        others = [choice for choice in self._choices if choice != best]
        return others[self._turn % len(others)]

    def took(self, threads: int, seconds: float) -> None:
        """So long a batch took, for each of its tokens, with as many threads as `threads` said."""
        best = self._best() if self._took else threads
        before = self._took.get(threads)
        if before is None or threads != best:  # long ago: only the latest counts
            self._took[threads] = seconds
        else:
            self._took[threads] += _LATEST * (seconds - before)
            if seconds > _CHANGED * before:
                self._gap, self._left = _SOON, 0
                return
        if self._left > 0:
            self._left -= 1
            return
        self._turn += 1
        self._gap = _SOON if self._best() != best else min(2 * self._gap, _SELDOM)
        self._left = self._gap

    def _best(self) -> int:
        return min(self._took, key=self._took.__getitem__)


class Paces:
    """A pace for each size of batches, or a number of `threads` that is fixed."""

    def __init__(self, threads: int | None, most: int) -> None:
        self.most = threads or most
        self._fixed = threads is not None
        self._by_size = defaultdict[int, Pace](lambda: Pace(self.most))

    def run(self, size: int, compute: Callable[[int], None]) -> None:
        """Compute a batch of `size` tokens with the threads that `compute` is told."""
        if self._fixed or self.most == 1:
            compute(self.most)
            return
        pace = self._by_size[size.bit_length()]
        threads = pace.threads()
        began = time.perf_counter()
        compute(threads)
        pace.took(threads, (time.perf_counter() - began) / size)
