"""Granting, rejecting, investigating and changing: what leaves the house, and what comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from lead_contractor.allocation.model import Frequency, Unit
from lead_contractor.allocation.store import allocations
from lead_contractor.clients.store import bsns
from lead_contractor.kernel.refusals import Conflict, NotFound, Refusal, Unsound
from subcontractors.chain import outbox, sending, service
from subcontractors.chain.model import Asked, AskedProduct, Product, Reply, RequestStatus, Size
from subcontractors.chain.parts import Card, allotted_of, envelope_of, reply_of
from subcontractors.chain.versions import Change
from subcontractors.declarations.model import Status
from subcontractors.iwmo.document import Document, read_document, write_document
from subcontractors.iwmo.level2.check import check_document
from subcontractors.iwmo.returns import make_return
from tests.subcontractors.chain.scene import (
    ANNA,
    AT,
    MUNICIPALITY,
    THUIS_VERDER,
    TIM,
    Chain,
    allocated,
    asked,
    changed,
    new,
    size,
    unchanged,
)
from tests.subcontractors.declarations.scene import debit, declared

Make = Callable[..., Chain]
HOME = Card(date(1967, 8, 13), "1", "Wit", house_number="1", postcode="1234AB", town="Anna Paulowna")
WHO = "regie@voorbeeld.example"


def waiting(made: Chain) -> list[service.Waiting]:
    return service.worklist(made.scope, made.vault, made.contract_id, date(2025, 6, 2))


def with_card(made: Chain, request_id: int) -> int:
    service.fill_card(made.scope, made.vault, made.contract_id, request_id, HOME)
    return request_id


def asked_for(made: Chain, content: bytes) -> int:
    assert made.one(content) == {}
    return with_card(made, waiting(made)[0].id)


def grant(made: Chain, request_id: int, at: datetime = AT, **more) -> Document:
    sent = service.grant(made.scope, made.vault, made.contract_id, request_id, at, WHO, **more)
    return sound(sent.content)


def sound(content: bytes) -> Document:
    document = read_document(content)
    assert document.faults == ()
    assert check_document(document) == ()
    return document


def change(made: Chain, number: str, wanted: Change, at: datetime = AT) -> Document:
    return sound(service.change(made.scope, made.vault, made.contract_id, number, wanted, at).content)


def rows(document: Document) -> list[tuple[str, str, str, str]]:
    return [(one.number, str(one.end), one.reason_change, one.reference) for one in allotted_of(document)]


def stored(made: Chain) -> dict[str, tuple[str, str, str]]:
    known = bsns(made.scope, made.vault, range(1, 100))
    return {
        one.number: (one.bsn, str(one.end), one.reason_change)
        for one in allocations(made.scope, made.contract_id, known.__getitem__)
    }


def test_a_granted_request_becomes_an_allocation_and_a_301(chain: Make):
    made = chain(allocated("1001"))
    request_id = asked_for(made, made.request(asked("R1")))
    document = grant(made, request_id)
    envelope = envelope_of(document)
    assert (envelope.sender, envelope.receiver, envelope.identification) == (MUNICIPALITY, THUIS_VERDER, "T00010000001")
    assert rows(document) == [("1001", "2025-12-31", "", ""), ("500000000", "2025-12-31", "", "R1")]
    assert allotted_of(document)[1].decided == "2025-06-02T11:30:00"  # Dutch summer time
    assert stored(made)["500000000"] == (TIM, "2025-12-31", "")
    assert waiting(made) == []
    with pytest.raises(Conflict, match="al beantwoord: toegewezen"):
        grant(made, request_id)


def test_what_is_granted_instead_of_what_was_asked(small: Make):
    made = small()
    request_id = asked_for(made, made.request(asked("R1")))
    less = AskedProduct(
        Asked.REQUESTED,
        product=Product("02", "02A05"),
        start=date(2025, 7, 1),
        end=date(2025, 9, 30),
        size=Size(2, "04", "2"),
    )
    document = grant(made, request_id, instead=less)
    assert rows(document) == [("500000000", "2025-09-30", "", "R1")]
    assert allotted_of(document)[0].size == (2, "04", "2")


def test_without_an_address_no_301_can_be_made(small: Make):
    made = small()
    made.one(made.request(asked("R1")))
    (one,) = waiting(made)
    assert one.card_complete is False
    with pytest.raises(Refusal, match="cliëntkaart"):
        service.grant(made.scope, made.vault, made.contract_id, one.id, AT, WHO)
    with_card(made, one.id)
    assert waiting(made)[0].card_complete


def test_iv093_a_longer_term_is_extended_in_place(small: Make):
    made = small(allocated("1001"), allocated("1002", product_code="02A05"))
    wish = made.wish("W1", unchanged("1002"), changed("1001", "2025-07-01", "2026-06-30"))
    document = grant(made, asked_for(made, wish))
    assert rows(document) == [("1001", "2026-06-30", "12", "W1"), ("1002", "2025-12-31", "", "W1")]


def test_iv093_another_size_ends_the_old_and_begins_a_new_one(small: Make):
    made = small(allocated("1001", area="Noord", flags=frozenset({"crisis"})))
    wish = made.wish("W1", changed("1001", "2025-07-01", "2025-12-31", size(60)))
    document = grant(made, asked_for(made, wish))
    assert rows(document) == [("1001", "2025-06-30", "12", "W1"), ("500000000", "2025-12-31", "", "W1")]
    known = bsns(made.scope, made.vault, range(1, 100))
    follows = {one.number: one for one in allocations(made.scope, 1, known.__getitem__)}["500000000"]
    assert (follows.start, follows.volume, follows.area, set(follows.flags)) == (
        date(2025, 7, 1),
        60,
        "Noord",
        {"crisis"},
    )


def test_iv093_a_total_within_the_term_is_changed_in_place(small: Make):
    made = small(allocated("1001", start=date(2025, 7, 1), volume=200, frequency=Frequency.TOTAL))
    wish = made.wish("W1", changed("1001", "2025-07-01", "2025-12-31", size(300, "04", "6")))
    document = grant(made, asked_for(made, wish))
    assert rows(document) == [("1001", "2025-12-31", "12", "W1")]
    assert allotted_of(document)[0].size == (300, "04", "6")


def test_iv093_a_new_product_beside_what_stays(small: Make):
    made = small(allocated("1001"))
    document = grant(made, asked_for(made, made.wish("W1", unchanged("1001"), new("02/02A05", "2025-07-01"))))
    assert rows(document) == [("1001", "2025-12-31", "", "W1"), ("500000000", "2025-12-31", "", "W1")]


def test_a_rejection_is_a_319(chain: Make):
    made = chain()
    made.one(made.request(asked("R1")))
    sent = service.reject(made.scope, made.vault, 1, waiting(made)[0].id, AT, WHO, "2")
    assert reply_of(sound(sent.content)) == Reply("R1", "1", "2")
    assert waiting(made) == []


def test_under_investigation_once_then_eight_weeks(small: Make):
    made = small()
    made.one(made.request(asked("R1")))
    request_id = waiting(made)[0].id
    sent = service.investigate(made.scope, made.vault, 1, request_id, AT, WHO)
    assert reply_of(sound(sent.content)).answer == "2"
    (one,) = waiting(made)
    assert (one.status, one.due_on) == (RequestStatus.INVESTIGATED, date(2025, 6, 1) + timedelta(weeks=8))
    with pytest.raises(Unsound, match="TR360"):
        service.investigate(made.scope, made.vault, 1, request_id, AT, WHO)
    service.reject(made.scope, made.vault, 1, request_id, AT, WHO, "7")


def test_late_is_after_five_working_days(small: Make):
    made = small()
    made.one(made.request(asked("R1"), dated="2025-05-27"))  # Ascension Day, 29 May, does not count
    last = service.worklist(made.scope, made.vault, 1, date(2025, 6, 4))[0]
    assert (last.due_on, last.late) == (date(2025, 6, 4), False)
    assert service.worklist(made.scope, made.vault, 1, date(2025, 6, 5))[0].late


def test_requests_of_others_do_not_exist(small: Make):
    made = small()
    with pytest.raises(NotFound):
        service.reject(made.scope, made.vault, 1, 99, AT, WHO, "2")
    with pytest.raises(Refusal, match="codelijst"):
        service.reject(made.scope, made.vault, 1, 99, AT, WHO, "12")


def card_for(made: Chain, bsn: str = TIM) -> None:
    from subcontractors.chain.cards import save_card

    save_card(made.scope, made.vault, made.client(bsn), HOME)


def test_op033x1_shortening_extending_and_removing(chain: Make):
    made = chain(allocated("1001"))
    card_for(made)
    assert rows(change(made, "1001", Change(end=date(2025, 9, 30)))) == [("1001", "2025-09-30", "05", "")]
    later = AT + timedelta(days=1)
    assert rows(change(made, "1001", Change(end=date(2025, 10, 31)), later)) == [("1001", "2025-10-31", "04", "")]
    again = rows(change(made, "1001", Change(remove=True), later))
    assert again == [("1001", "2025-01-01", "13", "")]
    assert stored(made)["1001"] == (TIM, "2025-01-01", "13")
    with pytest.raises(Refusal, match="verwijderd"):
        change(made, "1001", Change(end=date(2025, 9, 30)))


def test_op033x1_a_weekly_or_monthly_volume_is_not_changed_in_place(small: Make):
    made = small(allocated("1001"))
    card_for(made)
    with pytest.raises(Unsound, match="OP033x1"):
        change(made, "1001", Change(size=Size(60, "04", "4")))


def test_op033x1_a_total_may_change(small: Make):
    made = small(allocated("1001", volume=200, frequency=Frequency.TOTAL))
    card_for(made)
    assert rows(change(made, "1001", Change(size=Size(300, "04", "6")))) == [("1001", "2025-12-31", "14", "")]


def test_tr385_an_allocation_with_approved_lines_is_not_removed(chain: Make):
    made = chain(allocated("1001"))
    card_for(made)
    made.take(declared("D1", debit("L1")))
    with pytest.raises(Unsound, match="TR385"):
        change(made, "1001", Change(remove=True))


def test_op087_a_301_holds_what_holds_and_what_changed(small: Make):
    old = allocated("1002", product_code="02A05", end=date(2025, 3, 31))
    made = small(allocated("1001"), old, allocated("1003", bsn=ANNA))
    card_for(made)
    assert [one[0] for one in rows(change(made, "1001", Change(end=date(2025, 9, 30))))] == ["1001"]
    shortened = rows(change(made, "1002", Change(end=date(2025, 2, 28)), AT + timedelta(hours=1)))
    assert shortened == [("1001", "2025-09-30", "", ""), ("1002", "2025-02-28", "05", "")]
    once_more = rows(change(made, "1001", Change(end=date(2025, 8, 31)), AT + timedelta(hours=2)))
    assert [one[0] for one in once_more] == ["1001"]


def test_op380_what_only_goes_on_is_extended(small: Make):
    made = small(allocated("1001", end=date(2025, 6, 30)))
    follow = AskedProduct(
        Asked.REQUESTED,
        product=Product("02", "02A03"),
        start=date(2025, 7, 1),
        end=date(2025, 12, 31),
        size=Size(40, "04", "4"),
    )
    with pytest.raises(Unsound, match="OP380"):
        service.allocate(made.scope, made.vault, 1, TIM, THUIS_VERDER, follow, HOME, AT)


def test_tr332_numbers_never_collide_with_loaded_ones(small: Make):
    made = small(allocated("500000000"), allocated("500000007", bsn=ANNA), allocated("0500000009", bsn=ANNA))
    wanted = AskedProduct(
        Asked.REQUESTED, product=Product("02", "02A05"), start=date(2025, 7, 1), size=Size(4, "04", "4")
    )
    sent = service.allocate(made.scope, made.vault, 1, TIM, THUIS_VERDER, wanted, HOME, AT)
    assert [one.number for one in allotted_of(sound(sent.content))] == ["500000000", "500000010"]


def test_tr332_the_range_is_agreed_per_contract_and_its_gaps_are_used_at_the_end(small: Make):
    made = small(allocated("999999999"), allocated("999999997", bsn=ANNA), messages="first_number = 999999997")
    wanted = AskedProduct(
        Asked.REQUESTED, product=Product("02", "02A05"), start=date(2025, 7, 1), size=Size(4, "04", "4")
    )
    sent = service.allocate(made.scope, made.vault, 1, ANNA, THUIS_VERDER, wanted, HOME, AT)
    assert [one.number for one in allotted_of(sound(sent.content))] == ["999999997", "999999998"]
    with pytest.raises(Refusal, match="zijn op"):
        service.allocate(made.scope, made.vault, 1, TIM, THUIS_VERDER, wanted, HOME, AT)


def test_in_strict_mode_the_municipality_numbers_allocations(small: Make):
    made = small(allocated("1001"), mode="strict")
    request_id = asked_for(made, made.request(asked("R1")))
    with pytest.raises(Refusal, match="de gemeente"):
        grant(made, request_id)
    with pytest.raises(Conflict, match="TR332"):
        grant(made, request_id, numbers=["1001"])
    document = grant(made, request_id, numbers=["2002"])
    assert rows(document)[1] == ("2002", "2025-12-31", "", "R1")
    assert envelope_of(document).identification == "T00000000001"


def test_iv013_the_latest_moment_holds_and_moments_never_repeat(small: Make):
    made = small(allocated("1001"))
    card_for(made)
    first = allotted_of(change(made, "1001", Change(end=date(2025, 9, 30))))[0].decided
    second = allotted_of(change(made, "1001", Change(end=date(2025, 8, 31))))[0].decided
    earlier = allotted_of(change(made, "1001", Change(end=date(2025, 7, 31)), AT - timedelta(hours=9)))[0].decided
    assert (first, second, earlier) == ("2025-06-02T11:30:00", "2025-06-02T11:30:01", "2025-06-02T11:30:02")
    assert stored(made)["1001"][1] == "2025-07-31"


def test_iv097_a_change_of_our_own_carries_no_reference(small: Make):
    made = small()
    document = grant(made, asked_for(made, made.request(asked("R1"))))
    assert rows(document)[0][3] == "R1"
    assert rows(change(made, "500000000", Change(end=date(2025, 9, 30)))) == [("500000000", "2025-09-30", "05", "")]


def returned(made: Chain, content: bytes, codes: dict | None = None, day: str = "2025-06-03", **more) -> bytes:
    answer = make_return(
        read_document(content), codes, identification=made.name(), dated=date.fromisoformat(day), **more
    )
    assert answer.message is not None
    assert answer.root is not None
    return write_document(answer.message, answer.root)


def test_an_approved_302_closes_the_301(chain: Make):
    made = chain()
    made.one(made.request(asked("R1")))
    sent = service.grant(made.scope, made.vault, 1, with_card(made, waiting(made)[0].id), AT, WHO)
    assert [one.kind for one in outbox.troubles(made.scope, 1, date(2025, 6, 6))] == ["unanswered"]
    (head,) = made.take(returned(made, sent.content), at=AT + timedelta(days=1))
    assert head.status is Status.ANSWERED
    assert outbox.troubles(made.scope, 1, date(2025, 6, 6)) == []


def test_a_refused_302_goes_to_the_worklist_and_counts_as_never_sent(small: Make):
    made = small()
    made.one(made.request(asked("R1")))
    sent = service.grant(made.scope, made.vault, 1, with_card(made, waiting(made)[0].id), AT, WHO)
    made.take(returned(made, sent.content, {"ToegewezenProduct[1]": ["9332"]}), at=AT + timedelta(days=1))
    (trouble,) = outbox.troubles(made.scope, 1, date(2025, 6, 6))
    assert (trouble.kind, trouble.codes, trouble.identification) == ("refused", ("9332",), "T00010000001")
    again = rows(change(made, "500000000", Change(end=date(2025, 9, 30)), AT + timedelta(days=2)))
    assert again == [("500000000", "2025-09-30", "", "R1")]  # to the provider a new allocation, on its request (TR379)
    once_more = rows(change(made, "500000000", Change(end=date(2025, 8, 31)), AT + timedelta(days=3)))
    assert once_more == [("500000000", "2025-08-31", "05", "")]


def test_tr379_a_refused_answer_to_a_change_is_owed_for_every_product(chain: Make):
    made = chain(allocated("1001"))
    wish = made.wish("W1", unchanged("1001"), new("02/02A05", "2025-07-01"))
    assert made.one(wish) == {}
    sent = service.grant(made.scope, made.vault, 1, with_card(made, waiting(made)[0].id), AT, WHO)
    made.take(returned(made, sent.content, {"ToegewezenProduct[2]": ["9332"]}), at=AT + timedelta(days=1))
    again = rows(change(made, "500000000", Change(end=date(2025, 9, 30)), AT + timedelta(days=2)))
    assert again == [("1001", "2025-12-31", "", "W1"), ("500000000", "2025-09-30", "", "W1")]


def test_tr379_an_allocation_since_the_request_carries_its_reference_too(small: Make):
    """All products in the message that grants a WMO317 carry its reference (IV093)."""
    made = small(allocated("1001"))
    assert made.one(made.wish("W1", unchanged("1001"), new("02/02A05", "2025-07-01"))) == {}
    other = AskedProduct(
        Asked.REQUESTED, product=Product("02", "02A17"), start=date(2025, 7, 1), size=Size(4, "82", "6")
    )
    request_id = with_card(made, waiting(made)[0].id)
    sent = service.allocate(made.scope, made.vault, 1, TIM, THUIS_VERDER, other, None, AT)
    assert [one[3] for one in rows(sound(sent.content))] == ["", ""]
    granted = rows(grant(made, request_id, AT + timedelta(hours=1)))
    assert [(one[0], one[3]) for one in granted] == [("1001", "W1"), ("500000000", "W1"), ("500000001", "W1")]


def test_tr379_our_own_message_is_guarded_against_a_missing_reference(small: Make, monkeypatch: pytest.MonkeyPatch):
    made = small()
    request_id = asked_for(made, made.request(asked("R1")))
    whole = sending.next_message
    monkeypatch.setattr(sending, "next_message", lambda *facts: tuple(replace(o, reference="") for o in whole(*facts)))
    with pytest.raises(Unsound, match="TR379"):
        grant(made, request_id)


def test_a_return_on_nothing_is_remarked(small: Make):
    made = small()
    made.one(made.request(asked("R1")))
    sent = service.reject(made.scope, made.vault, 1, waiting(made)[0].id, AT, WHO, "2")
    answer = returned(made, sent.content)
    made.take(returned(made, sent.content).replace(b"T00010000001", b"T00019999999"), at=AT + timedelta(days=1))
    made.take(answer, returned(made, sent.content), at=AT + timedelta(days=1))
    told = [(one.kind, one.codes) for one in outbox.troubles(made.scope, 1, date(2025, 6, 3))]
    assert told == [("remark", ("RETOUR",)), ("remark", ("RETOUR",))]


def test_a_message_that_goes_the_other_way_is_refused(small: Make):
    made = small()
    made.one(made.request(asked("R1")))
    sent = service.reject(made.scope, made.vault, 1, waiting(made)[0].id, AT, WHO, "2")
    (head,) = made.take(sent.content)
    assert head.status is Status.REFUSED_STRUCTURE
    assert "WMO319 gaat van de hoofdaannemer naar de aanbieder" in str(head.came.faults[0])


def test_nothing_in_clear_of_a_client_stands_in_the_tables(small: Make):
    made = small()
    grant(made, asked_for(made, made.request(asked("R1"))))
    from subcontractors.chain import tables

    for table in vars(tables).values():
        if hasattr(table, "columns") and hasattr(table, "metadata"):
            told = str(made.scope.rows(made.scope.select(table)))
            assert TIM not in told
            assert "Wit" not in told


def test_a_moment_in_winter_is_told_in_dutch_time(small: Make):
    made = small(allocated("1001"))
    card_for(made)
    at = datetime(2025, 1, 15, 23, 30, tzinfo=UTC)
    document = change(made, "1001", Change(end=date(2025, 9, 30)), at)
    assert envelope_of(document).dated == date(2025, 1, 16)
    assert allotted_of(document)[0].decided == "2025-01-16T00:30:00"
    assert Unit.HOUR.value == allotted_of(document)[0].size.unit  # type: ignore[union-attr]
