"""A 301 as a subcontractor reads it: every rule with messages that break it and that do not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from subcontractors.chain.dialect import DIALECT, STRICT, Dialect, sender_key
from subcontractors.chain.model import Product, Reply
from subcontractors.chain.products import product_list
from subcontractors.chain.provider import answer_message, judge_message
from subcontractors.iwmo.returns import read_return
from tests.subcontractors.chain.receiving import (
    ONE,
    PRODUCT,
    SENDER,
    TODAY,
    codes,
    had,
    knows,
    message_301,
    message_319,
)
from tests.subcontractors.chain.scene import TIM


def test_a_new_allocation_is_accepted():
    answer = answer_message(message_301(ONE), knows(), TODAY, "RET1")
    assert read_return(answer).approved


def test_tr056_an_identification_is_used_once():
    used = {SENDER: [("301", "T1")]}
    assert codes(message_301(ONE), knows(used=used)) == {"Header": ("9056",)}
    assert codes(message_301(ONE, name="T2"), knows(used=used)) == {}
    assert codes(message_319(Reply("R1", "2")), knows(used=used, references={"R1": TIM})) == {}


@pytest.mark.parametrize(
    ("dialect", "told"), [(DIALECT, {}), (STRICT, {"Header": ("9056",)})], ids=["dialect", "strict"]
)
def test_tr056_two_lead_contractors_under_one_municipality_are_two_senders_in_the_dialect(dialect: Dialect, told: dict):
    used = {sender_key(dialect, "1911", "42429999"): [("301", "T1")]}
    assert codes(message_301(ONE), knows(used=used), dialect) == told


def test_tr135_and_tr378_of_what_we_receive():
    assert codes(message_301(ONE, dated=date(2025, 6, 4)), knows()) == {"Header": ("8848",)}
    assert codes(message_301(ONE, municipality="0000"), knows()) == {"Header": ("S300",)}


def test_level_two_goes_before_everything_else():
    twice = (ONE, replace(ONE, number="1002"))  # stacked (TR302)
    header, found = judge_message(message_301(*twice), knows(), TODAY)
    assert (header, found) == (("TR302",), {})
    assert read_return(answer_message(message_301(*twice), knows(), TODAY, "RET1")).header == ("0001",)


def test_tr332_a_number_stands_for_one_allocation():
    assert codes(message_301(ONE), knows(**had(ONE, client="999900018"))) == {PRODUCT: ("9332",)}
    other = replace(ONE, product=Product("02", "02A05"))
    assert codes(message_301(ONE), knows(**had(other))) == {PRODUCT: ("9332",)}
    longer = replace(ONE, end=date(2026, 6, 30), reason_change="04", decided="2025-06-02T11:00:00")
    assert codes(message_301(longer), knows(**had(ONE))) == {}


def test_tr379_a_reference_is_one_of_ours_and_comes_once():
    granted = replace(ONE, reference="R1")
    assert codes(message_301(granted), knows()) == {PRODUCT: ("9379",)}
    assert codes(message_301(granted), knows(references={"R1": TIM})) == {}
    again = replace(granted, end=date(2025, 11, 30), reason_change="05", decided="2025-06-02T11:00:00")
    assert codes(message_301(again), knows(references={"R1": TIM}, **had(granted))) == {PRODUCT: ("9379",)}
    assert codes(message_301(replace(again, reference="")), knows(references={"R1": TIM}, **had(granted))) == {}


def test_tr381_a_code_belongs_to_its_category():
    known = knows(products=product_list(["02A03"], [], []))
    assert codes(message_301(ONE), known) == {}
    assert codes(message_301(replace(ONE, product=Product("01", "02A03"))), known) == {PRODUCT: ("S329",)}


def test_tr385_what_was_declared_on_is_not_removed():
    gone = replace(ONE, end=ONE.start, reason_change="13", decided="2025-06-02T11:00:00")
    assert codes(message_301(gone), knows(**had(ONE))) == {}
    assert codes(message_301(gone), knows(with_lines=["1001"], **had(ONE))) == {PRODUCT: ("9385",)}
