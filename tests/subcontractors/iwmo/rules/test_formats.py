"""Level 1, value by value: each restriction of the standard is told, under its own id, where it is broken."""

from __future__ import annotations

import pytest

from subcontractors.iwmo.document import read_document
from subcontractors.iwmo.messages import ALL
from subcontractors.iwmo.rules.formats import FORMS
from subcontractors.iwmo.simple import Text, Whole
from subcontractors.iwmo.structure import compiled
from subcontractors.iwmo.types import TIME
from tests.subcontractors.iwmo.documents import as_bytes, sound

OFF_FORM = {
    "RS001": "-1",
    "RS031": "",
    "RS032": "06-05-2025",
    "RS033": "",
    "RS034": "12:34",
    "RS035": "384",
    "RS036": "6565605",
    "RS037": "99990000",
    "RS045": "T.",
    "RS046": "06-1234",
    "RS047": "999",
    "RS048": "1.0",
    "CS015": "1",
    "CS025": "2",
    "CS319": "D-1",
}


def leaves(node):
    for child in node.children:
        if child.simple is None:
            yield from leaves(child)
        else:
            yield child


def kinds(form):
    """Every type that carries a restriction, each once."""
    found = {leaf.simple: None for message in ALL for leaf in leaves(compiled(message))}
    return [kind for kind in found if form.marks(kind)]


def wrong_value(form, kind):
    if form.id in OFF_FORM:
        return OFF_FORM[form.id]
    if isinstance(kind, Text):
        return "9" * ((kind.most or max(map(len, kind.values))) + 1)
    assert isinstance(kind, Whole)
    return str(kind.high + 1)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_each_restriction_is_told_where_it_is_broken(form):
    found = kinds(form)
    assert found, "no type carries it"
    for kind in found:
        wrong = kind.wrong(wrong_value(form, kind))
        assert wrong is not None
        fixed = isinstance(kind, Whole) and kind.written  # the one right spelling is told instead
        assert fixed or (wrong.rule or kind.rule) == form.id, kind.name


@pytest.mark.parametrize("text", ["00:00:00", " 23:59:59 ", "12:34:56.5", "24:00:00", "24:00:00.0"])
def test_rs034_a_time_as_xml_schema_has_it(text):
    assert TIME.wrong(text) is None


@pytest.mark.parametrize("text", ["24:00:01", "23:59:60", "12:34", "1:2:3", "12:34:56.", "12:34:56Z", "12:34:56+01:00"])
def test_rs034_no_time(text):
    assert TIME.wrong(text) is not None


def test_the_rule_of_a_wrong_value_is_told_with_its_line_and_place():
    text = as_bytes(sound("301")).replace(b"<iwmo:Huisnummer>12<", b"<iwmo:Huisnummer>100000<")
    (fault,) = read_document(text).faults
    assert fault.rule == "RS004"
    assert fault.place.endswith("Contactgegevens/Contact/Adres/Huis/Huisnummer")
    assert "100000" not in str(fault)
    assert fault.line is not None
    assert text.splitlines()[fault.line - 1].strip() == b"<iwmo:Huisnummer>100000</iwmo:Huisnummer>"
