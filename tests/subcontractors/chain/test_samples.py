"""The official samples of the standard go through the whole chain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from subcontractors.chain.municipalities import is_municipality
from subcontractors.chain.parts import allocation_message, allotted_of, envelope_of, reply_message, reply_of
from subcontractors.chain.provider import Known, answer_message
from subcontractors.declarations.model import Status
from subcontractors.iwmo.document import read_document
from subcontractors.iwmo.returns import read_return
from tests.subcontractors.chain.receiving import HOME
from tests.subcontractors.chain.scene import TIM, Chain, allocated

AT = datetime(2026, 9, 1, 12, tzinfo=UTC)


def sample(iwmo_dir: Path, kind: str) -> bytes:
    return (iwmo_dir / "samples" / f"WMO{kind}.xml").read_bytes()


@pytest.mark.parametrize("kind", ["305", "307", "315", "317"])
def test_what_a_provider_sends_is_read_judged_and_returned(small: Callable[..., Chain], iwmo_dir: Path, kind: str):
    made = small(allocated("101"))
    (head,) = made.take(sample(iwmo_dir, kind), at=AT)
    assert head.status in (Status.ANSWERED, Status.REFUSED_CONTENT), head.came.faults
    assert made.said(head).header != () or made.said(head).approved


@pytest.mark.parametrize("kind", ["301", "319"])
def test_what_a_lead_contractor_sends_is_read_and_answered(iwmo_dir: Path, kind: str):
    document = read_document(sample(iwmo_dir, kind))
    answer = answer_message(document, Known(), AT.date(), "RET1")
    said = read_return(answer)
    codes = {code for own in (said.header, *said.classes.values()) for code in own}
    assert codes <= {"0001", "0200", "0233", "9355", "9379"}


def test_parts_of_a_301_and_319_are_written_as_they_were_read(iwmo_dir: Path):
    document = read_document(sample(iwmo_dir, "301"))
    allotted = allotted_of(document)
    again = allotted_of(allocation_message(envelope_of(document), TIM, HOME, allotted))
    assert tuple(replace(one, comment=one.comment.strip()) for one in again) == tuple(
        replace(one, comment=one.comment.strip()) for one in allotted
    )
    answer = read_document(sample(iwmo_dir, "319"))
    assert reply_of(reply_message(envelope_of(answer), reply_of(answer))) == reply_of(answer)


def test_every_municipality_of_2026_is_on_the_list(iwmo_dir: Path):
    lines = (iwmo_dir / "codelists" / "gemeentecodes_2026.csv").read_text(encoding="utf-8").splitlines()[1:]
    codes = {line.split(",")[0] for line in lines}
    assert len(codes) == 342
    assert all(is_municipality(code, date(2026, 1, 1)) for code in codes)
    assert not is_municipality("0000", date(2026, 1, 1))
