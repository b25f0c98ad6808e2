"""The tables of the meeting as the municipality may see them: without what stands in hidden rows; pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from budgets.meeting.model import MeetingRow, MeetingTable, MeetingTables
from budgets.meeting.rows import By, Key, Parts, form_key, product_key, subcontractor_key, tables_of
from budgets.meeting.walk import Then, hidden_keys, undrawn_keys
from budgets.use.model import BudgetSource, RowKind
from budgets.use.suppress import is_small, tens


def table_keys(*, sees_subcontractors: bool) -> list[By]:
    """What makes the rows of each table that the municipality sees: products, forms, subcontractors."""
    return [product_key, form_key, *([subcontractor_key] if sees_subcontractors else [])]


def disclosed(parts: Parts, walked: Sequence[Then], *, sees_subcontractors: bool) -> MeetingTables:
    """The tables as the municipality may see them.

    Args:
        parts: of the month that is looked at.
        walked: what each month of recording said, from the first up to and including the one that is looked at.
        sees_subcontractors: whether the contract lets the municipality see them.
    """
    tables = tables_of(parts)
    keys = table_keys(sees_subcontractors=sees_subcontractors)
    hidden, undrawn = hidden_keys(walked, keys), undrawn_keys(walked, keys)
    few = bool(walked) and is_small(walked[-1].everybody)
    keeps = parts.source is BudgetSource.FILE
    people = walked[-1].people if walked else {}
    made = [
        _without(_undrawn(table, bare), out, people, keeps_budget=keeps, few=few)
        for table, out, bare in zip(
            (tables.products, tables.forms, tables.subcontractors), hidden, undrawn, strict=False
        )
        if table is not None
    ]
    return replace(tables, products=made[0], forms=made[1], subcontractors=made[2] if sees_subcontractors else None)


def _without(
    table: MeetingTable, hidden: Collection[Key], people: Mapping[Key, int], *, keeps_budget: bool, few: bool
) -> MeetingTable:
    """The table without what stands in hidden rows; they move behind the others, so that their place says nothing."""
    shown, out, own = [], [], []
    for row in table.rows:
        if row.kind is RowKind.OWN:
            own.append(row)
        elif (row.kind, row.code) not in hidden:
            shown.append(replace(row, told=(), clients=tens(row.clients), tens=True))
        else:
            out.append(_emptied(row, people.get((row.kind, row.code)), keeps_budget=keeps_budget))
    rows = (*shown, *sorted(out, key=lambda row: row.code), *own)
    return replace(table, rows=rows, clients=None if few else tens(table.clients), tens=True)


def _undrawn(table: MeetingTable, bare: Collection[Key]) -> MeetingTable:
    """The table without the months of rows that may not be drawn."""
    rows = tuple(
        replace(row, by_month=(), budget_by_month=()) if (row.kind, row.code) in bare else row for row in table.rows
    )
    return replace(table, rows=rows)


def _emptied(row: MeetingRow, people: int | None, *, keeps_budget: bool) -> MeetingRow:
    return MeetingRow(
        row.kind,
        row.code,
        row.name,
        None,
        budget=row.budget if keeps_budget else None,
        budget_by_month=row.budget_by_month if keeps_budget else (),
        budget_to_date=row.budget_to_date if keeps_budget else None,
        hidden=True,
        few=people is None or is_small(people),
    )
