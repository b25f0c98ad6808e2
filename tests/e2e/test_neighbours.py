"""Every route and every callback, as every role, asked for a neighbour's data: nothing of it ever comes back.

The neighbour is another lead contractor with the same year under names of its own, more contracts and the same numbers, so
that its ids exist here too or run further. Within a lead contractor, another provider is a neighbour as well.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.routing import Rule

from budgets.forecast.service import freeze
from budgets.meeting.record import keep_pack, record
from budgets.reports import service as reports
from budgets.scenarios import service as scenarios
from budgets.scenarios.model import Scenario
from budgets.settlement.service import settle_contract
from budgets.year_folder.service import Loaded, load
from hoofdsom import create_app
from lead_contractor.access import service, tokens
from lead_contractor.access.hand import Hand
from lead_contractor.access.model import Acting, Role
from lead_contractor.kernel.database import writing
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.quarters import Quarter
from lead_contractor.kernel.tenancy import Scope
from subcontractors.reports import service as figures
from tests.people import SETTINGS, browser_of, csrf, person
from tests.prepared import prepared

KLEIN = Path(__file__).resolve().parents[2] / "examples" / "klein-2025"
KEY = b"1" * 32
AT = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)
MARK = "Buurwijk"
QUARTER = Quarter(2025, 3)
OWN_PROVIDER, OTHER_PROVIDER = "99990101", "99990102"
WHAT_IF = "/overleg/wat-als/"
AMOUNT = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d\d)?")
ROLES = ("controller", "provider", "municipality", "other-municipality")


def neighbour_folder(folder: Path, code: str) -> Path:
    """The example under the neighbour's names: lead contractor, municipality, parties, areas and references."""
    shutil.copytree(KLEIN, folder)
    terms = (folder / "contract.toml").read_text()
    terms = re.sub(r'^id = ".*"$', f'id = "{code}"', terms, flags=re.MULTILINE)
    terms = re.sub(r'^agb = ".*"$', 'agb = "99980009"', terms, flags=re.MULTILINE)
    (folder / "contract.toml").write_text(re.sub(r'^name = ".*"$', f'name = "{MARK}"', terms, flags=re.MULTILINE))
    for table, column in (("subcontractors.csv", "name"), ("allocations.csv", "area"), ("waiting.csv", "area")):
        rows = list(csv.DictReader(io.StringIO((folder / table).read_text(encoding="utf-8-sig"))))
        out = io.StringIO()
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows({**row, column: f"{MARK} {row[column]}"} for row in rows)
        (folder / table).write_text(out.getvalue())
    for path in (folder / "messages").iterdir():
        path.write_bytes(re.sub(rb"\bR(2[456]\d\d-)", rb"Buurwijk\1", path.read_bytes()))
    return folder


@dataclass(frozen=True, slots=True)
class Site:
    """The app with all its pages, and what both lead contractors have loaded."""

    app: Flask
    own: Loaded
    neighbour: Loaded


@pytest.fixture
def site(engine: Engine, tmp_path: Path) -> Site:
    own, neighbour = prepared(engine, "neighbours", lambda: _furnish(engine, tmp_path))
    return Site(create_app(engine, KEY, {**SETTINGS, "CLOCK": lambda: AT}), own, neighbour)


def _furnish(engine: Engine, tmp_path: Path) -> tuple[Loaded, Loaded]:
    own = load(engine, KEY, KLEIN, AT)
    neighbours = [load(engine, KEY, neighbour_folder(tmp_path / code, code), AT) for code in ("BUUR-1", "BUUR-2")]
    for loaded in (own, *neighbours):
        with writing(engine) as connection:
            scope = Scope(connection, loaded.lead_contractor_id)
            settle_contract(scope, loaded.contract_id, AT)
            figures.ask(
                scope,
                loaded.contract_id,
                QUARTER,
                ["staff", "waiting"],
                "Carla",
                AT,
                note=loaded.contract.municipality.name,
            )
            reports.release(scope, loaded.contract_id, QUARTER, Hand(1, "Carla"), AT)
            standing = freeze(scope, loaded.contract_id, date(2025, 8, 31), AT)
            drawn = scenarios.what_if(scope, loaded.contract_id, standing, Scenario(index_percent=Decimal(2)))
            name = loaded.contract.municipality.name
            scenarios.save(
                scope, loaded.contract_id, standing, name, drawn, Hand(1, "Carla"), AT, party="", shared=True
            )
            about = ("total", name)
            record(scope, loaded.contract_id, Month(2025, 8), about, f"Besluit {name}", name, "", "open", "controller",
                   Hand(1, "Carla"), AT)  # fmt: skip
            kept = {"pdf": ("stuk.pdf", name.encode()), "xlsx": ("stuk.xlsx", name.encode())}
            for audience in ("controller", "municipality"):
                keep_pack(scope, loaded.contract_id, Month(2025, 8), audience, kept, Hand(1, "Carla"), AT)
    code = own.contract.municipality.code
    lead = own.lead_contractor_id
    for name, role, party in (
        ("controller", Role.CONTROLLER, ""),
        ("provider", Role.PROVIDER, OWN_PROVIDER),
        ("municipality", Role.MUNICIPALITY, code),
        ("other-municipality", Role.MUNICIPALITY, "0363"),
    ):
        service.add_membership(engine, person(engine, address(name), name).id, lead, role, party, name)
    return own, neighbours[1]


