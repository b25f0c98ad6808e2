"""Episodes of care: from allocations and start and stop reports (WMO305, WMO307) to trajectories.

A report is deleted by a later one with the same key and StatusAanlevering 3 (IV008): for a start the
allocation and begin, for a stop also reason and end. Reason 20 is temporary and ends nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from lead_contractor.kernel.findings import Finding, Severity
from subcontractors.agreements.model import Trajectory

TEMPORARY = "20"
ALLOCATIONS_FILE = "allocations.csv"


@dataclass(frozen=True, slots=True)
class AllocationSpan:
    """The days of an allocation, inclusive; ``client`` is an opaque client key."""

    number: str
    client: int
    product_code: str
    start: date
    end: date | None
    area: str = ""


@dataclass(frozen=True, slots=True)
class StartEvent:
    """A start report; ``deleted`` takes back the earlier report with the same key."""

    allocation: str
    begin: date
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class StopEvent:
    """A stop report; ``begin`` repeats the start, ``end`` is the last day, inclusive."""

    allocation: str
    begin: date
    end: date
    reason: str
    deleted: bool = False


def trajectories(
    allocations: Iterable[AllocationSpan], starts: Iterable[StartEvent], stops: Iterable[StopEvent]
) -> tuple[tuple[Trajectory, ...], tuple[Finding, ...]]:
    """Make trajectories of allocations and reports; reports are in the order in which they were received.

    An allocation without start report starts on its own start. A start while none is open opens a
    trajectory; a definitive stop closes it; without stop it ends on the allocation's end. An allocation
    without end date is a finding, not a trajectory.
    """
    standing_starts = _standing_starts(starts)
    standing_stops = _standing_stops(stops)
    made: list[Trajectory] = []
    found: list[Finding] = []
    for span in sorted(allocations, key=lambda one: (one.start, one.number)):
        if span.end is None:
            found.append(_no_end(span))
            continue
        begins = sorted(standing_starts.get(span.number, [])) or [span.start]
        made.extend(_episodes(span, span.end, begins, standing_stops.get(span.number, [])))
        found.extend(_late_start(span, begin) for begin in begins if begin > span.end)
    return tuple(made), tuple(found)


def _standing_starts(starts: Iterable[StartEvent]) -> dict[str, list[date]]:
    standing: dict[tuple[str, date], StartEvent] = {}
    for event in starts:
        key = (event.allocation, event.begin)
        if event.deleted:
            standing.pop(key, None)
        else:
            standing[key] = event
    by_allocation: dict[str, list[date]] = {}
    for event in standing.values():
        by_allocation.setdefault(event.allocation, []).append(event.begin)
    return by_allocation


def _standing_stops(stops: Iterable[StopEvent]) -> dict[str, list[StopEvent]]:
    standing: dict[tuple[str, date, date, str], StopEvent] = {}
    for event in stops:
        key = (event.allocation, event.begin, event.end, event.reason)
        if event.deleted:
            standing.pop(key, None)
        elif event.reason != TEMPORARY:
            standing[key] = event
    by_allocation: dict[str, list[StopEvent]] = {}
    for event in standing.values():
        by_allocation.setdefault(event.allocation, []).append(event)
    return by_allocation


def _episodes(
    span: AllocationSpan, last_day: date, begins: Sequence[date], stops: Sequence[StopEvent]
) -> list[Trajectory]:
    """Pair starts with stops in order of time; a stop after the allocation's end came too late to end anything."""
    unused = sorted((stop for stop in stops if stop.end <= last_day), key=lambda stop: (stop.end, stop.reason))
    made: list[Trajectory] = []
    for begin in begins:
        if begin > last_day or (made and (begin < made[-1].ended or made[-1].stop_reason is None)):
            continue
        stop = next((stop for stop in unused if stop.end >= begin), None)
        if stop is not None:
            unused.remove(stop)
        made.append(
            Trajectory(
                allocation=span.number,
                client=span.client,
                product_code=span.product_code,
                started=begin,
                ended=stop.end if stop else last_day,
                allocation_start=span.start,
                allocation_end=last_day,
                stop_reason=stop.reason if stop else None,
                area=span.area,
            )
        )
    return made


def _no_end(span: AllocationSpan) -> Finding:
    return Finding(
        "agreement.trajectory.end",
        f"Toewijzing {span.number} van een traject heeft geen einddatum.",
        "Vul de einddatum van de toewijzing in; naar rato wordt door haar dagen gedeeld.",
        file=ALLOCATIONS_FILE,
        column="end",
    )


def _late_start(span: AllocationSpan, begin: date) -> Finding:
    return Finding(
        "agreement.trajectory.start",
        f"De start op {begin.isoformat()} ligt na het einde van toewijzing {span.number} en telt niet.",
        "Laat de onderaannemer het startbericht verwijderen of verleng de toewijzing.",
        file=ALLOCATIONS_FILE,
        column="end",
        severity=Severity.WARNING,
    )
