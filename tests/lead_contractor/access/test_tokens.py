"""Tokens: shown once, kept as a hash, and worth nothing when revoked, expired or another's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from lead_contractor.access import service, tokens
from lead_contractor.access.model import Acting, Role
from lead_contractor.access.tables import api_token
from lead_contractor.access.tokens import TokenScope
from lead_contractor.kernel.database import reading
from lead_contractor.kernel.refusals import NotAllowed, NotFound, Refusal
from tests.people import PROVIDER, populate

NOW = datetime(2025, 4, 1, 9, 30, tzinfo=UTC)
READ = [TokenScope.DECLARATIONS_READ]


def arie(lead: int, party: str = "65656055") -> Acting:
    return Acting(2, "Arie", lead, "Noord", Role.PROVIDER, party, "De Linde")


def carla(lead: int) -> Acting:
    return Acting(1, "Carla", lead, "Noord", Role.CONTROLLER, "", "Noord")


def test_a_token_lets_its_party_in_until_it_expires(engine: Engine):
    lead, _ = populate(engine)
    made, text = tokens.make_token(engine, arie(lead), "  pakket   X ", READ, NOW, timedelta(days=30))
    assert made.label == "pakket X"
    found = tokens.resume_token(engine, text, NOW + timedelta(days=29))
    assert found is not None
    assert (found.lead_contractor_id, found.role, found.party) == (lead, Role.PROVIDER, "65656055")
    assert found.scopes == frozenset(READ)
    assert tokens.resume_token(engine, text, NOW + timedelta(days=30)) is None


def test_the_database_holds_no_token(engine: Engine):
    lead, _ = populate(engine)
    _, text = tokens.make_token(engine, arie(lead), "pakket", READ, NOW)
    secret = text.rpartition("_")[2]
    with reading(engine) as connection:
        row = connection.execute(api_token.select()).one()
    assert secret not in " ".join(str(value) for value in row)
    assert row.secret_hash not in text


@pytest.mark.parametrize(
    "spoil", ["x", "hs_", " ", "hs_0123456789abcdef_" + "A" * 43], ids=["x", "prefix", "space", "other"]
)
def test_what_is_no_token_lets_nobody_in(engine: Engine, spoil: str):
    lead, _ = populate(engine)
    _, text = tokens.make_token(engine, arie(lead), "pakket", READ, NOW)
    assert tokens.resume_token(engine, spoil, NOW) is None
    assert tokens.resume_token(engine, text + "x", NOW) is None
    assert tokens.resume_token(engine, text[:-1] + ("A" if text[-1] != "A" else "B"), NOW) is None


def test_a_revoked_token_is_worth_nothing_from_that_moment(engine: Engine):
    lead, _ = populate(engine)
    made, text = tokens.make_token(engine, arie(lead), "pakket", READ, NOW)
    tokens.revoke_token(engine, arie(lead), made.id, NOW)
    assert tokens.resume_token(engine, text, NOW) is None
    (kept,) = tokens.tokens_of(engine, arie(lead))
    assert (kept.revoked_at, kept.revoked_by) == (NOW, "Arie")


def test_a_token_ends_with_the_membership_of_whoever_made_it(engine: Engine):
    north, south = populate(engine)
    (user,) = [one for one in [service.find_user(engine, PROVIDER)] if one is not None]
    texts = [
        tokens.make_token(engine, replace(arie(lead), user_id=user.id), "pakket", READ, NOW)[1]
        for lead in (north, south)
    ]
    administrator = replace(arie(north), user_id=0, user_name="beheer")
    _, given = tokens.make_token(engine, administrator, "van beheer", READ, NOW)
    service.remove_membership(engine, user.id, north, Role.PROVIDER, "65656055")
    assert tokens.resume_token(engine, texts[0], NOW) is None
    assert tokens.resume_token(engine, texts[1], NOW) is not None, "with the other lead contractor Arie still acts"
    assert tokens.resume_token(engine, given, NOW) is not None
    assert [one.maker_left for one in tokens.tokens_of(engine, carla(north))] == [False, True]
    service.set_active(engine, user.id, active=False)
    assert tokens.resume_token(engine, texts[1], NOW) is None


def test_nobody_sees_or_revokes_the_tokens_of_another(engine: Engine):
    first, second = populate(engine)
    made, text = tokens.make_token(engine, arie(first), "pakket", READ, NOW)
    other, south = arie(first, "41410002"), carla(second)
    for stranger in (other, south, arie(second)):
        assert tokens.tokens_of(engine, stranger) == ()
        with pytest.raises(NotFound):
            tokens.revoke_token(engine, stranger, made.id, NOW)
    assert tokens.resume_token(engine, text, NOW) is not None


def test_a_controller_sees_and_revokes_those_of_providers(engine: Engine):
    lead, _ = populate(engine)
    made, text = tokens.make_token(engine, arie(lead), "pakket", READ, NOW)
    assert [one.id for one in tokens.tokens_of(engine, carla(lead))] == [made.id]
    tokens.revoke_token(engine, carla(lead), made.id, NOW)
    assert tokens.resume_token(engine, text, NOW) is None


@pytest.mark.parametrize("role", [Role.MUNICIPALITY, Role.CONTROLLER], ids=str)
def test_a_role_can_only_give_what_its_software_may(engine: Engine, role: Role):
    lead, _ = populate(engine)
    person = Acting(3, "Gerda", lead, "Noord", role, "1911" if role is Role.MUNICIPALITY else "", "")
    with pytest.raises(NotAllowed):
        tokens.make_token(engine, person, "pakket", READ, NOW)


@pytest.mark.parametrize(
    ("label", "scopes", "days"),
    [("", READ, 30), ("x" * 101, READ, 30), ("a\x00b", READ, 30), ("a", [], 30), ("a", READ, 0), ("a", READ, 732)],
    ids=["no name", "long name", "unprintable", "no scope", "no life", "too long"],
)
def test_a_token_without_name_scope_or_end_is_not_made(engine: Engine, label: str, scopes: list[str], days: int):
    lead, _ = populate(engine)
    with pytest.raises(Refusal):
        tokens.make_token(engine, arie(lead), label, scopes, NOW, timedelta(days=days))
    assert tokens.tokens_of(engine, arie(lead)) == ()


def test_one_party_has_no_more_than_fifty(sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tokens, "MOST_TOKENS", 2)
    lead, _ = populate(sqlite_engine)
    first, _ = tokens.make_token(sqlite_engine, arie(lead), "a", READ, NOW)
    tokens.make_token(sqlite_engine, arie(lead), "b", READ, NOW)
    with pytest.raises(Refusal):
        tokens.make_token(sqlite_engine, arie(lead), "c", READ, NOW)
    tokens.revoke_token(sqlite_engine, arie(lead), first.id, NOW)
    tokens.make_token(sqlite_engine, arie(lead), "c", READ, NOW)
