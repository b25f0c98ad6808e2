"""A template with rows that were left empty: they do not count, and an amount that is missing can be reckoned."""

from __future__ import annotations

from datetime import date

import pytest

from lead_contractor.kernel.money import Cents
from subcontractors.agreements.model import Tariff
from subcontractors.declarations.annotated import annotated
from subcontractors.declarations.columns import COLUMNS, DECLARATIONS, DUTCH
from subcontractors.declarations.csv_reader import csv_table, read_declarations
from subcontractors.declarations.suggestions import Change, format_suggestions

ROW = {
    "declaration": "D202509",
    "period": "2025-09",
    "received": "2025-10-06",
    "subcontractor": "99990102",
    "reference": "202509-1",
    "previous_reference": "",
    "bsn": "999900018",
    "allocation": "4100002",
    "category": "01",
    "product_code": "01A04",
    "from": "2025-09-01",
    "to": "2025-09-30",
    "volume": "3",
    "unit": "04",
    "tariff": "34,01",
    "amount": "102,03",
    "debit_credit": "D",
}


def file(*changes: dict[str, str]) -> bytes:
    rows = [";".join(DUTCH[column] for column in COLUMNS)]
    for number, change in enumerate(changes, start=1):
        row = {**ROW, "reference": f"202509-{number}", **change}
        rows.append(";".join(row[column] for column in COLUMNS))
    return "\r\n".join(rows).encode()


LEFT = {"volume": "", "amount": ""}


def test_rows_without_volume_and_amount_do_not_count_and_that_is_said():
    (one,) = read_declarations("september.csv", file({}, LEFT, {}, LEFT))
    assert not one.faults
    assert [line.reference for line in one.lines] == ["202509-1", "202509-3"]
    assert one.remarks == ("2 rijen zonder volume en bedrag tellen niet mee.",)


def test_the_same_lines_have_the_same_content_with_and_without_empty_rows():
    (with_empty,) = read_declarations("a.csv", file({}, LEFT))
    (without,) = read_declarations("b.csv", file({}))
    assert with_empty.content_hash == without.content_hash


@pytest.mark.parametrize("half", [{"volume": ""}, {"amount": ""}])
def test_a_row_with_only_one_of_the_two_is_never_passed_over(half: dict[str, str]):
    (one,) = read_declarations("september.csv", file({}, half))
    assert [fault.line for fault in one.faults] == [3]


def test_a_template_that_was_not_filled_in_is_refused_as_such():
    (one,) = read_declarations("september.csv", file(LEFT, LEFT))
    assert "In geen enkele rij is een volume of een bedrag ingevuld." in one.faults[0].message


def test_a_missing_amount_is_offered_as_volume_times_tariff():
    table = csv_table(
        "september.csv", file({"amount": ""}, LEFT, {"amount": "", "unit": "83", "tariff": ""}), DECLARATIONS
    )
    (found,) = format_suggestions(table)
    assert (found.column, found.old, found.new, found.row) == ("amount", "", "102.03", 2)
    assert found.change is Change.FORMAT
    assert found.in_bulk


def test_a_missing_amount_of_minutes_is_reckoned_from_the_hour_and_never_from_a_rounded_minute():
    table = csv_table(
        "september.csv", file({"amount": "", "unit": "01", "volume": "95", "tariff": "1,46"}), DECLARATIONS
    )
    hour = Tariff("99990102", "01A04", "04", Cents(87_35), date(2025, 1, 1))
    assert [one.new for one in format_suggestions(table, (hour,))] == ["138.30"], "not 95 × 1.46 = 138.70"
    assert format_suggestions(table) == ()


def test_whoever_writes_dutch_is_told_in_dutch_which_columns_are_missing():
    (one,) = read_declarations("lijst.csv", b"naam;bedrag\nJan;12\n")
    assert "ontbreekt: declaratie, periode, ontvangen" in one.faults[0].message


def test_the_file_with_reasons_speaks_of_its_rows_in_dutch():
    _, content = annotated("september.csv", file({"unit": "4"}), ())
    assert "eenheid = 04" in content.decode("utf-8-sig")
