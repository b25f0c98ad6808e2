"""The messages of iWmo 3.2, declared once: elements, order, cardinality and logical keys.

Only facts of the standard stand here; reading, the check of level 1, writing and the rule against double keys are
all driven by these declarations. ``more`` is what every class has beside its own content in a return message.
"""

from __future__ import annotations

from subcontractors.iwmo import composites as c
from subcontractors.iwmo import types as t
from subcontractors.iwmo.composites import header, listed
from subcontractors.iwmo.simple import Text
from subcontractors.iwmo.structure import Composite, Element, Message, optional, repeated

_TO_MUNICIPALITY = (t.AGB, t.MUNICIPALITY)
_TO_PROVIDER = (t.MUNICIPALITY, t.AGB)
_PERSON = (
    Element("Bsn", t.BSN),
    Element("Geboortedatum", c.BIRTH_DATE),
    Element("Geslacht", t.SEX),
)


def _client(*elements: Element) -> Composite:
    return Composite("Client", elements, key=("Bsn",))


def _contact(*more: Element) -> Composite:
    elements = (
        Element("Soort", t.ADDRESS_KIND),
        optional("Adres", c.ADDRESS),
        optional("Organisatie", t.ORGANISATION),
        optional("Telefoon", c.PHONES),
        optional("Emailadres", t.EMAIL),
        optional("Periode", c.OPEN_PERIOD),
        *more,
    )
    return Composite("Contact", elements, key=("Soort",))


def _relations(*more: Element) -> Element:
    elements = (
        Element("Nummer", t.PERSON_ID),
        optional("Volgorde", t.ORDER),
        Element("Soort", t.RELATION),
        optional("Geboortedatum", c.BIRTH_DATE),
        optional("Geslacht", t.SEX),
        Element("Naam", c.FULL_NAME),
        Element("Contact", _contact(*more)),
        *more,
    )
    return _maybe(listed("Relaties", "Relatie", *elements, key=("Nummer",)))


def _maybe(element: Element) -> Element:
    return optional(element.name, element.type)


def _allocated(*more: Element) -> Composite:
    products = listed(
        "ToegewezenProducten",
        "ToegewezenProduct",
        Element("ToewijzingNummer", t.NUMBER),
        optional("ReferentieAanbieder", t.PROVIDER_REFERENCE),
        optional("Product", c.PRODUCT),
        Element("Toewijzingsdatum", t.DAY),
        Element("Toewijzingstijd", t.TIME),
        Element("Ingangsdatum", t.DAY),
        optional("Einddatum", t.DAY),
        optional("RedenWijziging", t.CHANGE_REASON),
        optional("Omvang", c.EXTENT),
        optional("Budget", t.BUDGET),
        optional("Commentaar", t.COMMENT),
        *more,
        key=("ToewijzingNummer",),
    )
    return _client(
        *_PERSON,
        Element("Naam", c.FULL_NAME),
        optional("Communicatie", c.COMMUNICATION),
        optional("JuridischeStatus", t.LEGAL_STATUS),
        optional("WettelijkeVertegenwoordiging", t.REPRESENTATION),
        optional("Commentaar", t.COMMENT),
        _relations(*more),
        Element("Contactgegevens", Composite("Contactgegevens", (repeated("Contact", _contact(*more)),))),
        products,
        *more,
    )


_START_KEY = ("ToewijzingNummer", "Product", "Begindatum")
_DELIVERY = (
    optional("ToewijzingNummer", t.NUMBER),
    optional("Product", c.PRODUCT),
    optional("ToewijzingIngangsdatum", t.DAY),
    Element("Begindatum", t.DAY),
)


def _started(*more: Element) -> Composite:
    starts = listed(
        "StartProducten",
        "StartProduct",
        *_DELIVERY,
        Element("StatusAanlevering", t.STATUS),
        *more,
        key=_START_KEY,
    )
    return _client(*_PERSON, Element("Naam", c.SHORT_NAME), starts, *more)


