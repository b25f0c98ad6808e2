"""What if against its raw floor: ``python -m bench.scenarios``.

The floor draws the same normal numbers with numpy and adds them up per draw; everything above it is what a scenario
costs: moving lines together as they did, bringing the total to its band, the effects, and two settlements per draw by
the rules themselves. Floor and real in turn, in processor time; the ratio of the medians counts.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np

from bench.watch import Stopwatch
from budgets.forecast.model import Band, Forecast, ForecastLine, LineKey, Method, MonthForecast
from budgets.plan.model import HistoryRow
from budgets.scenarios.draws import SHOCKS
from budgets.scenarios.model import BASE, Grounds, Move, Scenario, Simulation
from budgets.scenarios.simulate import simulate
from budgets.scenarios.sizes import DRAWS, SEED
from lead_contractor.contract.model import Contract, CostKind, DeficitBand, LumpSum, Margin, OwnCost, SettlementTerms
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from lead_contractor.parties.model import LeadContractor, Municipality
from subcontractors.agreements.model import FormCode

AS_OF = date(2025, 8, 31)
MONTHS = tuple(Month(2025, number) for number in range(1, 13))
SUBCONTRACTORS, PRODUCTS, YEARS = 45, 3, (2022, 2023, 2024)
LINE_MONTH, LINE_SPREAD, TOTAL_SPREAD = 450_000, 150_000, 6_000_000
"""In cents: what a line costs in a month, and one standard deviation of a line's and of the total's year."""


def year() -> tuple[Forecast, tuple[HistoryRow, ...], Grounds]:
    """A year of 45 subcontractors with three products each, as of the end of August, and three years before it."""
    keys = [
        LineKey(f"{65_650_000 + number}", f"{product:02d}A03", FormCode.PXQ)
        for number in range(SUBCONTRACTORS)
        for product in range(1, PRODUCTS + 1)
    ]
    months = tuple(
        MonthForecast(month, Cents(LINE_MONTH if month <= Month.of(AS_OF) else 0), Cents(0),
                      Cents(0 if month <= Month.of(AS_OF) else LINE_MONTH))
        for month in MONTHS
    )  # fmt: skip
    point = LINE_MONTH * len(MONTHS)
    lines = tuple(
        ForecastLine(key, Cents(LINE_MONTH * 8), Cents(0), Cents(point), band(point, LINE_SPREAD), months, Method.MIXED)
        for key in keys
    )
    total = point * len(lines)
    whole = Forecast(
        AS_OF, Cents(LINE_MONTH * 8 * len(lines)), Cents(0), Cents(total), band(total, TOTAL_SPREAD), lines, ()
    )
    random = np.random.default_rng(1)
    history = tuple(
        HistoryRow(Month(y, n), Month(y, n), key.subcontractor, key.product_code, Cents(int(amount)))
        for key in keys
        for y in YEARS
        for n, amount in zip(range(1, 13), random.normal(LINE_MONTH, LINE_MONTH / 10, 12), strict=True)
    )
    return whole, history, Grounds(AS_OF, contract(total), own_costs=own_costs())


def band(point: int, spread: int) -> Band:
    """A symmetric band."""
    near, far = round(spread * 1.2816), round(spread * 1.96)
    return Band(Cents(point - near), Cents(point + near), Cents(point - far), Cents(point + far))


def contract(cost: int) -> Contract:
    """A contract whose revenue is a little above the cost, so that draws end on all sides."""
    return Contract(
        "BENCH-2025",
        2025,
        Municipality("Bench", "0000"),
        LeadContractor("Bench", "00000000", "00000000"),
        LumpSum(Cents(cost + cost // 20)),
        SettlementTerms(
            date(2026, 3, 31),
            date(2026, 5, 31),
            margin=Margin(Decimal(2)),
            overhead_cap_percent=Decimal(12),
            deficit_bands=(DeficitBand(Decimal(0), Decimal(2)), DeficitBand(Decimal(50))),
        ),
    )


def own_costs() -> tuple[OwnCost, ...]:
    """Overhead that takes most of what is between revenue and cost."""
    return tuple(OwnCost(month.last, CostKind.OVERHEAD, Cents(2_400_000)) for month in MONTHS[:8])


def scenario() -> Scenario:
    """All parts of a scenario at once."""
    moves = (Move("65650000", FormCode.LUMP_SUM, Month(2025, 10)),)
    return replace(BASE, inflow_percent=Decimal(5), index_percent=Decimal("2.5"), moves=moves)


def floor(draws: int, lines: int) -> float:
    """The same normal numbers, added up per draw."""
    random = np.random.default_rng(SEED)
    return float(random.standard_normal((draws, lines + SHOCKS)).sum(axis=1).mean())


def measure(draws: int, rounds: int) -> tuple[float, float, Simulation]:
    """Median seconds of the processor: the floor, the simulation; and what came out."""
    forecast, history, grounds = year()
    asked = scenario()
    floors, reals = [], []
    for _ in range(rounds):
        raw, real = Stopwatch(), Stopwatch()
        with raw:
            floor(draws, len(forecast.lines))
        with real:
            made = simulate(forecast, history, grounds, asked, draws)
        floors.append(raw.processor)
        reals.append(real.processor)
    return statistics.median(floors), statistics.median(reals), made


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.scenarios", description="What if against its raw floor.")
    parser.add_argument("--draws", type=int, default=DRAWS)
    parser.add_argument("--rounds", type=int, default=5)
    wanted = parser.parse_args(arguments)
    raw, real, made = measure(wanted.draws, wanted.rounds)
    lines = SUBCONTRACTORS * PRODUCTS
    sys.stdout.write(
        f"{wanted.draws} draws of {lines} lines, base and scenario: {real:.3f} s of the processor, "
        f"floor {raw:.3f} s, ratio {real / raw:.1f}; "
        f"result at a tenth and nine tenths: {made.ending.result.p10 // 100}, {made.ending.result.p90 // 100} euro\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
