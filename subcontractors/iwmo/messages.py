"""The messages of iWmo 3.2 that Hoofdsom knows, declared once: types, elements, order and cardinality.

Only facts of the standard stand here. Another message is another declaration: nothing else has to change to
check and write it. Received are the messages in :data:`RECEIVED`.
"""

from __future__ import annotations

from subcontractors.iwmo.codes import RETURN_CODES
from subcontractors.iwmo.simple import Day, Text, Whole
from subcontractors.iwmo.structure import Composite, Element, Message, optional, repeated

# XML Schema's "." matches no line end and its "\s" only these four, unlike Python's
_NOT_BLANK = r"[^\n\r]*[^ \t\n\r][^\n\r]*"

AGB = Text("LDT_AgbCode", "een AGB-code van 8 cijfers", 1, 8, "[0-9]{8}", digits=8, rule="RS036")
MUNICIPALITY = Text("LDT_Gemeente", "een gemeentecode van 4 cijfers", 1, None, "[0-9]{4}", digits=4, rule="RS035")
BSN = Text("LDT_BurgerServicenummer", "een BSN van 9 cijfers", 1, 9, "[0-9]{9}", digits=9, rule="RS037", private=True)
DAY = Day()
BIRTH_DAY = Day(private=True)
AMOUNT = Whole("LDT_Bedrag", 99_999_999, rule="RS005")
TOTAL = Whole("LDT_TotaalBedrag", 999_999_999_999, rule="RS040")
VOLUME = Whole("LDT_Volume", 99_999_999, rule="RS005")
NUMBER = Whole("LDT_Nummer", 999_999_999, rule="RS006")
DEBIT_CREDIT = Text("LDT_DebetCredit", "D of C", values=("C", "D"))
UNIT = Text("LDT_Eenheid", "een eenheid", values=("01", "04", "14", "16", "82", "83", "84"))
CATEGORY = Text("LDT_ProductCategorie", "een productcategorie", values=tuple(f"{n:02d}" for n in range(1, 19)))
PRODUCT_CODE = Text("LDT_ProductCode", "een productcode van 1 tot en met 5 tekens", 1, 5, _NOT_BLANK, rule="RS012")
REFERENCE = Text("LDT_ReferentieNummer", "een referentie van 1 tot en met 20 tekens", 1, 20, rule="RS019")
MESSAGE_ID = Text("LDT_IdentificatieBericht", "een kenmerk van 1 tot en met 12 tekens", 1, 12, _NOT_BLANK, rule="RS017")
DECLARATION_ID = Text(
    "LDT_IdentificatieDeclaratie", "1 tot en met 12 letters en cijfers", 1, 12, "[a-zA-Z0-9]+", rule="CS319"
)
DECLARATION_ID_ANSWERED = Text(
    "LDT_IdentificatieDeclaratie", "een nummer van 1 tot en met 12 tekens", 1, 12, rule="RS017"
)
VERSION = Text(
    "LDT_Versie",
    "een versie als 1.0.0",
    1,
    None,
    r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)",
    rule="RS048",
)
STATUS = Text("LDT_StatusAanlevering", "een status", values=("1", "2", "3", "9"), rule="RS008")
STOP_REASON = Text(
    "LDT_RedenBeeindiging",
    "een reden",
    values=("02", "19", "20", "21", "22", "23", "31", "36", "37", "38", "39"),
)
SEX = Text("LDT_Geslacht", "een geslacht", values=("0", "1", "2"))
DATE_USE = Text("LDT_DatumGebruik", "een datumgebruik", values=("1", "2", "3"))
NAME = Text("LDT_Naam", "een naam van 1 tot en met 200 tekens", 1, 200, _NOT_BLANK, private=True)
NAME_PREFIX = Text("LDT_Voorvoegsel", "een voorvoegsel van 1 tot en met 10 tekens", 1, 10, _NOT_BLANK, private=True)
INITIALS = Text("LDT_Voorletters", "1 tot en met 6 letters", 1, 6, "[a-zA-ZÀ-ỳ]+", private=True)
RETURN_CODE = Text("LDT_RetourCode", "een retourcode", values=RETURN_CODES)


