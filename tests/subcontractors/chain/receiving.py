"""A subcontractor that reads what a lead contractor sends: messages, and what it knows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from subcontractors.chain.dialect import DIALECT, Dialect, sender_key
from subcontractors.chain.model import Allotted, Envelope, Product, Reply, Size
from subcontractors.chain.parts import Card, allocation_message, reply_message
from subcontractors.chain.provider import Known, judge_message
from subcontractors.iwmo.document import Document, read_document, write_document
from tests.subcontractors.chain.scene import THUIS_VERDER, TIM

TODAY = date(2025, 6, 3)
LEAD = "42420001"
HOME = Card(date(1967, 8, 13), "1", "Wit", house_number="1", postcode="1234AB", town="Anna Paulowna")
SENDER = sender_key(DIALECT, "1911", LEAD)
ONE = Allotted(
    "1001", Product("02", "02A03"), "2025-06-02T10:00:00", date(2025, 7, 1), date(2025, 12, 31), Size(4, "04", "4")
)


def message_301(
    *allotted: Allotted, name: str = "T1", dated: date = date(2025, 6, 2), municipality: str = "1911"
) -> Document:
    envelope = Envelope("301", municipality, THUIS_VERDER, name, dated)
    made = allocation_message(envelope, TIM, HOME, allotted)
    assert made.message is not None
    assert made.root is not None
    return read_document(write_document(made.message, made.root))


def message_319(reply: Reply, name: str = "T1") -> Document:
    made = reply_message(Envelope("319", "1911", THUIS_VERDER, name, date(2025, 6, 2)), reply)
    assert made.message is not None
    assert made.root is not None
    return read_document(write_document(made.message, made.root))


def codes(document: Document, known: Known, dialect: Dialect = DIALECT) -> dict[str, tuple[str, ...]]:
    header, found = judge_message(document, known, TODAY, dialect)
    return {"Header": header} if header else found


def knows(**changes) -> Known:
    return replace(Known(lead_agb=LEAD), **changes)


def had(*versions: Allotted, client: str = TIM) -> dict:
    place = (SENDER, versions[0].number)
    return {"allocations": {place: versions}, "clients": {place: client}}


PRODUCT = "ToegewezenProduct[1]"
