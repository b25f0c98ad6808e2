"""Level 1 agrees with the official schemas: messages changed at random get the same verdict from both.

Where only a derived schema exists (return messages and the answer), that one is the judge.
"""

from __future__ import annotations

import random
from functools import cache

import pytest
from lxml import etree

from subcontractors.iwmo.document import read_document, write_document
from subcontractors.iwmo.messages import ALL, MESSAGES
from subcontractors.iwmo.reader import check_structure
from tests.subcontractors.iwmo import generator
from tests.subcontractors.iwmo.documents import as_bytes, sound

NUMBERS = tuple(MESSAGES)
CHANGES = 600
"""How many changed messages of each kind; the soak makes many more."""


@cache
def judge_of(folder, number):
    official = folder / "xsd" / f"WMO{number}.xsd"
    path = official if official.exists() else folder / "xsd-derived" / f"WMO{number}.xsd"
    return etree.XMLSchema(etree.parse(str(path)))


@pytest.fixture
def schema(iwmo_dir):
    return lambda number: judge_of(iwmo_dir, number)


@pytest.mark.parametrize("number", NUMBERS)
def test_what_we_write_is_right_by_our_own_level_1(number):
    assert check_structure(as_bytes(sound(number)), MESSAGES[number]) == ()


@pytest.mark.parametrize("number", NUMBERS)
def test_what_we_write_is_right_by_the_schema(schema, number):
    schema(number).assertValid(etree.fromstring(as_bytes(sound(number))))


@pytest.mark.parametrize("number", NUMBERS)
def test_whatever_our_declaration_allows_is_read_back_and_right_by_the_schema(schema, number):
    dice, message = random.Random(f"all of {number}"), MESSAGES[number]
    for _ in range(40):
        root = generator.record(message, dice)
        written = write_document(message, root)
        read = read_document(written)
        assert (read.faults, read.root) == ((), root)
        schema(number).assertValid(etree.fromstring(written))


@pytest.mark.parametrize("number", NUMBERS)
def test_messages_changed_at_random_get_the_verdict_of_the_schema(schema, number):
    verdicts = disagreements(schema(number), MESSAGES[number], random.Random(f"level 1 of {number}"), CHANGES)
    assert any(verdicts)
    assert not all(verdicts)


def disagreements(judge, message, dice, count):
    """The verdicts on so many changed messages; the first one on which schema and walker differ fails, and is shown."""
    verdicts = []
    for turn in range(count):
        if turn % 10 == 0:
            made = (
                as_bytes(sound(message.number))
                if turn % 20
                else write_document(message, generator.record(message, dice))
            )
        root = etree.fromstring(made)
        for _ in range(dice.choice((1, 1, 1, 2))):
            generator.change(root, dice)
        text = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
        official, ours = judge.validate(etree.fromstring(text)), check_structure(text, message)
        assert official == (not ours), f"{judge.error_log.last_error}\n{ours}\n{text.decode()}"
        verdicts.append(official)
    return verdicts


@pytest.mark.parametrize("day", ["12023-04-01", "-2023-04-01"])
def test_a_year_outside_1_to_9999_is_refused_though_the_schema_takes_it(schema, day):
    text = as_bytes(sound("305")).replace(b"1967-08-13", day.encode())
    assert schema("305").validate(etree.fromstring(text))
    assert [fault.rule for fault in read_document(text).faults] == ["RS032"]


@pytest.mark.parametrize("number", NUMBERS)
def test_a_message_is_known_by_its_own_name_among_all_others(number):
    assert read_document(as_bytes(sound(number)), ALL).message is MESSAGES[number]
