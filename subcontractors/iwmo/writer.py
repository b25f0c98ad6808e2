"""Write declarations, answers, starts and stops as iWmo messages; the writing itself is that of ``trees``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from lead_contractor.kernel.money import Cents, total
from subcontractors.declarations.model import Declaration, Line
from subcontractors.iwmo.messages import WMO305, WMO307, WMO323, WMO325
from subcontractors.iwmo.model import Answer, AnsweredClient, AnsweredDeclaration, Person, StartReport, StopReport
from subcontractors.iwmo.structure import Message
from subcontractors.iwmo.trees import Tree, write_message


def _header(
    message: Message, sender: str, receiver: str, identification: str, dated: date, versions: tuple[str, str]
) -> dict[str, Tree]:
    return {
        "BerichtCode": message.code,
        "BerichtVersie": "3",
        "BerichtSubversie": "2",
        "Afzender": sender,
        "Ontvanger": receiver,
        "BerichtIdentificatie": {"Identificatie": identification, "Dagtekening": str(dated)},
        "XsdVersie": _versions(versions),
    }


def _versions(versions: tuple[str, str]) -> Tree:
    return {"BasisschemaXsdVersie": versions[0], "BerichtXsdVersie": versions[1]}


def _total(amount: Cents) -> Tree:
    return {"TotaalBedrag": str(abs(amount)), "DebetCredit": "C" if amount < 0 else "D"}


def _period(first: date, last: date) -> Tree:
    return {"Begindatum": str(first), "Einddatum": str(last)}


def _line(line: Line, **more: Tree) -> dict[str, Tree]:
    return {
        "ProductReferentie": {
            "ReferentieNummer": line.reference,
            "VorigReferentieNummer": line.previous_reference or None,
        },
        "ToewijzingNummer": line.allocation,
        "ProductCategorie": line.category,
        "ProductCode": line.product_code,
        "ProductPeriode": _period(line.period_from, line.period_to),
        "GeleverdVolume": str(line.volume),
        "Eenheid": line.unit,
        "ProductTarief": None if line.tariff is None else str(line.tariff),
        "IngediendBedrag": {"Bedrag": str(line.amount), "DebetCredit": "C" if line.credit else "D"},
        **more,
    }


def by_client(lines: Iterable[Line]) -> dict[str, list[Line]]:
    """Lines per BSN, clients in the order in which they first appear."""
    grouped: dict[str, list[Line]] = {}
    for line in lines:
        grouped.setdefault(line.bsn, []).append(line)
    return grouped


def claimed_total(lines: Iterable[Line]) -> Cents:
    """Debits less credits, in cents (TR358)."""
    return total(-line.amount if line.credit else line.amount for line in lines)


def write_323(declaration: Declaration, lines: Sequence[Line]) -> bytes:
    """Write a declaration as WMO323; without a claimed total (CSV) the lines are added up.

    Raises:
        ValueError: a value does not fit the standard, or there are no lines.
    """
    claimed = claimed_total(lines) if declaration.total is None else declaration.total
    clients: list[Tree] = [
        {"Bsn": bsn, "Prestaties": {"Prestatie": [_line(line) for line in own]}}
        for bsn, own in by_client(lines).items()
    ]
    header = _header(
        WMO323,
        declaration.sender,
        declaration.receiver,
        declaration.identification,
        declaration.received,
        declaration.xsd_versions,
    )
    body: Tree = {
        "DeclaratieNummer": declaration.number,
        "DeclaratiePeriode": _period(declaration.period_from, declaration.period_to),
        "DeclaratieDagtekening": str(declaration.dated),
        "TotaalIngediendBedrag": _total(claimed),
        "Clienten": {"Client": clients},
    }
    return write_message(WMO323, {"Header": header, "Declaratie": body})


def write_325(answer: Answer) -> bytes:
    """Write an answer as WMO325.

    Raises:
        ValueError: a value does not fit the standard.
    """
    header = _header(WMO325, answer.sender, answer.receiver, answer.identification, answer.dated, answer.xsd_versions)
    header |= {
        "DeclaratieIdentificatie": {
            "Identificatie": answer.declaration_identification,
            "Dagtekening": str(answer.declaration_dated),
        },
        "XsltVersie": answer.xslt_version or None,
        "XsdVersieDeclaratie": _versions(answer.declaration_xsd_versions),
        "RetourCodes": _codes(answer.codes),
    }
    body = None if answer.declaration is None else _answered(answer.declaration)
    return write_message(WMO325, {"Header": header, "DeclaratieAntwoord": body})


def _codes(codes: Sequence[str]) -> Tree:
    return {"RetourCode": list(codes)}


def _answered(answered: AnsweredDeclaration) -> Tree:
    clients: list[Tree] = [_answered_client(client) for client in answered.clients]
    return {
        "DeclaratieNummer": answered.number,
        "TotaalIngediendBedrag": _total(answered.submitted),
        "TotaalToegekendBedrag": _total(answered.granted),
        "Clienten": {"Client": clients} if clients else None,
        "RetourCodes": _codes(answered.codes),
    }


def _answered_client(client: AnsweredClient) -> Tree:
    lines: list[Tree] = [_line(refused.line, RetourCodes=_codes(refused.codes)) for refused in client.lines]
    return {"Bsn": client.bsn, "Prestaties": {"Prestatie": lines}, "RetourCodes": _codes(client.codes)}


def write_305(starts: Sequence[StartReport]) -> bytes:
    """Write the starts of one client as one WMO305.

    Raises:
        ValueError: there are none, they differ in header or client, or a value does not fit the standard.
    """
    products: list[Tree] = [_product(start) | {"StatusAanlevering": start.status} for start in starts]
    return write_message(WMO305, _report(WMO305, starts, {"StartProducten": {"StartProduct": products}}))


def write_307(stops: Sequence[StopReport]) -> bytes:
    """Write the stops of one client as one WMO307.

    Raises:
        ValueError: there are none, they differ in header or client, or a value does not fit the standard.
    """
    products: list[Tree] = [
        _product(stop) | {"RedenBeeindiging": stop.reason, "Einddatum": str(stop.end), "StatusAanlevering": stop.status}
        for stop in stops
    ]
    return write_message(WMO307, _report(WMO307, stops, {"StopProducten": {"StopProduct": products}}))


def _product(report: StartReport | StopReport) -> dict[str, Tree]:
    product: Tree = {"Categorie": report.category, "Code": report.product_code or None}
    return {
        "ToewijzingNummer": report.allocation or None,
        "Product": product if report.category else None,
        "ToewijzingIngangsdatum": None if report.allocation_start is None else str(report.allocation_start),
        "Begindatum": str(report.begin),
    }


def _report(
    message: Message, reports: Sequence[StartReport] | Sequence[StopReport], products: dict[str, Tree]
) -> dict[str, Tree]:
    heads = {
        (report.sender, report.receiver, report.identification, report.dated, report.xsd_versions) for report in reports
    }
    people = {(report.bsn, report.person) for report in reports}
    if len(heads) != 1 or len(people) != 1:
        raise ValueError(f"one WMO{message.number} has one header and one client")
    bsn, person = people.pop()
    return {"Header": _header(message, *heads.pop()), "Client": {"Bsn": bsn, **_person(person), **products}}


def _person(person: Person) -> dict[str, Tree]:
    return {
        "Geboortedatum": {"Datum": str(person.birth_date), "DatumGebruik": person.birth_date_use or None},
        "Geslacht": person.sex,
        "Naam": {
            "Geslachtsnaam": {"Achternaam": person.surname, "Voorvoegsel": person.surname_prefix or None},
            "Voornamen": person.first_names or None,
            "Voorletters": person.initials or None,
        },
    }
