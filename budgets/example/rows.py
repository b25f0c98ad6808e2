"""The tables beside the allocations: parties, tariffs, index figures, receipts, cost, budget, history, waiting list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from budgets.example import names, outcome
from budgets.example.allocations import Care
from budgets.example.deliveries import SEASON, Draft
from budgets.example.outcome import Targets
from budgets.example.parcels import working_day
from budgets.example.plan import YEAR, Plan
from budgets.example.products import RAISE_FROM, TARIFFS_FROM
from budgets.example.providers import Pace
from budgets.plan.model import BudgetLine, HistoryRow, WaitingRow
from lead_contractor.contract.model import BeschikkingCount, CostKind, FigureKind, IndexFigure, OwnCost, Receipt
from lead_contractor.kernel.money import ZERO, Cents
from lead_contractor.kernel.periods import ONE_DAY, Month
from lead_contractor.kernel.rounding import half_up, percent_of, split, split_evenly
from lead_contractor.parties.model import Size, Subcontractor
from subcontractors.agreements.model import FormCode, Tariff

CONSENT = date(YEAR - 3, 10, 1)
"""From this day on the municipality gave its consent; a zzp'er needs none."""
VNG_2024 = "VNG, indexatie bij inkoop jeugdhulp en Wmo 2024"
VNG_2025 = "VNG, indexatie bij inkoop jeugdhulp en Wmo 2025 (gecorrigeerd 2-10-2024)"
FIGURES = (
    ("OVA", YEAR - 1, FigureKind.PROVISIONAL, "4.94", VNG_2024),
    ("OVA", YEAR - 1, FigureKind.DEFINITIVE, "6.00", VNG_2025),
    ("OVA", YEAR, FigureKind.PROVISIONAL, "4.18", VNG_2025),
    ("PPC", YEAR - 1, FigureKind.PROVISIONAL, "2.51", VNG_2024),
    ("PPC", YEAR - 1, FigureKind.DEFINITIVE, "3.10", VNG_2025),
    ("PPC", YEAR, FigureKind.PROVISIONAL, "1.82", VNG_2025),
)
OVERHEAD = (("Huisvesting en ICT", 24), ("Management en administratie", 58), ("Contractbeheer en kwaliteit", 18))
YEARS_BEFORE = {YEAR - 2: 88, YEAR - 1: 95}
"""Earlier years in percent of this one."""
DEVELOPMENT = {
    Pace.PROMPT: (930, 45, 17, 8, 0),
    Pace.NORMAL: (925, 50, 17, 8, 0),
    Pace.SLOW: (290, 640, 45, 17, 8),
}
"""Per mille of a service month received one, two, … months later."""
WAITING = (("01A04", 9, 26), ("02A03", 6, 38), ("07A11", 4, 31), ("02A14", 2, 45), ("04A04", 1, 52))
"""Product, usual number waiting in an area of the large year, median days."""
BUSY = (100, 100, 95, 95, 90, 95, 110, 125, 130, 120, 110, 105)


def subcontractors(plan: Plan) -> list[Subcontractor]:
    """The rows of ``subcontractors.csv``."""
    dice = plan.dice("subcontractors")
    return [
        Subcontractor(
            agb=provider.agb,
            name=provider.sketch.name,
            kvk=names.kvk(100 + provider.index),
            iban=names.fictitious_iban(provider.index),
            size=provider.sketch.size,
            consent_date=None if provider.sketch.size is Size.ZZP else CONSENT + timedelta(days=dice.randrange(75)),
            active_from=date(YEAR - 2, 1, 1),
        )
        for provider in plan.providers
    ]


def tariffs(plan: Plan) -> list[Tariff]:
    """The rows of ``tariffs.csv``: of all forms but trajectories, because production outside P×Q is valued too."""
    rows = []
    for provider in plan.providers:
        if provider.sketch.form is FormCode.TRAJECTORY:
            continue
        for product in provider.products:
            until = RAISE_FROM - ONE_DAY if provider.sketch.raises else None
            rows.append(Tariff(provider.agb, product.code, product.unit.value, product.tariff, TARIFFS_FROM, until))
            if provider.sketch.raises:
                rows.append(Tariff(provider.agb, product.code, product.unit.value, product.raised, RAISE_FROM))
    return rows


def index_figures() -> list[IndexFigure]:
    """The rows of ``index_figures.csv``: the published figures."""
    return [IndexFigure(index, year, kind, Decimal(percent), source) for index, year, kind, percent, source in FIGURES]


def beschikkingen(cares: Sequence[Care]) -> list[BeschikkingCount]:
    """The rows of ``beschikkingen.csv``: clients with an allocation at the end of every month."""
    return [BeschikkingCount(day, Decimal(outcome.active_on(cares, day))) for day in outcome.month_ends()]


