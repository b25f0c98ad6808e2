"""Words of the page, in the language of the request."""

from __future__ import annotations

from fractions import Fraction

from budgets.scenarios.outlook import odds
from dash_app.formats import euro_short, percent
from dash_app.language import gettext
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.refusals import Refusal
from lead_contractor.kernel.rounding import decimal_places
from subcontractors.agreements.model import FormCode


def form_name(form: FormCode | None) -> str:
    """A form of financing; ``None`` is what belongs to no single one."""
    names = {
        FormCode.PXQ: gettext("P×Q"),
        FormCode.FTE: gettext("per fte"),
        FormCode.LUMP_SUM: gettext("lumpsum"),
        FormCode.TRAJECTORY: gettext("trajecten"),
        FormCode.AVAILABILITY: gettext("beschikbaarheid"),
    }
    return gettext("meer vormen tegelijk") if form is None else names[form]


def part_name(part: str) -> str:
    """A part of a scenario."""
    names = {
        "inflow": gettext("instroom"),
        "index": gettext("tarieven"),
        "moves": gettext("andere financiering"),
        "waiting": gettext("wachtlijst"),
    }
    return names[part]


def note(code: str) -> str:
    """What could not be known."""
    notes = {
        "no_index_figures": gettext("Een indexcijfer ontbreekt: de lumpsum is hier niet geïndexeerd."),
        "no_counts": gettext("Er is geen aantal beschikkingen bekend: er is geen volumebijstelling gerekend."),
        "no_own_cost": gettext("Er zijn geen eigen kosten geboekt; er is niets voor gerekend."),
        "no_complete_month": gettext("Er is nog geen hele maand voorbij: eigen kosten zijn wat er is geboekt."),
    }
    return notes[code]


def chance(share: float | None) -> str:
    """A chance in words: "1 op 5"."""
    if share is None:
        return gettext("niet te bepalen")
    many, of = odds(share)
    if of == 1:
        return gettext("vrijwel zeker") if many else gettext("vrijwel nihil")
    return gettext("%(many)s op %(of)s", many=many, of=of)


def margin(ten_thousandths: int) -> str:
    """A margin with one decimal."""
    return percent(decimal_places(Fraction(ten_thousandths, 10_000), 1), 1)


def refused(refusal: Refusal) -> str:
    """Why something cannot be, and what to do."""
    return gettext(refusal.text, **refusal.values)


def result(cents: int) -> str:
    """A result: what is left, or what is short."""
    amount = euro_short(Cents(abs(cents)))
    return gettext("een tekort van **%(sum)s**", sum=amount) if cents < 0 else gettext("**%(sum)s** over", sum=amount)
