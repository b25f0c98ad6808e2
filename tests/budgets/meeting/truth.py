"""What the books and the lines of the small year hold by cell and month: what a municipality tries to find out."""

from __future__ import annotations

from collections.abc import Iterator

from budgets.use import store as uses
from budgets.use.cells import Cell, Cover
from budgets.use.standing import FORM_ACCOUNTS
from lead_contractor.books import accounts
from lead_contractor.books.store import account_balance
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.model import FormCode

FIRST = Month(2025, 1)
LOOKS = tuple(FIRST.plus(number) for number in range(15))
BY_PERSON = (accounts.COST_PXQ, accounts.COST_TRAJECTORY)
FEW = 10


def covers_of(scope: Scope) -> dict[str, Cover]:
    """The agreements by code."""
    return {code: Cover(sub, FormCode(form), made) for code, (sub, form, made) in uses.covers(scope, 1).items()}


def amounts_booked(scope: Scope) -> Iterator[tuple[Cell, Month, Month, int]]:
    """The cell, the service month under which it counts, the month in which it was recorded, and the cents."""
    covers = covers_of(scope)
    dimensions = ("product_code", "subcontractor", "agreement", "service_month", "recorded_month")
    found = account_balance(scope, 1, FORM_ACCOUNTS, *dimensions)
    for (account, product, subcontractor, agreement, service, recorded), cents in found.items():
        row = covers[agreement].row_of(product) if agreement in covers else product
        month = max(FIRST, Month.parse(service)) if service else FIRST
        yield Cell(row, subcontractor, account), month, Month.parse(recorded), int(cents)


def lines_that_count(scope: Scope) -> Iterator[tuple[Cell, Month, Month, int]]:
    """The cell, the service month, the month in which it was received, and the client of every line that counts."""
    covers = covers_of(scope)
    for line in scope.sql(
        "SELECT l.sender, l.agreement, l.product_code, l.client_id, l.service_month, "
        "SUBSTR(CAST(m.received AS VARCHAR(10)), 1, 7) AS received FROM declaration_line AS l "
        "JOIN message AS m ON m.lead_contractor_id = :lead AND m.id = l.message_id "
        "WHERE l.lead_contractor_id = :lead AND l.assessed AND l.codes = 0 AND l.in_time "
        "AND l.service_month LIKE '2025-%'"
    ):
        cover = covers[line.agreement]
        cell = Cell(cover.row_of(line.product_code), line.sender, cover.account)
        yield cell, Month.parse(line.service_month), Month.parse(line.received), int(line.client_id)


def shown_in(service: Month, recorded: Month) -> Month:
    """The month up to which one has to look to see an amount among what is used."""
    return max(recorded, service if service == FIRST else service.plus(1))
