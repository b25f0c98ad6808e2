"""Declarations in CSV: what is read, what is named, and which fault refuses what."""

from __future__ import annotations

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_contractor.kernel.money import Cents
from subcontractors.declarations import rows
from subcontractors.declarations.cells import bare, harmless
from subcontractors.declarations.csv_reader import COLUMNS, natural, read_declarations
from subcontractors.declarations.incoming import Reading
from subcontractors.declarations.model import Channel

ROW = {
    "declaration": "D1",
    "period": "2025-04",
    "received": "2025-05-06",
    "subcontractor": "41410001",
    "reference": "R1",
    "previous_reference": "",
    "bsn": "999900006",
    "allocation": "20072",
    "category": "01",
    "product_code": "01A03",
    "from": "2025-04-01",
    "to": "2025-04-30",
    "volume": "4",
    "unit": "04",
    "tariff": "12.50",
    "amount": "50.00",
    "debit_credit": "D",
}


def row(**values):
    """A sound row with some cells otherwise; ``from_`` stands for the column ``from``."""
    return ROW | {name.removesuffix("_"): value for name, value in values.items()}


def csv_of(*rows, separator=",", columns=tuple(ROW), newline="\n"):
    lines = [separator.join(columns)]
    lines += [
        separator.join(f'"{one[name]}"' if separator in one[name] else one[name] for name in columns) for one in rows
    ]
    return (newline.join(lines) + newline).encode()


def read(*rows, **form):
    return read_declarations("april.csv", csv_of(*rows, **form))


def only(found):
    assert len(found) == 1
    return found[0]


def only_fault(found):
    one = only(found)
    assert one.status is Reading.REFUSED_STRUCTURE
    assert len(one.faults) == 1, [str(fault) for fault in one.faults]
    assert one.faults[0].remedy
    assert one.lines == ()
    return one.faults[0]


# -- what is read -----------------------------------------------------------------------------------------------------


def test_a_declaration_is_read():
    one = only(read(row(), row(reference="R2", previous_reference="OLD", debit_credit="C", amount="1234.5")))
    assert (one.status, one.kind, one.number, one.identification) == (Reading.OK, "323", "D1", "D1")
    assert (one.sender, one.period, one.received) == ("41410001", "2025-04", date(2025, 5, 6))
    head = one.declaration
    assert (head.channel, head.receiver, head.total) == (Channel.CSV, "", None)
    assert (head.period_from, head.period_to) == (date(2025, 4, 1), date(2025, 4, 30))
    assert (head.received, head.dated) == (date(2025, 5, 6), date(2025, 5, 6))
    first, second = one.lines
    assert (first.position, first.reference, first.amount, first.tariff) == (1, "R1", Cents(5000), Cents(1250))
    assert (first.credit, first.previous_reference) == (False, "")
    assert (second.position, second.amount, second.credit, second.previous_reference) == (2, 123450, True, "OLD")


def test_the_municipality_may_be_given():
    assert only(read_declarations("a.csv", csv_of(row()), receiver="1911")).declaration.receiver == "1911"


def test_unit_83_has_its_volume_in_cents_and_no_tariff():
    (line,) = only(read(row(unit="83", tariff="", volume="5000"))).lines
    assert (line.volume, line.amount, line.tariff) == (5000, 5000, None)


def test_semicolons_decimal_commas_and_a_byte_order_mark_are_the_same_content():
    plain = only(read(row(), row(reference="R2", amount="1234.56")))
    dutch = row(tariff="12,50", amount="50,00"), row(reference="R2", tariff="12,50", amount="1234,56")
    other = csv_of(*dutch, separator=";", newline="\r\n", columns=tuple(reversed(ROW)))
    found = only(read_declarations("b.csv", b"\xef\xbb\xbf" + other))
    assert found.lines == plain.lines
    assert found.content_hash == plain.content_hash


def test_blank_rows_own_columns_and_spaces_are_passed_over():
    columns = ("x_note", *ROW)
    one = only(read(row(x_note="ours", bsn=" 999900006 "), columns=columns))
    assert one.lines == only(read(row())).lines
    assert only(read_declarations("a.csv", b"\n\n" + csv_of(row()) + b"\n,,,\n")).status is Reading.OK


def test_each_declaration_in_the_file_is_its_own_result():
    found = read(
        row(declaration="D10"),
        row(declaration="D9", reference="R2"),
        row(subcontractor="41410000", declaration="D9", reference="R3"),
        row(declaration="D10", reference="R4"),
    )
    assert [(one.sender, one.number, len(one.lines)) for one in found] == [
        ("41410000", "D9", 1),
        ("41410001", "D9", 1),
        ("41410001", "D10", 2),
    ]


