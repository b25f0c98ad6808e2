"""Lines that are stored while more is read get the verdict, and only the place in the books, that they end with."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from sqlalchemy import func

from lead_contractor.books import accounts
from lead_contractor.books.store import account_total
from subcontractors.declarations import engine, waiting
from subcontractors.declarations.tables import declaration_line
from tests.subcontractors.declarations.conftest import NewContract
from tests.subcontractors.declarations.scene import Contract, allocated, debit, declared


@pytest.fixture(autouse=True)
def one_by_one():
    """Every message is sent to the database by itself."""
    with patch.object(waiting, "ENOUGH", 1), patch.object(engine, "_MANY", 1):
        yield


def stored(contract: Contract) -> int:
    scope = contract.scope
    return int(scope.rows(scope.select(func.count()).select_from(declaration_line))[0][0])


def test_a_message_that_came_twice_leaves_its_lines_once(contract: NewContract):
    thuis_verder = contract(allocated("1001"))
    once = declared("D1", debit("R1"))
    found = thuis_verder.take_in([("1.xml", once), ("2.xml", once), ("3.xml", once)])
    assert [one.status for one in found] == ["answered", "duplicate", "duplicate"]
    assert stored(thuis_verder) == 1
    assert account_total(thuis_verder.scope, thuis_verder.contract_id, accounts.DECLARED) == 6 * 5580


def test_the_lines_of_a_number_used_twice_are_kept_and_not_granted(contract: NewContract):
    thuis_verder = contract(allocated("1001"), allocated("1002"))
    first, again = declared("D1", debit("R1")), declared("D1", debit("R2", allocation="1002"), identification="BD2")
    thuis_verder.take_in([("1.xml", first), ("2.xml", again)])
    assert stored(thuis_verder) == 2
    assert account_total(thuis_verder.scope, thuis_verder.contract_id, accounts.DECLARED) == 2 * 6 * 5580
    assert account_total(thuis_verder.scope, thuis_verder.contract_id, accounts.APPROVED) == 6 * 5580
