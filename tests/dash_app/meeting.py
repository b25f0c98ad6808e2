"""The meeting with the small example year: two lead contractors with the same contract number, and who looks."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from budgets.forecast.service import freeze
from budgets.settlement.service import settle_contract
from budgets.year_folder.service import Loaded
from dash_app.mount import mount
from lead_contractor.access import service
from lead_contractor.access.model import Role
from lead_contractor.kernel.database import writing
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope
from tests.klein import AT, FOLDER, loaded_year
from tests.people import CONTROLLER, MUNICIPALITY, PROVIDER, browser_of, person, shell

UPDATE = "/overleg/_dash-update-component"
NEIGHBOUR, FAR_MUNICIPALITY = "buurvrouw@voorbeeld.nl", "verre@voorbeeld.nl"
SEARCH = [{"id": "overleg-address", "property": "search", "value": ""}]
YEAR = {
    "output": "..overleg-top.children...overleg-year.children..",
    "outputs": [{"id": "overleg-top", "property": "children"}, {"id": "overleg-year", "property": "children"}],
}
USE = {"output": "overleg-use.children", "outputs": {"id": "overleg-use", "property": "children"}}
RECORD = {"output": "overleg-record.children", "outputs": {"id": "overleg-record", "property": "children"}}
CALLBACKS = (YEAR, USE, RECORD)


def furnish(engine: Engine, *, settled: bool = False, sees: str = "products") -> Loaded:
    """The small year in a database; Carla is its controller, Gerda its municipality, Arie delivers to it."""
    loaded = loaded_year(engine)
    lead = loaded.lead_contractor_id
    with writing(engine) as connection:
        scope = Scope(connection, lead)
        if settled:
            settle_contract(scope, loaded.contract_id, AT)
        scope.sql("UPDATE contract SET sees = :sees WHERE lead_contractor_id = :lead", sees=sees)
    roles = (
        (CONTROLLER, Role.CONTROLLER, "", ""),
        (MUNICIPALITY, Role.MUNICIPALITY, "1999", "Voorbeeldgemeente"),
        (FAR_MUNICIPALITY, Role.MUNICIPALITY, "1911", "Hollands Kroon"),
        (PROVIDER, Role.PROVIDER, "99990101", "Thuishulp De Kwikstaart"),
    )
    for email, role, party, name in roles:
        service.add_membership(engine, person(engine, email, email.partition("@")[0]).id, lead, role, party, name)
    return loaded


def add_neighbour(engine: Engine, folder: Path) -> Loaded:
    """Another lead contractor with another lump sum under the same contract number, and its own controller."""
    shutil.copytree(FOLDER, folder)
    terms = folder / "contract.toml"
    text = terms.read_text(encoding="utf-8")
    text = text.replace("99980001", "99980002").replace("Grutto", "Kluut").replace('"220000.00"', '"330000.00"')
    terms.write_text(text, encoding="utf-8")
    loaded = loaded_year(engine, folder)
    neighbour = person(engine, NEIGHBOUR, "Buurvrouw")
    service.add_membership(engine, neighbour.id, loaded.lead_contractor_id, Role.CONTROLLER)
    return loaded


def second_year(engine: Engine, folder: Path, code: str = "2001") -> Loaded:
    """The same year of the same lead contractor for another municipality, with a smaller lump sum."""
    shutil.copytree(FOLDER, folder)
    terms = folder / "contract.toml"
    text = terms.read_text(encoding="utf-8").replace('"220000.00"', '"150000.00"')
    text = re.sub(r'^id = ".*"$', f'id = "TWEEDE-{code}"', text, flags=re.MULTILINE)
    text = re.sub(r'(\[municipality\][^\[]*?code = )"\d+"', rf'\1"{code}"', text)
    text = re.sub(r'(\[municipality\][^\[]*?name = )"[^"]+"', r'\1"Tweede Gemeente"', text)
    terms.write_text(text, encoding="utf-8")
    return loaded_year(engine, folder)


def frozen_year(engine: Engine, loaded: Loaded, months: range = range(1, 13)) -> None:
    """Freeze the forecast of these months."""
    with writing(engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)
        for number in months:
            freeze(scope, loaded.contract_id, Month(2025, number).last, AT)


def site(engine: Engine) -> Flask:
    """The app with the Dash view on it."""
    server = shell(engine)
    mount(server, engine)
    return server


class Looker:
    """A person at the meeting, with a browser."""

    def __init__(self, app: Flask, email: str) -> None:
        self.client: FlaskClient = browser_of(app, email)
        self.client.get("/overleg/")
        cookie = self.client.get_cookie("hoofdsom_csrf", path="/overleg/")
        self._headers = {"X-CSRFToken": cookie.value} if cookie else {}

    def ask(self, callback: dict[str, Any], search: Any = "") -> Any:
        """What the browser does when the address of the page is ``?…``."""
        body = {
            **callback,
            "inputs": [{**SEARCH[0], "value": search}],
            "changedPropIds": ["overleg-address.search"],
            "state": [],
        }
        return self.client.post(UPDATE, json=body, headers=self._headers)

    def everything(self, search: str = "") -> str:
        """All that all callbacks send, as readable text."""
        answers = [self.ask(callback, search) for callback in CALLBACKS]
        assert [answer.status_code for answer in answers] == [200, 200, 200]
        return "\n".join(json.dumps(answer.get_json(), ensure_ascii=False) for answer in answers)

    def sentence(self, search: str = "") -> str:
        """The answer on top, in words."""
        top = self.ask(YEAR, search).get_json()["response"]["overleg-top"]["children"]
        heading = next(part for part in top if part["type"] == "H1")
        return words(heading)

    def parts(self, search: str = "") -> list[Any]:
        """Every component that the callbacks send."""
        found: list[Any] = []
        for callback in CALLBACKS:
            for output in self.ask(callback, search).get_json()["response"].values():
                walk(output["children"], found)
        return found


def walk(part: Any, found: list[Any]) -> None:
    """All components under one."""
    if isinstance(part, list):
        for each in part:
            walk(each, found)
    elif isinstance(part, dict) and "props" in part:
        found.append(part)
        walk(within(part) if "data-still" in part["props"] else part["props"].get("children"), found)


def within(part: Any) -> Any:
    """What a still piece carries."""
    return json.loads(part["props"]["data-still"])


def words(part: Any) -> str:
    """The text of a component."""
    if isinstance(part, list):
        return "".join(words(each) for each in part)
    if isinstance(part, dict):
        if "data-still" in part["props"]:
            return words(within(part))
        return words(part["props"].get("children"))
    return "" if part is None else str(part)
