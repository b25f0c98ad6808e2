"""One sound message of every kind, as records, and a way to change it; all BSNs are test numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from subcontractors.iwmo.document import Document, Record, read_document, write_document
from subcontractors.iwmo.messages import MESSAGES, RETURNS
from subcontractors.iwmo.returns import addresses, make_return
from tests.subcontractors.iwmo.examples import the_declaration, the_starts, the_stop

DATED = "2025-05-06"
DAY = date(2025, 5, 6)
MUNICIPALITY, PROVIDER = "1911", "41410001"


def header(number, **values):
    """The header of a message, dated 6 May 2025."""
    parties = (MUNICIPALITY, PROVIDER) if number in ("301", "319") else (PROVIDER, MUNICIPALITY)
    return {
        "Header/BerichtCode": MESSAGES[number].code,
        "Header/BerichtVersie": "3",
        "Header/BerichtSubversie": "2",
        "Header/Afzender": parties[0],
        "Header/Ontvanger": parties[1],
        "Header/BerichtIdentificatie/Identificatie": f"M{number}",
        "Header/BerichtIdentificatie/Dagtekening": DATED,
        "Header/XsdVersie/BasisschemaXsdVersie": "1.0.0",
        "Header/XsdVersie/BerichtXsdVersie": "1.0.0",
        **values,
    }


PERSON = {
    "Client/Bsn": "999900006",
    "Client/Geboortedatum/Datum": "1967-08-13",
    "Client/Geslacht": "1",
    "Client/Naam/Geslachtsnaam/Achternaam": "Berg",
}
EXTENT = {"Omvang/Volume": "10", "Omvang/Eenheid": "04", "Omvang/Frequentie": "4"}
ADDRESS = {
    "Adres/Huis/Huisnummer": "12",
    "Adres/Postcode": "1761 AB",
    "Adres/LandCode": "NL",
}


def a_relation(number="1", **values):
    """A partner with a telephone."""
    return Record(
        "Relatie",
        {
            "Nummer": number,
            "Soort": "12",
            "Geboortedatum/Datum": "1970-01-01",
            "Geboortedatum/DatumGebruik": "2",
            "Naam/Geslachtsnaam/Achternaam": "Dam",
            "Naam/NaamGebruik": "1",
            "Contact/Soort": "02",
            "Contact/Telefoon/Telefoon01/Telefoonnummer": "0612345678",
            "Contact/Telefoon/Telefoon01/Landnummer": "0031",
            **values,
        },
    )


def a_contact(kind="01", **values):
    """An address in Noord-Holland."""
    return Record("Contact", {"Soort": kind, **ADDRESS, **values})


def an_allocation(number="101", **values):
    """Ten hours of help a month in the first half of 2025."""
    return Record(
        "ToegewezenProduct",
        {
            "ToewijzingNummer": number,
            "Product/Categorie": "01",
            "Product/Code": "01A03",
            "Toewijzingsdatum": "2025-05-01",
            "Toewijzingstijd": "12:34:56",
            "Ingangsdatum": "2025-01-01",
            "Einddatum": "2025-06-30",
            **EXTENT,
            **values,
        },
    )


def a_request(reference="V1", **values):
    """Ten hours of help a month from June."""
    return Record(
        "AangevraagdProduct",
        {
            "ReferentieAanbieder": reference,
            "Product/Categorie": "01",
            "Product/Code": "01A03",
            "ToewijzingIngangsdatum": "2025-06-01",
            "ToewijzingEinddatum": "2025-12-31",
            **EXTENT,
            "Verwijzer/Type": "02",
            "Verwijzer/Naam": "Huisarts",
            **values,
        },
    )


def unchanged(number="101"):
    """A product that stays as it is."""
    return Record("OngewijzigdProduct", {"ToewijzingNummer": number})


def to_change(number="102", **values):
    """More hours from June."""
    return Record(
        "TeWijzigenProduct",
        {
            "ToewijzingNummer": number,
            "GewensteIngangsdatum": "2025-06-01",
            "Einddatum": "2025-12-31",
            **EXTENT,
            **values,
        },
    )


def new(code="02A01", **values):
    """Guidance from June."""
    return Record(
        "NieuwProduct",
        {
            "Product/Categorie": "02",
            "Product/Code": code,
            "GewensteIngangsdatum": "2025-06-01",
            "Einddatum": "2025-12-31",
            **EXTENT,
            **values,
        },
    )


def _made():
    return {
        "301": Record(
            "Bericht",
            header("301") | PERSON | {"Client/Naam/NaamGebruik": "1"},
            (a_relation(), a_contact(), an_allocation()),
        ),
        "305": read_document(the_starts()).root,
        "307": read_document(the_stop()).root,
        "315": Record("Bericht", header("315") | PERSON, (a_request(),)),
        "317": Record(
            "Bericht",
            header("317")
            | {
                "Client/Bsn": "999900006",
                "Client/Verzoek/ReferentieAanbieder": "W1",
                "Client/Verzoek/RedenVerzoek": "1",
            },
            (unchanged(), to_change(), new()),
        ),
        "319": Record(
            "Bericht",
            header("319")
            | {
                "Antwoord/ReferentieAanbieder": "V1",
                "Antwoord/VerzoekAntwoord": "1",
                "Antwoord/RedenAfwijzingVerzoek": "3",
            },
        ),
        "323": read_document(the_declaration()).root,
        "325": an_answer(),
    }


def an_answer(**values):
    """One line of € 50.00 refused out of € 580.00."""
    client = Record(
        "Client",
        {"Bsn": "999900006", "RetourCodes/RetourCode": "0200"},
        (a_refused_line(),),
    )
    return Record(
        "Bericht",
        header("325", **{"Header/Afzender": MUNICIPALITY, "Header/Ontvanger": PROVIDER})
        | {
            "Header/DeclaratieIdentificatie/Identificatie": "B0001",
            "Header/DeclaratieIdentificatie/Dagtekening": DATED,
            "Header/XsdVersieDeclaratie/BasisschemaXsdVersie": "1.0.0",
            "Header/XsdVersieDeclaratie/BerichtXsdVersie": "1.0.0",
            "Header/RetourCodes/RetourCode": "0200",
            "DeclaratieAntwoord/DeclaratieNummer": "D0001",
            "DeclaratieAntwoord/TotaalIngediendBedrag/TotaalBedrag": "58000",
            "DeclaratieAntwoord/TotaalIngediendBedrag/DebetCredit": "D",
            "DeclaratieAntwoord/TotaalToegekendBedrag/TotaalBedrag": "53000",
            "DeclaratieAntwoord/TotaalToegekendBedrag/DebetCredit": "D",
            "DeclaratieAntwoord/RetourCodes/RetourCode": "0200",
            **values,
        },
        (client,),
    )


def a_refused_line(reference="R1", **values):
    """A line of € 50.00 with two return codes."""
    return Record(
        "Prestatie",
        {
            "ProductReferentie/ReferentieNummer": reference,
            "ToewijzingNummer": "101",
            "ProductCategorie": "01",
            "ProductCode": "01A03",
            "ProductPeriode/Begindatum": "2025-04-01",
            "ProductPeriode/Einddatum": "2025-04-30",
            "GeleverdVolume": "4",
            "Eenheid": "04",
            "ProductTarief": "1250",
            "IngediendBedrag/Bedrag": "5000",
            "IngediendBedrag/DebetCredit": "D",
            "RetourCodes/RetourCode": "9321 0611",
            **values,
        },
    )


def sound(number):
    """A sound message of this number, as a document."""
    if number in ("302", "306", "308", "316", "318", "320"):
        asked = next(one.number for one, answer in RETURNS.items() if answer.number == number)
        document = sound(asked)
        return make_return(document, {addresses(document)[-1]: ["9321", "9338"]}, identification="T1", dated=DAY)
    return Document(MESSAGES[number], _made()[number])


def changed(document, place, **values):
    """The same with other values: at the top (``""``), or in a record such as ``Contact``, ``Client/Prestatie``.

    Keys are paths with ``__`` for a slash; ``None`` takes the value away.
    """
    return replace(document, root=_changed(document.root, [name for name in place.split("/") if name], values))


def _changed(record, way, values):
    if way:
        found = next(position for position, part in enumerate(record.records) if part.name == way[0])
        parts = list(record.records)
        parts[found] = _changed(parts[found], way[1:], values)
        return replace(record, records=tuple(parts))
    told = {key.replace("__", "/"): value for key, value in values.items()}
    kept = {
        key: value
        for key, value in record.values.items()
        if not any(key == gone or key.startswith(f"{gone}/") for gone, value in told.items() if value is None)
    }
    return replace(record, values=kept | {key: value for key, value in told.items() if value is not None})


def with_records(document, *records):
    """The same with other records under it."""
    return replace(document, root=replace(document.root, records=records))


def as_bytes(document):
    """The message as a file."""
    return write_document(document.message, document.root)
