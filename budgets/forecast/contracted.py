"""Forms whose months are agreed beforehand: what the year makes due if it goes on as it went so far; pure.

The terms of each form do the reckoning (true-up and hours, rule 19; malus, rule 21). Months that are not known are
filled with what the known months average, and where nothing is known with what was agreed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from budgets.forecast.agreed import carried_on
from budgets.forecast.inputs import Agreed
from lead_contractor.kernel.money import Cents, total
from lead_contractor.kernel.periods import MONTHS_IN_YEAR, Month
from subcontractors.agreements.availability import AvailabilityTerms
from subcontractors.agreements.forms import form
from subcontractors.agreements.fte import FteTerms
from subcontractors.agreements.model import Agreement, Due, Evidence, Realised

_FIELDS = ("fte", "hours", "occupancy_percent")
_Filled = tuple[Decimal, Decimal, Decimal]
"""Low, middle and high."""


def contracted(agreement: Agreement, year: int, months: Sequence[Month], known: Iterable[Realised]) -> Agreed:
    """What an agreement makes due in the year.

    Args:
        agreement: FTE, lump sum or availability.
        year: the contract year.
        months: the months of the contract that it covers.
        known: what was realised, in months that are over.
    """
    rows = {row.month: row for row in known if row.month in set(months)}
    filled = {name: _filled(agreement, name, months, rows) for name in _FIELDS}
    low, middle, high = (_due(agreement, year, months, rows, filled, place) for place in range(3))
    sums = sorted(one.contracted + one.true_up for one in (low, middle, high))
    by_month: dict[Month, Cents] = defaultdict(Cents)
    for one in middle.months:
        by_month[one.month] += one.amount
    return Agreed(dict(by_month), middle.contracted + middle.true_up, sums[0], sums[-1])


def _filled(agreement: Agreement, name: str, months: Sequence[Month], rows: Mapping[Month, Realised]) -> _Filled:
    """What a month that is not known is taken to be."""
    value: Callable[[Realised], Decimal | None] = lambda row: getattr(row, name)  # noqa: E731 - one name, three uses
    known = [found for _, row in sorted(rows.items()) if (found := value(row)) is not None]
    carried = carried_on(known, len(months) - len(known))
    if carried is None:
        agreed = _as_agreed(agreement.terms, name)
        return agreed, agreed, agreed
    return carried.low, carried.middle, carried.high


def _as_agreed(terms: object, name: str) -> Decimal:
    """What was agreed for a month, so that no clause bites."""
    if isinstance(terms, FteTerms):
        if name == "fte":
            return terms.fte
        if name == "hours" and terms.hours is not None:
            norm = terms.hours
            return terms.fte * norm.gross * norm.norm_percent / 100 / MONTHS_IN_YEAR
    if isinstance(terms, AvailabilityTerms) and name == "occupancy_percent" and terms.occupancy is not None:
        return terms.occupancy.norm_percent
    return Decimal(0)


def _due(
    agreement: Agreement,
    year: int,
    months: Sequence[Month],
    rows: Mapping[Month, Realised],
    filled: Mapping[str, _Filled],
    place: int,
) -> Due:
    """What is due when every month that is not known is filled in."""
    complete = []
    for month in months:
        row = rows.get(month, Realised(agreement.id, month))
        absent = {name: filled[name][place] for name in _FIELDS if getattr(row, name) is None}
        complete.append(replace(row, **absent))  # type: ignore[arg-type]  # the names are those of the fields
    return form(agreement.form).due(agreement, Evidence(year, tuple(months), tuple(complete)))


def together(every: Sequence[Agreed]) -> Agreed:
    """Agreements of one subcontractor in one form as one line."""
    months: dict[Month, Cents] = defaultdict(Cents)
    for one in every:
        for month, cents in one.months.items():
            months[month] += cents
    return Agreed(
        dict(months),
        total(one.year for one in every),
        total(one.low for one in every),
        total(one.high for one in every),
    )
