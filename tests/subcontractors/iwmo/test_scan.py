"""The short road through a declaration reads what the long road reads, and never calls a wrong message right."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lead_contractor.kernel.money import Cents
from subcontractors.declarations.incoming import Incoming, hash_of_content, line_of, text_of
from subcontractors.iwmo import content, sound
from subcontractors.iwmo.content import check_content
from subcontractors.iwmo.reader import read_by_walking, read_message, scan_declaration
from tests.subcontractors.declarations.scene import ANNA, STRANGER, TIM, credit, debit, declared, euros
from tests.subcontractors.declarations.worlds import scenarios

LINES = (
    debit("R1"),
    debit("R2", product_code="02A05", tariff="87.35"),
    euros("R3", 12_345, product_code="02A09", bsn=ANNA),
    credit("R4", debit("R0", volume=2), bsn=ANNA),
)
MESSAGE = declared("D1", *LINES)
ODD: tuple[str, ...] = (
    "<!-- x -->",
    "<![CDATA[x]]>",
    "&amp;",
    "&#32;",
    "&#x41;",
    " ",
    "\n",
    "\r\n",
    "\t",
    "\r",
    ">",
    "]]>",
    "x",
    "é",
    "\x00",
)
ODD += (
    "<?pi x?>",
    "0",
    "00",
    "+",
    "-",
    "\ufeff",
    "\ufffe",
    "\u2028",
    "</wmo323:Prestatie>",
    "<wmo323:Prestatie>",
    "<x/>",
    "D",
)
ODD += ("<wmo323:Prestatie/>", "<wmo323:Client>", "</wmo323:Client>", 'xmlns:q="q"', ' xml:lang="nl"', "&lt;", "\u00a0")


def scanned(message: bytes) -> Incoming | None:
    """What the short road makes of a message."""
    return read_message(message) if scan_declaration(message) is not None else None


def assert_same(message: bytes) -> None:
    """If the short road reads a message at all, it reads what the long road does."""
    short = scanned(message)
    if short is not None:
        assert short == read_by_walking(message)
        found = check_content(short.declaration, short.lines) if short.declaration else ()
        if short.declaration and sound.sound(short.declaration, [text_of(line) for line in short.lines]):
            assert found == ()


def test_a_plain_message_takes_the_short_road_with_the_same_outcome():
    short = scanned(MESSAGE)
    assert short is not None
    assert short == read_by_walking(MESSAGE)
    assert [line.reference for line in short.lines] == ["R1", "R2", "R3", "R4"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"wmo323:", b"w:"),
        (b"wmo323:", b""),
        (b"\n", b"\r\n"),
        (b"\n", b""),
        (b"\t", b"  "),
        (b'<?xml version="1.0" encoding="UTF-8"?>\n', b""),
        (b"iwmo:", b"basis:"),
    ],
)
def test_prefixes_and_white_space_between_elements_make_no_difference(old: bytes, new: bytes):
    other = MESSAGE.replace(old, new)
    if old == b"wmo323:":
        other = other.replace(b"xmlns:wmo323=", b"xmlns:w=" if new else b"xmlns=")
    if old == b"iwmo:":
        other = other.replace(b"xmlns:iwmo=", b"xmlns:basis=")
    short = scanned(other)
    assert short is not None
    assert short == read_by_walking(other)
    assert short.content_hash == read_message(MESSAGE).content_hash


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<wmo323:Eenheid>04<", "<wmo323:Eenheid> 04<"),
        ("</wmo323:Prestatie>", "</wmo323:Prestatie>x"),
        ("</wmo323:Prestatie>", "</wmo323:Prestatie>x>"),
        ("</wmo323:Prestatie>", "</wmo323:Prestatie><!-- x -->"),
        ("<wmo323:Clienten>", "<wmo323:Clienten>x>"),
        ("</wmo323:Clienten>", "x></wmo323:Clienten>"),
        ("<wmo323:Prestatie>", '<wmo323:Prestatie x="1">'),
        ("2025-04-30", "2025-04-31"),
        ("<wmo323:ProductCode>02A03<", "<wmo323:ProductCode>     <"),
        ("</wmo323:Bericht>", "</wmo323:Bericht><x/>"),
        ("</wmo323:Bericht>", "</wmo323:Bericht>x"),
        ("</wmo323:Client>", ""),
        ('encoding="UTF-8"', 'encoding="ISO-8859-1"'),
        ("<wmo323:Bericht ", '<wmo323:Bericht a="1" '),
        ("<wmo323:Bericht ", '<wmo323:Bericht xmlns:wmo323="x" '),
        ("<?xml", "\ufeff<?xml"),
        ("<wmo323:Bericht ", "<!DOCTYPE x><wmo323:Bericht "),
        (">R1<", "><"),
        (">R1<", ">R&#49;<"),
        (">R1<", "><![CDATA[R1]]><"),
        (">R1<", ">R\n1<"),
        ("<wmo323:Bsn>999900018<", "<wmo323:Bsn>999900006<"),
    ],
)
def test_what_is_wrong_or_written_otherwise_is_left_to_the_long_road(old: str, new: str):
    message = MESSAGE.decode().replace(old, new, 1).encode()
    assert message != MESSAGE
    assert scan_declaration(message) is None


def test_bytes_that_are_no_utf_8_are_left_to_the_long_road():
    assert scan_declaration(MESSAGE.replace(b">R1<", b">R\xff<")) is None


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_both_roads_agree_on_messages_that_are_spoilt_anywhere(data):
    text = MESSAGE.decode()
    for _ in range(data.draw(st.sampled_from([1, 1, 1, 2, 3]))):
        places = [m.start() for m in re.finditer(r"[<>]|\b", text)]
        place = data.draw(st.sampled_from(places))
        until = place + data.draw(st.sampled_from([0, 0, 0, 1, 2, 8, 30]))
        text = text[:place] + data.draw(st.sampled_from(ODD)) + text[until:]
    assert_same(text.encode())


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_both_roads_agree_on_messages_with_elements_moved_or_repeated(data):
    lines = MESSAGE.decode().splitlines(keepends=True)
    for _ in range(data.draw(st.sampled_from([1, 1, 2]))):
        first = data.draw(st.integers(0, len(lines) - 1))
        count = data.draw(st.sampled_from([1, 1, 2, 5, 20]))
        part = lines[first : first + count]
        what = data.draw(st.sampled_from(["drop", "repeat", "move"]))
        if what != "repeat":
            del lines[first : first + count]
        if what != "drop":
            place = data.draw(st.integers(0, len(lines)))
            lines[place:place] = part
    assert_same("".join(lines).encode())


@given(scenarios())
@settings(max_examples=40, deadline=None)
def test_both_roads_agree_on_whole_worlds(scenario):
    for _, message in scenario.files:
        assert_same(message)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_what_is_called_sound_breaks_no_rule_of_level_2(data):
    kinds: dict[str, list[Any]] = {
        "bsn": [TIM, ANNA, STRANGER, "123456789"],
        "reference": ["R1", "R2", "R3"],
        "previous_reference": ["", "", "R1", "R9"],
        "allocation": ["1001", "1002"],
        "unit": ["04", "83"],
        "volume": [6, 33480],
        "amount": [Cents(0), Cents(33480)],
        "tariff": [None, Cents(5580)],
        "credit": [False, False, True],
        "period_from": [date(2025, 4, 1), date(2025, 4, 9), date(2025, 3, 1), date(2020, 4, 1), date(2025, 5, 31)],
        "period_to": [date(2025, 4, 30), date(2025, 5, 31), date(2018, 4, 1)],
    }
    lines = []
    for position in range(1, data.draw(st.integers(1, 4)) + 1):
        line = replace(debit(f"R{position}", product_code=f"02A0{position}"), position=position)
        for name in data.draw(st.sets(st.sampled_from(sorted(kinds)), max_size=2)):
            line = replace(line, **{name: data.draw(st.sampled_from(kinds[name]))})
        lines.append(line)
    declaration = read_message(declared("D1", *lines)).declaration
    assert declaration is not None
    if data.draw(st.integers(0, 5)) == 0:
        declaration = replace(declaration, total=Cents(1))
    if sound.sound(declaration, [text_of(line) for line in lines]):
        assert check_content(declaration, lines) == ()


def test_an_ordinary_message_is_sound_and_every_rule_of_level_2_is_looked_at():
    came = read_message(declared("D1", *LINES[:3]))
    assert came.declaration is not None
    assert sound.sound(came.declaration, [text_of(line) for line in came.lines])
    assert {rule for rule, _ in content.RULES} == sound.OF_THE_KIND | sound.LOOKED_AT


def test_a_rule_that_the_glance_does_not_know_makes_nothing_sound(monkeypatch):
    came = read_message(declared("D1", debit("R1")))
    assert came.declaration is not None
    monkeypatch.setattr(sound, "RULES", (*content.RULES, ("TR999", content.RULES[0][1])))
    assert not sound.sound(came.declaration, [text_of(line) for line in came.lines])


def test_a_line_comes_back_from_its_text_and_the_hash_knows_no_layout():
    came = read_message(MESSAGE)
    assert tuple(line_of(n, text_of(line)) for n, line in enumerate(came.lines, start=1)) == came.lines
    assert came.declaration is not None
    assert came.content_hash == hash_of_content(came.declaration, *came.lines)
    assert came.content_hash != read_message(declared("D1", *LINES[:3])).content_hash
