"""How the forecast of a line came about, in words: the method, and the steps with their figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from dash import html

from budgets.forecast.model import Method, Reason
from budgets.meeting.model import Told
from dash_app.formats import euro_short, month_name, percent
from dash_app.language import gettext
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month

Figures = Mapping[str, str]


def list_of(lines: Sequence[Told]) -> html.Ul:
    """Each line with its method and steps."""
    return html.Ul([_line(one) for one in lines])


def method_name(method: Method) -> str:
    """A method in a few words."""
    names = {
        Method.RUN_RATE: gettext("tempo van de bekende maanden"),
        Method.UTILISATION: gettext("toewijzingen maal verzilvering"),
        Method.MIXED: gettext("tempo en verzilvering samen"),
        Method.CONTRACT: gettext("zoals afgesproken"),
        Method.TRAJECTORIES: gettext("lopende en verwachte trajecten"),
        Method.KNOWN: gettext("alles is bekend"),
    }
    return names[method]


def _line(told: Told) -> html.Li:
    where = " ".join(part for part in (told.subcontractor, told.product_code) if part)
    head = f"{where} · {euro_short(told.point)} · {method_name(told.method)}"
    steps = [said for said in map(reason_words, told.reasons) if said]
    return html.Li([html.Strong(head), html.Ul([html.Li(said) for said in steps]) if steps else None])


def reason_words(reason: Reason) -> str:
    """A step in a sentence; empty for a step that this version has no words for."""
    figures = reason.figures
    try:
        made = _WORDS[reason.code](figures) if reason.code in _WORDS else ""
    except (KeyError, ValueError, ArithmeticError):
        return ""
    return made


def _development(figures: Figures) -> str:
    late = _money(figures["cents"])
    if "month" not in figures:
        return gettext("Nog niet gedeclareerd: %(late)s.", late=late)
    return gettext(
        "Van %(month)s is doorgaans %(share)s binnen; over %(months)s onvolledige maanden komt nog %(late)s.",
        month=month_name(Month.parse(figures["month"])),
        share=_percent(figures["received_percent"]),
        months=figures["months"],
        late=late,
    )


def _silent(figures: Figures) -> str:
    return gettext("Over %(months)s maanden is niets gedeclareerd waar dat wel hoorde.", months=figures["months"])


def _level(figures: Figures) -> str:
    names = {
        "year_so_far": gettext("het jaar tot nu toe"),
        "slow": gettext("een lang gemiddelde"),
        "middling": gettext("een middellang gemiddelde"),
        "quick": gettext("de laatste maanden"),
        "growth": gettext("de groei"),
        "allocations": gettext("de toewijzingen"),
    }
    weights = [f"{name} {_percent(figures[code], 0)}" for code, name in names.items() if code in figures]
    return gettext(
        "De maanden die komen (%(sum)s) wegen: %(weights)s. Over %(tries)s eerdere keren zat dit er gemiddeld "
        "%(error)s naast.",
        sum=_money(figures["cents"]),
        weights=", ".join(weights),
        tries=figures["tries"],
        error=_percent(figures["error_percent"]),
    )


def _weights(figures: Figures) -> str:
    by = gettext("werkdagen") if figures["by"] == "working_days" else gettext("maanden")
    return gettext("Verdeeld naar %(by)s, met %(share)s seizoen.", by=by, share=_percent(figures["season_percent"]))


def _run_rate(figures: Figures) -> str:
    return gettext(
        "Tempo: %(delivered)s in %(passed)s van %(days)s werkdagen is %(by_days)s over het jaar; naar maanden "
        "%(by_months)s.",
        delivered=_money(figures["delivered"]),
        passed=figures["days_passed"],
        days=figures["days"],
        by_days=_money(figures["by_days"]),
        by_months=_money(figures["by_months"]),
    )


def _utilisation(figures: Figures) -> str:
    return gettext(
        "Verzilvering tot nu toe %(share)s: van %(allocated)s aan open toewijzingen wordt dan %(used)s gebruikt.",
        share=_percent(figures["used_percent"]),
        allocated=_money(figures["allocated"]),
        used=_money(figures["used"]),
    )


def _ceiling(figures: Figures) -> str:
    return gettext("Boven het plafond van de overeenkomst valt %(sum)s weg.", sum=_money(figures["cents"]))


def _price(figures: Figures) -> str:
    return gettext("Tariefwijzigingen maken het %(sum)s anders.", sum=_money(figures["cents"], sign=True))


def _money(cents: str, *, sign: bool = False) -> str:
    return euro_short(Cents(int(cents)), sign=sign)


def _percent(share: str, decimals: int = 1) -> str:
    return percent(Decimal(share), decimals)


_WORDS = {
    "development": _development,
    "silent": _silent,
    "level": _level,
    "weights": _weights,
    "run_rate": _run_rate,
    "utilisation": _utilisation,
    "ceiling": _ceiling,
    "price": _price,
}
