from __future__ import annotations

import re

import pytest
import time_machine
from flask import Flask, session
from flask.testing import FlaskClient
from sqlalchemy import Engine

from lead_contractor.access import service
from lead_contractor.kernel.refusals import Refusal
from lead_contractor.web.config import DemoSignIn
from lead_contractor.web.sign_in import local_target
from tests.people import CONTROLLER, NOBODY, PASSWORD, PROVIDER, browser_of, csrf, populate, shell, sign_in


def test_signing_in_leads_to_the_first_page(app: Flask):
    carla = browser_of(app, CONTROLLER)
    page = carla.get("/")
    assert page.status_code == 200
    assert "Welkom, Carla." in page.text
    assert "Controller · Hoofdaannemer Noord" in page.text


def test_a_wrong_password_and_an_unknown_address_are_told_the_same(client: FlaskClient):
    wrong = sign_in(client, CONTROLLER, "iets-anders-dan-dat")
    unknown = sign_in(client, "wie@voorbeeld.nl")
    assert wrong.status_code == unknown.status_code == 401
    sentence = "Dit e-mailadres en wachtwoord horen niet bij elkaar."
    assert sentence in wrong.text
    assert sentence in unknown.text
    assert client.get("/").status_code == 302


def test_an_empty_form_is_not_let_in(client: FlaskClient):
    assert sign_in(client, "", "").status_code == 401


def test_a_form_without_its_token_is_refused(client: FlaskClient):
    answer = client.post("/aanmelden", data={"email": CONTROLLER, "password": PASSWORD})
    assert answer.status_code == 400
    assert "Het formulier is verlopen" in answer.text


