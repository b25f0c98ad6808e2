"""Between messages as records and the plain values that the rules judge."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from lead_contractor.allocation.model import number_key
from lead_contractor.kernel.money import Cents
from subcontractors.chain.model import Allotted, Asked, AskedProduct, Envelope, Product, Reply, Request, Size
from subcontractors.declarations.incoming import Incoming
from subcontractors.iwmo.document import TOP, Document, Record
from subcontractors.iwmo.messages import MESSAGES, WMO301, WMO319
from subcontractors.iwmo.model import StartReport, StopReport
from subcontractors.iwmo.simple import day_from, number_from

ASKED = {
    "AangevraagdProduct": Asked.REQUESTED,
    "OngewijzigdProduct": Asked.UNCHANGED,
    "TeWijzigenProduct": Asked.CHANGED,
    "NieuwProduct": Asked.NEW,
}
"""The records of a request by the part in which they stand."""

CLASS_OF = {asked: name for name, asked in ASKED.items()}


@dataclass(frozen=True, slots=True)
class Card:
    """What a WMO301 tells of a client beside the BSN. ``number`` is the house number, ``phone`` a Dutch one.

    An address is house number and postcode; without them a phone number has to be there (TR006).
    """

    birth_date: date
    sex: str
    surname: str
    prefix: str = ""
    first_names: str = ""
    initials: str = ""
    birth_date_use: str = ""
    street: str = ""
    house_number: str = ""
    house_letter: str = ""
    postcode: str = ""
    town: str = ""
    phone: str = ""

    @property
    def complete(self) -> bool:
        """Whether a WMO301 can be made of it."""
        return bool((self.house_number and self.postcode) or self.phone)


def envelope_of(document: Document) -> Envelope:
    """The header of a message that was read without faults of structure.

    Raises:
        ValueError: it was not.
    """
    if document.message is None or document.root is None:
        raise ValueError("the message could not be read")
    values = document.root
    return Envelope(
        document.message.number,
        values.get("Header/Afzender"),
        values.get("Header/Ontvanger"),
        values.get("Header/BerichtIdentificatie/Identificatie"),
        day_from(values.get("Header/BerichtIdentificatie/Dagtekening")),
        (values.get("Header/XsdVersie/BasisschemaXsdVersie"), values.get("Header/XsdVersie/BerichtXsdVersie")),
    )


def receiver_of(came: Incoming) -> str:
    """The municipality code in the header of a message from a subcontractor; empty where it could not be read."""
    if came.declaration is not None:
        return came.declaration.receiver
    if came.starts or came.stops:
        return came.starts[0].receiver if came.starts else came.stops[0].receiver
    if came.document is not None and came.document.root is not None:
        envelope = envelope_of(came.document)
        return envelope.sender if envelope.kind in ("302", "320") else envelope.receiver
    return ""


def allocation_starts(came: Incoming) -> list[date]:
    """The days on which allocations begin, as a start, stop or request names them (ToewijzingIngangsdatum)."""
    reports: tuple[StartReport | StopReport, ...] = (*came.starts, *came.stops)
    if reports:
        return [one.allocation_start for one in reports if one.allocation_start is not None]
    root = came.document.root if came.document is not None else None
    asked = root.named("AangevraagdProduct") if root is not None else ()
    return [day_from(one.get("ToewijzingIngangsdatum")) for one in asked]


def moment_from(day: str, time: str) -> str:
    """Toewijzingsdatum and Toewijzingstijd as one text: a later moment is a greater text (IV013).

    White space and the zeros at the end of a fraction of a second say nothing; what is left of the fraction counts.
    """
    whole, _, fraction = time.strip().partition(".")
    fraction = fraction.rstrip("0")
    return f"{day_from(day)}T{whole}.{fraction}" if fraction else f"{day_from(day)}T{whole}"


def product_of(record: Record) -> Product:
    """Category and code, as far as they are there."""
    return Product(record.get("Product/Categorie"), record.get("Product/Code"))


def _size_of(record: Record) -> Size | None:
    if not record.has("Omvang"):
        return None
    return Size(number_from(record.get("Omvang/Volume")), record.get("Omvang/Eenheid"), record.get("Omvang/Frequentie"))


def _budget_of(record: Record) -> Cents | None:
    return Cents(number_from(record.get("Budget"))) if record.has("Budget") else None


def _day_of(record: Record, *names: str) -> date | None:
    return next((day_from(record.get(name)) for name in names if record.has(name)), None)


def _number_of(record: Record) -> str:
    found = record.get("ToewijzingNummer")
    return number_key(str(number_from(found))) if found else ""


def request_of(document: Document, client_of: Callable[[str], int]) -> Request:
    """The request in a WMO315 or WMO317; ``client_of`` gives the number of a client by BSN.

    Raises:
        ValueError: the message could not be read.
    """
    envelope, root = envelope_of(document), document.root
    assert root is not None
    return Request(
        kind=envelope.kind,
        sender=envelope.sender,
        client=client_of(root.get("Client/Bsn")),
        dated=envelope.dated,
        products=tuple(_asked(record) for record in root.records if record.name in ASKED),
        reference=root.get("Client/Verzoek/ReferentieAanbieder"),
        reason=root.get("Client/Verzoek/RedenVerzoek"),
    )


def _asked(record: Record) -> AskedProduct:
    return AskedProduct(
        asked=ASKED[record.name],
        number=_number_of(record),
        product=product_of(record),
        start=_day_of(record, "ToewijzingIngangsdatum", "GewensteIngangsdatum"),
        end=_day_of(record, "ToewijzingEinddatum", "Einddatum"),
        size=_size_of(record),
        budget=_budget_of(record),
        reference=record.get("ReferentieAanbieder"),
        comment=record.get("Commentaar"),
    )


def card_of(document: Document) -> Card | None:
    """What a WMO315 tells of its client; a WMO317 tells nothing."""
    root = document.root
    if root is None or not root.has("Client/Geboortedatum"):
        return None
    name = "Client/Naam/Geslachtsnaam"
    return Card(
        birth_date=day_from(root.get("Client/Geboortedatum/Datum")),
        sex=root.get("Client/Geslacht"),
        surname=root.get(f"{name}/Achternaam"),
        prefix=root.get(f"{name}/Voorvoegsel"),
        first_names=root.get("Client/Naam/Voornamen"),
        initials=root.get("Client/Naam/Voorletters"),
        birth_date_use=root.get("Client/Geboortedatum/DatumGebruik"),
    )


def allotted_of(document: Document) -> tuple[Allotted, ...]:
    """The products in a WMO301."""
    root = document.root
    if root is None:
        return ()
    return tuple(_allotted(record) for record in root.named("ToegewezenProduct"))


def _allotted(record: Record) -> Allotted:
    start = _day_of(record, "Ingangsdatum")
    assert start is not None
    return Allotted(
        number=_number_of(record),
        product=product_of(record),
        decided=moment_from(record.get("Toewijzingsdatum"), record.get("Toewijzingstijd")),
        start=start,
        end=_day_of(record, "Einddatum"),
        size=_size_of(record),
        budget=_budget_of(record),
        reason_change=record.get("RedenWijziging"),
        reference=record.get("ReferentieAanbieder"),
        comment=record.get("Commentaar"),
    )


def reply_of(document: Document) -> Reply:
    """The answer in a WMO319.

    Raises:
        ValueError: the message could not be read.
    """
    envelope_of(document)
    root = document.root
    assert root is not None
    place = "Antwoord"
    return Reply(
        root.get(f"{place}/ReferentieAanbieder"),
        root.get(f"{place}/VerzoekAntwoord"),
        root.get(f"{place}/RedenAfwijzingVerzoek"),
    )


def _given(pairs: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in pairs.items() if value}


def _header(envelope: Envelope) -> dict[str, str]:
    return {
        "Header/BerichtCode": MESSAGES[envelope.kind].code,
        "Header/BerichtVersie": "3",
        "Header/BerichtSubversie": "2",
        "Header/Afzender": envelope.sender,
        "Header/Ontvanger": envelope.receiver,
        "Header/BerichtIdentificatie/Identificatie": envelope.identification,
        "Header/BerichtIdentificatie/Dagtekening": str(envelope.dated),
        "Header/XsdVersie/BasisschemaXsdVersie": envelope.xsd_versions[0],
        "Header/XsdVersie/BerichtXsdVersie": envelope.xsd_versions[1],
    }


def allocation_message(envelope: Envelope, bsn: str, card: Card, allotted: tuple[Allotted, ...]) -> Document:
    """A WMO301 with these products, in this order.

    Raises:
        ValueError: the card is not complete.
    """
    if not card.complete:
        raise ValueError("a WMO301 needs an address or a phone number")
    values = _header(envelope) | _client(bsn, card)
    contact = Record("Contact", _contact(card))
    products = (Record("ToegewezenProduct", _product(one)) for one in allotted)
    return Document(WMO301, Record(TOP, values, (contact, *products)))


def _client(bsn: str, card: Card) -> dict[str, str]:
    return _given(
        {
            "Client/Bsn": bsn,
            "Client/Geboortedatum/Datum": str(card.birth_date),
            "Client/Geboortedatum/DatumGebruik": card.birth_date_use,
            "Client/Geslacht": card.sex,
            "Client/Naam/Geslachtsnaam/Achternaam": card.surname,
            "Client/Naam/Geslachtsnaam/Voorvoegsel": card.prefix,
            "Client/Naam/Voornamen": card.first_names,
            "Client/Naam/Voorletters": card.initials,
            "Client/Naam/NaamGebruik": "1",
        }
    )


def _contact(card: Card) -> dict[str, str]:
    """The home address, else the phone number as the way to reach the client."""
    if not (card.house_number and card.postcode):
        return {"Soort": "02", **_phone(card)}
    return {
        "Soort": "01",
        **_given(
            {
                "Adres/Huis/Huisnummer": card.house_number,
                "Adres/Huis/Huisletter": card.house_letter,
                "Adres/Postcode": card.postcode,
                "Adres/Straatnaam": card.street[:24],
                "Adres/Plaatsnaam": card.town,
                "Adres/LandCode": "NL",
            }
        ),
        **(_phone(card) if card.phone else {}),
    }


def _phone(card: Card) -> dict[str, str]:
    return {"Telefoon/Telefoon01/Telefoonnummer": card.phone, "Telefoon/Telefoon01/Landnummer": "0031"}


def _product(one: Allotted) -> dict[str, str]:
    size = one.size
    return _given(
        {
            "ToewijzingNummer": one.number,
            "ReferentieAanbieder": one.reference,
            "Product/Categorie": one.product.category,
            "Product/Code": one.product.code,
            "Toewijzingsdatum": one.decided[:10],
            "Toewijzingstijd": one.decided[11:],
            "Ingangsdatum": str(one.start),
            "Einddatum": str(one.end) if one.end else "",
            "RedenWijziging": one.reason_change,
            "Omvang/Volume": str(size.volume) if size else "",
            "Omvang/Eenheid": size.unit if size else "",
            "Omvang/Frequentie": size.frequency if size else "",
            "Budget": "" if one.budget is None else str(int(one.budget)),
            "Commentaar": one.comment,
        }
    )


def reply_message(envelope: Envelope, reply: Reply) -> Document:
    """A WMO319 with one answer."""
    values = _header(envelope) | _given(
        {
            "Antwoord/ReferentieAanbieder": reply.reference,
            "Antwoord/VerzoekAntwoord": reply.answer,
            "Antwoord/RedenAfwijzingVerzoek": reply.reason,
        }
    )
    return Document(WMO319, Record(TOP, values))


def texts_of(record: Record) -> Iterator[str]:
    """All that a record says, in the order of the document: equal content gives equal texts."""
    yield record.name
    for key in sorted(record.values):
        yield f"{key}={record.values[key]}"
    for part in record.records:
        yield from texts_of(part)
