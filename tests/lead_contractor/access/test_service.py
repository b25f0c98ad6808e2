from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from lead_contractor.access import passwords, service
from lead_contractor.access.model import Acting, Language, Role, SignedIn
from lead_contractor.access.tables import app_session, app_user
from lead_contractor.kernel.database import reading
from lead_contractor.kernel.refusals import Conflict, NotAllowed, NotFound, Refusal
from tests.people import PASSWORD, new_lead_contractor, person

NOW = datetime(2025, 9, 5, 8, 0, tzinfo=UTC)


def test_a_person_is_found_by_address_and_password_whatever_the_capitals(engine: Engine):
    carla = service.create_user(engine, " Carla@Voorbeeld.NL ", "Carla", PASSWORD, Language.ENGLISH)
    assert carla.email == "carla@voorbeeld.nl"
    assert service.authenticate(engine, "CARLA@voorbeeld.nl", PASSWORD) == carla
    assert service.authenticate(engine, "carla@voorbeeld.nl", PASSWORD + "!") is None
    assert service.authenticate(engine, "karla@voorbeeld.nl", PASSWORD) is None


def test_the_database_holds_no_password(engine: Engine):
    service.create_user(engine, "carla@voorbeeld.nl", "Carla", PASSWORD)
    with reading(engine) as connection:
        kept = connection.execute(select(app_user.c.password_hash)).scalar_one()
    assert kept.startswith("$argon2id$")
    assert PASSWORD not in kept


def test_an_address_belongs_to_one_person(engine: Engine):
    service.create_user(engine, "carla@voorbeeld.nl", "Carla", PASSWORD)
    with pytest.raises(Conflict):
        service.create_user(engine, "Carla@voorbeeld.nl", "Karla", PASSWORD)


@pytest.mark.parametrize(("email", "name", "password"), [
    ("geen adres", "Carla", PASSWORD),
    ("carla@voorbeeld.nl", "  ", PASSWORD),
    ("carla@voorbeeld.nl", "Carla", "kort"),
    ("carla@voorbeeld.nl", "Carla", "a" * 20),
    ("carla@voorbeeld.nl", "Carla", "abcd" * 100),
], ids=["address", "name", "short", "one character", "endless"])  # fmt: skip
def test_a_person_needs_an_address_a_name_and_a_good_password(sqlite_engine: Engine, email, name, password):
    with pytest.raises(Refusal):
        service.create_user(sqlite_engine, email, name, password)


def test_a_hash_of_weaker_days_is_replaced_at_the_next_sign_in(sqlite_engine: Engine, monkeypatch):
    person(sqlite_engine, "carla@voorbeeld.nl", "Carla")
    monkeypatch.setattr(passwords, "outdated", lambda _hash: True)
    assert service.authenticate(sqlite_engine, "carla@voorbeeld.nl", PASSWORD) is not None
    monkeypatch.undo()
    assert service.authenticate(sqlite_engine, "carla@voorbeeld.nl", PASSWORD) is not None


def test_memberships_stand_in_a_fixed_order_and_each_once(engine: Engine):
    south = new_lead_contractor(engine, "Zuid", "42420002")
    north = new_lead_contractor(engine, "Noord", "42420001")
    arie = person(engine, "arie@voorbeeld.nl", "Arie")
    service.add_membership(engine, arie.id, south, Role.PROVIDER, "65656055", "De Linde")
    service.add_membership(engine, arie.id, north, Role.PROVIDER, "65656056", "De Eik")
    service.add_membership(engine, arie.id, north, Role.CONTROLLER)
    found = service.memberships_of(engine, arie.id)
    assert [(one.lead_contractor_name, one.role, one.party_name) for one in found] == [
        ("Noord", Role.CONTROLLER, "Noord"), ("Noord", Role.PROVIDER, "De Eik"), ("Zuid", Role.PROVIDER, "De Linde"),
    ]  # fmt: skip
    with pytest.raises(Conflict):
        service.add_membership(engine, arie.id, south, Role.PROVIDER, "65656055", "De Linde")
    service.remove_membership(engine, arie.id, north, Role.PROVIDER, "65656056")
    assert len(service.memberships_of(engine, arie.id)) == 2
    with pytest.raises(NotFound):
        service.remove_membership(engine, arie.id, north, Role.PROVIDER, "65656056")


