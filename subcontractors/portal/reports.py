"""Starts and stops that a provider types: plain values in, the message of the standard out.

A typed report names nobody: the allocation and the BSN say who it is about, and a birth date or a name would only be
one place more where it is kept. The standard wants them in a message; the standard's own signs for *unknown* stand
there.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from subcontractors.iwmo.model import Person, StartReport, StopReport
from subcontractors.iwmo.writer import write_305, write_307
from subcontractors.portal.allocations import OwnAllocation

STOP_REASONS = ("19", "20", "21", "22", "23", "02", "31", "38", "39")
"""Why a provider itself may stop (WMO588), the most common first; 36 and 37 follow from a message of ours."""

FIRST, WITHDRAWN = "1", "3"
_NOBODY = Person(birth_date=date(1900, 1, 1), sex="0", surname="Onbekend", birth_date_use="3")


class Kind(StrEnum):
    """A start or a stop."""

    START = "start"
    STOP = "stop"


class Wrong(StrEnum):
    """What is wrong with a typed report."""

    NO_ALLOCATION = "no_allocation"
    NO_BEGIN = "no_begin"
    NO_END = "no_end"
    NO_REASON = "no_reason"
    END_BEFORE_BEGIN = "end_before_begin"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Typed:
    """A start or stop as typed; ``end`` and ``reason`` only with a stop."""

    kind: Kind
    allocation: str
    begin: date | None
    end: date | None = None
    reason: str = ""
    status: str = FIRST


def wrongs(typed: Typed, known: Collection[str], today: date) -> tuple[Wrong, ...]:
    """What is wrong with a typed report before it is checked at all."""
    found = [
        (Wrong.NO_ALLOCATION, typed.allocation not in known),
        (Wrong.NO_BEGIN, typed.begin is None),
        (Wrong.AHEAD, typed.begin is not None and typed.begin > today),
    ]
    if typed.kind is Kind.STOP:
        found += [
            (Wrong.NO_END, typed.end is None),
            (Wrong.END_BEFORE_BEGIN, None not in (typed.begin, typed.end) and str(typed.end) < str(typed.begin)),
            (Wrong.NO_REASON, typed.reason not in STOP_REASONS),
        ]
    return tuple(one for one, broken in found if broken)


def message_of(typed: Typed, own: OwnAllocation, sender: str, receiver: str, identification: str, dated: date) -> bytes:
    """A typed report as the message of the standard: a WMO305 or a WMO307.

    Raises:
        ValueError: something is missing.
    """
    if typed.begin is None or (typed.kind is Kind.STOP and typed.end is None):
        raise ValueError("a report without its days")
    common = {
        "sender": sender,
        "receiver": receiver,
        "identification": identification,
        "dated": dated,
        "bsn": own.bsn,
        "person": _NOBODY,
        "allocation": own.key,
        "category": own.category,
        "product_code": own.product_code,
        "begin": typed.begin,
        "status": typed.status,
        "allocation_start": own.start,
    }
    if typed.kind is Kind.START:
        return write_305([StartReport(**common)])  # type: ignore[arg-type]  # the same fields for both
    return write_307([StopReport(**common, end=typed.end, reason=typed.reason)])  # type: ignore[arg-type]


def free_identification(kind: Kind, day: date, used: Collection[str]) -> str:
    """The next identification for a typed report: ``S250903N1``; at most twelve signs."""
    stem = f"{'S' if kind is Kind.START else 'E'}{day:%y%m%d}N"
    following = 1
    while f"{stem}{following}" in used:
        following += 1
    return f"{stem}{following}"
