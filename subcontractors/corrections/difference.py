"""From lines whose agreed tariff was changed afterwards to what is to become of them; pure.

The volume and the dates of a line are what the provider declared and never change; only tariff and amount do.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date

from lead_contractor.kernel.money import Cents
from subcontractors.agreements.units import minute_amount, shown_minute_tariff
from subcontractors.corrections.model import ApprovedLine, Change, Kind, TakenBack
from subcontractors.corrections.window import correction_window


def repriced(line: ApprovedLine, own: Cents | None, hour: Cents | None) -> tuple[Cents, Cents]:
    """Tariff and amount of a line as agreed now.

    Args:
        line: the line.
        own: the tariff in the unit of the line, if there is one.
        hour: the tariff of an hour, for a line in minutes that has none of its own (IV081).

    Raises:
        ValueError: there is no tariff at all.
    """
    if own is not None:
        return own, Cents(int(own) * line.volume)
    if hour is None:
        raise ValueError("a line without an agreed tariff cannot be priced")
    return shown_minute_tariff(hour), minute_amount(hour, line.volume)


def differences(
    found: Iterable[tuple[ApprovedLine, Cents | None, Cents | None]], corrections_until: date, today: date
) -> tuple[Change, ...]:
    """What a difference run changes: each line at the tariff as agreed now."""
    made = []
    for line, own, hour in found:
        tariff, amount = repriced(line, own, hour)
        made.append(Change(line, correction_window(line.approved_on, corrections_until, today), tariff, amount))
    return tuple(made)


def taken_back(
    found: Iterable[tuple[ApprovedLine, TakenBack]], corrections_until: date, today: date
) -> tuple[Change, ...]:
    """What taking back changes: each line is credited and nothing takes its place."""
    return tuple(
        Change(line, correction_window(line.approved_on, corrections_until, today), why=why) for line, why in found
    )


def hash_of(kind: Kind, changes: Iterable[Change]) -> str:
    """SHA-256 over what changes, so that an approval is of what the maker saw."""
    rows = [
        [change.line.id, int(change.line.amount), change.new_tariff, change.new_amount, change.why]
        for change in changes
    ]
    return hashlib.sha256(json.dumps([kind, rows], default=int).encode()).hexdigest()
