"""What if, on a stored contract year: its outlook, a scenario beside it, and scenarios kept by name.

Everything stands on a frozen forecast: nothing is forecast here.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import cast

from budgets.forecast.store import Frozen, frozen
from budgets.plan.service import lines_on
from budgets.plan.store import history
from budgets.scenarios import counting, store
from budgets.scenarios.burden import Counted
from budgets.scenarios.forms import FormCost, Norms, compare_forms, work_of
from budgets.scenarios.model import BASE, MOVES_TO, CeilingTerms, Grounds, Move, Scenario, Simulation
from budgets.scenarios.outlook import Outlook, project
from budgets.scenarios.simulate import simulate
from budgets.scenarios.sizes import DRAWS, SEED
from budgets.scenarios.store import Saved
from budgets.year_folder.stored import agreements_of, contract_of
from lead_contractor.access.hand import Hand
from lead_contractor.books import accounts
from lead_contractor.books.store import account_total
from lead_contractor.contract import store as contracts
from lead_contractor.contract.model import Contract, PriorYear
from lead_contractor.kernel.money import ZERO, Cents, total
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.refusals import NotFound, Refusal
from lead_contractor.kernel.rounding import half_up
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.fte import FteTerms
from subcontractors.agreements.model import FormCode
from subcontractors.agreements.pxq import PxqTerms

LONGEST_NAME = 80
LARGEST_CHANGE = Decimal(100)
"""Percentages of change lie between minus and plus this."""


def outlook_of(scope: Scope, contract_id: int, standing: Frozen) -> Outlook:
    """What the contract year comes to by a frozen forecast.

    Raises:
        NotFound: this lead contractor has no such contract.
    """
    return project(standing.forecast, grounds_of(scope, contract_id, standing))


def grounds_of(scope: Scope, contract_id: int, standing: Frozen, *, scenarios: bool = False) -> Grounds:
    """What the year stands on besides its forecast, as of the day of that.

    With ``scenarios`` also what only a scenario asks: the ceilings, and how long clients stay.
    """
    contract = contract_of(contracts.get_contract(scope, contract_id))
    day = standing.as_of
    eligible = contract.settlement.prior_year is PriorYear.ELIGIBLE
    known = Grounds(
        as_of=day,
        contract=contract,
        figures=contracts.index_figures(scope, contract_id),
        counts=tuple(count for count in contracts.beschikkingen(scope, contract_id) if count.date <= day),
        own_costs=tuple(cost for cost in contracts.own_costs(scope, contract_id) if cost.date <= day),
        prior_year=account_total(scope, contract_id, accounts.COST_PRIOR_YEAR, Month.of(day)) if eligible else ZERO,
        received=total(paid.amount for paid in contracts.receipts(scope, contract_id) if paid.date <= day),
    )
    if not scenarios:
        return known
    return replace(
        known,
        ceilings=_ceilings(scope, contract_id, contract),
        stay_months=store.stay_months(scope, contract_id),
    )


def _ceilings(scope: Scope, contract_id: int, contract: Contract) -> tuple[CeilingTerms, ...]:
    found = []
    for agreement in agreements_of(scope, contract_id, contract):
        if agreement.form is FormCode.PXQ:
            ceiling = cast("PxqTerms", agreement.terms).ceiling
            if ceiling is not None:
                found.append(CeilingTerms(agreement.subcontractor, agreement.products, ceiling.amount))
    return tuple(found)


def what_if(
    scope: Scope, contract_id: int, standing: Frozen, scenario: Scenario, draws: int = DRAWS, seed: int = SEED
) -> Simulation:
    """A scenario beside the base.

    Raises:
        NotFound: this lead contractor has no such contract, or the scenario moves a subcontractor that has no P×Q.
        Refusal: the scenario asks for what cannot be.
    """
    grounds = grounds_of(scope, contract_id, standing, scenarios=True)
    _check(standing, grounds, scenario)
    return simulate(standing.forecast, history(scope, contract_id), grounds, scenario, draws, seed)


def _check(standing: Frozen, grounds: Grounds, scenario: Scenario) -> None:
    """Refuse what cannot be, in the words of whoever fills it in."""
    for percent in (scenario.inflow_percent, scenario.index_percent, scenario.own_cost_percent):
        if not -LARGEST_CHANGE <= percent <= LARGEST_CHANGE:
            raise Refusal(
                "Een verandering van %(percent)s%% kan niet. Vul een percentage tussen -100 en 100 in.", percent=percent
            )
    nothing = Decimal(0)
    for percent in (scenario.waiting_percent, scenario.cap_percent or nothing, scenario.corridor_percent or nothing):
        if not 0 <= percent <= LARGEST_CHANGE:
            raise Refusal(
                "Een percentage van %(percent)s%% kan niet. Vul een percentage tussen 0 en 100 in.", percent=percent
            )
    months = grounds.contract.months
    asked = [scenario.inflow_from, scenario.index_from, scenario.waiting_from]
    asked += [move.month for move in scenario.moves]
    for month in asked:
        if month is not None and not grounds.first_to_come <= month <= months[-1]:
            raise Refusal(
                "%(month)s kan niet: een scenario begint in een maand die nog niet voorbij is. "
                "Kies een maand van %(first)s tot en met %(last)s.",
                month=month,
                first=grounds.first_to_come,
                last=months[-1],
            )
    if len({move.subcontractor for move in scenario.moves}) < len(scenario.moves):
        raise Refusal("Een onderaannemer kan maar één keer overgaan. Laat één regel staan.")
    for move in scenario.moves:
        _check_move(standing, move)


def _check_move(standing: Frozen, move: Move) -> None:
    if move.form not in MOVES_TO:
        raise Refusal("Van P×Q kan een onderaannemer naar lumpsum, fte, trajecten of beschikbaarheid. Kies er een.")
    if move.amount is not None and move.amount < 0:
        raise Refusal("Een afgesproken bedrag is nul of meer. Vul een bedrag per maand in.")
    if all(
        line.key.subcontractor != move.subcontractor or line.key.form is not FormCode.PXQ
        for line in standing.forecast.lines
    ):
        raise NotFound("Deze onderaannemer heeft geen P×Q in de prognose. Kies een andere.")


def save(
    scope: Scope,
    contract_id: int,
    standing: Frozen,
    name: str,
    made: Simulation,
    by: Hand,
    at: datetime,
    *,
    party: str = "",
    shared: bool = False,
) -> Saved:
    """Keep a scenario under a name; a name that stands already gets a new version. In a writing transaction.

    Raises:
        Refusal: there is no name, or it is too long; or nothing in it is otherwise than expected.
    """
    called = " ".join(name.split())
    if not called or len(called) > LONGEST_NAME:
        raise Refusal("Geef het scenario een naam van ten hoogste %(most)s tekens.", most=LONGEST_NAME)
    if made.scenario == BASE:
        raise Refusal("Er is niets anders dan in de basis. Verander eerst iets, en bewaar dan.")
    scope.lock()
    return store.add(scope, contract_id, party, called, standing.id, made, by, at, shared=shared)


def archive(scope: Scope, contract_id: int, identity: int, by: Hand, at: datetime, *, party: str = "") -> Saved:
    """Take a scenario off the list; all its versions stay. In a writing transaction.

    Raises:
        NotFound: this side has no such scenario, or it was taken off already.
    """
    scope.lock()
    found = store.by_id(scope, contract_id, identity)
    if found is None or found.party != party or _latest(scope, found).archived:
        raise NotFound("Dit scenario is er niet (meer).")
    return store.add(
        scope,
        contract_id,
        found.party,
        found.name,
        found.frozen_id,
        found.result,
        by,
        at,
        shared=found.shared,
        archived=True,
    )


def _latest(scope: Scope, saved: Saved) -> Saved:
    return store.versions(scope, saved.contract_id, saved.party, saved.name)[-1]


def newest_frozen(scope: Scope, contract_id: int) -> Frozen | None:
    """The frozen forecast that a scenario stands on when no day is asked for."""
    return frozen(scope, contract_id)


def count_paperwork(scope: Scope, contract_id: int, standing: Frozen, at: datetime) -> Counted:
    """Count the paperwork up to the day of a frozen forecast and keep it; it reads every line. It writes."""
    counted = counting.count(scope, contract_id, standing.as_of)
    counting.keep(scope, contract_id, counted, at)
    return counted


def forms_of(
    scope: Scope, contract_id: int, standing: Frozen, counted: Counted, subcontractor: str = ""
) -> tuple[FormCost, ...]:
    """What each form would have cost, and taken, for a P×Q subcontractor or for all of them.

    Raises:
        NotFound: this lead contractor has no such contract.
    """
    contract = contract_of(contracts.get_contract(scope, contract_id))
    work = work_of(standing.forecast, counted.rows, lines_on(scope, contract_id, standing.as_of), subcontractor)
    return compare_forms(work, norms_of(scope, contract_id, contract))


def norms_of(scope: Scope, contract_id: int, contract: Contract) -> Norms | None:
    """Price and hours of a full-time worker: the average of the FTE agreements with a norm; ``None`` without any."""
    terms = [
        cast("FteTerms", agreement.terms)
        for agreement in agreements_of(scope, contract_id, contract)
        if agreement.form is FormCode.FTE
    ]
    known = [(int(one.price_per_fte), one.hours.norm) for one in terms if one.hours is not None]
    if not known:
        return None
    price = half_up(Fraction(sum(price for price, _ in known), len(known)))
    return Norms(Cents(price), sum((norm for _, norm in known), Fraction(0)) / len(known))
