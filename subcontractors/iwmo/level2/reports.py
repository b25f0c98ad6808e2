"""Level 2 of starts and stops as they were read: put back into the form of their message and checked like any other."""

from __future__ import annotations

from collections.abc import Sequence

from subcontractors.iwmo.document import TOP, Record
from subcontractors.iwmo.level2.check import check_root
from subcontractors.iwmo.messages import WMO305, WMO307
from subcontractors.iwmo.model import Fault, StartReport, StopReport


def check_reports(reports: Sequence[StartReport | StopReport]) -> tuple[Fault, ...]:
    """Hold the starts or stops of one message against every rule of level 2."""
    if not reports:
        return ()
    message = WMO305 if isinstance(reports[0], StartReport) else WMO307
    return check_root(message, _root(reports))


def _root(reports: Sequence[StartReport | StopReport]) -> Record:
    first = reports[0]
    values = {
        "Header/BerichtIdentificatie/Dagtekening": str(first.dated),
        "Client/Bsn": first.bsn,
        "Client/Geboortedatum/Datum": str(first.person.birth_date),
        "Client/Geboortedatum/DatumGebruik": first.person.birth_date_use,
    }
    return Record(TOP, _filled(values), tuple(_product(report) for report in reports))


def _product(report: StartReport | StopReport) -> Record:
    values = {
        "ToewijzingNummer": report.allocation,
        "Product/Categorie": report.category,
        "Product/Code": report.product_code,
        "Begindatum": str(report.begin),
        "StatusAanlevering": report.status,
    }
    if isinstance(report, StartReport):
        return Record("StartProduct", _filled(values))
    values |= {"RedenBeeindiging": report.reason, "Einddatum": str(report.end)}
    return Record("StopProduct", _filled(values))


def _filled(values: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in values.items() if value}
