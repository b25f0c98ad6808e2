"""Writing: the form of OP192, and what is written is read back as it was."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_contractor.kernel.money import Cents
from subcontractors.declarations.incoming import Reading
from subcontractors.iwmo import types
from subcontractors.iwmo.messages import WMO323
from subcontractors.iwmo.model import Person
from subcontractors.iwmo.reader import read_message
from subcontractors.iwmo.simple import Text
from subcontractors.iwmo.trees import write_message
from subcontractors.iwmo.writer import by_client, claimed_total, write_305, write_307, write_323
from tests.subcontractors.iwmo.examples import ANNA, TIM, a_declaration, a_line, a_start, a_stop, the_declaration

# -- the form ---------------------------------------------------------------------------------------------------------


def test_utf_8_without_byte_order_mark_and_windows_line_ends():
    text = the_declaration()
    assert text.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\r\n<wmo323:Bericht xmlns:iwmo="http')
    assert text.endswith(b"</wmo323:Bericht>\r\n")
    assert text.count(b"\n") == text.count(b"\r\n")


def test_lines_are_grouped_by_client_in_order_of_appearance():
    lines = (a_line(1), a_line(2, bsn=ANNA), a_line(3))
    read = read_message(write_323(a_declaration(total=None), lines))
    assert [(line.bsn, line.reference) for line in read.lines] == [(TIM, "R1"), (TIM, "R3"), (ANNA, "R2")]


def test_without_a_claimed_total_the_lines_are_added_up():
    back = a_line(2, credit=True, previous_reference="OLD", amount=Cents(6000))
    read = read_message(write_323(a_declaration(total=None), (a_line(1), back)))
    assert read.declaration is not None
    assert read.declaration.total == -1000
    assert b"<iwmo:DebetCredit>C" in write_323(a_declaration(total=None), (a_line(1), back))


def test_a_total_of_zero_is_debit():
    lines = (a_line(1), a_line(2, credit=True, previous_reference="OLD"))
    read = read_message(write_323(a_declaration(total=None), lines))
    assert read.status is Reading.OK
    assert read.declaration is not None
    assert read.declaration.total == 0


@pytest.mark.parametrize(
    "values",
    [
        {"reference": ""},
        {"reference": "x" * 21},
        {"reference": "a\x01b"},
        {"category": "1"},
        {"volume": -1},
        {"amount": Cents(100_000_000)},
        {"allocation": ""},
        {"bsn": "1"},
    ],
)
def test_nothing_leaves_that_level_1_would_refuse(values):
    with pytest.raises(ValueError, match="Bericht/Declaratie"):
        write_323(a_declaration(total=Cents(0)), (a_line(**values),))


def test_a_declaration_without_lines_or_receiver_is_not_written():
    with pytest.raises(ValueError, match="Client occurs 0 times"):
        write_323(a_declaration(), ())
    with pytest.raises(ValueError, match="Ontvanger is leeg"):
        write_323(a_declaration(receiver=""), (a_line(),))


def test_starts_of_two_clients_are_no_one_message():
    with pytest.raises(ValueError, match="one client"):
        write_305((a_start(), a_start(bsn=ANNA)))
    with pytest.raises(ValueError, match="one header"):
        write_307(())


def test_unknown_or_misplaced_content_is_refused():
    with pytest.raises(ValueError, match="no element Kop"):
        write_message(WMO323, {"Kop": "1"})
    with pytest.raises(TypeError, match="elements, not a value"):
        write_message(WMO323, {"Header": "1"})


# -- round trips ------------------------------------------------------------------------------------------------------

PRINTABLE = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")


def of(kind: Text):
    """Texts that a type accepts."""
    if kind.values:
        return st.sampled_from(kind.values)
    texts = st.text(PRINTABLE | st.sampled_from("\r\n\t&<>'\"]"), min_size=kind.least, max_size=kind.most or 20)
    return texts.filter(lambda text: kind.wrong(text) is None)


def digits(count):
    return st.text("0123456789", min_size=count, max_size=count)


days = st.dates(date(1900, 1, 1), date(2100, 12, 31))
cents = st.integers(0, 99_999_999).map(Cents)
versions = st.tuples(st.integers(0, 99), st.integers(0, 99), st.integers(0, 99)).map(lambda v: "{}.{}.{}".format(*v))
pairs = st.tuples(versions, versions)
numbers = st.integers(0, 999_999_999).map(str)
names = of(Text("name", "", 1, 12, types.NAME.pattern))

lines = st.builds(
    a_line,
    reference=of(types.REFERENCE),
    previous_reference=st.just("") | of(types.REFERENCE),
    bsn=st.sampled_from([TIM, ANNA, "999996782"]),
    allocation=numbers,
    category=of(types.CATEGORY),
    product_code=of(types.PRODUCT_CODE),
    period_from=days,
    period_to=days,
    volume=st.integers(0, 99_999_999),
    unit=of(types.UNIT),
    amount=cents,
    credit=st.booleans(),
    tariff=st.none() | cents,
)
declarations = st.builds(
    a_declaration,
    sender=digits(8),
    receiver=digits(4),
    identification=of(types.MESSAGE_ID),
    number=st.text("abcXYZ0189", min_size=1, max_size=12),
    period_from=days,
    period_to=days,
    received=days,
    dated=days,
    total=st.integers(-999_999_999_999, 999_999_999_999).map(Cents),
    xsd_versions=pairs,
)


@given(declarations, st.lists(lines, min_size=1, max_size=6))
def test_a_declaration_is_read_back_as_it_was_written(declaration, made):
    in_order = [line for own in by_client(made).values() for line in own]
    numbered = tuple(a_line(**{**values(line), "position": n}) for n, line in enumerate(in_order, start=1))
    read = read_message(write_323(declaration, numbered))
    assert read.faults == ()
    assert read.declaration == declaration
    assert read.lines == numbered
    assert claimed_total(read.lines) == claimed_total(made)


def values(line):
    return {name: getattr(line, name) for name in type(line).__dataclass_fields__}


people = st.builds(
    Person,
    birth_date=days,
    sex=of(types.SEX),
    surname=names,
    birth_date_use=st.just("") | of(types.DATE_USE),
    surname_prefix=st.just("") | of(types.NAME_PREFIX),
    first_names=st.just("") | names,
    initials=st.just("") | st.text("aBcÀỳ", min_size=1, max_size=6),
)
heads = st.fixed_dictionaries(
    {
        "sender": digits(8),
        "receiver": digits(4),
        "identification": of(types.MESSAGE_ID),
        "dated": days,
        "bsn": digits(9),
        "person": people,
        "xsd_versions": pairs,
    }
)
products = st.sampled_from([("", ""), ("01", ""), ("02", "02A03")])
reports = st.lists(
    st.fixed_dictionaries(
        {
            "allocation": st.just("") | numbers,
            "product": products,
            "allocation_start": st.none() | days,
            "begin": days,
            "status": of(types.STATUS),
        }
    ),
    min_size=1,
    max_size=4,
)


def unfolded(report):
    category, code = report["product"]
    return {name: value for name, value in report.items() if name != "product"} | {
        "category": category,
        "product_code": code,
    }


@given(heads, reports)
def test_starts_are_read_back_as_they_were_written(head, made):
    starts = tuple(a_start(**head, **unfolded(report)) for report in made)
    assert read_message(write_305(starts)).starts == starts


@given(heads, reports, st.lists(st.tuples(of(types.STOP_REASON), days), min_size=4, max_size=4))
def test_stops_are_read_back_as_they_were_written(head, made, ends):
    stops = tuple(
        a_stop(**head, **unfolded(report), reason=reason, end=end)
        for report, (reason, end) in zip(made, ends, strict=False)
    )
    assert read_message(write_307(stops)).stops == stops
