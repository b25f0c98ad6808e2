"""Use cases of the limits on overrun: stop what the lead contractor decides, or let it pass once with a reason.

They look at new allocations and at payments, and never at the answer to a declaration. An allocation counts with what
was used and what open allocations commit; a payment with what was paid or is on its way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from budgets.limits import store
from budgets.limits.commitments import recommit
from budgets.limits.judge import budgets_of, crossings, fitting, held_text, line_text, lines_of, spent, stops
from budgets.limits.model import Amounts, Case, Crossing, Deed, Held, Line, Pass
from budgets.plan.service import LONGEST_REASON, Budget, budget_of
from budgets.use import line_store
from budgets.use.cells import Cover
from budgets.use.line_service import Year, committed_by, parts_on, year_of
from budgets.use.lines import attributed
from lead_contractor.access.hand import Hand
from lead_contractor.contract.model import LimitAction, Passer
from lead_contractor.kernel.money import ZERO, Cents, euros_nl
from lead_contractor.kernel.refusals import NotAllowed, Refusal
from lead_contractor.kernel.tenancy import Scope
from subcontractors.payments.model import Payable
from subcontractors.payments.tables import payment_run


@dataclass(frozen=True, slots=True)
class HeldPayment:
    """Something payable that a limit stops."""

    item: Payable
    crossing: Crossing


def standing(scope: Scope, contract_id: int, day: date) -> tuple[Crossing, ...]:
    """The limits that are crossed on a day by what was used and committed, the lowest first."""
    budget = budget_of(scope, contract_id)
    if not budget.contract.budget.limits:
        return ()
    would = spent(parts_on(year_of(scope, budget, day)), budget.contract.year)
    return crossings(budget.contract.budget.limits, _budgets(budget, day), would, would)


def check_allocations(
    scope: Scope,
    contract_id: int,
    numbers: Sequence[str],
    case: Case,
    by: Hand,
    day: date,
    at: datetime,
    *,
    reason: str = "",
) -> list[str]:
    """Hold new or changed allocations against the limits; what they commit is kept up to date with it.

    Args:
        scope: the lead contractor, in the transaction that made them.
        contract_id: its contract year.
        numbers: the allocations.
        case: what is being done, as a pass names it.
        by: who does it.
        day: the day.
        at: the moment.
        reason: why it may pass, where the person may let it pass and does so now.

    Returns:
        warnings, for whoever did it.

    Raises:
        Held: a limit stops it.
    """
    budget = budget_of(scope, contract_id)
    recommit(scope, contract_id, budget.contract, numbers)
    limits = budget.contract.budget.limits
    if not limits:
        return []
    year = year_of(scope, budget, day)
    added = committed_by(year, numbers)
    would = spent(parts_on(year), budget.contract.year)
    found = crossings(limits, _budgets(budget, day), would, spent(added, budget.contract.year))
    unknown = sum(part.figures.undeterminable for part in added)
    said = [warning_text(one) for one in found if not stops(one)]
    if unknown:
        said.append(f"Van {unknown} toewijzing(en) is geen bedrag te bepalen; die zijn niet aan de begroting getoetst.")
    known = list(store.passes(scope, contract_id))
    taken: dict[int, Pass] = {}
    for one in (one for one in found if stops(one)):
        fits = fitting(one, case, known, by.user_id)
        if fits is None and reason.strip() and one.limit.passer is Passer.CONTROLLER:
            fits = give_pass(scope, contract_id, one.line, case, one.would, reason, by, at)
            known.append(fits)
        if fits is None:
            raise Held(held_text(one), found)
        taken[fits.id] = fits
    for passed in taken.values():
        store.use_pass(scope, passed.id, f"{case.deed.value}:{case.subject}", by, at)
    return said


def give_pass(
    scope: Scope,
    contract_id: int,
    line: Line,
    case: Case,
    most: Cents,
    reason: str,
    by: Hand,
    at: datetime,
) -> Pass:
    """Let a case pass the limits on a line once, up to an amount.

    Raises:
        NotAllowed: no limit on this line stops anything that somebody may let pass.
        Refusal: no reason or no amount.
    """
    scope.lock()
    said = reason.strip()
    if not said or len(said) > LONGEST_REASON:
        raise Refusal(f"Geef een reden van ten hoogste {LONGEST_REASON} tekens.")
    if most <= 0 or not case.subject:
        raise Refusal("Geef aan waarvoor het geldt, en tot welk bedrag.")
    stopping = [
        one
        for one in budget_of(scope, contract_id).contract.budget.limits
        if one.kind is line[0] and one.action is not LimitAction.WARN
    ]
    if all(one.passer is None for one in stopping):
        raise NotAllowed(f"Het contract laat niemand de grens van {line_text(line)} passeren.")
    identity = store.insert_pass(scope, contract_id, line, case, most, said, by, at)
    return next(one for one in store.passes(scope, contract_id) if one.id == identity)


def held_payments(
    scope: Scope, contract_id: int, items: Sequence[Payable], day: date, by: Hand | None = None
) -> tuple[list[Payable], list[HeldPayment], list[Pass]]:
    """Which of these may be paid: what is due first goes first, credits always go.

    Returns:
        what may go, what is held, and the passes that this takes (none without ``by``).
    """
    budget = budget_of(scope, contract_id)
    limits = budget.contract.budget.limits
    if not limits:
        return list(items), [], []
    year = year_of(scope, budget, day)
    budgets, paid = _budgets(budget, day), _in_runs(year)
    amounts = _amounts(year, items)
    known = [one for one in store.passes(scope, contract_id) if not one.used] if by is not None else []
    free: list[Payable] = []
    held: list[HeldPayment] = []
    taken: list[Pass] = []
    for item in sorted(items, key=lambda one: (one.cents >= 0, one.due_on, one.key)):
        would = {line: paid.get(line, ZERO) + cents for line, cents in amounts[item.key].items()}
        found = [one for one in crossings(limits, budgets, would, amounts[item.key]) if stops(one)]
        case = Case(Deed.PAYMENT, item.subcontractor)
        fits = [fitting(one, case, known, by.user_id if by else 0) for one in found]
        if any(one is None for one in fits):
            held.append(HeldPayment(item, next(one for one, fit in zip(found, fits, strict=True) if fit is None)))
            continue
        taken += [one for one in fits if one is not None and one not in taken]
        paid |= would
        free.append(item)
    return free, held, taken


def releasing(
    day: date, by: Hand, at: datetime, tell: Callable[[Sequence[HeldPayment]], None] | None = None
) -> Callable[[Scope, int, Sequence[Payable]], list[Payable]]:
    """What a payment run asks before it is made: what may go; the passes that this takes are used up.

    ``tell`` hears what is held.
    """

    def release(scope: Scope, contract_id: int, items: Sequence[Payable]) -> list[Payable]:
        free, held, taken = held_payments(scope, contract_id, items, day, by)
        if items and not free and held:
            raise Held(held_text(held[0].crossing), tuple(one.crossing for one in held))
        run = scope.last_id(payment_run) + 1
        for one in taken:
            store.use_pass(scope, one.id, f"run:{run}", by, at)
        if held and tell is not None:
            tell(held)
        return free

    return release


def _in_runs(year: Year) -> dict[Line, Cents]:
    """What was paid or is on its way, by line."""
    shares = line_store.shares_in_runs(year.scope, year.contract_id)
    found: dict[Line, Cents] = defaultdict(lambda: ZERO)
    for one in line_store.in_runs(year.scope, year.contract_id):
        parts = attributed(one.cents, shares.get((one.source, one.agreement, one.service_month), {}))
        key = (one.subcontractor, one.agreement, one.service_month)
        for line, cents in _lines(year, key, one.cents, parts).items():
            found[line] += cents
    return dict(found)


def _amounts(year: Year, items: Sequence[Payable]) -> dict[tuple[str, str, str, str], dict[Line, Cents]]:
    """What each payable item adds to each line."""
    shares = line_store.shares_of(year.scope, year.contract_id, sorted({one.source for one in items}))
    return {
        one.key: _lines(
            year,
            (one.subcontractor, one.agreement, one.service_month),
            one.cents,
            attributed(one.cents, shares.get((one.source, one.agreement, one.service_month), {})),
        )
        for one in items
    }


def _lines(
    year: Year, key: tuple[str, str, str], cents: Cents, parts: dict[tuple[str, ...], Cents]
) -> dict[Line, Cents]:
    """An amount on its lines; by product as far as it is known what it is for."""
    subcontractor, agreement, month = key
    cover: Cover | None = year.covers.get(agreement)
    found: dict[Line, Cents] = defaultdict(lambda: ZERO)
    for line in lines_of(year.contract.year, "", subcontractor, month):
        found[line] += cents
    for (product, *_), part in parts.items():
        row = product if cover is None else cover.row_of(product)
        for line in lines_of(year.contract.year, row, "", "")[:1] if row else ():
            found[line] += part
    return dict(found)


def _budgets(budget: Budget, day: date) -> Amounts:
    return budgets_of(budget.plan_on(day), budget.contract.year)


def warning_text(crossing: Crossing) -> str:
    """A warning in words (Dutch)."""
    return (
        f"Let op: {line_text(crossing.line)} komt op {euros_nl(crossing.would)}, {euros_nl(crossing.over)} boven "
        f"{crossing.limit.at_percent.normalize():f} % van de begroting ({euros_nl(crossing.budget)})."
    )
