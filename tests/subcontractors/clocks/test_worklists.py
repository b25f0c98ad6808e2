"""What is open and what is late, noticed from what was declared, allocated and reported."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from lead_contractor.allocation.model import DELETED
from lead_contractor.allocation.tables import allocation
from lead_contractor.clients.tables import client
from lead_contractor.kernel.database import writing
from lead_contractor.kernel.periods import Month
from subcontractors.chain.tables import request, return_message, sent_message
from subcontractors.clocks.model import Kind, Target, Why
from subcontractors.clocks.service import asked_of, one_worklist, worklists
from subcontractors.clocks.terms import State
from subcontractors.clocks.words import DUTCH, ENGLISH, WHY_DUTCH, WHY_ENGLISH, why_words, words
from subcontractors.clocks.worklist import last_late_event
from subcontractors.declarations.tables import message, report
from tests.subcontractors.declarations.books import tenant
from tests.subcontractors.declarations.scene import (
    ANNA,
    STRANGER,
    THUIS_VERDER,
    TIM,
    WIJKTEAM,
    Contract,
    allocated,
    credit,
    debit,
)

JUNE_10 = date(2025, 6, 10)


def listed(year, kind, today=JUNE_10, **page):
    return one_worklist(year.scope, year.vault, 1, kind, today, **page)


def told(found, *names):
    return [tuple(getattr(entry, name) for name in names) for entry in found.entries]


def client_of(year, bsn):
    hashed = year.vault.bsn_hash(bsn)
    return int(year.scope.rows(year.scope.select(client.c.id).where(client.c.bsn_hash == hashed))[0].id)


def reported(year, kind, bsn, begin, received, end=None, number="", **changes):
    """A start or stop as the intake stores it."""
    row = {
        "id": year.scope.last_id(report) + 1,
        "contract_id": 1,
        "message_id": 9000 + year.scope.last_id(report),
        "kind": kind,
        "sender": THUIS_VERDER,
        "client_id": client_of(year, bsn),
        "allocation_number": number,
        "category": "02",
        "product_code": "02A03",
        "begin_date": begin,
        "end_date": end,
        "reason": "" if kind == "start" else "19",
        "deletes": False,
        "received": received,
    }
    year.scope.insert(report, [{**row, **changes}])


def sent_in(year, month, *lines, received=None):
    return year.send(*lines, month=month, received=received or month.plus(1).first.replace(day=5))


def test_months_that_were_not_declared(contract):
    year = contract(allocated("1001", start=date(2025, 2, 10)))
    year.send(debit("A1"))  # April, on 6 May
    found = listed(year, Kind.DECLARATION_MISSING)
    assert told(found, "month", "due", "state", "late", "count") == [
        ("2025-02", date(2025, 3, 31), State.LATE, 71, 1),
        ("2025-03", date(2025, 4, 30), State.LATE, 41, 1),
        ("2025-05", date(2025, 6, 30), State.OPEN, 0, 1),
    ]
    assert (found.total, found.late) == (3, 2)
    assert listed(year, Kind.DECLARATION_MISSING, today=date(2025, 6, 25)).entries[-1].state is State.DUE_SOON


def test_a_month_is_declared_when_its_lines_stand_in_a_later_declaration(contract):
    year = contract(allocated("1001", start=date(2025, 3, 1)))
    sent_in(year, Month(2025, 4), debit("A1"), debit("A2", month=Month(2025, 3)))
    assert told(listed(year, Kind.DECLARATION_MISSING), "month") == [("2025-05",)]


def test_a_provider_under_another_form_is_expected_only_after_it_declared_once(contract):
    own = allocated("2001", subcontractor=WIJKTEAM, category="08", product_code="08A01", start=date(2025, 3, 1))
    year = contract(own)
    assert listed(year, Kind.DECLARATION_MISSING).total == 0
    line = debit("W1", 4, "62.10", allocation="2001", category="08", product_code="08A01", month=Month(2025, 3))
    year.send(line, month=Month(2025, 3), sender=WIJKTEAM, received=date(2025, 4, 7))
    assert told(listed(year, Kind.DECLARATION_MISSING), "subcontractor", "month") == [
        (WIJKTEAM, "2025-04"),
        (WIJKTEAM, "2025-05"),
    ]


def test_a_withdrawn_or_ended_allocation_asks_for_no_declaration(contract):
    year = contract(allocated("1001", end=date(2025, 3, 31)), allocated("1002", reason_change=DELETED))
    assert told(listed(year, Kind.DECLARATION_MISSING), "month") == [("2025-01",), ("2025-02",), ("2025-03",)]


def test_declarations_that_came_late_and_by_how_much(contract):
    year = contract(allocated("1001"))
    sent_in(year, Month(2025, 3), debit("A1", month=Month(2025, 3)), received=date(2025, 5, 1))
    sent_in(year, Month(2025, 4), debit("A2"), received=date(2025, 5, 31))
    found = listed(year, Kind.DECLARATION_LATE)
    assert told(found, "month", "due", "late", "state") == [("2025-03", date(2025, 4, 30), 1, State.DONE_LATE)]


def test_a_start_that_is_missing_is_noticed_from_the_lines(contract):
    year = contract(allocated("1001"), allocated("1003", bsn=ANNA), allocated("1004", bsn=STRANGER))
    year.send(debit("A1"), debit("A2", allocation="1003", bsn=ANNA))
    assert listed(year, Kind.START_MISSING).total == 0, "nobody reports starts here"
    reported(year, "start", ANNA, date(2025, 1, 1), date(2025, 1, 6), number="1003")
    found = listed(year, Kind.START_MISSING)
    # April is the first month with lines: five working days after 1 April.
    assert told(found, "reference", "since", "due", "state", "masked_client", "target") == [
        ("1001", date(2025, 4, 1), date(2025, 4, 8), State.LATE, f"******{TIM[-3:]}", Target.ALLOCATION)
    ]
    assert (found.total, found.late) == (1, 1)


def test_a_start_is_found_by_client_and_product_where_it_has_no_number(contract):
    year = contract(allocated("1001"), allocated("1003", bsn=ANNA))
    year.send(debit("A1"), debit("A2", allocation="1003", bsn=ANNA))
    reported(year, "start", TIM, date(2025, 1, 1), date(2025, 1, 6))
    assert told(listed(year, Kind.START_MISSING), "reference") == [("1003",)]
    reported(year, "start", TIM, date(2025, 1, 1), date(2025, 2, 6), deletes=True)
    assert told(listed(year, Kind.START_MISSING), "reference") == [("1001",), ("1003",)]


def test_an_allocation_from_before_the_year_had_its_start_then(contract):
    year = contract(allocated("1001", start=date(2024, 6, 1)), allocated("1003", bsn=ANNA))
    year.send(debit("A1"))
    reported(year, "start", ANNA, date(2025, 1, 1), date(2025, 1, 6), number="1003")
    assert listed(year, Kind.START_MISSING).total == 0


def test_a_stop_is_missing_when_the_allocation_ended(contract):
    year = contract(allocated("1001", end=date(2025, 4, 30)), allocated("1003", bsn=ANNA, end=date(2025, 4, 30)))
    year.send(debit("A1"), debit("A2", allocation="1003", bsn=ANNA))
    assert listed(year, Kind.STOP_MISSING).total == 0
    reported(year, "stop", ANNA, date(2025, 1, 1), date(2025, 5, 6), end=date(2025, 4, 30), number="1003")
    found = listed(year, Kind.STOP_MISSING)
    # After 30 April 2025: 1, 2, 6 (5 May is a holiday this year), 7, 8 May.
    assert told(found, "reference", "since", "due", "why") == [
        ("1001", date(2025, 4, 30), date(2025, 5, 8), (Why.ENDED,))
    ]
    assert found.late == 1
    assert listed(year, Kind.STOP_MISSING, today=date(2025, 5, 8)).late == 0
    assert listed(year, Kind.STOP_MISSING, today=date(2025, 5, 9)).late == 1


def test_a_temporary_stop_ends_nothing(contract):
    year = contract(allocated("1001", end=date(2025, 4, 30)))
    year.send(debit("A1"))
    reported(year, "stop", TIM, date(2025, 1, 1), date(2025, 5, 6), end=date(2025, 3, 31), number="1001", reason="20")
    assert told(listed(year, Kind.STOP_MISSING), "reference") == [("1001",)]


def test_a_stop_is_missing_when_lines_no_longer_come(contract):
    year = contract(allocated("1001"), allocated("1003", bsn=ANNA), allocated("1004", bsn=STRANGER))
    for number in range(1, 9):
        month = Month(2025, number)
        tariff = "55.80" if number < 7 else "58.57"
        lines = [debit(f"A{number}", 6, tariff, allocation="1003", bsn=ANNA, month=month)]
        if number <= 4:
            lines.append(debit(f"T{number}", month=month))
        if number <= 2:
            lines.append(debit(f"S{number}", allocation="1004", bsn=STRANGER, month=month))
        sent_in(year, month, *lines)
    reported(year, "stop", ANNA, date(2024, 1, 1), date(2024, 5, 6), end=date(2024, 4, 30), number="999")
    # On 1 October August should have been declared: May, June and July count only when August does too.
    assert listed(year, Kind.STOP_MISSING, today=date(2025, 8, 31)).total == 0
    found = listed(year, Kind.STOP_MISSING, today=date(2025, 9, 1))
    assert told(found, "reference", "since", "why") == [("1001", date(2025, 4, 30), (Why.QUIET,))]


def test_starts_and_stops_that_were_reported_late(contract):
    decided = date(2025, 5, 19)
    year = contract(allocated("1001"), allocated("1003", bsn=ANNA, decided_on=decided))
    begin = date(2025, 5, 12)  # a Monday; five working days: the 19th
    reported(year, "start", TIM, begin, date(2025, 5, 19), number="1001")
    reported(year, "start", TIM, begin, date(2025, 5, 21), number="1001")
    reported(year, "start", ANNA, begin, date(2025, 5, 26), number="1003")  # allocated on the 19th: until the 26th
    reported(year, "stop", TIM, begin, date(2025, 6, 10), end=date(2025, 5, 28), number="1001")
    found = listed(year, Kind.START_LATE)
    assert told(found, "reference", "due", "late") == [("1001", date(2025, 5, 19), 2)]
    # 28 May 2025; Thursday 29 is Ascension Day, Monday 9 June Whit Monday: 30 May, 2, 3, 4, 5 June.
    assert told(listed(year, Kind.STOP_LATE), "due", "late") == [(date(2025, 6, 5), 2)]
    assert found.told_only


def test_refused_lines_stand_open_until_their_period_is_approved(contract):
    year = contract(allocated("1001"), allocated("1003", bsn=ANNA))
    year.send(debit("A1", 6, "60.00"), debit("A2", 7, "60.00", allocation="1003", bsn=ANNA))
    found = listed(year, Kind.REFUSED_OPEN)
    assert told(found, "month", "count", "amount", "due", "target") == [
        ("2025-04", 2, 780_00, date(2025, 6, 30), Target.MESSAGE)
    ]
    sent_in(year, Month(2025, 5), debit("A3"))
    assert told(listed(year, Kind.REFUSED_OPEN), "count", "amount") == [(1, 420_00)]


def test_what_is_to_be_taken_back(contract):
    year = contract(allocated("1001"))
    year.send(debit("A1"))
    assert listed(year, Kind.TAKE_BACK).total == 0
    year.scope.update(allocation, {"number": "1001"}, reason_change=DELETED)
    found = listed(year, Kind.TAKE_BACK)
    assert told(found, "reference", "amount", "due", "state", "why") == [
        ("A1", 334_80, date(2025, 7, 6), State.OPEN, (Why.WITHDRAWN,))
    ]
    late = listed(year, Kind.TAKE_BACK, today=date(2025, 7, 7))
    assert told(late, "state", "late", "why") == [(State.LATE, 1, (Why.WITHDRAWN, Why.TWO_MONTHS))]


def test_a_correction_outside_the_term_is_not_refused_but_told(contract):
    year = contract(allocated("1001"), allocated("1003", bsn=ANNA))
    one, two = debit("A1"), debit("A2", allocation="1003", bsn=ANNA)
    year.send(one, two)  # approved on 6 May
    sent_in(year, Month(2025, 6), credit("A3", one), received=date(2025, 7, 6))
    assert listed(year, Kind.OUTSIDE_WINDOW).total == 0
    assert sent_in(year, Month(2025, 6), credit("A4", two), received=date(2025, 7, 7)).lines[0].codes == ()
    found = listed(year, Kind.OUTSIDE_WINDOW, today=date(2025, 8, 1))
    assert told(found, "reference", "due", "late", "why") == [("A4", date(2025, 7, 6), 1, (Why.TWO_MONTHS,))]


def test_a_declaration_without_an_answer(contract):
    year = contract(allocated("1001"))
    year.send(debit("A1"))  # received on Tuesday 6 May
    assert listed(year, Kind.ANSWER_DUE).total == 0
    year.scope.update(message, {"contract_id": 1}, status="received")
    found = listed(year, Kind.ANSWER_DUE, today=date(2025, 5, 21))
    assert told(found, "due", "state", "late") == [(date(2025, 5, 20), State.LATE, 1)]


def test_requests_and_return_messages(contract):
    year = contract(allocated("1001"))
    year.send(debit("A1"))
    asked = {
        "contract_id": 1,
        "message_id": 1,
        "kind": "315",
        "sender": THUIS_VERDER,
        "client_id": client_of(year, TIM),
        "reason": "",
        "dated": date(2025, 5, 30),
        "received": date(2025, 6, 2),
    }
    year.scope.insert(
        request,
        [
            {**asked, "id": 1, "reference": "R1", "status": "open"},
            {**asked, "id": 2, "reference": "R2", "status": "in_onderzoek"},
            {**asked, "id": 3, "reference": "R3", "status": "toegewezen"},
        ],
    )
    # Five working days after Monday 2 June: 3, 4, 5, 6, 10 June (the 9th is Whit Monday); eight weeks after 30 May.
    found = listed(year, Kind.REQUEST_OPEN)
    assert told(found, "reference", "due", "state", "why") == [
        ("R1", date(2025, 6, 10), State.DUE_SOON, ()),
        ("R2", date(2025, 7, 25), State.OPEN, (Why.INVESTIGATED,)),
    ]
    year.scope.insert(
        return_message,
        [
            {
                "message_id": 1,
                "contract_id": 1,
                "kind": "306",
                "receiver": THUIS_VERDER,
                "identification": "R0000001",
                "due_on": date(2025, 5, 9),
                "header_codes": [],
                "codes": [],
                "written_on": None,
            }
        ],
    )
    assert told(listed(year, Kind.RETURN_MESSAGE_DUE), "due", "state") == [(date(2025, 5, 9), State.LATE)]
    year.scope.insert(
        sent_message,
        [
            {
                "id": 1,
                "contract_id": 1,
                "kind": "301",
                "receiver": THUIS_VERDER,
                "client_id": None,
                "identification": "T0000001",
                "dated": date(2025, 6, 10),
                "made_at": datetime(2025, 6, 10, 9, tzinfo=UTC),
                "return_due_on": date(2025, 6, 13),
                "content_encrypted": b"",
                "returned_on": None,
                "approved": None,
                "return_codes": [],
            }
        ],
    )
    assert told(listed(year, Kind.RETURN_MESSAGE_AWAITED), "due", "target") == [
        (date(2025, 6, 13), Target.SENT_MESSAGE)
    ]


def test_the_overview_names_each_list_with_something_on_it_and_only_of_ones_own(contract):
    year = contract(allocated("1001"), allocated("1003", bsn=ANNA))
    year.send(debit("A1", 6, "60.00"), debit("A2", allocation="1003", bsn=ANNA))
    found = worklists(year.scope, year.vault, 1, JUNE_10)
    assert [(one.kind, one.total) for one in found] == [(Kind.DECLARATION_MISSING, 4), (Kind.REFUSED_OPEN, 1)]
    assert worklists(year.scope, year.vault, 1, JUNE_10, THUIS_VERDER) == found
    (own,) = worklists(year.scope, year.vault, 1, JUNE_10, WIJKTEAM)
    assert (own.kind, own.total, own.late) == (Kind.RETURN_MISSING, 5, 4)  # May is due on 30 June
    assert {entry.reference for entry in own.entries} == {"FTE-1"}


@pytest.mark.parametrize("kind", list(Kind))
def test_a_page_holds_so_many_and_the_counts_are_of_all(contract, kind):
    year = contract(*(allocated(f"10{n}", bsn=bsn) for n, bsn in enumerate((TIM, ANNA, STRANGER))))
    year.send(*(debit(f"A{n}", allocation=f"10{n}", bsn=bsn) for n, bsn in enumerate((TIM, ANNA, STRANGER))))
    for bsn in (TIM, ANNA):
        reported(year, "start", bsn, date(2025, 1, 1), date(2025, 3, 6), number="999")
        reported(year, "stop", bsn, date(2025, 1, 1), date(2025, 3, 6), end=date(2025, 2, 1), number="999")
    whole = listed(year, kind)
    pages = [listed(year, kind, offset=n, limit=1) for n in range(whole.total)]
    assert [page.entries for page in pages] == [(entry,) for entry in whole.entries]
    assert all((page.total, page.late) == (whole.total, whole.late) for page in pages)


def test_another_lead_contractor_has_lists_of_its_own(engine):
    with writing(engine) as connection:
        one = Contract(tenant(connection), allocated("1001"))
        one.send(debit("A1", 6, "60.00"))
        other = Contract(tenant(connection, "42420002"))
        assert worklists(other.scope, other.vault, 1, JUNE_10) == ()


@pytest.mark.parametrize("today", [date(2025, 5, 6), date(2025, 6, 10), date(2026, 1, 2)])
def test_the_last_late_event(today):
    from subcontractors.clocks import terms

    for term in (terms.START, terms.STOP, terms.ANSWER):
        event = last_late_event(term, today)
        assert terms.due_day(term, event) < today <= terms.due_day(term, event.fromordinal(event.toordinal() + 1))


def test_every_list_and_reason_has_words_in_both_languages():
    assert set(DUTCH) == set(ENGLISH) == set(Kind)
    assert set(WHY_DUTCH) == set(WHY_ENGLISH) == set(Why)
    assert words(Kind.START_MISSING, "en").title == "Starts that are missing"
    assert why_words(Why.QUIET, "nl") == "geen regels meer"


def test_the_contract_says_until_when_corrections_count(contract):
    year = contract()
    assert asked_of(year.scope, 1, JUNE_10).corrections_until == date.max
