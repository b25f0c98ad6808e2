"""Any message as records: what is written reads back equal, and what breaks the structure is not written."""

from __future__ import annotations

import io
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subcontractors.iwmo.document import Record, read_document, write_document, written_document
from subcontractors.iwmo.level2.check import check_document
from subcontractors.iwmo.messages import ALL, MESSAGES, WMO301, WMO305
from tests.subcontractors.iwmo import generator
from tests.subcontractors.iwmo.documents import (
    a_contact,
    a_relation,
    an_allocation,
    as_bytes,
    changed,
    sound,
    with_records,
)

SAMPLES = ("301", "305", "307", "315", "317", "319", "323")


@given(st.sampled_from(ALL), st.integers(0, 2**32))
def test_what_is_written_reads_back_equal(message, seed):
    root = generator.record(message, random.Random(seed))
    read = read_document(write_document(message, root))
    assert (read.message, read.faults, read.remarks, read.root) == (message, (), (), root)


@given(st.sampled_from(ALL), st.integers(0, 2**32))
def test_what_is_read_is_written_to_the_same_bytes(message, seed):
    written = write_document(message, generator.record(message, random.Random(seed)))
    read = read_document(io.BytesIO(written))
    assert read.root is not None
    assert write_document(message, read.root) == written
    assert b"".join(written_document(message, read.root)) == written


@pytest.mark.parametrize("number", SAMPLES)
def test_the_official_samples_are_read_without_faults_and_written_the_same(iwmo_dir, number):
    content = (iwmo_dir / "samples" / f"WMO{number}.xml").read_bytes()
    document = read_document(content)
    assert (document.message, document.faults) == (MESSAGES[number], ())
    assert _plain(as_bytes(document)) == _plain(content)


@pytest.mark.parametrize(
    ("number", "rules"),
    [(number, ["TR380"] if number == "317" else []) for number in SAMPLES],
    ids=SAMPLES,
)
def test_the_official_samples_and_level_2(iwmo_dir, number, rules):
    """That of the 317 asks for a new product from the day it is dated, which TR380 as we read it does not take."""
    document = read_document((iwmo_dir / "samples" / f"WMO{number}.xml").read_bytes())
    assert [fault.rule for fault in check_document(document)] == rules


def _plain(content):
    return content.replace(b"\r\n", b"\n").replace(b" >", b">").rstrip()


def test_utf_8_without_mark_and_with_windows_line_ends():
    content = as_bytes(changed(sound("305"), "", Client__Naam__Geslachtsnaam__Achternaam="Ÿldız"))
    assert content.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\r\n<wmo305:Bericht xmlns:iwmo="')
    assert content.count(b"\n") == content.count(b"\r\n")
    assert "Ÿldız".encode() in content


def test_records_and_values_stand_where_the_message_has_them():
    root = read_document(as_bytes(sound("302"))).root
    assert root is not None
    assert [part.name for part in root.records] == ["Relatie", "Contact", "ToegewezenProduct"]
    assert root.get("Client/Naam/Geslachtsnaam/Achternaam") == "Berg"
    assert root.get("Client/Commentaar") == ""
    assert root.has("Client/Naam")
    assert not root.has("Client/Communicatie")
    assert not root.has("Client/Na")
    (product,) = root.named("ToegewezenProduct")
    assert product.get("Product/Categorie") == "01"


def test_return_codes_are_one_text_and_come_apart():
    root = read_document(as_bytes(sound("302"))).root
    assert root is not None
    assert root.codes("Header") == root.codes("Client") == ("0200",)
    relation, _, product = root.records
    assert relation.codes() == relation.codes("Contact") == ("0200",)
    assert product.values["RetourCodes/RetourCode"] == "9321 9338"
    assert product.codes() == ("9321", "9338")
    assert as_bytes(sound("302")).count(b"<iwmo:") > 0
    assert b"<wmo302:RetourCode>9338</wmo302:RetourCode>" in as_bytes(sound("302"))


def test_a_composite_without_content_leaves_no_trace():
    text = as_bytes(sound("301"))
    empty = text.replace(
        b"</wmo301:Contact>\r\n\t\t</wmo301:Contactgegevens>",
        b"<wmo301:Periode/></wmo301:Contact></wmo301:Contactgegevens>",
    )
    assert empty != text
    assert read_document(empty).root == read_document(text).root


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (Record("Client"), "is Bericht, not Client"),
        (Record("Bericht"), "Bericht/Header occurs 0 times"),
        (replace(sound("301").root, values={**sound("301").root.values, "Client/Leeftijd": "50"}), "Client/Leeftijd"),
        (with_records(sound("301"), a_contact(), a_relation(), an_allocation()).root, "another order"),
        (with_records(sound("301"), a_contact()).root, "ToegewezenProducten occurs 0 times"),
        (with_records(sound("301"), Record("StartProduct")).root, "no record StartProduct"),
        (changed(sound("301"), "Contact", Soort="1").root, "Contact/Soort .* codelijst"),
        (changed(sound("301"), "Contact", Soort=None).root, "Contact/Soort occurs 0 times"),
        (changed(sound("301"), "", Client__Bsn="99990000").root, "Client/Bsn heeft 8 cijfers"),
    ],
    ids=["name", "empty", "value", "order", "missing", "record", "code", "element", "digits"],
)
def test_what_breaks_the_structure_is_not_written(broken, told):
    with pytest.raises(ValueError, match=told):
        write_document(WMO301, broken)


def test_a_message_that_is_not_expected_is_told():
    document = read_document(as_bytes(sound("301")), (WMO305,))
    assert (document.message, document.root) == (None, None)
    assert "Een WMO301 wordt hier niet ontvangen." in document.faults[0].message


def test_with_faults_there_is_no_root():
    document = read_document(as_bytes(sound("301")).replace(b">1911<", b">191<"))
    assert (document.message, document.root) == (WMO301, None)
    assert [fault.rule for fault in document.faults] == ["RS035"]
