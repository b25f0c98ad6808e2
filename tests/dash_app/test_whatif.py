"""The page *Wat als*: who sees what, what the controls mean, and what is kept."""

from __future__ import annotations

import ast
import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, session
from plotly.io.json import to_json_plotly
from sqlalchemy import Engine

from budgets.forecast.service import freeze
from budgets.scenarios import service, store
from budgets.scenarios.burden import Counted, PaperCount
from budgets.scenarios.model import Scenario
from budgets.year_folder.service import Loaded
from dash_app.whatif.looked_at import Closed
from dash_app.whatif.mount import mount
from dash_app.whatif.paper import paper
from dash_app.whatif.words import refused
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.refusals import Refusal
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.model import FormCode
from tests.dash_app.meeting import FAR_MUNICIPALITY, NEIGHBOUR, add_neighbour, furnish, site, walk, words
from tests.klein import AT
from tests.people import CONTROLLER, MUNICIPALITY, PROVIDER, browser_of, csrf
from tests.prepared import prepared

PREFIX = "/overleg/wat-als/"
KWIKSTAART, BAARDMANNETJE = "99990101", "99990102"
NOTHING = [0, 0, 0, 0, 5, 5, "2025-09", [], "lump_sum", None]
MORE = [10, 2.5, 0, 0, 5, 5, "2025-09", [], "lump_sum", None]
OWN = [0, 0, 0, 10, 4, 5, "2025-09", [], "lump_sum", None]
"""Own cost and the cap: what is about the whole."""
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
def year(engine: Engine) -> Loaded:
    return prepared(engine, "what-if", lambda: _frozen(engine))


def _frozen(engine: Engine) -> Loaded:
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
    assert "wat de prognose verwacht, door de afrekening gerekend" in base
    more = carla.said(MORE)
    assert more.startswith("Zo is er aan het eind")
    assert "instroom" in more
    assert "tarieven" in more


def test_every_refusal_of_a_scenario_is_told_in_english_too(app, engine, year):
    """The texts of all refusals in the service, told to somebody who reads English, with what is filled in."""
    source = Path(service.__file__).read_text(encoding="utf-8")
    calls = [one for one in ast.walk(ast.parse(source)) if isinstance(one, ast.Call) and one.args]
    texts = [str(one.args[0].value) for one in calls
             if getattr(one.func, "id", "") in ("Refusal", "NotFound") and isinstance(one.args[0], ast.Constant)]  # fmt: skip
    raised = source.count("raise Refusal(") + source.count("raise NotFound(")
    assert len(texts) == raised > 5, "each text stands there whole, so that a catalogue can hold it"
    filled = dict.fromkeys(("percent", "month", "first", "last", "most"), "7")
    with app.test_request_context():
        session["language"] = "en"
        told = [refused(Refusal(text, **(filled if "%(" in text else {}))) for text in texts]
    assert [text for text in told if re.search(r"\b(kan|Geef|Kies|niet|een)\b", text)] == []
    assert [text for text in told if "%(" in text] == []
    assert any("A percentage of 7% is not possible" in text for text in told)


def test_what_cannot_be_is_said_on_the_page(app):
    carla = Someone(app, CONTROLLER)
    assert "Er is niets anders dan in de basis." in carla.save("Basis", NOTHING)
    carla.client.post("/taal", data={"csrf_token": csrf(carla.client, "/rol"), "language": "en", "next": "/rol"})
    assert "Nothing differs from the base." in carla.save("Basis", NOTHING)
    assert "a name of at most 80 characters" in carla.save("", MORE)


def test_the_controls_stand_at_the_contract_and_offer_the_months_to_come(app):
    sent = Someone(app, CONTROLLER).everything("..wi-top")
    assert '"2025-09"' in sent
    assert '"2025-08"' not in sent
    assert "Thuishulp De Kwikstaart" in sent
    assert "31 augustus 2025" in sent


def test_the_municipality_moves_nobody_where_it_sees_products_only(app):
    gerda = Someone(app, MUNICIPALITY)
    assert gerda.said(OWN).startswith("Zo is er")
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


SOME_FORMS = {
    "inflow": [1, *NOTHING[1:]],
    "tariffs": [0, 0.5, *NOTHING[2:]],
    "waiting list": [0, 0, 5, *NOTHING[3:]],
    "tariffs and own cost": [0, -1, 0, 10, *NOTHING[4:]],
}