def _stopped(*more: Element) -> Composite:
    stops = listed(
        "StopProducten",
        "StopProduct",
        *_DELIVERY,
        Element("RedenBeeindiging", t.STOP_REASON),
        Element("Einddatum", t.DAY),
        Element("StatusAanlevering", t.STATUS),
        *more,
        key=(*_START_KEY, "RedenBeeindiging", "Einddatum"),
    )
    return _client(*_PERSON, Element("Naam", c.SHORT_NAME), stops, *more)


def _requested(*more: Element) -> Composite:
    products = listed(
        "AangevraagdeProducten",
        "AangevraagdProduct",
        Element("ReferentieAanbieder", t.PROVIDER_REFERENCE),
        optional("BeschikkingNummer", t.NUMBER),
        optional("Product", c.PRODUCT),
        optional("BeschikkingIngangsdatum", t.DAY),
        Element("ToewijzingIngangsdatum", t.DAY),
        optional("ToewijzingEinddatum", t.DAY),
        optional("Omvang", c.EXTENT),
        optional("Budget", t.BUDGET),
        Element("Verwijzer", c.REFERRER),
        optional("Raamcontract", t.YES_NO),
        optional("Commentaar", t.COMMENT),
        *more,
        key=("ReferentieAanbieder",),
    )
    return _client(*_PERSON, Element("Naam", c.SHORT_NAME), optional("Commentaar", t.COMMENT), products, *more)


def _changed(*more: Element) -> Composite:
    number = Element("ToewijzingNummer", t.NUMBER)
    wanted = (
        Element("GewensteIngangsdatum", t.DAY),
        optional("Einddatum", t.DAY),
        optional("Omvang", c.EXTENT),
        optional("Budget", t.BUDGET),
        *more,
    )
    unchanged = listed("OngewijzigdeProducten", "OngewijzigdProduct", number, *more, key=("ToewijzingNummer",))
    changed = listed("TeWijzigenProducten", "TeWijzigenProduct", number, *wanted, key=("ToewijzingNummer",))
    new = listed(
        "NieuweProducten",
        "NieuwProduct",
        optional("Product", c.PRODUCT),
        *wanted,
        key=("Product", "GewensteIngangsdatum"),
    )
    elements = (
        Element("ReferentieAanbieder", t.PROVIDER_REFERENCE),
        Element("RedenVerzoek", t.REQUEST_REASON),
        _maybe(unchanged),
        _maybe(changed),
        _maybe(new),
        *more,
    )
    request = Composite("Verzoek", elements, key=("ReferentieAanbieder",))
    return _client(Element("Bsn", t.BSN), Element("Verzoek", request), *more)


def _answered(*more: Element) -> Composite:
    elements = (
        Element("ReferentieAanbieder", t.PROVIDER_REFERENCE),
        Element("VerzoekAntwoord", t.REQUEST_ANSWER),
        optional("RedenAfwijzingVerzoek", t.REFUSAL_REASON),
        *more,
    )
    return Composite("Antwoord", elements, key=("ReferentieAanbieder", "VerzoekAntwoord"))


def _performances(*more: Element) -> Element:
    lines = listed(
        "Prestaties",
        "Prestatie",
        Element("ProductReferentie", c.LINE_REFERENCE),
        Element("ToewijzingNummer", t.NUMBER),
        Element("ProductCategorie", t.CATEGORY),
        Element("ProductCode", t.PRODUCT_CODE),
        Element("ProductPeriode", c.PERIOD),
        Element("GeleverdVolume", t.VOLUME),
        Element("Eenheid", t.UNIT),
        optional("ProductTarief", t.AMOUNT),
        Element("IngediendBedrag", c.AMOUNT_DC),
        *more,
        key=("ProductReferentie",),
    )
    return listed("Clienten", "Client", Element("Bsn", t.BSN), lines, *more, key=("Bsn",))