def test_signing_in_takes_nothing_over_from_the_session_before(app: Flask):
    with app.test_client() as client:
        csrf(client)
        before = client.get_cookie("hoofdsom")
        with client.session_transaction() as planted:
            planted["capacity"] = "1-controller-"
            planted["planted"] = "by somebody else"
        assert sign_in(client, CONTROLLER).status_code == 302
        after = client.get_cookie("hoofdsom")
        client.get("/")
        assert "planted" not in session
        assert "capacity" not in session
        assert before is not None
        assert after is not None
        assert before.value != after.value


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(sqlite_engine: Engine):
    answer = (
        shell(sqlite_engine, SESSION_COOKIE_SECURE=True)
        .test_client()
        .get("/aanmelden", base_url="https://hoofdsom.test")
    )
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-hoofdsom=")
    assert all(flag in cookie for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert "Domain" not in cookie


def test_signing_out_is_a_post_and_ends_a_copied_cookie_too(app: Flask):
    carla, thief = browser_of(app, CONTROLLER), app.test_client()
    stolen = carla.get_cookie("hoofdsom")
    assert stolen is not None
    thief.set_cookie("hoofdsom", stolen.value)
    assert thief.get("/").status_code == 200
    assert carla.get("/afmelden").status_code == 405
    answer = carla.post("/afmelden", data={"csrf_token": csrf(carla, "/")}, follow_redirects=True)
    assert "U bent afgemeld." in answer.text
    assert carla.get("/").status_code == 302
    assert thief.get("/").status_code == 302


def test_a_session_ends_after_an_hour_without_use(app: Flask):
    with time_machine.travel("2025-09-05 08:00:00Z", tick=False) as clock:
        carla = browser_of(app, CONTROLLER)
        clock.shift(3500)
        assert carla.get("/").status_code == 200
        clock.shift(3500)
        assert carla.get("/").status_code == 200
        clock.shift(3700)
        assert carla.get("/").status_code == 302


def test_somebody_shut_out_is_out_at_once(app: Flask, sqlite_engine: Engine):
    carla = browser_of(app, CONTROLLER)
    user = service.authenticate(sqlite_engine, CONTROLLER, PASSWORD)
    assert user is not None
    service.set_active(sqlite_engine, user.id, active=False)
    assert carla.get("/").status_code == 302


def test_after_five_wrong_passwords_there_is_a_minute_to_wait(client: FlaskClient):
    token = csrf(client)
    form = {"csrf_token": token, "email": CONTROLLER, "password": "fout-fout-fout"}
    assert [client.post("/aanmelden", data=form).status_code for _ in range(6)] == [401] * 5 + [429]
    answer = client.post("/aanmelden", data={**form, "password": PASSWORD})
    assert answer.status_code == 429
    assert "Even wachten" in answer.text


def test_who_gets_it_right_is_not_made_to_wait(app: Flask):
    for _ in range(7):
        browser_of(app, CONTROLLER)


def test_one_role_is_taken_by_itself_and_of_several_one_is_chosen(app: Flask):
    arie = browser_of(app, PROVIDER)
    assert arie.get("/").headers["Location"] == "/rol"
    choice = arie.get("/rol").text
    assert "Hoofdaannemer Noord" in choice
    assert "Hoofdaannemer Zuid" in choice


def test_after_choosing_a_role_one_comes_where_one_was_going(app: Flask):
    arie = browser_of(app, PROVIDER)
    page = arie.get("/rol?next=/aanmelden?maand%3D8").text
    key = re.findall(r'name="membership" value="([^"]+)"', page)[0]
    (following,) = set(re.findall(r'name="next" value="(/aanmelden[^"]+)"', page))
    answer = arie.post("/rol", data={"csrf_token": csrf(arie, "/rol"), "membership": key, "next": following})
    assert answer.headers["Location"] == "/aanmelden?maand=8"


def test_switching_changes_for_whom_one_acts(app: Flask, sqlite_engine: Engine):
    arie = browser_of(app, PROVIDER)
    user = service.authenticate(sqlite_engine, PROVIDER, PASSWORD)
    assert user is not None
    token = csrf(arie, "/rol")
    for membership in service.memberships_of(sqlite_engine, user.id):
        arie.post("/rol", data={"csrf_token": token, "membership": membership.key})
        assert f"Aanbieder · {membership.lead_contractor_name}" in arie.get("/").text


def test_another_persons_role_cannot_be_taken(app: Flask, sqlite_engine: Engine):
    arie = browser_of(app, PROVIDER)
    carla = service.authenticate(sqlite_engine, CONTROLLER, PASSWORD)
    assert carla is not None
    key = service.memberships_of(sqlite_engine, carla.id)[0].key
    answer = arie.post("/rol", data={"csrf_token": csrf(arie, "/rol"), "membership": key})
    assert answer.status_code == 403
    assert arie.get("/").headers["Location"] == "/rol"


def test_a_role_that_was_taken_away_is_gone_at_the_next_click(app: Flask, sqlite_engine: Engine):
    carla = browser_of(app, CONTROLLER)
    user = service.authenticate(sqlite_engine, CONTROLLER, PASSWORD)
    assert user is not None
    own = service.memberships_of(sqlite_engine, user.id)[0]
    service.remove_membership(sqlite_engine, user.id, own.lead_contractor_id, own.role)
    assert carla.get("/").headers["Location"] == "/rol"
    assert "hebt nog geen rol" in carla.get("/rol").text


def test_who_has_no_role_gets_no_further_than_being_told(app: Flask):
    nico = browser_of(app, NOBODY)
    assert nico.get("/").headers["Location"] == "/rol"
    assert "U bent aangemeld, maar hebt nog geen rol." in nico.get("/rol").text


def test_after_signing_in_one_comes_where_one_was_going(app: Flask):
    client = app.test_client()
    assert client.get("/?jaar=2025").headers["Location"] == "/aanmelden?next=/?jaar%3D2025"
    assert sign_in(client, CONTROLLER, next="/rol?x=1").headers["Location"] == "/rol?x=1"


TRICKS = [
    "https://boos.example/", "//boos.example/", "/\\boos.example", "\\\\boos.example", "javascript:alert(1)",
    "/\t/boos.example", "/%0d%0aX: y\r\n", "http:boos.example", "rol", "///boos.example", "/" + "a" * 3000,
]  # fmt: skip


@pytest.mark.parametrize("target", TRICKS, ids=range(len(TRICKS)))
def test_the_way_on_never_leads_to_another_site(app: Flask, target):
    with app.test_request_context():
        assert local_target(target) == "/"


def test_a_foreign_way_on_is_refused_by_the_pages_themselves(app: Flask):
    client = app.test_client()
    assert sign_in(client, CONTROLLER, next="//boos.example/").headers["Location"] == "/"
    answer = client.post(
        "/taal", data={"csrf_token": csrf(client, "/"), "language": "en", "next": "https://boos.example"}
    )
    assert answer.headers["Location"] == "/"


def test_demo_sign_ins_are_shown_only_where_they_are_set(sqlite_engine: Engine, client: FlaskClient):
    assert "Demonstratie" not in client.get("/aanmelden").text
    demo = shell(sqlite_engine, DEMO_SIGN_INS=[DemoSignIn(CONTROLLER, PASSWORD, "Controller")])
    page = demo.test_client().get("/aanmelden").text
    assert "Demonstratie" in page
    assert PASSWORD in page


def test_the_shell_does_not_start_without_a_secret_of_its_own(sqlite_engine: Engine):
    with pytest.raises(Refusal, match="SECRET_KEY"):
        shell(sqlite_engine, SECRET_KEY="kort")


def test_health_tells_nothing_but_that_it_works(client: FlaskClient):
    answer = client.get("/gezond")
    assert (answer.status_code, answer.text) == (200, "in orde\n")


def test_a_signed_in_person_does_not_sign_in_again(app: Flask):
    assert browser_of(app, CONTROLLER).get("/aanmelden").headers["Location"] == "/"


@pytest.mark.postgresql
def test_the_same_people_on_postgresql(postgresql_engine: Engine):
    populate(postgresql_engine)
    assert "Welkom, Carla." in browser_of(shell(postgresql_engine), CONTROLLER).get("/").text
