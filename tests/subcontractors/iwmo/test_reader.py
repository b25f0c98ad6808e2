"""Reading iWmo messages: what they say, and that whatever is wrong becomes a fault with a place and a remedy."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import BinaryIO, cast

import pytest

from lead_contractor.kernel.money import Cents, total
from subcontractors.declarations.incoming import Reading
from subcontractors.declarations.model import Channel
from subcontractors.iwmo.reader import read_message
from subcontractors.iwmo.walk import LIMIT, MOST_FAULTS
from subcontractors.iwmo.writer import write_323
from tests.subcontractors.iwmo.examples import (
    ANNA,
    TIM,
    a_declaration,
    four_lines,
    the_declaration,
    the_starts,
    the_stop,
)


def only_fault(message):
    assert message.status is Reading.REFUSED_STRUCTURE
    assert len(message.faults) == 1, [str(fault) for fault in message.faults]
    assert message.faults[0].remedy
    return message.faults[0]


def changed(old, new, message=None):
    before = message or the_declaration()
    after = before.replace(old.encode(), new.encode(), 1)
    assert after != before
    return read_message(after)


# -- what a message says -----------------------------------------------------------------------------------------------


def test_the_official_sample_is_580_euros_in_four_lines(iwmo_dir):
    message = read_message((iwmo_dir / "samples" / "WMO323.xml").read_bytes())
    assert message.status is Reading.OK
    assert message.kind == "323"
    assert (message.sender, message.identification, message.number, message.period) == (
        "65656055",
        "765432198",
        "DN001",
        "2023-04",
    )
    assert message.declaration is not None
    assert message.declaration.total == 58000
    assert [line.amount for line in message.lines] == [5000, 24000, 5000, 24000]
    assert [line.allocation for line in message.lines] == ["20072", "200730", "20074", "20073"]
    assert message.received == date(2023, 5, 6)


@pytest.mark.parametrize("number", ["305", "307"])
def test_the_official_samples_of_starts_and_stops_are_read(iwmo_dir, number):
    message = read_message((iwmo_dir / "samples" / f"WMO{number}.xml").read_bytes())
    assert message.status is Reading.OK
    assert message.kind == number
    reports = message.starts or message.stops
    assert [report.allocation for report in reports] == ["300201", "300202"]
    assert [report.product_code for report in reports] == ["01A11", "01A12"]


def test_a_declaration_is_read_as_it_was_written():
    message = read_message(the_declaration())
    assert message.status is Reading.OK
    assert message.declaration == a_declaration()
    assert message.lines == four_lines()
    assert [line.position for line in message.lines] == [1, 2, 3, 4]
    assert [line.bsn for line in message.lines] == [TIM, TIM, ANNA, ANNA]
    assert total(line.amount for line in message.lines) == 58000
    assert message.declaration.channel is Channel.XML


def test_a_stream_reads_like_bytes():
    assert read_message(io.BytesIO(the_declaration())) == read_message(the_declaration())


def test_starts_may_lack_allocation_and_product_code():
    message = read_message(
        the_starts().replace(b"\t\t\t\t<wmo305:ToewijzingNummer>102</wmo305:ToewijzingNummer>\r\n", b"")
    )
    assert message.kind == "305"
    assert message.number is None
    assert [start.allocation for start in message.starts] == ["101", ""]
    assert [start.product_code for start in message.starts] == ["01A03", ""]
    assert message.starts[0].person.surname == "Berg"


def test_a_stop_says_why_and_when():
    (stop,) = read_message(the_stop()).stops
    assert (stop.reason, stop.end) == ("31", date(2025, 4, 18))


def test_a_negative_total_stands_as_credit():
    message = changed(
        "<iwmo:TotaalBedrag>58000</iwmo:TotaalBedrag>\r\n\t\t\t<iwmo:DebetCredit>D",
        "<iwmo:TotaalBedrag>58000</iwmo:TotaalBedrag>\r\n\t\t\t<iwmo:DebetCredit>C",
    )
    assert message.declaration.total == Cents(-58000)


def test_numbers_lose_their_leading_zeros_and_codes_keep_them():
    message = changed("<wmo323:ToewijzingNummer>101<", "<wmo323:ToewijzingNummer> 000101 <")
    assert message.lines[0].allocation == "101"
    assert message.lines[0].category == "01"


def test_comments_cdata_and_schema_location_change_nothing():
    text = the_declaration().replace(b">R1<", b"><!-- a -->R<![CDATA[1]]><", 1)
    text = text.replace(
        b"<wmo323:Bericht ",
        b'<wmo323:Bericht xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b" ',
    )
    assert read_message(text) == read_message(the_declaration())


def test_other_prefixes_and_white_space_are_the_same_content():
    text = the_declaration().replace(b"wmo323:", b"x:").replace(b":wmo323=", b":x=").replace(b"\r\n", b"\n")
    assert read_message(text).content_hash == read_message(the_declaration()).content_hash


def test_the_order_of_lines_is_content():
    first, second, third, fourth = four_lines()
    turned = write_323(a_declaration(), (second, first, third, fourth))
    assert read_message(turned).content_hash != read_message(the_declaration()).content_hash


# -- the two rules of level 2 that only XML shows ---------------------------------------------------------------------


def test_a_client_that_occurs_twice_breaks_tr101():
    message = read_message(the_declaration().replace(ANNA.encode(), TIM.encode()))
    assert message.status is Reading.REFUSED_CONTENT
    assert message.rules == ("TR101",)
    assert message.declaration is not None


def test_a_zero_total_as_credit_breaks_cs325():
    text = the_declaration().replace(b"Bedrag>58000<", b"Bedrag>0<").replace(b"DebetCredit>D<", b"DebetCredit>C<", 1)
    assert read_message(text).rules == ("CS325",)


# -- faults of structure: whose message it was is kept -----------------------------------------------------------------


def test_a_fault_names_line_element_and_remedy_and_keeps_whose_it_is():
    message = changed("<iwmo:Bedrag>24000<", "<iwmo:Bedrag>-24000<")
    fault = only_fault(message)
    assert fault.place == "Bericht/Declaratie/Clienten/Client/Prestaties/Prestatie/IngediendBedrag/Bedrag"
    assert fault.line == the_declaration()[: the_declaration().index(b"Bedrag>24000")].count(b"\n") + 1
    assert "negatief" in fault.message
    assert "DebetCredit" in fault.remedy
    assert message.declaration is None
    assert message.lines == ()
    assert (message.kind, message.sender, message.identification) == ("323", "41410001", "B0001")
    assert (message.number, message.period, message.received) == ("D0001", "2025-04", date(2025, 5, 6))


@pytest.mark.parametrize(
    ("old", "new", "rule", "words"),
    [
        ("BerichtCode>484<", "BerichtCode>485<", "RS047", "berichtcode 484"),
        ("BerichtVersie>3<", "BerichtVersie>03<", "CS025", "moet 3 zijn"),
        ("Afzender>41410001<", "Afzender>4141001<", "RS036", "7 cijfers in plaats van 8"),
        ("Bsn>999900006<", "Bsn>99990006<", "RS037", "8 cijfers in plaats van 9"),
        ("Eenheid>04<", "Eenheid>4<", "XSD", "codelijst"),
        ("DeclaratieNummer>D0001<", "DeclaratieNummer>D-001<", "CS319", "letters en cijfers"),
        ("Dagtekening>2025-05-06<", "Dagtekening>2025-05-06Z<", "RS032", "tijdzone"),
        ("Begindatum>2025-04-01<", "Begindatum>01-04-2025<", "RS032", "JJJJ-MM-DD"),
        ("Einddatum>2025-04-30<", "Einddatum>2025-04-31<", "RS032", "bestaande datum"),
        ("GeleverdVolume>4<", "GeleverdVolume>4.5<", "RS005", "geen geheel getal"),
        ("GeleverdVolume>4<", "GeleverdVolume>100000000<", "RS005", "past niet"),
        ("GeleverdVolume>4<", f"GeleverdVolume>{'9' * 5000}<", "RS005", "past niet"),
        ("ProductCode>01A03<", "ProductCode><", "RS033", "leeg"),
        ("ProductCode>01A03<", "ProductCode>01A03X<", "RS012", "6 tekens"),
        (">R1<", f">{'x' * 20_000}<", "XSD", "te lang"),
        (">R1<", "><b/>R1<", "XSD", "geen element b"),
        ("<wmo323:Eenheid>04</wmo323:Eenheid>", "", "XSD", "Eenheid ontbreekt"),
        ("<wmo323:Eenheid>04<", "<iwmo:Eenheid>04<", "XSD", ""),
        ("<wmo323:Prestatie>", '<wmo323:Prestatie id="1">', "XSD", "attribuut id"),
        ("<wmo323:Prestatie>", "<wmo323:Prestatie>los", "XSD", "tekst"),
        ("<wmo323:Eenheid>04<", "<wmo323:Korting>1</wmo323:Korting><wmo323:Eenheid>04<", "XSD", "Korting hoort hier niet"),
    ],
)  # fmt: skip
def test_each_fault_of_structure_is_named(old, new, rule, words):
    text = the_declaration().replace(old.encode(), new.encode(), 1)
    if new.startswith("<iwmo:Eenheid"):
        text = text.replace(b"<iwmo:Eenheid>04</wmo323:Eenheid>", b"<iwmo:Eenheid>04</iwmo:Eenheid>")
        message = read_message(text)
        assert "namespace" in message.faults[0].message
        return
    fault = only_fault(read_message(text))
    assert fault.rule == rule
    assert words in f"{fault.message} {fault.remedy}"


def test_elements_out_of_order_are_named():
    message = read_message(
        the_declaration().replace(
            b"<wmo323:GeleverdVolume>4</wmo323:GeleverdVolume>\r\n\t\t\t\t\t\t<wmo323:Eenheid>04</wmo323:Eenheid>",
            b"<wmo323:Eenheid>04</wmo323:Eenheid><wmo323:GeleverdVolume>4</wmo323:GeleverdVolume>",
        )
    )
    assert message.status is Reading.REFUSED_STRUCTURE
    assert "verkeerde plaats" in " ".join(fault.message for fault in message.faults)


def test_a_personal_number_is_never_repeated_in_a_fault():
    fault = only_fault(changed(f"Bsn>{TIM}<", "Bsn>99990000A<"))
    assert "99990000A" not in str(fault)


def test_after_a_hundred_faults_the_rest_is_not_read():
    text = the_declaration().replace(b"</wmo323:Clienten>", b"<x/>" * 5000 + b"</wmo323:Clienten>")
    assert len(read_message(text).faults) == MOST_FAULTS + 1


# -- files that are no message ----------------------------------------------------------------------------------------


def zipped():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("WMO323.xml", the_declaration())
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "leeg"),
        (b" \r\n ", "leeg"),
        (b"declaration;period\n", "geen XML"),
        (b"%PDF-1.7 ...", "PDF"),
        (zipped(), "zip"),
        (b"<html><body/></html>", "geen iWmo-bericht"),
        (b"<a:b/>", "prefix"),
        (b"\x00\x01\x02<", "geen XML"),
    ],
    ids=["empty", "blank", "csv", "pdf", "zip", "html", "prefix", "binary"],
)
def test_what_is_no_message_is_told(content, words):
    message = read_message(content)
    assert words in only_fault(message).message
    assert (message.kind, message.sender, message.number) == ("", None, None)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("iwmo/3_2/wmo323", "iwmo/3_1/wmo323", "WMO323 van iWmo-release 3.1"),
        ("iwmo/3_2/wmo323", "ijw/3_2/jw323", "andere standaard (ijw)"),
        ("iwmo/3_2/wmo323", "iwmo/3_2/wmo301", "WMO301 wordt hier niet ontvangen"),
        ("iwmo/3_2/wmo323", "iwmo/3_2/wmo325", "WMO325 wordt hier niet ontvangen"),
        (":Bericht", ":bericht", "moet Bericht heten"),
    ],
)
def test_another_message_or_release_is_named(old, new, words):
    text = the_declaration().replace(old.encode(), new.encode())
    fault = only_fault(read_message(text))
    assert words in fault.message
    assert "WMO323 (declaratie)" in fault.remedy


def test_a_message_that_breaks_off_says_on_which_line():
    half = the_declaration()[: len(the_declaration()) // 2]
    message = read_message(half)
    fault = only_fault(message)
    assert fault.line == half.count(b"\n") + 1
    assert "geen geldige XML" in fault.message
    assert (message.sender, message.number) == ("41410001", "D0001")


def test_wrong_closing_tag_and_rubbish_after_the_end():
    assert "andere naam" in only_fault(changed("</wmo323:Bsn>", "</wmo323:Naam>")).message
    assert "na het einde" in only_fault(read_message(the_declaration() + b"<nog/>")).message


# -- encoding ---------------------------------------------------------------------------------------------------------


def test_a_byte_order_mark_is_read_with_a_remark():
    message = read_message(b"\xef\xbb\xbf" + the_declaration())
    assert message.status is Reading.OK
    assert "OP192" in message.remarks[0]
    assert message.content_hash == read_message(the_declaration()).content_hash


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_refused(encoding):
    text = the_declaration().decode().replace("UTF-8", "UTF-16").encode(encoding)
    fault = only_fault(read_message(text))
    assert fault.rule == "OP192"
    assert "UTF-16" in fault.message


def test_another_declared_encoding_is_refused():
    fault = only_fault(changed('encoding="UTF-8"', 'encoding="ISO-8859-1"'))
    assert "ISO-8859-1" in fault.message


def test_bytes_that_are_no_utf_8_are_refused_with_their_line():
    text = the_declaration().replace(b">R3<", b">R\xe9<")
    message = read_message(text)
    fault = only_fault(message)
    assert fault.rule == "OP192"
    assert fault.line == text[: text.index(b"\xe9")].count(b"\n") + 1
    assert message.number == "D0001"


# -- attacks ----------------------------------------------------------------------------------------------------------

BOMB = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><Bericht>&c;</Bericht>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><Bericht>&e;</Bericht>"""
REMOTE = b"""<?xml version="1.0"?><!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><Bericht/>"""


