"""The volume adjustment: the lump sum follows the number of beschikkingen (rules 7 and 8).

The adjustment is reckoned for a full year and rounded; :mod:`lead_contractor.contract.lump_sum` prorates it.
Corridor bounds are not rounded; on or inside them nothing happens.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from lead_contractor.contract.model import BeschikkingCount, CorridorMode, Measure, VolumeClause
from lead_contractor.kernel.findings import Finding
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.rounding import to_cents

CONTRACT_FILE = "contract.toml"
COUNTS_FILE = "beschikkingen.csv"
MONTHS_IN_QUARTER = 3
HUNDRED_PERCENT = 100


def measuring_days(clause: VolumeClause, months: Sequence[Month]) -> tuple[date, ...]:
    """The days that count: quarter ends or month ends inside the contract period, or the reference date."""
    if clause.measure is Measure.REFERENCE_DATE:
        return () if clause.reference_date is None else (clause.reference_date,)
    if clause.measure is Measure.QUARTER_ENDS:
        return tuple(month.last for month in months if month.number % MONTHS_IN_QUARTER == 0)
    return tuple(month.last for month in months)


def measured_volume(clause: VolumeClause, months: Sequence[Month], counts: Sequence[BeschikkingCount]) -> Fraction:
    """The average number of beschikkingen on the measuring days, exact.

    Raises:
        KeyError: a measuring day has no count; see :func:`missing_counts`.
        ZeroDivisionError: the contract period holds no measuring day.
    """
    active = {count.date: Fraction(count.active) for count in counts}
    days = measuring_days(clause, months)
    return sum((active[day] for day in days), Fraction(0)) / len(days)


def volume_difference(clause: VolumeClause, measured: Fraction) -> Fraction:
    """How many beschikkingen are settled: outside the corridor the excess, or the whole difference."""
    baseline = Fraction(clause.baseline)
    margin = baseline * Fraction(clause.corridor_percent or 0) / 100
    floor, ceiling = baseline - margin, baseline + margin
    if floor <= measured <= ceiling:
        return Fraction(0)
    if clause.corridor_mode is CorridorMode.WHOLE:
        return measured - baseline
    return measured - ceiling if measured > ceiling else measured - floor


def full_year_adjustment(clause: VolumeClause, measured: Fraction, indexed_amount: Cents) -> Cents:
    """The adjustment for a full year in cents, rounded once.

    The price of a beschikking is the agreed one, or the indexed full-year amount per beschikking of the
    baseline, not rounded.
    """
    if clause.price_per_unit is not None:
        price = Fraction(int(clause.price_per_unit))
    else:
        price = Fraction(int(indexed_amount)) / Fraction(clause.baseline)
    return to_cents(price * volume_difference(clause, measured))


def missing_counts(
    clause: VolumeClause | None, months: Sequence[Month], counts: Sequence[BeschikkingCount]
) -> tuple[Finding, ...]:
    """What stands in the way of the volume adjustment: terms that do not fit and counts that are not there."""
    if clause is None:
        return ()
    return (*_term_findings(clause, months), *_count_findings(clause, months, counts))


def _term_findings(clause: VolumeClause, months: Sequence[Month]) -> tuple[Finding, ...]:
    found = []
    if clause.baseline <= 0:
        found.append(
            _term("baseline", f"Het uitgangsaantal {clause.baseline} is niet groter dan nul.", "Vul een aantal in.")
        )
    corridor = clause.corridor_percent
    if corridor is not None and not 0 <= corridor <= HUNDRED_PERCENT:
        found.append(
            _term(
                "corridor_percent",
                f"De bandbreedte van {corridor}% ligt niet tussen 0 en 100.",
                "Vul een percentage tussen 0 en 100 in, of laat het weg als er geen bandbreedte is.",
            )
        )
    if clause.measure is Measure.REFERENCE_DATE and clause.reference_date is None:
        found.append(
            _term(
                "reference_date",
                "Er wordt op een peildatum gemeten, maar de peildatum ontbreekt.",
                "Vul lump_sum.volume.reference_date in of kies een andere measure.",
            )
        )
    elif not measuring_days(clause, months):
        found.append(
            _term(
                "measure",
                "In de contractperiode valt geen kwartaaleinde, dus er is niets te meten.",
                "Kies average_of_month_ends of reference_date.",
            )
        )
    return tuple(found)


def _count_findings(
    clause: VolumeClause, months: Sequence[Month], counts: Sequence[BeschikkingCount]
) -> tuple[Finding, ...]:
    active: dict[date, set[Decimal]] = {}
    for count in counts:
        active.setdefault(count.date, set()).add(count.active)
    found = []
    for day in measuring_days(clause, months):
        if day not in active:
            message = f"Het aantal beschikkingen op {day.isoformat()} ontbreekt."
            found.append(_count("date", message, f"Voeg een rij toe met date {day.isoformat()} en het aantal."))
        elif len(active[day]) > 1:
            message = f"Voor {day.isoformat()} staan er verschillende aantallen beschikkingen."
            found.append(_count("active", message, "Laat alleen de rij staan die geldt."))
    return tuple(found)


def _term(key: str, message: str, remedy: str) -> Finding:
    return Finding("contract.volume.terms", message, remedy, file=CONTRACT_FILE, column=f"lump_sum.volume.{key}")


def _count(column: str, message: str, remedy: str) -> Finding:
    return Finding("contract.volume.count", message, remedy, file=COUNTS_FILE, column=column)
