"""A 319 as a subcontractor reads it: every rule with messages that break it and that do not."""

from __future__ import annotations

from dataclasses import replace

from subcontractors.chain.model import Reply
from tests.subcontractors.chain.receiving import (
    ONE,
    codes,
    had,
    knows,
    message_319,
)
from tests.subcontractors.chain.scene import TIM


def test_tr355_an_answer_is_about_a_request_of_ours():
    assert codes(message_319(Reply("R1", "2")), knows(references={"R1": TIM})) == {}
    assert codes(message_319(Reply("R9", "2")), knows(references={"R1": TIM})) == {"Antwoord": ("9355",)}


def test_tr359_no_answer_after_an_allocation():
    known = knows(references={"R1": TIM}, **had(replace(ONE, reference="R1")))
    assert codes(message_319(Reply("R1", "1", "2")), known) == {"Antwoord": ("9359",)}
    assert codes(message_319(Reply("R1", "1", "2")), knows(references={"R1": TIM}, **had(ONE))) == {}


def test_tr360_under_investigation_is_the_first_answer():
    known = knows(references={"R1": TIM}, replies={"R1": [Reply("R1", "2")]})
    assert codes(message_319(Reply("R1", "2")), known) == {"Antwoord": ("9360",)}
    assert codes(message_319(Reply("R1", "1", "2")), known) == {}


def test_tr365_after_a_rejection_comes_nothing():
    known = knows(references={"R1": TIM}, replies={"R1": [Reply("R1", "1", "2")]})
    assert codes(message_319(Reply("R1", "1", "3")), known) == {"Antwoord": ("9365",)}
    open_still = knows(references={"R1": TIM}, replies={"R1": [Reply("R1", "2")]})
    assert codes(message_319(Reply("R1", "1", "3")), open_still) == {}
