"""Messages as a whole: replays, used numbers, refusals that stop nothing else, what counts in time, what it costs."""

from __future__ import annotations

from datetime import date

from lead_contractor.books import accounts
from lead_contractor.kernel.periods import Month
from tests.subcontractors.declarations.scene import (
    CORRECTIONS,
    CUT_OFF,
    WIJKTEAM,
    Contract,
    allocated,
    credit,
    debit,
    declared,
    euros,
)

MARCH = Month(2025, 3)
AFTER_CUT_OFF, AFTER_CORRECTIONS = date(2026, 4, 1), date(2026, 6, 1)


def statuses(verdicts):
    return [(one.status, one.message_codes, one.declaration_codes, one.granted) for one in verdicts]


ALL_GRANTED = ("answered", (), ("8001",), 33480)
DUPLICATE = ("duplicate", (), (), 0)
NOT_UNIQUE = ("answered", ("9056",), (), 0)
NUMBER_USED = ("answered", (), ("9333",), 0)


def test_the_same_file_twice_is_a_duplicate_whatever_it_is_called(contract):
    thuis_verder = contract(allocated("1001"))
    message = declared("D1", debit("R1"))
    assert statuses(thuis_verder.take_in([("a.xml", message), ("b.xml", message)])) == [ALL_GRANTED, DUPLICATE]
    assert statuses(thuis_verder.take_in([("a.xml", message)])) == [DUPLICATE]
    assert thuis_verder.booked(accounts.DECLARED) == thuis_verder.booked(accounts.COST_PXQ) == 33480


def test_the_same_content_in_another_layout_is_a_duplicate(contract):
    thuis_verder = contract(allocated("1001"))
    message = declared("D1", debit("R1"))
    spread = message.replace(b"wmo323:", b"w:").replace(b"xmlns:wmo323", b"xmlns:w").replace(b"\r\n\t", b"\n  ")
    assert statuses(thuis_verder.take_in([("a.xml", message), ("b.xml", spread)])) == [ALL_GRANTED, DUPLICATE]


def test_the_same_identification_with_other_content_is_not_unique_and_uses_nothing_up(contract):
    thuis_verder = contract(allocated("1001"))
    other = declared("D2", debit("R2", month=MARCH), identification="BD1")
    assert statuses(thuis_verder.take_in([("a.xml", declared("D1", debit("R1")))])) == [ALL_GRANTED]
    assert statuses(thuis_verder.take_in([("b.xml", other)])) == [NOT_UNIQUE]
    assert statuses(thuis_verder.take_in([("b.xml", other)])) == [DUPLICATE]
    again = declared("D2", debit("R2", month=MARCH))
    assert statuses(thuis_verder.take_in([("c.xml", again)])) == [ALL_GRANTED]
    assert thuis_verder.booked(accounts.REJECTED) == 33480


def test_a_used_declaration_number_is_refused_and_its_references_stay_free(contract):
    thuis_verder = contract(allocated("1001"))
    files = [
        ("a.xml", declared("D1", debit("R1"), identification="B1")),
        ("b.xml", declared("D1", debit("R2", month=MARCH), identification="B2")),
        ("c.xml", declared("D3", debit("R2", month=MARCH), identification="B3")),
    ]
    assert statuses(thuis_verder.take_in(files)) == [ALL_GRANTED, NUMBER_USED, ALL_GRANTED]


def test_a_message_refused_for_its_content_uses_up_neither_identification_nor_number(contract):
    thuis_verder = contract(allocated("1001"))
    wrong, right = declared("D1", debit("R1"), debit("R2", 9)), declared("D1", debit("R1"))
    refused = ("refused_content", ("TR416",), (), 0)
    assert statuses(thuis_verder.take_in([("a.xml", wrong)])) == [refused]
    assert statuses(thuis_verder.take_in([("b.xml", right)])) == [ALL_GRANTED]


def test_other_subcontractors_may_use_the_same_identification_and_references(contract):
    both = contract(allocated("1001"), allocated("2001", "", subcontractor=WIJKTEAM, category="08", product_code=""))
    by_wijkteam = debit("R1", allocation="2001", category="08", product_code="08A01")
    messages = [("a.xml", declared("D1", debit("R1"))), ("b.xml", declared("D1", by_wijkteam, sender=WIJKTEAM))]
    assert statuses(both.take_in(messages)) == [ALL_GRANTED, ALL_GRANTED]


def test_another_contract_of_the_same_lead_contractor_does_not_matter(contract):
    first = contract(allocated("1001", "6 hours in all"))
    second = Contract(first.scope, allocated("1001", "6 hours in all"), contract_id=2)
    message = [("a.xml", declared("D1", debit("R1")))]
    assert statuses(first.take_in(message)) == statuses(second.take_in(message)) == [ALL_GRANTED]
    assert first.booked(accounts.COST_PXQ) == second.booked(accounts.COST_PXQ) == 33480


