"""What an amendment makes of a budget, and whether the contract allows it; pure.

Lines are never made negative, transfers and what is carried over add up to nothing, and what is moved between months
needs leave to be carried over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from budgets.plan.model import AmendmentKind, BudgetLine, Change, Place, Plan
from lead_contractor.contract.model import BudgetTerms, CarryOver, Transfers
from lead_contractor.kernel.money import Cents, euros_nl, total
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.refusals import Refusal
from lead_contractor.kernel.rounding import split_evenly

CATEGORY_LENGTH = 2


def monthly(lines: Iterable[BudgetLine], months: Sequence[Month]) -> Plan:
    """Budget lines by month; one without a month is split evenly, one outside the contract counts at its edge."""
    plan: Plan = {}
    for line in lines:
        own = plan.setdefault((line.product_code, line.subcontractor), {})
        chosen = (line.month,) if line.month is not None else tuple(months)
        for month, cents in zip(chosen, split_evenly(line.amount, len(chosen)), strict=True):
            shown = min(max(month, months[0]), months[-1])
            own[shown] = own.get(shown, Cents(0)) + cents
    return plan


def changed(plan: Plan, changes: Iterable[Change], contract_id: int) -> Plan:
    """A budget after changes of its contract year; the budget that goes in stays as it is."""
    made = {place: dict(months) for place, months in plan.items()}
    for one in changes:
        if one.contract_id == contract_id:
            own = made.setdefault(one.place, {})
            own[one.month] = own.get(one.month, Cents(0)) + one.cents
    return made


def as_lines(plan: Plan) -> tuple[BudgetLine, ...]:
    """A budget as budget lines, in order of product, subcontractor and month."""
    return tuple(
        BudgetLine(product, subcontractor, month, cents)
        for (product, subcontractor), months in sorted(plan.items())
        for month, cents in sorted(months.items())
    )


def plan_total(plan: Plan) -> Cents:
    """All lines and months together."""
    return total(cents for months in plan.values() for cents in months.values())


def check(kind: AmendmentKind, changes: Sequence[Change], terms: BudgetTerms, contract_id: int) -> None:
    """Whether the contract allows these changes.

    Raises:
        Refusal: it does not, or they are not what they are called; the text says what to do.
    """
    if not changes or any(not one.cents for one in changes):
        raise Refusal("Er verandert niets. Vul een bedrag in.")
    outside = any(one.contract_id != contract_id for one in changes)
    if outside and kind is not AmendmentKind.NEXT_YEAR:
        raise Refusal("Alleen doorschuiven naar een volgend jaar raakt een ander contractjaar.")
    if kind is AmendmentKind.CHANGE:
        return
    if total(one.cents for one in changes):
        raise Refusal("Wat ergens afgaat, komt er elders bij: samen moet het op nul uitkomen.")
    if kind is AmendmentKind.TRANSFER:
        _check_transfer(changes, terms)
    elif kind is AmendmentKind.CARRY_OVER:
        _check_carried(changes, terms)
    else:
        _check_next_year(changes, terms, contract_id)


def _check_transfer(changes: Sequence[Change], terms: BudgetTerms) -> None:
    if terms.transfers is Transfers.NONE:
        raise Refusal("Het contract laat geen overheveling tussen begrotingsregels toe (budget.transfers).")
    if len({one.place for one in changes}) == 1:
        raise Refusal("Overhevelen gaat naar een andere regel. Kies doorschuiven voor een latere maand.")
    categories = {one.product_code[:CATEGORY_LENGTH] for one in changes}
    if terms.transfers is Transfers.WITHIN_CATEGORY and (len(categories) > 1 or "" in categories):
        raise Refusal("Het contract laat overhevelen alleen binnen een productcategorie toe (budget.transfers).")
    if terms.carry_over is CarryOver.NONE and any(_by_month(changes).values()):
        raise Refusal("Het contract laat niet toe dat er tussen maanden wordt verschoven. Houd dezelfde maanden aan.")


def _by_month(changes: Sequence[Change]) -> Counter[Month]:
    found: Counter[Month] = Counter()
    for one in changes:
        found[one.month] += int(one.cents)
    return found


def _check_carried(changes: Sequence[Change], terms: BudgetTerms) -> None:
    if terms.carry_over is CarryOver.NONE:
        raise Refusal("Het contract laat niet toe dat een restant doorschuift (budget.carry_over).")
    if len({one.place for one in changes}) > 1:
        raise Refusal("Doorschuiven blijft binnen één regel. Kies overhevelen voor een andere regel.")
    if max(one.month for one in changes if one.cents < 0) >= min(one.month for one in changes if one.cents > 0):
        raise Refusal("Doorschuiven gaat van een eerdere naar een latere maand.")


def _check_next_year(changes: Sequence[Change], terms: BudgetTerms, contract_id: int) -> None:
    if terms.carry_over is not CarryOver.YEAR:
        raise Refusal("Het contract laat niet toe dat een restant naar een volgend jaar gaat (budget.carry_over).")
    if any((one.cents < 0) != (one.contract_id == contract_id) for one in changes):
        raise Refusal("Wat naar een volgend jaar gaat, gaat van dit jaar af en komt er daar bij.")
    sums: Counter[Place] = Counter()
    for one in changes:
        sums[one.place] += int(one.cents)
    if any(sums.values()):
        raise Refusal("Wat naar een volgend jaar gaat, komt op dezelfde begrotingsregel.")


def check_plan(plan: Plan, months: Sequence[Month], changes: Iterable[Change], contract_id: int) -> None:
    """Whether a budget after the changes can be: no line below zero, and no month outside the contract.

    Raises:
        Refusal: the text names the line and the month.
    """
    for one in changes:
        if one.contract_id != contract_id:
            continue
        if one.month not in months:
            raise Refusal(f"Maand {one.month} valt buiten de contractperiode. Kies een andere maand.")
        left = plan[one.place][one.month]
        if left < 0:
            raise Refusal(
                f"In {one.month} blijft er op de regel {place_text(one.place)} {euros_nl(left)} over. "
                "Haal er minder af, of kies andere maanden."
            )


def place_text(place: Place) -> str:
    """A line in words: its product and subcontractor, as far as it is about one."""
    product, subcontractor = place
    return " van ".join(filter(None, (product or "alle producten", subcontractor)))
