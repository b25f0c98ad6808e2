"""The words of the portal, in the language of the request: verdicts, reasons, units, periods and refusals."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from flask_babel import gettext, ngettext

from lead_contractor.kernel.money import cents_from_euros
from lead_contractor.kernel.periods import Month
from lead_contractor.web import formats
from lead_contractor.web.languages import current_language
from subcontractors.declarations.answers import DUTCH, ENGLISH
from subcontractors.declarations.model import Status
from subcontractors.declarations.suggestions import Change, Suggestion
from subcontractors.iwmo.codes import FULLY_GRANTED, NO_REMARK, NOT_ASSESSED, reason
from subcontractors.iwmo.content import LEVEL
from subcontractors.iwmo.rules.register import BY_ID
from subcontractors.portal.faults import Told, alike, runs, told
from subcontractors.portal.model import (
    MonthFigures,
    PreCheck,
    Problem,
    Sent,
    ShownLine,
    State,
    UploadRefused,
    Verdict,
    masked,
)

EURO_UNIT = "83"
_MOST_NAMED = 8
CONTENT_RULES = {rule.id: rule for rule in BY_ID.values() if rule.level == LEVEL}
"""The rules inside a message, whose words do not depend on what stands in it."""


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
    if unit == EURO_UNIT:
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
        Problem.MISSING: gettext("Er is geen bestand gekozen. Kies er een en klik op Controleren."),
        Problem.EMPTY: gettext("Dit bestand is leeg. Kies het bestand met uw declaratie."),
        Problem.KIND: gettext("Dit soort bestand wordt hier niet gelezen. Stuur .xml (iWmo), .xlsx of .csv."),
        Problem.TOO_LARGE: gettext("Dit bestand is groter dan 25 MB. Splits het en stuur de delen na elkaar."),
        Problem.CLOSED: gettext("Dit jaar is definitief afgerekend. Er kan niets meer voor worden ingediend."),
        Problem.FAULTY: gettext("Dit bestand kan zo niet worden ingediend. Herstel de fouten en stuur het opnieuw."),
        Problem.TOO_MANY: gettext("U hebt kort na elkaar veel gestuurd. Wacht een minuut en stuur het opnieuw."),
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


def column(name: str) -> str:
    """The name of a column of a declaration, as people say it."""
    names: dict[str, str] = {
        "allocation": gettext("toewijzing"),
        "category": gettext("categorie"),
        "product_code": gettext("product"),
        "unit": gettext("eenheid"),
        "from": gettext("eerste dag"),
        "to": gettext("laatste dag"),
        "tariff": gettext("tarief"),
        "amount": gettext("bedrag"),
        "volume": gettext("geleverd"),
        "bsn": gettext("BSN"),
        "period": gettext("maand"),
        "received": gettext("dag van versturen"),
        "subcontractor": gettext("AGB-code"),
        "reference": gettext("referentie"),
        "previous_reference": gettext("vorige referentie"),
        "debit_credit": gettext("debet of credit"),
        "declaration": gettext("declaratienummer"),
    }
    return names.get(name, name)


def where(view: PreCheck, one: Suggestion) -> str:
    """Which line a suggestion is about: its reference, or its row."""
    if one.row is not None:
        return str(gettext("rij %(row)s", row=one.row))
    lines = (line for message in view.messages if message.number == one.declaration for line in message.lines)
    return next((line.reference for line in lines if line.position == one.position), "")


def faults(one: Verdict) -> list[tuple[str, Told]]:
    """What is wrong with a message as a whole, each thing once, and where: rows of a table, lines of a message.

    What a rule of the standard says of the content is in the language of the request; what a reader says of the form of
    a file quotes it, and is Dutch (:func:`language_of`).
    """
    table = one.channel != "xml"
    return [(_places(found, table=table), _in_language(found)) for found in told(one.faults, table=table)]


def language_of(found: Told) -> str:
    """The language in which a fault is told, as HTML names it."""
    return "en" if current_language() == formats.ENGLISH and found.rule in CONTENT_RULES else "nl"


def _in_language(found: Told) -> Told:
    if language_of(found) == "nl":
        return found
    words = CONTENT_RULES[found.rule].words
    return replace(found, said=f"{words.text_en} {words.remedy_en}")


def fault_count(view: PreCheck) -> int:
    """How many different things are wrong with a file that cannot be submitted."""
    return sum(len(told(one.faults, table=one.channel != "xml")) for one in view.messages)


def _places(found: Told, *, table: bool) -> str:
    """Where a fault is: ``rij 2–4 en 7``, ``regel 36``, ``referentie S-0004``."""
    said = []
    if found.rows:
        numbers = _listed([str(a) if a == b else f"{a}–{b}" for a, b in runs(found.rows)])
        said.append(gettext("rij %(row)s", row=numbers) if table else gettext("regel %(row)s", row=numbers))
    if found.place:
        said.append(found.place)
    if found.references:
        said.append(gettext("referentie %(names)s", names=_listed(list(found.references))))
    return ", ".join(said)


def _listed(names: list[str]) -> str:
    """The first few names as a list in words."""
    shown = list(dict.fromkeys(names))
    if len(shown) > _MOST_NAMED:
        rest = gettext("nog %(count)s", count=len(shown) - _MOST_NAMED)
        shown = [*shown[:_MOST_NAMED], rest]
    if len(shown) == 1:
        return shown[0]
    return str(gettext("%(first)s en %(last)s", first=", ".join(shown[:-1]), last=shown[-1]))


def together(view: PreCheck) -> list[tuple[Suggestion, str]]:
    """What may be taken over at once: each change once, and where it is."""
    return [(group[0], _lines_of(view, group)) for group in alike(view.together)]


def _lines_of(view: PreCheck, group: tuple[Suggestion, ...]) -> str:
    rows = tuple(one.row for one in group if one.row is not None)
    if rows:
        return _places(Told("", "", rows), table=True)
    return _listed([where(view, one) for one in group])


def why(one: Suggestion) -> str:
    """Why a value is suggested."""
    if current_language() == formats.DUTCH:
        return one.why
    if one.column == "amount" and not one.old:
        return str(gettext("aantal maal tarief"))
    reasons: dict[Change, str] = {
        Change.FORMAT: gettext("zo hoort het geschreven te zijn"),
        Change.TARIFF: gettext("volgens het afgesproken tarief"),
        Change.VOLUME: gettext("volgens de toewijzing"),
        Change.DATE: gettext("volgens maand en toewijzing"),
    }
    return reasons[one.change]


def bare(volume: int, unit: str) -> str:
    """A volume as it is typed: a whole number, euros with a comma."""
    return f"{volume // 100},{volume % 100:02d}" if unit == EURO_UNIT else str(volume)


def value(name: str, text: str) -> str:
    """A value of a column as people read it: amounts and days in their own way, of a BSN the last digits only."""
    language = current_language()
    if name == "bsn":
        return masked(text)
    try:
        if name in ("tariff", "amount"):
            return formats.euro(cents_from_euros(text), language)
        if name in ("from", "to", "received"):
            return formats.day(date.fromisoformat(text), language)
    except ValueError:
        return text
    return text
