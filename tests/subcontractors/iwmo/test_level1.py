"""Level 1 agrees with the official schemas: messages changed at random get the same verdict from both."""

from __future__ import annotations

import copy
import random

import pytest
from lxml import etree

from subcontractors.iwmo.answer import answer_325
from subcontractors.iwmo.messages import MESSAGES, WMO306, WMO308
from subcontractors.iwmo.reader import check_structure
from subcontractors.iwmo.structure import SHARED_NAMESPACE
from subcontractors.iwmo.writer import write_325, write_message
from tests.subcontractors.iwmo.examples import DAY, a_declaration, four_lines, the_declaration, the_starts, the_stop

OFFICIAL = ("305", "307", "323")
TEXTS = (
    *("", " ", "\t", "\n", "0", "00", "3", "03", "+3", " 3 ", "-0", "-1", "+5", "--5", "1 2", "1.5", "1e3", "INF"),
    *("99999999", "100000000", "999999999", "1000000000", "999999999999", "1000000000000"),
    *("D", "C", "d", "01", "04", "1", "2", "9", "19", "20", "83", " 4", "18", "0200", "9999", "0611", "S300"),
    *("2023-04-01", " 2023-04-01 ", "2023-02-29", "2024-02-29", "2023-04-01Z", "2023-04-01+01:00", "2023-4-1"),
    *("01-04-2023", "0000-01-01", "1000-01-01", "2023-04-01T00:00:00", "20230401"),
    *("65656055", "6565605", "656560555", "999900006", "0384", "384", "484", "485", "1.0.0", "01.0.0", "1.0"),
    *("x" * 5, "x" * 6, "x" * 12, "x" * 13, "x" * 20, "x" * 21, "x" * 200, "x" * 201, "A", "a b", "a\nb", "abc123"),
    *("DN-01", "é", "ỳ", "Ỵ", "\u00a0", "\u2003", "１２３４"),
)


def returned(message, body):
    """A return message with its own header, out of the content of the message it answers."""

    def content(element):
        if len(element) == 0:
            return element.text
        found: dict[str, list] = {}
        for child in element:
            found.setdefault(etree.QName(child).localname, []).append(content(child))
        return {name: parts if len(parts) > 1 else parts[0] for name, parts in found.items()}

    values = content(etree.fromstring(body))
    values["Header"] |= {
        "BerichtCode": message.code,
        "IdentificatieRetour": "T1",
        "DagtekeningRetour": str(DAY),
        "XsdVersieRetour": {"BasisschemaXsdVersie": "1.0.0", "BerichtXsdVersie": "1.0.0"},
        "RetourCodes": {"RetourCode": "0200"},
    }
    client = values["Client"]
    client["RetourCodes"] = {"RetourCode": ["0200"]}
    plural = next(name for name in client if name.endswith("Producten"))
    singular = plural.removesuffix("en")
    parts = client[plural][singular]
    for part in parts if isinstance(parts, list) else [parts]:
        part["RetourCodes"] = {"RetourCode": ["9063", "9074"]}
    return write_message(message, values)


def an_answer():
    codes = {1: ("9338", "0611"), 4: ("9321",)}
    made = answer_325(a_declaration(), four_lines(), identification="A1", dated=DAY, line_codes=codes)
    return write_325(made)


MADE = {
    "305": the_starts,
    "306": lambda: returned(WMO306, the_starts()),
    "307": the_stop,
    "308": lambda: returned(WMO308, the_stop()),
    "323": the_declaration,
    "325": an_answer,
}


@pytest.fixture
def schema(iwmo_dir):
    def of(number):
        folder = "xsd" if number in OFFICIAL else "xsd-derived"
        return etree.XMLSchema(etree.parse(str(iwmo_dir / folder / f"WMO{number}.xsd")))

    return of


@pytest.mark.parametrize("number", MADE)
def test_what_we_write_is_right_by_our_own_level_1(number):
    assert check_structure(MADE[number](), MESSAGES[number]) == ()


@pytest.mark.parametrize("number", MADE)
def test_what_we_write_is_right_by_the_schema(schema, number):
    schema(number).assertValid(etree.fromstring(MADE[number]()))


@pytest.mark.parametrize("number", MADE)
def test_messages_changed_at_random_get_the_verdict_of_the_schema(schema, number):
    judge, message, dice = schema(number), MESSAGES[number], random.Random(f"level 1 of {number}")
    verdicts = []
    for _ in range(400):
        root = etree.fromstring(MADE[number]())
        for _ in range(dice.choice((1, 1, 1, 2))):
            change(root, dice)
        text = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
        official, ours = judge.validate(etree.fromstring(text)), check_structure(text, message)
        assert official == (not ours), (judge.error_log.last_error, ours, text.decode())
        verdicts.append(official)
    assert any(verdicts)
    assert not all(verdicts)


def change(root, dice):
    """Remove, double, move, rename or add an element, or change a text."""
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    element = dice.choice(elements)
    parent = element.getparent()
    what = dice.choice(("remove", "double", "move", "text", "text", "text", "odd", "add"))
    if what == "text":
        dice.choice([leaf for leaf in elements if len(leaf) == 0]).text = dice.choice(TEXTS)
    elif parent is None:
        return
    elif what == "remove":
        parent.remove(element)
    elif what == "double":
        parent.insert(parent.index(element), copy.deepcopy(element))
    elif what == "move":
        place = parent.index(dice.choice(list(parent)))
        parent.remove(element)
        parent.insert(place, element)
    elif what == "add":
        parent.append(copy.deepcopy(dice.choice(elements[1:])))
    else:
        odd(element, etree.QName(root).namespace, dice)


def odd(element, namespace, dice):
    what = dice.choice(("attribute", "bare", "space", "comment", "tail", "text"))
    local = etree.QName(element).localname
    if what == "attribute":
        element.set("soort", "1")
    elif what == "bare":
        element.tag = local
    elif what == "space":
        element.tag = f"{{{dice.choice((namespace, SHARED_NAMESPACE))}}}{local}"
    elif what == "comment":
        element.append(etree.Comment("hier"))
    elif what == "tail":
        element.tail = dice.choice((" ", "x", "\n"))
    else:
        element.text = (element.text or "") + dice.choice(("x", " "))