@pytest.mark.parametrize("content", [BOMB, OUTSIDE, REMOTE], ids=["bomb", "outside", "remote"])
def test_a_doctype_is_refused_before_any_entity_exists(content):
    fault = only_fault(read_message(content))
    assert "DOCTYPE" in fault.message
    assert "root:" not in str(fault)


def test_an_undeclared_entity_is_refused():
    assert "entiteit" in only_fault(changed(">R1<", ">&hello;<")).message


class Endless(io.RawIOBase):
    """A stream that never ends and counts what was taken from it."""

    taken = 0

    def read(self, size=-1):
        assert size >= 0
        self.taken += size
        return b"<!-- " + b" " * (size - 9) + b" -->"


def test_a_stream_over_25_mb_is_not_read_to_its_end():
    stream = Endless()
    message = read_message(cast("BinaryIO", stream))
    assert "groter dan 25 MB" in message.faults[-1].message
    assert stream.taken <= LIMIT + 2


def test_one_byte_over_25_mb_is_refused_and_25_mb_is_not():
    text = the_declaration()
    fits = text + b" " * (LIMIT - len(text))
    assert read_message(fits).status is Reading.OK
    assert only_fault(read_message(fits + b" ")).rule == "OP179"
    assert only_fault(read_message(io.BytesIO(fits + b" "))).rule == "OP179"


def test_deep_nesting_ends_the_reading():
    text = the_declaration().replace(b"</wmo323:Clienten>", b"<a>" * 100_000)
    assert "genest" in read_message(text).faults[-1].message
