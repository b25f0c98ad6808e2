"""A lead contractor with a loaded year, its neighbour with the same year under other names, and their people."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from budgets.year_folder.service import load
from dash_app.overview.views import blueprint
from lead_contractor.access import service
from lead_contractor.access.model import Role
from lead_contractor.kernel.database import make_engine
from tests.people import CONTROLLER, MUNICIPALITY, PROVIDER, browser_of, person, shell
from tests.prepared import prepared

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "examples" / "klein-2025"
KEY = b"1" * 32
AT = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)
NEIGHBOUR = "Buurman Aangrenzend"
STRANGER = "stien@voorbeeld.nl"


@dataclass(frozen=True, slots=True)
class Site:
    """What a test walks through: the app, and the ids of both lead contractors."""

    engine: Engine
    lead: int
    contract: int
    neighbour: int
    neighbour_contract: int

    def app(self, at: datetime = AT) -> Flask:
        made = shell(self.engine, CLOCK=lambda: at)
        made.register_blueprint(blueprint(self.engine, KEY))
        return made

    def browser(self, email: str = CONTROLLER, at: datetime = AT) -> FlaskClient:
        return browser_of(self.app(at), email)


def renamed(folder: Path, code: str) -> Path:
    """The example as another lead contractor's: other code, names and AGB, the same people and messages."""
    shutil.copytree(FOLDER, folder)
    terms = folder / "contract.toml"
    text = re.sub(r'^id = ".*"$', f'id = "{code}"', terms.read_text(), flags=re.MULTILINE)
    text = re.sub(r'^agb = ".*"$', 'agb = "99980009"', text, flags=re.MULTILINE)
    terms.write_text(re.sub(r'^name = "Hoofd.*"$', f'name = "{NEIGHBOUR}"', text, flags=re.MULTILINE))
    parties = folder / "subcontractors.csv"
    rows = list(csv.DictReader(io.StringIO(parties.read_text(encoding="utf-8-sig"))))
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows({**row, "name": f"{NEIGHBOUR} {number}"} for number, row in enumerate(rows))
    parties.write_text(out.getvalue())
    return folder


def furnish(engine: Engine, tmp_path: Path) -> Site:
    """Load the example, and its copy twice for the neighbour, so that the neighbour's ids run further."""
    lead, contract, neighbour, neighbour_contract = prepared(engine, "overview", lambda: _load(engine, tmp_path))
    return Site(engine, lead, contract, neighbour, neighbour_contract)


def _load(engine: Engine, tmp_path: Path) -> tuple[int, int, int, int]:
    own = load(engine, KEY, FOLDER, AT)
    others = [load(engine, KEY, renamed(tmp_path / code, code), AT) for code in ("BUUR-1", "BUUR-2")]
    lead, neighbour = own.lead_contractor_id, others[0].lead_contractor_id
    for email, role, party in (
        (CONTROLLER, Role.CONTROLLER, ""),
        (PROVIDER, Role.PROVIDER, "99990101"),
        (MUNICIPALITY, Role.MUNICIPALITY, own.contract.municipality.code),
    ):
        service.add_membership(engine, person(engine, email, email).id, lead, role, party)
    service.add_membership(engine, person(engine, STRANGER, "Stien").id, neighbour, Role.CONTROLLER)
    return lead, own.contract_id, neighbour, others[1].contract_id


@pytest.fixture
def furnished(engine: Engine, tmp_path: Path) -> Site:
    """The two of them on a database of this test, once on SQLite and once on PostgreSQL."""
    return furnish(engine, tmp_path)


@pytest.fixture(scope="session")
def furnished_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Site]:
    """A database file with the two of them, to copy."""
    folder = tmp_path_factory.mktemp("overview")
    path = folder / "template.db"
    shutil.copyfile(sqlite_template, path)
    engine = make_engine(f"sqlite:///{path}", durable=False)
    made = furnish(engine, folder)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = 0")
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    engine.dispose()
    return path, made


@pytest.fixture
def site(furnished_template: tuple[Path, Site], tmp_path: Path) -> Iterator[Site]:
    """The two of them on an SQLite database of this test alone."""
    template, made = furnished_template
    path = tmp_path / "overview.db"
    shutil.copyfile(template, path)
    engine = make_engine(f"sqlite:///{path}", durable=False)
    yield Site(engine, made.lead, made.contract, made.neighbour, made.neighbour_contract)
    engine.dispose()


@pytest.fixture(scope="session")
def people() -> frozenset[str]:
    """Every BSN of the example, from allocations and messages."""
    rows = csv.DictReader(io.StringIO((FOLDER / "allocations.csv").read_text(encoding="utf-8-sig")))
    found = {row["bsn"] for row in rows}
    for path in sorted((FOLDER / "messages").iterdir()):
        found |= set(re.findall(r"Bsn>(\d{9})<", path.read_text(encoding="utf-8", errors="replace")))
    assert found
    return frozenset(found)


@pytest.fixture
def settle() -> Callable[[FlaskClient, int], None]:
    """Press the button that makes the settlement."""

    def press(client: FlaskClient, contract: int) -> None:
        page = client.get(f"/afrekening?contract={contract}").text
        token = re.search(r'action="/afrekening[^>]*>\s*<input[^>]*name="csrf_token"[^>]*value="([^"]+)"', page)
        assert token is not None
        answer = client.post(f"/afrekening?contract={contract}", data={"csrf_token": token[1]})
        assert answer.status_code == 302, answer.text

    return press
