"""Software of a provider, of its neighbour and of the lead contractor: a site with a token for each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select

from budgets.settlement.books import check_contract
from budgets.year_folder.service import Loaded, load
from hoofdsom import create_app, open_interface
from lead_contractor.access import tokens
from lead_contractor.access.model import Acting, Role
from lead_contractor.access.tokens import SCOPES_OF
from lead_contractor.contract import store as contracts
from lead_contractor.kernel.database import reading
from lead_contractor.kernel.tenancy import Scope
from migrations.every_table import load_tables
from tests.budgets.year_folder.sample import FTE_AGB, PXQ_AGB, TRAJECTORY_AGB, write_sample
from tests.people import SETTINGS, shell
from tests.prepared import prepared

KEY = b"1" * 32
AT = datetime(2025, 4, 1, 9, 30, tzinfo=UTC)
ADDRESS = "/api/v1"
CODE = "1911-2025"
QUIET = {"api_token"}
"""What a request may change that stores nothing: when its token was last used."""


@dataclass(frozen=True, slots=True)
class Software:
    """A program with a token; ``text`` is the token."""

    app: Flask
    text: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.text}"}

    def client(self) -> FlaskClient:
        return self.app.test_client()

    def get(self, path: str, **more: str) -> Any:
        return self.client().get(ADDRESS + path, headers={**self.headers, **more})

    def post(self, path: str, content: Any, key: str = "", kind: str = "text/csv", **more: str) -> Any:
        headers = {**self.headers, **more, **({"Idempotency-Key": key} if key else {})}
        if isinstance(content, bytes):
            return self.client().post(ADDRESS + path, data=content, content_type=kind, headers=headers)
        return self.client().post(ADDRESS + path, json=content, headers=headers)


@dataclass(frozen=True, slots=True)
class Desk:
    """Two lead contractors with the same year; the first has software of three parties around it."""

    engine: Engine
    app: Flask
    north: Loaded
    provider: Software
    neighbour: Software
    reporter: Software
    lead: Software
    south: Software

    def rows(self) -> dict[str, int]:
        """How many rows stand in each table."""
        with reading(self.engine) as connection:
            return {
                table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
                for table in load_tables().sorted_tables
                if table.name not in QUIET
            }

    def prove(self) -> None:
        """The books of every contract hold."""
        prove(self.engine)


def prove(engine: Engine) -> None:
    """What ``hoofdsom check-books`` does."""
    with reading(engine) as connection:
        for lead, contract_id in contracts.every_contract(connection):
            list(check_contract(Scope(connection, lead), contract_id))


def acting(loaded: Loaded, role: Role, party: str = "") -> Acting:
    return Acting(0, "Arie", loaded.lead_contractor_id, "Noord", role, party, party or "Noord")


def token(engine: Engine, who: Acting, scopes: Iterable[str] | None = None, at: datetime = AT) -> str:
    wanted = SCOPES_OF[who.role] if scopes is None else scopes
    return tokens.make_token(engine, who, "pakket", [str(one) for one in wanted], at)[1]


def interface(engine: Engine, **settings: Any) -> Flask:
    """The interface without the pages and the view beside it."""
    app = shell(engine, CLOCK=lambda: AT, **settings)
    open_interface(app, engine, KEY)
    return app


def new_desk(engine: Engine, folder: Path, *, whole: bool = False, **settings: Any) -> Desk:
    """Thuis Verder (P×Q), Herstel, samen (trajectories) and an FTE provider deliver to North; Thuis Verder to South.

    The app is the whole site, or only the interface.
    """
    north, south = prepared(
        engine,
        "interface",
        lambda: (
            load(engine, KEY, write_sample(folder / "noord"), AT),
            load(engine, KEY, write_sample(folder / "zuid", contract=_southern), AT),
        ),
    )
    config = {**SETTINGS, "CLOCK": lambda: AT, **settings}
    app = create_app(engine, KEY, config) if whole else interface(engine, **settings)

    def software(loaded: Loaded, role: Role, party: str = "") -> Software:
        return Software(app, token(engine, acting(loaded, role, party)))

    return Desk(
        engine,
        app,
        north,
        software(north, Role.PROVIDER, PXQ_AGB),
        software(north, Role.PROVIDER, TRAJECTORY_AGB),
        software(north, Role.PROVIDER, FTE_AGB),
        software(north, Role.CONTROLLER),
        software(south, Role.PROVIDER, PXQ_AGB),
    )


def _southern(text: str) -> str:
    return text.replace("42420001", "42420002").replace("Voorbeeld Hoofdaannemer", "Hoofdaannemer Zuid")


def line(reference: str = "R010", **changed: Any) -> dict[str, Any]:
    """A line of JSON that is granted: ten hours of 55.80."""
    return {
        "reference": reference,
        "bsn": "999900006",
        "allocation": "1001",
        "category": "02",
        "product_code": "02A03",
        "period_from": "2025-03-01",
        "period_to": "2025-03-31",
        "volume": 10,
        "unit": "04",
        "tariff_cents": 5580,
        "amount_cents": 55800,
        **changed,
    }


def declaration(number: str = "D003", *lines: dict[str, Any]) -> dict[str, Any]:
    return {"number": number, "period": "2025-03", "lines": list(lines or [line()])}
