"""Messages made at random from our own declarations, and changes made to them at random. All dice are seeded."""

from __future__ import annotations

import copy
from datetime import date, timedelta

from lxml import etree

from subcontractors.iwmo.document import Record
from subcontractors.iwmo.simple import Clock, Day, Text, Whole
from subcontractors.iwmo.structure import SHARED_NAMESPACE, compiled

LETTERS = "abcXYZ019 éßỳ€<&>\"'\t-–𝄞"
PATTERNS = {
    "[0-9]{8}": lambda dice: f"{dice.randrange(10**8):08d}",
    "[0-9]{4}": lambda dice: f"{dice.randrange(10**4):04d}",
    "[0-9]{9}": lambda dice: f"{dice.randrange(10**9):09d}",
    "[0-9]*": lambda dice: "0" * dice.randint(1, 15),
    "[a-zA-Z0-9]+": lambda dice: "".join(dice.choices("aZ09", k=dice.randint(1, 12))),
    "[a-zA-ZÀ-ỳ]+": lambda dice: "".join(dice.choices("aZÀỳé", k=dice.randint(1, 6))),
}
TEXTS = (
    *("", " ", "\t", "\n", "0", "00", "3", "03", "+3", " 3 ", "-0", "-1", "+5", "--5", "1 2", "1.5", "1e3", "INF"),
    *("99", "100", "99999", "100000", "99999999", "100000000", "999999999", "1000000000"),
    *("999999999999", "1000000000000", "D", "C", "d", "01", "04", "1", "2", "9", "19", "20", "83", " 4", "18"),
    *("0200", "9999", "0611", "S300", "NL", "nl", "XX", "AB", "12:34:56", " 12:34:56 ", "12:34", "24:00:00"),
    *("23:59:60", "12:34:56.5", "12:34:56Z", "12:34:56+01:00", "1:2:3", "2023-04-01", " 2023-04-01 "),
    *("2023-02-29", "2024-02-29", "2023-04-01Z", "2023-04-01+01:00", "2023-4-1", "01-04-2023", "0000-01-01"),
    *("1000-01-01", "2023-04-01T00:00:00", "20230401", "65656055", "6565605"),
    *("656560555", "999900006", "0384", "384", "414", "484", "485", "1.0.0", "01.0.0", "1.0", "1.0.0.0"),
    *(letter * length for length in (1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 15, 16, 20, 21, 24, 25, 26) for letter in "x"),
    *("x" * length for length in (35, 36, 37, 64, 65, 80, 81, 200, 201)),
    *("a b", "a\nb", "\nx\n", "a\tb", "abc123", "DN-01", "é", "ỳ", "Ỵ", "\u00a0", "\u2003", "１２３４", ". .", "𝄞"),
)


def value(kind, dice):
    """A value that a simple type accepts, often at its edge."""
    if isinstance(kind, Whole):
        return kind.written or str(dice.choice((kind.low, kind.high, dice.randint(kind.low, kind.high))))
    if isinstance(kind, Day):
        return str(date(1900, 1, 1) + timedelta(days=dice.randrange(60_000)))
    if isinstance(kind, Clock):
        return dice.choice(("00:00:00", "23:59:59", "12:34:56.789", " 08:00:00\n"))
    assert isinstance(kind, Text)
    if kind.values:
        return dice.choice(kind.values)
    if kind.pattern in PATTERNS:
        return PATTERNS[kind.pattern](dice)
    if kind.name == "LDT_BerichtCode":
        return kind.pattern
    if kind.name == "LDT_Versie":
        return f"{dice.randrange(3)}.{dice.randrange(40)}.0"
    most = kind.most or 300
    length = dice.choice((1, most, dice.randint(1, most)))
    if kind.name == "LDT_Huisletter":
        return dice.choice("ABé")
    return "x" + "".join(dice.choices(LETTERS + ("\n\r" if kind.most is None else ""), k=length - 1))


def record(message, dice):
    """A message with everything in it that a throw of the dice puts there."""
    return _record(compiled(message), dice)


def _record(node, dice):
    values: dict[str, str] = {}
    parts: list[Record] = []
    _fill(node, dice, values, parts)
    return Record(node.name, values, tuple(parts))


def _fill(node, dice, values, parts):
    for child in node.children:
        if child.least == 0 and dice.random() < 0.4:
            continue
        times = dice.choice((1, 1, 2, 3)) if child.most is None else 1
        if child.simple is not None:
            values[child.key] = " ".join(value(child.simple, dice) for _ in range(times))
        elif child.record:
            parts += [_record(child, dice) for _ in range(times)]
        else:
            _fill(child, dice, values, parts)


def change(root, dice, texts=TEXTS):
    """Remove, double, move, swap, rename, empty or add an element, change a text, or do something odd."""
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    element = dice.choice(elements)
    parent = element.getparent()
    what = dice.choice(("remove", "double", "move", "rename", "empty", "text", "text", "text", "text", "odd", "add"))
    if what == "text":
        dice.choice([leaf for leaf in elements if len(leaf) == 0]).text = dice.choice(texts)
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
    elif what == "rename":
        element.tag = dice.choice(elements).tag
    elif what == "empty":
        for child in list(element):
            element.remove(child)
        element.text = None
    elif what == "add":
        parent.append(copy.deepcopy(dice.choice(elements[1:])))
    else:
        _odd(element, etree.QName(root).namespace, dice)


def _odd(element, namespace, dice):
    what = dice.choice(("attribute", "bare", "space", "comment", "tail", "text", "instruction", "schema"))
    local = etree.QName(element).localname
    if what == "attribute":
        element.set(dice.choice(("soort", "id", "{http://www.w3.org/XML/1998/namespace}lang")), "nl")
    elif what == "schema":
        element.set("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation", "a b")
    elif what == "bare":
        element.tag = local
    elif what == "space":
        element.tag = f"{{{dice.choice((namespace, SHARED_NAMESPACE))}}}{local}"
    elif what == "comment":
        element.append(etree.Comment("hier"))
    elif what == "instruction":
        element.append(etree.ProcessingInstruction("hier"))
    elif what == "tail":
        element.tail = dice.choice((" ", "x", "\n"))
    else:
        element.text = (element.text or "") + dice.choice(("x", " "))
