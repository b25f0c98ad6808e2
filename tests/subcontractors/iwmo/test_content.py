"""Level 2: every rule is broken once, and a sound declaration breaks none."""

from __future__ import annotations

from datetime import date

import pytest

from lead_contractor.kernel.money import Cents
from subcontractors.declarations.model import Channel
from subcontractors.iwmo.content import RULES, check_content, valid_bsn, years_before
from subcontractors.iwmo.level2.reports import check_reports
from tests.subcontractors.iwmo.examples import ANNA, TIM, a_declaration, a_line, a_start, a_stop, four_lines


def rules(lines=None, **head):
    """Which rules a declaration of these lines breaks; the total is claimed as the lines add up."""
    lines = four_lines() if lines is None else lines
    added = sum(-line.amount if line.credit else line.amount for line in lines)
    declaration = a_declaration(**{"total": Cents(added), **head})
    return [fault.rule for fault in check_content(declaration, lines)]


def test_a_sound_declaration_breaks_no_rule():
    assert check_content(a_declaration(), four_lines()) == ()


def test_rules_are_reported_in_one_fixed_order():
    assert [rule for rule, _ in RULES] == (
        [
            "CS002",
            "CS100",
            "CS325",
            "CS337",
            "CS339",
            "CS340",
            "CD060",
            "CD087",
            "TR101",
            "TR134",
            "TR137",
            "TR315",
            "TR316",
            "TR335",
            "TR358",
            "TR416",
        ]
    )


@pytest.mark.parametrize("bsn", ["999900006", "999900018", "999996782", "123456782", "111222333"])
def test_cs002_these_numbers_pass_the_elfproef(bsn):
    assert valid_bsn(bsn)


@pytest.mark.parametrize("bsn", ["000000000", "999900007", "123456789", "99990006", "12345678x", "１２３４５６７８２"])
def test_cs002_these_do_not(bsn):
    assert not valid_bsn(bsn)


def test_cs002_is_told_once_per_client_and_without_the_number():
    lines = (a_line(1, bsn="123456789"), a_line(2, bsn="123456789"), a_line(3))
    (fault,) = check_content(a_declaration(total=Cents(15000)), lines)
    assert (fault.rule, fault.reference, fault.level) == ("CS002", "R1", 2)
    assert "123456789" not in str(fault)


def test_cs100_nothing_before_2021():
    december = {"period_from": date(2020, 12, 1), "period_to": date(2020, 12, 31)}
    assert rules([a_line(**december)]) == ["CS100"]
    assert rules(**december, received=date(2021, 1, 2)) == ["CS100", *["TR134"] * 4, *["TR137"] * 4]
    assert rules([a_line(period_from=date(2021, 1, 1), period_to=date(2021, 1, 31))]) == []


def test_cs325_zero_is_debit():
    assert rules([a_line(amount=Cents(0), credit=True, previous_reference="OLD")]) == ["CS325"]
    assert rules([a_line(amount=Cents(0))]) == []


def test_cs337_a_product_period_stays_within_a_month():
    assert rules([a_line(period_from=date(2025, 3, 31), period_to=date(2025, 4, 30))]) == ["CS337"]
    assert rules([a_line(period_from=date(2024, 4, 1), period_to=date(2025, 4, 30))]) == ["CS337"]


def test_cs339_euros_are_declared_in_cents():
    euros = {"unit": "83", "tariff": None}
    assert rules([a_line(**euros, volume=50, amount=Cents(5000))]) == ["CS339"]
    assert rules([a_line(**euros, volume=5000, amount=Cents(5000))]) == []


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2025, 4, 1), date(2025, 4, 29)),
        (date(2025, 4, 2), date(2025, 4, 30)),
        (date(2025, 3, 1), date(2025, 4, 30)),
    ],
)
def test_cs340_a_declaration_period_is_one_whole_month(first, last):
    assert rules(period_from=first, period_to=last) == ["CS340"]


def test_cd060_a_credit_names_what_it_takes_back_and_a_debit_does_not():
    assert rules([a_line(credit=True)]) == ["CD060"]
    assert rules([a_line(previous_reference="OLD")]) == ["CD060"]
    assert rules([a_line(credit=True, previous_reference="OLD")]) == []


def test_cd087_a_tariff_belongs_to_every_unit_but_euros():
    assert rules([a_line(tariff=None)]) == ["CD087"]
    assert rules([a_line(unit="83", volume=5000)]) == ["CD087"]


