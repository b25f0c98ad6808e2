"""Kept answers: found again to the byte, each party its own, and forgotten in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from lead_contractor.access import replays
from lead_contractor.access.replays import Kept, KeyUsed, Request
from lead_contractor.access.tables import api_answer
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from tests.people import populate

AT = datetime(2025, 4, 1, 9, 30, tzinfo=UTC)
ASKED = Request("65656055", "key:een", b"inhoud van 999900006")
GIVEN = Kept(201, "application/json", "/api/v1/declarations/1", '{"bsn": "999900006", "é": 1}'.encode(), AT)


def keep(engine: Engine, lead: int, asked: Request = ASKED, given: Kept = GIVEN) -> None:
    with writing(engine) as connection:
        replays.keep(Scope(connection, lead), Vault(b"1" * 32, lead), asked, given)


def find(engine: Engine, lead: int, asked: Request = ASKED) -> Kept | None:
    with reading(engine) as connection:
        return replays.find(Scope(connection, lead), Vault(b"1" * 32, lead), asked, AT + timedelta(hours=1))


def test_an_answer_is_found_again_to_the_byte(engine: Engine):
    lead, _ = populate(engine)
    keep(engine, lead)
    found = find(engine, lead)
    assert found is not None
    assert found.replayed
    assert (found.status, found.media_type, found.location, found.body, found.answered_at) == (
        GIVEN.status, GIVEN.media_type, GIVEN.location, GIVEN.body, GIVEN.answered_at,
    )  # fmt: skip


def test_another_party_or_lead_contractor_has_keys_of_its_own(sqlite_engine: Engine):
    first, second = populate(sqlite_engine)
    keep(sqlite_engine, first)
    assert find(sqlite_engine, second) is None
    assert find(sqlite_engine, first, Request("41410002", ASKED.key, ASKED.content)) is None
    assert find(sqlite_engine, first, Request(ASKED.party, "key:twee", ASKED.content)) is None


def test_other_content_under_the_key_names_both_moments(sqlite_engine: Engine):
    lead, _ = populate(sqlite_engine)
    keep(sqlite_engine, lead)
    with pytest.raises(KeyUsed) as caught:
        find(sqlite_engine, lead, Request(ASKED.party, ASKED.key, b"iets anders"))
    assert (caught.value.first_at, caught.value.now_at) == (AT, AT + timedelta(hours=1))
    assert caught.value.first != caught.value.now


def test_keys_are_kept_for_thirty_days_at_least_and_then_go(sqlite_engine: Engine):
    lead, _ = populate(sqlite_engine)
    keep(sqlite_engine, lead)
    for days, kept in ((30, 2), (40, 2)):
        later = Kept(201, "application/json", "", b"{}", AT + timedelta(days=days))
        keep(sqlite_engine, lead, Request(ASKED.party, f"key:{days}", b"x"), later)
        with reading(sqlite_engine) as connection:
            assert len(connection.execute(api_answer.select()).all()) == kept


def test_nothing_of_a_person_is_stored_in_clear(sqlite_engine: Engine):
    lead, _ = populate(sqlite_engine)
    keep(sqlite_engine, lead, Request(ASKED.party, "key:999900006", ASKED.content))
    with reading(sqlite_engine) as connection:
        row = connection.execute(api_answer.select()).one()
    assert "999900006" not in repr(tuple(row))
