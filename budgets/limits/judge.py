"""Which limits something would cross, and what becomes of it; pure.

A line without a budget has no limit. What takes off never crosses one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from budgets.limits.model import Amounts, Case, Crossing, Line, Pass
from budgets.plan.model import Plan
from budgets.use.line_model import Part
from lead_contractor.contract.model import BudgetLimit, LimitAction, LimitKind, Passer
from lead_contractor.kernel.money import ZERO, Cents, euros_nl
from lead_contractor.kernel.rounding import percent_of
from subcontractors.agreements.products import product_name

WORDS = {
    LimitKind.PRODUCT: "product",
    LimitKind.SUBCONTRACTOR: "onderaannemer",
    LimitKind.MONTH: "maand",
    LimitKind.YEAR: "het jaar",
}


def line_text(line: Line) -> str:
    """A line in words (Dutch)."""
    kind, which = line
    named = f" ({product_name(which)})" if kind is LimitKind.PRODUCT and product_name(which) else ""
    return f"{WORDS[kind]} {which}{named}".strip()


def lines_of(year: int, product: str, subcontractor: str, month: str) -> tuple[Line, ...]:
    """The lines under which an amount falls; what it is not about has none."""
    found = (
        (LimitKind.PRODUCT, product),
        (LimitKind.SUBCONTRACTOR, subcontractor),
        (LimitKind.MONTH, month),
        (LimitKind.YEAR, str(year)),
    )
    return tuple((kind, which) for kind, which in found if which)


def budgets_of(plan: Plan, year: int) -> dict[Line, Cents]:
    """The budget of each line; of a kind only where the budget is about it."""
    found: dict[Line, Cents] = defaultdict(lambda: ZERO)
    for (product, subcontractor), months in plan.items():
        for month, cents in months.items():
            for line in lines_of(year, product, subcontractor, str(month)):
                found[line] += cents
    return dict(found)


def spent(parts: Iterable[Part], year: int) -> dict[Line, Cents]:
    """What each line comes to: what was used, and what open allocations still commit in the year."""
    found: dict[Line, Cents] = defaultdict(lambda: ZERO)
    for part in parts:
        month = "" if part.month is None else str(part.month)
        for line in lines_of(year, part.product_code, part.subcontractor, month):
            found[line] += part.figures.used + part.figures.committed
    return dict(found)


def crossings(
    limits: Sequence[BudgetLimit], budgets: Amounts, would: Amounts, touched: Mapping[Line, int]
) -> tuple[Crossing, ...]:
    """The limits that are crossed by what is added.

    Args:
        limits: those of the contract.
        budgets: the budget of each line.
        would: what each line comes to with it.
        touched: what is added to each line.
    """
    found = []
    for limit in limits:
        for line, added in sorted(touched.items()):
            budget = budgets.get(line)
            if line[0] is not limit.kind or added <= 0 or budget is None:
                continue
            most = percent_of(budget, limit.at_percent)
            if would.get(line, ZERO) > most:
                found.append(Crossing(limit, line, budget, most, would[line]))
    return tuple(found)


def fitting(crossing: Crossing, case: Case, passes: Iterable[Pass], by: int) -> Pass | None:
    """A pass that lets this case cross this limit, done by the person with this id; ``None`` where there is none."""
    passer = crossing.limit.passer
    for one in passes:
        enough = one.line == crossing.line and one.case == case and one.most >= crossing.would
        other = passer is Passer.CONTROLLER or (passer is Passer.SECOND_CONTROLLER and one.made_by.user_id != by)
        if enough and other and not one.used:
            return one
    return None


def held_text(crossing: Crossing) -> str:
    """Why something is held or refused, and what to do about it (Dutch)."""
    said = (
        f"Dit komt boven de begroting van {line_text(crossing.line)}: {euros_nl(crossing.would)}, terwijl "
        f"{euros_nl(crossing.most)} de grens is ({crossing.limit.at_percent.normalize():f} % van "
        f"{euros_nl(crossing.budget)})."
    )
    passer = crossing.limit.passer
    if passer is None:
        return f"{said} Het contract laat dit niet toe. Wijzig eerst de begroting."
    who = "een andere controller" if passer is Passer.SECOND_CONTROLLER else "een controller"
    return f"{said} Laat {who} het met een reden doorlaten (Begroting, Grenzen), of wijzig de begroting."


def stops(crossing: Crossing) -> bool:
    """Whether a crossing stops something, rather than warn."""
    return crossing.limit.action is not LimitAction.WARN
