from __future__ import annotations

from datetime import date

from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from subcontractors.portal.outlook import Sum, missing, outlook, together

TODAY = date(2025, 9, 8)
JULY, AUGUST = Month(2025, 7), Month(2025, 8)


def of(cents: int, day: date, *, paid: bool = False, month: Month = JULY, message: int = 1) -> Sum:
    return Sum(Cents(cents), day, paid, month, message)


def test_the_next_payment_is_the_first_day_that_comes_less_what_is_set_off():
    found = outlook([of(10000, date(2025, 9, 12)), of(5000, date(2025, 10, 8)), of(-2000, date(2025, 9, 1))], TODAY)
    assert (found.next_day, found.next_cents) == (date(2025, 9, 12), 8000)
    assert (found.late_cents, found.late_since) == (0, None)
    assert found.next_months == (JULY,)


def test_what_should_have_been_paid_is_late_and_takes_the_credit_first():
    found = outlook([of(10000, date(2025, 9, 5)), of(-2000, date(2025, 9, 1)), of(700, date(2025, 9, 12))], TODAY)
    assert (found.late_cents, found.late_since) == (8000, date(2025, 9, 5))
    assert found.next_cents == 700


def test_a_payment_is_in_time_on_its_very_day():
    assert outlook([of(10000, TODAY)], TODAY).late_cents == 0


def test_a_month_is_done_when_something_was_paid_and_nothing_is_to_come():
    found = outlook([of(10000, date(2025, 8, 29), paid=True), of(300, date(2025, 9, 12), month=AUGUST)], TODAY)
    assert found.months[JULY].done
    assert found.months[JULY].paid_on == date(2025, 8, 29)
    assert not found.months[AUGUST].done
    assert not found.messages[1].done


def test_a_month_is_missing_when_it_is_over_and_nothing_was_declared_and_late_after_the_next():
    months = [(Month(2025, n), 3 if n != 5 else 0) for n in range(1, 13)]
    found = missing(months, {Month(2025, n) for n in range(1, 7)}, TODAY)
    assert [one.month for one in found] == [JULY, AUGUST]
    assert [one.late(TODAY) for one in found] == [True, False]
    assert found[1].until == date(2025, 9, 30)


def test_a_declaration_is_one_amount_on_its_day_however_many_postings_it_made():
    day = date(2025, 9, 12)
    found = together([of(10000, day), of(-2000, day), of(700, day, message=2), of(300, day, paid=True)])
    assert [(one.cents, one.message_id, one.paid) for one in found] == [
        (8000, 1, False),
        (700, 2, False),
        (300, 1, True),
    ]
    assert sum(one.cents for one in found) == 9000
