"""What a signal says in the language of the request: what it is about, why, what to do, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask import url_for
from flask_babel import gettext, lazy_gettext, ngettext

from budgets.signals.model import Crossing, Event, EventKind, ExemptionReason, Kind, Level
from budgets.use.standing import REVENUE_ACCOUNTS
from dash_app.overview.words import month_text
from lead_contractor.books import accounts
from lead_contractor.kernel.periods import Month
from lead_contractor.web import formats
from lead_contractor.web.languages import current_language
from subcontractors.agreements.products import product_name

KINDS: Mapping[Kind, Any] = {
    Kind.YEAR: lazy_gettext("Budget van het jaar"),
    Kind.RUN_OUT: lazy_gettext("Geld raakt op"),
    Kind.CEILING: lazy_gettext("Plafond van een overeenkomst"),
    Kind.CEILING_SIGNAL: lazy_gettext("Signaalgrens van een plafond"),
    Kind.BUDGET_LINE: lazy_gettext("Budgetregel"),
    Kind.UNDER_USE_YEAR: lazy_gettext("Budget van het jaar blijft liggen"),
    Kind.UNDER_USE: lazy_gettext("Budgetregel blijft liggen"),
    Kind.MARGIN: lazy_gettext("Marge boven het maximum"),
    Kind.UTILISATION: lazy_gettext("Verzilvering uit de pas"),
    Kind.DECLARATION_MISSING: lazy_gettext("Declaratie ontbreekt"),
    Kind.INACTIVE: lazy_gettext("Lang geen zorg"),
}
LEVELS: Mapping[Level, Any] = {
    Level.MAY: lazy_gettext("kan"),
    Level.ALMOST_SURE: lazy_gettext("vrijwel zeker"),
    Level.FACT: lazy_gettext("is zo"),
}
EVENTS: Mapping[EventKind, Any] = {
    EventKind.RAISED: lazy_gettext("gemeld"),
    EventKind.LOWERED: lazy_gettext("minder zeker"),
    EventKind.ACKNOWLEDGED: lazy_gettext("gezien"),
    EventKind.CLEARED: lazy_gettext("voorbij"),
}
REASONS: Mapping[str, Any] = {
    ExemptionReason.UNIQUE_OFFER.value: lazy_gettext("enige met dit aanbod"),
    ExemptionReason.SHORTAGE.value: lazy_gettext("tekort aan dit aanbod"),
    ExemptionReason.SATISFACTION.value: lazy_gettext("tevreden cliënten"),
}
_REMEDIES: Mapping[Kind, Any] = {
    Kind.YEAR: lazy_gettext("Bespreek in het financieel overleg waar wordt bijgestuurd."),
    Kind.RUN_OUT: lazy_gettext("Bespreek nu met de gemeente wat er gebeurt als het geld op is."),
    Kind.CEILING: lazy_gettext(
        "Verhoog het plafond met een addendum of laat de instroom stoppen; zonder addendum blijft onbetaald wat "
        "erboven ligt."
    ),
    Kind.CEILING_SIGNAL: lazy_gettext(
        "Bespreek met de onderaannemer of het plafond wordt verhoogd of de instroom stopt."
    ),
    Kind.BUDGET_LINE: lazy_gettext("Verschuif budget van een regel met ruimte, of stuur de instroom bij."),
    Kind.UNDER_USE_YEAR: lazy_gettext(
        "Zoek nu uit waarom: te weinig aanbod, wachtlijsten of minder vraag. Bespreek in het financieel overleg wat er "
        "dit jaar nog kan."
    ),
    Kind.UNDER_USE: lazy_gettext(
        "Vraag waarom het blijft liggen, en verschuif budget naar een regel die het nodig heeft."
    ),
    Kind.MARGIN: lazy_gettext("Bespreek in het financieel overleg of het geld dit jaar nog naar zorg kan."),
    Kind.UTILISATION: lazy_gettext("Vraag de onderaannemer waarom, en kijk of toewijzingen nog passen."),
    Kind.DECLARATION_MISSING: lazy_gettext("Vraag de onderaannemer om de declaratie."),
    Kind.INACTIVE: lazy_gettext("Zeg de overeenkomst op, of leg vast waarom zij blijft."),
}
_COST = tuple(accounts.COST_OF_FORM.values())


def title(one: Crossing, names: Mapping[str, str]) -> str:
    """What it is about, in a few words."""
    who = names.get(one.subcontractor, one.subcontractor)
    name = product_name(one.product_code)
    what = " ".join(word for word in (one.product_code, gettext(name) if name else "") if word)
    if one.kind in (Kind.CEILING, Kind.CEILING_SIGNAL):
        return f"{who} · {one.figures['agreement']}"
    if one.kind is Kind.DECLARATION_MISSING:
        return f"{who} · {month_text(one.figures['month'])}"
    if one.kind is Kind.MARGIN:
        return str(gettext("het contractjaar"))
    return " · ".join(word for word in (who, what) if word) or str(gettext("alle onderaannemers"))


def said(one: Crossing) -> str:
    """Why it signals, with its figures."""
    return str(_SAID[one.kind](one, _Figures(one.figures)))


def todo(one: Crossing) -> str:
    """What to do about it."""
    return str(_REMEDIES[one.kind])


def why(one: Crossing, contract_id: int) -> str:
    """The address of the postings under it."""
    narrowed: dict[str, Any] = {"contract": contract_id, "account": _COST}
    if one.subcontractor:
        narrowed["subcontractor"] = one.subcontractor
    if one.product_code:
        narrowed["product_code"] = one.product_code
    if one.kind in (Kind.CEILING, Kind.CEILING_SIGNAL):
        narrowed |= {"account": (accounts.COST_PXQ,), "agreement": one.figures["agreement"]}
    if one.kind is Kind.DECLARATION_MISSING:
        narrowed |= {"account": (accounts.DECLARED,), "service_month": one.figures["month"]}
    if one.kind is Kind.MARGIN:
        narrowed["account"] = (*REVENUE_ACCOUNTS, *_COST, *accounts.COST_OF_KIND.values())
    return url_for("overview.why", **narrowed)


def told(event: Event) -> str:
    """What happened, how surely."""
    if event.kind in (EventKind.RAISED, EventKind.LOWERED):
        return f"{EVENTS[event.kind]} ({LEVELS[event.crossing.level]})"
    return str(EVENTS[event.kind])


def score(hundredths: int) -> str:
    """A score out of ten with one decimal, or two where it has them."""
    places = 1 if hundredths % 10 == 0 else 2
    return formats.number(Fraction(hundredths, 100), places, current_language())


def _unbroken(amount: str) -> str:
    """An amount that does not break over two lines."""
    return amount.replace(" ", "\u00a0")


class _Figures:
    """The figures of a crossing as people read them."""

    def __init__(self, figures: Mapping[str, str]) -> None:
        self._figures = figures

    def euro(self, name: str) -> str:
        """An amount in whole euros."""
        return _unbroken(formats.euro_whole(int(self._figures[name]), current_language()))

    def exact(self, name: str) -> str:
        """An amount to the cent."""
        return _unbroken(formats.euro(int(self._figures[name]), current_language()))

    def share(self, name: str) -> str:
        """Thousandths as a percentage."""
        return formats.percent(Fraction(int(self._figures[name]), 10), 0, current_language())

    def percentage(self, name: str) -> str:
        """A percentage, with a decimal where it has one."""
        value = Decimal(self._figures[name])
        return formats.percent(value, 0 if value == int(value) else 1, current_language())

    def month(self, name: str) -> str:
        """A month in full."""
        month = Month.parse(self._figures[name])
        return f"{formats.month_name(month, current_language())} {month.year}"

    def day(self, name: str) -> str:
        """A day in full."""
        return formats.day(date.fromisoformat(self._figures[name]), current_language())

    @property
    def certain(self) -> bool:
        """Whether the bounds read the same: nothing is uncertain that a reader would see."""
        return self.euro("low80") == self.euro("high80")

    def __contains__(self, name: str) -> bool:
        return name in self._figures


def _year(one: Crossing, figures: _Figures) -> Any:
    known = {"budget": figures.euro("budget"), "low": figures.euro("low80"), "high": figures.euro("high80")}
    if one.level is Level.FACT:
        return gettext(
            "Voor de onderaannemers is %(budget)s beschikbaar; over het jaar is al %(realised)s te betalen.",
            **known, realised=figures.euro("realised"),
        )  # fmt: skip
    if one.level is Level.ALMOST_SURE:
        return gettext(
            "Het jaar komt met 80 %% zekerheid uit tussen %(low)s en %(high)s; ook de ondergrens ligt boven de "
            "%(budget)s die beschikbaar is.",
            **known,
        )
    return gettext(
        "Het jaar komt met 80 %% zekerheid uit tussen %(low)s en %(high)s; de bovengrens ligt boven de %(budget)s die "
        "beschikbaar is.",
        **known,
    )


def _run_out(_: Crossing, figures: _Figures) -> Any:
    known = {"budget": figures.euro("budget"), "may": figures.month("may_in")}
    if "surely_in" in figures:
        return gettext(
            "De %(budget)s voor de onderaannemers kan in %(may)s op zijn en is dat vrijwel zeker in %(surely)s.",
            **known, surely=figures.month("surely_in"),
        )  # fmt: skip
    if "run_out" in figures:
        return gettext(
            "De %(budget)s voor de onderaannemers kan in %(may)s op zijn; naar verwachting op %(day)s.",
            **known, day=figures.day("run_out"),
        )  # fmt: skip
    return gettext("De %(budget)s voor de onderaannemers kan in %(may)s op zijn.", **known)


def _passed(one: Crossing, figures: _Figures) -> Any:
    known = {"above": figures.exact("above"), "ceiling": figures.exact("ceiling"), "unpaid": figures.exact("unpaid")}
    if not int(one.figures["always_paid"]):
        return gettext(
            "De productie ligt %(above)s boven het plafond van %(ceiling)s; onbetaald blijft %(unpaid)s.", **known
        )
    return gettext(
        "De productie ligt %(above)s boven het plafond van %(ceiling)s. Crisis en specifieke zorg (%(always)s) "
        "worden altijd betaald: te betalen %(paid)s, onbetaald %(unpaid)s.",
        always=figures.exact("always_paid"),
        paid=figures.exact("paid"),
        **known,
    )


def _ceiling(one: Crossing, figures: _Figures) -> Any:
    if one.level is Level.FACT:
        return _passed(one, figures)
    known = {"ceiling": figures.euro("ceiling"), "low": figures.euro("low80"), "high": figures.euro("high80")}
    if one.level is Level.ALMOST_SURE:
        return gettext(
            "De productie komt met 80 %% zekerheid uit tussen %(low)s en %(high)s; ook de ondergrens bereikt het "
            "plafond van %(ceiling)s.",
            **known,
        )
    return gettext(
        "De productie komt met 80 %% zekerheid uit tussen %(low)s en %(high)s; de bovengrens ligt boven het plafond "
        "van %(ceiling)s.",
        **known,
    )


def _ceiling_signal(_: Crossing, figures: _Figures) -> Any:
    return gettext(
        "De productie van %(used)s heeft de signaalgrens van %(signal)s bereikt; het plafond is %(ceiling)s.",
        used=figures.euro("used"), signal=figures.euro("signal"), ceiling=figures.euro("ceiling"),
    )  # fmt: skip


def _budget_line(one: Crossing, figures: _Figures) -> Any:
    known = {"budget": figures.euro("budget"), "point": figures.euro("point"), "realised": figures.euro("realised")}
    if one.level is Level.FACT:
        return gettext(
            "Over het budget van %(budget)s heen: al %(realised)s is te betalen en %(point)s wordt verwacht.", **known
        )
    return gettext(
        "Verwacht wordt %(point)s bij een budget van %(budget)s; met 95 %% zekerheid ten minste %(low)s.",
        **known, low=figures.euro("low95"),
    )  # fmt: skip


def _under_use(one: Crossing, figures: _Figures) -> Any:
    known = {"budget": figures.euro("budget"), "percent": figures.percentage("percent")}
    if int(one.figures["high80"]) <= 0:
        return gettext("Er is een budget van %(budget)s en er wordt niets op verwacht.", budget=known["budget"])
    known |= {"low": figures.euro("low80"), "high": figures.euro("high80")}
    whole, sure = one.kind is Kind.UNDER_USE_YEAR, figures.certain
    if whole and sure:
        return gettext(
            "Voor de onderaannemers is %(budget)s beschikbaar; het jaar komt uit op %(high)s, meer dan %(percent)s "
            "lager.",
            **known,
        )
    if whole:
        return gettext(
            "Voor de onderaannemers is %(budget)s beschikbaar; het jaar komt met 80 %% zekerheid uit tussen %(low)s en "
            "%(high)s. Ook de bovengrens ligt meer dan %(percent)s lager.",
            **known,
        )
    if sure:
        return gettext("Het budget is %(budget)s; het jaar komt uit op %(high)s, meer dan %(percent)s lager.", **known)
    return gettext(
        "Het budget is %(budget)s; het jaar komt met 80 %% zekerheid uit tussen %(low)s en %(high)s. Ook de bovengrens "
        "ligt meer dan %(percent)s lager.",
        **known,
    )


def _margin(one: Crossing, figures: _Figures) -> Any:
    known = {"cap": figures.euro("cap"), "percent": figures.percentage("cap_percent"), "high": figures.euro("high80")}
    if figures.certain:
        said = gettext(
            "Het resultaat komt uit op %(high)s, boven de maximale marge van %(percent)s (%(cap)s).", **known
        )
    else:
        said = gettext(
            "Het resultaat komt met 80 %% zekerheid uit tussen %(low)s en %(high)s; ook de ondergrens ligt boven de "
            "maximale marge van %(percent)s (%(cap)s).",
            **known, low=figures.euro("low80"),
        )  # fmt: skip
    if one.figures["repaid"] == one.figures["excess"]:
        return f"{said} {gettext('Naar verwachting gaat %(sum)s terug naar de gemeente.', sum=figures.euro('repaid'))}"
    return f"{said} {gettext('Naar verwachting ligt %(sum)s daarboven.', sum=figures.euro('excess'))}"


def _utilisation(one: Crossing, figures: _Figures) -> Any:
    known = {"share": figures.share("share_permille"), "usual": figures.share("usual_permille")}
    if one.figures["against"] == "past":
        return gettext(
            "Van wat is toegewezen werd in de laatste drie maanden %(share)s gebruikt; daarvoor was dat %(usual)s.",
            **known,
        )
    return gettext("Van wat is toegewezen werd %(share)s gebruikt; bij de andere is dat %(usual)s.", **known)


def _missing(one: Crossing, figures: _Figures) -> Any:
    return ngettext(
        "Over %(month)s kwam geen declaratie, terwijl de termijn voorbij is en %(num)s toewijzing liep.",
        "Over %(month)s kwam geen declaratie, terwijl de termijn voorbij is en %(num)s toewijzingen liepen.",
        int(one.figures["allocations"]),
        month=figures.month("month"),
    )


def _inactive(one: Crossing, figures: _Figures) -> Any:
    if "last" in figures:
        return gettext(
            "Sinds %(month)s is geen zorg meer gedeclareerd: %(count)s maanden lang.",
            month=figures.month("last"), count=one.figures["months"],
        )  # fmt: skip
    return gettext("Nog nooit is zorg gedeclareerd: %(count)s maanden lang.", count=one.figures["months"])


_SAID = {
    Kind.YEAR: _year,
    Kind.RUN_OUT: _run_out,
    Kind.CEILING: _ceiling,
    Kind.CEILING_SIGNAL: _ceiling_signal,
    Kind.BUDGET_LINE: _budget_line,
    Kind.UNDER_USE_YEAR: _under_use,
    Kind.UNDER_USE: _under_use,
    Kind.MARGIN: _margin,
    Kind.UTILISATION: _utilisation,
    Kind.DECLARATION_MISSING: _missing,
    Kind.INACTIVE: _inactive,
}
