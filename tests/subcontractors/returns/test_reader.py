"""Short returns from CSV and workbooks: the columns of realised.csv, English or Dutch; nothing is guessed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subcontractors.returns.model import Channel
from subcontractors.returns.reader import read_returns
from tests.subcontractors.declarations.workbooks import workbook

COLUMNS = ("agreement", "month", "fte", "hours", "occupancy_percent")
ROW = {"agreement": "FTE-1", "month": "2025-01", "fte": 6.12, "hours": 900, "occupancy_percent": ""}


def sheet(**changes):
    return read_returns("a.xlsx", workbook([ROW | changes], columns=COLUMNS))


def test_a_workbook_and_a_csv_say_the_same():
    channel, lines, refused = sheet()
    assert (channel, refused) == (Channel.XLSX, None)
    text = "Afspraak;Maand;FTE;Uren;Bezetting %\nFTE-1;2025-01;6,12;900;\n"
    channel, others, refused = read_returns("a.csv", text.encode())
    assert (channel, refused) == (Channel.CSV, None)
    assert [(one.agreement, one.month, one.fte.replace(",", "."), one.hours) for one in others] == [
        (one.agreement, one.month, one.fte, one.hours) for one in lines
    ]


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("fte", "=6*1", "formule"),
        ("hours", date(2025, 1, 1), "datum"),
        ("fte", True, "WAAR"),
        ("month", 45658, "geen datum"),
    ],
)
def test_what_a_spreadsheet_did_is_named(column, value, words):
    _, (line,), _ = sheet(**{column: value})
    assert words in line.findings[0].message
    assert (line.findings[0].row, line.findings[0].column) == (2, column)


def test_three_decimals_in_a_number_cell_are_no_thousands():
    _, (line,), _ = sheet(fte=6.125)
    assert line.fte == "6.1250"


def test_the_month_may_be_a_date_cell():
    _, (line,), _ = sheet(month=date(2025, 1, 1))
    assert line.month == "2025-01"


@given(st.binary(max_size=200), st.sampled_from(["a.csv", "a.xlsx", "a"]))
def test_whatever_arrives_is_answered(content, name):
    _, lines, refused = read_returns(name, content)
    assert refused is not None or lines