def _shared(name: str, *elements: Element) -> Composite:
    return Composite(name, elements, shared=True)


IDENTIFICATION = _shared("CDT_BerichtIdentificatie", Element("Identificatie", MESSAGE_ID), Element("Dagtekening", DAY))
XSD_VERSION = _shared("CDT_XsdVersie", Element("BasisschemaXsdVersie", VERSION), Element("BerichtXsdVersie", VERSION))
PERIOD = _shared("CDT_GeslotenPeriode", Element("Begindatum", DAY), Element("Einddatum", DAY))
AMOUNT_DC = _shared("CDT_BedragMetDC", Element("Bedrag", AMOUNT), Element("DebetCredit", DEBIT_CREDIT))
TOTAL_DC = _shared("CDT_TotaalBedragMetDC", Element("TotaalBedrag", TOTAL), Element("DebetCredit", DEBIT_CREDIT))
LINE_REFERENCE = _shared(
    "CDT_Referentie", Element("ReferentieNummer", REFERENCE), optional("VorigReferentieNummer", REFERENCE)
)
PRODUCT = _shared("CDT_Product", Element("Categorie", CATEGORY), optional("Code", PRODUCT_CODE))
BIRTH_DATE = _shared("CDT_Geboortedatum", Element("Datum", BIRTH_DAY), optional("DatumGebruik", DATE_USE))
SURNAME = _shared("CDT_Achternaam", Element("Achternaam", NAME), optional("Voorvoegsel", NAME_PREFIX))
SHORT_NAME = _shared(
    "CDT_VerkorteNaam",
    Element("Geslachtsnaam", SURNAME),
    optional("Voornamen", NAME),
    optional("Voorletters", INITIALS),
)
RETURNED = Composite("RetourCodes", (repeated("RetourCode", RETURN_CODE),))


def _header(code: str, sender: Text, receiver: Text, *more: Element) -> Element:
    return Element(
        "Header",
        Composite(
            "Header",
            (
                Element("BerichtCode", Text("LDT_BerichtCode", f"berichtcode {code}", 1, 3, code, rule="RS047")),
                Element("BerichtVersie", Whole("LDT_BerichtVersie", 99, written="3", rule="CS025")),
                Element("BerichtSubversie", Whole("LDT_BerichtSubversie", 99, written="2", rule="CS015")),
                Element("Afzender", sender),
                Element("Ontvanger", receiver),
                Element("BerichtIdentificatie", IDENTIFICATION),
                Element("XsdVersie", XSD_VERSION),
                *more,
            ),
        ),
    )


_RETURN_HEADER = (
    Element("IdentificatieRetour", MESSAGE_ID),
    Element("DagtekeningRetour", DAY),
    optional("XsltVersie", VERSION),
    Element("XsdVersieRetour", XSD_VERSION),
    optional("RetourCodes", RETURNED),
)
_ANSWER_HEADER = (
    Element("DeclaratieIdentificatie", IDENTIFICATION),
    optional("XsltVersie", VERSION),
    Element("XsdVersieDeclaratie", XSD_VERSION),
    Element("RetourCodes", RETURNED),
)
_WITH_CODES = (Element("RetourCodes", RETURNED),)
_PERFORMANCE = (
    Element("ProductReferentie", LINE_REFERENCE),
    Element("ToewijzingNummer", NUMBER),
    Element("ProductCategorie", CATEGORY),
    Element("ProductCode", PRODUCT_CODE),
    Element("ProductPeriode", PERIOD),
    Element("GeleverdVolume", VOLUME),
    Element("Eenheid", UNIT),
    optional("ProductTarief", AMOUNT),
    Element("IngediendBedrag", AMOUNT_DC),
)
_START = (
    optional("ToewijzingNummer", NUMBER),
    optional("Product", PRODUCT),
    optional("ToewijzingIngangsdatum", DAY),
    Element("Begindatum", DAY),
    Element("StatusAanlevering", STATUS),
)
_STOP = (
    *_START[:-1],
    Element("RedenBeeindiging", STOP_REASON),
    Element("Einddatum", DAY),
    Element("StatusAanlevering", STATUS),
)


