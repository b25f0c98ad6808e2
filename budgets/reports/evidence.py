"""What stands in the database about the quarters of a contract year: money, hours and people by smallest part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from budgets.plan.service import lines_on
from budgets.use import store as use_store
from budgets.use.breakdown import Use, people_of
from budgets.use.cells import Amounts, Cell, Cover, agreed_cells, budget_cells, is_own, used_cells
from budgets.use.model import BudgetSource
from budgets.use.standing import begun, cost_accounts
from lead_contractor.books.store import account_balance
from lead_contractor.contract.model import Contract
from lead_contractor.kernel.money import Cents, total
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.quarters import Quarter
from lead_contractor.kernel.rounding import half_up
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.parties.store import subcontractors
from subcontractors.agreements.model import FormCode
from subcontractors.agreements.store import realised_of

HOUR, MINUTE, MINUTES_IN_HOUR = "04", "01", 60
_HOURS = f"""
    SELECT l.sender, l.agreement, l.product_code,
           CAST(SUM((CASE WHEN l.credit THEN -1 ELSE 1 END) * l.volume
                    * (CASE WHEN l.unit = '{HOUR}' THEN {MINUTES_IN_HOUR} ELSE 1 END)) AS BIGINT) AS minutes
    FROM declaration_line AS l
    JOIN message AS m ON m.lead_contractor_id = :lead AND m.id = l.message_id
    WHERE l.lead_contractor_id = :lead AND l.contract_id = :contract AND l.assessed AND l.codes = 0 AND l.in_time
      AND l.unit IN ('{HOUR}', '{MINUTE}') AND l.service_month BETWEEN :first AND :last AND m.received <= :received
    GROUP BY l.sender, l.agreement, l.product_code
"""
_SERVED = """
    SELECT l.sender, l.agreement, l.product_code, l.client_id
    FROM declaration_line AS l
    JOIN message AS m ON m.lead_contractor_id = :lead AND m.id = l.message_id
    WHERE l.lead_contractor_id = :lead AND l.contract_id = :contract AND l.assessed AND l.codes = 0 AND l.in_time
      AND l.service_month BETWEEN :first AND :last AND m.received <= :received
    GROUP BY l.sender, l.agreement, l.product_code, l.client_id
    HAVING SUM(CASE WHEN l.credit THEN -1 ELSE 1 END) > 0
"""
_SINCE = """
    SELECT DISTINCT l.sender, l.agreement, l.product_code, l.client_id
    FROM declaration_line AS l
    JOIN message AS m ON m.lead_contractor_id = :lead AND m.id = l.message_id
    JOIN message_file AS f ON f.lead_contractor_id = :lead AND f.id = m.file_id
    WHERE l.lead_contractor_id = :lead AND l.contract_id = :contract AND l.assessed AND l.codes = 0 AND l.in_time
      AND l.service_month BETWEEN :first AND :last AND f.arrived_at > :since
"""


@dataclass(frozen=True, slots=True)
class Part:
    """One smallest part in one quarter: money, hours in minutes, and who was served (opaque keys)."""

    cents: Cents
    minutes: int
    people: frozenset[int]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The contract year up to the end of a quarter, as it was recorded by a day.

    Attributes:
        parts: by quarter and cell; what is nothing is absent.
        budget: by quarter and cell.
        source: where the budget comes from.
        use: the same year as the pages of budget use show it, up to the end of the quarter.
    """

    contract: Contract
    quarters: tuple[Quarter, ...]
    parts: Mapping[Quarter, Mapping[Cell, Part]]
    budget: Mapping[Quarter, Mapping[Cell, Cents]]
    covers: Mapping[str, Cover]
    use: Use


