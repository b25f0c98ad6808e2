"""A forecast as plain text for a terminal: the total first, then the lines that deviate most; and its back-test."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from budgets.forecast.back_test import BackTest, BackTestRow, Guess, Held, Score
from budgets.forecast.layout import late_cost, realised_cost
from budgets.forecast.model import Forecast, ForecastLine, LineKey, Method
from budgets.plan.model import BudgetLine
from lead_contractor.contract.model import Contract
from lead_contractor.kernel.money import Cents, euros_nl, total
from subcontractors.agreements.model import FormCode

FORM_NAMES = {
    FormCode.PXQ: "P×Q",
    FormCode.FTE: "fte",
    FormCode.LUMP_SUM: "lumpsum",
    FormCode.TRAJECTORY: "traject",
    FormCode.AVAILABILITY: "beschikbaarheid",
}
METHOD_NAMES = {
    Method.RUN_RATE: "tempo",
    Method.UTILISATION: "verzilvering",
    Method.MIXED: "tempo en verzilvering",
    Method.CONTRACT: "afspraak",
    Method.TRAJECTORIES: "trajecten",
    Method.KNOWN: "alles is bekend",
}
_NAME, _PRODUCT, _FORM, _AMOUNT = 26, 9, 16, 15
_BACK_TEST_HEAD = (
    f"{'per':<12}{'prognose':>16}{'fout':>16}{'%':>9}   {'80 %':<6}{'95 %':<6}{'regels 80 %':>12}"
    f"{'tempo ×12':>12}{'vorig jaar':>12}"
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A forecast with what is shown beside it: the contract, names by AGB code, and the budget by line."""

    contract: Contract
    forecast: Forecast
    names: Mapping[str, str]
    budget: Mapping[LineKey, Cents]


def budget_by_line(lines: Sequence[ForecastLine], budget: Iterable[BudgetLine]) -> dict[LineKey, Cents]:
    """The budget of each line, as far as budget lines tell which it is for.

    A budget line goes to the line of its subcontractor and product; where there is none, to the one line of that
    subcontractor that is about no product. What names no subcontractor, or fits more than one line, goes to none.
    """
    exact = {(line.key.subcontractor, line.key.product_code): line.key for line in lines if line.key.product_code}
    found: dict[LineKey, Cents] = {}
    for one in budget:
        key = exact.get((one.subcontractor, one.product_code)) or _about_no_product(lines, one.subcontractor)
        if key is not None:
            found[key] = found.get(key, Cents(0)) + one.amount
    return found


def _about_no_product(lines: Sequence[ForecastLine], subcontractor: str) -> LineKey | None:
    own = [line.key for line in lines if line.key.subcontractor == subcontractor and not line.key.product_code]
    return own[0] if len(own) == 1 else None


def forecast_text(shown: Shown) -> str:
    """The forecast: the total, when the money is gone, and a table of lines, the largest deviation first."""
    made = shown.forecast
    return "\n".join(
        [
            f"Prognose van {shown.contract.id}, {shown.contract.municipality.name}, per {_day(made.as_of)}",
            "Kosten van onderaannemers over het hele contractjaar, uit wat tot en met die dag is ontvangen.",
            "",
            *_total(made),
            "",
            _row("onderaannemer", "product", "vorm", _columns(), "zo berekend"),
            *(_line(line, shown) for line in sorted(made.lines, key=lambda line: _order(line, shown.budget))),
            _row("Totaal", "", "", _amounts(made, _budget_total(shown)), ""),
        ]
    )


def _total(made: Forecast) -> Iterator[str]:
    yield _figure("Gerealiseerd", euros_nl(realised_cost(made)))
    yield _figure("Geleverd, nog niet gedeclareerd", euros_nl(late_cost(made)))
    yield _figure("Prognose van het jaar", euros_nl(made.point))
    yield _figure("Met 80 % zekerheid", _between(made.band.low80, made.band.high80))
    yield _figure("Met 95 % zekerheid", _between(made.band.low95, made.band.high95))
    if made.budget is not None:
        yield _figure("Beschikbaar voor onderaannemers", euros_nl(made.budget))
        yield _figure("Prognose min beschikbaar", euros_nl(made.point - made.budget, sign=True))
    if made.run_out is not None:
        yield _figure("Naar verwachting besteed op", _day(made.run_out))
    if made.exposure:
        yield _figure("Wachtlijst, niet in de prognose", euros_nl(made.exposure))


def _figure(name: str, value: str) -> str:
    return f"  {name:<34}{value}"


def _between(low: Cents, high: Cents) -> str:
    return euros_nl(low) if low == high else f"{euros_nl(low)} tot {euros_nl(high)}"


