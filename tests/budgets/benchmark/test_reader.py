"""Reading a table of spending: our own columns and an export of CBS, with findings that name row and column."""

from __future__ import annotations

import pytest

from budgets.benchmark.reader import LIMIT, read
from budgets.benchmark.store import PACKED, packed

HEAD = "municipality_code,municipality,year,spending_thousands,inhabitants,provisional,break,note,source\n"


def wrong(text: str) -> list[tuple[str, int | None, str]]:
    _, findings = read("tabel.csv", text.encode())
    assert not (findings and any(not one.remedy for one in findings))
    return [(one.rule.removeprefix("BENCHMARK-"), one.row, one.column) for one in findings]


def test_the_packed_table_reads_back():
    rows, findings = read("x.csv", PACKED.read_bytes())
    assert findings == []
    assert len(rows) == 8 * 5 + 3
    assert rows == packed().rows


@pytest.mark.parametrize(("line", "found"), [
    ("1911,Hollands Kroon,2023,7000,49000,yes,,,", []),
    ("1911,Hollands Kroon,2023,,49000,,,,", []),
    ("1911,Hollands Kroon,2023,.,,,ja,,", []),
    ("191,Hollands Kroon,2023,7000,,,,,", [("CODE", 2, "municipality_code")]),
    ("1911,,2023,7000,,,,,", [("NAME", 2, "municipality")]),
    ("1911,Hollands Kroon,23,7000,,,,,", [("YEAR", 2, "year")]),
    ("1911,Hollands Kroon,1999,7000,,,,,", [("YEAR", 2, "year")]),
    ("1911,Hollands Kroon,2023,7.000,,,,,", [("NUMBER", 2, "spending_thousands")]),
    ("1911,Hollands Kroon,2023,-5,,,,,", [("NUMBER", 2, "spending_thousands")]),
    ("1911,Hollands Kroon,2023,7000,0,,,,", [("NUMBER", 2, "inhabitants")]),
    ("1911,Hollands Kroon,2023,7000,,misschien,,,", [("FLAG", 2, "provisional")]),
    ("1911,Hollands Kroon,2023,7000", [("CELLS", 2, "")]),
    ("x,Hollands Kroon,y,z,,,,,", [("CODE", 2, "municipality_code"), ("YEAR", 2, "year"), ("NUMBER", 2, "spending_thousands")]),
    (f"1911,Hollands Kroon,2023,7000,,,,{'x' * 501},", [("LONG", 2, "note")]),
], ids=str)  # fmt: skip
def test_each_row_is_taken_or_named(line, found):
    assert wrong(HEAD + line + "\n") == found


def test_what_is_wrong_with_the_whole():
    assert wrong("naam,jaar\nx,2023\n") == [("COLUMNS", 1, "")]
    assert wrong(HEAD) == [("EMPTY", None, "")]
    assert wrong("") == [("EMPTY", None, "")]
    twice = "1911,Hollands Kroon,2023,7000,,,,,\n"
    assert wrong(HEAD + twice + twice) == [("TWICE", 3, "year")]
    assert [one.rule for one in read("x.csv", b"\xff\xfe\x00")[1]] == ["BENCHMARK-TEXT"]
    assert [one.rule for one in read("x.csv", b"x" * (LIMIT + 1))[1]] == ["BENCHMARK-LARGE"]


CBS = """"ID";"RegioS";"Perioden";"UitgavenWmo_1"
"1";"GM1911";"2022JJ00";"6658"
"2";"GM1911";"2023JJ00";"7001"
"3";"GM0222";"2020JJ00";"       ."
"4";"GM0014";"2021JJ00";"100738"
"5";"NL01  ";"2022JJ00";"4000000"
"6";"GM1911";"2022KW01";"1500"
"7";"GM9999";"2022JJ00";"12"
"""


def test_an_export_of_cbs_takes_names_inhabitants_and_breaks_from_the_table_before():
    rows, findings = read("cbs.csv", CBS.encode(), packed().rows)
    assert findings == []
    assert [(row.municipality, row.year, row.spending_thousands, row.inhabitants, row.breaks) for row in rows] == [
        ("Groningen", 2021, 100738, 235000, True),
        ("Doetinchem", 2020, None, 59000, False),
        ("Hollands Kroon", 2022, 6658, 49000, False),
        ("Hollands Kroon", 2023, 7001, 49000, False),
    ]


def test_an_export_of_cbs_with_more_measures_is_refused():
    text = CBS.replace('"UitgavenWmo_1"', '"UitgavenWmo_1";"Baten_2"').replace('"6658"', '"6658";"12"')
    _, findings = read("cbs.csv", text.encode(), packed().rows)
    assert [one.rule for one in findings] == ["BENCHMARK-MEASURE"]