_DECLARATION = Composite(
    "Declaratie",
    (
        Element("DeclaratieNummer", t.DECLARATION_ID),
        Element("DeclaratiePeriode", c.PERIOD),
        Element("DeclaratieDagtekening", t.DAY),
        Element("TotaalIngediendBedrag", c.TOTAL_DC),
        _performances(),
    ),
    key=("DeclaratieNummer",),
)
_DECLARATION_ANSWER = Composite(
    "DeclaratieAntwoord",
    (
        Element("DeclaratieNummer", t.DECLARATION_ID_ANSWERED),
        Element("TotaalIngediendBedrag", c.TOTAL_DC),
        Element("TotaalToegekendBedrag", c.TOTAL_DC),
        _maybe(_performances(*c.WITH_CODES)),
        *c.WITH_CODES,
    ),
    key=("DeclaratieNummer",),
)


def _outgoing(number: str, code: str, title: str, parties: tuple[Text, Text], body: Composite) -> Message:
    return Message(number, code, title, Composite("Root", (header(code, *parties), Element(body.name, body))))


def _return(number: str, code: str, title: str, parties: tuple[Text, Text], body: Composite) -> Message:
    head = header(code, *parties, *c.RETURN_HEADER)
    return Message(number, code, title, Composite("Root", (head, optional(body.name, body))))


WMO301 = _outgoing("301", "414", "toewijzing", _TO_PROVIDER, _allocated())
WMO302 = _return("302", "415", "toewijzing retour", _TO_PROVIDER, _allocated(*c.WITH_CODES))
WMO305 = _outgoing("305", "418", "startbericht", _TO_MUNICIPALITY, _started())
WMO306 = _return("306", "419", "startbericht retour", _TO_MUNICIPALITY, _started(*c.WITH_CODES))
WMO307 = _outgoing("307", "420", "stopbericht", _TO_MUNICIPALITY, _stopped())
WMO308 = _return("308", "421", "stopbericht retour", _TO_MUNICIPALITY, _stopped(*c.WITH_CODES))
WMO315 = _outgoing("315", "444", "verzoek om toewijzing", _TO_MUNICIPALITY, _requested())
WMO316 = _return("316", "445", "verzoek om toewijzing retour", _TO_MUNICIPALITY, _requested(*c.WITH_CODES))
WMO317 = _outgoing("317", "480", "verzoek om wijziging", _TO_MUNICIPALITY, _changed())
WMO318 = _return("318", "481", "verzoek om wijziging retour", _TO_MUNICIPALITY, _changed(*c.WITH_CODES))
WMO319 = _outgoing("319", "482", "antwoord op verzoek", _TO_PROVIDER, _answered())
WMO320 = _return("320", "483", "antwoord op verzoek retour", _TO_PROVIDER, _answered(*c.WITH_CODES))
WMO323 = _outgoing("323", "484", "declaratie", _TO_MUNICIPALITY, _DECLARATION)
WMO325 = Message(
    "325",
    "485",
    "declaratie-antwoord",
    Composite(
        "Root",
        (header("485", *_TO_PROVIDER, *c.ANSWER_HEADER), optional("DeclaratieAntwoord", _DECLARATION_ANSWER)),
    ),
)

ALL = (
    *(WMO301, WMO302, WMO305, WMO306, WMO307, WMO308, WMO315),
    *(WMO316, WMO317, WMO318, WMO319, WMO320, WMO323, WMO325),
)
"""Every message of the chain."""

MESSAGES = {message.number: message for message in ALL}
"""Every message by its number."""

RETURNS = {WMO301: WMO302, WMO305: WMO306, WMO307: WMO308, WMO315: WMO316, WMO317: WMO318, WMO319: WMO320}
"""The return message (IV028) by the message it answers; a WMO323 is answered by a WMO325 instead."""

RECEIVED = (WMO323, WMO305, WMO307)
"""The messages that become a declaration, starts or stops when a subcontractor uploads them."""
