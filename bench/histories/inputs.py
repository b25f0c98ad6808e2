"""A generated history as the input of a forecast, made by the same pure steps as from the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from statistics import fmean
from typing import cast

from bench.histories.fixed import Fixed
from bench.histories.histories import History
from bench.histories.known import Known
from budgets.forecast.allocated import Allocated, Prices, allocated
from budgets.forecast.contracted import contracted
from budgets.forecast.inputs import Ceiling, Flow, Inputs, LineInput, Trajectories, Waiting
from budgets.forecast.model import LineKey
from lead_contractor.kernel.money import ZERO, Cents, total
from lead_contractor.kernel.periods import Month, days_inclusive
from subcontractors.agreements.model import Agreement, FormCode
from subcontractors.agreements.trajectory import TrajectoryDue, TrajectoryTerms, trajectories_due

_PERIODS = 12


def inputs(made: History, month: Month) -> Inputs:
    """What is known of the year of a month at the end of it."""
    known = Known(made, month.year, month)
    flows = _flows(known)
    return Inputs(
        as_of=month.last,
        months=known.months,
        lines=(*_pxq_lines(known, flows), *_other_lines(known)),
        ceilings=tuple(_ceilings(known, flows)),
        waiting=tuple(_waiting(known)),
        cut_off=Month(month.year + 1, 3).last,
    )


def _flows(known: Known) -> dict[int, list[Flow]]:
    first = known.made.given.months[0]
    found: dict[int, list[Flow]] = defaultdict(list)
    for line, service, received, cents in known.came_in().tolist():
        if cents:
            found[line].append(Flow(first.plus(service), first.plus(received), Cents(cents)))
    return found


def _pxq_lines(known: Known, flows: dict[int, list[Flow]]) -> Iterable[LineInput]:
    prices = Prices(known.tariffs())
    promised = allocated(known.promises(), prices, known.months, known.month.last)
    taken_off = known.credits()
    for number, line in enumerate(known.made.given.lines):
        months = known.agreed_months(line.owner)
        earlier = tuple(one for one in flows[number] if one.service.year < known.year)
        product = line.agb, line.product
        mine = promised.get(product, Allocated())
        if months:
            yield LineInput(
                key=LineKey(*product, FormCode.PXQ),
                months=months,
                flows=tuple(one for one in flows[number] if one.service.year == known.year),
                history=earlier,
                tariff_index=_index(prices, product, known),
                corrections=taken_off.get(number, ZERO),
                allocated=mine.values,
                allocated_at=mine.at,
            )


def _index(prices: Prices, product: tuple[str, str], known: Known) -> dict[Month, Fraction]:
    months = known.made.given.months[: known.made.given.place(known.months[-1]) + 1]
    found = prices.index(product, months)
    base = found[known.months[0]]
    return {month: value / base for month, value in found.items()}


def _other_lines(known: Known) -> Iterable[LineInput]:
    fixed, day = Fixed(known.made.given), known.month.last
    state = known.made.states[known.place][1]
    realised = fixed.known(state, known.year, day)
    for agreement in fixed.agreements(known.year):
        product = agreement.products[0] if agreement.products else ""
        key = LineKey(agreement.subcontractor, product, agreement.form)
        if agreement.form is FormCode.TRAJECTORY:
            due = trajectories_due(_terms(agreement), fixed.trajectories(state.runs, agreement, day))
            yield LineInput(key, known.months, trajectories=_trajectories(agreement, due, known))
            continue
        mine = [row for row in realised if row.agreement == agreement.id]
        yield LineInput(key, known.months, agreed=contracted(agreement, known.year, known.months, mine))


def _terms(agreement: Agreement) -> TrajectoryTerms:
    return cast("TrajectoryTerms", agreement.terms)


def _trajectories(agreement: Agreement, every: Sequence[TrajectoryDue], known: Known) -> Trajectories:
    """What the trajectories known so far made and still make due."""
    terms, day = _terms(agreement), known.month.last
    sums: dict[bool, dict[Month, Cents]] = {True: defaultdict(Cents), False: defaultdict(Cents)}
    starts: dict[Month, int] = defaultdict(int)
    ended = []
    for one in every:
        what = one.trajectory
        for at, cents in ((what.started, one.at_start), (what.ended, one.at_end)):
            if at.year == known.year:
                sums[at <= day][Month.of(at)] += cents
        if one.guaranteed_by is None and what.started.year >= known.year - 1:
            starts[Month.of(what.started)] += 1
        if one.guaranteed_by is None and what.ended.year == known.year and what.ended <= day:
            ended.append(one)
    lengths = [days_inclusive(one.trajectory.allocation_start, one.trajectory.allocation_end) for one in every]
    rest = terms.price - terms.start_amount
    return Trajectories(
        due=dict(sums[True]),
        open=dict(sums[False]),
        starts=dict(starts),
        start_cents=terms.start_amount,
        end_cents=rest,
        days=round(fmean(lengths)) if lengths else 0,
        ended=len(ended),
        kept=total(one.at_end for one in ended),
        kept_planned=Cents(rest * len(ended)),
    )


def _ceilings(known: Known, flows: dict[int, list[Flow]]) -> Iterable[Ceiling]:
    for number, cents in known.made.ceilings.get(known.year, {}).items():
        line = known.made.given.lines[number]
        produced = total(one.cents for one in flows[number] if one.service.year == known.year)
        key = LineKey(line.agb, line.product, FormCode.PXQ)
        months = known.agreed_months(line.owner)
        if months:
            yield Ceiling(f"PXQ-{line.owner + 1:02d}", (key,), months, cents, produced)


def _waiting(known: Known) -> Iterable[Waiting]:
    left = _PERIODS - known.month.number
    for product, count in sorted(known.waiting(known.place).items()):
        if count:
            raw = known.made.given.raw
            wanted = raw["category"][raw["product"][product]["category"]]
            fee = raw["product"][product]["tariff"] * wanted["units"][0] * (4 if wanted["per"] == "week" else 1)
            yield Waiting(product, count, Decimal(80), Cents(round(fee)), left)
