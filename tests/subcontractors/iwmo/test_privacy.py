"""What is wrong with a message is stored as plain text: no BSN and no day of birth may stand in it."""

from __future__ import annotations

import re

import pytest

from subcontractors.declarations.csv_reader import COLUMNS
from subcontractors.declarations.reader import read_file
from subcontractors.iwmo.simple import shown
from subcontractors.iwmo.writer import write_305
from tests.subcontractors.iwmo.examples import a_start

ROW = "D003,2025-03,2025-04-01,65656055,R010,,999900006,1001,02,02A03,2025-03-01,2025-03-31,10,04,55.80,558.00,D"
SHIFTED = ROW.replace(",,999900006,1001,02,", ",,1001,02,999900006,")


@pytest.mark.parametrize("text", [ROW, ",".join(COLUMNS) + "\n" + SHIFTED], ids=["no header", "shifted columns"])
def test_a_bsn_in_the_wrong_place_is_not_repeated(text):
    (came,) = read_file("maart.csv", text.encode())
    told = " ".join(map(str, came.faults))
    assert "*********" in told
    assert "999900006" not in told


def test_other_numbers_are_repeated_as_they_are():
    assert shown("65656055 en 1234567890") == "‘65656055 en 1234567890’"


def test_a_wrong_day_of_birth_is_not_repeated():
    message = re.sub(rb"(Geboortedatum>\s*<[^>]*Datum>)[^<]*", rb"\g<1>1967-02-30", write_305([a_start()]))
    (came,) = read_file("start.xml", message)
    assert [fault.rule for fault in came.faults] == ["RS032"]
    assert "1967" not in str(came.faults[0])
