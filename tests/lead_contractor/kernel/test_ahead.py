"""What is sent ahead is done before anything else happens on the connection, and what goes wrong in it is not lost."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, func
from sqlalchemy.exc import IntegrityError

from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.parties.tables import lead_contractor, subcontractor

ONE_MORE = (
    "INSERT INTO subcontractor (lead_contractor_id, contract_id, agb, name) VALUES (:lead, :contract, '1', '50%')"
)
TWICE = ONE_MORE.replace("'1'", "'2'")


@pytest.fixture
def lead(engine: Engine) -> int:
    with writing(engine) as connection:
        made = connection.execute(lead_contractor.insert().values(agb="42420001", name="Voorbeeld"))
        assert made.inserted_primary_key is not None
        return int(made.inserted_primary_key[0])


def names(scope: Scope) -> list[str]:
    return [row.name for row in scope.rows(scope.select(subcontractor.c.name))]


def test_the_next_question_sees_what_was_sent_ahead(engine: Engine, lead: int):
    with writing(engine) as connection:
        scope = Scope(connection, lead)
        with scope.going_on():
            scope.ahead(ONE_MORE, contract=1)
            assert names(scope) == ["50%"]
            scope.ahead(ONE_MORE, TWICE, contract=2)
    with reading(engine) as connection:
        assert names(Scope(connection, lead)) == ["50%"] * 3


def test_what_goes_wrong_is_raised_at_the_end_of_the_block_at_the_latest(engine: Engine, lead: int):
    with pytest.raises(IntegrityError), writing(engine) as connection:
        scope = Scope(connection, lead)
        with scope.going_on():
            scope.ahead(ONE_MORE, contract=1)
            scope.ahead(TWICE, TWICE, contract=1)
    with reading(engine) as connection:
        assert names(Scope(connection, lead)) == []


def test_who_gives_up_while_it_is_at_work_rolls_all_back(engine: Engine, lead: int):
    with pytest.raises(KeyError), writing(engine) as connection:
        scope = Scope(connection, lead)
        with scope.going_on():
            scope.ahead(ONE_MORE, contract=1)
            raise KeyError
    with writing(engine) as connection:
        scope = Scope(connection, lead)
        assert scope.rows(scope.select(func.count()).select_from(subcontractor))[0][0] == 0


def test_a_statement_ahead_names_its_lead_contractor_too(engine: Engine, lead: int):
    with writing(engine) as connection, pytest.raises(ValueError, match="limited by :lead"):
        Scope(connection, lead).ahead(ONE_MORE, "DELETE FROM subcontractor", contract=1)
