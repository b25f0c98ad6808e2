"""The words of forms and agreements, in the language of the request: units, tariffs, mistakes, terms."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import gettext

from lead_contractor.web import formats
from lead_contractor.web.languages import current_language
from subcontractors.agreements.availability import AvailabilityTerms
from subcontractors.agreements.fte import FteTerms
from subcontractors.agreements.lump_sum import LumpSumTerms
from subcontractors.agreements.model import Agreement, FormCode
from subcontractors.agreements.products import product_name
from subcontractors.agreements.trajectory import TrajectoryTerms
from subcontractors.portal.allocations import Fillable, OwnAllocation
from subcontractors.portal.form import Mistake
from subcontractors.portal.reports import Wrong
from subcontractors.portal.words import EURO_UNIT, amount, quantity


def product(code: str) -> str:
    """What a product is, in words: the name of its category; empty for a code of no category."""
    name = product_name(code)
    return str(gettext(name)) if name else ""


def unit_name(unit: str) -> str:
    """The name of a unit behind a field."""
    names: dict[str, str] = {
        "01": gettext("minuten"),
        "04": gettext("uur"),
        "14": gettext("etmalen"),
        "16": gettext("dagdelen"),
        "82": gettext("stuks"),
        "83": gettext("euro"),
        "84": gettext("stuks"),
    }
    return names.get(unit, unit)


def price(row: Fillable) -> str:
    """The tariff of a row, as agreed."""
    if row.unit == EURO_UNIT:
        return str(gettext("bedrag"))
    cents = row.hour_tariff if row.hour_tariff is not None else row.tariff
    if cents is None:
        return "–"
    per = gettext("per uur") if row.hour_tariff is not None else gettext("per %(unit)s", unit=_single(row.unit))
    return f"{formats.euro(cents, current_language())} {per}"


def _single(unit: str) -> str:
    """One of a unit."""
    return quantity(1, unit).partition(" ")[2]


def room(row: Fillable) -> str:
    """What may still be declared on a row in its period."""
    if row.limit is None:
        left = row.allocation.left_cents
        return gettext("geen grens") if left is None else formats.euro(left, current_language())
    return quantity(row.limit, row.unit)


def over_limit(row: Fillable, volume: int) -> str:
    """A warning for a volume that is more than the allocation leaves; empty when it fits."""
    if row.limit is None or volume <= row.limit:
        return ""
    return str(gettext("Meer dan er nog is toegewezen: %(room)s.", room=quantity(row.limit, row.unit)))


def mistake(found: Mistake) -> str:
    """What is wrong with something typed, and what to type instead."""
    sentences: dict[Mistake, str] = {
        Mistake.NOT_A_NUMBER: gettext("Dit is geen getal. Typ alleen cijfers."),
        Mistake.NOT_WHOLE: gettext("Typ een heel getal. Rond uren af over de hele periode, niet per bezoek."),
        Mistake.NOT_EUROS: gettext("Dit is geen bedrag. Typ het als 1234,56."),
        Mistake.TOO_LARGE: gettext("Dit is te groot: ten hoogste acht cijfers."),
        Mistake.ZERO: gettext("Typ een aantal van 1 of meer, of laat het veld leeg."),
        Mistake.NO_TARIFF: gettext("Voor dit product is geen tarief met u afgesproken."),
    }
    return sentences[found]


def wrong(found: Wrong) -> str:
    """What is wrong with a typed start or stop, and what to do."""
    sentences: dict[Wrong, str] = {
        Wrong.NO_ALLOCATION: gettext("Kies voor welke toewijzing u meldt."),
        Wrong.NO_BEGIN: gettext("Vul in op welke dag de ondersteuning begon."),
        Wrong.NO_END: gettext("Vul bij een stop in op welke dag de ondersteuning stopte."),
        Wrong.NO_REASON: gettext("Kies bij een stop waarom de ondersteuning stopte."),
        Wrong.END_BEFORE_BEGIN: gettext("De laatste dag ligt voor de eerste. Verbeter een van de twee."),
        Wrong.AHEAD: gettext("De eerste dag ligt in de toekomst. Meld een start pas als de ondersteuning is begonnen."),
    }
    return sentences[found]


def stop_reason(code: str) -> str:
    """Why something stopped, in words."""
    names: dict[str, str] = {
        "02": gettext("cliënt is overleden"),
        "19": gettext("afgerond volgens plan"),
        "20": gettext("tijdelijk gestopt"),
        "21": gettext("cliënt wilde stoppen"),
        "22": gettext("aanbieder is gestopt"),
        "23": gettext("samen eerder gestopt"),
        "31": gettext("verhuisd naar een andere gemeente"),
        "36": gettext("gestopt door de gemeente"),
        "37": gettext("vervangen na een verzoek om wijziging"),
        "38": gettext("overgestapt naar een andere aanbieder"),
        "39": gettext("verder onder een andere wet"),
    }
    return names.get(code, code)


def single(unit: str) -> str:
    """One of a unit: ``uur``, ``dagdeel``."""
    return _single(unit)


def days(first: date, last: date | None) -> str:
    """From and to, both inclusive, in short."""
    language = current_language()
    start = f"{first.day} {formats.month(first, language)}"
    return f"{start} –" if last is None else f"{start} – {last.day} {formats.month(last, language)}"


def allocated(own: OwnAllocation) -> str:
    """What an allocation grants: volume per frequency, or its budget."""
    if own.volume is None or not own.unit:
        return "–" if own.budget is None else formats.euro(own.budget, current_language())
    per: dict[str, str] = {
        "1": gettext("per dag"),
        "2": gettext("per week"),
        "4": gettext("per maand"),
        "6": gettext("in totaal"),
    }
    return f"{quantity(own.volume, own.unit)} {per.get(own.frequency, '')}".strip()


def left(own: OwnAllocation) -> str:
    """What is left of an allocation over its whole term."""
    if own.left is not None:
        return quantity(own.left, own.unit)
    return "–" if own.left_cents is None else formats.euro(own.left_cents, current_language())


def form_name(code: FormCode) -> str:
    """The name of a form of financing, in plain words."""
    names: dict[FormCode, str] = {
        FormCode.PXQ: gettext("prijs maal aantal"),
        FormCode.FTE: gettext("vast aantal fte"),
        FormCode.LUMP_SUM: gettext("vast bedrag"),
        FormCode.TRAJECTORY: gettext("bedrag per traject"),
        FormCode.AVAILABILITY: gettext("beschikbaarheid"),
    }
    return names[code]


def terms(agreement: Agreement) -> str:
    """What an agreement comes down to for its provider, in a sentence or two."""
    own = agreement.terms
    if isinstance(own, FteTerms):
        said = gettext(
            "U houdt %(fte)s fte beschikbaar voor %(price)s per fte per jaar. Geef elke maand fte en uren op.",
            fte=formats.quantity(own.fte, current_language()),
            price=amount(own.price_per_fte),
        )
    elif isinstance(own, LumpSumTerms):
        said = gettext(
            "U krijgt %(amount)s over de hele looptijd, verdeeld over de maanden.", amount=amount(own.amount)
        )
    elif isinstance(own, TrajectoryTerms):
        said = gettext(
            "U krijgt %(price)s per traject, waarvan %(start)s bij de start. Meld start en stop: daarop wordt betaald.",
            price=amount(own.price),
            start=amount(own.start_amount),
        )
    elif isinstance(own, AvailabilityTerms):
        said = gettext(
            "U krijgt %(amount)s per maand om beschikbaar te zijn. Geef elke maand de bezetting op.",
            amount=amount(own.month_amount),
        )
    else:
        said = gettext("U declareert per regel wat u hebt geleverd, tegen het tarief hieronder.")
    return str(said)


def return_field(name: str) -> str:
    """What a return is about."""
    names: dict[str, str] = {
        "fte": gettext("fte"),
        "hours": gettext("uren"),
        "occupancy_percent": gettext("bezetting in procent"),
    }
    return names[name]


def local(moment: datetime) -> date:
    """The day of a moment, as the calendar in the Netherlands has it."""
    return moment.astimezone(formats.AMSTERDAM).date()
