"""From the smallest parts of a year to the tables of the meeting, as the lead contractor sees them; pure.

A part is a cell (:mod:`budgets.use.cells`): a product, a subcontractor and a cost account. Use, budget and forecast are
laid on the same cells, so that every table adds the same amounts up another way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from budgets.meeting.model import MeetingRow, MeetingTable, MeetingTables, Told
from budgets.use.cells import Amounts, Cell, is_own
from budgets.use.model import BudgetSource, RowKind
from lead_contractor.books import accounts
from lead_contractor.kernel.money import ZERO, Cents, total
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.rounding import decimal_places
from subcontractors.agreements.products import product_name

Key = tuple[RowKind, str]

By = Callable[[Cell], Key]


@dataclass(frozen=True, slots=True)
class Parts:
    """All that the tables of one month of recording are made of.

    Attributes:
        months: the service months that are in ``used``.
        used: cost by cell and month.
        budget: budget of the whole year by cell and month.
        forecast: what the year comes to by cell; empty without a forecast.
        people: the clients (opaque keys) served by cell.
        names: subcontractors by AGB code; empty for who may not see them.
        told: how the forecast of a cell came about; empty for who may not see lines.
    """

    months: tuple[Month, ...]
    source: BudgetSource
    used: Amounts
    budget: Amounts
    forecast: Mapping[Cell, Cents]
    people: Mapping[Cell, frozenset[int]]
    names: Mapping[str, str]
    told: Mapping[Cell, tuple[Told, ...]]

    @property
    def cells(self) -> frozenset[Cell]:
        """Every cell in which there is anything."""
        return frozenset((*self.used, *self.budget, *self.forecast, *self.people))


def product_key(cell: Cell) -> Key:
    """The product row of a cell."""
    if is_own(cell):
        return RowKind.OWN, cell.account
    return (RowKind.PRODUCT, cell.product) if cell.product else (RowKind.FORM, cell.account)


def form_key(cell: Cell) -> Key:
    """The row of its form of financing."""
    return (RowKind.OWN if is_own(cell) else RowKind.FORM), cell.account


def subcontractor_key(cell: Cell) -> Key:
    """The row of its subcontractor."""
    return (RowKind.OWN, cell.account) if is_own(cell) else (RowKind.SUBCONTRACTOR, cell.subcontractor)


def tables_of(parts: Parts) -> MeetingTables:
    """The tables as the lead contractor sees them."""
    cells = parts.cells
    outside = [cell for cell in cells if not is_own(cell)]
    return MeetingTables(
        parts.months,
        parts.source,
        forecasted=bool(parts.forecast),
        products=_table(parts, cells, product_key),
        forms=_table(parts, outside, form_key),
        subcontractors=_table(parts, outside, subcontractor_key),
    )


def _table(parts: Parts, cells: Iterable[Cell], by: By) -> MeetingTable:
    groups: dict[Key, list[Cell]] = defaultdict(list)
    for cell in cells:
        groups[by(cell)].append(cell)
    rows = sorted((_row(parts, *key, found) for key, found in groups.items()), key=_deviation)
    budgeted = [row for row in rows if row.budget is not None]
    rooms = [row.room for row in budgeted if row.room is not None]
    measures = [row.measure for row in budgeted if row.room is not None and row.measure is not None]
    people = frozenset().union(*(parts.people.get(cell, frozenset()) for found in groups.values() for cell in found))
    return MeetingTable(
        rows=tuple(rows),
        used=total(row.used or ZERO for row in rows),
        budget=total(row.budget or ZERO for row in budgeted) if budgeted else None,
        forecast=total(row.forecast or ZERO for row in rows) if parts.forecast else None,
        room=total(rooms) if rooms else None,
        measure=total(measures) if measures else None,
        clients=len(people),
        partly=any(row.budget is None and (row.used or row.forecast) for row in rows if row.kind is not RowKind.OWN),
    )


def _row(parts: Parts, kind: RowKind, code: str, cells: Sequence[Cell]) -> MeetingRow:
    used = by_month(parts.used, cells, parts.months)
    budgeted = [cell for cell in cells if cell in parts.budget]
    year = total(cents for cell in budgeted for cents in parts.budget[cell].values())
    so_far = by_month(parts.budget, budgeted, parts.months) if budgeted else ()
    people = [parts.people[cell] for cell in cells if cell in parts.people]
    told = tuple(one for cell in cells for one in parts.told.get(cell, ()))
    return MeetingRow(
        kind=kind,
        code=code,
        name=_name(kind, code, parts.names),
        used=total(used),
        by_month=used,
        budget=year if budgeted else None,
        budget_by_month=so_far,
        budget_to_date=total(so_far) if budgeted else None,
        forecast=total(parts.forecast.get(cell, ZERO) for cell in cells) if parts.forecast else None,
        clients=len(frozenset().union(*people)) if people else None,
        utilisation=utilisation(told),
        told=told,
    )


def utilisation(told: Sequence[Told]) -> Decimal | None:
    """What of the allocations under these lines is used (rule 31), weighted by what was allocated."""
    figures = [reason.figures for one in told for reason in one.reasons if reason.code == "utilisation"]
    allocated = sum(int(one["allocated"]) for one in figures)
    if not allocated:
        return None
    used = sum((Fraction(one["used_percent"]) * int(one["allocated"]) for one in figures), Fraction(0))
    rounded = decimal_places(used / allocated, 1)
    return Decimal(rounded.numerator) / Decimal(rounded.denominator)


def by_month(amounts: Amounts, cells: Iterable[Cell], months: Sequence[Month]) -> tuple[Cents, ...]:
    """The amounts of cells, month by month."""
    found = [amounts.get(cell, {}) for cell in cells]
    return tuple(total(one.get(month, ZERO) for one in found) for month in months)


def _name(kind: RowKind, code: str, names: Mapping[str, str]) -> str:
    if kind is RowKind.PRODUCT:
        return product_name(code)
    if kind is RowKind.SUBCONTRACTOR:
        return names.get(code, "")
    return accounts.ACCOUNTS[code].name if code in accounts.ACCOUNTS else ""


def _deviation(row: MeetingRow) -> tuple[bool, bool, int, str]:
    """What deviates most from its budget first; then what has no budget, largest first; own cost last."""
    room = row.room
    return row.kind is RowKind.OWN, room is None, -abs(room if room is not None else row.used or 0), row.code
