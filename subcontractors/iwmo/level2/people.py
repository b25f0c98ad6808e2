"""Level 2 on persons: client, relations and their addresses. Each function is the rule of its name.

A function gets a class at its place and the message around it, and yields what breaks the rule. On which classes of
which messages a rule stands, and what it tells people, is in the register.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from subcontractors.iwmo.content import valid_bsn, years_before
from subcontractors.iwmo.level2.view import Place, Spot, Subject

OLDEST = 120
"""TR002: how many years before the Dagtekening a person may be born."""

UNKNOWN_DAY = date(1900, 1, 1)
"""IV009: how a wholly unknown day of birth is written."""

_DUTCH_POSTCODE = re.compile(r"[1-9][0-9]{3} ?[A-Za-z]{2}")
_INTERPRETER = "1"
_TEMPORARY = "04"
_REGISTERED_OR_STAY = ("01", "03")
_LASTING = ("01", "02", "03")
_DUTCH = "NL"


def cs002(place: Place, _subject: Subject) -> Iterator[Spot]:
    """The BSN passes the 11-test."""
    if not valid_bsn(place.get("Bsn")):
        yield place.spot("Bsn")


def cs139(place: Place, _subject: Subject) -> Iterator[Spot]:
    """DatumGebruik and the day of birth agree: what is unknown is written as 1."""
    born, use = place.day("Geboortedatum/Datum"), place.get("Geboortedatum/DatumGebruik")
    if born is None:
        return
    wrong = {
        "1": born.day != 1,
        "2": (born.month, born.day) != (1, 1),
        "3": born != UNKNOWN_DAY,
    }
    if wrong.get(use, False):
        yield place.spot("Geboortedatum/DatumGebruik")


def tr002(place: Place, subject: Subject) -> Iterator[Spot]:
    """Nobody is older than 120 years, unless the day of birth is unknown."""
    born = place.day("Geboortedatum/Datum")
    unknown = born == UNKNOWN_DAY and place.get("Geboortedatum/DatumGebruik") == "3"
    if born is not None and not unknown and born < years_before(subject.dated, OLDEST):
        yield place.spot("Geboortedatum/Datum")


def cs050(place: Place, _subject: Subject) -> Iterator[Spot]:
    """NaamGebruik fits whether there is a partner's name."""
    allowed = ("1", "2", "3", "4") if place.has("Naam/Partnernaam") else ("1", "6")
    if place.get("Naam/NaamGebruik") not in allowed:
        yield place.spot("Naam/NaamGebruik")


def cs318(place: Place, _subject: Subject) -> Iterator[Spot]:
    """A client is a natural person."""
    if place.get("Naam/NaamGebruik") == "6":
        yield place.spot("Naam/NaamGebruik")


def cd007(place: Place, _subject: Subject) -> Iterator[Spot]:
    """A language is told exactly when an interpreter is needed."""
    if place.has("Communicatie/Taal") != (place.get("Communicatie/Vorm") == _INTERPRETER):
        yield place.spot("Communicatie/Taal")


def cd005(place: Place, _subject: Subject) -> Iterator[Spot]:
    """A country is told exactly when there is a postcode."""
    if place.has("Adres/LandCode") != place.has("Adres/Postcode"):
        yield place.spot("Adres/LandCode")


def cd025(place: Place, _subject: Subject) -> Iterator[Spot]:
    """An address in the Netherlands has a house number."""
    if place.get("Adres/LandCode") == _DUTCH and not place.has("Adres/Huis"):
        yield place.spot("Adres/Huis")


def cd034(place: Place, _subject: Subject) -> Iterator[Spot]:
    """A registered address or address of stay has a postcode; a contact without any address has nothing to lack."""
    address = place.has("Adres") and not place.has("Adres/Postcode")
    if address and place.get("Soort") in _REGISTERED_OR_STAY:
        yield place.spot("Adres/Postcode")


def cs089(place: Place, _subject: Subject) -> Iterator[Spot]:
    """A postcode in the Netherlands has four digits and two letters."""
    postcode = place.get("Adres/Postcode")
    if postcode and place.get("Adres/LandCode") == _DUTCH and not _DUTCH_POSTCODE.fullmatch(postcode):
        yield place.spot("Adres/Postcode")


def cd009(place: Place, _subject: Subject) -> Iterator[Spot]:
    """Only a temporary address has a period."""
    if place.has("Periode") and place.get("Soort") != _TEMPORARY:
        yield place.spot("Periode")


def tr006(place: Place, _subject: Subject) -> Iterator[Spot]:
    """A contact can be reached: by telephone, or by house and postcode."""
    if not place.has("Telefoon") and not (place.has("Adres/Huis") and place.has("Adres/Postcode")):
        yield place.spot()


def tr061(place: Place, _subject: Subject) -> Iterator[Spot]:
    """A client has at least one address that is not temporary."""
    if not any(contact.get("Soort") in _LASTING for contact in place.record.named("Contact")):
        yield place.spot("Contactgegevens")
