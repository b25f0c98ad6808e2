"""What crosses a limit as of a day, gathered from the newest frozen forecast and from what was known on that day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from budgets.forecast.evidence import inputs_of
from budgets.forecast.inputs import Inputs, LineInput
from budgets.forecast.model import Forecast
from budgets.forecast.store import Frozen, frozen
from budgets.plan.service import lines_on
from budgets.signals import store
from budgets.signals.ceilings import ceiling_crossings, ceiling_use, expected_use
from budgets.signals.declared import missing_crossings
from budgets.signals.inactivity import Activity, Inactive, inactive, inactive_crossings
from budgets.signals.limits import budget_crossings, not_declared, run_out_crossing, year_crossing
from budgets.signals.model import Crossing, Found, together
from budgets.signals.under_use import margin_above_cap, under_use_of_budget, under_use_of_year
from budgets.signals.utilisation import LineUse, MonthUse, utilisation_crossings
from budgets.variance.budget import Place, budget_by_place
from budgets.year_folder.stored import agreements_of, contract_of
from lead_contractor.contract.model import Contract
from lead_contractor.contract.store import get_contract
from lead_contractor.kernel.money import Cents, total
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.parties.store import subcontractors
from subcontractors.agreements.model import Agreement, FormCode, Production
from subcontractors.agreements.pxq import PxqTerms
from subcontractors.clocks.terms import DECLARE, due_day

_DELIVERING = frozenset({FormCode.PXQ, FormCode.TRAJECTORY})


@dataclass(frozen=True, slots=True)
class Year:
    """A contract year and the day from which one looks."""

    scope: Scope
    contract_id: int
    contract: Contract
    agreements: Sequence[Agreement]
    day: date


def year_of(scope: Scope, contract_id: int, day: date) -> Year:
    """The contract year as of a day.

    Raises:
        NotFound: this lead contractor has no such contract.
    """
    contract = contract_of(get_contract(scope, contract_id))
    return Year(scope, contract_id, contract, agreements_of(scope, contract_id, contract), day)


def look(year: Year, at: datetime) -> Found:
    """All that crosses a limit on the day; exemptions count as they are known at the moment."""
    known = frozen(year.scope, year.contract_id, year.day)
    forecast = known.forecast if known is not None else None
    inputs = inputs_of(year.scope, year.contract_id, year.day)
    found = [
        *_of_ceilings(year, inputs, forecast),
        utilisation_crossings(line_uses(inputs)),
        Found(_of_missing(year, forecast)),
        Found(inactive_crossings(inactive_of(year, at))),
    ]
    if known is not None and forecast is not None:
        budget = budget_by_place(lines_on(year.scope, year.contract_id, year.day))
        found += [year_crossing(forecast), run_out_crossing(forecast), budget_crossings(forecast, budget)]
        found += _of_under_use(year, known, budget)
    return together(found)


def _of_under_use(year: Year, known: Frozen, budget: Mapping[Place, Cents]) -> Iterable[Found]:
    """What stays unused, and what of the year goes back."""
    from budgets.scenarios.service import outlook_of  # draws, so that it needs numpy

    percent = year.contract.budget.under_use_percent
    yield under_use_of_year(known.forecast, percent)
    yield from under_use_of_budget(known.forecast, budget, percent)
    yield margin_above_cap(outlook_of(year.scope, year.contract_id, known))


def _of_ceilings(year: Year, inputs: Inputs, forecast: Forecast | None) -> Iterable[Found]:
    ceilings = {
        one.id: (one, cast("PxqTerms", one.terms).ceiling) for one in year.agreements if one.form is FormCode.PXQ
    }
    for known in sorted(inputs.ceilings, key=lambda one: one.agreement):
        agreement, ceiling = ceilings[known.agreement]
        if ceiling is None:
            continue
        production = Production(known.produced, known.always_paid)
        lines = [line for line in forecast.lines if line.key in known.keys] if forecast is not None else []
        expected = expected_use(lines, production) if lines else None
        yield ceiling_crossings(agreement.id, agreement.subcontractor, ceiling_use(ceiling, production), expected)


def line_uses(inputs: Inputs) -> list[LineUse]:
    """The use of allocations under P×Q, over the months of which the term to declare has passed."""
    months = [month for month in inputs.months if due_day(DECLARE, month.last) <= inputs.as_of]
    return [
        LineUse(line.key.subcontractor, line.key.product_code, _month_uses(line, months))
        for line in inputs.lines
        if line.key.form is FormCode.PXQ
    ]


def _month_uses(line: LineInput, months: Sequence[Month]) -> tuple[MonthUse, ...]:
    return tuple(
        MonthUse(month, total(flow.cents for flow in line.flows if flow.service == month), allocated)
        for month in months
        if (allocated := line.allocated.get(month))
    )


def _of_missing(year: Year, forecast: Forecast | None) -> tuple[Crossing, ...]:
    missing = store.missing_declarations(year.scope, year.contract_id, year.contract.months, year.day)
    lines = forecast.lines if forecast is not None else ()
    expected = {
        (one.subcontractor, str(one.month)): not_declared(lines, one.subcontractor, str(one.month)) for one in missing
    }
    return missing_crossings(missing, expected)


def inactive_of(year: Year, at: datetime) -> tuple[Inactive, ...]:
    """The subcontractors that delivered nothing for months, with what exempts them (rule 45)."""
    last, first = store.active_before(year.scope, year.contract_id, year.day)
    for agb, month in store.last_active(year.scope, year.contract_id, year.day).items():
        last[agb] = max(month, last.get(agb, month))
    known_from = first or year.contract.months[0]
    activity = [Activity(agb, since, last.get(agb)) for agb, since in sorted(_delivering(year).items())]
    exempt = store.exemptions(year.scope, year.contract_id, at)
    return inactive(activity, exempt, known_from, year.day, year.contract.inactivity)


def _delivering(year: Year) -> dict[str, date]:
    """Whoever is paid for what it delivers and for nothing else on the day, with the day since when."""
    running: dict[str, list[Agreement]] = {}
    for one in year.agreements:
        if year.day in one.validity or (year.day > year.contract.last_day and year.contract.last_day in one.validity):
            running.setdefault(one.subcontractor, []).append(one)
    active_from = {party.agb: party.active_from for party in subcontractors(year.scope, year.contract_id)}
    return {
        agb: active_from.get(agb) or min(one.validity.start for one in own)
        for agb, own in running.items()
        if {one.form for one in own} <= _DELIVERING
    }


def late_look(year: Year) -> bool:
    """Whether the day lies so late that nothing of the year can change any more."""
    return year.day > max(year.contract.settlement.corrections_until, year.contract.last_day + timedelta(days=31))
