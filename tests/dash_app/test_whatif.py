"""The page *Wat als*: who sees what, what the controls mean, and what is kept."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from budgets.forecast.service import freeze
from budgets.scenarios import store
from dash_app.whatif.mount import mount
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.tenancy import Scope
from tests.dash_app.meeting import FAR_MUNICIPALITY, NEIGHBOUR, add_neighbour, furnish, site, words
from tests.klein import AT
from tests.people import CONTROLLER, MUNICIPALITY, PROVIDER, browser_of, csrf

PREFIX = "/overleg/wat-als/"
KWIKSTAART, BAARDMANNETJE = "99990101", "99990102"
NOTHING = [0, 0, 0, 0, 5, 5, "2025-09", [], "lump_sum", None]
MORE = [10, 2.5, 0, 0, 5, 5, "2025-09", [], "lump_sum", None]
CHANGED = "wi-address.search"


def moved(*agbs: str, form: str = "lump_sum", amount: Any = None) -> list[Any]:
    return [0, 0, 0, 0, 5, 5, "2025-10", list(agbs), form, amount]


def mounted(engine: Engine) -> Flask:
    server = site(engine)
    mount(server, engine)
    server.config["CLOCK"] = lambda: AT
    return server


class Someone:
    """Somebody at the page, with a browser."""

    def __init__(self, app: Flask, email: str) -> None:
        self.client = browser_of(app, email)
        self.page = self.client.get(PREFIX)
        cookie = self.client.get_cookie("hoofdsom_csrf_wat_als", path=PREFIX)
        token = cookie.value if cookie else csrf(self.client, "/rol")
        self._headers = {"X-CSRFToken": token}
        found = self.client.get(f"{PREFIX}_dash-dependencies")
        self.callbacks = found.get_json() if found.status_code == 200 else []

    def ask(self, output: str, changed: str = CHANGED, **values: Any) -> Any:
        """Ask a callback; what is not named is sent as nothing."""
        known = next(
            one for one in self.callbacks if one["output"].startswith(output) and not one["clientside_function"]
        )

        def sent(one: dict[str, Any]) -> dict[str, Any]:
            return {**one, "value": values.get(one["id"].replace("-", "_"))}

        body = {
            "output": known["output"],
            "outputs": _outputs(known["output"]),
            "inputs": [sent(one) for one in known["inputs"]],
            "state": [sent(one) for one in known["state"]],
            "changedPropIds": [changed],
        }
        return self.client.post(f"{PREFIX}_dash-update-component", json=body, headers=self._headers)

    def results(self, values: Any, search: str = "", ticked: Any = None) -> Any:
        return self.ask("wi-results", wi_address=search, wi_asked=values, wi_ticked=ticked)

    def said(self, values: Any, search: str = "") -> str:
        answer = self.results(values, search)
        assert answer.status_code == 200, answer.text
        return words(answer.get_json()["response"]["wi-results"]["children"])

    def save(self, name: str, values: Any, **others: Any) -> str:
        answer = self.ask("..wi-message", "wi-save.n_clicks", wi_save=1, wi_name=name, wi_asked=values, **others)
        assert answer.status_code == 200, answer.text
        return words(answer.get_json()["response"]["wi-message"]["children"])

    def everything(self, output: str, **values: Any) -> str:
        answer = self.ask(output, **values)
        assert answer.status_code == 200, answer.text
        return json.dumps(answer.get_json(), ensure_ascii=False)


def _outputs(output: str) -> Any:
    many = output.startswith("..")
    made = [
        {"id": name, "property": what}
        for name, _, what in (part.rpartition(".") for part in output.strip(".").split("..."))
    ]
    return made if many else made[0]


@pytest.fixture
def year(engine: Engine):
    loaded = furnish(engine)
    with writing(engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)
        freeze(scope, loaded.contract_id, date(2025, 8, 31), AT)
    return loaded


@pytest.fixture
def app(engine: Engine, year) -> Flask:
    return mounted(engine)


def sees(engine: Engine, how: str) -> None:
    with writing(engine) as connection:
        connection.exec_driver_sql(f"UPDATE contract SET sees = '{how}'")


def test_the_base_says_what_was_frozen_and_a_change_says_what_it_does(app):
    carla = Someone(app, CONTROLLER)
    assert carla.page.status_code == 200
    base = carla.said(NOTHING)
    assert base.startswith("Nog niets veranderd")
    more = carla.said(MORE)
    assert more.startswith("Zo is er aan het eind")
    assert "instroom" in more
    assert "tarieven" in more


def test_the_controls_stand_at_the_contract_and_offer_the_months_to_come(app):
    sent = Someone(app, CONTROLLER).everything("..wi-top")
    assert '"2025-09"' in sent
    assert '"2025-08"' not in sent
    assert "Thuishulp De Kwikstaart" in sent
    assert "31 augustus 2025" in sent


def test_the_municipality_moves_nobody_where_it_sees_products_only(app):
    gerda = Someone(app, MUNICIPALITY)
    assert gerda.said(MORE).startswith("Zo is er")
    sent = gerda.everything("..wi-top")
    assert "Kwikstaart" not in sent
    assert KWIKSTAART not in sent
    assert gerda.results(moved(KWIKSTAART)).status_code == 403
    assert Someone(app, CONTROLLER).results(moved(KWIKSTAART)).status_code == 200


def test_the_municipality_moves_only_subcontractors_whose_money_it_sees(app, engine):
    """With nine clients each, what they cost is hidden, and a scenario may not give it away."""
    sees(engine, "subcontractors")
    gerda = Someone(app, MUNICIPALITY)
    assert KWIKSTAART not in gerda.everything("..wi-top")
    assert gerda.results(moved(KWIKSTAART)).status_code == 403


def test_a_provider_and_somebody_without_a_sign_in_get_nothing(app):
    arie = Someone(app, PROVIDER)
    assert arie.page.status_code == 403
    assert arie.callbacks == []
    nobody = app.test_client()
    for path in (PREFIX, PREFIX.rstrip("/"), f"{PREFIX}_dash-layout", f"{PREFIX}_dash-dependencies"):
        assert nobody.get(path).status_code in {302, 401}, path


def test_another_municipality_has_nothing_to_look_at(app, year):
    far = Someone(app, FAR_MUNICIPALITY)
    assert far.said(MORE) == ""
    assert far.results(MORE, f"?contract={year.contract_id}").status_code == 404


def test_a_neighbour_sees_nothing_of_what_was_saved(engine, year, tmp_path):
    add_neighbour(engine, tmp_path / "buur")
    app = mounted(engine)
    Someone(app, CONTROLLER).save("Meer instroom", MORE, wi_shared=["shared"])
    assert "Meer instroom" not in Someone(app, NEIGHBOUR).everything("wi-list")


def test_what_no_control_can_say_is_a_bad_request(app):
    carla = Someone(app, CONTROLLER)
    values: Any
    for values in (
        [],
        "?contract=2",
        {},
        [*NOTHING, 1],
        ["veel", *NOTHING[1:]],
        [True, *NOTHING[1:]],
        [1e300, *NOTHING[1:]],
        [*NOTHING[:6], "september", *NOTHING[7:]],
        [*NOTHING[:7], "alle", *NOTHING[8:]],
        [*NOTHING[:7], [KWIKSTAART], "pxq", None],
        [*NOTHING[:7], [KWIKSTAART], "fte", "veel"],
        [*NOTHING[:7], [KWIKSTAART], "fte", -1],
    ):
        assert carla.results(values).status_code == 400, values


def test_what_cannot_be_is_refused_in_words(app):
    past = [10, *NOTHING[1:6], "2025-03", *NOTHING[7:]]
    assert "nog niet voorbij" in Someone(app, CONTROLLER).said(past)


def test_a_callback_that_does_not_exist_and_one_without_its_token(app):
    carla = Someone(app, CONTROLLER)
    answer = carla.client.post(f"{PREFIX}_dash-update-component", json={"output": "x"}, headers=carla._headers)
    assert answer.status_code == 400
    body = {"output": "wi-list.children", "inputs": [], "state": [], "changedPropIds": []}
    assert carla.client.post(f"{PREFIX}_dash-update-component", json=body).status_code == 400
    for path in ("iets", "_dash-component-suites/os/os.py", "assets/nope.css"):
        assert carla.client.get(f"{PREFIX}{path}").status_code == 404, path


def test_saving_sharing_and_taking_off(app, engine, year):
    carla, gerda = Someone(app, CONTROLLER), Someone(app, MUNICIPALITY)
    assert "versie 1" in carla.save("Meer instroom", MORE)
    assert "Meer instroom" not in gerda.everything("wi-list")
    assert "versie 2" in carla.save("Meer instroom", MORE, wi_shared=["shared"])
    assert "versie 1" in carla.save("Overgang", moved(KWIKSTAART), wi_shared=["shared"])
    assert "versie 1" in gerda.save("Van Gerda", MORE)
    seen = gerda.everything("wi-list")
    assert "Meer instroom" in seen
    assert "Overgang" not in seen, "it names a subcontractor"
    with reading(engine) as connection:
        known = {one.name: one for one in store.newest(Scope(connection, year.lead_contractor_id), year.contract_id)}
    assert known["Van Gerda"].party == "1999"
    assert known["Van Gerda"].shared
    ids = [one.id for one in known.values()]
    beside = words(gerda.results(NOTHING, ticked=ids).get_json()["response"]["wi-results"]["children"])
    assert "Van Gerda" in beside
    assert "Overgang" not in beside
    answer = gerda.ask("..wi-message", "wi-archive.n_clicks", wi_archive=1, wi_ticked=ids)
    assert "Van de lijst gehaald: Van Gerda." in words(answer.get_json()["response"]["wi-message"]["children"])
    assert "Meer instroom" in carla.everything("wi-list")
    opened = carla.ask("wi-controls.children@", "wi-open.n_clicks", wi_open=1, wi_ticked=[known["Overgang"].id])
    assert KWIKSTAART in json.dumps(opened.get_json())


def test_what_cannot_be_saved_is_said(app):
    carla = Someone(app, CONTROLLER)
    assert "Geef het scenario een naam" in carla.save(" ", MORE)
    assert "Er is niets anders" in carla.save("Basis", NOTHING)
    answer = carla.ask("..wi-message", "wi-archive.n_clicks", wi_archive=1, wi_ticked=[])
    assert "Vink eerst" in words(answer.get_json()["response"]["wi-message"]["children"])


def test_paperwork_is_counted_when_the_controller_asks_and_small_numbers_stay_hidden(app):
    carla, gerda = Someone(app, CONTROLLER), Someone(app, MUNICIPALITY)
    assert "nog niet geteld" in carla.everything("wi-paper")
    assert gerda.ask("wi-counted", "wi-count.n_clicks", wi_count=1).status_code == 403
    assert carla.ask("wi-counted", "wi-count.n_clicks", wi_count=1).status_code == 200
    everything = carla.everything("wi-paper")
    for known in ("Thuishulp De Kwikstaart", "gemeten:", "aangenomen:", "per € 100.000"):
        assert known in everything, known
    one = carla.everything("wi-paper", wi_whose_of=KWIKSTAART)
    assert "Hetzelfde werk in een andere vorm: Thuishulp De Kwikstaart" in one
    municipal = gerda.everything("wi-paper", wi_whose_of=KWIKSTAART)
    assert "te weinig cliënten om te tonen" in municipal
    for secret in ("Kwikstaart", "gemeten:", KWIKSTAART):
        assert secret not in municipal, secret


def test_without_a_frozen_forecast_there_is_nothing_to_stand_on(engine):
    furnish(engine)
    carla = Someone(mounted(engine), CONTROLLER)
    assert "nog geen vastgelegde prognose" in carla.everything("..wi-top")
    assert carla.said(MORE) == ""
