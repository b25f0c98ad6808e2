"""From the smallest parts and a budget to rows of use, each a way to add the same parts up; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from budgets.plan.model import BudgetLine, Place, Plan
from budgets.plan.ways import by_key
from budgets.use.cells import Cover, budget_cell
from budgets.use.line_model import By, Figures, Part, UseLine
from lead_contractor.books.accounts import COST_OF_FORM
from lead_contractor.kernel.money import ZERO, Cents, total
from lead_contractor.kernel.rounding import split

Key = tuple[str, ...]
CATEGORY_LENGTH = 2
NO_FIGURES = Figures()
_FORM_OF = {account: form for form, account in COST_OF_FORM.items()}


def rows_of(
    by: By, parts: Iterable[Part], plan: Plan, covers: Mapping[str, Cover], areas: Mapping[str, Decimal]
) -> tuple[UseLine, ...]:
    """The rows, in order of their key.

    Args:
        by: by what they are added up.
        parts: the use.
        plan: the budget by line and month.
        covers: the agreements by id, which tell under which form and product row a budget line falls.
        areas: the key by which the budget is split over areas; without it areas have no budget.
    """
    budgets = _budgets(by, plan, covers, areas)
    used: dict[Key, Figures] = defaultdict(Figures)
    for one in parts:
        key = _line(one, budgets) if by is By.LINE else (_simple_key(by, one),)
        used[key] = used[key] + one.figures
    keys = sorted({*used, *budgets})
    return tuple(UseLine(key, budgets.get(key), used.get(key, NO_FIGURES)) for key in keys)


def total_of(rows: Sequence[UseLine], plan: Plan) -> UseLine:
    """All rows together, beside the budget of all lines together."""
    amount = total(cents for months in plan.values() for cents in months.values())
    return UseLine((), amount if plan else None, sum((one.figures for one in rows), NO_FIGURES))


def _simple_key(by: By, part: Part) -> str:
    if by is By.MONTH:
        return "" if part.month is None else str(part.month)
    names = {
        By.PRODUCT: part.product_code,
        By.SUBCONTRACTOR: part.subcontractor,
        By.AREA: part.area,
        By.FORM: part.form,
        By.CLIENT_GROUP: part.client_group,
    }
    return names[by]


def _budgets(by: By, plan: Plan, covers: Mapping[str, Cover], areas: Mapping[str, Decimal]) -> dict[Key, Cents]:
    """The budget of each row; by client group there is none."""
    found: dict[Key, Cents] = defaultdict(lambda: ZERO)
    if by is By.AREA and areas and plan:
        whole = total(cents for months in plan.values() for cents in months.values())
        return {(area,): cents for area, cents in by_key(whole, areas).items()}
    for place, months in plan.items():
        if by is By.MONTH:
            for month, cents in months.items():
                found[str(month),] += cents
        elif by not in (By.AREA, By.CLIENT_GROUP):
            found[_budget_key(by, place, covers)] += total(months.values())
    return dict(found)


def _budget_key(by: By, place: Place, covers: Mapping[str, Cover]) -> Key:
    product, subcontractor = place
    if by is By.SUBCONTRACTOR:
        return (subcontractor,)
    cell = budget_cell(BudgetLine(product, subcontractor, None, ZERO), covers)
    form = _FORM_OF.get(cell.account, "")
    if by is By.FORM:
        return (form,)
    return (cell.product,) if by is By.PRODUCT else (subcontractor, cell.product, form)


def _line(part: Part, budgets: Mapping[Key, Cents]) -> Key:
    """The budget line under which a part falls, the one that says most first; without any it is a line of its own."""
    own = (part.subcontractor, part.product_code, part.form)
    category = part.product_code[:CATEGORY_LENGTH]
    for subcontractor in (part.subcontractor, ""):
        for product in (part.product_code, category, ""):
            for form in (part.form, ""):
                if (subcontractor, product, form) in budgets:
                    return subcontractor, product, form
    return own


def open_amount(
    committed: Cents, approved: Cents, term: tuple[int, int | None], day: int, year: tuple[int, int]
) -> tuple[Cents, Cents]:
    """What an open allocation still commits: in the contract year, and after it.

    Days before the contract year were declared under another contract, so that only its share of the days from then on
    counts; what was approved goes off, and the rest is spread over the days still to come. All days are ordinals.

    Args:
        committed: over the whole term.
        approved: what was approved on it.
        term: the first and last day of the allocation; without a last day it runs to the end of the contract year.
        day: the day as of which it is looked at, before the last day of the term.
        year: the first and last day of the contract year.
    """
    first, last = term[0], term[1] if term[1] is not None else max(term[0], year[1])
    since = min(max(first, year[0]), last + 1)
    _, ours = split(committed, [since - first, last + 1 - since]) if last >= first else (ZERO, committed)
    left = Cents(max(0, ours - approved))
    begin = max(first, day + 1)
    if last < begin:
        return left, ZERO
    inside = max(0, min(last, year[1]) - begin + 1)
    now, later = split(left, [inside, last + 1 - begin - inside])
    return now, later


def attributed(paid: Cents, shares: Mapping[tuple[str, ...], Cents]) -> dict[tuple[str, ...], Cents]:
    """What was paid of a source over what made it payable.

    All of it was paid as a rule; a part is split in proportion, and what cannot be (nothing stands there, or credits
    stand between) is about nothing in particular.

    Args:
        paid: what was paid.
        shares: what was payable, by what it is about; all keys have the same length.
    """
    whole = total(shares.values())
    if whole == paid and shares:
        return dict(shares)
    if not shares or whole <= 0 or any(cents < 0 for cents in shares.values()):
        return {}
    return dict(zip(shares, split(paid, [int(cents) for cents in shares.values()]), strict=True))
