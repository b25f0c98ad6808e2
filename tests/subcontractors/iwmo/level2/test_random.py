"""Level 2 on messages made at random: whatever the structure allows is judged, and nothing is raised."""

from __future__ import annotations

import random

import pytest

from subcontractors.iwmo.document import read_document, write_document
from subcontractors.iwmo.level2.check import check_document
from subcontractors.iwmo.messages import ALL
from subcontractors.iwmo.rules.register import BY_ID
from subcontractors.iwmo.simple import Day, Whole
from tests.subcontractors.iwmo import generator

DAYS = ("0001-01-01", "0120-02-29", "1900-01-01", "2020-12-31", " 2021-01-01\n", "2024-02-29", "9999-12-31")
NUMBERS = ("0", "-0", "+1", " 01 ", "007")
TIMES = 60


@pytest.fixture
def at_the_edges(monkeypatch):
    """Days and numbers at the edge of what may be written, and the same values again and again."""
    usual = generator.value

    def value(kind, dice):
        if isinstance(kind, Day) and dice.random() < 0.7:
            return dice.choice(DAYS)
        if isinstance(kind, Whole) and not kind.written and dice.random() < 0.5:
            return dice.choice(NUMBERS)
        return dice.choice("ab") if kind.name.startswith("LDT_Referentie") else usual(kind, dice)

    monkeypatch.setattr(generator, "value", value)


@pytest.mark.parametrize("message", ALL, ids=lambda message: message.number)
def test_every_message_that_can_be_read_can_be_judged(at_the_edges, message):
    for seed in range(TIMES):
        document = read_document(write_document(message, generator.record(message, random.Random(seed))))
        assert document.faults == ()
        for fault in check_document(document):
            assert fault.level == 2
            assert message.number in BY_ID[fault.rule].messages
            assert fault.message
            assert fault.remedy
