"""The right value of a refused line: what is known is proposed, what was delivered never changes in bulk."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.refusals import Refusal
from subcontractors.declarations.answers import answers
from subcontractors.declarations.known import judged, suggestions_of
from subcontractors.declarations.suggestions import (
    IN_BULK,
    Allocated,
    Change,
    Known,
    Suggestion,
    apply_to_lines,
    priced,
    suggest,
    take_over,
)
from tests.subcontractors.declarations.scene import ANNA, TARIFFS, THUIS_VERDER, allocated, credit, debit, euros

OWN = Allocated("1001", "02", "02A03", "04", date(2025, 1, 1), date(2025, 12, 31))
KNOWN = Known((OWN,), TARIFFS)


def said(line, *codes, known=KNOWN):
    return {one.column: (one.new, one.change) for one in suggest(line, codes, known)}


def test_a_wrong_tariff_gets_the_agreed_one_and_its_amount():
    line = debit("R1", 6, tariff="55.00")
    assert said(line, "0611") == {"tariff": ("55.80", Change.TARIFF), "amount": ("334.80", Change.TARIFF)}


def test_the_tariff_of_the_day_counts():
    line = debit("R1", 6, tariff="55.80", period_from=date(2025, 7, 1), period_to=date(2025, 7, 31))
    assert said(line, "0611")["tariff"] == ("58.57", Change.TARIFF)


def test_a_wrong_amount_is_volume_times_tariff():
    assert said(debit("R1", 6, amount="300.00"), "9346") == {"amount": ("334.80", Change.TARIFF)}


def test_minutes_on_an_hour_tariff_are_rounded_once():
    line = debit("R1", 50, tariff="1.00", unit="01")
    assert said(line, "0611", "9346") == {"tariff": ("0.93", Change.TARIFF), "amount": ("46.50", Change.TARIFF)}
    assert priced("02A03", "01", 7, date(2025, 1, 1), TARIFFS) == (Cents(93), Cents(651))


def test_what_the_allocation_says_is_proposed():
    line = debit("R1", category="03", product_code="02A05", tariff="87.35")
    assert said(line, "9339", "9340") == {"category": ("02", Change.FORMAT), "product_code": ("02A03", Change.FORMAT)}
    found = said(line, "9340", "0611")
    assert found["tariff"] == ("55.80", Change.TARIFF), "the tariff of the product that it should be"


def test_another_unit_is_a_matter_of_volume_and_leaves_the_price_alone():
    line = debit("R1", unit="84")
    assert said(line, "9341", "0611", "9346") == {"unit": ("04", Change.VOLUME)}


def test_month_edges_and_the_ends_of_the_allocation():
    line = debit("R1", period_from=date(2025, 4, 3), period_to=date(2025, 4, 28))
    assert said(line, "9387", "9388") == {"from": ("2025-04-01", Change.DATE), "to": ("2025-04-30", Change.DATE)}
    known = Known((replace(OWN, start=date(2025, 4, 10), end=date(2025, 4, 20)),), TARIFFS)
    assert said(debit("R1"), "9307", "9308", known=known) == {
        "from": ("2025-04-10", Change.DATE),
        "to": ("2025-04-20", Change.DATE),
    }


def test_the_one_allocation_for_the_product_is_proposed_and_no_other():
    line = debit("R1", allocation="9")
    assert said(line, "9338") == {"allocation": ("1001", Change.FORMAT)}
    assert said(line, "9338", known=Known((OWN, replace(OWN, number="1002")))) == {}
    assert said(line, "9338", known=Known((replace(OWN, product_code="02A05"),))) == {}
    assert said(line, "9338", known=Known((replace(OWN, end=date(2025, 3, 31)),))) == {}
    assert said(line, "9338", known=Known((replace(OWN, number="007"),))) == {"allocation": ("7", Change.FORMAT)}


def test_where_nothing_is_known_nothing_is_proposed():
    assert said(debit("R1"), "0611", "9346", known=Known()) == {}
    assert said(euros("R1", 100), "9346", "0611") == {}
    assert said(debit("R1")) == {}
    assert said(credit("R2", debit("R1", tariff="1.00")), "0611") == {}


# -- taking over --------------------------------------------------------------------------------------------------------

changes = st.sampled_from(list(Change))
columns = {Change.FORMAT: "category", Change.TARIFF: "tariff", Change.VOLUME: "unit", Change.DATE: "from"}
values = {"category": "03", "tariff": "1.00", "unit": "84", "from": "2025-04-02"}
offers = st.lists(
    st.builds(
        lambda change, position: Suggestion(
            columns[change], "", values[columns[change]], change, "", "", declaration="D1", position=position
        ),
        changes,
        st.integers(1, 3),
    ),
    max_size=8,
    unique=True,
)
LINES = [replace(debit(f"R{place}"), position=place) for place in (1, 2, 3)]


@given(offers, st.sets(changes))
def test_what_was_delivered_never_changes_together(offered, together):
    if together <= set(IN_BULK):
        after = apply_to_lines(LINES, take_over(offered, together=together), "D1")
        for old, new in zip(LINES, after, strict=True):
            kept = (old.volume, old.unit, old.period_from, old.period_to, old.reference, old.bsn, old.credit)
            assert (new.volume, new.unit, new.period_from, new.period_to, new.reference, new.bsn, new.credit) == kept
    else:
        with pytest.raises(Refusal, match="regel voor regel"):
            take_over(offered, together=together)


@given(offers, st.data())
def test_at_most_one_line_changes_in_volume_or_days_at_a_time(offered, data):
    confirmed = data.draw(st.sets(st.sampled_from(offered))) if offered else set()
    try:
        taken = take_over(offered, together=IN_BULK, confirmed=confirmed)
    except Refusal:
        assert len({one.position for one in confirmed if not one.in_bulk}) > 1
        return
    after = apply_to_lines(LINES, taken, "D1")
    touched = [
        o
        for o, n in zip(LINES, after, strict=True)
        if (o.unit, o.volume, o.period_from) != (n.unit, n.volume, n.period_from)
    ]
    assert len(touched) <= 1
    assert {one.position for one in taken if not one.in_bulk} == {line.position for line in touched}


def test_only_what_was_offered_can_be_confirmed():
    mine = Suggestion("tariff", "", "9.99", Change.TARIFF, "", "")
    with pytest.raises(Refusal, match="niet voorgesteld"):
        take_over([], confirmed=[mine])


def test_a_suggestion_of_another_declaration_changes_nothing():
    other = Suggestion("tariff", "", "1.00", Change.TARIFF, "", "", declaration="D2", position=1)
    assert apply_to_lines(LINES, [other], "D1") == LINES


# -- from what is stored -------------------------------------------------------------------------------------------------


def test_what_is_taken_over_is_accepted_when_it_is_sent_again(contract):
    books = contract(allocated("1001"), allocated("1002", product_code="02A05", bsn=ANNA))
    lines = [
        debit("R1", 6, tariff="50.00"),
        debit("R2", 6, allocation="77", bsn=ANNA, product_code="02A05", tariff="87.35"),
        debit("R3", 2, amount="1.00", bsn=ANNA, allocation="1002", product_code="02A05", tariff="87.35"),
    ]
    books.send(*lines)
    found = answers(books.scope, books.contract_id)
    offered = suggestions_of(books.scope, books.contract_id, THUIS_VERDER, found)
    assert [(one.position, one.column, one.new) for one in offered] == [
        (1, "tariff", "55.80"),
        (1, "amount", "334.80"),
        (2, "allocation", "1002"),
        (3, "amount", "174.70"),
    ]
    again = apply_to_lines(
        [replace(line, position=place) for place, line in enumerate(lines, start=1)],
        take_over(offered, together=IN_BULK),
        "D001",
    )
    sent = [replace(line, reference=f"N{line.position}") for line in again[:2]]
    assert books.codes(*sent) == {"N1": (), "N2": ()}
    answer = judged(found[0], offered)
    assert [line.right for line in answer.lines] == [
        {"tariff": "55.80", "amount": "334.80"},
        {"allocation": "1002"},
        {"amount": "174.70"},
    ]


def test_nothing_of_another_sender_is_proposed(contract):
    books = contract(allocated("1001"), allocated("5", subcontractor="41410002"))
    books.send(debit("R1", allocation="9", product_code="02A09"))
    found = answers(books.scope, books.contract_id)
    assert suggestions_of(books.scope, books.contract_id, "41410002", found) == ()


def test_tariffs_of_others_never_show(contract):
    books = contract(allocated("1001"))
    books.send(debit("R1", tariff="1.00"))
    (one, *_) = suggestions_of(books.scope, books.contract_id, THUIS_VERDER, answers(books.scope, books.contract_id))
    assert one.new == "55.80"


def test_a_tariff_is_proposed_only_while_an_agreement_holds(contract):
    """The tariff runs on, the agreement ended on 31 December: with that tariff the line would be refused as before."""
    books = contract(allocated("1001", end=date(2026, 6, 30)))
    december, january = Month(2025, 12), Month(2026, 1)
    head = {"month": january, "received": date(2026, 2, 2), "dated": date(2026, 2, 2)}
    books.send(debit("R1", tariff="50.00", month=december), debit("R2", tariff="50.00", month=january), **head)
    found = answers(books.scope, books.contract_id)
    assert [line.codes for line in found[0].lines] == [("0611",), ("0611",)]
    offered = suggestions_of(books.scope, books.contract_id, THUIS_VERDER, found)
    assert [(one.position, one.column, one.new) for one in offered] == [(1, "tariff", "58.57"), (1, "amount", "351.42")]
