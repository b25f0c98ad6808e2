from __future__ import annotations

import csv
import io
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from subcontractors.declarations.csv_reader import read_declarations
from subcontractors.declarations.model import Status
from subcontractors.portal.lines_csv import harmless, lines_csv
from subcontractors.portal.model import ShownLine, Verdict
from tests.subcontractors.portal.desk import GOOD, NOT_YOURS, Site, checked, csv_of


def a_line(reference: str = "R1", codes: tuple[str, ...] = ()) -> ShownLine:
    return ShownLine(
        reference=reference, previous_reference="", bsn="999900006", allocation="1001", category="02",
        product_code="02A03", period_from=date(2025, 3, 1), period_to=date(2025, 3, 31), volume=10, unit="04",
        tariff=Cents(5580), amount=Cents(55800), credit=False, codes=codes,
    )  # fmt: skip


def a_verdict(*lines: ShownLine) -> Verdict:
    return Verdict(
        id=1, kind="323", file="maart.csv", channel="csv", status=Status.ANSWERED, number="D003", identification="D003",
        period=Month(2025, 3), received=date(2025, 4, 1), codes=(), faults=(), submitted=Cents(55800),
        granted=Cents(55800), lines=lines,
    )  # fmt: skip


def words(line: ShownLine) -> tuple[str, str]:
    return ("in orde", "") if line.accepted else ("afgewezen", "=HYPERLINK(1)")


def test_the_file_with_reasons_can_be_sent_again_as_it_is():
    content = lines_csv([a_verdict(a_line(), a_line("R2", ("9338",)))], "65656055", words)
    (read,) = read_declarations("redenen.csv", content)
    assert read.faults == ()
    assert [(line.reference, line.amount, line.tariff) for line in read.lines] == [
        ("R1", Cents(55800), Cents(5580)),
        ("R2", Cents(55800), Cents(5580)),
    ]


def test_a_cell_is_never_a_formula():
    content = lines_csv([a_verdict(a_line("=1+1", ("9338",)))], "65656055", words)
    row = next(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert row["referentie"] == "'=1+1"
    assert row["x_redenen"] == "'=HYPERLINK(1)"
    assert row["x_codes"] == "9338"


@given(st.text())
def test_whatever_stands_in_a_cell_a_spreadsheet_takes_for_text(cell: str):
    assert harmless(cell)[:1] not in {"=", "+", "-", "@", "\t", "\r", "\n"}
    assert harmless(cell).removeprefix("'") == cell.removeprefix("'")


def test_a_file_under_pre_check_comes_back_with_its_reasons(site: Site):
    arie = site.browser()
    address = checked(arie, csv_of(GOOD, NOT_YOURS))
    answer = arie.get(f"{address}redenen")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == "attachment; filename=maart-redenen.csv"
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [(row["reference"], row["amount"], row["x_oordeel"]) for row in rows] == [
        ("R010", "558.00", "in orde"),
        ("R012", "55.80", "afgewezen"),
    ]
    assert rows[1]["x_redenen"].startswith("U hebt geen toewijzing met dit nummer.")
