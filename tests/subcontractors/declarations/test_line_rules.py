"""Each rule of a line against earlier messages and agreements: a line that passes, and one that breaks it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from tests.subcontractors.declarations.scene import (
    ANNA,
    STRANGER,
    WIJKTEAM,
    allocated,
    credit,
    debit,
    euros,
)

MARCH, APRIL, JULY = Month(2025, 3), Month(2025, 4), Month(2025, 7)


def test_tr304_the_client_is_the_one_of_the_allocation(contract):
    thuis_verder = contract(allocated("1001"), allocated("1002", bsn=ANNA), allocated("1003"))
    lines = (debit("R1"), debit("R2", allocation="1002"), debit("R3", allocation="1003", bsn=STRANGER))
    assert thuis_verder.codes(*lines) == {"R1": (), "R2": ("8187",), "R3": ("8187",)}


def test_tr304_a_client_of_another_subcontractor_only_is_unknown(contract):
    thuis_verder = contract(allocated("1001"), allocated("1002", bsn=ANNA, subcontractor=WIJKTEAM))
    assert thuis_verder.codes(debit("R1", bsn=ANNA, allocation="1002")) == {"R1": ("8187", "9338")}


def test_tr307_the_product_period_begins_in_the_allocation(contract):
    begins = date(2025, 4, 14)
    thuis_verder = contract(allocated("1001", start=begins), allocated("1002", start=begins))
    lines = (debit("R1", period_from=begins), debit("R2", allocation="1002"))
    assert thuis_verder.codes(*lines) == {"R1": (), "R2": ("9307",)}


def test_tr307_and_tr308_by_one_day(contract):
    thuis_verder = contract(allocated("1001", start=date(2025, 4, 2)), allocated("1002", end=date(2025, 4, 29)))
    assert thuis_verder.codes(debit("R1"), debit("R2", allocation="1002")) == {"R1": ("9307",), "R2": ("9308",)}


def test_tr308_the_product_period_ends_in_the_allocation(contract):
    ends = date(2025, 4, 14)
    thuis_verder = contract(allocated("1001", end=ends), allocated("1002", end=ends), allocated("1003", end=None))
    lines = (debit("R1", period_to=ends), debit("R2", allocation="1002"), debit("R3", allocation="1003"))
    assert thuis_verder.codes(*lines) == {"R1": (), "R2": ("9308",), "R3": ()}


def test_tr314_a_reference_is_used_once_also_by_a_refused_line(contract):
    thuis_verder = contract(allocated("1001"), allocated("1002", bsn=ANNA))
    assert thuis_verder.codes(debit("R1", tariff="55.81")) == {"R1": ("0611",)}
    assert thuis_verder.codes(debit("R1")) == {"R1": ("8021",)}
    assert thuis_verder.codes(debit("R2")) == {"R2": ()}
    in_one_message = (debit("R3", month=MARCH), debit("R3", month=MARCH, allocation="1002", bsn=ANNA))
    assert [line.codes for line in thuis_verder.send(*in_one_message).lines] == [(), ("8021",)]


def test_tr319_the_product_period_is_not_later_than_the_declaration_period(contract):
    thuis_verder = contract(allocated("1001"))
    lines = (debit("R1", month=MARCH), debit("R2", month=APRIL))
    assert thuis_verder.codes(*lines, month=MARCH, received=date(2025, 5, 6)) == {"R1": (), "R2": ("9319",)}


def test_tr321_a_line_fits_in_what_the_allocation_allows_in_a_period(contract):
    thuis_verder = contract(allocated("1001"), allocated("1002", "2 hours a day"), allocated("1003"))
    in_minutes = {"allocation": "1003", "unit": "01", "tariff": "0.93"}
    assert thuis_verder.codes(
        debit("R1", 40), debit("R2", 41, month=MARCH), debit("R3", 60, allocation="1002"),
        debit("R4", 63, allocation="1002", month=MARCH),
        debit("R5", 2400, amount="2232.00", **in_minutes), debit("R6", 2401, amount="2232.93", month=MARCH, **in_minutes),
    ) == {"R1": (), "R2": ("9321",), "R3": (), "R4": ("9321",), "R5": (), "R6": ("9321",)}  # fmt: skip


def test_tr322_all_lines_together_fit_in_the_allocation_and_a_refused_one_uses_nothing_up(contract):
    thuis_verder = contract(allocated("1001", "10 hours in all"))
    lines = (debit("R1", 6, month=MARCH), debit("R2", 5), debit("R3", 4, month=Month(2025, 2)))
    assert thuis_verder.codes(*lines) == {"R1": (), "R2": ("9322",), "R3": ()}
    assert thuis_verder.codes(debit("R4", 1)) == {"R4": ("9322",)}


def test_tr322_a_credit_gives_volume_back(contract):
    thuis_verder = contract(allocated("1001", "10 hours in all"))
    first = debit("R1", 10, month=MARCH)
    assert thuis_verder.codes(first) == {"R1": ()}
    assert thuis_verder.codes(credit("R2", first), debit("R3", 9)) == {"R2": (), "R3": ()}


def test_tr322_an_allocation_without_end_has_no_limit_over_its_term(contract):
    thuis_verder = contract(allocated("1001", "10 hours in all", end=None))
    assert thuis_verder.codes(debit("R1", 10, month=MARCH), debit("R2", 10)) == {"R1": (), "R2": ()}


def test_tr323_a_credit_is_of_a_granted_line_and_equal_to_it(contract):
    thuis_verder = contract(allocated("1001"), allocated("1002"))
    first, second = debit("R1"), debit("R2", allocation="1002")
    refused = debit("R3", tariff="55.81", month=MARCH)
    assert thuis_verder.codes(first, second, refused) == {"R1": (), "R2": (), "R3": ("0611",)}
    assert thuis_verder.codes(
        credit("C1", first), credit("C2", second, volume=5, amount=Cents(27900)), credit("C3", refused),
        credit("C4", first, previous_reference="R9"),
    ) == {"C1": (), "C2": ("8017",), "C3": ("8017", "0611"), "C4": ("8017",)}  # fmt: skip


@pytest.mark.parametrize(
    "other",
    [
        {"bsn": ANNA},
        {"allocation": "1002"},
        {"category": "01"},
        {"product_code": "02A05"},
        {"period_from": date(2025, 4, 2)},
        {"period_to": date(2025, 4, 29)},
        {"volume": 7},
        {"unit": "01"},
        {"tariff": Cents(5581)},
        {"amount": Cents(33479)},
    ],
    ids=lambda other: next(iter(other)),
)
def test_tr323_a_credit_equals_its_debit_in_every_field(contract, other):
    thuis_verder = contract(allocated("1001"), allocated("1002"), allocated("1003", bsn=ANNA))
    first = debit("R1")
    thuis_verder.send(first)
    assert "8017" in thuis_verder.codes(credit("C1", first, **other))["C1"]
    assert thuis_verder.codes(credit("C2", first)) == {"C2": ()}


def test_tr323_on_an_unknown_allocation_there_is_nothing_to_credit(contract):
    thuis_verder = contract(allocated("1001"))
    first = debit("R1")
    thuis_verder.send(first)
    assert thuis_verder.codes(credit("C1", first, allocation="9999")) == {"C1": ("8017", "9338")}


def test_tr333_a_declaration_number_is_used_once(contract):
    thuis_verder = contract(allocated("1001"))
    assert thuis_verder.send(debit("R1"), number="D777").declaration_codes == ("8001",)
    again = thuis_verder.send(debit("R2", month=MARCH), number="D777")
    assert (again.status, again.declaration_codes) == ("answered", ("9333",))
    assert (again.submitted, again.granted, again.lines) == (33480, 0, ())
    assert thuis_verder.codes(debit("R2", month=MARCH)) == {"R2": ()}


def test_tr338_the_sender_has_the_allocation(contract):
    thuis_verder = contract(allocated("1001"), allocated("1002", subcontractor=WIJKTEAM))
    lines = (debit("R1"), debit("R2", allocation="1002"), debit("R3", allocation="9999"))
    assert thuis_verder.codes(*lines) == {"R1": (), "R2": ("9338",), "R3": ("9338",)}


def test_tr338_leading_zeros_of_a_number_mean_nothing(contract):
    thuis_verder = contract(allocated("0042"))
    assert thuis_verder.codes(debit("R1", allocation="42"), debit("R2", allocation="0042", month=MARCH)) == {
        "R1": (),
        "R2": (),
    }


def test_tr339_the_category_is_the_allocated_one(contract):
    thuis_verder = contract(allocated("1001"), allocated("1002"))
    lines = (debit("R1"), debit("R2", allocation="1002", category="01"))
    assert thuis_verder.codes(*lines) == {"R1": (), "R2": ("9339",)}


def test_tr340_the_product_is_the_allocated_one_where_there_is_one(contract):
    thuis_verder = contract(allocated("1001"), allocated("1002", product_code=""))
    other: dict[str, Any] = {"product_code": "02A05", "tariff": "87.35"}
    lines = (debit("R1"), debit("R2", month=MARCH, **other), debit("R3", allocation="1002", **other))
    assert thuis_verder.codes(*lines) == {"R1": (), "R2": ("9340",), "R3": ()}


def test_tr341_the_unit_is_the_allocated_one_or_minutes_for_hours(contract):
    thuis_verder = contract(allocated("1001"), allocated("1002"), allocated("1003", "600 minutes a month"))
    lines = (
        debit("R1", unit="04"),
        debit("R2", 95, "0.93", "88.35", unit="01", allocation="1002"),
        debit("R3", unit="14", month=MARCH),
        debit("R4", unit="04", allocation="1003"),
    )
    assert thuis_verder.codes(*lines) == {"R1": (), "R2": (), "R3": ("9341",), "R4": ("9341",)}


def test_tr341_without_an_allocated_unit_the_agreed_units_count(contract):
    thuis_verder = contract(allocated("1001", ""))
    lines = (
        debit("R1"),
        debit("R2", unit="16", month=MARCH),
        euros("R3", 33480, period_from=date(2025, 2, 1), period_to=date(2025, 2, 28)),
    )
    assert thuis_verder.codes(*lines) == {"R1": (), "R2": ("9341",), "R3": ("9341",)}


def test_tr346_the_amount_is_volume_times_tariff(contract):
    thuis_verder = contract(allocated("1001"))
    lines = (debit("R1", 6, "55.80", "334.80"), debit("R2", 6, "55.80", "334.81", month=MARCH))
    assert thuis_verder.codes(*lines) == {"R1": (), "R2": ("9346",)}


def test_rule_11_minutes_are_paid_by_the_hour_tariff_and_rounded_once(contract):
    thuis_verder = contract(allocated("1001", product_code="02A05"))
    minutes = {"product_code": "02A05", "unit": "01"}
    right = debit("R1", 95, "1.46", "138.30", **minutes)
    by_the_shown_tariff = debit("R2", 95, "1.46", "138.70", month=MARCH, **minutes)
    assert thuis_verder.codes(right, by_the_shown_tariff) == {"R1": (), "R2": ("9346",)}
    assert thuis_verder.codes(debit("R3", 8, "1.46", "11.65", month=MARCH, **minutes)) == {"R3": ()}


def test_rule_12_whole_hours_of_a_period(contract):
    thuis_verder = contract(allocated("1001"))
    assert thuis_verder.send(debit("R1", 6)).granted == 33480


def test_tr358_a_wrong_total_refuses_the_message(contract):
    thuis_verder = contract(allocated("1001"))
    assert thuis_verder.send(debit("R1"), total=Cents(33480)).granted == 33480
    refused = thuis_verder.send(debit("R2", month=MARCH), total=Cents(33481))
    assert (refused.status, refused.message_codes, refused.granted) == ("refused_content", ("TR358",), 0)


def test_tr369_all_amounts_together_fit_in_the_budget_to_the_cent(contract):
    thuis_verder = contract(allocated("1001", "", budget=Cents(61380)), allocated("1002", "", budget=Cents(61379)))
    lines = (
        debit("R1", 10, month=MARCH),
        debit("R2", 1),
        debit("R3", 10, month=MARCH, allocation="1002"),
        debit("R4", 1, allocation="1002"),
    )
    assert thuis_verder.codes(*lines) == {"R1": (), "R2": (), "R3": (), "R4": ("9369",)}


def test_tr384_nothing_on_a_deleted_allocation(contract):
    thuis_verder = contract(allocated("1001", reason_change="01"), allocated("1002", reason_change="13"))
    lines = (debit("R1"), debit("R2", allocation="1002"))
    assert thuis_verder.codes(*lines) == {"R1": (), "R2": ("9384",)}


def test_tr387_and_tr388_a_product_period_is_a_whole_month_of_the_allocation(contract):
    thuis_verder = contract(allocated("1001"), allocated("1002"), allocated("1003"), allocated("1004", end=None))
    lines = (
        debit("R1"),
        debit("R2", allocation="1002", period_from=date(2025, 4, 2)),
        debit("R3", allocation="1003", period_to=date(2025, 4, 29)),
        debit("R4", allocation="1004", period_to=date(2025, 4, 29)),
    )
    assert thuis_verder.codes(*lines) == {"R1": (), "R2": ("9387",), "R3": ("9388",), "R4": ("9388",)}


def test_tr389_one_open_line_per_product_period(contract):
    thuis_verder = contract(allocated("1001"))
    first = debit("R1")
    assert thuis_verder.codes(first) == {"R1": ()}
    assert thuis_verder.codes(debit("R2")) == {"R2": ("9389",)}
    assert thuis_verder.codes(debit("R3", 9), credit("C1", first)) == {"R3": (), "C1": ()}
    assert thuis_verder.codes(debit("R4")) == {"R4": ("9389",)}


def test_tr390_a_line_is_credited_once(contract):
    thuis_verder = contract(allocated("1001"))
    first = debit("R1")
    thuis_verder.send(first)
    assert thuis_verder.codes(credit("C1", first)) == {"C1": ()}
    assert thuis_verder.codes(credit("C2", first)) == {"C2": ("9390",)}
    assert thuis_verder.codes(credit("C3", first, volume=5, amount=Cents(27900))) == {"C3": ("8017", "9390")}


def test_tr390_a_refused_credit_takes_nothing_back(contract):
    thuis_verder = contract(allocated("1001"))
    first = debit("R1")
    thuis_verder.send(debit("R0", tariff="55.81", month=MARCH), first)
    again = (credit("R0", first), debit("R2"))
    assert thuis_verder.codes(*again) == {"R0": ("8021",), "R2": ("9389",)}
    assert thuis_verder.codes(debit("R3")) == {"R3": ("9389",)}
    assert thuis_verder.codes(credit("C1", first)) == {"C1": ()}


def test_tr416_two_lines_for_one_product_period_refuse_the_message(contract):
    thuis_verder = contract(allocated("1001"))
    refused = thuis_verder.send(debit("R1"), debit("R2", 9))
    assert (refused.status, refused.message_codes) == ("refused_content", ("TR416",))
    assert thuis_verder.codes(debit("R1"), debit("R2", month=MARCH)) == {"R1": (), "R2": ()}


def test_tr418_the_tariff_is_the_agreed_one_of_the_first_day_of_the_period(contract):
    thuis_verder = contract(allocated("1001"))
    lines = (
        debit("R1"),
        debit("R2", tariff="55.81", month=MARCH),
        debit("R3", month=JULY),
        debit("R4", tariff="58.57", month=Month(2025, 8)),
    )
    assert thuis_verder.codes(*lines, month=Month(2025, 8), received=date(2025, 9, 8)) == {
        "R1": (),
        "R2": ("0611",),
        "R3": ("0611",),
        "R4": (),
    }


def test_tr418_where_the_unit_does_not_fit_any_agreed_tariff_of_that_day_will_do(contract):
    thuis_verder = contract(allocated("1001"))
    lines = (debit("R1", unit="14"), debit("R2", unit="14", tariff="58.57", month=MARCH))
    assert thuis_verder.codes(*lines) == {"R1": ("9341",), "R2": ("9341", "0611")}


def test_tr418_a_product_that_no_agreement_covers(contract):
    thuis_verder = contract(allocated("1001", "", product_code="02A77"), allocated("1002", "", end=None))
    lines = (
        debit("R1", product_code="02A77"),
        euros("R2", 33480, product_code="02A77", period_from=MARCH.first, period_to=MARCH.last),
        debit("R3", allocation="1002", tariff="58.57", month=Month(2026, 1)),
    )
    codes = thuis_verder.codes(*lines, month=Month(2026, 1), received=date(2026, 2, 6))
    assert codes == {"R1": ("0611",), "R2": ("0611",), "R3": ("0611",)}


def test_tr418_an_agreed_product_without_a_tariff(contract):
    thuis_verder = contract(allocated("1001", "", category="01", product_code="01A99"))
    assert thuis_verder.codes(debit("R1", category="01", product_code="01A99")) == {"R1": ("0611",)}


def test_several_reasons_stand_in_the_order_of_the_rules(contract):
    thuis_verder = contract(allocated("1001", start=date(2025, 4, 14), end=date(2025, 4, 28), reason_change="13"))
    wrong = debit(
        "R1", 6, "50.00", "300.01", month=Month(2025, 5), bsn=STRANGER, category="01", product_code="02A05", unit="14"
    )  # fmt: skip
    assert thuis_verder.codes(replace(wrong, period_from=date(2025, 5, 2)), received=date(2025, 6, 6)) == {
        "R1": ("8187", "9308", "9319", "9339", "9340", "9341", "9346", "9384", "9387", "0611")
    }


def test_rule_34_one_cent_too_much_refuses_the_whole_line_and_nothing_else(contract):
    thuis_verder = contract(allocated("1001"), allocated("1002", product_code="02A05"), allocated("1003"))
    verdict = thuis_verder.send(
        debit("R1", 6, "55.80", "334.80"),
        debit("R2", 95, "1.46", "138.31", allocation="1002", product_code="02A05", unit="01"),
        debit("R3", 9, "55.80", "502.20", allocation="1003"),
    )
    assert [line.codes for line in verdict.lines] == [(), ("9346",), ()]
    assert (verdict.submitted, verdict.granted, verdict.declaration_codes) == (97531, 83700, ())


def test_rule_13_a_broken_period_may_hold_full_weeks(contract):
    begins, ends = date(2025, 11, 12), date(2025, 11, 30)
    term: dict[str, Any] = {"start": begins, "end": date(2025, 12, 31)}
    thuis_verder = contract(allocated("1001", "3 hours a week", **term), allocated("1002", "3 hours a week", **term))
    period: dict[str, Any] = {"period_from": begins, "period_to": ends, "tariff": "58.57"}
    verdict = thuis_verder.send(
        debit("R1", 9, **period), debit("R2", 10, allocation="1002", **period),
        month=Month(2025, 11), received=date(2025, 12, 8),
    )  # fmt: skip
    assert [line.codes for line in verdict.lines] == [(), ("9321",)]
    assert verdict.granted == 9 * 5857


def _quarter(first: date, last: date) -> list[dict[str, Any]]:
    october, november, december = (Month(2025, number) for number in (10, 11, 12))
    return [
        {"period_from": first, "period_to": october.last},
        {"period_from": november.first, "period_to": november.last},
        {"period_from": december.first, "period_to": last},
    ]


LATE = {"month": Month(2025, 12), "received": date(2026, 1, 12)}


def test_rule_46_effort_counts_the_weeks_touched_and_the_term_holds_thirteen(contract):
    term: dict[str, Any] = {"start": date(2025, 10, 7), "end": date(2025, 12, 30)}
    thuis_verder = contract(allocated("1001", "3 hours a week", **term), allocated("1002", "3 hours a week", **term))
    periods = _quarter(term["start"], term["end"])
    full = [
        debit(f"R{n}", hours, "58.57", **period)
        for n, hours, period in zip((1, 2, 3), (12, 15, 15), periods, strict=True)
    ]
    over = [
        replace(debit(f"S{n}", hours, "58.57", **period), allocation="1002")
        for n, hours, period in zip((1, 2, 3), (13, 16, 16), periods, strict=True)
    ]
    assert thuis_verder.codes(*full, *over, **LATE) == {
        "R1": (), "R2": (), "R3": ("9322",), "S1": ("9321",), "S2": ("9321",), "S3": ("9321",),
    }  # fmt: skip
    assert thuis_verder.codes(debit("R4", 12, "58.57", **periods[2]), **LATE) == {"R4": ()}


def test_rule_46_output_counts_sundays_and_the_last_broken_week(contract):
    term: dict[str, Any] = {"start": date(2025, 10, 1), "end": date(2025, 12, 31), "product_code": "02A09"}
    week = "30000 cents a week"
    thuis_verder = contract(allocated("1001", week, **term), allocated("1002", week, **term))
    periods = _quarter(term["start"], term["end"])
    most = (120000, 150000, 150000)
    full = [
        euros(f"R{n}", cents, product_code="02A09", **period)
        for n, cents, period in zip((1, 2, 3), most, periods, strict=True)
    ]
    over = [
        euros(f"S{n}", cents + 1, product_code="02A09", allocation="1002", **period)
        for n, cents, period in zip((1, 2, 3), most, periods, strict=True)
    ]
    assert thuis_verder.codes(*full, **LATE) == {"R1": (), "R2": (), "R3": ()}
    assert thuis_verder.codes(*over, **LATE) == {"S1": ("9321",), "S2": ("9321",), "S3": ("9321",)}


def test_rule_46_output_leaves_nothing_for_the_month_after_the_last_sunday(contract):
    term: dict[str, Any] = {"start": date(2025, 7, 7), "end": date(2025, 9, 5), "product_code": "02A09"}
    thuis_verder = contract(allocated("1001", "30000 cents a week", **term))
    lines = (
        euros("R1", 90000, product_code="02A09", period_from=term["start"], period_to=date(2025, 7, 31)),
        euros("R2", 180000, product_code="02A09", period_from=date(2025, 8, 1), period_to=date(2025, 8, 31)),
        euros("R3", 1, product_code="02A09", period_from=date(2025, 9, 1), period_to=term["end"]),
    )
    codes = thuis_verder.codes(*lines, month=Month(2025, 9), received=date(2025, 10, 6))
    assert codes == {"R1": (), "R2": (), "R3": ("9321", "9322")}


def test_rule_46_domestic_help_may_declare_six_weeks_in_a_period(contract):
    help_at_home = {"category": "01", "product_code": "01A03"}
    thuis_verder = contract(allocated("1001", "3 hours a week", **help_at_home))
    lines = (debit("R1", 18, "33.50", **help_at_home), debit("R2", 19, "33.50", month=MARCH, **help_at_home))
    assert thuis_verder.codes(*lines) == {"R1": (), "R2": ("9321",)}


def test_a_message_is_judged_line_by_line_credits_first(contract):
    thuis_verder = contract(allocated("1001", "", budget=Cents(33480)))
    first = debit("R1", 6)
    assert thuis_verder.codes(first) == {"R1": ()}
    verdict = thuis_verder.send(debit("R2", 6, month=MARCH), credit("C1", first))
    assert [(line.reference, line.codes) for line in verdict.lines] == [("R2", ()), ("C1", ())]
    assert (verdict.submitted, verdict.granted) == (0, 0)
