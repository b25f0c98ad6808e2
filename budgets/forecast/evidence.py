"""What the forecast of a stored contract year is made from, as it was known on a day.

Only what was received up to and including the day counts. Cost of subcontractors is that of the settlement (year
folder, order of the settlement, step 2): lines over earlier years are not in it, whether the contract takes them or
not, nor lines received after the cut-off; what lies above a ceiling is taken off by the forecast itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any, cast

from budgets.forecast.allocated import Allocated, Prices, Product, Promise, allocated
from budgets.forecast.contracted import contracted, together
from budgets.forecast.inputs import Agreed, Ceiling, Flow, Inputs, LineInput, Trajectories
from budgets.forecast.means import means
from budgets.forecast.model import LineKey
from budgets.forecast.past import past_flows
from budgets.forecast.promised import promises
from budgets.forecast.queue import newest, waiting
from budgets.forecast.received import HERE, Received, credits_by_product, received_cost, settled_cost
from budgets.forecast.walking import Day, Walked, as_input, walk
from budgets.plan.store import waiting as waiting_rows
from budgets.year_folder.stored import agreements_of, contract_of
from lead_contractor.contract.model import Contract
from lead_contractor.contract.store import get_contract
from lead_contractor.kernel.money import ZERO, Cents
from lead_contractor.kernel.periods import ONE_DAY, Month
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.model import Agreement, FormCode
from subcontractors.agreements.months import covered_months
from subcontractors.agreements.pxq import PxqTerms
from subcontractors.agreements.service import production, trajectories_under
from subcontractors.agreements.store import realised_of, tariffs
from subcontractors.agreements.trajectory import TrajectoryTerms

CODE_LENGTH = 5
"""Of a product; what is shorter is a category."""
AGREED_FORMS = (FormCode.FTE, FormCode.LUMP_SUM, FormCode.AVAILABILITY)


@dataclass(frozen=True, slots=True)
class _Year:
    """A contract year, its agreements and the day from which one looks."""

    scope: Scope
    contract_id: int
    contract: Contract
    agreements: Sequence[Agreement]
    as_of: date
    months: tuple[Month, ...]

    @property
    def closed(self) -> bool:
        return self.as_of >= self.contract.settlement.corrections_until

    def of_form(self, *forms: FormCode) -> list[Agreement]:
        return [one for one in self.agreements if one.form in forms and self.covered(one)]

    def covered(self, agreement: Agreement) -> tuple[Month, ...]:
        return covered_months(agreement, self.months)

    def place(self, month: Month) -> Month:
        return min(max(month, self.months[0]), self.months[-1])


def inputs_of(scope: Scope, contract_id: int, as_of: date) -> Inputs:
    """All that the forecast of a contract year knows on a day; some twenty queries, however many messages there are.

    Raises:
        NotFound: this lead contractor has no such contract.
    """
    contract = contract_of(get_contract(scope, contract_id))
    agreements = agreements_of(scope, contract_id, contract)
    year = _Year(scope, contract_id, contract, agreements, as_of, contract.months)
    received = (settled_cost if year.closed else received_cost)(scope, contract_id, as_of)
    known = promises(scope, contract_id, agreements, (contract.first_day, contract.last_day), as_of)
    prices = Prices(tariffs(scope, contract_id))
    values = allocated([one for _, one in known], prices, year.months, as_of)
    lines = [*_pxq_lines(year, received, values, prices), *_trajectory_lines(year), *_agreed_lines(year)]
    lines = _with_history(year, lines)
    queue = newest(waiting_rows(scope, contract_id), as_of)
    return Inputs(
        as_of=as_of,
        months=year.months,
        lines=tuple(sorted(lines, key=lambda line: line.key)),
        ceilings=tuple(_ceilings(year, received, known)),
        waiting=waiting(queue, lines, values, year.months, as_of),
        budget=means(scope, contract_id, contract, as_of),
        cut_off=contract.settlement.cut_off,
        closed=year.closed,
    )


def _pxq_lines(
    year: _Year, received: Iterable[Received], values: Mapping[Product, Allocated], prices: Prices
) -> list[LineInput]:
    """A line for every product that was declared, is allocated, or is named by an agreement."""
    flows: dict[Product, list[Flow]] = defaultdict(list)
    for one in received:
        flow = Flow(year.place(one.service), one.received, one.cents, one.day)
        flows[one.subcontractor, one.product_code].append(flow)
    months = _months_by_product(year)
    credited = credits_by_product(year.scope, year.contract_id, year.contract.year, year.as_of)
    none = Allocated()
    return [
        LineInput(
            key=LineKey(*product, FormCode.PXQ),
            months=months.get(product, ()) or _covering(year, product),
            flows=_ordered(flows.get(product, ())),
            tariff_index=prices.index(product, year.months),
            corrections=credited.get(product, ZERO),
            allocated=values.get(product, none).values,
            allocated_at=values.get(product, none).at,
        )
        for product in sorted({*flows, *values, *months})
    ]


def _ordered(flows: Iterable[Flow]) -> tuple[Flow, ...]:
    """Flows in one order, whatever the order in which the database gives what it added up."""
    return tuple(sorted(flows, key=lambda one: (one.service, one.received, one.day or date.min, one.cents)))


def _months_by_product(year: _Year) -> dict[Product, tuple[Month, ...]]:
    """The months of the P×Q agreements that name a product, by product."""
    found: dict[Product, set[Month]] = defaultdict(set)
    for one in year.of_form(FormCode.PXQ):
        for code in one.products:
            if len(code) == CODE_LENGTH:
                found[one.subcontractor, code].update(year.covered(one))
    return {product: tuple(sorted(months)) for product, months in found.items()}


def _covering(year: _Year, product: Product) -> tuple[Month, ...]:
    """The months of the agreements that cover a product by its category; the year where none does."""
    subcontractor, code = product
    found: set[Month] = set()
    for one in year.of_form(FormCode.PXQ):
        if one.subcontractor == subcontractor and code[:2] in one.products:
            found.update(year.covered(one))
    return tuple(sorted(found)) or year.months


def _trajectory_lines(year: _Year) -> list[LineInput]:
    """A line for every product of a trajectory agreement."""
    agreements = year.of_form(FormCode.TRAJECTORY)
    until = None if year.closed else year.as_of
    made = trajectories_under(year.scope, year.contract_id, agreements, until) if agreements else {}
    seen = Day(year.contract.year, year.months, year.as_of, year.closed)
    walked: dict[str, dict[str, Walked]] = defaultdict(lambda: defaultdict(Walked))
    months: dict[Product, set[Month]] = defaultdict(set)
    terms: dict[Product, TrajectoryTerms] = {}
    for one in agreements:
        own, its = walked[one.subcontractor], cast("TrajectoryTerms", one.terms)
        walk(its, made.get(one.id, ()), seen, own)
        named = {code for code in one.products if len(code) == CODE_LENGTH}
        for code in {*named, *(what.product_code for what in made.get(one.id, ()))}:
            months[one.subcontractor, code].update(year.covered(one))
            terms[one.subcontractor, code] = its
    return [
        _trajectory_line(product, tuple(sorted(months[product])), as_input(walked[product[0]][product[1]], its))
        for product, its in sorted(terms.items(), key=lambda item: item[0])
    ]


def _trajectory_line(product: Product, months: tuple[Month, ...], made: Trajectories) -> LineInput:
    return LineInput(LineKey(*product, FormCode.TRAJECTORY), months, trajectories=made)


def _agreed_lines(year: _Year) -> list[LineInput]:
    """A line for every subcontractor with a form whose months are agreed beforehand."""
    before = datetime.combine(year.as_of + ONE_DAY, time(), HERE)
    realised: dict[str, list[Any]] = defaultdict(list)
    for row in realised_of(year.scope, year.contract_id, before):
        if row.month.last <= year.as_of:
            realised[row.agreement].append(row)
    made: dict[LineKey, list[Agreed]] = defaultdict(list)
    months: dict[LineKey, set[Month]] = defaultdict(set)
    for one in year.of_form(*AGREED_FORMS):
        key = LineKey(one.subcontractor, "", one.form)
        months[key].update(year.covered(one))
        made[key].append(contracted(one, year.contract.year, year.covered(one), realised[one.id]))
    return [LineInput(key, tuple(sorted(months[key])), agreed=together(every)) for key, every in made.items()]


def _with_history(year: _Year, lines: Sequence[LineInput]) -> list[LineInput]:
    """The lines with what is known of earlier years; of a product without a line this year nothing is taken along."""
    until = Month.of(year.as_of + ONE_DAY).plus(-1)
    flows = past_flows(year.scope, year.contract_id, year.contract.year, until)
    made, taken = [], set[Product]()
    for line in lines:  # P×Q before trajectories: what was declared belongs with what is declared
        product = line.key.subcontractor, line.key.product_code
        made.append(line if product in taken else replace(line, history=_ordered(flows.get(product, ()))))
        taken.add(product)
    return made


def _ceilings(year: _Year, received: Iterable[Received], known: Iterable[tuple[str, Promise]]) -> Iterable[Ceiling]:
    """The ceilings, what was produced under them, and what of it stands outside."""
    produced: dict[str, Cents] = defaultdict(Cents)
    products: dict[str, set[Product]] = defaultdict(set)
    for one in received:
        produced[one.agreement] += one.cents
        products[one.agreement].add((one.subcontractor, one.product_code))
    for code, promise in known:
        products[code].add(promise.product)
    having = [(one, cast("PxqTerms", one.terms).ceiling) for one in year.of_form(FormCode.PXQ)]
    outside = _outside(year) if any(ceiling and ceiling.always_paid for _, ceiling in having) else {}
    for agreement, ceiling in having:
        if ceiling is not None:
            named = {(agreement.subcontractor, code) for code in agreement.products if len(code) == CODE_LENGTH}
            yield Ceiling(
                agreement=agreement.id,
                keys=tuple(LineKey(*one, FormCode.PXQ) for one in sorted(products[agreement.id] | named)),
                months=year.covered(agreement),
                cents=ceiling.amount,
                produced=produced[agreement.id],
                always_paid=outside.get(agreement.id, ZERO),
            )


def _outside(year: _Year) -> dict[str, Cents]:
    """What of the production stands outside the ceiling, by agreement."""
    until = None if year.closed else year.as_of
    made = production(year.scope, year.contract_id, year.contract, year.agreements, until)
    return {agreement: one.always_paid for agreement, one in made.items()}
