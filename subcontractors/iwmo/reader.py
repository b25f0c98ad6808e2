"""Read iWmo messages: WMO323 as a declaration with lines, WMO305 and WMO307 as starts and stops.

Reading is level 1 (structure) plus the two rules of level 2 that only the XML can show: a client that occurs
twice (TR101) and a zero total marked as credit (CS325). The other rules of level 2 are those of
:mod:`subcontractors.iwmo.content`, which serve CSV as well.

A declaration that is written plainly and has none of those faults takes the short road (:mod:`.scan`), with the same
outcome.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import BinaryIO

from lead_contractor.kernel.money import Cents
from subcontractors.declarations.incoming import (
    CONTENT,
    Incoming,
    TextLine,
    hash_of_content,
    hash_of_declaration,
    line_of,
)
from subcontractors.declarations.model import Channel, Declaration, Line
from subcontractors.iwmo.messages import RECEIVED, WMO305, WMO307, WMO323
from subcontractors.iwmo.model import Fault, Person, StartReport, StopReport
from subcontractors.iwmo.scan import scan
from subcontractors.iwmo.simple import day_from, number_from
from subcontractors.iwmo.structure import Message, Node
from subcontractors.iwmo.walk import LIMIT, Values, Walked, walk

_day = lru_cache(maxsize=4096)(day_from)


def check_structure(source: BinaryIO | bytes, *messages: Message) -> tuple[Fault, ...]:
    """Check any declared message on level 1 without keeping it; no faults means it is right."""
    return tuple(walk(source, messages).faults)


def read_message(source: BinaryIO | bytes, *, limit: int = LIMIT) -> Incoming:
    """Read a WMO323, WMO305 or WMO307 in one pass.

    Faults of structure are in the result with the line of the file, never raised. At most ``limit`` bytes are
    read; a larger message is refused.
    """
    scanned = scan_declaration(source) if isinstance(source, bytes) and len(source) <= limit else None
    if scanned is not None:
        came, lines = scanned
        return replace(came, lines=tuple(line_of(position, line) for position, line in enumerate(lines, start=1)))
    return read_by_walking(source, limit=limit)


def scan_declaration(content: bytes) -> tuple[Incoming, list[TextLine]] | None:
    """A WMO323 by the short road: what came, without its lines, and the lines as plain text; ``None`` if it cannot."""
    scanned = scan(content, WMO323)
    if scanned is None or len({line[0] for line in scanned.rows}) != scanned.outer:
        return None
    declaration, faults = _head(scanned.values)
    if faults:
        return None
    came = Incoming(
        kind=WMO323.number,
        declaration=declaration,
        sender=declaration.sender,
        identification=declaration.identification,
        number=declaration.number,
        period=str(declaration.period),
        received=declaration.received,
        content_hash=hash_of_declaration(declaration, scanned.rows),
    )
    return came, scanned.rows


def read_by_walking(source: BinaryIO | bytes, *, limit: int = LIMIT) -> Incoming:
    """The same as :func:`read_message`, always by the long road."""
    records = _Records()
    walked = walk(source, RECEIVED, records.take, limit=limit)
    if walked.message is None or walked.faults:
        return _refused(walked)
    if walked.message is WMO323:
        return _declaration(walked, records)
    return _reports(walked, records)


class _Records:
    """What the walk delivers, record by record."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.bsns: set[str] = set()
        self.repeated: list[Fault] = []
        self.products: list[Values] = []

    def take(self, node: Node, values: Values, around: Sequence[Values]) -> None:
        """Take one finished record; ``around`` holds the message's values and those of the client."""
        if node.name == "Prestatie":
            self.lines.append(_line(len(self.lines) + 1, values, around[-1]["Bsn"]))
        elif node.name == "Client":
            if values["Bsn"] in self.bsns:
                self.repeated.append(_repeated_client(self.lines[-1]))
            self.bsns.add(values["Bsn"])
        elif node.name in ("StartProduct", "StopProduct"):
            self.products.append(values)


def _line(position: int, values: Values, bsn: str) -> Line:
    tariff = values.get("ProductTarief")
    return Line(
        position=position,
        reference=values["ProductReferentie/ReferentieNummer"],
        bsn=bsn,
        allocation=str(number_from(values["ToewijzingNummer"])),
        category=values["ProductCategorie"],
        product_code=values["ProductCode"],
        period_from=_day(values["ProductPeriode/Begindatum"]),
        period_to=_day(values["ProductPeriode/Einddatum"]),
        volume=number_from(values["GeleverdVolume"]),
        unit=values["Eenheid"],
        amount=Cents(number_from(values["IngediendBedrag/Bedrag"])),
        credit=values["IngediendBedrag/DebetCredit"] == "C",
        previous_reference=values.get("ProductReferentie/VorigReferentieNummer", ""),
        tariff=None if tariff is None else Cents(number_from(tariff)),
    )


def _repeated_client(line: Line) -> Fault:
    return Fault(
        "TR101",
        CONTENT,
        "Dezelfde cliënt komt meer dan eens voor in het bericht.",
        "Zet alle prestaties van een cliënt bij elkaar onder één Client.",
        "Bericht/Declaratie/Clienten/Client",
        reference=line.reference,
    )


def _versions(values: Mapping[str, str]) -> tuple[str, str]:
    return values["Header/XsdVersie/BasisschemaXsdVersie"], values["Header/XsdVersie/BerichtXsdVersie"]


