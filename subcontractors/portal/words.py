"""The words of the portal, in the language of the request: verdicts, reasons, units, periods and refusals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext, ngettext

from lead_contractor.kernel.periods import Month
from lead_contractor.web import formats
from lead_contractor.web.languages import current_language
from subcontractors.declarations.answers import DUTCH, ENGLISH
from subcontractors.declarations.model import Status
from subcontractors.iwmo.codes import FULLY_GRANTED, NO_REMARK, NOT_ASSESSED, reason
from subcontractors.portal.model import MonthFigures, Problem, Sent, ShownLine, State, UploadRefused, Verdict

_EURO_UNIT = "83"


@dataclass(frozen=True, slots=True)
class Said:
    """A return code in words: what is the matter and what to do."""

    code: str
    text: str
    remedy: str


def said(codes: tuple[str, ...]) -> list[Said]:
    """Return codes in words, without those that remark on nothing."""
    return [_said(code) for code in codes if code not in (FULLY_GRANTED, NO_REMARK)]


def _said(code: str) -> Said:
    if code == NOT_ASSESSED:
        text = gettext("Deze regel is niet beoordeeld, omdat de declaratie in haar geheel is afgewezen.")
        return Said("", text, gettext("Los op wat bij de declaratie staat en dien haar opnieuw in."))
    at = ENGLISH if current_language() == formats.ENGLISH else DUTCH
    text, remedy = reason(code)[at : at + 2]
    return Said(code, text, remedy)


def csv_words(line: ShownLine) -> tuple[str, str]:
    """Verdict and reasons of a line for a file."""
    if line.accepted:
        return gettext("in orde"), ""
    return gettext("afgewezen"), " ".join(f"{one.text} {one.remedy}" for one in said(line.codes))


def amount(cents: int) -> str:
    """An amount that does not break over two lines, for sentences."""
    return formats.euro(cents, current_language()).replace(" ", "\u00a0")


def quantity(volume: int, unit: str) -> str:
    """A delivered volume with its unit; unit 83 is euros, kept in cents."""
    if unit == _EURO_UNIT:
        return formats.euro(volume, current_language())
    names = {
        "01": ngettext("minuut", "minuten", volume),
        "04": ngettext("uur", "uur", volume),
        "14": ngettext("etmaal", "etmalen", volume),
        "16": ngettext("dagdeel", "dagdelen", volume),
        "82": ngettext("stuk", "stuks", volume),
        "84": ngettext("stuk", "stuks", volume),
    }
    return f"{formats.number(volume, language=current_language())} {names.get(unit, unit)}"


def period(first: date, last: date) -> str:
    """Days in short: a whole month by its name, otherwise from and to."""
    language = current_language()
    month = Month.of(first)
    if (first, last) == (month.first, month.last):
        return formats.month(month, language)
    if first == last:
        return f"{first.day} {formats.month(first, language)}"
    start = f"{first.day}" if Month.of(last) == month else f"{first.day} {formats.month(first, language)}"
    return f"{start} – {last.day} {formats.month(last, language)}"


def month_state(figures: MonthFigures) -> str:
    """How a month stands."""
    if figures.state is State.PARTLY:
        return str(gettext("%(refused)s afgewezen", refused=figures.refused))
    names: dict[State, str] = {
        State.NOTHING: "",
        State.GRANTED: gettext("toegekend"),
        State.REFUSED: gettext("afgewezen"),
        State.TURNED_BACK: gettext("geweigerd"),
    }
    return names[figures.state]


def status(one: Sent) -> tuple[str, str]:
    """What became of a message, and the class that colours it."""
    if one.status is Status.DUPLICATE:
        return gettext("al eerder ontvangen"), ""
    if one.status is Status.REFUSED_STRUCTURE:
        return gettext("geweigerd: de opbouw klopt niet"), "attention"
    if one.status is Status.REFUSED_CONTENT:
        return gettext("geweigerd: de inhoud klopt niet"), "attention"
    if not one.assessed:
        return gettext("afgewezen: nummer al gebruikt"), "attention"
    if one.refused == 0:
        return gettext("toegekend"), "good"
    if one.refused == one.lines:
        return gettext("afgewezen"), "attention"
    return gettext("%(refused)s van %(lines)s regels afgewezen", refused=one.refused, lines=one.lines), "attention"


def whole(one: Verdict) -> str:
    """Why a message as a whole came to nothing; empty where its lines tell."""
    sentences: dict[Status, str] = {
        Status.ANSWERED: "",
        Status.DUPLICATE: gettext("Dit bericht is al eerder ontvangen; het verandert niets."),
        Status.REFUSED_STRUCTURE: gettext("De opbouw van dit bericht klopt niet; het is niet te verwerken."),
        Status.REFUSED_CONTENT: gettext("De inhoud van dit bericht klopt in zichzelf niet; het is niet te verwerken."),
    }
    return sentences[one.status]


def problem(refused: UploadRefused) -> str:
    """Why an upload was refused, and what to do."""
    if refused.problem is Problem.FOREIGN:
        sender = refused.named
        return str(
            gettext(
                "Dit bestand noemt als afzender %(named)s, niet uw AGB-code. Er is niets opgeslagen.",
                named=sender,
            )
        )
    sentences: dict[Problem, str] = {
        Problem.MISSING: gettext("Er is geen bestand gekozen. Kies een XML- of CSV-bestand en klik op Controleren."),
        Problem.EMPTY: gettext("Dit bestand is leeg. Kies het bestand met uw declaratie."),
        Problem.KIND: gettext("Dit soort bestand wordt hier niet gelezen. Stuur een iWmo-bericht (.xml) of een .csv."),
        Problem.TOO_LARGE: gettext("Dit bestand is groter dan 25 MB. Splits het en stuur de delen na elkaar."),
        Problem.CLOSED: gettext("Dit jaar is definitief afgerekend. Er kan niets meer voor worden ingediend."),
        Problem.FAULTY: gettext("Dit bestand kan zo niet worden ingediend. Herstel de fouten en stuur het opnieuw."),
        Problem.DUPLICATE: gettext("Dit bestand is al eerder ingediend. Er is niets veranderd."),
    }
    return sentences[refused.problem]


def report_status(one: Sent) -> tuple[str, str]:
    """What became of a start or stop message, and the class that colours it."""
    if one.status is Status.DUPLICATE:
        return gettext("al eerder ontvangen"), ""
    if one.status is Status.ANSWERED:
        return (
            (gettext("verwerkt"), "good") if one.assessed else (gettext("geweigerd: kenmerk al gebruikt"), "attention")
        )
    return gettext("geweigerd"), "attention"
