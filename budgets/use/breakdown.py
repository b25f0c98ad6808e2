"""The use of the year by product, by subcontractor and by form, each a way to add the same cells up; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from budgets.use.cells import Amounts, Cell, Cover, is_own
from budgets.use.model import BudgetSource, RowKind, UseRow, UseTable, UseTables
from budgets.use.suppress import Row, is_small, suppress
from lead_contractor.books import accounts
from lead_contractor.kernel.money import Cents, total
from lead_contractor.kernel.periods import Month
from subcontractors.agreements.products import product_name

Served = tuple[str, str, str, int]
"""Subcontractor, agreement, product and client of accepted lines."""
Key = tuple[RowKind, str]
BY_PERSON = frozenset({accounts.COST_PXQ, accounts.COST_TRAJECTORY, accounts.COST_PRIOR_YEAR})
"""Accounts whose money follows persons; that of other forms is agreed without looking at who comes."""


@dataclass(frozen=True, slots=True)
class Use:
    """All that the tables are made of, up to the last of ``months``.

    Attributes:
        used: cost by cell and month.
        budget: budget by cell and month.
        people: the clients (opaque keys) served by cell.
        names: subcontractors by AGB code; empty for who may not see them.
    """

    months: tuple[Month, ...]
    source: BudgetSource
    used: Amounts
    budget: Amounts
    people: Mapping[Cell, frozenset[int]]
    names: Mapping[str, str]


def people_of(served: Iterable[Served], covers: Mapping[str, Cover]) -> dict[Cell, frozenset[int]]:
    """The clients by cell, for lines under an agreement."""
    found: dict[Cell, set[int]] = defaultdict(set)
    for sender, agreement, product, client in served:
        cover = covers.get(agreement)
        if cover is not None:
            found[Cell(cover.row_of(product), sender, cover.account)].add(client)
    return {cell: frozenset(clients) for cell, clients in found.items()}


def use_tables(use: Use) -> UseTables:
    """The tables as the lead contractor sees them."""
    outside = {cell for cell in (*use.used, *use.budget) if not is_own(cell)}
    return UseTables(
        use.months,
        use.source,
        products=_table(use, {*use.used, *use.budget}, product_key),
        forms=_table(use, {cell for cell in use.used if not is_own(cell)}, form_key),
        subcontractors=_table(use, outside, subcontractor_key),
    )


def disclosed(use: Use, *, sees_subcontractors: bool) -> UseTables:
    """The tables as the municipality may see them: small numbers out, and what would give them away.

    Hidden rows carry no money and no number of people; a budget from a file is the municipality's own and stays.
    """
    tables = use_tables(use)
    shown = [(tables.products, product_key), (tables.forms, form_key)]
    if sees_subcontractors and tables.subcontractors is not None:
        shown.append((tables.subcontractors, subcontractor_key))
    outside = [cell for cell in {*use.used, *use.people} if not is_own(cell)]
    people: frozenset[int] = frozenset().union(*use.people.values())
    published = [[_published(row, outside, key) for row in table.rows] for table, key in shown]
    found = suppress(published, totals=[frozenset(outside)])
    made = [
        _without(table, rows, hidden, keeps_budget=use.source is BudgetSource.FILE, few=is_small(len(people)))
        for (table, _), rows, hidden in zip(shown, published, found, strict=True)
    ]
    return replace(tables, products=made[0], forms=made[1], subcontractors=made[2] if sees_subcontractors else None)


def _published(row: UseRow, cells: Iterable[Cell], key: Callable[[Cell], Key]) -> Row:
    if row.kind is RowKind.OWN:
        return Row(None, frozenset())
    own = frozenset(cell for cell in cells if key(cell) == (row.kind, row.code))
    people = row.clients
    if people is None and any(cell.product and cell.account in BY_PERSON for cell in own):
        people = 1  # money that follows persons, of whom none is counted yet: they are few
    return Row(people, own)


def _without(
    table: UseTable, published: Sequence[Row], hidden: frozenset[int], *, keeps_budget: bool, few: bool
) -> UseTable:
    """The table without what stands in hidden rows; they move behind the others, so that their place says nothing."""
    shown = [row for place, row in enumerate(table.rows) if place not in hidden and row.kind is not RowKind.OWN]
    out = [
        replace(
            row,
            used=None,
            by_month=(),
            budget=row.budget if keeps_budget else None,
            budget_by_month=row.budget_by_month if keeps_budget else (),
            clients=None,
            hidden=True,
            few=is_small(published[place].people),
        )
        for place, row in enumerate(table.rows)
        if place in hidden
    ]
    own = [row for row in table.rows if row.kind is RowKind.OWN]
    rows = (*shown, *sorted(out, key=lambda row: row.code), *own)
    return replace(table, rows=rows, clients=None if few else table.clients)


def product_key(cell: Cell) -> Key:
    """The row of a cell by product; what is not about a product stands under its form, own cost under itself."""
    if is_own(cell):
        return RowKind.OWN, cell.account
    return (RowKind.PRODUCT, cell.product) if cell.product else (RowKind.FORM, cell.account)


def form_key(cell: Cell) -> Key:
    """The row of a cell by form of financing."""
    return RowKind.FORM, cell.account


def subcontractor_key(cell: Cell) -> Key:
    """The row of a cell by subcontractor."""
    return RowKind.SUBCONTRACTOR, cell.subcontractor


def _table(use: Use, cells: Iterable[Cell], key: Callable[[Cell], Key]) -> UseTable:
    groups: dict[Key, list[Cell]] = defaultdict(list)
    for cell in {*cells, *use.people}:
        groups[key(cell)].append(cell)
    rows = sorted((_row(use, *which, found) for which, found in groups.items()), key=_deviation)
    budgets = [row.budget for row in rows if row.budget is not None]
    people = frozenset().union(*use.people.values())
    return UseTable(
        rows=tuple(rows),
        used=total(row.used or 0 for row in rows),
        budget=total(budgets) if budgets else None,
        used_of_budget=total(row.used or 0 for row in rows if row.budget is not None),
        clients=len(people),
    )


def _row(use: Use, kind: RowKind, code: str, cells: Sequence[Cell]) -> UseRow:
    used = _by_month(use.used, cells, use.months)
    budgeted = [cell for cell in cells if cell in use.budget]
    budget = _by_month(use.budget, budgeted, use.months) if budgeted else ()
    people = [use.people[cell] for cell in cells if cell in use.people]
    return UseRow(
        kind=kind,
        code=code,
        name=_name(kind, code, use.names),
        used=total(used),
        by_month=used,
        budget=total(budget) if budgeted else None,
        budget_by_month=budget,
        clients=len(frozenset().union(*people)) if people else None,
    )


def _by_month(amounts: Amounts, cells: Iterable[Cell], months: Sequence[Month]) -> tuple[Cents, ...]:
    found = [amounts.get(cell, {}) for cell in cells]
    return tuple(total(one.get(month, 0) for one in found) for month in months)


def _name(kind: RowKind, code: str, names: Mapping[str, str]) -> str:
    if kind is RowKind.PRODUCT:
        return product_name(code)
    if kind is RowKind.SUBCONTRACTOR:
        return names.get(code, "")
    return accounts.ACCOUNTS[code].name if code in accounts.ACCOUNTS else ""


def _deviation(row: UseRow) -> tuple[bool, bool, int, str]:
    """What deviates most from its budget first; then what has no budget, largest first; own cost last."""
    room = row.room
    return row.kind is RowKind.OWN, room is None, -abs(room if room is not None else row.used or 0), row.code
