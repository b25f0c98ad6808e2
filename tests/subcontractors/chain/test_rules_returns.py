"""A 325 as who declared reads it: every rule with answers that break it and that do not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from lead_contractor.kernel.money import Cents
from subcontractors.chain.provider import judge_answer
from subcontractors.chain.rules_returns import Declared
from subcontractors.declarations.model import Channel, Declaration, Line
from subcontractors.iwmo.answer import answer_325
from subcontractors.iwmo.model import Answer, AnsweredClient, AnsweredDeclaration, RefusedLine
from tests.subcontractors.chain.receiving import (
    TODAY,
)
from tests.subcontractors.chain.scene import THUIS_VERDER, TIM
from tests.subcontractors.declarations.scene import debit

# WMO325

LINES = (replace(debit("L1"), position=1), replace(debit("L2", 3), position=2))
DECLARED = Declared(
    Declaration(
        Channel.XML,
        THUIS_VERDER,
        "1911",
        "B1",
        "D1",
        date(2025, 4, 1),
        date(2025, 4, 30),
        date(2025, 5, 6),
        date(2025, 5, 6),
        Cents(50220),
    ),
    LINES,
)


def answer(**changes) -> Answer:
    made = answer_325(
        DECLARED.declaration, LINES, identification="A1", dated=date(2025, 5, 20), line_codes={1: ["9321"]}
    )
    return replace(made, **changes)


def answered(line: Line, bsn: str = TIM) -> Answer:
    part = AnsweredDeclaration(
        "D1", Cents(50220), Cents(0), ("0200",), (AnsweredClient(bsn, ("0200",), (RefusedLine(line, ("9321",)),)),)
    )
    return answer(declaration=part)


def judged(given: Answer, used: tuple[str, ...] = ()) -> tuple[str, ...]:
    return judge_answer(given, {"B1": DECLARED}, TODAY, used=used)


def test_an_answer_that_fits_is_accepted():
    assert judged(answer()) == ()


def test_tr304_325_its_clients_are_those_of_the_declaration():
    assert judged(answered(replace(LINES[0], bsn="999900018"))) == ("8187", "9367")


def test_tr337_it_answers_a_declaration_that_was_sent():
    assert judged(answer(declaration_identification="B9")) == ("TR337",)
    assert judged(answer(declaration_dated=date(2025, 5, 7))) == ("TR337",)


def test_tr366_its_lines_are_those_of_the_declaration():
    assert judged(answered(replace(LINES[0], reference="L9"))) == ("9366",)


def test_tr367_a_refused_line_repeats_what_was_declared():
    assert judged(answered(replace(LINES[0], volume=7))) == ("9367",)
    assert judged(answered(LINES[1])) == ()


def test_tr371_it_repeats_the_versions():
    assert judged(answer(declaration_xsd_versions=("1.0.0", "1.0.1"))) == ("TR371",)


def test_tr376_it_repeats_the_declaration_number():
    part = answer().declaration
    assert part is not None
    assert judged(answer(declaration=replace(part, number="D2"))) == ("TR376",)


def test_tr056_tr135_of_an_answer():
    assert judged(answer(), used=("A1",)) == ("9056",)
    assert judged(answer(dated=date(2025, 6, 4))) == ("8848",)
