"""A stopwatch that can be stopped and started again, for the clock on the wall and the processor alike."""

from __future__ import annotations

import time
from types import TracebackType


class Stopwatch:
    """Seconds of the blocks under it, added up; ``processor`` counts this process only, not a database server."""

    def __init__(self) -> None:
        self.wall = 0.0
        self.processor = 0.0
        self._wall = 0.0
        self._processor = 0.0

    def __enter__(self) -> None:
        self._wall, self._processor = time.perf_counter(), time.process_time()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.wall += time.perf_counter() - self._wall
        self.processor += time.process_time() - self._processor