def _list(plural: str, singular: str, *elements: Element) -> Element:
    return Element(plural, Composite(plural, (repeated(singular, Composite(singular, elements)),)))


def _clients(*after: Element) -> Element:
    lines = _list("Prestaties", "Prestatie", *_PERFORMANCE, *after)
    return _list("Clienten", "Client", Element("Bsn", BSN), lines, *after)


def _person(products: Element, *after: Element) -> Composite:
    return Composite(
        "Client",
        (
            Element("Bsn", BSN),
            Element("Geboortedatum", BIRTH_DATE),
            Element("Geslacht", SEX),
            Element("Naam", SHORT_NAME),
            products,
            *after,
        ),
    )


_DECLARATION = Composite(
    "Declaratie",
    (
        Element("DeclaratieNummer", DECLARATION_ID),
        Element("DeclaratiePeriode", PERIOD),
        Element("DeclaratieDagtekening", DAY),
        Element("TotaalIngediendBedrag", TOTAL_DC),
        _clients(),
    ),
)
_ANSWERED = _clients(*_WITH_CODES)
_DECLARATION_ANSWER = Composite(
    "DeclaratieAntwoord",
    (
        Element("DeclaratieNummer", DECLARATION_ID_ANSWERED),
        Element("TotaalIngediendBedrag", TOTAL_DC),
        Element("TotaalToegekendBedrag", TOTAL_DC),
        Element(_ANSWERED.name, _ANSWERED.type, least=0),
        *_WITH_CODES,
    ),
)
_STARTS = _list("StartProducten", "StartProduct", *_START)
_STARTS_RETURNED = _list("StartProducten", "StartProduct", *_START, *_WITH_CODES)
_STOPS = _list("StopProducten", "StopProduct", *_STOP)
_STOPS_RETURNED = _list("StopProducten", "StopProduct", *_STOP, *_WITH_CODES)


def _message(number: str, code: str, title: str, header: Element, body: Element) -> Message:
    return Message(number, code, title, Composite("Root", (header, body)))


WMO305 = _message("305", "418", "startbericht", _header("418", AGB, MUNICIPALITY), Element("Client", _person(_STARTS)))
WMO306 = _message(
    "306",
    "419",
    "startbericht retour",
    _header("419", AGB, MUNICIPALITY, *_RETURN_HEADER),
    optional("Client", _person(_STARTS_RETURNED, *_WITH_CODES)),
)
WMO307 = _message("307", "420", "stopbericht", _header("420", AGB, MUNICIPALITY), Element("Client", _person(_STOPS)))
WMO308 = _message(
    "308",
    "421",
    "stopbericht retour",
    _header("421", AGB, MUNICIPALITY, *_RETURN_HEADER),
    optional("Client", _person(_STOPS_RETURNED, *_WITH_CODES)),
)
WMO323 = _message("323", "484", "declaratie", _header("484", AGB, MUNICIPALITY), Element("Declaratie", _DECLARATION))
WMO325 = _message(
    "325",
    "485",
    "declaratie-antwoord",
    _header("485", MUNICIPALITY, AGB, *_ANSWER_HEADER),
    optional("DeclaratieAntwoord", _DECLARATION_ANSWER),
)

MESSAGES = {message.number: message for message in (WMO305, WMO306, WMO307, WMO308, WMO323, WMO325)}
"""Every declared message by its number."""

RECEIVED = (WMO323, WMO305, WMO307)
"""The messages that a subcontractor sends to the lead contractor."""