def test_lines_stand_in_the_natural_order_of_their_reference():
    rows = [row(reference=reference) for reference in ("R10", "R9", "r1", "2", "R9a", "10")]
    lines = only(read(*rows)).lines
    assert [line.reference for line in lines] == ["2", "10", "R9", "R9a", "R10", "r1"]
    assert [line.position for line in lines] == [1, 2, 3, 4, 5, 6]
    assert natural("RN2") < natural("RN10") < natural("RN10a")


def test_equal_references_go_by_period_and_allocation():
    rows = (row(allocation="9", from_="2025-04-02"), row(allocation="10"), row(allocation="9"))
    lines = only(read(*rows)).lines
    assert [(line.period_from.day, line.allocation) for line in lines] == [(1, "9"), (1, "10"), (2, "9")]


@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_carries_no_meaning(dice: random.Random):
    rows = [row(reference=f"R{n % 7}", allocation=str(n), declaration=f"D{n % 2}", amount=f"{n}.10") for n in range(12)]
    rows.append(row(declaration="D3", bsn="1"))
    shuffled = list(rows)
    dice.shuffle(shuffled)
    before, after = read(*rows), read(*shuffled)
    assert [one.lines for one in before] == [one.lines for one in after]
    assert [one.content_hash for one in before] == [one.content_hash for one in after]


# -- a fault in a row refuses its declaration only ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "value", "rule", "words"),
    [
        ("subcontractor", "1410001", "RS036", "7 cijfers in plaats van 8"),
        ("bsn", "99990006", "RS037", "8 cijfers in plaats van 9"),
        ("category", "1", "XSD", "voorloopnul is weggevallen: ‘01’"),
        ("category", "19", "XSD", "codelijst"),
        ("unit", "4", "XSD", "voorloopnul is weggevallen: ‘04’"),
        ("debit_credit", "debet", "XSD", "D of C"),
        ("declaration", "D-1", "CS319", "letters en cijfers"),
        ("declaration", "D" * 13, "CS319", "13 tekens"),
        ("reference", "R" * 21, "RS019", "21 tekens"),
        ("reference", "", "RS019", "leeg"),
        ("reference", "R\x01", "RS019", "besturingsteken"),
        ("product_code", "01A034", "RS012", "6 tekens"),
        ("allocation", "20072.0", "RS006", "geen geheel getal"),
        ("allocation", "1000000000", "RS006", "past niet"),
        ("volume", "4,5", "RS005", "geen geheel getal"),
        ("volume", "-4", "RS005", "negatief"),
        ("period", "04-2025", "CSV", "JJJJ-MM"),
        ("period", "2025-13", "CSV", "JJJJ-MM"),
        ("received", "6-5-25", "RS032", "vier cijfers voor het jaar"),
        ("received", "6/5/2025", "RS032", "DD-MM-JJJJ"),
        ("received", "31-4-2025", "RS032", "bestaande datum"),
        ("received", "2025-5-6", "RS032", "JJJJ-MM-DD"),
        ("subcontractor", "1410001", "RS036", "vul ‘01410001’ in"),
        ("subcontractor", "1410001", "RS036", "Maak de kolom op als Tekst"),
        ("bsn", "99990006", "RS037", "zet de nul er weer voor"),
        ("bsn", "9,99900006E+08", "RS037", "wetenschappelijke notatie"),
        ("allocation", "2E+04", "RS006", "wetenschappelijke notatie"),
        ("product_code", "1A03", "RS012", "vul ‘01A03’ in"),
        ("product_code", "2001", "RS012", "vul ‘02001’ in"),
        ("product_code", "1E+03", "RS012", "wetenschappelijke notatie"),
        ("period", "apr-25", "CSV", "vul de maand als JJJJ-MM: 2025-04"),
        ("period", "mrt 2025", "CSV", "vul de maand als JJJJ-MM: 2025-03"),
        ("volume", "#N/B", "RS005", "foutwaarde ‘#N/B’"),
        ("amount", "#REF!", "CSV", "foutwaarde"),
        ("amount", "=A1*B1", "CSV", "is een formule"),
        ("reference", "=1+1", "RS019", "is een formule"),
        ("reference", "+31", "RS019", "begint met ‘+’"),
        ("reference", "-1", "RS019", "begint met ‘-’"),
        ("reference", "@SUM(1)", "RS019", "begint met ‘@’"),
        ("from", "2025-04-01 00:00:00", "RS032", "tijd"),
        ("to", "2025-04-31", "RS032", "bestaande datum"),
        ("amount", "", "CSV", "leeg"),
        ("amount", "-50.00", "CSV", "negatief"),
        ("amount", "€ 50.00", "CSV", "euroteken"),
        ("amount", "50.005", "CSV", "duizendtallen"),
        ("amount", "0.005", "CSV", "twee decimalen"),
        ("amount", "5000.005", "CSV", "twee decimalen"),
        ("amount", "1E3", "CSV", "twee decimalen"),
        ("amount", "50,00", "CSV", "decimale komma"),
        ("amount", "1,234.56", "CSV", "duizendtallen"),
        ("amount", "1.234.567", "CSV", "duizendtallen"),
        ("amount", "1 234.56", "CSV", "duizendtallen"),
        ("amount", "1000000.00", "CSV", "ten hoogste 999999.99 euro"),
        ("tariff", "twaalf", "CSV", "twee decimalen"),
    ],
)
def test_each_wrong_cell_is_named_with_row_and_column(column, value, rule, words):
    fault = only_fault(read(row(**{column: value})))
    assert (fault.rule, fault.place, fault.line) == (rule, column, 2)
    assert words in f"{fault.message} {fault.remedy}"
    assert fault.message.startswith(f"{column} ")