@pytest.mark.parametrize("values", SOME_FORMS.values(), ids=SOME_FORMS)
def test_while_the_meeting_hides_a_form_nothing_that_works_on_some_forms_can_be_asked(app, values):
    """Inflow and tariffs work on P×Q and trajectories: the difference less the P×Q of the meeting is six clients."""
    gerda, carla = Someone(app, MUNICIPALITY), Someone(app, CONTROLLER)
    assert gerda.results(values).status_code == 403
    kept = gerda.ask("..wi-message", "wi-save.n_clicks", wi_save=1, wi_name="Toch", wi_asked=values)
    assert kept.status_code == 403
    assert carla.results(values).status_code == 200


def test_the_municipality_reads_why_and_gets_no_slider_for_it(app):
    gerda, carla = Someone(app, MUNICIPALITY), Someone(app, CONTROLLER)
    found: list[Any] = []
    walk(gerda.ask("..wi-top").get_json()["response"]["wi-controls"]["children"], found)
    why = next(one for one in found if one["props"].get("id") == "wi-closed")
    assert words(why).startswith("Het overleg toont deze maand een vorm van financiering niet")
    said = {words(one): one for one in found if one["props"].get("className", "").startswith("wi-control")}
    shown = [name for name, one in said.items() if not one["props"].get("hidden")]
    assert [name[:6] for name in shown] == ["Eigen ", "Maxima", "Bandbr"]
    exposure = "Alles opnemen kost dit jaar nog € 0."
    assert exposure in gerda.everything("..wi-top"), "behind a hidden slider stands nothing either"
    assert exposure not in carla.everything("..wi-top")
    assert "wi-closed" not in carla.everything("..wi-top")


def test_what_the_base_and_a_scenario_differ_for_the_municipality_is_about_its_own_contract_only(app):
    gerda, carla = Someone(app, MUNICIPALITY), Someone(app, CONTROLLER)
    for values in (NOTHING, OWN):
        told = gerda.said(values)
        assert told == carla.said(values)
        for part in ("instroom", "tarieven", "andere financiering", "wachtlijst"):
            assert part not in told


def test_what_few_people_wait_for_is_closed_by_itself():
    few = Closed(waiting=True)
    assert few.covers(Scenario(waiting_percent=Decimal(5)))
    assert not few.covers(Scenario(inflow_percent=Decimal(5)))
    assert not Closed().covers(Scenario(inflow_percent=Decimal(5), waiting_percent=Decimal(5)))
    some = Closed(frozenset({FormCode.TRAJECTORY}))
    assert some.covers(Scenario(waiting_percent=Decimal(5)))
    assert not some.covers(Scenario(own_cost_percent=Decimal(5), cap_percent=Decimal(3), corridor_percent=Decimal(2)))


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
    assert "versie 1" in carla.save("Eigen kosten", OWN, wi_shared=["shared"])
    assert "versie 1" in gerda.save("Van Gerda", OWN)
    seen = gerda.everything("wi-list")
    assert "Eigen kosten" in seen
    assert "Meer instroom" not in seen, "it tells what is to come of forms that the meeting hides"
    assert "Overgang" not in seen, "it names a subcontractor"
    with reading(engine) as connection:
        known = {one.name: one for one in store.newest(Scope(connection, year.lead_contractor_id), year.contract_id)}
    assert known["Van Gerda"].party == "1999"
    assert known["Van Gerda"].shared
    ids = [one.id for one in known.values()]
    beside = words(gerda.results(NOTHING, ticked=ids).get_json()["response"]["wi-results"]["children"])
    assert "Van Gerda" in beside
    assert "Eigen kosten" in beside
    assert "Meer instroom" not in beside
    assert "Overgang" not in beside
    assert "Meer instroom" in words(
        carla.results(NOTHING, ticked=ids[:2]).get_json()["response"]["wi-results"]["children"]
    )
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


def test_the_paperwork_of_a_form_that_the_meeting_hides_stays_hidden_however_many_clients_it_has(app):
    """What acts per € 100.000 come to would tell what the form costs."""
    counts = {"declarations": 3, "lines": 200, "clients": 40, "cents": 5_000_000}
    counted = Counted(
        date(2025, 8, 31), tuple(PaperCount("1", f"A-{form}", form, **counts) for form in (FormCode.PXQ, FormCode.FTE))
    )
    with app.test_request_context():
        hidden, open_ = (
            "".join(words(json.loads(to_json_plotly(part))) for part in paper(counted, (), {}, "", {}, forms))
            for forms in ({FormCode.PXQ}, set[FormCode]())
        )
    assert hidden.count("te weinig cliënten om te tonen") == 1
    assert "te weinig cliënten om te tonen" not in open_


def test_without_a_frozen_forecast_there_is_nothing_to_stand_on(engine):
    furnish(engine)
    carla = Someone(mounted(engine), CONTROLLER)
    assert "nog geen vastgelegde prognose" in carla.everything("..wi-top")
    assert carla.said(MORE) == ""