def address(name: str) -> str:
    return f"{name}@voorbeeld.nl"


def guesses(rule: Rule, site: Site) -> Iterator[str]:
    """Addresses of a route with every value that the neighbour's things could have."""
    values: dict[str, list[Any]] = {
        "int": [1, site.neighbour.contract_id, 40, 90],
        "string": ["1", str(site.neighbour.contract_id), "BUUR-2", OTHER_PROVIDER, "2025-12", str(QUARTER)],
    }
    names = sorted(rule.arguments)
    kinds = [values["int" if "Integer" in type(rule._converters[name]).__name__ else "string"] for name in names]
    for chosen in itertools.islice(itertools.product(*kinds), 14):
        path = rule.build(dict(zip(names, chosen, strict=True)), append_unknown=False)
        if path is not None:
            yield path[1]


QUERIES = (
    "",
    "?contract=2",
    "?contract=3",
    "?contract=BUUR-2",
    f"?sender={OTHER_PROVIDER}&contract=2",
    "?account=cost_pxq&contract=2&subcontractor=99990102",
    "?code=9338&sender=99990102",
    "?version=1&contract=2",
)


def own_secrets() -> set[str]:
    """What the own lead contractor has, but a provider may not see: names and references of another provider."""
    found = set()
    for path in (KLEIN / "messages").iterdir():
        if f"-{OTHER_PROVIDER}-" in path.name:
            found |= set(re.findall(r"\bR2[456]\d\d-\d+", path.read_text(encoding="utf-8", errors="replace")))
    own: set[str] = set()
    for path in (KLEIN / "messages").iterdir():
        if f"-{OWN_PROVIDER}-" in path.name:
            own |= set(re.findall(r"\bR2[456]\d\d-\d+", path.read_text(encoding="utf-8", errors="replace")))
    return (found - own) | {"Bureau Baardmannetje"}


def bsns() -> set[str]:
    with (KLEIN / "allocations.csv").open(encoding="utf-8-sig") as file:
        return {row["bsn"] for row in csv.DictReader(file)}


def references() -> set[str]:
    found: set[str] = set()
    for path in (KLEIN / "messages").iterdir():
        found |= set(re.findall(r"\bR2[456]\d\d-\d+", path.read_text(encoding="utf-8", errors="replace")))
    return found


def forbidden(role: str) -> set[str]:
    """Texts that this role may see on no page at all."""
    if role == "controller":
        return {MARK} | bsns()
    if role == "provider":
        return {MARK} | own_secrets()
    return {MARK} | bsns() | references() | {OWN_PROVIDER, OTHER_PROVIDER}


def answers_to(client: FlaskClient, site: Site) -> Iterator[tuple[str, Any]]:
    for rule in site.app.url_map.iter_rules():
        if rule.endpoint.split(".")[-1] == "static" or "_dash-component-suites" in rule.rule or "<path" in rule.rule:
            continue
        for path in guesses(rule, site):
            if "GET" in (rule.methods or set()):
                for query in QUERIES if not rule.arguments else QUERIES[:2]:
                    yield f"GET {path}{query}", client.get(f"{path}{query}")


def test_no_page_shows_a_neighbour(site: Site) -> None:
    for role in ROLES:
        walk_pages(site, role)


def walk_pages(site: Site, role: str) -> None:
    client, secret, asked = browser_of(site.app, address(role)), forbidden(role), 0
    for what, answer in answers_to(client, site):
        assert answer.status_code < 500, what
        body = answer.get_data()
        if answer.mimetype == "application/pdf":
            continue
        text = body.decode("utf-8", errors="replace")
        seen = next((word for word in secret if word in text and word not in what), None)
        assert seen is None, f"{what} as {role} shows {seen}"
        asked += 1
    assert asked > 100