def test_a_refused_message_does_not_stop_the_rest(contract):
    thuis_verder = contract(allocated("1001"))
    files = [
        ("leeg.xml", b""),
        ("kapot.xml", declared("D0", debit("R0"))[:300]),
        ("werkblad.xlsx", b"PK\x03\x04"),
        ("verkeerd.csv", b"declaration,period\nD9,2025-04\n"),
        ("twee.xml", declared("D1", debit("R1"), debit("R2", 9))),
        ("goed.xml", declared("D2", debit("R1"))),
    ]
    verdicts = thuis_verder.take_in(files)
    assert sorted(one.status for one in verdicts) == ["answered", "refused_content", *["refused_structure"] * 4]
    assert thuis_verder.booked(accounts.DECLARED) == thuis_verder.booked(accounts.APPROVED) == 33480


def test_the_order_of_processing_is_by_day_not_by_name_or_place(contract):
    thuis_verder = contract(allocated("1001", "6 hours in all"))
    files = [
        ("a.xml", declared("D1", debit("R1"), received=date(2025, 5, 8), dated=date(2025, 5, 8))),
        ("b.xml", declared("D2", debit("R2", month=MARCH), received=date(2025, 5, 7), dated=date(2025, 5, 7))),
    ]
    first, second = thuis_verder.take_in(files)
    assert [(line.reference, line.codes) for line in (*first.lines, *second.lines)] == [("R2", ()), ("R1", ("9322",))]


def test_an_fte_subcontractor_is_answered_like_any_other_and_its_lines_cost_nothing(contract):
    wijkteam = contract(allocated("2001", "", subcontractor=WIJKTEAM, category="08", product_code=""))
    line = debit("R1", allocation="2001", category="08", product_code="08A01")
    twice = debit("R1", 1, allocation="2001", category="08", product_code="08A01", month=MARCH)
    assert wijkteam.codes(line, sender=WIJKTEAM) == {"R1": ()}
    assert wijkteam.codes(twice, sender=WIJKTEAM) == {"R1": ("8021",)}
    assert wijkteam.booked(accounts.APPROVED) == 33480
    assert wijkteam.booked(accounts.PAYABLE) == wijkteam.booked(accounts.COST_PXQ) == 0


def test_a_product_of_no_agreement_is_refused(contract):
    thuis_verder = contract(allocated("1001", "", category="08", product_code="08A01"))
    line = euros("R1", 33480, category="08", product_code="08A01")
    assert thuis_verder.codes(line) == {"R1": ("0611",)}
    assert thuis_verder.booked(accounts.REJECTED) == thuis_verder.booked(accounts.DECLARED) == 33480


def in_time(verdict):
    return {line.reference: line.in_time for line in verdict.lines}


def test_new_lines_count_until_the_cut_off(contract):
    thuis_verder = contract(allocated("1001"))
    assert in_time(thuis_verder.send(debit("R1", month=MARCH), received=CUT_OFF)) == {"R1": True}
    assert in_time(thuis_verder.send(debit("R2"), received=AFTER_CUT_OFF)) == {"R2": False}
    assert thuis_verder.booked(accounts.COST_PXQ) == 33480
    assert thuis_verder.booked(accounts.APPROVED_AFTER_CUT_OFF) == 33480


def test_corrections_count_until_the_end_of_corrections(contract):
    thuis_verder = contract(allocated("1001"))
    first, second = debit("R1", month=MARCH), debit("R2")
    thuis_verder.send(first, second)
    corrected = thuis_verder.send(credit("C1", first), debit("R3", 9, month=MARCH), received=CORRECTIONS)
    assert in_time(corrected) == {"C1": True, "R3": True}
    too_late = thuis_verder.send(credit("C2", second), debit("R4", 9), received=AFTER_CORRECTIONS)
    assert in_time(too_late) == {"C2": False, "R4": False}
    assert thuis_verder.booked(accounts.COST_PXQ) == 9 * 5580 + 33480
    assert thuis_verder.booked(accounts.APPROVED_AFTER_CUT_OFF) == 9 * 5580 - 33480


def test_the_correction_of_a_line_that_came_too_late_does_not_count_either(contract):
    thuis_verder = contract(allocated("1001"))
    late = debit("R1")
    assert in_time(thuis_verder.send(late, received=AFTER_CUT_OFF)) == {"R1": False}
    corrected = thuis_verder.send(credit("C1", late), debit("R2", 9), received=date(2026, 4, 15))
    assert in_time(corrected) == {"C1": False, "R2": False}
    assert thuis_verder.booked(accounts.COST_PXQ) == 0


def test_a_line_of_the_year_before_is_production_of_that_year(contract):
    thuis_verder = contract(allocated("1001", "", start=date(2024, 11, 1)))
    december = debit("R1", month=Month(2024, 12))
    assert thuis_verder.codes(december) == {"R1": ("0611",)}
    assert thuis_verder.booked(accounts.APPROVED_PRIOR_YEAR) == 0
