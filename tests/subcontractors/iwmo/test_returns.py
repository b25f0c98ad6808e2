"""Return messages by IV028, IV032 and OP065: header, codes, and when there is none."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree

from subcontractors.iwmo.codes import RULES_VERSION
from subcontractors.iwmo.document import read_document
from subcontractors.iwmo.messages import RETURNS
from subcontractors.iwmo.returns import addresses, make_return, read_return
from tests.subcontractors.iwmo.documents import DAY, as_bytes, sound

ANSWERED = tuple(message.number for message in RETURNS)
OWN: dict[str, Any] = {"identification": "T0001", "dated": DAY}


def made(number, codes=None, **more):
    """A return message, written and read back."""
    return read_document(as_bytes(make_return(sound(number), codes, **OWN, **more)))


@pytest.mark.parametrize("number", ANSWERED)
def test_what_is_approved_gets_a_header_without_codes(number):
    returned = made(number)
    assert returned.root.records == ()
    assert {key.partition("/")[0] for key in returned.root.values} == {"Header"}
    assert not returned.root.has("Header/RetourCodes")
    assert not returned.root.has("Header/XsltVersie")
    assert read_return(returned).approved


@pytest.mark.parametrize("number", ANSWERED)
def test_the_header_is_copied_unchanged_and_sender_and_receiver_stay(number):
    asked, returned = sound(number).root, made(number).root
    for key, value in asked.values.items():
        if key.startswith("Header/") and key != "Header/BerichtCode":
            assert returned.get(key) == value
    assert returned.get("Header/BerichtCode") != asked.get("Header/BerichtCode")
    assert returned.get("Header/IdentificatieRetour") == "T0001"
    assert returned.get("Header/DagtekeningRetour") == str(DAY)
    assert returned.get("Header/XsdVersieRetour/BerichtXsdVersie") == "1.0.0"


@pytest.mark.parametrize("number", ANSWERED)
def test_a_broken_rule_of_level_2_returns_the_header_with_0001_and_the_version_of_the_rules(number):
    returned = made(number, {addresses(sound(number))[0]: ["9063"]}, header_codes=["TR101", "CS002"])
    assert returned.root.records == ()
    assert returned.root.codes("Header") == ("0001",)
    assert returned.root.get("Header/XsltVersie") == RULES_VERSION
    assert not read_return(returned).approved


def test_a_header_that_is_wrong_is_returned_alone_with_its_own_code():
    returned = made("305", header_codes=["9056"])
    assert returned.root.codes("Header") == ("9056",)
    assert not returned.root.has("Header/XsltVersie")
    assert not returned.root.has("Client")


@pytest.mark.parametrize("codes", [("TR101", "9056"), ("9056", "0001"), ("0001", "0200", "S300")])
def test_0001_stands_by_itself_for_a_level_that_fails_ends_the_checks(codes):
    assert made("305", header_codes=codes).root.codes("Header") == ("0001",)


@pytest.mark.parametrize("code", ["0200", "0233"])
def test_a_code_that_refuses_nothing_leaves_the_header_without_codes(code):
    returned = made("305", header_codes=[code])
    assert not returned.root.has("Header/RetourCodes")
    assert read_return(returned).approved


def test_a_refused_class_has_only_the_reasons_and_no_0200_or_0233_beside_them():
    told = read_return(made("305", {"StartProduct[1]": ["0200", "9063"], "StartProduct[2]": ["9074", "0233"]}))
    assert (told.classes["StartProduct[1]"], told.classes["StartProduct[2]"]) == (("9063",), ("9074",))
    told = read_return(made("305", {"StartProduct[1]": ["9063"], "StartProduct[2]": ["0233"]}))
    assert told.classes["StartProduct[2]"] == ("0233",)


@pytest.mark.parametrize("number", ANSWERED)
def test_a_class_that_is_wrong_returns_the_client_with_all_classes_and_a_code_on_each(number):
    asked = sound(number)
    last = addresses(asked)[-1]
    told = read_return(made(number, {last: ["9074", "9063", "9074"]}))
    assert told.header == ("0200",)
    assert told.classes == {**dict.fromkeys(addresses(asked), ("0200",)), last: ("9063", "9074")}


def test_the_example_of_the_standard_a_start_is_withdrawn_that_was_never_sent():
    told = read_return(made("305", {"StartProduct[1]": ["9063"]}))
    assert (told.header, told.classes) == (
        ("0200",),
        {"Client": ("0200",), "StartProduct[1]": ("9063",), "StartProduct[2]": ("0200",)},
    )


def test_below_a_refused_class_nothing_was_assessed_unless_it_is_told():
    told = read_return(made("317", {"Client/Verzoek": ["9347"], "TeWijzigenProduct[1]": ["9351"]}))
    assert told.classes == {
        "Client": ("0200",),
        "Client/Verzoek": ("9347",),
        "OngewijzigdProduct[1]": ("0233",),
        "TeWijzigenProduct[1]": ("9351",),
        "NieuwProduct[1]": ("0233",),
    }
    told = read_return(made("301", {"Relatie[1]": ["9332"]}))
    assert told.classes["Relatie[1]/Contact"] == ("0233",)
    assert told.classes["Contact[1]"] == ("0200",)


@pytest.mark.parametrize("number", ANSWERED)
def test_everything_of_the_client_is_returned_as_it_came(number):
    asked, returned = sound(number).root, made(number, {addresses(sound(number))[-1]: ["9063"]}).root
    for before, after in zip(asked.records, returned.records, strict=True):
        assert {key: value for key, value in after.values.items() if "RetourCode" not in key} == before.values
    body = {key: value for key, value in asked.values.items() if not key.startswith("Header/")}
    assert body.items() <= returned.values.items()


@pytest.mark.parametrize("number", ANSWERED)
def test_a_return_message_is_right_by_its_schema(iwmo_dir, number):
    answer = next(answer.number for asked, answer in RETURNS.items() if asked.number == number)
    judge = etree.XMLSchema(etree.parse(str(iwmo_dir / "xsd-derived" / f"WMO{answer}.xsd")))
    for codes in ({}, {addresses(sound(number))[0]: ["9063"]}):
        judge.assertValid(etree.fromstring(as_bytes(make_return(sound(number), codes, **OWN))))
    judge.assertValid(etree.fromstring(as_bytes(make_return(sound(number), header_codes=["0001"], **OWN))))


def test_a_message_with_a_wrong_structure_gets_no_return():
    broken = read_document(as_bytes(sound("305")).replace(b">1911<", b">191<"))
    with pytest.raises(ValueError, match="breaks its structure"):
        make_return(broken, **OWN)


@pytest.mark.parametrize("number", ["302", "320", "323", "325"])
def test_there_is_no_return_to_a_return_or_a_declaration(number):
    with pytest.raises(ValueError, match="no return to a WMO"):
        make_return(sound(number), **OWN)


def test_a_class_that_is_not_there_cannot_get_codes():
    with pytest.raises(ValueError, match=r"no class StartProduct\[3\]"):
        make_return(sound("305"), {"StartProduct[3]": ["9063"]}, **OWN)


def test_only_a_return_message_is_read_as_one():
    with pytest.raises(ValueError, match="no return message"):
        read_return(sound("305"))
