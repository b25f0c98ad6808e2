"""What the chain says of a declaration: skipped months, its header, and whether it is used at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from lead_contractor.kernel.periods import Month
from subcontractors.chain.outbox import troubles
from subcontractors.declarations.checks import codes_of
from subcontractors.declarations.model import Status
from subcontractors.declarations.store import Head
from subcontractors.declarations.tables import declaration_line
from tests.subcontractors.chain.scene import WIJKTEAM, Chain, allocated, start, stop
from tests.subcontractors.declarations.scene import debit, declared

Make = Callable[..., Chain]


def month(number: int, *more: int, name: str = "", **head) -> bytes:
    """A declaration over a month of 2025, with lines of other months too."""
    lines = [debit(f"L{number}-{one}", month=Month(2025, one)) for one in (number, *more)]
    dated = date(2025, number + 1, 6)
    own = {"identification": name or f"B{number}", "received": dated, "dated": dated, **head}
    return declared(f"D{number}{name}", *lines, month=Month(2025, number), **own)


def took(made: Chain, content: bytes) -> Head:
    (head,) = made.take(content)
    return head


def line_codes(made: Chain) -> dict[str, tuple[str, ...]]:
    rows = made.scope.rows(made.scope.select(declaration_line.c.reference, declaration_line.c.codes))
    return {row.reference: codes_of(int(row.codes)) for row in rows}


def remarks(made: Chain) -> list[tuple[str, ...]]:
    return [one.codes for one in troubles(made.scope, made.contract_id, date(2025, 1, 1)) if one.message == "323"]


def test_tr318_a_month_without_known_care_may_be_skipped(small: Make):
    made = small(allocated("1001"), mode="strict")
    assert took(made, month(1)).declaration_codes == ("8001",)
    assert took(made, month(4)).declaration_codes == ("8001",)


def test_tr318_a_start_that_runs_shows_that_a_month_was_skipped(chain: Make):
    made = chain(allocated("1001"), mode="strict")
    assert made.one(made.starts(start("2025-01-10"), dated="2025-01-12")) == {}
    assert took(made, month(1)).declaration_codes == ("8001",)
    refused = took(made, month(3))
    assert (refused.declaration_codes, refused.granted) == (("8214",), 0)
    assert took(made, month(2)).declaration_codes == ("8001",)
    assert took(made, month(3, name="AGAIN")).declaration_codes == ("8001",)


def test_tr318_a_stop_before_it_explains_the_gap(small: Make):
    made = small(allocated("1001"), mode="strict")
    made.codes(made.starts(start("2025-01-10")), made.stops(stop("2025-01-10", "2025-02-10")))
    took(made, month(1))
    assert took(made, month(3)).declaration_codes == ("8001",)


def test_tr318_a_line_of_the_skipped_month_shows_it_too(small: Make):
    made = small(allocated("1001"), mode="strict")
    took(made, month(1))
    assert took(made, month(3, 2)).declaration_codes == ("8214",)


def test_tr318_is_a_remark_in_the_dialect(chain: Make):
    made = chain(allocated("1001"))
    made.one(made.starts(start("2025-01-10"), dated="2025-01-12"))
    took(made, month(1))
    head = took(made, month(4))
    assert (head.declaration_codes, head.granted) == (("8001",), head.submitted)
    (found,) = troubles(made.scope, made.contract_id, date(2025, 1, 1))
    assert (found.codes, found.about) == (("8214",), "geen declaratie over 2025-02, 2025-03")


def test_tr318_work_that_is_not_declared_by_the_line_proves_nothing(small: Make):
    made = small(allocated("1001"), allocated("1002", category="02", product_code="02A17"), mode="strict")
    made.one(made.starts(start("2025-01-10", "1002", "02/02A17")))
    took(made, month(1))
    assert took(made, month(3)).declaration_codes == ("8001",)


@pytest.mark.parametrize(
    ("mode", "changes", "codes"),
    [
        ("dialect", {"received": date(2025, 6, 20)}, ()),
        ("strict", {"received": date(2025, 6, 20)}, ("8848",)),
        ("dialect", {"receiver": "9999"}, ()),
    ],
)
def test_tr135_tr378_of_a_declaration(small: Make, mode: str, changes: dict, codes: tuple[str, ...]):
    made = small(allocated("1001"), mode=mode)
    head = took(made, month(4, **changes))
    assert (head.status, head.message_codes, head.granted > 0) == (Status.ANSWERED, codes, not codes)
    assert bool(remarks(made)) is (mode == "dialect")


def test_tr381_a_declared_code_under_another_category_is_remarked(small: Make):
    made = small(allocated("1001"), allocated("1002", category="01", product_code=""))
    took(made, declared("D1", debit("L1")))
    assert remarks(made) == []
    took(made, declared("D2", debit("L2", allocation="1002", category="01"), identification="B2"))
    assert remarks(made) == [("S329",)]


def test_tr381_a_declared_code_under_another_category_is_refused_by_the_line_in_strict_mode(small: Make):
    made = small(allocated("1001"), allocated("1002", category="01", product_code=""), mode="strict")
    head = took(made, declared("D1", debit("L1"), debit("L2", allocation="1002", category="01")))
    assert remarks(made) == []
    assert line_codes(made) == {"L1": (), "L2": ("S329",)}
    assert head.granted == head.submitted // 2


def test_a_declaration_to_another_municipality_is_refused_in_strict_mode(small: Make):
    made = small(allocated("1001"), mode="strict")
    head = took(made, month(4, receiver="0363"))
    assert (head.status, head.submitted) == (Status.REFUSED_STRUCTURE, 0)
    assert head.came.faults[0].rule == "GEMEENTE"
    assert took(made, month(4)).declaration_codes == ("8001",)


@pytest.mark.parametrize(("mode", "status"), [("dialect", Status.ANSWERED), ("strict", Status.REFUSED_STRUCTURE)])
def test_who_has_task_oriented_work_only_declares_in_the_dialect_only(small: Make, mode: str, status: Status):
    mine = replace(allocated("1001"), subcontractor=WIJKTEAM, category="08", product_code="08A01")
    made = small(mine, mode=mode)
    line = debit("L1", category="08", product_code="08A01")
    head = took(made, declared("D1", line, sender=WIJKTEAM))
    assert head.status is status
    assert (head.came.faults[0].rule if head.came.faults else "") == ("" if mode == "dialect" else "GEEN323")
