from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from dash_app import mount as mounting
from dash_app.graph import CONFIG, graph
from dash_app.mount import mount
from lead_contractor.access.model import Role
from tests.people import CONTROLLER, MUNICIPALITY, PROVIDER, browser_of, csrf, populate, shell

FOLDER = Path(mounting.__file__).parent
UPDATE = "/overleg/_dash-update-component"
TOP = {
    "output": "..overleg-top.children...overleg-year.children..",
    "outputs": [
        {"id": "overleg-top", "property": "children"},
        {"id": "overleg-year", "property": "children"},
    ],
    "inputs": [{"id": "overleg-address", "property": "search", "value": ""}],
    "changedPropIds": ["overleg-address.search"],
    "state": [],
}


@pytest.fixture
def app(sqlite_engine: Engine) -> Flask:
    populate(sqlite_engine)
    server = shell(sqlite_engine)
    mount(server, sqlite_engine)
    return server


def ask(client: FlaskClient, body: Any, *, token: bool = True) -> Any:
    """What the browser does: the token of the cookie goes along as a header."""
    client.get("/overleg/")
    cookie = client.get_cookie("hoofdsom_csrf", path="/overleg/")
    headers = {"X-CSRFToken": cookie.value} if token and cookie else {}
    return client.post(UPDATE, json=body, headers=headers)


def dash_paths(app: Flask) -> list[tuple[str, str]]:
    fill = {
        "<path:path>": "iets",
        "<string:package_name>": "dash",
        "<path:fingerprinted_path>": "x.js",
        "<path:filename>": "overleg.css",
    }
    found = []
    for rule in app.url_map.iter_rules():
        path = rule.rule
        for part, value in fill.items():
            path = path.replace(part, value)
        if path.startswith("/overleg"):
            found += [(method, path) for method in (rule.methods or set()) - {"HEAD"}]
    return found


def test_without_signing_in_nothing_of_dash_answers(app: Flask):
    paths = dash_paths(app)
    assert ("POST", UPDATE) in paths
    assert ("GET", "/overleg") in paths
    assert ("GET", "/overleg/") in paths
    for method, path in paths:
        answer = app.test_client().open(path, method=method)
        assert answer.status_code in {302, 401}, (method, path)
        assert "overleg-top" not in answer.text


def test_a_provider_looks_but_does_nothing(app: Flask, sqlite_engine: Engine):
    arie = browser_of(app, PROVIDER)
    choice = arie.get("/rol").text
    key = re.findall(r'name="membership" value="([^"]+)"', choice)[0]
    arie.post("/rol", data={"csrf_token": csrf(arie, "/rol"), "membership": key})
    token = csrf(arie, "/rol")
    assert arie.get("/overleg/").status_code == 200
    for path in ("prognose", "besluit", "vergaderstuk"):
        answer = arie.post(f"/overleg/{path}", data={"csrf_token": token, "contract": "1"})
        assert answer.status_code == 403, path
    assert arie.get("/overleg/vergaderstuk/1").status_code == 403


@pytest.mark.parametrize(
    ("email", "role"), [(CONTROLLER, "controller"), (MUNICIPALITY, "gemeente")], ids=["controller", "municipality"]
)
def test_the_page_says_who_looks_at_whom(app: Flask, email, role):
    client = browser_of(app, email)
    page = client.get("/overleg/")
    assert page.status_code == 200
    assert '<a href="/overleg/" aria-current="page">Financieel overleg</a>' in page.text
    answer = ask(client, TOP)
    assert answer.status_code == 200
    assert f"U kijkt als {role} naar Hoofdaannemer Noord." in answer.get_data(as_text=True).encode().decode(
        "unicode_escape"
    )


def test_the_address_without_its_slash_leads_there(app: Flask):
    assert browser_of(app, CONTROLLER).get("/overleg").headers["Location"] == "/overleg/"


def test_it_is_the_first_page_of_the_municipality(app: Flask):
    assert browser_of(app, MUNICIPALITY).get("/").headers["Location"] == "/overleg/"


@pytest.mark.parametrize("body", [
    {**TOP, "output": "no-such.children"},
    {**TOP, "output": None},
    {**TOP, "output": ["overleg-top.children"]},
    {**TOP, "inputs": []},
    {**TOP, "inputs": "overleg-address"},
    {**TOP, "inputs": [{"value": 1}]},
    {**TOP, "inputs": [None]},
    {**TOP, "changedPropIds": None},
    [], "text", None, {},
], ids=range(12))  # fmt: skip
def test_a_callback_that_does_not_exist_or_does_not_fit_is_a_bad_request(app: Flask, body):
    assert ask(browser_of(app, CONTROLLER), body).status_code == 400