@pytest.mark.parametrize("value", ["1.234,56", "1.234", "1 234,56", "1'234,56", "1\u00a0234,56", "12.345.678,90"])
def test_thousands_separators_are_refused_by_name_with_semicolons_too(value):
    fault = only_fault(read(row(amount=value), separator=";"))
    assert "duizendtallen" in fault.message


def test_a_fault_refuses_its_own_declaration_and_keeps_whose_it_is():
    refused, sound = read(row(bsn="1"), row(reference="R2"), row(declaration="D2", reference="R3"))
    assert (refused.number, refused.status) == ("D1", Reading.REFUSED_STRUCTURE)
    assert (refused.sender, refused.period, refused.received) == ("41410001", "2025-04", date(2025, 5, 6))
    assert refused.declaration is None
    assert (sound.number, sound.status, len(sound.lines)) == ("D2", Reading.OK, 1)


def test_a_row_that_belongs_nowhere_is_refused_by_itself():
    nowhere, sound = read(row(declaration=""), row(reference="R2"))
    assert (nowhere.sender, nowhere.number, nowhere.status) == (None, None, Reading.REFUSED_STRUCTURE)
    assert nowhere.faults[0].place == "declaration"
    assert sound.status is Reading.OK


def test_rows_that_disagree_in_period_or_receipt_are_named():
    fault = only_fault(read(row(), row(reference="R2"), row(reference="R3", period="2025-05")))
    assert (fault.place, fault.line) == ("period", 4)
    fault = only_fault(read(row(), row(reference="R2", received="2025-05-07")))
    assert (fault.place, fault.line) == ("received", 3)


def test_a_row_with_a_cell_too_many_says_so():
    broken = csv_of(row(), row(reference="R2")).replace(b"R2,,", b"R2,,,")
    fault = only_fault(read_declarations("a.csv", broken))
    assert (fault.line, fault.message) == (3, "De rij heeft 18 cellen, de kop 17.")


def test_rows_are_counted_as_an_editor_does():
    rows = row(x_note='"a\nb"'), row(x_note="", reference="R2", bsn="1")
    broken = csv_of(*rows, columns=("x_note", *ROW))
    assert only_fault(read_declarations("a.csv", broken)).line == 4


# -- as Dutch spreadsheets write -------------------------------------------------------------------------------------------


DUTCH_HEADER = (
    "Declaratie;Periode;Ontvangen;AGB-code;Referentie;Vorige referentie;BSN;Toewijzing;Categorie;Productcode;Van;"
    "Tot en met;Volume;Eenheid;Tarief;Bedrag;Debet/credit"
)
DUTCH_ROW = "D1;2025-04;06-05-2025;41410001;R1;;999900006;20072;01;01A03;1-4-2025;30-4-2025;4;04;12,50;50,00;D"


def test_a_dutch_spreadsheet_is_read_as_it_is_saved():
    dutch = f"sep=;\r\n{DUTCH_HEADER};;\r\n{DUTCH_ROW};;\r\n;;;;;;;;;;;;;;;;;;\r\n".encode()
    plain = only(read(row()))
    one = only(read_declarations("april.csv", dutch))
    assert one.faults == ()
    assert one.lines == plain.lines
    assert one.content_hash == plain.content_hash