def test_no_callback_shows_a_neighbour(site: Site) -> None:
    for role in ROLES:
        walk_callbacks(site, role)


SEARCHES = (
    "",
    *QUERIES,
    "?contract=2&until=2025-08",
    "?contract=1&until=2025-08",
    "?contract=1&until=2025-08&agenda=2",
)
VALUES: dict[str, Any] = {
    "wi-asked": [0, 0, 0, 0, 5, 5, "2025-09", [], "lump_sum", None],
    "wi-ticked": [1, 2, 3, 4],
    "wi-name": "Van ons",
    "wi-whose-of": OTHER_PROVIDER,
}


def walk_callbacks(site: Site, role: str) -> None:
    client, secret = browser_of(site.app, address(role)), forbidden(role)
    asked = 0
    for callback, search, answer in called(client, "/overleg/", SEARCHES):
        assert answer.status_code < 500, (search, answer.text[:300])
        seen = next((word for word in secret if word in answer.text), None)
        assert seen is None, f"{callback} with {search} as {role} shows {seen}"
        asked += 1
    assert asked >= 3 * len(SEARCHES)


def called(client: FlaskClient, prefix: str, searches: Iterable[str]) -> Iterator[tuple[str, str, Any]]:
    """Every callback of a view that the server answers, with every address, and with values of the controls."""
    assert client.get(prefix).status_code == 200
    dependencies = client.get(f"{prefix}_dash-dependencies")
    token = csrf(client, "/rol")
    for callback in dependencies.get_json():
        if callback["clientside_function"]:
            continue
        for search in searches:

            def sent(one: dict[str, Any], search: str = search) -> dict[str, Any]:
                value = search if one["property"] == "search" else VALUES.get(one["id"], 1)
                return {**one, "value": value}

            payload = {
                "output": callback["output"],
                "outputs": _outputs(callback["output"]),
                "inputs": [sent(one) for one in callback["inputs"]],
                "state": [sent(one) for one in callback["state"]],
                "changedPropIds": [f"{one['id']}.{one['property']}" for one in callback["inputs"][:1]],
            }
            headers = {"X-CSRFToken": token}
            answer = client.post(f"{prefix}_dash-update-component", json=payload, headers=headers)
            yield callback["output"], search, answer


def test_no_what_if_shows_a_neighbour(site: Site) -> None:
    for role in ("controller", "municipality", "other-municipality"):
        client, secret, well = browser_of(site.app, address(role)), forbidden(role), 0
        for callback, search, answer in called(client, WHAT_IF, ("", "?contract=2", "?contract=1&until=2025-08")):
            assert answer.status_code < 500, (callback, search, answer.text[:300])
            seen = next((word for word in secret if word in answer.text), None)
            assert seen is None, f"{callback} with {search} as {role} shows {seen}"
            well += answer.status_code == 200
        assert well > 5, role
    provider = browser_of(site.app, address("provider"))
    for path in (WHAT_IF, f"{WHAT_IF}_dash-dependencies", f"{WHAT_IF}_dash-layout"):
        assert provider.get(path).status_code == 403, path
    token = {"X-CSRFToken": csrf(provider, "/rol")}
    assert provider.post(f"{WHAT_IF}_dash-update-component", json={}, headers=token).status_code == 403


def test_a_form_of_the_meeting_with_a_forged_address_is_not_there(site: Site) -> None:
    client = browser_of(site.app, address("controller"))
    token = csrf(client, "/rol")
    own = str(site.own.contract_id)
    for form in (
        {"contract": own, "until": "2025-08&agenda=1"},
        {"contract": own, "until": "augustus"},
        {"contract": "90"},
        {"contract": f"{own}&contract=2"},
        {"contract": "²"},
    ):
        for path in ("/overleg/prognose", "/overleg/besluit", "/overleg/vergaderstuk"):
            assert client.post(path, data={"csrf_token": token, **form}).status_code == 404, (path, form)
            assert client.post(path, data=form).status_code == 400, "without its token"