def receipts(plan: Plan) -> list[Receipt]:
    """The rows of ``receipts.csv``: what the municipality paid, by its own first index and less the deduction."""
    lump_sum = plan.scaled(plan.calibration.lump_sum)
    paid = split_evenly(lump_sum + percent_of(lump_sum, outcome.PAID_INDEX_PERCENT), 12)
    rows = []
    for number, amount in enumerate(paid, 1):
        less = percent_of(amount, outcome.DEDUCTION_PERCENT) if number == outcome.DEDUCTION_MONTH else ZERO
        day = working_day(date(YEAR, number, 3))
        rows.append(Receipt(day, amount - less, f"Bevoorschotting {YEAR}-{number:02d}"))
    return rows


def costs(plan: Plan, targets: Targets) -> list[OwnCost]:
    """The rows of ``costs.csv``: own delivery and overhead by month, other cost, and what is disallowed."""
    own = split(targets.own_delivery, [100 + season for season in SEASON])
    parts = split(targets.overhead, [weight for _, weight in OVERHEAD])
    shares = [split_evenly(part, 12) for part in parts]
    other = split_evenly(targets.other, 4)
    rows = []
    for place, day in enumerate(outcome.month_ends()):
        rows.append(OwnCost(day, CostKind.OWN_DELIVERY, own[place], "Eigen wijkteam"))
        for (name, _), share in zip(OVERHEAD, shares, strict=True):
            rows.append(OwnCost(day, CostKind.OVERHEAD, share[place], name))
        if day.month in outcome.QUARTERS:
            rows.append(OwnCost(day, CostKind.OTHER, other[place // 3], "Scholing, cliëntenraad en innovatie"))
    related = plan.scaled(plan.calibration.disallowed)
    rows.append(OwnCost(date(YEAR, 6, 30), CostKind.OTHER, related, "Vergoeding aan verbonden partij", disallowed=True))
    return rows


def budget(plan: Plan, targets: Targets, drafts: Iterable[Draft]) -> list[BudgetLine]:
    """The rows of ``budget.csv``: per product, subcontractor and month what was expected when the year began."""
    dice = plan.dice("budget")
    rows = []
    made = yearly(drafts)
    for provider in plan.providers:
        code = provider.products[0].code
        if provider.sketch.form is not FormCode.PXQ:
            flat = split_evenly(Cents(half_up(Fraction(targets.due[provider.agreement], 10000)) * 10000), 12)
            rows += [BudgetLine(code, provider.agb, Month(YEAR, n), amount) for n, amount in enumerate(flat, 1)]
            continue
        for agb, product in sorted(key for key in made if key[0] == provider.agb):
            percent = dice.choice(plan.calibration.budget_percents)
            expected = Cents(half_up(Fraction(made[agb, product] * percent, 1000000)) * 10000)
            months = split(expected, SEASON)
            rows += [BudgetLine(product, agb, Month(YEAR, n), amount) for n, amount in enumerate(months, 1)]
    return rows


def yearly(drafts: Iterable[Draft]) -> dict[tuple[str, str], Cents]:
    """P×Q cost of the year by subcontractor and product, before ceilings."""
    found: dict[tuple[str, str], Cents] = {}
    for draft in drafts:
        if outcome.counts(draft):
            key = (draft.provider.agb, draft.product.code)
            found[key] = found.get(key, ZERO) + (-draft.amount if draft.credit else draft.amount)
    return found


def history(plan: Plan, drafts: Iterable[Draft]) -> list[HistoryRow]:
    """The rows of ``history.csv``: two earlier years of P×Q by service month and month of receipt."""
    dice = plan.dice("history")
    made = yearly(drafts)
    rows = []
    for provider in plan.providers:
        for agb, product in sorted(key for key in made if key[0] == provider.agb):
            for year, percent in YEARS_BEFORE.items():
                weights = [season * dice.randint(93, 107) for season in SEASON]
                months = split(percent_of(made[agb, product], percent), weights)
                for number, amount in enumerate(months, 1):
                    parts = _development(provider.sketch.pace, amount, dice.randint(-15, 15))
                    month = Month(year, number)
                    rows += [HistoryRow(month, month.plus(late), agb, product, part) for late, part in parts]
    return rows


def _development(pace: Pace, amount: Cents, shift: int) -> list[tuple[int, Cents]]:
    """A service month as it came in, by months later; ``shift`` per mille of it came a month later than usual."""
    weights = list(DEVELOPMENT[pace])
    largest = weights.index(max(weights))
    weights[largest], weights[largest + 1] = weights[largest] - shift, weights[largest + 1] + shift
    return [(late, part) for late, part in enumerate(split(amount, weights), 1) if part]


def waiting(plan: Plan) -> list[WaitingRow]:
    """The rows of ``waiting.csv``: per month end, product and area."""
    dice = plan.dice("waiting")
    offered = {product.code for provider in plan.providers for product in provider.products}
    rows = []
    for place, day in enumerate(outcome.month_ends()):
        for code, usual, median in (row for row in WAITING if row[0] in offered):
            for area in names.AREAS:
                busy = Fraction(usual * BUSY[place] * dice.randint(60, 140), 10000)
                number = dice.randint(0, 1) if plan.small else half_up(busy * plan.scale)
                days = Decimal(median * BUSY[place] // 100 + dice.randint(-3, 6)) if number else None
                rows.append(WaitingRow(day, code, area, number, (number * dice.randint(25, 60) + 50) // 100, days))
    return rows
