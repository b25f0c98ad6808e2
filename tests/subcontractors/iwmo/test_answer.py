"""The answer to a declaration (WMO325), as IV087 and TR342 lay down."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from lead_contractor.kernel.money import Cents
from subcontractors.declarations.model import Channel
from subcontractors.iwmo.answer import answer_325
from subcontractors.iwmo.codes import RULES_VERSION
from subcontractors.iwmo.messages import WMO325
from subcontractors.iwmo.reader import check_structure
from subcontractors.iwmo.writer import claimed_total, write_325
from tests.subcontractors.iwmo.examples import ANNA, TIM, a_declaration, a_line, four_lines

TODAY = date(2025, 5, 12)


def answer(declaration=None, lines=None, **verdict):
    return answer_325(
        declaration or a_declaration(),
        four_lines() if lines is None else lines,
        identification="A0001",
        dated=TODAY,
        **verdict,
    )


def written(made):
    """The answer as XML, which must be right; texts by local name in the order of the message."""
    text = write_325(made)
    assert check_structure(text, WMO325) == ()
    return [(etree.QName(leaf).localname, leaf.text) for leaf in etree.fromstring(text).iter() if len(leaf) == 0]


def test_the_header_goes_from_municipality_to_provider_and_repeats_the_declaration():
    made = answer(a_declaration(xsd_versions=("1.0.1", "1.2.0")))
    assert written(made)[:15] == [
        ("BerichtCode", "485"),
        ("BerichtVersie", "3"),
        ("BerichtSubversie", "2"),
        ("Afzender", "1911"),
        ("Ontvanger", "41410001"),
        ("Identificatie", "A0001"),
        ("Dagtekening", "2025-05-12"),
        ("BasisschemaXsdVersie", "1.0.0"),
        ("BerichtXsdVersie", "1.0.0"),
        ("Identificatie", "B0001"),
        ("Dagtekening", "2025-05-06"),
        ("BasisschemaXsdVersie", "1.0.1"),
        ("BerichtXsdVersie", "1.2.0"),
        ("RetourCode", "0200"),
        ("DeclaratieNummer", "D0001"),
    ]


def test_a_full_grant_has_8001_and_no_clients():
    made = answer(declaration_codes=("8001",))
    assert made.codes == ("0200",)
    assert made.declaration.codes == ("8001",)
    assert made.declaration.submitted == made.declaration.granted == 58000
    assert made.declaration.clients == ()
    assert ("Bsn", TIM) not in written(made)


def test_a_broken_rule_inside_the_message_returns_the_header_with_0001():
    made = answer(message_codes=("TR358", "CS002"))
    assert made.codes == ("0001",)
    assert made.declaration is None
    assert written(made)[-1] == ("RetourCode", "0001")


def test_with_0001_goes_the_version_of_the_rules_and_with_nothing_else():
    assert ("XsltVersie", RULES_VERSION) in written(answer(message_codes=("TR358",)))
    for other in (answer(message_codes=("9056",)), answer(line_codes={1: ("9338",)}), answer()):
        assert "XsltVersie" not in dict(written(other))


def test_0001_stands_by_itself_for_a_level_that_fails_ends_the_checks():
    assert answer(message_codes=("9056", "TR358")).codes == ("0001",)


def test_an_identification_used_before_returns_the_header_with_9056():
    made = answer(message_codes=("9056",))
    assert (made.codes, made.declaration) == (("9056",), None)


@pytest.mark.parametrize("code", ["9333", "8214"])
def test_a_code_of_the_declaration_class_grants_nothing(code):
    made = answer(declaration_codes=(code,), line_codes={1: ("9338",)})
    assert made.codes == ("0200",)
    assert made.declaration.codes == (code,)
    assert (made.declaration.submitted, made.declaration.granted) == (58000, 0)
    assert made.declaration.clients == ()
    assert ("TotaalBedrag", "0") in written(made)


def test_refused_lines_come_back_with_their_codes_and_only_they():
    made = answer(line_codes={2: ("0611", "9338"), 1: (), 4: ["9321"]})
    assert made.declaration.codes == ("0200",)
    assert made.declaration.granted == 58000 - 24000 - 24000
    tim, anna = made.declaration.clients
    assert (tim.bsn, tim.codes, anna.bsn) == (TIM, ("0200",), ANNA)
    assert [(refused.line.reference, refused.codes) for refused in tim.lines] == [("R2", ("9338", "0611"))]
    assert [refused.line.reference for refused in anna.lines] == ["R4"]
    assert [text for name, text in written(made) if name == "RetourCode"] == [
        *("0200", "9338", "0611", "0200", "9321", "0200", "0200"),
    ]


def test_an_unknown_client_has_8187_and_its_lines_are_not_assessed():
    made = answer(unknown_bsns={ANNA}, line_codes={3: ("9338",)})
    (client,) = made.declaration.clients
    assert (client.bsn, client.codes) == (ANNA, ("8187",))
    assert [refused.codes for refused in client.lines] == [("0233",), ("0233",)]
    assert made.declaration.granted == 29000


def test_a_refused_credit_leaves_more_than_was_submitted():
    back = a_line(5, credit=True, previous_reference="OLD", amount=Cents(8000))
    made = answer(a_declaration(total=Cents(50000)), (*four_lines(), back), line_codes={5: ("8017",)})
    assert (made.declaration.submitted, made.declaration.granted) == (50000, 58000)


def test_below_zero_is_credit_and_zero_is_debit():
    back = a_line(1, credit=True, previous_reference="OLD")
    leaves = written(answer(a_declaration(total=Cents(-5000)), (back,)))
    assert [text for name, text in leaves if name in ("TotaalBedrag", "DebetCredit")] == ["5000", "C", "5000", "C"]
    leaves = written(answer(a_declaration(total=Cents(-5000)), (back,), line_codes={1: ("8017",)}))
    assert [text for name, text in leaves if name in ("TotaalBedrag", "DebetCredit")][:4] == ["5000", "C", "0", "D"]


def test_a_csv_declaration_is_answered_with_the_municipality_given():
    head = replace(a_declaration(total=None, receiver=""), channel=Channel.CSV)
    made = answer(head, municipality="1911")
    assert made.sender == "1911"
    assert made.declaration.submitted == 58000
    assert written(made)


@given(st.dictionaries(st.integers(1, 4), st.lists(st.sampled_from(["9338", "9321", "0611"]), max_size=3)))
def test_tr342_submitted_less_refused_is_granted(codes):
    made = answer(line_codes=codes).declaration
    refused = [refused.line for client in made.clients for refused in client.lines]
    assert made.submitted - claimed_total(refused) == made.granted
    assert {line.position for line in refused} == {position for position, own in codes.items() if own}


def test_answers_are_right_by_the_schema(iwmo_dir):
    schema = etree.XMLSchema(etree.parse(str(iwmo_dir / "xsd-derived" / "WMO325.xsd")))
    for verdict in (
        {},
        {"message_codes": ("TR358",)},
        {"declaration_codes": ("9333",)},
        {"line_codes": {1: ("9338", "0611")}},
        {"unknown_bsns": {TIM}},
    ):
        schema.assertValid(etree.fromstring(write_325(answer(**verdict))))
