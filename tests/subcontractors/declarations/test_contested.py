"""Which lines the engine lets wait for one another, and that a file cannot make it wait long."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from tests.subcontractors.declarations.conftest import NewContract
from tests.subcontractors.declarations.scene import Contract, allocated, credit, debit, declared

MANY = 60


@contextmanager
def waves(contract: Contract) -> Iterator[list[str]]:
    """The waves that run in the block."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        if statement.lstrip().startswith("UPDATE check_line"):
            seen.append(statement)

    event.listen(contract.scope.connection, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(contract.scope.connection, "before_cursor_execute", note)


def test_lines_that_stay_within_everything_wait_for_nothing(contract: NewContract):
    thuis_verder = contract(allocated("1001"))
    with waves(thuis_verder) as ran:
        codes = thuis_verder.codes(*(debit(f"R{n}", month=Month(2025, n)) for n in (1, 2, 3, 4)))
    assert codes == {"R1": (), "R2": (), "R3": (), "R4": ()}
    assert ran == []


def test_the_last_hour_that_fits_is_not_contested_and_the_next_is(contract: NewContract):
    thuis_verder = contract(allocated("1001", "40 hours all"))
    with waves(thuis_verder) as ran:
        assert thuis_verder.codes(debit("R1", volume=40)) == {"R1": ()}
    assert ran == []
    with waves(thuis_verder) as ran:
        assert thuis_verder.codes(debit("R2", volume=1, month=Month(2025, 3))) == {"R2": ("9322",)}
    assert len(ran) == 1


def test_the_last_cent_of_a_budget_is_not_contested_and_the_next_is(contract: NewContract):
    thuis_verder = contract(allocated("1001", "", budget=Cents(33480 + 5580)))
    assert thuis_verder.codes(debit("R1", volume=6)) == {"R1": ()}
    with waves(thuis_verder) as ran:
        assert thuis_verder.codes(debit("R2", volume=1, month=Month(2025, 3))) == {"R2": ()}
    assert ran == []
    assert thuis_verder.codes(debit("R3", volume=1, month=Month(2025, 2))) == {"R3": ("9369",)}


def test_a_credit_and_a_period_that_was_declared_before_are_contested(contract: NewContract):
    thuis_verder = contract(allocated("1001"))
    first = debit("R1")
    assert thuis_verder.codes(first) == {"R1": ()}
    with waves(thuis_verder) as ran:
        assert thuis_verder.codes(debit("R2")) == {"R2": ("9389",)}
    assert len(ran) == 1
    assert thuis_verder.codes(credit("R3", first), debit("R4")) == {"R3": (), "R4": ()}


def test_lines_that_are_refused_anyway_open_no_wave_of_their_own(contract: NewContract):
    """A credit makes the allocation contested; the others are of another product and can change nothing."""
    thuis_verder = contract(allocated("1001"))
    wrong = [debit(f"R{n}", product_code=f"X{n}") for n in range(MANY)]
    with waves(thuis_verder) as ran:
        codes = thuis_verder.codes(*wrong, debit("GOOD"), credit("BACK", debit("NONE")))
    assert codes["GOOD"] == ()
    assert codes["BACK"] == ("8017",)
    assert all("9340" in codes[line.reference] for line in wrong)
    assert len(ran) <= 3


def test_one_period_declared_over_and_over_is_granted_once(contract: NewContract):
    thuis_verder = contract(allocated("1001"))
    files = [(f"{n}.xml", declared(f"D{n:03d}", debit(f"R{n:03d}"))) for n in range(MANY)]
    found = [line for verdict in thuis_verder.take_in(files) for line in verdict.lines]
    assert [line.codes for line in found] == [()] + [("9389",)] * (MANY - 1)
