"""Messages as files: declarations as WMO323 or CSV, starts and stops as WMO305 and WMO307."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from budgets.example import names
from budgets.example.parcels import WHOLE, Parcel
from budgets.example.trajectories import StartStop
from lead_contractor.kernel.money import euros_text
from subcontractors.declarations.model import Channel, Declaration, Line
from subcontractors.iwmo.model import Person, StartReport, StopReport
from subcontractors.iwmo.writer import write_305, write_307, write_323

COLUMNS = (
    "declaration",
    "period",
    "received",
    "subcontractor",
    "reference",
    "previous_reference",
    "bsn",
    "allocation",
    "category",
    "product_code",
    "from",
    "to",
    "volume",
    "unit",
    "tariff",
    "amount",
    "debit_credit",
)
FIRST_STATUS = "1"


def declaration_files(parcels: Sequence[Parcel]) -> Iterator[tuple[str, bytes]]:
    """Name and content of every declaration file; a message that was sent twice gives two."""
    for parcel in parcels:
        head, lines = parcel.declaration(names.MUNICIPALITY_CODE), parcel.numbered_lines()
        if parcel.provider.sketch.channel is Channel.CSV:
            comma = parcel.provider.index % 2 == 0
            kind, content = "csv", declaration_csv(head, lines, comma=comma)
        else:
            kind, content = "xml", write_323(head, lines)
        content = content[: len(content) * parcel.cut_percent // WHOLE]
        stem = f"{parcel.received}-{head.sender}-{parcel.number}"
        yield f"{stem}.{kind}", content
        for copy in range(parcel.copies):
            yield f"{stem}-{copy + 2}.{kind}", content


def declaration_csv(head: Declaration, lines: Sequence[Line], *, comma: bool) -> bytes:
    """A declaration as CSV; with ``comma`` the separator is ``;`` and amounts have a decimal comma."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if comma else ",", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for line in lines:
        tariff = "" if line.tariff is None else _euros(line.tariff, comma)
        writer.writerow(
            (
                head.number,
                head.period,
                head.received,
                head.sender,
                line.reference,
                line.previous_reference,
                line.bsn,
                line.allocation,
                line.category,
                line.product_code,
                line.period_from,
                line.period_to,
                line.volume,
                line.unit,
                tariff,
                _euros(line.amount, comma),
                "C" if line.credit else "D",
            )
        )
    return out.getvalue().encode("utf-8")


def _euros(amount: int, comma: bool) -> str:
    text = euros_text(amount)
    return text.replace(".", ",") if comma else text


def report_files(reports: Sequence[StartStop]) -> Iterator[tuple[str, bytes]]:
    """Name and content of every start and stop message, numbered by provider."""
    counts: dict[str, int] = {}
    for told in sorted(reports, key=_told):
        agb = told.care.provider.agb
        counts[agb] = counts.get(agb, 0) + 1
        kind = "305" if told.ended is None else "307"
        identification = f"S{counts[agb]:05d}"
        start, stop = _start(told, identification), _stop(told, identification)
        content = write_305([start]) if told.ended is None else write_307([stop])
        yield f"{told.received}-{agb}-{identification}-{kind}.xml", content


def _told(told: StartStop) -> tuple[str, str, str]:
    return (told.care.provider.agb, str(told.received), told.care.allocation.number)


def _start(told: StartStop, identification: str) -> StartReport:
    allocation = told.care.allocation
    return StartReport(
        sender=told.care.provider.agb,
        receiver=names.MUNICIPALITY_CODE,
        identification=identification,
        dated=told.received,
        bsn=allocation.bsn,
        person=_person(told),
        allocation=allocation.number,
        category=allocation.category,
        product_code=allocation.product_code,
        begin=told.started,
        status=FIRST_STATUS,
        allocation_start=allocation.start,
    )


def _stop(told: StartStop, identification: str) -> StopReport:
    allocation = told.care.allocation
    return StopReport(
        sender=told.care.provider.agb,
        receiver=names.MUNICIPALITY_CODE,
        identification=identification,
        dated=told.received,
        bsn=allocation.bsn,
        person=_person(told),
        allocation=allocation.number,
        category=allocation.category,
        product_code=allocation.product_code,
        begin=told.started,
        end=told.ended or told.started,
        reason=told.reason,
        status=FIRST_STATUS,
        allocation_start=allocation.start,
    )


def _person(told: StartStop) -> Person:
    client = told.care.client
    return Person(
        birth_date=client.born,
        sex=client.gender,
        surname=client.surname,
        surname_prefix=client.prefix,
        first_names=client.first_name,
        initials=client.first_name[0],
    )
