"""Declarations in a workbook: read exactly, or named; what a spreadsheet did to a value is never guessed."""

from __future__ import annotations

import io
from datetime import date, datetime

import pytest
import python_calamine
from hypothesis import given
from hypothesis import strategies as st

from lead_contractor.kernel.money import Cents
from subcontractors.declarations import sheet_reader
from subcontractors.declarations.incoming import Reading
from subcontractors.declarations.model import Channel
from subcontractors.declarations.reader import read_file
from subcontractors.declarations.sheet_reader import read_sheet
from tests.subcontractors.declarations.test_csv_reader import ROW, only, only_fault, read, row
from tests.subcontractors.declarations.workbooks import MAIN, cells_of, raw, repacked, sheet_xml, workbook

NUMBERS = {"allocation": 20072, "volume": 4, "tariff": 12.5, "amount": 50}
DAYS = {"received": date(2025, 5, 6), "from_": date(2025, 4, 1), "to": date(2025, 4, 30)}


def sheet(*rows, **form):
    return read_sheet("april.xlsx", workbook(rows, **form))


# -- what is read -----------------------------------------------------------------------------------------------------


def test_a_workbook_is_the_same_declaration_as_its_csv():
    plain = only(read(row()))
    for one in (only(sheet(row())), only(sheet(row(**NUMBERS, **DAYS)))):
        assert (one.status, one.kind, one.number, one.faults) == (Reading.OK, "323", "D1", ())
        assert one.declaration.channel is Channel.XLSX
        assert one.lines == plain.lines
        assert one.content_hash == plain.content_hash


def test_dutch_names_titles_above_and_own_columns_are_taken():
    titles = {
        "reference": "Referentie",
        "from": "Van",
        "to": "Tot en met",
        "amount": "Bedrag",
        "allocation": "Toewijzing",
    }
    found = sheet(row(x_note="ours"), above=("Declaratie april", ""), titles=titles, columns=("x_note", *ROW))
    assert only(found).lines == only(read(row())).lines


def test_several_declarations_in_one_sheet_are_each_their_own_result():
    found = sheet(row(declaration="D10"), row(declaration="D9", reference="R2"), row(declaration="D10", reference="R3"))
    assert [(one.number, len(one.lines)) for one in found] == [("D9", 1), ("D10", 2)]


def test_empty_rows_and_columns_are_passed_over():
    def change(book, page):
        page.write_blank(5, 30, None, book.add_format({"bold": True}))
        page.write_string(7, 3, "  ")

    assert only(sheet(row(), change=change)).lines == only(read(row())).lines


def test_the_month_may_be_the_date_that_a_spreadsheet_made_of_it():
    assert only(sheet(row(period=date(2025, 4, 1)))).period == "2025-04"
    assert "geen maand" in only_fault(sheet(row(period=date(2025, 4, 2)))).message


def test_amounts_are_exact_to_the_cent():
    (line,) = only(sheet(row(tariff=55.8, amount=0.29, volume=1))).lines
    assert (line.tariff, line.amount) == (Cents(5580), Cents(29))
    stored = repacked(
        workbook([row(tariff=55.8)]), lambda _, part: part.replace(b"<v>55.8</v>", b"<v>55.799999999999997</v>")
    )
    assert only(read_sheet("a.xlsx", stored)).lines[0].tariff == Cents(5580)


@given(st.integers(0, 99_999_999))
def test_every_amount_of_cents_survives_a_number_cell(cents):
    content = sheet_xml(tuple(ROW)).replace(
        "</sheetData>",
        "<row>"
        + "".join(
            f"<c><v>{cents / 100!r}</v></c>" if name == "amount" else f'<c t="inlineStr"><is><t>{value}</t></is></c>'
            for name, value in ROW.items()
        )
        + "</row></sheetData>",
    )
    assert only(read_sheet("a.xlsx", raw(content))).lines[0].amount == cents


def test_an_independent_reader_sees_the_same_cells():
    content = workbook([row(**NUMBERS, **DAYS), row(reference="R2", x_note="é\u00a0<&>")], columns=(*ROW, "x_note"))
    ours = [[cells.get(place, "") for place in range(18)] for cells in cells_of(content)]
    theirs = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    flat = [[datetime.fromisoformat(str(c)) if type(c) is date else c for c in cells] for cells in theirs]
    assert ours == flat


def test_dates_counted_from_1904_are_the_same_days():
    out = io.BytesIO()
    import xlsxwriter

    book = xlsxwriter.Workbook(out, {"date_1904": True})
    page = book.add_worksheet()
    page.write_row(0, 0, list(ROW))
    look = book.add_format({"num_format": "d mmm yyyy"})
    for place, (name, value) in enumerate(ROW.items()):
        if name in ("received", "from", "to"):
            page.write_datetime(1, place, date.fromisoformat(value), look)
        else:
            page.write_string(1, place, value)
    book.close()
    assert only(read_sheet("a.xlsx", out.getvalue())).lines == only(read(row())).lines


