"""Names on the desk in the language of the request; Dutch stands here, English in the catalogue beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext, lazy_gettext

from dash_app.overview import words
from lead_contractor.books.closing import Item
from subcontractors.chain.service import REJECTION_REASONS
from subcontractors.decisions.model import Kind, LineOutcome, State
from subcontractors.payments.model import Kind as Source
from subcontractors.payments.model import Payable, RunState

KINDS: Mapping[str, Any] = {
    Kind.OVERRIDE.value: lazy_gettext("doorlaten"),
    Kind.WITHDRAW.value: lazy_gettext("intrekken"),
    Kind.ASK.value: lazy_gettext("vraag aan de aanbieder"),
    Kind.LEAVE.value: lazy_gettext("afgewezen laten"),
}
STATES: Mapping[str, Any] = {
    State.PROPOSED.value: lazy_gettext("wacht op een tweede persoon"),
    State.APPROVED.value: lazy_gettext("goedgekeurd"),
    State.REJECTED.value: lazy_gettext("niet goedgekeurd"),
    State.CLOSED.value: lazy_gettext("afgedaan"),
}
STANDS: Mapping[str, Any] = {
    "": lazy_gettext("open"),
    "proposed": lazy_gettext("voorgesteld"),
    "asked": lazy_gettext("gevraagd"),
    "left": lazy_gettext("afgewezen gelaten"),
    "every": lazy_gettext("alle"),
}
RUN_STATES: Mapping[str, Any] = {
    RunState.PROPOSED.value: lazy_gettext("goed te keuren"),
    RunState.APPROVED.value: lazy_gettext("goedgekeurd, uit te voeren"),
    RunState.REJECTED.value: lazy_gettext("afgewezen"),
    RunState.EXECUTED.value: lazy_gettext("uitgevoerd"),
}
CHANNELS: Mapping[str, Any] = {
    "xml": lazy_gettext("bericht (XML)"),
    "csv": lazy_gettext("tabel (CSV)"),
    "xlsx": lazy_gettext("werkmap (Excel)"),
    "form": lazy_gettext("formulier"),
    "rest": lazy_gettext("koppeling (REST)"),
    "correction": lazy_gettext("correctie van de hoofdaannemer"),
}
CHECKS: Mapping[str, Any] = {
    Item.MONTH_NOT_OVER.value: lazy_gettext("De maand is voorbij"),
    Item.EARLIER_OPEN.value: lazy_gettext("De maanden ervoor zijn afgesloten"),
    Item.UNANSWERED.value: lazy_gettext("Elke declaratie heeft een antwoord"),
    Item.BOOKS_DIFFER.value: lazy_gettext("De boeken sluiten"),
    Item.DUES_NOT_POSTED.value: lazy_gettext("Wat overeenkomsten verschuldigd maken is geboekt"),
    Item.INSTALMENT_MISSING.value: lazy_gettext("De termijn van de gemeente is ontvangen"),
    Item.INSTALMENT_UNPAID.value: lazy_gettext("De gemeente heeft betaald wat verschuldigd is"),
    Item.DECLARATIONS_MISSING.value: lazy_gettext("Iedereen heeft gedeclareerd"),
    Item.RETURNS_MISSING.value: lazy_gettext("Fte, uren en bezetting zijn opgegeven"),
}
REQUEST_KINDS: Mapping[str, Any] = {
    "315": lazy_gettext("verzoek om toewijzing (315)"),
    "317": lazy_gettext("verzoek om wijziging (317)"),
}
REQUEST_STATES: Mapping[str, Any] = {
    "open": lazy_gettext("open"),
    "in_onderzoek": lazy_gettext("in onderzoek"),
}
REASONS = REJECTION_REASONS


def named(names: Mapping[str, Any], code: str) -> str:
    """The name of a code; a code that is not known stands for itself."""
    return str(names.get(code, code))


def payable_text(item: Payable) -> str:
    """Where something payable comes from, in words."""
    month = words.month_text(item.service_month)
    if item.kind is Source.DECLARATION:
        return str(gettext("Declaratie %(number)s over %(month)s", number=item.number, month=month))
    if item.kind is Source.DECISION:
        return str(gettext("Besluit op declaratie %(number)s over %(month)s", number=item.number, month=month))
    if item.kind is Source.DUE:
        return str(gettext("Overeenkomst %(code)s, %(month)s", code=item.agreement, month=month))
    if item.kind is Source.SETTLEMENT:
        return str(gettext("Afrekening, overeenkomst %(code)s", code=item.agreement))
    return item.source


def refused_text(outcomes: Iterable[LineOutcome]) -> list[str]:
    """Why nothing was done with lines, each reason once with how many lines it holds for."""
    counted = Counter(one.why for one in outcomes if not one.done)
    return [f"{count}× {why}" for why, count in counted.most_common()]
