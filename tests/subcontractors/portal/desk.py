"""The portal on a shell, and what its tests send to it and count in it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select

from budgets.year_folder.service import Loaded, load, post_dues
from budgets.year_folder.stored import contract_of
from lead_contractor.access import service as access
from lead_contractor.access.model import Role
from lead_contractor.contract.store import get_contract
from lead_contractor.kernel.database import reading
from lead_contractor.kernel.tenancy import Scope
from migrations.every_table import load_tables
from subcontractors.portal.overview_service import Notices
from subcontractors.portal.views import blueprint
from tests.budgets.year_folder.sample import PXQ_AGB, TRAJECTORY_AGB, write_sample
from tests.people import CONTROLLER, MUNICIPALITY, browser_of, csrf, person, shell
from tests.prepared import prepared

KEY = b"1" * 32
AT = datetime(2025, 4, 1, 9, 30, tzinfo=UTC)
PROVIDER, NEIGHBOUR, SOUTH = "arie@voorbeeld.nl", "buur@voorbeeld.nl", "zoe@voorbeeld.nl"
HEADER = (
    "declaration,period,received,subcontractor,reference,previous_reference,bsn,allocation,category,product_code,"
    "from,to,volume,unit,tariff,amount,debit_credit"
)
GOOD = "D003,2025-03,2025-04-01,65656055,R010,,999900006,1001,02,02A03,2025-03-01,2025-03-31,10,04,55.80,558.00,D"
TOO_MUCH = (
    "D003,2025-03,2025-04-01,65656055,R011,,999900018,1002,02,02A05,2025-03-01,2025-03-31,9000,01,1.46,13102.50,D"
)
NOT_YOURS = "D003,2025-03,2025-04-01,65656055,R012,,999900006,9999,02,02A03,2025-03-01,2025-03-31,1,04,55.80,55.80,D"


@dataclass(frozen=True)
class Site:
    """The app with two lead contractors loaded."""

    engine: Engine
    app: Flask
    north: Loaded
    south: Loaded

    def browser(self, email: str = PROVIDER) -> FlaskClient:
        return browser_of(self.app, email)

    def rows(self) -> dict[str, int]:
        """How many rows stand in each table, except of sign-ins and of files under pre-check."""
        tables = [t for t in load_tables().sorted_tables if t.name not in {"app_session", "upload_draft"}]
        with reading(self.engine) as connection:
            return {
                table.name: connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables
            }

    def drafts(self) -> int:
        with reading(self.engine) as connection:
            return int(connection.exec_driver_sql("SELECT COUNT(*) FROM upload_draft").scalar_one())


def new_site(engine: Engine, folder: Path) -> Site:
    """Thuis Verder and Herstel, samen deliver to North; Thuis Verder delivers to South too, by somebody else."""
    north, south = prepared(engine, "portal", lambda: _furnish(engine, folder))
    return Site(engine, portal(engine), north, south)


def _furnish(engine: Engine, folder: Path) -> tuple[Loaded, Loaded]:
    north = load(engine, KEY, write_sample(folder / "noord"), AT)
    south = load(engine, KEY, write_sample(folder / "zuid", contract=_southern), AT)
    for email, lead, role, party, name in (
        (PROVIDER, north, Role.PROVIDER, PXQ_AGB, "Thuis Verder"),
        (NEIGHBOUR, north, Role.PROVIDER, TRAJECTORY_AGB, "Herstel, samen"),
        (SOUTH, south, Role.PROVIDER, PXQ_AGB, "Thuis Verder"),
        (CONTROLLER, north, Role.CONTROLLER, "", ""),
        (MUNICIPALITY, north, Role.MUNICIPALITY, "1911", "Hollands Kroon"),
    ):
        user = person(engine, email, email.partition("@")[0].title())
        access.add_membership(engine, user.id, lead.lead_contractor_id, role, party, name)
    return north, south


def _southern(text: str) -> str:
    return text.replace("42420001", "42420002").replace("Voorbeeld Hoofdaannemer", "Hoofdaannemer Zuid")


def portal(engine: Engine, patience: float = 60, notices: Notices | None = None, **settings: Any) -> Flask:
    def after_intake(scope: Scope, contract_id: int, at: datetime) -> None:
        post_dues(scope, contract_id, contract_of(get_contract(scope, contract_id)), at)

    app = shell(engine, **settings)
    app.register_blueprint(blueprint(engine, KEY, after_intake, patience=patience, notices=notices))
    return app


def csv_of(*rows: str) -> bytes:
    return "\n".join((HEADER, *rows, "")).encode()


def send(client: FlaskClient, content: bytes | None, name: str = "maart.csv", contract_id: int = 1, **more: Any) -> Any:
    """Send a file to its pre-check; the answer to the form itself."""
    data: dict[str, Any] = {"csrf_token": csrf(client, "/declaraties/")}
    if content is not None:
        data["bestand"] = (io.BytesIO(content), name)
    address = f"/declaraties/{contract_id}/bestand"
    return client.post(address, data=data, content_type="multipart/form-data", **more)


def checked(client: FlaskClient, content: bytes, name: str = "maart.csv") -> str:
    """Send a file that is taken, and give the address of its pre-check."""
    answer = send(client, content, name)
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"])


def press(client: FlaskClient, address: str, token_from: str = "/declaraties/") -> Any:
    """Press the button of a form that has nothing but its token."""
    return client.post(address, data={"csrf_token": csrf(client, token_from)})
