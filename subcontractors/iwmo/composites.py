"""The shared composites of iWmo 3.2 and the classes that several messages have in common, declared once."""

from __future__ import annotations

from subcontractors.iwmo import types as t
from subcontractors.iwmo.simple import Text, Whole
from subcontractors.iwmo.structure import Composite, Element, optional, repeated


def _shared(name: str, *elements: Element) -> Composite:
    return Composite(name, elements, shared=True)


IDENTIFICATION = _shared(
    "CDT_BerichtIdentificatie", Element("Identificatie", t.MESSAGE_ID), Element("Dagtekening", t.DAY)
)
XSD_VERSION = _shared(
    "CDT_XsdVersie", Element("BasisschemaXsdVersie", t.VERSION), Element("BerichtXsdVersie", t.VERSION)
)
PERIOD = _shared("CDT_GeslotenPeriode", Element("Begindatum", t.DAY), Element("Einddatum", t.DAY))
OPEN_PERIOD = _shared("CDT_OpenPeriode", optional("Begindatum", t.DAY), optional("Einddatum", t.DAY))
AMOUNT_DC = _shared("CDT_BedragMetDC", Element("Bedrag", t.AMOUNT), Element("DebetCredit", t.DEBIT_CREDIT))
TOTAL_DC = _shared("CDT_TotaalBedragMetDC", Element("TotaalBedrag", t.TOTAL), Element("DebetCredit", t.DEBIT_CREDIT))
LINE_REFERENCE = _shared(
    "CDT_Referentie", Element("ReferentieNummer", t.REFERENCE), optional("VorigReferentieNummer", t.REFERENCE)
)
PRODUCT = _shared("CDT_Product", Element("Categorie", t.CATEGORY), optional("Code", t.PRODUCT_CODE))
EXTENT = _shared(
    "CDT_Omvang", Element("Volume", t.VOLUME), Element("Eenheid", t.UNIT), Element("Frequentie", t.FREQUENCY)
)
BIRTH_DATE = _shared("CDT_Geboortedatum", Element("Datum", t.BIRTH_DAY), optional("DatumGebruik", t.DATE_USE))
SURNAME = _shared("CDT_Achternaam", Element("Achternaam", t.NAME), optional("Voorvoegsel", t.NAME_PREFIX))
SHORT_NAME = _shared(
    "CDT_VerkorteNaam",
    Element("Geslachtsnaam", SURNAME),
    optional("Voornamen", t.NAME),
    optional("Voorletters", t.INITIALS),
)
FULL_NAME = _shared(
    "CDT_VolledigeNaam",
    Element("Geslachtsnaam", SURNAME),
    optional("Partnernaam", SURNAME),
    optional("Voornamen", t.NAME),
    optional("Voorletters", t.INITIALS),
    Element("NaamGebruik", t.NAME_USE),
)
COMMUNICATION = _shared("CDT_Communicatie", Element("Vorm", t.SPOKEN_FORM), optional("Taal", t.LANGUAGE))
HOUSE = _shared(
    "CDT_Huis",
    Element("Huisnummer", t.HOUSE_NUMBER),
    optional("Huisletter", t.HOUSE_LETTER),
    optional("HuisnummerToevoeging", t.HOUSE_SUFFIX),
    optional("AanduidingWoonadres", t.HOUSE_MARK),
)
ADDRESS = _shared(
    "CDT_Adres",
    optional("Huis", HOUSE),
    optional("Postcode", t.POSTCODE),
    optional("Straatnaam", t.STREET),
    optional("Plaatsnaam", t.TOWN),
    optional("LandCode", t.COUNTRY),
)
PHONE = _shared("CDT_Telefoon", Element("Telefoonnummer", t.PHONE), Element("Landnummer", t.PHONE_COUNTRY))
PHONES = _shared("CDT_Telefoonnummers", Element("Telefoon01", PHONE), optional("Telefoon02", PHONE))
REFERRER = _shared(
    "CDT_Verwijzer",
    Element("Type", t.REFERRER),
    optional("Naam", t.REFERRER_NAME),
    optional("ZorgverlenerCode", t.AGB),
)
RETURNED = Composite("RetourCodes", (repeated("RetourCode", t.RETURN_CODE),))

WITH_CODES = (Element("RetourCodes", RETURNED),)
"""What a class has more in a return message."""

RETURN_HEADER = (
    Element("IdentificatieRetour", t.MESSAGE_ID),
    Element("DagtekeningRetour", t.DAY),
    optional("XsltVersie", t.VERSION),
    Element("XsdVersieRetour", XSD_VERSION),
    optional("RetourCodes", RETURNED),
)
"""What the header of a return message has more (IV028)."""

ANSWER_HEADER = (
    Element("DeclaratieIdentificatie", IDENTIFICATION),
    optional("XsltVersie", t.VERSION),
    Element("XsdVersieDeclaratie", XSD_VERSION),
    Element("RetourCodes", RETURNED),
)
"""What the header of the answer to a declaration has more (IV087)."""


def header(code: str, sender: Text, receiver: Text, *more: Element) -> Element:
    """The header of a message with this BerichtCode, from one kind of party to the other."""
    elements = (
        Element("BerichtCode", Text("LDT_BerichtCode", f"berichtcode {code}", 1, 3, code, rule="RS047")),
        Element("BerichtVersie", Whole("LDT_BerichtVersie", 99, written="3", rule="CS025")),
        Element("BerichtSubversie", Whole("LDT_BerichtSubversie", 99, written="2", rule="CS015")),
        Element("Afzender", sender),
        Element("Ontvanger", receiver),
        Element("BerichtIdentificatie", IDENTIFICATION),
        Element("XsdVersie", XSD_VERSION),
        *more,
    )
    return Element("Header", Composite("Header", elements))


def listed(plural: str, singular: str, *elements: Element, key: tuple[str, ...] = ()) -> Element:
    """A list of one class: ``Prestaties`` of ``Prestatie``; ``key`` is the logical key of the class."""
    part = Composite(singular, elements, key=key)
    return Element(plural, Composite(plural, (repeated(singular, part),)))
