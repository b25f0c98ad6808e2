"""A pre-check leaves nothing behind, however often one connection runs it and whatever comes after on the same one."""

from __future__ import annotations

from sqlalchemy import Engine, text

from lead_contractor.kernel import standing
from lead_contractor.kernel.database import writing
from subcontractors.declarations.trying import trying
from subcontractors.portal import service
from subcontractors.portal.model import Provider
from tests.subcontractors.portal.desk import AT, GOOD, KEY, TOO_MUCH, Site, csv_of

THUIS_VERDER = Provider(1, "65656055")


def a_draft(site: Site, *rows: str) -> str:
    token = service.keep_draft(site.engine, KEY, THUIS_VERDER, 1, "maart.csv", csv_of(*rows), AT)
    assert token is not None
    return token


def codes(site: Site, token: str) -> list[tuple[str, ...]]:
    made = service.pre_check(site.engine, KEY, THUIS_VERDER, token, AT)
    assert made is not None
    return [line.codes for one in made.messages for line in one.lines]


def test_the_same_file_gets_the_same_verdict_each_time_and_nothing_is_stored(site: Site):
    token, before = a_draft(site, GOOD, TOO_MUCH), site.rows()
    first = codes(site, token)
    assert first[0] == ()
    assert first[1] != ()
    assert [codes(site, token) for _ in range(8)] == [first] * 8  # from the sixth on PostgreSQL has it prepared
    assert site.rows() == before


def test_what_is_submitted_after_pre_checks_counts_once_in_the_next(site: Site):
    token = a_draft(site, GOOD)
    assert codes(site, token) == [()]
    service.submit(site.engine, KEY, THUIS_VERDER, token, AT, lambda *_: None)
    again = a_draft(site, GOOD.replace("D003", "D004").replace("R010", "R013"))
    assert codes(site, again) != [()]  # the period is granted already


def test_tables_stand_with_the_connection_empty(engine: Engine):
    with trying(engine) as connection:
        assert standing.stands(connection, "stage_line")
        connection.execute(text("INSERT INTO stage_slot VALUES (1, '65656055', '1001')"))
    with trying(engine) as connection:
        assert standing.stands(connection, "stage_slot")
        assert connection.execute(text("SELECT COUNT(*) FROM stage_slot")).scalar_one() == 0


def test_who_forgets_the_tables_gets_new_ones(engine: Engine):
    with trying(engine) as connection:
        standing.forget(connection)
    with writing(engine) as connection:
        assert not standing.stands(connection, "stage_line")
    with trying(engine) as connection:
        assert standing.stands(connection, "stage_line")


def test_a_failure_in_a_trial_is_rolled_back_too(site: Site):
    before = site.rows()
    try:
        with trying(site.engine) as connection:
            connection.execute(text("DELETE FROM tariff"))
            raise KeyError
    except KeyError:
        pass
    assert site.rows() == before