@pytest.mark.parametrize(("role", "party"), [
    (Role.CONTROLLER, "65656055"), (Role.PROVIDER, ""), (Role.PROVIDER, "1911"), (Role.MUNICIPALITY, "65656055"),
], ids=["controller with party", "provider without", "provider with CBS code", "municipality with AGB code"])  # fmt: skip
def test_the_party_fits_the_role(sqlite_engine: Engine, role, party):
    lead = new_lead_contractor(sqlite_engine, "Noord", "42420001")
    carla = person(sqlite_engine, "carla@voorbeeld.nl", "Carla")
    with pytest.raises(Refusal):
        service.add_membership(sqlite_engine, carla.id, lead, role, party)


def test_a_membership_needs_a_person_and_a_lead_contractor(engine: Engine):
    lead = new_lead_contractor(engine, "Noord", "42420001")
    carla = person(engine, "carla@voorbeeld.nl", "Carla")
    with pytest.raises(NotFound):
        service.add_membership(engine, carla.id, lead + 1, Role.CONTROLLER)
    with pytest.raises(Conflict):
        service.add_membership(engine, carla.id + 1, lead, Role.CONTROLLER)


def test_a_person_acts_in_one_of_their_own_memberships_only(sqlite_engine: Engine):
    lead = new_lead_contractor(sqlite_engine, "Noord", "42420001")
    gerda = person(sqlite_engine, "gerda@voorbeeld.nl", "Gerda")
    service.add_membership(sqlite_engine, gerda.id, lead, Role.MUNICIPALITY, "1911", "Hollands Kroon")
    signed_in = SignedIn(gerda, service.memberships_of(sqlite_engine, gerda.id))
    key = signed_in.memberships[0].key
    assert service.switch(signed_in, key) == Acting(
        gerda.id, "Gerda", lead, "Noord", Role.MUNICIPALITY, "1911", "Hollands Kroon"
    )
    with pytest.raises(NotAllowed):
        service.switch(signed_in, key.replace("municipality-1911", "controller-"))


def test_a_sign_in_lasts_until_it_is_ended(engine: Engine):
    carla = person(engine, "carla@voorbeeld.nl", "Carla")
    token, other = service.start_session(engine, carla, NOW), service.start_session(engine, carla, NOW)
    assert service.resume(engine, token, NOW) == SignedIn(carla, ())
    service.end_session(engine, token)
    assert service.resume(engine, token, NOW) is None
    assert service.resume(engine, other, NOW) is not None
    assert service.resume(engine, "a guess", NOW) is None


def test_a_sign_in_lasts_twelve_hours_and_is_then_swept_away(engine: Engine):
    carla = person(engine, "carla@voorbeeld.nl", "Carla")
    token = service.start_session(engine, carla, NOW)
    assert service.resume(engine, token, NOW + timedelta(hours=12)) is not None
    assert service.resume(engine, token, NOW + timedelta(hours=12, seconds=1)) is None
    service.start_session(engine, carla, NOW + timedelta(hours=13))
    with reading(engine) as connection:
        assert len(connection.execute(select(app_session)).all()) == 1


def test_the_database_does_not_hold_what_is_in_the_cookie(sqlite_engine: Engine):
    token = service.start_session(sqlite_engine, person(sqlite_engine, "carla@voorbeeld.nl", "Carla"), NOW)
    with reading(sqlite_engine) as connection:
        kept = connection.execute(select(app_session.c.token_hash)).scalar_one()
    assert token not in kept
    assert service.resume(sqlite_engine, kept, NOW) is None


def test_a_new_password_and_shutting_out_end_every_sign_in(engine: Engine):
    carla = person(engine, "carla@voorbeeld.nl", "Carla")
    token = service.start_session(engine, carla, NOW)
    service.set_password(engine, carla.id, "een-heel-ander-wachtwoord")
    assert service.resume(engine, token, NOW) is None
    assert service.authenticate(engine, carla.email, PASSWORD) is None
    token = service.start_session(engine, carla, NOW)
    service.set_active(engine, carla.id, active=False)
    assert service.resume(engine, token, NOW) is None
    assert service.authenticate(engine, carla.email, "een-heel-ander-wachtwoord") is None
    service.set_active(engine, carla.id, active=True)
    assert service.authenticate(engine, carla.email, "een-heel-ander-wachtwoord") is not None
    assert service.resume(engine, token, NOW) is None
