"""What a form of the budget asks: a line, an amount and months, made into changes that add up."""

from __future__ import annotations

import re
from collections.abc import Mapping

from budgets.plan import service
from budgets.plan.changes import carried, moved, raised, to_next_year
from budgets.plan.model import AmendmentKind, Change, Place
from budgets.plan.service import Budget
from budgets.plan.ways import population_amount
from lead_contractor.kernel.money import Cents, cents_from_euros
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.refusals import Refusal
from lead_contractor.kernel.tenancy import Scope

_THOUSANDS = re.compile(r"-?\d{1,3}(\.\d{3})+")
_PRODUCT = re.compile(r"[0-9A-Z]{2,5}|")
_SEPARATOR = "/"


def cents_of(text: str) -> Cents:
    """An amount as people type it: ``1.234,56``, ``1234,56``, ``1234.56`` or ``€ 1.234``.

    Raises:
        Refusal: it is no amount in euros with at most two decimals.
    """
    plain = text.replace("€", "").replace(" ", "").replace("\u00a0", "")
    if "," in plain or _THOUSANDS.fullmatch(plain):
        plain = plain.replace(".", "").replace(",", ".")
    try:
        return cents_from_euros(plain)
    except ValueError:
        raise Refusal("Schrijf een bedrag in euro's, bijvoorbeeld 1.250,00.") from None


def place_text(place: Place) -> str:
    """A line as a form names it."""
    return _SEPARATOR.join(place)


def place_of(text: str, budget: Budget) -> Place:
    """The line of the budget that a form names.

    Raises:
        Refusal: it is none.
    """
    product, mark, subcontractor = text.strip().partition(_SEPARATOR)
    place = (product.strip().upper(), subcontractor.strip())
    if not mark or place not in {one for number in budget.versions for one in budget.plan(number.number)}:
        raise Refusal("Kies een begrotingsregel.")
    return place


def new_place(form: Mapping[str, str]) -> Place | None:
    """The line that a form makes: a product, a subcontractor or both; ``None`` where it names neither.

    Raises:
        Refusal: what it names cannot be a product code or an AGB code.
    """
    product, subcontractor = form.get("product", "").strip().upper(), form.get("subcontractor", "").strip()
    if not product and not subcontractor:
        return None
    if not _PRODUCT.fullmatch(product):
        raise Refusal("Een productcode heeft twee tot vijf letters en cijfers; leeg is alle producten.")
    return product, subcontractor


def months_of(form: Mapping[str, str], budget: Budget) -> tuple[Month, ...]:
    """The months of the contract from one up to and including another; all of them where none is named.

    Raises:
        Refusal: a text that is no month, or no month lies between them.
    """
    months = budget.contract.months
    first = _month(form.get("first", ""), months[0])
    last = _month(form.get("last", ""), months[-1])
    chosen = tuple(month for month in months if first <= month <= last)
    if not chosen:
        raise Refusal("Kies een eerste en een laatste maand van het contract, in die volgorde.")
    return chosen


def _month(text: str, default: Month) -> Month:
    if not text:
        return default
    try:
        return Month.parse(text)
    except ValueError:
        raise Refusal("Schrijf een maand als jjjj-mm.") from None


def amount_of(form: Mapping[str, str]) -> Cents:
    """The amount of a form; where a number of inhabitants is given, it is an amount per inhabitant (rule 9)."""
    amount = cents_of(form.get("amount", ""))
    inhabitants = form.get("inhabitants", "").replace(".", "").strip()
    if not inhabitants:
        return amount
    if not (inhabitants.isascii() and inhabitants.isdigit() and len(inhabitants) <= 9):  # noqa: PLR2004 - a billion
        raise Refusal("Schrijf het aantal inwoners als een heel getal.")
    return population_amount(int(inhabitants), amount)


def changes_of(scope: Scope, budget: Budget, kind: AmendmentKind, form: Mapping[str, str]) -> list[Change]:
    """What a form asks, as changes of the newest version of the budget.

    Raises:
        Refusal: something is missing or cannot be.
    """
    own, plan = budget.contract_id, budget.plan(budget.versions[-1].number)
    made = new_place(form) if kind is AmendmentKind.CHANGE else None
    place, amount = made or place_of(form.get("line", ""), budget), amount_of(form)
    if kind is AmendmentKind.CHANGE:
        return raised(own, place, amount, months_of(form, budget), plan)
    if kind is AmendmentKind.TRANSFER:
        return moved(own, place, place_of(form.get("to", ""), budget), amount, months_of(form, budget), plan)
    if kind is AmendmentKind.CARRY_OVER:
        months = months_of(form, budget)
        return carried(own, place, amount, months[0], months[1:])
    following = service.next_contract(scope, own)
    if following is None:
        raise Refusal("Er is nog geen contract voor het volgende jaar. Laad dat eerst.")
    there = service.budget_of(scope, following)
    target = there.plan(there.versions[-1].number)
    return to_next_year(own, plan, following, target, place, amount, months_of(form, budget), there.contract.months)