def _head(values: Mapping[str, str]) -> tuple[Declaration, list[Fault]]:
    """The head of a declaration, and what is wrong with its total by itself."""
    size = number_from(values["Declaratie/TotaalIngediendBedrag/TotaalBedrag"])
    credit = values["Declaratie/TotaalIngediendBedrag/DebetCredit"] == "C"
    declaration = Declaration(
        channel=Channel.XML,
        sender=values["Header/Afzender"],
        receiver=values["Header/Ontvanger"],
        identification=values["Header/BerichtIdentificatie/Identificatie"],
        number=values["Declaratie/DeclaratieNummer"],
        period_from=_day(values["Declaratie/DeclaratiePeriode/Begindatum"]),
        period_to=_day(values["Declaratie/DeclaratiePeriode/Einddatum"]),
        received=_day(values["Header/BerichtIdentificatie/Dagtekening"]),
        dated=_day(values["Declaratie/DeclaratieDagtekening"]),
        total=Cents(-size if credit else size),
        xsd_versions=_versions(values),
    )
    faults: list[Fault] = []
    if size == 0 and credit:
        faults.append(
            Fault(
                "CS325",
                CONTENT,
                "Het totaal is nul en staat als credit.",
                "Vul D (debet) bij een bedrag van nul.",
                "Bericht/Declaratie/TotaalIngediendBedrag/DebetCredit",
            )
        )
    return declaration, faults


def _declaration(walked: Walked, records: _Records) -> Incoming:
    declaration, faults = _head(walked.values)
    return Incoming(
        kind=WMO323.number,
        declaration=declaration,
        lines=tuple(records.lines),
        faults=(*records.repeated, *faults),
        sender=declaration.sender,
        identification=declaration.identification,
        number=declaration.number,
        period=str(declaration.period),
        received=declaration.received,
        content_hash=hash_of_content(declaration, *records.lines),
        remarks=tuple(walked.remarks),
    )


def _reports(walked: Walked, records: _Records) -> Incoming:
    values = walked.values
    starts = tuple(_start(values, product) for product in records.products) if walked.message is WMO305 else ()
    stops = tuple(_stop(values, product) for product in records.products) if walked.message is WMO307 else ()
    return Incoming(
        kind="305" if starts else "307",
        starts=starts,
        stops=stops,
        sender=values["Header/Afzender"],
        identification=values["Header/BerichtIdentificatie/Identificatie"],
        received=_day(values["Header/BerichtIdentificatie/Dagtekening"]),
        content_hash=hash_of_content(*starts, *stops),
        remarks=tuple(walked.remarks),
    )


def _person(values: Values) -> Person:
    return Person(
        birth_date=_day(values["Client/Geboortedatum/Datum"]),
        sex=values["Client/Geslacht"],
        surname=values["Client/Naam/Geslachtsnaam/Achternaam"],
        birth_date_use=values.get("Client/Geboortedatum/DatumGebruik", ""),
        surname_prefix=values.get("Client/Naam/Geslachtsnaam/Voorvoegsel", ""),
        first_names=values.get("Client/Naam/Voornamen", ""),
        initials=values.get("Client/Naam/Voorletters", ""),
    )


def _optional_number(text: str | None) -> str:
    return "" if text is None else str(number_from(text))


def _optional_day(text: str | None) -> date | None:
    return None if text is None else _day(text)


def _start(values: Values, product: Values) -> StartReport:
    return StartReport(
        sender=values["Header/Afzender"],
        receiver=values["Header/Ontvanger"],
        identification=values["Header/BerichtIdentificatie/Identificatie"],
        dated=_day(values["Header/BerichtIdentificatie/Dagtekening"]),
        bsn=values["Client/Bsn"],
        person=_person(values),
        allocation=_optional_number(product.get("ToewijzingNummer")),
        category=product.get("Product/Categorie", ""),
        product_code=product.get("Product/Code", ""),
        begin=_day(product["Begindatum"]),
        status=product["StatusAanlevering"],
        allocation_start=_optional_day(product.get("ToewijzingIngangsdatum")),
        xsd_versions=_versions(values),
    )


def _stop(values: Values, product: Values) -> StopReport:
    return StopReport(
        sender=values["Header/Afzender"],
        receiver=values["Header/Ontvanger"],
        identification=values["Header/BerichtIdentificatie/Identificatie"],
        dated=_day(values["Header/BerichtIdentificatie/Dagtekening"]),
        bsn=values["Client/Bsn"],
        person=_person(values),
        allocation=_optional_number(product.get("ToewijzingNummer")),
        category=product.get("Product/Categorie", ""),
        product_code=product.get("Product/Code", ""),
        begin=_day(product["Begindatum"]),
        end=_day(product["Einddatum"]),
        reason=product["RedenBeeindiging"],
        status=product["StatusAanlevering"],
        allocation_start=_optional_day(product.get("ToewijzingIngangsdatum")),
        xsd_versions=_versions(values),
    )


def _refused(walked: Walked) -> Incoming:
    """A message with faults of structure, with what could still be read of whose it is."""
    values = walked.values
    begin = values.get("Declaratie/DeclaratiePeriode/Begindatum")
    dated = values.get("Header/BerichtIdentificatie/Dagtekening")
    return Incoming(
        kind="" if walked.message is None else walked.message.number,
        faults=tuple(walked.faults),
        sender=values.get("Header/Afzender"),
        identification=values.get("Header/BerichtIdentificatie/Identificatie"),
        number=values.get("Declaratie/DeclaratieNummer"),
        period=None if begin is None else str(_day(begin))[:7],
        received=None if dated is None else _day(dated),
        content_hash=walked.sha256,
        remarks=tuple(walked.remarks),
    )
