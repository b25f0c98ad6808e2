"""One door for files: XML or CSV by their content, checked on levels 1 and 2 by the same rules."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_contractor.kernel.money import Cents, euros_text
from subcontractors.declarations.incoming import Reading
from subcontractors.declarations.model import Status
from subcontractors.declarations.reader import read_file
from subcontractors.iwmo.writer import write_305, write_323
from tests.subcontractors.declarations.test_csv_reader import csv_of, row
from tests.subcontractors.iwmo.examples import a_declaration, a_line, a_start, four_lines, the_declaration, the_stop


def as_csv(lines):
    """The same lines as rows of a CSV."""
    return csv_of(
        *(
            row(
                reference=line.reference,
                previous_reference=line.previous_reference,
                bsn=line.bsn,
                allocation=line.allocation,
                category=line.category,
                product_code=line.product_code,
                from_=str(line.period_from),
                to=str(line.period_to),
                volume=str(line.volume),
                unit=line.unit,
                tariff="" if line.tariff is None else euros_text(line.tariff),
                amount=euros_text(line.amount),
                debit_credit="C" if line.credit else "D",
            )
            for line in lines
        )
    )


@pytest.mark.parametrize("name", ["a.xml", "a.csv", "a", "a.XML", "a.dat"])
def test_what_begins_with_an_angle_bracket_is_xml(name, tmp_path):
    (one,) = read_file(name, the_declaration())
    assert (one.kind, one.status, len(one.lines)) == ("323", Reading.OK, 4)
    path = tmp_path / "message"
    path.write_bytes(b"\xef\xbb\xbf\r\n".removesuffix(b"\r\n") + the_declaration())
    assert read_file(name, path)[0].lines == one.lines


def test_otherwise_the_extension_decides(tmp_path):
    assert read_file("a.csv", csv_of(row()))[0].status is Reading.OK
    assert "geen XML" in read_file("a.xml", csv_of(row()))[0].faults[0].message
    path = tmp_path / "b.csv"
    path.write_bytes(csv_of(row()))
    assert read_file(path.name, path) == read_file("a.csv", csv_of(row()))
    (refused,) = read_file("a.docx", b"PK\x03\x04")
    assert ".docx" in refused.faults[0].message


def test_a_zip_called_xml_is_told():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.xml", the_declaration())
    (refused,) = read_file("a.xml", out.getvalue())
    assert refused.status.value == Status.REFUSED_STRUCTURE.value
    assert "zip" in refused.faults[0].message


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_told_whatever_the_extension(encoding):
    assert "UTF-16" in read_file("a.dat", the_declaration().decode().encode(encoding))[0].faults[0].message


def test_a_broken_rule_of_level_2_refuses_the_content_and_keeps_the_declaration():
    (one,) = read_file("a.xml", write_323(a_declaration(total=Cents(1)), four_lines()))
    assert one.status.value == Status.REFUSED_CONTENT.value
    assert one.rules == ("TR358",)
    assert one.declaration is not None
    assert one.declaration.total == 1


def test_starts_and_stops_are_checked_too():
    assert read_file("a.xml", the_stop())[0].status is Reading.OK
    assert read_file("a.xml", write_305((a_start(bsn="123456789"),)))[0].rules == ("CS002",)


def test_structure_comes_before_content():
    text = write_323(a_declaration(total=Cents(1)), four_lines()).replace(b"Eenheid>04<", b"Eenheid>4<")
    (one,) = read_file("a.xml", text)
    assert one.status is Reading.REFUSED_STRUCTURE
    assert {fault.level for fault in one.faults} == {1}


slips = st.fixed_dictionaries(
    {},
    optional={
        "bsn": st.sampled_from(["999900006", "999900018", "123456789", "000000000"]),
        "reference": st.sampled_from(["R1", "R2", "OLD"]),
        "previous_reference": st.sampled_from(["", "R1", "OLD"]),
        "credit": st.booleans(),
        "unit": st.sampled_from(["04", "83", "01"]),
        "tariff": st.sampled_from([None, Cents(1250)]),
        "amount": st.sampled_from([Cents(0), Cents(4), Cents(5000)]),
        "allocation": st.sampled_from(["1", "2"]),
        "period_from": st.dates(min_value=a_line().period_from.replace(year=2019)),
    },
)


@given(st.lists(slips, min_size=1, max_size=4))
def test_xml_and_csv_break_the_very_same_rules(made):
    lines = [a_line(position, **values) for position, values in enumerate(made, start=1)]
    (xml,) = read_file("a.xml", write_323(a_declaration(total=None), lines))
    (csv,) = read_file("a.csv", as_csv(lines))
    assert set(csv.rules) == set(xml.rules)


def test_the_same_content_has_the_same_hash_and_other_content_another():
    (first,) = read_file("a.xml", the_declaration())
    (again,) = read_file("b.xml", the_declaration().replace(b"\r\n", b"\n").replace(b"\t", b" "))
    (other,) = read_file("c.xml", the_declaration().replace(b">R4<", b">R5<"))
    assert first.content_hash == again.content_hash != other.content_hash
    assert len(first.content_hash) == 64
    broken = the_declaration()[:-10]
    assert read_file("d.xml", broken)[0].content_hash == read_file("e.xml", broken)[0].content_hash


@given(st.binary(max_size=300))
def test_whatever_arrives_is_answered_and_never_raises(content):
    for name in ("a.xml", "a.csv", "a"):
        assert read_file(name, content)[0].status is Reading.REFUSED_STRUCTURE


@given(st.integers(0, 3000), st.binary(max_size=8))
def test_a_message_with_bytes_changed_never_raises(place, content):
    text = the_declaration()
    (one,) = read_file("a.xml", text[:place] + content + text[place + len(content) :])
    assert one.status in set(Reading)
