"""The desk over the small example year, with two controllers, and a second lead contractor next door."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from budgets.settlement.books import check_contract
from budgets.settlement.service import settle_contract
from dash_app.desk.views import blueprint
from dash_app.overview.views import blueprint as overview
from lead_contractor.access import service
from lead_contractor.access.model import Role
from lead_contractor.kernel.database import writing
from lead_contractor.kernel.tenancy import Scope
from tests.klein import FOLDER, MASTER_KEY
from tests.klein_fixtures import klein_engine, klein_postgresql_template, klein_sqlite_template
from tests.people import CONTROLLER, MUNICIPALITY, PROVIDER, browser_of, csrf, new_lead_contractor, person, shell

__all__ = ["klein_engine", "klein_postgresql_template", "klein_sqlite_template"]
AT = datetime(2026, 6, 20, 9, 30, tzinfo=UTC)
SECOND, STRANGER = "dirk@voorbeeld.nl", "stien@voorbeeld.nl"


@dataclass(frozen=True)
class Site:
    """The app, and its two lead contractors."""

    engine: Engine
    app: Flask

    def browser(self, email: str = CONTROLLER) -> FlaskClient:
        return browser_of(self.app, email)

    def press(self, client: FlaskClient, address: str, **form: Any) -> Any:
        """Press a button and look at the page that comes after it."""
        return client.post(address, data={"csrf_token": csrf(client, "/besluiten"), **form}, follow_redirects=True)

    def scope(self) -> Any:
        return writing(self.engine)

    def proved(self) -> None:
        """Books, lines, payments and a settlement made anew prove one another."""
        with writing(self.engine) as connection:
            scope = Scope(connection, 1)
            settle_contract(scope, 1, AT)
            check_contract(scope, 1)


@pytest.fixture
def site(klein_engine: Engine) -> Site:
    """The site of this test."""
    stranger = new_lead_contractor(klein_engine, "Hoofdaannemer Zuid", "42429999")
    for email, lead, role, party in (
        (CONTROLLER, 1, Role.CONTROLLER, ""),
        (SECOND, 1, Role.CONTROLLER, ""),
        (PROVIDER, 1, Role.PROVIDER, "99990101"),
        (MUNICIPALITY, 1, Role.MUNICIPALITY, "9999"),
        (STRANGER, stranger, Role.CONTROLLER, ""),
    ):
        user = person(klein_engine, email, email.partition("@")[0].title())
        service.add_membership(klein_engine, user.id, lead, role, party)
    app = shell(klein_engine, CLOCK=lambda: AT)
    app.register_blueprint(overview(klein_engine, MASTER_KEY))
    app.register_blueprint(blueprint(klein_engine, MASTER_KEY))
    return Site(klein_engine, app)


@pytest.fixture(scope="session")
def klein_bsns() -> frozenset[str]:
    """Every BSN of the example."""
    with (FOLDER / "allocations.csv").open(encoding="utf-8-sig") as file:
        return frozenset(row["bsn"] for row in csv.DictReader(file))
