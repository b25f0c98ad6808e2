"""Lines made by hand, with development as wanted, and any inputs at all for laws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import strategies as st

from budgets.forecast.inputs import Agreed, Ceiling, Flow, Inputs, LineInput, Trajectories, Waiting
from budgets.forecast.model import LineKey
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.rounding import half_up
from subcontractors.agreements.model import FormCode

YEAR = tuple(Month(2025, number) for number in range(1, 13))
TWO_YEARS = tuple(Month(2024, number) for number in range(1, 13)) + YEAR
RULE_29 = (62, 91, 97, 100)
EVEN = tuple(Cents(10_000_000) for _ in range(24))


def pxq(agb: str = "65656055", product: str = "02A03") -> LineKey:
    return LineKey(agb, product, FormCode.PXQ)


def developed(
    months: Mapping[Month, int], percents: Sequence[int], until: Month, *, known: Mapping[Month, int] | None = None
) -> tuple[Flow, ...]:
    """Flows of months that come to so much and come in by these cumulative percents, received up to a month.

    ``known`` gives what was received of a month by ``until``, where that is given and not reckoned.
    """
    found = []
    for service, whole in months.items():
        before = 0
        for lag, percent in enumerate(percents):
            received = service.plus(lag)
            after = half_up(Fraction(whole * percent, 100))
            if known and service in known and received == until:
                after = known[service]
            if received <= until and after != before:
                found.append(Flow(service, received, Cents(after - before)))
                before = after
    return tuple(found)


def line(key: LineKey, flows: Sequence[Flow], **more: object) -> LineInput:
    """A line whose flows before 2025 are its history."""
    return LineInput(
        key=key,
        months=more.pop("months", YEAR),  # type: ignore[arg-type]
        flows=tuple(flow for flow in flows if flow.service.year == 2025),
        history=tuple(flow for flow in flows if flow.service.year < 2025),
        **more,  # type: ignore[arg-type]
    )


def inputs(as_of: date, *lines: LineInput, **more: object) -> Inputs:
    return Inputs(as_of, YEAR, tuple(lines), **more)  # type: ignore[arg-type]


_amounts = st.one_of(
    st.integers(-50_000, 5_000_000), st.just(0), st.integers(-(10**9), 10**12), st.integers(-300, 300)
).map(Cents)
_keys = st.builds(
    LineKey,
    st.sampled_from(("11110001", "11110002", "11110003")),
    st.sampled_from(("01A03", "02A03", "02A05")),
    st.just(FormCode.PXQ),
)
_months_of_year = st.lists(st.sampled_from(YEAR), max_size=12, unique=True).map(lambda m: tuple(sorted(m)))


@st.composite
def _flows(draw: st.DrawFn, as_of: date, first: Month, last: Month) -> tuple[Flow, ...]:
    width = (last.year - first.year) * 12 + last.number - first.number
    found = []
    for _ in range(draw(st.integers(0, 25))):
        service = first.plus(draw(st.integers(0, width)))
        received = service.plus(draw(st.sampled_from((-1, 0, 1, 1, 1, 2, 3, 6, 20))))
        if received > Month.of(as_of):
            continue
        most = as_of.day if received == Month.of(as_of) else received.last.day
        day = draw(st.one_of(st.none(), st.integers(1, most)))
        found.append(Flow(service, received, draw(_amounts), day))
    return tuple(found)


@st.composite
def any_line(draw: st.DrawFn, as_of: date) -> LineInput:
    key = draw(_keys)
    allocated = draw(st.dictionaries(st.sampled_from(YEAR), st.one_of(st.none(), _amounts), max_size=12))
    return LineInput(
        key=key,
        months=draw(st.one_of(st.just(YEAR), _months_of_year)),
        flows=draw(_flows(as_of, YEAR[0], YEAR[-1])),
        history=draw(_flows(as_of, TWO_YEARS[0], TWO_YEARS[11])),
        tariff_index={month: draw(st.sampled_from((Fraction(1), Fraction(21, 20)))) for month in YEAR[6:]},
        allocated=allocated,
        allocated_at=draw(st.one_of(st.just({}), st.just({YEAR[0]: allocated, YEAR[2]: allocated}))),
    )


@st.composite
def any_agreed(draw: st.DrawFn) -> LineInput:
    months = {month: Cents(draw(st.integers(0, 10**7))) for month in draw(_months_of_year)}
    low, middle, high = sorted(draw(st.lists(st.integers(0, 10**8), min_size=3, max_size=3)))
    form = draw(st.sampled_from((FormCode.FTE, FormCode.LUMP_SUM, FormCode.AVAILABILITY)))
    agreed = Agreed(months, Cents(middle), Cents(low), Cents(high))
    return LineInput(LineKey("41410002", draw(st.sampled_from(("", "02A03"))), form), tuple(months), agreed=agreed)


@st.composite
def any_trajectories(draw: st.DrawFn) -> LineInput:
    by_month = st.dictionaries(st.sampled_from(YEAR), st.integers(-(10**6), 10**7).map(Cents), max_size=12)
    due = draw(by_month)
    known = Trajectories(
        due=due,
        open=draw(by_month),
        planned=draw(by_month),
        starts=draw(st.dictionaries(st.sampled_from(TWO_YEARS), st.integers(0, 9), max_size=12)),
        start_cents=Cents(draw(st.integers(0, 10**6))),
        end_cents=Cents(draw(st.integers(0, 10**6))),
        days=draw(st.integers(0, 500)),
        ended=draw(st.integers(0, 9)),
        kept=Cents(draw(st.integers(-(10**6), 10**6))),
        kept_planned=Cents(draw(st.integers(0, 10**6))),
    )
    return LineInput(LineKey("41410004", "02A14", FormCode.TRAJECTORY), YEAR, trajectories=known)


@st.composite
def any_inputs(draw: st.DrawFn) -> Inputs:
    as_of = draw(st.dates(date(2024, 10, 1), date(2026, 7, 1)))
    lines = draw(st.lists(any_line(as_of), max_size=5))
    others = draw(st.lists(st.one_of(any_agreed(), any_trajectories()), max_size=2))
    ceilings = []
    for number, one in enumerate(lines[:2]):
        made = sum(int(flow.cents) for each in lines if each.key == one.key for flow in each.flows)
        cents = Cents(draw(st.integers(0, 10**7)))
        always = Cents(draw(st.integers(0, max(0, made))))
        ceilings.append(Ceiling(f"A{number}", (one.key,), one.months, cents, Cents(made), always))
    unique = {ceiling.keys: ceiling for ceiling in ceilings}
    return Inputs(
        as_of=as_of,
        months=draw(st.sampled_from((YEAR, YEAR[:6], YEAR[6:]))),
        lines=(*lines, *{one.key: one for one in others}.values()),
        ceilings=tuple(unique.values()),
        waiting=tuple(
            Waiting("02A03", draw(st.integers(0, 99)), Decimal(80), Cents(41250), draw(st.integers(0, 13)))
            for _ in range(draw(st.integers(0, 2)))
        ),
        budget=draw(st.one_of(st.none(), st.integers(0, 10**9).map(Cents))),
        cut_off=draw(st.sampled_from((None, date(2026, 3, 31)))),
        closed=draw(st.booleans()) if as_of.year == 2026 else False,
    )