def test_a_callback_needs_the_token_of_its_session(app: Flask):
    carla = browser_of(app, CONTROLLER)
    assert ask(carla, TOP, token=False).status_code == 400
    assert ask(carla, TOP).status_code == 200


def test_rights_are_asked_again_in_every_callback(app: Flask, monkeypatch):
    carla = browser_of(app, CONTROLLER)
    monkeypatch.setattr("dash_app.access.VIEW_ROLES", frozenset({Role.MUNICIPALITY}))
    assert carla.post(UPDATE, json=TOP, headers={"X-CSRFToken": csrf(carla, "/rol")}).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/overleg/iets",
        "/overleg/_dash-component-suites/dash/nope.js",
        "/overleg/_dash-component-suites/os/os.py",
        "/overleg/assets/nope.css",
        "/overleg/_mcp",
        "/overleg/mcp",
    ],
    ids=str,
)
def test_what_is_not_there_is_not_found(app: Flask, path):
    assert browser_of(app, CONTROLLER).get(path).status_code == 404


def test_the_layout_holds_no_figure_and_no_name(app: Flask):
    layout = browser_of(app, CONTROLLER).get("/overleg/_dash-layout").text
    assert "Noord" not in layout
    assert "Carla" not in layout


def test_only_dash_own_inline_scripts_may_run(app: Flask):
    carla = browser_of(app, CONTROLLER)
    page = carla.get("/overleg/")
    policy = dict(part.strip().split(" ", 1) for part in page.headers["Content-Security-Policy"].split(";"))
    assert re.fullmatch(r"'self'( 'sha256-[A-Za-z0-9+/=]+')+", policy["script-src"])
    assert policy["style-src"] == "'self' 'unsafe-inline'"
    assert policy["connect-src"] == "'self'"
    assert "unsafe" not in carla.get("/rol").headers["Content-Security-Policy"]


def test_nothing_is_asked_from_another_site(app: Flask):
    carla = browser_of(app, CONTROLLER)
    page = carla.get("/overleg/").text
    found = re.findall(r'(?:src|href|action)\s*=\s*"([^"]*)"', page)
    assert [address for address in found if not re.match(r"[/#](?!/)", address)] == []
    scripts = [address for address in found if address.endswith(".js") or ".js?" in address]
    assert scripts
    assert all(carla.get(address, buffered=True).status_code == 200 for address in scripts)


def test_no_graph_can_send_its_figure_away():
    drawn = graph("naam", go.Figure(layout={"height": 200}), "Een lijn die stijgt.")
    assert drawn.to_plotly_json()["props"]["style"] == {"minHeight": "200px"}, "its room is there before it is"
    assert drawn.children.config == CONFIG
    assert (CONFIG["showSendToCloud"], CONFIG["plotlyServerURL"]) == (False, "")
    assert getattr(drawn, "aria-label") == "Een lijn die stijgt."
    makers = [path.name for path in FOLDER.rglob("*.py") if "dcc.Graph(" in path.read_text(encoding="utf-8")]
    assert makers == ["graph.py"]


def test_the_view_speaks_english_too(app: Flask):
    carla = browser_of(app, CONTROLLER)
    carla.post("/taal", data={"csrf_token": csrf(carla, "/rol"), "language": "en"})
    assert "Finance meeting" in carla.get("/overleg/").text
    assert "as controller" in ask(carla, TOP).text


def test_two_apps_in_one_process_have_each_their_own_view(sqlite_engine: Engine):
    for _ in range(2):
        server = shell(sqlite_engine)
        assert mount(server, sqlite_engine).server is server


def test_files_of_libraries_are_taken_once_and_compressed(app: Flask):
    """Alike for everybody: no cookie goes with them, so that a browser may keep them; and they come squeezed."""
    client = browser_of(app, CONTROLLER)
    sources = re.findall(r'src="(/overleg/_dash-component-suites/[^"]+)"', client.get("/overleg/").text)
    assert len(sources) > 5
    charts = "/overleg/_dash-component-suites/plotly/package_data/plotly.min.js"
    for path in (*sources, charts):
        squeezed = client.get(path, headers={"Accept-Encoding": "gzip"})
        plain = client.get(path, headers={"Accept-Encoding": "identity"})
        assert gzip.decompress(squeezed.data) == plain.data
        for answer in (squeezed, plain):
            assert "Set-Cookie" not in answer.headers
            assert "Cookie" not in answer.headers["Vary"]
            assert answer.headers["Cache-Control"].startswith("private, ")
    tag = client.get(charts).headers["ETag"]
    assert client.get(charts, headers={"If-None-Match": tag}).status_code == 304
    assert app.test_client().get(charts).status_code in {302, 401}, "still only for who has signed in"
    assert "Set-Cookie" in client.get("/overleg/").headers
