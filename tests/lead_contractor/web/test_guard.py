from __future__ import annotations

import pytest
from flask import Blueprint, Flask
from flask.views import MethodView

from lead_contractor.access.model import Role
from lead_contractor.web import guard, navigation
from tests.people import CONTROLLER, MUNICIPALITY, PROVIDER, browser_of, csrf

OPEN = {"static", "bootstrap.static", "web.sign_in", "web.language", "web.healthy"}


class Books(MethodView):
    decorators = [guard.requires(Role.CONTROLLER)]  # noqa: RUF012 - Flask's own way

    def get(self) -> str:
        return "boeken"


def desk() -> Blueprint:
    pages = Blueprint("desk", __name__)
    guard.restrict(pages, Role.CONTROLLER, Role.MUNICIPALITY)
    navigation.offer(
        pages, navigation.NavItem("Werkbank", "desk.both", frozenset({Role.CONTROLLER, Role.MUNICIPALITY}))
    )
    navigation.offer(pages, navigation.NavItem("Bestaat niet", "desk.nowhere", frozenset(Role)))

    @pages.get("/beide")
    def both() -> str:
        return f"beide {guard.acting().user_name}"

    @pages.get("/eigen")
    @guard.requires(Role.CONTROLLER)
    def own() -> str:
        return "eigen"

    pages.add_url_rule("/boeken", view_func=Books.as_view("books"))
    return pages


@pytest.fixture
def app(app: Flask) -> Flask:
    app.register_blueprint(desk())
    app.add_url_rule("/vergeten", "forgotten", lambda: "nobody said for whom this is")
    app.add_url_rule("/onder/dit", "under", lambda: "onder dit")
    app.add_url_rule("/onderaan", "beside", lambda: "only looks like it")
    guard.restrict_prefix(app, "/onder/", Role.PROVIDER)
    return app


def test_without_signing_in_every_route_is_closed(app: Flask):
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        path = rule.rule.replace("<path:filename>", "hoofdsom.css")
        for method in (rule.methods or set()) - {"HEAD"}:
            answer = client.open(path, method=method, buffered=True)
            if rule.endpoint in OPEN:
                assert answer.status_code in {200, 400, 404}, (method, path)
            elif method == "GET":
                assert answer.status_code == 302, path
                assert answer.headers["Location"].startswith("/aanmelden")
            else:
                assert answer.status_code == 401, (method, path)


def test_what_is_open_is_known(app: Flask):
    assert {rule.endpoint for rule in app.url_map.iter_rules() if guard.is_open(app, rule.endpoint)} == OPEN


@pytest.mark.parametrize(("email", "seen"), [
    (CONTROLLER, {"/beide": 200, "/eigen": 200, "/boeken": 200, "/onder/dit": 403, "/onderaan": 403, "/vergeten": 403}),
    (MUNICIPALITY, {"/beide": 200, "/eigen": 403, "/boeken": 403, "/onder/dit": 403, "/onderaan": 403, "/vergeten": 403}),
], ids=["controller", "municipality"])  # fmt: skip
def test_each_role_sees_its_own_and_a_forgotten_route_is_for_nobody(app: Flask, email, seen):
    client = browser_of(app, email)
    assert {path: client.get(path).status_code for path in seen} == seen


def test_who_has_not_chosen_a_role_chooses_first(app: Flask):
    arie = browser_of(app, PROVIDER)
    assert arie.get("/onder/dit").headers["Location"] == "/rol?next=/onder/dit"
    assert arie.post("/onder/dit", data={"csrf_token": csrf(arie, "/rol")}).status_code == 405
    assert arie.get("/onder/dit", headers={"Accept": "application/json"}).status_code == 403


def test_a_program_is_told_and_not_sent_to_a_page(app: Flask):
    answer = app.test_client().get("/beide", headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.json is not None
    assert answer.json["title"] == "Meld u eerst aan"


def test_a_page_knows_who_acts(app: Flask):
    assert browser_of(app, MUNICIPALITY).get("/beide").text == "beide Gerda"


def test_the_bar_shows_pages_that_exist_to_the_roles_that_may_see_them(app: Flask):
    page = browser_of(app, MUNICIPALITY).get("/nergens").text
    assert '<a href="/beide">Werkbank</a>' in page
    assert "Bestaat niet" not in page
    assert "Werkbank" not in browser_of(app, PROVIDER).get("/rol").text


def test_the_first_item_is_the_first_page(app: Flask):
    assert browser_of(app, MUNICIPALITY).get("/").headers["Location"] == "/beide"


def test_nobody_acts_outside_a_request(app: Flask):
    with app.test_request_context(), pytest.raises(Exception, match="401"):
        guard.acting()