def gather(scope: Scope, contract_id: int, contract: Contract, quarter: Quarter, as_of: date) -> Evidence:
    """The evidence under a report over ``quarter``, as recorded up to and including ``as_of``."""
    until, cut = Month.of(as_of), quarter.months[-1]
    months = tuple(month for month in begun(contract.months, until) if month <= cut)
    covers = {
        code: Cover(subcontractor, FormCode(form), products)
        for code, (subcontractor, form, products) in use_store.covers(scope, contract_id).items()
    }
    dimensions = ("product_code", "subcontractor", "agreement", "service_month")
    booked = account_balance(scope, contract_id, cost_accounts(contract.settlement), *dimensions, until=until)
    used = used_cells(booked, covers, begun(contract.months, until), cut)
    lines = lines_on(scope, contract_id, as_of)
    budget = budget_cells(lines, covers, contract.months, cut) if lines else agreed_cells(used)
    quarters = tuple(sorted({Quarter.of(month) for month in contract.months if month <= cut}))
    parts = {}
    for one in quarters:
        first, last = one.months[0], one.months[-1]
        people = people_of(_served(scope, contract_id, first, last, as_of), covers)
        minutes = _minutes(scope, contract_id, one, as_of, covers)
        parts[one] = _parts(_of_quarter(used, one), minutes, people)
    served = _served(scope, contract_id, contract.months[0], cut, as_of)
    use = Use(
        months=months,
        source=BudgetSource.FILE if lines else BudgetSource.AGREEMENTS,
        used=used,
        budget=budget,
        people=people_of(served, covers),
        names={party.agb: party.name for party in subcontractors(scope, contract_id)},
    )
    budgets = {one: _of_quarter(budget, one) for one in quarters}
    return Evidence(contract, quarters, parts, budgets, covers, use)


def people_since(
    scope: Scope, contract_id: int, quarter: Quarter, since: datetime, covers: Mapping[str, Cover]
) -> dict[Cell, frozenset[int]]:
    """Who stands behind what came in on a quarter after a moment, by cell."""
    rows = scope.sql(
        _SINCE, contract=contract_id, first=str(quarter.months[0]), last=str(quarter.months[-1]), since=since
    )
    served = [(row.sender, row.agreement, row.product_code, int(row.client_id)) for row in rows]
    return people_of(served, covers)


def _served(
    scope: Scope, contract_id: int, first: Month, last: Month, received: date
) -> list[tuple[str, str, str, int]]:
    """Who was served in service months, as far as was received by a day; each combination once."""
    rows = scope.sql(_SERVED, contract=contract_id, first=str(first), last=str(last), received=received)
    return [(row.sender, row.agreement, row.product_code, int(row.client_id)) for row in rows]


def hours(minutes: int) -> Decimal:
    """Minutes as hours, two decimals, half up."""
    return Decimal(half_up(Decimal(minutes * 100) / MINUTES_IN_HOUR)).scaleb(-2)


def _minutes(
    scope: Scope, contract_id: int, quarter: Quarter, as_of: date, covers: Mapping[str, Cover]
) -> dict[Cell, int]:
    """Declared minutes, and of agreements that are not declared the hours that were returned."""
    found: dict[Cell, int] = defaultdict(int)
    declared = set()
    first, last = str(quarter.months[0]), str(quarter.months[-1])
    for row in scope.sql(_HOURS, contract=contract_id, first=first, last=last, received=as_of):
        cover = covers.get(row.agreement)
        if cover is not None:
            found[Cell(cover.row_of(row.product_code), row.sender, cover.account)] += int(row.minutes)
            declared.add(row.agreement)
    for one in realised_of(scope, contract_id):
        cover = covers.get(one.agreement)
        if (
            cover is not None
            and one.hours is not None
            and one.month in quarter.months
            and one.agreement not in declared
        ):
            found[Cell(cover.row_of(""), cover.subcontractor, cover.account)] += half_up(one.hours * MINUTES_IN_HOUR)
    return found


def _of_quarter(amounts: Amounts, quarter: Quarter) -> dict[Cell, Cents]:
    return {
        cell: total(cents for month, cents in by_month.items() if month in quarter.months)
        for cell, by_month in amounts.items()
        if any(month in quarter.months for month in by_month)
    }


def _parts(
    used: Mapping[Cell, Cents], minutes: Mapping[Cell, int], people: Mapping[Cell, frozenset[int]]
) -> dict[Cell, Part]:
    made = {
        cell: Part(used.get(cell, Cents(0)), minutes.get(cell, 0), people.get(cell, frozenset()))
        for cell in {*used, *minutes, *people}
    }
    return {cell: part for cell, part in made.items() if part.cents or part.minutes or part.people or is_own(cell)}
