"""Queries on the use of the budget, beside those of the books: who was served, and what agreements cover."""

from __future__ import annotations

from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.tables import agreement, agreement_cover
from subcontractors.declarations.served import OPEN
from subcontractors.declarations.tables import served as kept


def served(scope: Scope, contract_id: int, until: Month | None) -> list[tuple[str, str, str, int]]:
    """Who was served: subcontractor, agreement, product and client, each combination once.

    Who is seen at the end of a month of recording, over the months that are complete by then; ``None`` is the newest
    state. The client is an opaque key, to be counted and never shown. Reads what is kept
    (:mod:`subcontractors.declarations.served`), never a line.
    """
    columns = (kept.c.subcontractor, kept.c.agreement, kept.c.product_code, kept.c.client_id)
    statement = scope.select(*columns).where(kept.c.contract_id == contract_id)
    if until is None:
        statement = statement.where(kept.c.seen_until == OPEN)
    else:
        statement = statement.where(kept.c.seen_from <= str(until), kept.c.seen_until > str(until))
    return [(row[0], row[1], row[2], row[3]) for row in scope.rows(statement)]


def served_spans(scope: Scope, contract_id: int) -> list[tuple[str, str, str, int, str, str, int]]:
    """The same for all months at once: from and until which month of recording each is seen, and in which it moved.

    The last is one bit for each month in which lines of that person came to show, January of the year the lowest.
    """
    columns = (kept.c.subcontractor, kept.c.agreement, kept.c.product_code, kept.c.client_id)
    statement = scope.select(*columns, kept.c.seen_from, kept.c.seen_until, kept.c.active).where(
        kept.c.contract_id == contract_id
    )
    return [(row[0], row[1], row[2], row[3], row[4], row[5], int(row[6])) for row in scope.rows(statement)]


def covers(scope: Scope, contract_id: int) -> dict[str, tuple[str, str, tuple[str, ...]]]:
    """Per agreement: its subcontractor, its form and what it covers (product codes and categories)."""
    forms = scope.rows(
        scope.select(agreement.c.code, agreement.c.subcontractor, agreement.c.form).where(
            agreement.c.contract_id == contract_id
        )
    )
    covered: dict[str, list[str]] = {}
    for row in scope.rows(
        scope.select(agreement_cover.c.agreement, agreement_cover.c.covers)
        .where(agreement_cover.c.contract_id == contract_id)
        .order_by(agreement_cover.c.covers)
    ):
        covered.setdefault(row.agreement, []).append(row.covers)
    return {row.code: (row.subcontractor, row.form, tuple(covered.get(row.code, ()))) for row in forms}
