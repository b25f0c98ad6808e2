"""What the standard allows and nobody writes: white space, signs, fractions of seconds, the ends of the calendar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from lead_contractor.kernel.periods import Month
from subcontractors.agreements.weeks import limit_over_term
from subcontractors.chain import municipalities, outbox, service
from subcontractors.chain.model import Product, RequestStatus
from subcontractors.chain.overlap import Term, stacked
from subcontractors.chain.parts import allotted_of, moment_from
from subcontractors.chain.provider import judge_message
from subcontractors.chain.rules_allocations import latest
from subcontractors.declarations.model import Status
from subcontractors.iwmo.document import Record, read_document, write_document
from subcontractors.iwmo.returns import make_return
from tests.subcontractors.chain.receiving import ONE, TODAY, had, knows, message_301
from tests.subcontractors.chain.scene import (
    AT,
    WIJKTEAM,
    Chain,
    allocated,
    asked,
    changed,
    size,
    start,
    stop,
    unchanged,
)
from tests.subcontractors.declarations.scene import debit, declared

Make = Callable[..., Chain]
LAST = "9999-12-31"


def dressed(content: bytes, *elements: str) -> bytes:
    """The same message with white space around the values of these elements."""
    for element in elements:
        assert f"{element}>".encode() in content
        content = _around(content, element)
    return content


def _around(content: bytes, element: str) -> bytes:
    parts = content.split(f"{element}>".encode())
    for n in range(1, len(parts) - 1, 2):
        value, _, prefix = parts[n].rpartition(b"</")
        parts[n] = b"\n\t " + value + b" \n</" + prefix
    return f"{element}>".encode().join(parts)


@pytest.mark.parametrize("mode", ["dialect", "strict"])
def test_white_space_around_the_days_of_a_request_says_nothing(small: Make, mode: str):
    made = small(allocated("1001"), mode=mode)
    content = dressed(made.request(asked("R1")), "ToewijzingIngangsdatum", "ToewijzingEinddatum", "Dagtekening")
    assert made.one(content) == {}
    (one,) = service.worklist(made.scope, made.vault, made.contract_id, date(2025, 6, 2))
    assert (one.products[0].start, one.products[0].end) == (date(2025, 7, 1), date(2025, 12, 31))


def test_white_space_around_the_day_of_a_return_says_nothing(small: Make):
    made = small()
    made.one(made.request(asked("R1")))
    (one,) = service.worklist(made.scope, made.vault, 1, date(2025, 6, 2))
    sent = service.reject(made.scope, made.vault, 1, one.id, AT, "c@x.nl", "2")
    answer = make_return(read_document(sent.content), {}, identification="RET1", dated=date(2025, 6, 3))
    assert answer.message is not None
    assert answer.root is not None
    content = dressed(write_document(answer.message, answer.root), "DagtekeningRetour")
    (head,) = made.take(content, at=AT + timedelta(days=1))
    assert (head.status, head.received) == (Status.ANSWERED, date(2025, 6, 3))
    assert outbox.troubles(made.scope, 1, date(2025, 7, 6)) == []


def test_a_number_may_have_a_sign_and_zeros(small: Make):
    made = small(allocated("1001"))
    assert made.one(made.starts(start("2025-03-01", number="\n +0001001 "))) == {}
    wish = made.wish("W1", changed(" +01001 ", " 2025-07-01\t", "2025-12-31 ", size("+040\n")))
    assert made.one(wish) == {}


@pytest.mark.parametrize("mode", ["dialect", "strict"])
def test_a_message_of_the_last_day_of_the_calendar_is_judged(small: Make, mode: str):
    made = small(allocated("1001"), mode=mode)
    contents = [
        made.starts(start("2025-03-01"), dated=LAST),
        made.stops(stop("2025-03-01", "2025-04-01"), dated=LAST),
        made.request(asked("R1"), dated=LAST),
        made.wish("W1", unchanged("1001"), dated=LAST),
    ]
    for content in contents:
        (head,) = made.take(content)
        assert head.status in (Status.ANSWERED, Status.REFUSED_CONTENT)
    assert {one.due_on for one in outbox.owed_returns(made.scope, 1)} == {date.max}


def test_a_term_ends_with_the_calendar():
    assert service.due_on(RequestStatus.INVESTIGATED, date.max, date.max) == date.max
    assert service.due_on(RequestStatus.OPEN, date.max, date.max) == date.max
    assert service.due_on(RequestStatus.INVESTIGATED, date(2025, 6, 1), date(2025, 6, 1)) == date(2025, 7, 27)


def test_terms_overlap_up_to_the_last_day_of_the_calendar():
    first = Term(Product("02", "02A03"), date(2025, 1, 1), date.max)
    assert stacked((first, Term(Product("02", "02A03"), date.max, date.max)))
    assert not stacked(
        (replace(first, end=date(2025, 6, 30)), Term(Product("02", "02A03"), date(2025, 7, 1), date.max))
    )
    assert stacked((replace(first, end=date(2025, 7, 1)), Term(Product("02", "02A03"), date(2025, 7, 1))))


def test_a_request_until_the_last_day_of_the_calendar_is_judged(small: Make):
    made = small(allocated("1001", end=date(2025, 12, 31)))
    wish = made.wish("W1", changed("1001", "2025-07-01", LAST), dated="2025-06-01")
    assert made.one(wish) == {}


def test_a_limit_is_counted_up_to_the_ends_of_the_calendar():
    assert limit_over_term(10, "04", "4", "02", date(9999, 11, 1), date.max) == 20
    assert limit_over_term(10, "82", "2", "02", date.min, date(1, 1, 3)) == 10


def test_a_declaration_after_one_of_the_last_month_of_the_calendar_is_judged(small: Make):
    made = small(allocated("1001"))
    for n, month in enumerate((Month(9999, 12), Month(2025, 1), Month(9999, 11), Month(1, 1)), start=1):
        own = {"identification": f"B{n}", "received": date.max, "dated": date.max, "month": month}
        (head,) = made.take(declared(f"D{n}", debit(f"L{n}", month=month), **own))
        assert head.status in (Status.ANSWERED, Status.REFUSED_CONTENT)


def test_iv013_moments_are_in_order_with_white_space_and_fractions():
    moments = [
        moment_from("2025-06-01", "23:59:59.9"),
        moment_from(" 2025-06-02\n", "10:00:00"),
        moment_from("2025-06-02", "\t10:00:00.05 "),
        moment_from(" 2025-06-02", "10:00:00.5"),
        moment_from("2025-06-02", "10:00:00.51"),
        moment_from("2025-06-02", " 10:00:01.0"),
    ]
    assert moments == sorted(moments)
    assert len(set(moments)) == len(moments)
    assert moment_from("2025-06-02", "10:00:00.50") == moment_from(" 2025-06-02", " 10:00:00.5 ")
    assert moment_from("2025-06-02", "10:00:00.00") == "2025-06-02T10:00:00"


def moved(day: str, time: str, **changes: object) -> Record:
    document = message_301(replace(ONE, **changes))  # type: ignore[arg-type]
    assert document.root is not None
    (product,) = document.root.named("ToegewezenProduct")
    return Record(product.name, {**product.values, "Toewijzingsdatum": day, "Toewijzingstijd": time})


def test_iv013_the_latest_of_a_message_as_it_came_holds():
    document = message_301(ONE)
    assert document.message is not None
    assert document.root is not None
    contact, _ = document.root.records
    older = moved("2025-06-02\n", "10:00:00.25", end=date(2025, 9, 30))
    newer = moved(" 2025-06-02", " 10:00:00.75", end=date(2025, 8, 31))
    ends: list[Any] = []
    for records in ((contact, older), (contact, newer)):
        content = write_document(document.message, Record(document.root.name, document.root.values, records))
        ends += allotted_of(read_document(content))
    for versions in (ends, ends[::-1]):
        found = latest(versions)
        assert found is not None
        assert found.end == date(2025, 8, 31)


@pytest.mark.parametrize("mode", ["dialect", "strict"])
def test_tr378_a_start_or_stop_names_the_day_of_the_list(small: Make, mode: str, monkeypatch: pytest.MonkeyPatch):
    """A code that was merged away may be used for an allocation from before."""
    listed = {"0501": (None, date(2022, 12, 31)), "1911": (None, None)}
    monkeypatch.setattr(municipalities, "_listed", lambda: listed)
    made = small(allocated("1001"), mode=mode)
    made.scope.connection.exec_driver_sql("UPDATE contract SET municipality_code = '0501'")
    if mode == "dialect":  # there the contract's own code is trusted, so another one is written to
        made.scope.connection.exec_driver_sql("UPDATE contract SET municipality_code = '1911'")
    before, since = {"ToewijzingIngangsdatum": "2022-07-01"}, {"ToewijzingIngangsdatum": "2023-01-01"}

    def told(record: Record, more: dict[str, str]) -> dict[str, tuple[str, ...]]:
        one = Record(record.name, {**record.values, **more})
        make = made.starts if record.name == "StartProduct" else made.stops
        found = made.one(make(one, receiver="0501", sender=WIJKTEAM))
        return {place: codes for place, codes in found.items() if place == "Header"}

    begin, end = start("2025-03-01", "", "08"), stop("2025-03-01", "2025-03-20", number="", product="08")
    for record in (begin, end):
        assert told(record, {}) == {"Header": ("S300",)}
        assert told(record, since) == {"Header": ("S300",)}
        assert told(record, before) == {}


def test_tr379_a_reference_is_never_missing_on_the_first_sending():
    """All products of a granted WMO317 carry its reference, those that stay as they are too (IV093)."""
    wish = {"references": {"W1": "999900006"}, "changes": ["W1"]}
    new = replace(ONE, number="1002", product=Product("02", "02A05"), reference="W1")
    one = replace(ONE, reference="W1")
    assert judge_message(message_301(one, new), knows(**wish, **had(ONE)), TODAY) == ((), {})
    bare = judge_message(message_301(ONE, new), knows(**wish, **had(ONE)), TODAY)
    assert bare == ((), {"ToegewezenProduct[1]": ("9379",)})
    first = {"references": {"W1": "999900006"}}  # a WMO315: the reference is of that product alone
    assert judge_message(message_301(ONE, new), knows(**first, **had(ONE)), TODAY) == ((), {})


def test_tr347_two_products_of_one_request_do_not_share_a_reference(chain: Make):
    made = chain(allocated("1001"))
    told = made.one(made.request(asked("R1"), asked("R1", product="01")))
    assert told == {"Header": ("0001",)}  # already inside the message
    assert service.worklist(made.scope, made.vault, made.contract_id, date(2025, 6, 2)) == []
