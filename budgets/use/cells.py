"""From balances, budget lines and people served to the smallest parts of the use of a year; pure.

A cell is one product row, one subcontractor and one account. Every table over the use of the year is a way to add
the same cells up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from budgets.plan.model import BudgetLine
from budgets.use.standing import FORM_ACCOUNTS, OWN_ACCOUNTS, place
from lead_contractor.books import accounts
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.rounding import split_evenly
from subcontractors.agreements.model import FormCode

CODE_LENGTH = 5
LINE_FORMS = frozenset({FormCode.PXQ, FormCode.TRAJECTORY})
"""Forms whose cost is known by product in the books."""
AHEAD = (accounts.COST_FTE, accounts.COST_LUMP_SUM, accounts.COST_AVAILABILITY)
"""Accounts of forms whose months are agreed beforehand: their budget, where there is none in a file."""


@dataclass(frozen=True, slots=True)
class Cell:
    """``product`` is a product code or category; empty where an amount is not about one. Empty is also "not known"."""

    product: str
    subcontractor: str
    account: str


@dataclass(frozen=True, slots=True)
class Cover:
    """An agreement as far as its use goes: whose it is, its form, and the codes and categories that it covers."""

    subcontractor: str
    form: FormCode
    products: tuple[str, ...]

    @property
    def account(self) -> str:
        """Its cost account."""
        return accounts.COST_OF_FORM[self.form.value]

    def covers(self, product: str) -> bool:
        """Whether a product falls under it."""
        return product in self.products or product[:2] in self.products or not any(self.products)

    def row_of(self, product: str) -> str:
        """The product row under which its amounts fall.

        Lines and trajectories fall under their own product. Other forms, and year-end adjustments, fall under the one
        product that the agreement covers, and under none where there are more.
        """
        if product and self.form in LINE_FORMS:
            return product
        return self.products[0] if len(self.products) == 1 else ""


Amounts = dict[Cell, dict[Month, Cents]]


def used_cells(
    booked: Mapping[tuple[str, ...], Cents], covers: Mapping[str, Cover], months: Sequence[Month], cut: Month
) -> Amounts:
    """Cost by cell and month, for service months up to and including ``cut``.

    Args:
        booked: balances by account, product, subcontractor, agreement and service month.
        covers: the agreements by id.
        months: the contract months that have begun.
        cut: the last month that counts.
    """
    found: Amounts = {}
    places = {service: place(service, months) for service in {service for *_, service in booked}}
    counts = {service for service, month in places.items() if month <= cut}
    for (account, product, subcontractor, agreement, service), cents in booked.items():
        if service not in counts:
            continue
        cover = covers.get(agreement)
        row = product if cover is None or account not in FORM_ACCOUNTS else cover.row_of(product)
        _add(found, Cell(row, subcontractor, account), places[service], cents)
    return found


def budget_cells(
    lines: Iterable[BudgetLine], covers: Mapping[str, Cover], year_months: Sequence[Month], cut: Month
) -> Amounts:
    """The budget by cell and month; a line without month is split evenly over the contract year."""
    found: Amounts = {}
    for line in lines:
        cell = budget_cell(line, covers)
        if line.month is None:
            parts = zip(year_months, split_evenly(line.amount, len(year_months)), strict=True)
        else:
            parts = zip((line.month,), (line.amount,), strict=True)
        for month, cents in parts:
            shown = min(max(month, year_months[0]), year_months[-1])
            if shown <= cut:
                _add(found, cell, shown, cents)
    return found


def agreed_cells(used_ahead: Amounts) -> Amounts:
    """The budget where there is no budget file: what agreements with agreed months make due."""
    return {cell: months for cell, months in used_ahead.items() if cell.account in AHEAD}


def budget_cell(line: BudgetLine, covers: Mapping[str, Cover]) -> Cell:
    """Under which cell a budget falls: that of the agreement it is for, as far as the line tells which."""
    own = [cover for cover in covers.values() if cover.subcontractor == line.subcontractor]
    fits = [cover for cover in own if cover.covers(line.product_code)] if line.product_code else own
    cells = {(cover.row_of(line.product_code), cover.account) for cover in fits}
    if len(cells) == 1:
        row, account = cells.pop()
        return Cell(row, line.subcontractor, account)
    return Cell(line.product_code, line.subcontractor, "")


def _add(found: Amounts, cell: Cell, month: Month, cents: Cents) -> None:
    months = found.setdefault(cell, {})
    months[month] = months.get(month, Cents(0)) + cents


def is_own(cell: Cell) -> bool:
    """Whether it is the lead contractor's own cost."""
    return cell.account in OWN_ACCOUNTS
