"""Where the time of a load goes: a clock on each stage, which stands still while a stage inside it runs.

A profiler counts every call and so makes code with many small calls look slow; a few clocks on whole stages do not.
"""

from __future__ import annotations

import functools
import pkgutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

from sqlalchemy import Engine

REST = "rest: messages put in order and stored, decisions"
READING = "messages read, structure checked"
CHECKING = "content of messages checked"
LINE_HASHES = "content of messages hashed"
TABLES = "tables and terms of the folder read and checked"
HASHING = "year and files hashed"
SEALING = "originals compressed and encrypted"
CLIENTS = "BSNs hashed and encrypted"
INSERTING = "rows made and inserted by the bulk path"
JUDGING = "lines judged and stored in SQL"
KEEPING = "judged lines added up in SQL"
BOOKING = "books kept in SQL"
COMMITTING = "commit"

PLACES = (
    ("budgets.year_folder.service.read", TABLES),
    ("budgets.year_folder.service.content_hash", HASHING),
    ("subcontractors.declarations.arrivals.scan_declaration", READING),
    ("subcontractors.declarations.arrivals.read_file", READING),
    ("subcontractors.declarations.arrivals.sound", CHECKING),
    ("subcontractors.declarations.reader.checked", CHECKING),
    ("subcontractors.iwmo.reader.hash_of_content", LINE_HASHES),
    ("subcontractors.iwmo.reader.hash_of_declaration", LINE_HASHES),
    ("lead_contractor.kernel.vault.Vault.seal_file", SEALING),
    ("lead_contractor.clients.store.ClientIndex.save", CLIENTS),
    ("lead_contractor.kernel.tenancy.bulk_insert", INSERTING),
    ("lead_contractor.books.store.bulk_insert", INSERTING),
    ("subcontractors.declarations.waiting.insert", INSERTING),
    ("subcontractors.declarations.engine.store_ahead", JUDGING),
    ("subcontractors.declarations.engine.judge", JUDGING),
    ("subcontractors.declarations.engine._add_up", KEEPING),
    ("subcontractors.declarations.intake.post_lines", BOOKING),
    ("budgets.year_folder.service.reconcile", BOOKING),
    ("budgets.year_folder.service.post_contract", BOOKING),
    ("budgets.year_folder.service.post_dues", BOOKING),
)
"""Which function belongs to which stage."""


class Clock:
    """Seconds by stage; of nested stages only the innermost runs."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._running: list[str] = []
        self._since = 0.0

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the block under a stage."""
        self._turn()
        self._running.append(name)
        try:
            yield
        finally:
            self._turn()
            self._running.pop()

    def _turn(self) -> None:
        now = time.perf_counter()
        if self._running:
            running = self._running[-1]
            self.seconds[running] = self.seconds.get(running, 0.0) + now - self._since
        self._since = now


@contextmanager
def clocks(engine: Engine) -> Iterator[Clock]:
    """Put a clock on every stage for the length of the block; a commit counts as one too."""
    clock = Clock()
    with ExitStack() as stack:
        for place, name in PLACES:
            stack.enter_context(_on(place, name, clock))
        committing = engine.dialect.do_commit
        stack.enter_context(mock.patch.object(engine.dialect, "do_commit", _counted(committing, COMMITTING, clock)))
        yield clock


@contextmanager
def _on(place: str, name: str, clock: Clock) -> Iterator[None]:
    """Replace a function by itself with a clock on it."""
    owner, _, attribute = place.rpartition(".")
    holder = pkgutil.resolve_name(owner)
    with mock.patch.object(holder, attribute, _counted(getattr(holder, attribute), name, clock)):
        yield


def _counted(function: Callable[..., Any], name: str, clock: Clock) -> Callable[..., Any]:
    @functools.wraps(function)
    def counted(*arguments: Any, **named: Any) -> Any:
        with clock.stage(name):
            return function(*arguments, **named)

    return counted
