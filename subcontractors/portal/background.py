"""Work that takes longer than a second: it runs on while the page can be left, and the result waits.

One process serves the site, so what runs is kept here and not in the database: the draft itself is stored, and where
the result is gone the check simply runs again. A result is kept for a while only, and never after the draft changed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")
PATIENCE = 1.0
"""For so many seconds a page waits before it shows progress instead."""

KEEP = 600.0
"""For so many seconds a result is kept."""

Count = Callable[[int], None]


@dataclass(slots=True)
class Job(Generic[T]):
    """Work that runs or has run; ``read`` counts the lines that were read, of about ``total``."""

    future: Future[T]
    begun: float
    total: int = 0
    read: int = 0

    @property
    def seconds(self) -> int:
        """For how long it has been running."""
        return int(time.monotonic() - self.begun)


@dataclass(slots=True)
class Jobs(Generic[T]):
    """The work of one kind on one site, by key."""

    patience: float = PATIENCE
    _jobs: dict[str, Job[T]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2, thread_name_prefix="portaal"))

    def of(self, key: str, total: int, work: Callable[[Count], T]) -> T | Job[T]:
        """The result of work, or the job that is still at it.

        What is short is done within the call and runs anew each time; what is long is begun once and its result kept.
        An exception of the work comes out here.
        """
        job = self._job(key, total, work)
        try:
            found = job.future.result(timeout=self.patience)
        except NotYet:
            return job
        except BaseException:
            self.forget(key)
            raise
        if job.seconds < KEEP and time.monotonic() - job.begun < self.patience:
            self.forget(key)
        return found

    def running(self, key: str) -> bool:
        """Whether there is work under a key, done or not."""
        with self._lock:
            return key in self._jobs

    def forget(self, key: str) -> None:
        """Keep nothing under a key."""
        with self._lock:
            self._jobs.pop(key, None)

    def _job(self, key: str, total: int, work: Callable[[Count], T]) -> Job[T]:
        with self._lock:
            oldest = time.monotonic() - KEEP
            for old in [known for known, job in self._jobs.items() if job.future.done() and job.begun < oldest]:
                del self._jobs[old]
            job = self._jobs.get(key)
            if job is None:
                job = Job(Future(), time.monotonic(), total)
                self._jobs[key] = job
                job.future = self._pool.submit(work, _counter(job))
            return job


def _counter(job: Job[T]) -> Count:
    def count(lines: int) -> None:
        job.read = lines

    return count