def _columns() -> tuple[str, ...]:
    return ("gerealiseerd", "te declareren", "prognose", "80 % van", "80 % tot", "afwijking")


def _line(line: ForecastLine, shown: Shown) -> str:
    name = shown.names.get(line.key.subcontractor, line.key.subcontractor)
    amounts = _amounts(line, shown.budget.get(line.key))
    return _row(name, line.key.product_code, FORM_NAMES[line.key.form], amounts, METHOD_NAMES[line.method])


def _amounts(what: Forecast | ForecastLine, budget: Cents | None) -> tuple[str, ...]:
    deviation = "-" if budget is None else _plain(what.point - budget, sign=True)
    values = (realised_cost(what), late_cost(what), what.point, what.band.low80, what.band.high80)
    return (*map(_plain, values), deviation)


def _budget_total(shown: Shown) -> Cents | None:
    if shown.forecast.budget is not None:
        return shown.forecast.budget
    return total(shown.budget.values()) if shown.budget else None


def _row(name: str, product: str, form: str, amounts: Sequence[str], method: str) -> str:
    cut = name if len(name) < _NAME else f"{name[: _NAME - 2]}…"
    figures = "".join(f"{amount:>{_AMOUNT}}" for amount in amounts)
    return f"{cut:<{_NAME}}{product:<{_PRODUCT}}{form:<{_FORM}}{figures}  {method}".rstrip()


def _order(line: ForecastLine, budget: Mapping[LineKey, Cents]) -> tuple[int, LineKey]:
    """The largest deviation first; a line without a budget by what it costs, after those."""
    if line.key in budget:
        return -abs(int(line.point - budget[line.key])) - 10**15, line.key
    return -int(line.point), line.key


def _plain(amount: Cents, *, sign: bool = False) -> str:
    """An amount without the sign of the euro."""
    return euros_nl(amount, sign=sign).removeprefix("€ ")


def _day(day: date) -> str:
    return f"{day:%d-%m-%Y}"


def back_test_text(contract: Contract, found: BackTest) -> str:
    """Every frozen forecast beside what is known since, and how each method did over the days of the year."""
    known = "Definitief bekend" if found.final else "Nu bekend (nog niet definitief)"
    return "\n".join(
        [
            f"Prognoses van {contract.id} naast wat nu bekend is",
            _figure(f"{known} op {_day(found.known_on)}", "").rstrip(),
            _figure("Kosten van onderaannemers", euros_nl(found.known)),
            "",
            _BACK_TEST_HEAD,
            *(_back_test_row(row) for row in found.rows),
            "",
            *_scores(found),
        ]
    )


def _back_test_row(row: BackTestRow) -> str:
    mark = "*" if row.afterwards else " "
    return (
        f"{_day(row.as_of)}{mark} {_plain(row.forecast.point):>16}{_plain(row.forecast.error, sign=True):>16}"
        f"{_percent(row.forecast.percent):>9}   {_yes(row.in80):<6}{_yes(row.in95):<6}"
        f"{f'{row.lines.in80} van {row.lines.lines}':>12}{_of(row.run_rate):>12}{_of(row.last_year):>12}"
    )


def _scores(found: BackTest) -> Iterator[str]:
    if any(row.afterwards for row in found.rows):
        yield "* achteraf gemaakt, uit wat tot en met die dag was ontvangen"
    names = (
        ("Prognose", found.forecast),
        ("Gerealiseerd ÷ maanden × 12", found.run_rate),
        ("Totaal van vorig jaar", found.last_year),
    )
    for name, score in names:
        if score is not None:
            yield _score(name, score)
    for name, held in (("Totaal", found.totals), ("Regels en maanden", found.lines)):
        if held.lines:
            yield _held(name, held)


def _score(name: str, score: Score) -> str:
    return _figure(
        name,
        f"gemiddelde fout {euros_nl(score.mean_error)} ({_percent(score.mean_percent)} %), "
        f"scheef {euros_nl(score.bias, sign=True)} ({_percent(score.bias_percent)} %), {score.days} dagen",
    )


def _held(name: str, held: Held) -> str:
    return _figure(
        name,
        f"80 %-band hield {held.in80} van {held.lines} keer ({_percent(held.percent80)} %), "
        f"95 %-band {held.in95} keer ({_percent(held.percent95)} %)",
    )


def _of(guess: Guess | None) -> str:
    return "-" if guess is None else f"{_percent(guess.percent)} %"


def _percent(percent: Decimal | None) -> str:
    return "-" if percent is None else f"{percent:.2f}".replace(".", ",")


def _yes(held: bool) -> str:
    return "ja" if held else "nee"
