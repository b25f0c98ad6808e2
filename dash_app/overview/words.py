"""Names and reasons in the language of the request; Dutch stands here, English in the catalogue beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext, lazy_gettext

from budgets.settlement.wording import clause_text
from dash_app.overview.desk import UNASSESSED
from dash_app.overview.model import MessageRow, Question, TransferRow
from lead_contractor.books.accounts import ACCOUNTS
from lead_contractor.kernel.periods import Month
from lead_contractor.web import formats
from lead_contractor.web.languages import current_language
from subcontractors.declarations import answers
from subcontractors.declarations.model import Status
from subcontractors.iwmo.codes import reason
from subcontractors.iwmo.content import valid_bsn

_NINE_DIGITS = re.compile(r"(?<!\d)\d{9}(?!\d)")

STATUSES: Mapping[str, Any] = {
    Status.ANSWERED.value: lazy_gettext("beantwoord"),
    UNASSESSED: lazy_gettext("in zijn geheel afgewezen"),
    Status.REFUSED_CONTENT.value: lazy_gettext("klopt niet in zichzelf"),
    Status.REFUSED_STRUCTURE.value: lazy_gettext("onleesbaar"),
    Status.DUPLICATE.value: lazy_gettext("dubbel ontvangen"),
}

FORMS: Mapping[str, Any] = {
    "pxq": lazy_gettext("P×Q"),
    "fte": lazy_gettext("lumpsum per fte"),
    "lump_sum": lazy_gettext("lumpsum"),
    "trajectory": lazy_gettext("trajecten"),
    "availability": lazy_gettext("beschikbaarheid"),
}

STEPS: Mapping[str, Any] = {
    "revenue": lazy_gettext("Opbrengst"),
    "subcontractors": lazy_gettext("Kosten van onderaannemers"),
    "eligible_cost": lazy_gettext("Meetellende kosten"),
    "result": lazy_gettext("Resultaat"),
    "surplus": lazy_gettext("Overschot boven de begrenzing"),
    "deficit": lazy_gettext("Tekort"),
    "balance": lazy_gettext("Saldo met de gemeente"),
}

FIGURES: Mapping[str, Any] = {
    **FORMS,
    "lump_sum_revenue": lazy_gettext("lumpsum vóór indexatie"),
    "indexation": lazy_gettext("indexatie"),
    "volume_adjustment": lazy_gettext("volumebijstelling"),
    "deductions": lazy_gettext("kortingen"),
    "subcontractors": lazy_gettext("onderaannemers"),
    "own_delivery": lazy_gettext("eigen inzet"),
    "overhead": lazy_gettext("overhead die meetelt"),
    "other": lazy_gettext("overige kosten"),
    "prior_year": lazy_gettext("regels over eerdere jaren"),
    "not_eligible": lazy_gettext("kosten die niet meetellen"),
    "revenue": lazy_gettext("opbrengst"),
    "eligible_cost": lazy_gettext("meetellende kosten"),
    "total": lazy_gettext("totaal"),
    "result": lazy_gettext("resultaat"),
    "margin_percent": lazy_gettext("marge in procenten"),
    "margin_cap": lazy_gettext("begrenzing van de marge"),
    "excess": lazy_gettext("boven de begrenzing"),
    "repaid": lazy_gettext("terug te betalen"),
    "invested": lazy_gettext("te investeren"),
    "added_to_reserve": lazy_gettext("naar de reserve"),
    "reserve": lazy_gettext("reserve"),
    "opening": lazy_gettext("beginstand"),
    "added": lazy_gettext("toegevoegd"),
    "used": lazy_gettext("gebruikt"),
    "closing": lazy_gettext("eindstand"),
    "deficit": lazy_gettext("tekort"),
    "reserve_used": lazy_gettext("uit de reserve"),
    "deficit_municipality": lazy_gettext("deel van de gemeente"),
    "deficit_contractor": lazy_gettext("deel van de hoofdaannemer"),
    "municipality": lazy_gettext("deel van de gemeente"),
    "contractor": lazy_gettext("deel van de hoofdaannemer"),
    "entitlement": lazy_gettext("aanspraak"),
    "received": lazy_gettext("ontvangen"),
    "balance_due": lazy_gettext("saldo"),
    "declarations": lazy_gettext("declaraties"),
    "declared": lazy_gettext("gedeclareerd"),
    "approved": lazy_gettext("goedgekeurd"),
    "rejected": lazy_gettext("afgewezen"),
    "after_cut_off": lazy_gettext("na de sluitdatum"),
    "agreements": lazy_gettext("overeenkomst"),
    "due": lazy_gettext("verschuldigd"),
    "above_ceiling": lazy_gettext("boven het plafond"),
    "true_up": lazy_gettext("bijstelling"),
    "cost": lazy_gettext("kosten"),
    "instalments": lazy_gettext("termijn"),
    "year": lazy_gettext("jaar"),
}

CAUSES: Mapping[str, Any] = {
    "0233": lazy_gettext("Hele declaratie afgewezen"),
    "0611": lazy_gettext("Geen overeenkomst of ander tarief"),
    "8017": lazy_gettext("Credit zonder gelijke debetregel"),
    "8021": lazy_gettext("Referentie al gebruikt"),
    "8187": lazy_gettext("Cliënt hoort niet bij de toewijzing"),
    "9307": lazy_gettext("Begint vóór de toewijzing"),
    "9308": lazy_gettext("Eindigt na de toewijzing"),
    "9319": lazy_gettext("Zorg na de declaratieperiode"),
    "9321": lazy_gettext("Volume boven de toewijzing van de maand"),
    "9322": lazy_gettext("Volume boven de hele toewijzing"),
    "9338": lazy_gettext("Geen toewijzing gevonden"),
    "9339": lazy_gettext("Andere categorie dan toegewezen"),
    "9340": lazy_gettext("Ander product dan toegewezen"),
    "9341": lazy_gettext("Andere eenheid dan toegewezen"),
    "9346": lazy_gettext("Bedrag is niet volume maal tarief"),
    "9369": lazy_gettext("Boven het budget van de toewijzing"),
    "9384": lazy_gettext("Toewijzing is verwijderd"),
    "9387": lazy_gettext("Begindag past niet bij maand of toewijzing"),
    "9388": lazy_gettext("Einddag past niet bij maand of toewijzing"),
    "9389": lazy_gettext("Periode al gedeclareerd"),
    "9390": lazy_gettext("Al eerder gecrediteerd"),
}
"""The return codes of lines as the lead contractor names them on a list; the full words are for the sender."""

_KINDS: Mapping[str, Any] = {
    "true_up": lazy_gettext("bijstelling op gerealiseerde fte"),
    "hours": lazy_gettext("bijstelling op uren"),
    "malus": lazy_gettext("malus op bezetting"),
    "above_ceiling": lazy_gettext("boven het plafond"),
}


def without_bsn(text: str) -> str:
    """A text of a sender with every number that can be a BSN blotted out: nobody but the vault shows one."""
    return _NINE_DIGITS.sub(lambda found: "•" * 9 if valid_bsn(found[0]) else found[0], text)


def account_name(code: str) -> str:
    """The name of an account."""
    return str(gettext(ACCOUNTS[code].name))


def form_name(code: str) -> str:
    """The name of a form of financing."""
    return str(FORMS[code])


def figure_name(path: str) -> str:
    """The name of a figure of the settlement by its path: ``cost.pxq`` is *kosten: P×Q*."""
    parts = path.split(".")
    if parts == ["revenue", "lump_sum"]:
        return f"{FIGURES['revenue']}: {FIGURES['lump_sum_revenue']}"
    return ": ".join(str(FIGURES[part]) if part in FIGURES else part for part in parts)


def input_name(step: str, name: str) -> str:
    """The name of what goes into a step of the settlement."""
    return str(FIGURES["lump_sum_revenue"] if (step, name) == ("revenue", "lump_sum") else FIGURES[name])


def plain(value: int | str) -> str:
    """A figure that is no amount, such as a percentage."""
    return str(value).replace(".", ",") if current_language() == formats.DUTCH else str(value)


def month_text(text: str) -> str:
    """A stored month as people read it; an empty text stays empty."""
    return formats.month(Month.parse(text), current_language()) if text else ""


def code_short(code: str) -> str:
    """The name of a return code on a list."""
    return str(CAUSES[code]) if code in CAUSES else str(reason(code)[_language()]).rstrip(".")


def reasons(codes: tuple[str, ...]) -> list[str]:
    """Return codes in words with what to do."""
    return answers.reasons(codes, _language())


def message_status(row: MessageRow) -> str:
    """What became of a message, as a status of the screen."""
    return UNASSESSED if row.status == Status.ANSWERED.value and not row.assessed else row.status


def message_reasons(row: MessageRow) -> list[str]:
    """Why nothing of a message was taken over."""
    if row.status == Status.DUPLICATE.value:
        return [gettext("Hetzelfde bericht was al ontvangen; het is niet nog eens verwerkt.")]
    said = [without_bsn(fault) for fault in row.faults]
    return said or reasons((*row.message_codes, *row.declaration_codes))


def question_text(asked: Question, names: Mapping[str, str]) -> list[str]:
    """What a figure was narrowed down to, in words."""
    said = []
    if asked.agreement:
        said.append(gettext("overeenkomst %(code)s", code=asked.agreement))
    if asked.subcontractor:
        said.append(names.get(asked.subcontractor, asked.subcontractor))
    if asked.product_code:
        said.append(gettext("product %(code)s", code=asked.product_code))
    if asked.service_month:
        said.append(gettext("over %(month)s", month=month_text(asked.service_month)))
    if asked.service_until:
        said.append(gettext("over de maanden tot en met %(month)s", month=month_text(asked.service_until)))
    if asked.until:
        said.append(gettext("geboekt tot en met %(month)s", month=month_text(asked.until)))
    return said


def source_text(row: TransferRow, names: Mapping[str, str]) -> str:
    """Where a transfer comes from, in words."""
    kind, _, rest = row.source.partition(":")
    if kind == "declaration":
        sender, _, identification = rest.partition("/")
        name = names.get(sender, sender)
        return str(gettext("Declaratie %(message)s van %(name)s", message=identification, name=name))
    if kind == "due":
        return str(gettext("Verschuldigd volgens overeenkomst %(code)s", code=row.agreement))
    if kind == "payment":
        return str(gettext("Betaalbatch %(number)s", number=rest.partition(":")[0]))
    if kind == "decision":
        number, _, message = rest.partition("/")
        return str(gettext("Besluit %(number)s op %(message)s", number=int(number), message=message.partition("/")[2]))
    if kind == "contract":
        return _contract_source(rest)
    if kind == "settlement":
        return _settlement_source(rest)
    return row.source


def _contract_source(rest: str) -> str:
    kind, _, which = rest.partition(":")
    if kind == "instalment":
        return str(gettext("Termijn van %(month)s", month=month_text(which)))
    if kind == "deduction":
        return str(gettext("Korting %(number)s uit het contract", number=which))
    if kind == "volume":
        return str(gettext("Volumebijstelling"))
    day = formats.day(date.fromisoformat(which[:10]), current_language())
    if kind == "receipt":
        return str(gettext("Betaling van de gemeente op %(day)s", day=day))
    return str(gettext("Eigen kosten van %(day)s", day=day))


def _settlement_source(rest: str) -> str:
    kind, _, which = rest.partition(":")
    if kind == "adjustment":
        agreement, _, adjusted = which.rpartition(":")
        return str(
            gettext("Afrekening: %(what)s, overeenkomst %(code)s", what=_KINDS.get(adjusted, adjusted), code=agreement)
        )
    clause = which.partition(":")[2]
    named = clause if current_language() == formats.ENGLISH else clause_text(clause)
    return str(gettext("Afrekening: %(clause)s", clause=named))


def _language() -> int:
    return answers.ENGLISH if current_language() == formats.ENGLISH else answers.DUTCH
