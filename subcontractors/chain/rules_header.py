"""The rules of a header, the same for every message: who writes, under which name, dated when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from subcontractors.chain.municipalities import is_municipality
from subcontractors.chain.rules import Rule


@dataclass(frozen=True, slots=True)
class HeaderFacts:
    """A header, seen on the day ``today`` (of the system that judges).

    ``municipality`` is the code in it, ``valid_on`` the day on which that has to be valid: the Ingangsdatum of an
    allocation or request, else the Dagtekening. ``used_before``: this sender used the Identificatie before for this
    kind of message. ``agreed`` is a code that both sides take for good, list or no list.
    """

    dated: date
    today: date
    municipality: str
    valid_on: date
    used_before: bool = False
    agreed: str = ""


def tr056(facts: HeaderFacts) -> bool:
    """Identificatie is unique per kind of message and sender."""
    return facts.used_before


def tr135(facts: HeaderFacts) -> bool:
    """The Dagtekening does not lie in the future."""
    return facts.dated > facts.today


def tr378(facts: HeaderFacts) -> bool:
    """The municipality code is one of CBS, on the day that counts; an older list may be used as long as it held."""
    return facts.municipality != facts.agreed and not is_municipality(facts.municipality, facts.valid_on)


RULES: tuple[Rule[HeaderFacts], ...] = (
    Rule("TR056", "9056", tr056),
    Rule("TR135", "8848", tr135),
    Rule("TR378", "S300", tr378),
)
"""The rules of the header of a WMO301, 305, 307, 315, 317, 319, 323 and 325."""