def test_faults_name_the_column_as_the_file_does_and_count_the_separator_line():
    text = f"sep=;\r\n{DUTCH_HEADER}\r\n{DUTCH_ROW.replace('999900006', '99900006')}\r\n"
    fault = only_fault(read_declarations("april.csv", text.encode()))
    assert (fault.line, fault.place) == (3, "bsn")
    assert fault.message.startswith("BSN heeft 8 cijfers in plaats van 9")
    assert "99900006" not in str(fault)


def test_windows_1252_is_read_where_nothing_of_ours_depends_on_it():
    text = csv_of(row(x_note="één"), columns=("x_note", *ROW)).decode()
    assert only(read_declarations("a.csv", text.encode("cp1252"))).lines == only(read(row())).lines
    fault = only_fault(read_declarations("a.csv", csv_of(row(reference="café")).decode().encode("cp1252")))
    assert (fault.place, fault.line) == ("reference", 2)
    assert "‘é’" in fault.message
    assert "UTF-8" in fault.remedy


def test_hard_spaces_around_a_value_are_no_part_of_it():
    assert only(read(row(bsn="\u00a0999900006\u00a0 "))).lines == only(read(row())).lines


def test_a_value_in_a_nameless_column_is_named():
    fault = only_fault(
        read_declarations("a.csv", csv_of(row()).replace(b"debit_credit", b"debit_credit,").replace(b",D\n", b",D,x\n"))
    )
    assert "kolom zonder naam" in fault.message


def test_an_apostrophe_makes_text_of_what_looks_like_a_formula():
    (line,) = only(read(row(reference="'=1+1"))).lines
    assert line.reference == "=1+1"
    (line,) = only(read(row(reference="'plain"))).lines
    assert line.reference == "'plain"


@given(st.text(max_size=12))
def test_what_is_made_harmless_reads_back_as_it_was(text):
    assert bare(harmless(text)) == text
    assert harmless(text)[:1] not in {"=", "+", "-", "@", "\t", "\r"}


def test_both_names_of_one_column_are_named():
    doubled = csv_of(row(bedrag="1"), columns=(*ROW, "bedrag"))
    assert "dubbel: amount" in only_fault(read_declarations("a.csv", doubled)).message


def test_many_faults_are_summed_up():
    one = only(read(*[row(reference=f"R{n}", bsn="1") for n in range(250)]))
    assert len(one.faults) == rows.MOST_FAULTS + 1
    assert "nog 150 fouten" in one.faults[-1].message


# -- a fault in the file refuses the file --------------------------------------------------------------------------------


@pytest.mark.parametrize("column", COLUMNS)
def test_a_missing_column_is_named(column):
    fault = only_fault(read(row(), columns=[name for name in ROW if name != column]))
    assert f"ontbreekt: {column}" in fault.message
    assert fault.line == 1


def test_unknown_and_double_columns_are_named():
    assert "onbekend: ‘note’" in only_fault(read(row(note="x"), columns=(*ROW, "note"))).message
    assert "dubbel: bsn" in only_fault(read(row(), columns=(*ROW, "bsn"))).message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "leeg"),
        (b"\n\n", "leeg"),
        (csv_of(), "geen enkele regel"),
        (csv_of(row()).decode().encode("utf-16"), "UTF-16"),
        (b"\x81" + csv_of(row()), "UTF-8"),
        (csv_of(row()).replace(b",", b"\t"), "tabs"),
        (csv_of(row()).replace(b"R1", b'"R"1'), "aanhalingstekens"),
        (csv_of(row()).replace(b"R1", b'"R1'), "aanhalingstekens"),
        (csv_of(row()).replace(b"R1", b"R\0"), "nultekens"),
        (b"PK\x03\x04...", "werkblad"),
    ],
    ids=["empty", "blank", "header only", "utf-16", "no text", "tabs", "quotes", "open quote", "nul", "zip"],
)
def test_what_cannot_be_read_as_csv_is_told(content, words):
    found = read_declarations("april.csv", content)
    assert words in only_fault(found).message
    assert (found[0].kind, found[0].sender, found[0].number) == ("323", None, None)


def test_a_file_over_the_limit_is_refused(tmp_path):
    path = tmp_path / "large.csv"
    path.write_bytes(csv_of(row()) + b"\n" * 1000)
    assert only(read_declarations("large.csv", path, limit=path.stat().st_size)).status is Reading.OK
    fault = only_fault(read_declarations("large.csv", path, limit=path.stat().st_size - 1))
    assert fault.rule == "OP179"


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(rows, "MOST_ROWS", 2)
    assert only(read(row(), row(reference="R2"))).status is Reading.OK
    assert "meer dan 2 rijen" in only_fault(read(row(), row(reference="R2"), row(reference="R3"))).message
