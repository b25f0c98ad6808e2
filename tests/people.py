"""The people of the web tests: who they are, what they may be, and a browser for each."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from lead_contractor.access import passwords, service, store
from lead_contractor.access.model import Language, Role, User
from lead_contractor.kernel.database import writing
from lead_contractor.parties.tables import lead_contractor
from lead_contractor.web.shell import build_shell

PASSWORD = "een-lang-wachtwoord-2025"
SETTINGS: dict[str, Any] = {"SECRET_KEY": "s" * 32, "SESSION_COOKIE_SECURE": False, "TESTING": True}
CONTROLLER, PROVIDER, MUNICIPALITY, NOBODY = (
    "carla@voorbeeld.nl",
    "arie@voorbeeld.nl",
    "gerda@voorbeeld.nl",
    "nico@voorbeeld.nl",
)


@cache
def _password_hash() -> str:
    return passwords.hashed(PASSWORD)


def person(engine: Engine, email: str, name: str) -> User:
    """A person whose password is PASSWORD; hashed once for all tests."""
    with writing(engine) as connection:
        return store.insert_user(connection, email, name, _password_hash(), Language.DUTCH)


def new_lead_contractor(engine: Engine, name: str, agb: str) -> int:
    with writing(engine) as connection:
        found = connection.execute(lead_contractor.insert().values(agb=agb, name=name))
        assert found.inserted_primary_key is not None
        return int(found.inserted_primary_key[0])


def populate(engine: Engine) -> tuple[int, int]:
    """Two lead contractors; Carla and Gerda are with the first, Arie delivers to both, Nico has no role yet."""
    first = new_lead_contractor(engine, "Hoofdaannemer Noord", "42420001")
    second = new_lead_contractor(engine, "Hoofdaannemer Zuid", "42420002")
    carla, arie = person(engine, CONTROLLER, "Carla"), person(engine, PROVIDER, "Arie")
    gerda = person(engine, MUNICIPALITY, "Gerda")
    person(engine, NOBODY, "Nico")
    service.add_membership(engine, carla.id, first, Role.CONTROLLER)
    for lead in (first, second):
        service.add_membership(engine, arie.id, lead, Role.PROVIDER, "65656055", "Zorgbureau De Linde")
    service.add_membership(engine, gerda.id, first, Role.MUNICIPALITY, "1911", "Hollands Kroon")
    return first, second


def shell(engine: Engine, **settings: Any) -> Flask:
    return build_shell({**SETTINGS, **settings}, engine)


def csrf(client: FlaskClient, page: str = "/aanmelden") -> str:
    """The token in a form of a page."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(page).text)
    assert found is not None, page
    return found[1]


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD, **form: str) -> Any:
    return client.post("/aanmelden", data={"csrf_token": csrf(client), "email": email, "password": password, **form})


def browser_of(app: Flask, email: str, **form: str) -> FlaskClient:
    """A browser in which this person has signed in."""
    client = app.test_client()
    answer = sign_in(client, email, **form)
    assert answer.status_code == 302, answer.text
    return client
