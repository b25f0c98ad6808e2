"""What would each form of financing have cost this year, and how much paperwork would it have taken? Pure.

P×Q is what it is: the forecast of the year and the paperwork that was counted. The other forms are reckoned from the
same work, each with its own assumption, which is said beside it. What is measured and what is assumed is never mixed in
one figure without saying so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from budgets.forecast.model import Forecast
from budgets.plan.model import BudgetLine
from budgets.scenarios.burden import ACTS, PaperCount, added
from lead_contractor.kernel.money import Cents, total
from lead_contractor.kernel.periods import MONTHS_IN_YEAR
from lead_contractor.kernel.rounding import half_up, times, to_cents
from subcontractors.agreements.model import FormCode

MINUTES_IN_HOUR = 60
LINES_PER_TRAJECTORY = 2
"""A start and an end milestone."""


@dataclass(frozen=True, slots=True)
class Norms:
    """What a full-time worker costs and delivers, by an agreement of this contract or as somebody fills in.

    Attributes:
        price_per_fte: per calendar year.
        hours_per_fte: hours with clients per calendar year.
    """

    price_per_fte: Cents
    hours_per_fte: Fraction


@dataclass(frozen=True, slots=True)
class Work:
    """What a P×Q subcontractor (or all of them) does this year.

    Attributes:
        subcontractor: empty for all of them together.
        cost: the forecast of the year.
        realised: what of it was received.
        busiest: the month that costs most.
        budget: what was budgeted for it; ``None`` where that is not known.
        hours: hours in accepted lines so far.
        clients: people in lines so far.
        price_per_client: what a client of P×Q costs in the year, over all subcontractors; ``None`` without clients.
        papers: its paperwork so far.
        months: months of the contract year, and how many of them are over.
        parties: how many subcontractors it is about; each is paid, and reports, on its own.
    """

    subcontractor: str
    cost: Cents
    realised: Cents
    busiest: Cents
    budget: Cents | None
    hours: Fraction
    clients: int
    price_per_client: Fraction | None
    papers: dict[str, int]
    months: tuple[int, int]
    parties: int = 1


@dataclass(frozen=True, slots=True)
class FormCost:
    """What a form would have cost and taken.

    Attributes:
        form: the form.
        cost: of the year; ``None`` where it cannot be determined, and ``how`` says what is missing.
        acts: what somebody would have to do something for, in the year.
        lines: declaration lines in the year.
        measured: the figures were counted and forecast; else they are reckoned from an assumption.
        how: code of the assumption, for which the screens have words.
        figures: the figures in it, as text.
    """

    form: FormCode
    cost: Cents | None
    acts: int
    lines: int
    measured: bool
    how: str
    figures: tuple[tuple[str, str], ...] = ()


def work_of(
    forecast: Forecast,
    counts: Sequence[PaperCount],
    budget: Sequence[BudgetLine],
    subcontractor: str = "",
) -> Work:
    """What a P×Q subcontractor, or all of them, does this year.

    Args:
        forecast: of the year.
        counts: the paperwork as of the same day.
        budget: the lines of the budget; those of the subcontractor count, and without any of those its budget is not
            known.
        subcontractor: its AGB code; empty for all.
    """
    every = [line for line in forecast.lines if line.key.form is FormCode.PXQ]
    lines = [line for line in every if subcontractor in ("", line.key.subcontractor)]
    papers = [row for row in counts if row.form is FormCode.PXQ]
    others = [row for row in counts if row.form is None and row.subcontractor in {one.subcontractor for one in papers}]
    own = added(row for row in (*papers, *others) if subcontractor in ("", row.subcontractor))
    clients = added(papers)["clients"]
    agbs = {line.key.subcontractor for line in lines}
    budgeted = [line.amount for line in budget if line.subcontractor in agbs]
    per_month = [sum(int(line.months[n].point) for line in lines) for n in range(_shortest(forecast))]
    over = sum(1 for month in (every[0].months if every else ()) if month.month.last <= forecast.as_of)
    everything = total(line.point for line in every)
    return Work(
        subcontractor=subcontractor,
        cost=total(line.point for line in lines),
        realised=total(line.realised for line in lines),
        busiest=Cents(max(per_month, default=0)),
        budget=total(budgeted) if budgeted else None,
        hours=Fraction(own["minutes"], MINUTES_IN_HOUR),
        clients=own["clients"],
        price_per_client=Fraction(int(everything), clients) if clients else None,
        papers=own,
        months=(len(every[0].months) if every else MONTHS_IN_YEAR, over),
        parties=max(1, len(agbs)),
    )


def _shortest(forecast: Forecast) -> int:
    """How many months every line of the forecast has."""
    return min((len(line.months) for line in forecast.lines), default=0)


def compare_forms(work: Work, norms: Norms | None) -> tuple[FormCost, ...]:
    """Each form for the same work: P×Q as it is, the others as they would have been."""
    return (_pxq(work), _fte(work, norms), _lump_sum(work), _trajectory(work), _availability(work))


def _scaled(work: Work, number: int) -> int:
    """A number so far, for the whole year at the same pace."""
    months, over = work.months
    return half_up(Fraction(number * months, over)) if over else number


def _standing(work: Work) -> int:
    """What every form keeps: starts and stops with their answers, and the payments."""
    return _scaled(work, 2 * work.papers["reports"] + work.papers["payments"])


def _pxq(work: Work) -> FormCost:
    acts = sum(_scaled(work, work.papers[name]) for name in ACTS)
    return FormCost(
        FormCode.PXQ, work.cost, acts, _scaled(work, work.papers["lines"]), measured=True, how="as_forecast"
    )


def _fte(work: Work, norms: Norms | None) -> FormCost:
    acts = _standing(work) + work.months[0] * work.parties
    if norms is None or not norms.hours_per_fte:
        return FormCost(FormCode.FTE, None, acts, 0, measured=False, how="no_norm")
    if not work.hours or work.realised <= 0:
        return FormCost(FormCode.FTE, None, acts, 0, measured=False, how="no_hours")
    hours = work.hours * Fraction(int(work.cost), int(work.realised))
    fte = hours / norms.hours_per_fte
    figures = (("hours", _decimal(hours)), ("norm", _decimal(norms.hours_per_fte)), ("fte", _decimal(fte, 2)))
    return FormCost(
        FormCode.FTE, times(norms.price_per_fte, fte), acts, 0, measured=False, how="hours_by_norm", figures=figures
    )


def _lump_sum(work: Work) -> FormCost:
    how = "as_budgeted" if work.budget is not None else "no_budget"
    return FormCost(FormCode.LUMP_SUM, work.budget, _standing(work), 0, measured=False, how=how)


def _trajectory(work: Work) -> FormCost:
    lines = LINES_PER_TRAJECTORY * _scaled(work, work.clients)
    share = Fraction(work.papers["refused"], work.papers["lines"]) if work.papers["lines"] else Fraction(0)
    acts = _standing(work) + half_up(lines * share) + 2 * min(lines, _scaled(work, work.papers["declarations"]))
    if work.price_per_client is None or not work.clients:
        return FormCost(FormCode.TRAJECTORY, None, acts, lines, measured=False, how="no_clients")
    figures = (("clients", str(work.clients)), ("price", str(int(to_cents(work.price_per_client)))))
    cost = to_cents(work.price_per_client * work.clients)
    how = "average_client" if work.subcontractor else "average_client_all"
    return FormCost(FormCode.TRAJECTORY, cost, acts, lines, measured=False, how=how, figures=figures)


def _availability(work: Work) -> FormCost:
    acts = _standing(work) + work.months[0] * work.parties
    figures = (("month", str(int(work.busiest))),)
    cost = Cents(int(work.busiest) * work.months[0])
    return FormCost(FormCode.AVAILABILITY, cost, acts, 0, measured=False, how="busiest_month", figures=figures)


def _decimal(value: Fraction, decimals: int = 1) -> str:
    """A quantity as text."""
    scaled = half_up(value * 10**decimals)
    return str(Decimal(scaled).scaleb(-decimals))
