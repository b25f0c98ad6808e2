"""The refused file comes back as the same file with reasons, and can be repaired and sent again."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime

import pytest

from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.refusals import Refusal
from subcontractors.declarations.annotated import Judged, JudgedLine, annotated, corrected, file_suggestions
from subcontractors.declarations.copying import VERDICT_COLUMNS
from subcontractors.declarations.incoming import Reading
from subcontractors.declarations.reader import read_file
from subcontractors.declarations.sheet_xml import Formula
from subcontractors.declarations.suggestions import Change, Suggestion
from subcontractors.declarations.workbook import Workbook
from subcontractors.iwmo.writer import write_323
from tests.subcontractors.declarations.test_csv_reader import ROW, csv_of, row
from tests.subcontractors.declarations.workbooks import cells_of, workbook
from tests.subcontractors.iwmo.examples import a_declaration, four_lines

ANSWER = Judged("D1", ("0200",), (JudgedLine(), JudgedLine(("0611", "9346"), {"tariff": "13.00", "amount": "52.00"})))


def rows_of(content: bytes, separator: str = ",", encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(encoding), newline=""), delimiter=separator))


# -- CSV --------------------------------------------------------------------------------------------------------------


def test_a_csv_keeps_separator_columns_and_rows_and_gets_its_reasons():
    columns = ("x_note", *reversed(ROW))
    rows = [
        row(reference=reference, allocation=reference[1:], x_note=f"n{reference}", tariff="12,50", amount="50,00")
        for reference in ("R2", "R1")
    ]
    content = csv_of(*rows, separator=";", columns=columns, newline="\r\n")
    name, made = annotated("april.csv", content, [ANSWER])
    assert name == "april-redenen.csv"
    assert made.removeprefix(b"\xef\xbb\xbf").split(b"\r\n")[0].decode() == ";".join((*columns, *VERDICT_COLUMNS))
    second, first = rows_of(made, ";")
    assert (first["reference"], first["x_oordeel"], first["x_codes"], first["x_redenen"]) == ("R1", "in orde", "", "")
    assert (second["x_note"], second["x_oordeel"], second["x_codes"]) == ("nR2", "afgewezen", "0611 9346")
    assert second["x_juiste_waarde"] == "tariff = 13.00; amount = 52.00"
    assert second["x_redenen"]
    assert second["x_oplossing"]
    assert read_file("again.csv", made)[0].lines == read_file("april.csv", content)[0].lines


def test_a_file_that_comes_back_twice_has_its_reasons_once():
    content = csv_of(row(), row(reference="R2", allocation="2"))
    _, once = annotated("a.csv", content, [ANSWER])
    _, twice = annotated("a-redenen.csv", once, [ANSWER])
    assert once == twice


def test_the_encoding_stays_and_plain_ascii_gets_a_mark_for_the_spreadsheet():
    windows = csv_of(row(x_note="één"), columns=(*ROW, "x_note")).decode().encode("cp1252")
    _, made = annotated("a.csv", windows, [])
    assert rows_of(made, encoding="cp1252")[0]["x_note"] == "één"
    _, made = annotated("a.csv", csv_of(row(x_note="één"), columns=(*ROW, "x_note")), [])
    assert not made.startswith(b"\xef\xbb\xbf")
    _, made = annotated("a.csv", csv_of(row()), [])
    assert made.startswith(b"\xef\xbb\xbf")


def test_every_row_with_a_fault_says_so_and_the_others_wait_for_it():
    content = csv_of(
        row(bsn="99990006"),
        row(reference="R2", allocation="2"),
        row(reference="R3", category="1"),
        row(declaration="D2", reference="R4"),
    )
    _, made = annotated("a.csv", content, [])
    verdicts = [(one["reference"], one["x_oordeel"], one["x_codes"], one["x_juiste_waarde"]) for one in rows_of(made)]
    assert verdicts == [
        ("R1", "afgewezen", "RS037", "bsn = 099990006"),
        ("R2", "niet beoordeeld", "", ""),
        ("R3", "afgewezen", "XSD", "category = 01"),
        ("R4", "niet beoordeeld", "", ""),
    ]


def test_faults_inside_the_message_stand_on_their_own_line():
    _, made = annotated("a.csv", csv_of(row(bsn="123456789"), row(reference="R2", allocation="2")), [])
    first, second = rows_of(made)
    assert (first["x_oordeel"], first["x_codes"]) == ("afgewezen", "CS002")
    assert second["x_oordeel"] == "niet beoordeeld"


def test_a_code_of_the_whole_declaration_stands_on_every_line():
    _, made = annotated(
        "a.csv",
        csv_of(row(), row(reference="R2", allocation="2")),
        [Judged("D1", ("9333",), (JudgedLine(("0233",)),) * 2)],
    )
    assert [one["x_codes"] for one in rows_of(made)] == ["0233 9333", "0233 9333"]


def test_no_cell_of_a_returned_csv_is_a_formula():
    hostile = row(x_note="=HYPERLINK(1)", reference="@SUM(A1)", amount="-5", bsn="+1", unit="\t=1")
    _, made = annotated("a.csv", csv_of(hostile, columns=(*ROW, "x_note")), [])
    for one in rows_of(made):
        for cell in one.values():
            assert cell[:1] not in {"=", "+", "-", "@", "\t", "\r"}
    assert rows_of(made)[0]["reference"] == "'@SUM(A1)"


def test_a_file_that_cannot_be_read_is_refused_with_its_reason():
    with pytest.raises(Refusal, match="ontbreekt: amount"):
        annotated("a.csv", csv_of(row(), columns=[name for name in ROW if name != "amount"]), [])
    with pytest.raises(Refusal, match="beschadigd"):
        annotated("a.xlsx", b"PK\x03\x04", [])


# -- a workbook -------------------------------------------------------------------------------------------------------


def test_a_workbook_keeps_its_rows_and_gets_its_reasons():
    rows = [row(from_=date(2025, 4, 1), amount=50, x_note="één"), row(reference="R2", allocation="2")]
    content = workbook(rows, columns=("x_note", *ROW), above=("April",), sheet="Mijn regels")
    name, made = annotated("april.xlsx", content, [ANSWER])
    assert name == "april-redenen.xlsx"
    assert Workbook(made).sheets[0].name == "Mijn regels"
    above, header, first, second = cells_of(made)
    assert above == {0: "April"}
    assert list(header.values()) == ["x_note", *ROW, *VERDICT_COLUMNS]
    assert (first[0], first[11], first[16]) == ("één", datetime.fromisoformat("2025-04-01"), 50.0)
    assert (first[18], second[18], second[19]) == ("in orde", "afgewezen", "0611 9346")
    assert second[22] == "tariff = 13.00; amount = 52.00"
    assert read_file("again.xlsx", made)[0].lines == read_file("april.xlsx", content)[0].lines
    assert cells_of(annotated("again.xlsx", made, [ANSWER])[1]) == cells_of(made)


def test_formulas_come_back_as_the_value_they_had_and_can_be_sent_at_once():
    content = workbook([row(amount="=M2*O2"), row(reference="R2", x_note="=1+1")], columns=(*ROW, "x_note"))
    assert read_file("a.xlsx", content)[0].status is Reading.REFUSED_STRUCTURE
    _, made = annotated("a.xlsx", content, [])
    assert not any(isinstance(cell, Formula) for cells in cells_of(made) for cell in cells.values())
    assert [line.amount for line in read_file("b.xlsx", made)[0].lines] == [Cents(5000), Cents(5000)]


def test_hidden_rows_show_when_they_come_back():
    content = workbook(
        [row(), row(reference="R2", allocation="2")],
        change=lambda _book, page: page.set_row(2, None, None, {"hidden": True}),
    )
    _, made = annotated("a.xlsx", content, [])
    assert cells_of(made)[2][17] == "afgewezen"
    assert len(read_file("b.xlsx", made)[0].lines) == 2


def test_codes_come_back_in_text_cells():
    _, made = annotated("a.xlsx", workbook([row(bsn=99990006)]), [])
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        styles = archive.read("xl/styles.xml").decode()
    assert 'numFmtId="49"' in styles, "the format that a spreadsheet calls text"


# -- XML --------------------------------------------------------------------------------------------------------------


def test_a_message_comes_back_as_a_workbook_of_its_lines():
    content = write_323(a_declaration(total=None), four_lines())
    (came,) = read_file("a.xml", content)
    answer = Judged(came.number or "", ("0200",), (JudgedLine(("9338",)), *[JudgedLine()] * 3))
    name, made = annotated("bericht.xml", content, [answer])
    assert name == "bericht-redenen.xlsx"
    _, first, *others = cells_of(made)
    assert (first[17], first[18]) == ("afgewezen", "9338")
    assert {one[17] for one in others} == {"in orde"}
    again = read_file(name, made)[0]
    kept = {(line.reference, line.amount, line.bsn, line.period_from) for line in came.lines}
    assert {(line.reference, line.amount, line.bsn, line.period_from) for line in again.lines} == kept


def test_a_message_that_cannot_be_read_comes_back_as_its_faults():
    _, made = annotated("a.xml", write_323(a_declaration(), four_lines()).replace(b"Eenheid>04<", b"Eenheid>4<"), [])
    assert "Eenheid" in str(cells_of(made)[1])


# -- corrections in the file itself --------------------------------------------------------------------------------------


def chosen(column, new, **place):
    return Suggestion(column, "", new, Change.FORMAT, "", "", **place)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_chosen_values_stand_in_the_file_and_nothing_else_moves(kind):
    rows = [row(reference="R2", allocation="2"), row(reference="R1")]
    content = csv_of(*rows, separator=";") if kind == "csv" else workbook(rows)
    _, returned = annotated(f"a.{kind}", content, [ANSWER])
    picks = [
        chosen("tariff", "13.00", declaration="D1", position=2),
        chosen("amount", "52.00", declaration="D1", position=2),
    ]
    name, made = corrected(f"a.{kind}", returned, picks)
    assert name == f"a-verbeterd.{kind}"
    first, second = read_file(name, made)[0].lines
    before = read_file("a", content)[0].lines
    assert first == before[0]
    assert (second.reference, second.tariff, second.amount, second.volume) == ("R2", Cents(1300), Cents(5200), 4)
    assert b"x_oordeel" not in made


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_lost_zeros_and_thousands_are_proposed_and_taken_over(kind):
    rows = [
        row(bsn="99990006", subcontractor="1410001", amount="1.050,00"),
        row(reference="R2", subcontractor="1410001", bsn="099990006"),
    ]
    content = csv_of(*rows, separator=";") if kind == "csv" else workbook(rows)
    found = file_suggestions(f"a.{kind}", content)
    assert [(one.row, one.column, one.new, one.change) for one in found] == [
        (2, "subcontractor", "01410001", Change.FORMAT),
        (2, "bsn", "099990006", Change.FORMAT),
        (2, "amount", "1050.00", Change.FORMAT),
        (3, "subcontractor", "01410001", Change.FORMAT),
    ]
    name, made = corrected(f"a.{kind}", content, found)
    (one,) = read_file(name, made)
    assert one.status is not Reading.REFUSED_STRUCTURE
    assert [(line.amount, line.bsn) for line in one.lines] == [(Cents(105000), "099990006"), (Cents(5000), "099990006")]


def test_a_message_is_corrected_into_a_workbook():
    content = write_323(a_declaration(total=None), four_lines())
    (came,) = read_file("a.xml", content)
    name, made = corrected("a.xml", content, [chosen("tariff", "99.00", declaration=came.number or "", position=1)])
    assert name == "a-verbeterd.xlsx"
    line = next(one for one in read_file(name, made)[0].lines if one.reference == came.lines[0].reference)
    assert line.tariff == Cents(9900)


def test_what_cannot_be_read_at_all_has_no_suggestions():
    assert (
        file_suggestions("a.csv", b"x") == file_suggestions("a.xml", b"<a/>") == file_suggestions("a.xlsx", b"PK") == ()
    )