def test_a_provider_sees_no_total_of_all_at_the_meeting(site: Site) -> None:
    """Nothing of the year as a whole, of which, less its own share, the share of the others would follow."""
    controller, provider = (browser_of(site.app, address(role)) for role in ("controller", "provider"))
    for until in ("2025-04", "2025-08", "2025-12"):
        search = f"?contract={site.own.contract_id}&until={until}"
        totals = {
            amount
            for output, _, answer in called(controller, "/overleg/", [search])
            if "overleg-year" in output
            for amount in AMOUNT.findall(answer.text)
        }
        assert len(totals) > 10
        for more in ("", *(f"&agenda={place}" for place in range(12))):
            for output, _, answer in called(provider, "/overleg/", [search + more]):
                assert answer.status_code in {200, 204}, output
                assert '"Graph"' not in answer.text, (output, more)
                assert not totals & set(AMOUNT.findall(answer.text)), (output, until, more)
                assert "Besluit" not in answer.text, (output, more)
    assert provider.get("/overleg/vergaderstuk/1").status_code == 403


def test_municipalities_beside_each_other_are_of_one_lead_contractor(site: Site, engine: Engine) -> None:
    """The neighbour has two contracts in a year and sees both; who has one with each of two sees neither together."""
    page, lead = "/overleg/gemeenten", site.neighbour.lead_contractor_id
    service.add_membership(engine, person(engine, address("buur"), "Buur").id, lead, Role.CONTROLLER)
    beside = browser_of(site.app, address("buur")).get(page)
    assert beside.status_code == 200
    assert beside.text.count('<th scope="row"><a href="/overleg/?contract=') == 2
    assert site.own.contract.municipality.name not in beside.text
    both = person(engine, address("beide"), "Beide")
    for one, role in ((site.own.lead_contractor_id, Role.CONTROLLER), (lead, Role.PROVIDER)):
        party = OWN_PROVIDER if role is Role.PROVIDER else ""
        service.add_membership(engine, both.id, one, role, party, "Beide")
    client = browser_of(site.app, address("beide"))
    for key, status in ((f"{site.own.lead_contractor_id}-controller-", 404), (f"{lead}-provider-{OWN_PROVIDER}", 403)):
        client.post("/rol", data={"csrf_token": csrf(client, "/rol"), "membership": key})
        for path in (page, f"{page}.xlsx", f"{page}?year=2025"):
            assert client.get(path).status_code == status, (key, path)


def _outputs(output: str) -> Any:
    """The outputs of a callback in the form in which the browser names them."""
    many = output.startswith("..")
    parts = [part.rpartition(".") for part in output.strip(".").split("...")]
    made = [{"id": name, "property": what} for name, _, what in parts]
    return made if many else made[0]


def test_somebody_without_a_sign_in_gets_no_page_at_all(site: Site) -> None:
    client = site.app.test_client()
    for what, answer in answers_to(client, site):
        assert MARK not in answer.text, what
        if answer.status_code == 200:
            assert what.split()[1].partition("?")[0] in FREE, what


FREE = ("/aanmelden", "/gezond", "/api/v1/openapi.json", "/api/v1/")
"""What everybody may see: how to come in, whether the site is up, and what software can ask of it."""


def test_no_software_sees_a_neighbour(site: Site, engine: Engine) -> None:
    for role, party in (("controller", ""), ("provider", OWN_PROVIDER)):
        owner = Acting(0, role, site.own.lead_contractor_id, "", Role(role), party, role)
        scopes = [str(scope) for scope in tokens.SCOPES_OF[owner.role]]
        walk_interface(site, role, tokens.make_token(engine, owner, "pakket", scopes, AT)[1])


def walk_interface(site: Site, role: str, token: str) -> None:
    """Every address of the interface, with a token; what is answered is own, also in how much of it there is."""
    secret, went_well = forbidden(role), 0
    headers = {"Authorization": f"Bearer {token}"}
    for rule in site.app.url_map.iter_rules():
        if not rule.rule.startswith("/api/v1/") or "GET" not in (rule.methods or set()):
            continue
        for path in guesses(rule, site):
            for query in ("", "?contract=BUUR-2", f"?subcontractor={OTHER_PROVIDER}"):
                answer = site.app.test_client().get(f"{path}{query}", headers=headers)
                assert answer.status_code < 500, path
                seen = next((word for word in secret if word in answer.text and word not in query), None)
                assert seen is None, f"{path}{query} as {role} shows {seen}"
                went_well += answer.status_code == 200
    assert went_well > 5
    heads = [head for head in site.own.heads if head.came.kind in ("323", "")]
    if role == "provider":
        mine = [head for head in heads if head.came.sender == OWN_PROVIDER]
        listed = site.app.test_client().get("/api/v1/declarations", headers=headers).get_json()
        assert listed["total"] == len(mine)
        assert {one["sender"] for one in listed["declarations"]} == {OWN_PROVIDER}
    else:
        listed = site.app.test_client().get("/api/v1/lead/declarations", headers=headers).get_json()
        assert listed["total"] == len(heads)