def test_tr101_a_reference_stands_once_per_client():
    assert rules([a_line(1, reference="R"), a_line(2, reference="R")]) == ["TR101"]
    assert rules([a_line(1, reference="R"), a_line(2, reference="R", bsn=ANNA)]) == []  # TR314, level 3


def test_tr137_a_period_ends_after_it_begins_and_before_the_message_is_dated():
    assert rules([a_line(period_to=date(2025, 4, 30), period_from=date(2025, 4, 30))]) == []
    assert rules([a_line(period_from=date(2025, 4, 30), period_to=date(2025, 4, 1))]) == ["TR137"]
    assert rules(received=date(2025, 4, 30)) == []
    assert rules([a_line()], received=date(2025, 4, 29)) == ["TR137", "TR137"]


def test_tr315_a_line_is_taken_back_once():
    back = {"credit": True, "previous_reference": "OLD"}
    assert rules([a_line(1, **back), a_line(2, **back)]) == ["TR315"]


def test_tr316_nothing_is_taken_back_in_its_own_message():
    assert rules([a_line(1), a_line(2, credit=True, previous_reference="R1")]) == ["TR316"]


def test_tr335_five_years_back_and_no_further():
    assert rules(received=date(2030, 4, 30), dated=date(2030, 4, 30)) == []
    assert rules([a_line()], received=date(2030, 5, 1), dated=date(2030, 5, 1)) == ["TR335"]
    assert years_before(date(2024, 2, 29), 5) == date(2019, 2, 28)
    assert years_before(date(3, 1, 1), 5) == date.min


def test_tr358_the_claimed_total_is_what_the_lines_add_up_to():
    (fault,) = check_content(a_declaration(total=Cents(57999)), four_lines())
    assert fault.rule == "TR358"
    assert "€ 579,99" in fault.message
    assert "€ 580,00" in fault.message
    assert "€ -0,01" in fault.message
    credit = a_line(5, credit=True, previous_reference="OLD", amount=Cents(60000))
    assert check_content(a_declaration(total=Cents(-2000)), (*four_lines(), credit)) == ()


def test_tr358_has_nothing_to_say_where_no_total_is_claimed():
    assert rules(channel=Channel.CSV, total=None) == []


def test_tr416_one_debit_per_allocation_product_and_period():
    assert rules([a_line(1), a_line(2, allocation="101")]) == ["TR416"]
    other_half = {"period_from": date(2025, 4, 1), "period_to": date(2025, 4, 15)}
    assert rules([a_line(1), a_line(2, allocation="101", **other_half)]) == []
    back = {"credit": True, "previous_reference": "OLD"}
    assert rules([a_line(1), a_line(2, allocation="101", **back)]) == []


def test_starts_and_stops_have_their_rules():
    assert check_reports((a_start(),)) == ()
    assert check_reports((a_stop(),)) == ()
    assert [fault.rule for fault in check_reports((a_start(bsn="123456789"),))] == ["CS002"]
    assert [fault.rule for fault in check_reports((a_start(status="2"), a_start(status="9", allocation="5")))] == [
        "CS058",
        "CS058",
    ]
    assert [fault.rule for fault in check_reports((a_stop(end=date(2025, 4, 2)),))] == ["TR018"]
    assert check_reports((a_stop(end=date(2025, 4, 3)),)) == ()


def test_tr101_withdrawing_and_repeating_a_start_needs_another_key():
    same, moved = a_start(status="3"), a_start(status="3", begin=date(2025, 4, 4))
    assert [fault.rule for fault in check_reports((same, a_start()))] == ["TR101"]
    assert check_reports((moved, a_start())) == ()
    assert check_reports((a_stop(status="3"), a_stop(reason="19"))) == ()


def test_of_one_rule_a_hundred_faults_are_told():
    lines = [a_line(position, tariff=None) for position in range(1, 151)]
    assert rules(lines) == ["CD087"] * 100


def test_every_fault_has_a_place_and_a_remedy():
    broken = (a_line(1, bsn=TIM[:-1] + "7", tariff=None), a_line(2, reference="R1", credit=True))
    for fault in check_content(a_declaration(period_to=date(2025, 4, 29)), broken):
        assert fault.place
        assert fault.remedy
        assert fault.level == 2