# -- what is named ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "value", "rule", "words"),
    [
        ("bsn", 99990006, "RS037", "8 cijfers in plaats van 9"),
        ("bsn", 99990006, "RS037", "zet de nul er weer voor"),
        ("subcontractor", 1410001, "RS036", "vul ‘01410001’ in"),
        ("category", 1, "XSD", "voorloopnul is weggevallen: ‘01’"),
        ("unit", 4, "XSD", "voorloopnul is weggevallen: ‘04’"),
        ("product_code", 2001, "RS012", "vul ‘02001’ in"),
        ("product_code", "1A03", "RS012", "vul ‘01A03’ in"),
        ("reference", 1234567890123456, "RS019", "meer dan 15 cijfers"),
        ("reference", date(2025, 3, 1), "RS019", "is een datum"),
        ("reference", True, "RS019", "WAAR of ONWAAR"),
        ("amount", 12.499999999, "XLSX", "meer dan twee decimalen"),
        ("amount", -50, "XLSX", "negatief"),
        ("amount", "1.234,56", "XLSX", "duizendtallen"),
        ("amount", "=M2*O2", "XLSX", "is een formule"),
        ("volume", "=2+2", "RS005", "plak haar als waarden"),
        ("volume", 4.5, "RS005", "geen geheel getal"),
        ("from", 45748, "RS032", "is een getal, geen datum"),
        ("from", "1-4-25", "RS032", "vier cijfers voor het jaar"),
        ("to", datetime.fromisoformat("2025-04-30T12:00"), "RS032", "een tijd bij de datum"),
        ("reference", "+31", "RS019", "begint met ‘+’"),
        ("allocation", "2E+04", "RS006", "wetenschappelijke notatie"),
    ],
)
def test_each_wrong_cell_is_named_with_row_and_column(column, value, rule, words):
    fault = only_fault(sheet(row(**{column: value})))
    assert (fault.rule, fault.place, fault.line) == (rule, column, 2)
    assert words in f"{fault.message} {fault.remedy}"
    assert fault.message.startswith(f"{column} ")


def test_a_bsn_never_stands_in_a_fault():
    (one,) = sheet(row(bsn=99990006), row(reference="R2", bsn="=999900006"))
    assert not any("9990006" in str(fault) for fault in one.faults)


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#DIV/0!"])
def test_an_error_value_is_named(error):
    content = repacked(
        workbook([row(volume=4)]),
        lambda _, part: part.replace(b'<c r="M2"><v>4</v>', f'<c r="M2" t="e"><v>{error}</v>'.encode()),
    )
    assert f"foutwaarde ‘{error}’" in only_fault(read_sheet("a.xlsx", content)).message


def test_a_hidden_row_is_named_and_no_line_of_it_is_declared():
    found = sheet(row(), row(reference="R2"), change=lambda _book, page: page.set_row(2, None, None, {"hidden": True}))
    fault = only_fault(found)
    assert (fault.line, "verborgen" in fault.message) == (3, True)


def test_merged_cells_are_named_on_every_row_they_touch():
    def change(_book, page):
        page.merge_range("E2:E3", "R1")

    (one,) = sheet(row(), row(reference="R2"), row(reference="R3"), change=change)
    assert [(fault.line, "samengevoegde" in fault.message) for fault in one.faults] == [(2, True), (3, True)]


def test_a_merged_title_above_the_header_is_no_matter():
    found = sheet(row(), above=("April",), change=lambda _book, page: page.merge_range("A1:Q1", "April"))
    assert only(found).status is Reading.OK


def test_a_value_beside_the_table_is_named():
    fault = only_fault(sheet(row(), change=lambda _book, page: page.write_string(1, 25, "stray")))
    assert "kolom zonder naam" in fault.message


def test_two_sheets_with_lines_are_refused_by_name_and_a_hidden_one_is_remarked_upon():
    def second(hidden):
        def change(book, page):
            other = book.add_worksheet("Mei")
            other.write_row(0, 0, list(ROW))
            if hidden:
                other.hide()

        return change

    fault = only_fault(sheet(row(), change=second(hidden=False)))
    assert "‘Regels’, ‘Mei’" in fault.message
    one = only(sheet(row(), change=second(hidden=True)))
    assert (one.status, one.remarks) == (Reading.OK, ("Het verborgen werkblad ‘Mei’ is niet gelezen.",))


def test_other_sheets_may_hold_what_they_like():
    def change(book, page):
        other = book.add_worksheet("Uitleg")
        other.write_string(0, 0, "Vul per toewijzing het volume in.")

    assert only(sheet(row(), change=change)).status is Reading.OK


def test_unknown_missing_and_no_columns_are_named():
    assert "onbekend: ‘note’" in only_fault(sheet(row(note="x"), columns=(*ROW, "note"))).message
    assert "ontbreekt: amount" in only_fault(sheet(row(), columns=[name for name in ROW if name != "amount"])).message
    assert "kolomnamen" in only_fault(read_sheet("a.xlsx", raw(sheet_xml(("a", "b"))))).message
    assert "geen enkele regel" in only_fault(sheet()).message


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(sheet_reader, "MOST_SHEET_ROWS", 2)
    assert only(sheet(row(), row(reference="R2"))).status is Reading.OK
    assert "meer dan 2 rijen" in only_fault(sheet(row(), row(reference="R2"), row(reference="R3"))).message


def test_phonetic_hints_and_rich_text_give_the_text_that_shows():
    strings = (
        f'<sst xmlns="{MAIN}">'
        + "".join(
            f"<si><r><t>{text[:1]}</t></r><r><t>{text[1:]}</t></r><rPh><t>x</t></rPh></si>"
            for text in [*ROW, *ROW.values()]
        )
        + "</sst>"
    )
    cells = "".join(f'<c t="s"><v>{place}</v></c>' for place in range(17))
    values = "".join(f'<c t="s"><v>{place}</v></c>' for place in range(17, 34))
    body = f'<worksheet xmlns="{MAIN}"><sheetData><row>{cells}</row><row>{values}</row></sheetData></worksheet>'
    assert only(read_sheet("a.xlsx", raw(body, {"xl/sharedStrings.xml": strings}))).lines == only(read(row())).lines


def test_the_door_reads_workbooks_by_extension_or_by_content():
    for name in ("april.xlsx", "APRIL.XLSX", "april"):
        assert read_file(name, workbook([row()]))[0].status is Reading.OK
    refused = read_file("april.csv", workbook([row()]))[0]
    assert "werkblad" in refused.faults[0].message
