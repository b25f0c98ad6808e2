"""A year as it stands on 31 August, small enough to reckon by hand: three lines of P×Q, one lump sum."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from budgets.forecast.model import (
    Band,
    Forecast,
    ForecastLine,
    LineKey,
    Method,
    MonthForecast,
    Standing,
)
from budgets.plan.model import HistoryRow
from budgets.scenarios.model import Grounds
from lead_contractor.contract.model import (
    BeschikkingCount,
    Contract,
    CostKind,
    DeficitBand,
    LumpSum,
    Margin,
    OwnCost,
    Reserve,
    SettlementTerms,
    VolumeClause,
)
from lead_contractor.kernel.money import ZERO, Cents
from lead_contractor.kernel.periods import Month
from lead_contractor.parties.model import LeadContractor, Municipality
from subcontractors.agreements.model import FormCode

AS_OF = date(2025, 8, 31)
MONTHS = tuple(Month(2025, number) for number in range(1, 13))
LINDE, MEER = "65656055", "65656056"
SIGMA80, SIGMA95 = 1.2815515655446004, 1.959963984540054


def band(point: int, sigma: float) -> Band:
    """A symmetric band around a point."""
    near, far = round(sigma * SIGMA80), round(sigma * SIGMA95)
    return Band(Cents(point - near), Cents(point + near), Cents(point - far), Cents(point + far))


def line(
    subcontractor: str, product: str, month: int, sigma: float, form: FormCode = FormCode.PXQ, over: int = 8
) -> ForecastLine:
    """A line of equal months: realised up to August, to come from there; a tenth of August comes late."""
    months = []
    for place, one in enumerate(MONTHS, start=1):
        late = month // 10 if place == over and form is FormCode.PXQ else 0
        realised = month - late if place <= over else 0
        months.append(MonthForecast(one, Cents(realised), Cents(late), Cents(0 if place <= over else month)))
    point = month * 12
    return ForecastLine(
        key=LineKey(subcontractor, product, form),
        realised=Cents(sum(one.realised for one in months)),
        not_yet_declared=Cents(sum(one.late for one in months)),
        point=Cents(point),
        band=band(point, sigma),
        months=tuple(months),
        method=Method.RUN_RATE if form is FormCode.PXQ else Method.CONTRACT,
    )


def forecast(
    lines: Sequence[ForecastLine] | None = None, sigma: float = 9_000_00, budget: int | None = 7_900_000_00
) -> Forecast:
    """The forecast: 7.8 million for the year, give or take a hundred thousand."""
    known = tuple(lines) if lines is not None else LINES
    point = sum(one.point for one in known)
    standings = []
    for place, month in enumerate(MONTHS):
        until = sum(one.months[p].point for one in known for p in range(place + 1))
        realised = sum(one.months[p].realised for one in known for p in range(place + 1))
        share = max(0, place - 6) / 5
        standings.append(Standing(month, Cents(realised), Cents(until), band(until, sigma * share)))
    return Forecast(
        as_of=AS_OF,
        realised=Cents(sum(one.realised for one in known)),
        not_yet_declared=Cents(sum(one.not_yet_declared for one in known)),
        point=Cents(point),
        band=band(point, sigma),
        lines=known,
        months=tuple(standings),
        budget=None if budget is None else Cents(budget),
        exposure=Cents(62_370_00),
        spread=Cents(round(sigma)),
    )


LINES = (
    line(LINDE, "01A03", 250_000_00, 60_000_00),
    line(LINDE, "01A04", 150_000_00, 40_000_00),
    line(MEER, "02A03", 200_000_00, 50_000_00),
    line("41410003", "", 50_000_00, 0.0, FormCode.LUMP_SUM),
)
FORECAST = forecast(sigma=90_000_00)


def contract(margin: str | None = "5", volume: VolumeClause | None = None, reserve: str | None = None) -> Contract:
    """Eight point three million, a cap of five percent, and the deficit bands of rule 27."""
    return Contract(
        id="HK-2025",
        year=2025,
        municipality=Municipality("Hollands Kroon", "1911"),
        lead_contractor=LeadContractor("Voorbeeld Hoofdaannemer", "42420001", "12345678"),
        lump_sum=LumpSum(Cents(8_312_457_35), volume=volume),
        settlement=SettlementTerms(
            cut_off=date(2026, 3, 31),
            corrections_until=date(2026, 5, 31),
            margin=None if margin is None else Margin(Decimal(margin)),
            overhead_cap_percent=Decimal(12),
            deficit_bands=(
                DeficitBand(Decimal(0), Decimal(2)),
                DeficitBand(Decimal(50), Decimal(5)),
                DeficitBand(Decimal(0)),
            ),
            reserve=None if reserve is None else Reserve(Decimal(reserve)),
        ),
    )


def grounds(terms: Contract | None = None, **others: object) -> Grounds:
    """What the year stands on: three kinds of own cost every month so far."""
    costs = tuple(
        OwnCost(month.last, kind, Cents(amount))
        for month in MONTHS[:8]
        for kind, amount in (
            (CostKind.OVERHEAD, 10_000_00),
            (CostKind.OWN_DELIVERY, 5_000_00 + month.number * 100_00),
            (CostKind.OTHER, 1_000_00),
        )
    )
    given: dict[str, object] = {"own_costs": costs, "received": Cents(692_704_78 * 8)} | others
    return Grounds(AS_OF, terms or contract(), **given)  # type: ignore[arg-type]


def counts(*numbers: int) -> tuple[BeschikkingCount, ...]:
    """Numbers of beschikkingen at the ends of January and further."""
    return tuple(BeschikkingCount(month.last, Decimal(number)) for month, number in zip(MONTHS, numbers, strict=False))


def history() -> tuple[HistoryRow, ...]:
    """Two years in which the two lines of De Linde rise and fall together, and that of Meer the other way."""
    rows = []
    for year in (2023, 2024):
        for number in range(1, 13):
            swing = ((number * 7 + year) % 5 - 2) * 4_000_00
            for agb, product, level, sign in (
                (LINDE, "01A03", 200_000_00, 1),
                (LINDE, "01A04", 120_000_00, 1),
                (MEER, "02A03", 180_000_00, -1),
            ):
                month = Month(year, number)
                rows.append(HistoryRow(month, month.plus(1), agb, product, Cents(level + sign * swing)))
    return tuple(rows)


def nothing_to_come(known: Forecast) -> Forecast:
    """The same forecast when all is known."""
    lines = tuple(
        ForecastLine(
            one.key,
            one.point,
            ZERO,
            one.point,
            band(one.point, 0),
            tuple(MonthForecast(month.month, month.point, ZERO, ZERO) for month in one.months),
            Method.KNOWN,
        )
        for one in known.lines
    )
    return forecast(lines, sigma=0.0, budget=known.budget)
