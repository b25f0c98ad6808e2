"""The page *Wat als*: controls of a scenario, what it does to the year, scenarios kept by name, and paperwork per form.

The layout holds no figure. Every callback asks anew who looks and what they may see, and stands on a frozen forecast.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from dash import Dash, Input, Output, State, ctx, dcc, html, no_update
from flask import abort
from sqlalchemy import Engine

from budgets.forecast.store import frozen_days
from budgets.scenarios import counting, service
from budgets.scenarios.model import BASE, Scenario, Simulation
from dash_app.access import MEETING_ROLES, for_viewer, viewer
from dash_app.choice import address
from dash_app.formats import day
from dash_app.language import gettext
from dash_app.overview.address import now
from dash_app.pages import text
from dash_app.pages.choosers import frozen_chooser
from dash_app.whatif import paper, results, saved, words
from dash_app.whatif.asked import Controls, scenario_of
from dash_app.whatif.controls import SLIDERS, controls
from dash_app.whatif.looked_at import PREFIX, Looked, closed, looked_at, movable, must_look, open_tables
from lead_contractor.access.model import Role
from lead_contractor.kernel.database import writing
from lead_contractor.kernel.money import ZERO
from lead_contractor.kernel.refusals import Refusal
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.parties.store import subcontractors

ADDRESS = Input("wi-address", "search")
_VALUES = (*SLIDERS, "wi-from", "wi-subs", "wi-form", "wi-amount")
_ASKED, _TICKED, _WHOSE = "wi-asked", "wi-ticked", "wi-whose-of"
"""Where the browser puts what its controls say: what callbacks put on the page may be no input of others beside parts
that stand there from the start."""
_BUSY = [(Output("wi-busy", "className"), "wi-busy", "")]
_SIGNED = {"wi-inflow", "wi-index", "wi-own"}
_SAID = """function(value, name) {
  var language = document.documentElement.lang || "nl", tries = 0;
  var number = value === undefined || value === null ? 0 : Number(value);
  var said = (%s && number > 0 ? "+" : "") + number.toLocaleString(language) + (language === "en" ? "%%" : " %%");
  function tell() {
    var label = document.querySelector("label[for=" + name + "]");
    var thumb = document.querySelector("#" + name + " [role=slider]");
    if (label && thumb) {
      thumb.setAttribute("aria-label", label.textContent);
      thumb.setAttribute("aria-valuetext", said);
    } else if (tries++ < 100) {
      setTimeout(tell, 50);
    }
  }
  tell();
  return said;
}"""
"""Writes a slider's value beside its name, and gives the thumb, which Dash leaves nameless, that name and value."""


def build(app: Dash, engine: Engine) -> None:
    """Give the Dash app its layout and callbacks."""
    app.layout = _layout()
    _controls(app, engine)
    _results(app, engine)
    _saved(app, engine)
    _paper(app, engine)
    _gathered(app)


def _gathered(app: Dash) -> None:
    """What happens in the browser alone: values beside their sliders, and values where callbacks find them."""
    all_of, one_of = "function() { return Array.from(arguments); }", "function(value) { return value; }"
    for gather, store, names in (
        (all_of, _ASKED, _VALUES),
        (one_of, _TICKED, ("wi-picked",)),
        (one_of, _WHOSE, ("wi-whose",)),
    ):
        inputs = [Input(name, "value") for name in names]
        app.clientside_callback(gather, Output(store, "data"), *inputs)  # type: ignore[no-untyped-call]
    for name in SLIDERS:
        said = _SAID % ("true" if name in _SIGNED else "false")
        shown = Output(f"{name}-said", "children")
        app.clientside_callback(said, shown, Input(name, "value"), State(name, "id"))  # type: ignore[no-untyped-call]


def _layout() -> html.Div:
    return html.Div(
        [
            dcc.Location(id="wi-address", refresh=False),
            dcc.Store(id="wi-kept", data=0),
            dcc.Store(id="wi-counted", data=0),
            *[dcc.Store(id=name) for name in (_ASKED, _TICKED, _WHOSE)],
            html.Header(id="wi-top"),
            html.Div(
                [
                    html.Section(id="wi-controls", className="section"),
                    html.Div(html.Div(id="wi-results"), id="wi-busy"),
                ],
                className="wi-work",
            ),
            html.Section(
                [html.Div(id="wi-save-form"), html.Div(id="wi-message"), html.Div(id="wi-list")], className="section"
            ),
            html.Section(
                [html.Div(id="wi-count-form"), html.Div(id="wi-paper")], id="wi-paper-section", className="section"
            ),
        ],
        className="what-if",
    )


def _controls(app: Dash, engine: Engine) -> None:
    @app.callback(
        Output("wi-top", "children"), Output("wi-controls", "children"), Output("wi-save-form", "children"), ADDRESS
    )
    @for_viewer(*MEETING_ROLES)
    def the_controls(search: str | None) -> tuple[list[Any], list[Any], list[Any]]:
        with looked_at(engine, search) as looked:
            if looked is None:
                return _nothing(), [], []
            form = saved.save_form(controller=looked.controller)
            return _top(looked), _set_to(looked, BASE), [_saved_head(), form]

    @app.callback(
        Output("wi-controls", "children", allow_duplicate=True),
        Input("wi-open", "n_clicks"),
        State("wi-address", "search"),
        State(_TICKED, "data"),
        prevent_initial_call=True,
    )
    @for_viewer(*MEETING_ROLES)
    def opened(clicks: Any, search: str | None, ticked: Any) -> Any:
        if not clicks:
            return no_update
        with looked_at(engine, search) as looked:
            found = () if looked is None else saved.picked(looked, ticked)
            if looked is None or not found:
                return no_update
            return _set_to(looked, _still_possible(looked, found[0].scenario))


def _set_to(looked: Looked, scenario: Scenario) -> list[Any]:
    """The controls, set to a scenario."""
    under = gettext("Schuif aan wat anders kan lopen; de basis is de vastgelegde prognose.")
    running = gettext("De jaren worden getrokken…")
    shut = closed(looked)
    exposure = ZERO if shut.forms or shut.waiting else looked.standing.forecast.exposure
    made = controls(scenario, looked.grounds(), exposure, movable(looked), running, forms=not shut.forms)
    said = html.P(_why_closed(), className="small-print", id="wi-closed") if shut.forms else None
    return [*text.heading(gettext("Wat verandert er"), under), *([] if said is None else [said]), made]


def _why_closed() -> str:
    return gettext(
        "Het overleg toont deze maand een vorm van financiering niet, omdat er te weinig cliënten achter staan; "
        "daarom kunt u hier alleen veranderen wat over het geheel gaat, en niet de instroom, de tarieven, de "
        "wachtlijst of de vorm van een onderaannemer."
    )


def _still_possible(looked: Looked, scenario: Scenario) -> Scenario:
    """A scenario as it can be set on this forecast: months that are over by now begin at the first that is not."""
    may, first, shut = movable(looked), looked.grounds().first_to_come, closed(looked)
    nothing = Decimal(0)
    return Scenario(
        nothing if shut.forms else scenario.inflow_percent,
        scenario.inflow_from and max(scenario.inflow_from, first),
        nothing if shut.forms else scenario.index_percent,
        scenario.index_from and max(scenario.index_from, first),
        tuple(move for move in scenario.moves if move.subcontractor in may and move.month >= first),
        nothing if shut.forms or shut.waiting else scenario.waiting_percent,
        scenario.waiting_from and max(scenario.waiting_from, first),
        scenario.cap_percent,
        scenario.corridor_percent,
        scenario.own_cost_percent,
    )


def _nothing() -> list[Any]:
    return [
        html.P(gettext("Wat als"), className="kicker"),
        html.H1(gettext("Er is nog geen vastgelegde prognose om op te staan."), className="sentence"),
    ]


def _top(looked: Looked) -> list[Any]:
    contract = looked.choice.contract
    kicker = f"{gettext('Wat als')} · {contract.municipality_name} {contract.year}"
    said = gettext(
        "Wat als het anders loopt? Dit rekent op de prognose per **%(day)s**.", day=day(looked.standing.as_of)
    )
    back = html.A(gettext("terug naar het overleg"), href=address(looked.contract_id, looked.choice.until))
    days = frozen_days(looked.scope, looked.contract_id)
    chooser = frozen_chooser(looked.choice, days, looked.standing.as_of, PREFIX)
    parts = [
        html.P(kicker, className="kicker"),
        html.H1(text.bold(said), className="sentence"),
        chooser,
        html.P(back, className="under"),
    ]
    return [part for part in parts if part is not None]


def _saved_head() -> html.H2:
    return html.H2(gettext("Bewaren en naast elkaar zetten"))


def _asked(looked: Looked, values: Any) -> Scenario:
    if not isinstance(values, list) or len(values) != len(_VALUES):
        abort(400)
    asked = Controls(*values)
    made = scenario_of(asked, looked.grounds(), movable(looked) if asked.subcontractors else {})
    return made if not closed(looked).covers(made) else abort(403)


def _drawn(looked: Looked, values: Any) -> Simulation:
    return service.what_if(looked.scope, looked.contract_id, looked.standing, _asked(looked, values))


def _results(app: Dash, engine: Engine) -> None:
    @app.callback(
        Output("wi-results", "children"),
        ADDRESS,
        Input(_ASKED, "data"),
        Input(_TICKED, "data"),
        running=_BUSY,
    )
    @for_viewer(*MEETING_ROLES)
    def the_results(search: str | None, values: Any, ticked: Any) -> list[Any]:
        with looked_at(engine, search) as looked:
            if looked is None or values is None:
                return []
            try:
                made = _drawn(looked, values)
            except Refusal as refusal:
                return [html.P(words.refused(refusal), className="message message-error", role="alert")]
            beside = saved.picked(looked, ticked)[: saved.MOST_BESIDE]
            return results.results(made, beside, _names(looked))


def _names(looked: Looked) -> dict[str, str]:
    if not looked.sees_subcontractors:
        return {}
    return {party.agb: party.name for party in subcontractors(looked.scope, looked.contract_id)}


def _saved(app: Dash, engine: Engine) -> None:
    @app.callback(Output("wi-list", "children"), ADDRESS, Input("wi-kept", "data"))
    @for_viewer(*MEETING_ROLES)
    def the_list(search: str | None, _kept: Any) -> list[Any]:
        with looked_at(engine, search) as looked:
            return [] if looked is None else saved.saved_list(saved.seen(looked), looked.party)

    @app.callback(
        Output("wi-message", "children"),
        Output("wi-kept", "data"),
        Input("wi-save", "n_clicks"),
        Input("wi-archive", "n_clicks"),
        State("wi-address", "search"),
        State("wi-name", "value"),
        State("wi-shared", "value"),
        State(_TICKED, "data"),
        State("wi-kept", "data"),
        State(_ASKED, "data"),
        prevent_initial_call=True,
    )
    @for_viewer(*MEETING_ROLES)
    def keep(
        save: Any, archive: Any, search: str | None, name: Any, shared: Any, ticked: Any, kept: Any, values: Any
    ) -> tuple[Any, Any]:
        if not save and not archive:
            return no_update, no_update
        count = (kept if isinstance(kept, int) else 0) + 1
        try:
            if ctx.triggered_id == "wi-archive":
                return _message(_archived(engine, search, ticked), good=True), count
            return _message(_kept(engine, search, str(name or ""), shared, values), good=True), count
        except Refusal as refusal:
            return _message(words.refused(refusal), good=False), count


def _message(words: str, *, good: bool) -> html.P:
    return html.P(words, className=f"message {'message-good' if good else 'message-error'}", role="status")


def _kept(engine: Engine, search: str | None, name: str, shared: Any, values: Any) -> str:
    """Draw the scenario, and keep it."""
    with looked_at(engine, search) as found:
        looked = must_look(found)
        made = _drawn(looked, values)
    share = not looked.controller or bool(shared)
    with writing(engine) as connection:
        scope = Scope(connection, looked.person.lead_contractor_id)
        done = service.save(
            scope,
            looked.contract_id,
            looked.standing,
            name,
            made,
            looked.hand,
            now(),
            party=looked.party,
            shared=share,
        )
    return gettext("Bewaard als “%(name)s”, versie %(version)s.", name=done.name, version=done.version)


def _archived(engine: Engine, search: str | None, ticked: Any) -> str:
    """Take the ticked scenarios of this side off the list."""
    with looked_at(engine, search) as found:
        looked = must_look(found)
        own = [one for one in saved.picked(looked, ticked) if one.party == looked.party]
    if not own:
        raise Refusal(gettext("Vink eerst een eigen scenario aan."))
    with writing(engine) as connection:
        scope = Scope(connection, looked.person.lead_contractor_id)
        for one in own:
            service.archive(scope, looked.contract_id, one.id, looked.hand, now(), party=looked.party)
    return gettext("Van de lijst gehaald: %(names)s. De versies blijven bewaard.", names=", ".join(o.name for o in own))


def _paper(app: Dash, engine: Engine) -> None:
    @app.callback(Output("wi-count-form", "children"), ADDRESS)
    @for_viewer(*MEETING_ROLES)
    def the_button(search: str | None) -> list[Any]:
        with looked_at(engine, search) as looked:
            if looked is None:
                return []
            under = gettext("Wat elke vorm van financiering dit jaar aan administratie vroeg, en wat zij had gekost.")
            head = text.heading(gettext("Administratie en andere vormen"), under)
            if not looked.controller:
                return head
            button = html.Button(gettext("Nu tellen"), id="wi-count", type="button", className="btn btn-outline")
            return [*head, html.Div([button, paper.chooser(movable(looked))], className="wi-count")]

    @app.callback(
        Output("wi-counted", "data"),
        Input("wi-count", "n_clicks"),
        State("wi-address", "search"),
        State("wi-counted", "data"),
        prevent_initial_call=True,
        running=[(Output("wi-count", "disabled"), True, False)],
    )
    @for_viewer(Role.CONTROLLER)
    def count(clicked: Any, search: str | None, counted: Any) -> int:
        if clicked:
            with looked_at(engine, search) as found:
                looked = must_look(found)
            with writing(engine) as connection:
                scope = Scope(connection, viewer(Role.CONTROLLER).lead_contractor_id)
                service.count_paperwork(scope, looked.contract_id, looked.standing, now())
        return (counted if isinstance(counted, int) else 0) + 1

    @app.callback(Output("wi-paper", "children"), ADDRESS, Input("wi-counted", "data"), Input(_WHOSE, "data"))
    @for_viewer(*MEETING_ROLES)
    def the_paper(search: str | None, _counted: Any, whose: Any) -> list[Any]:
        with looked_at(engine, search) as looked:
            if looked is None:
                return []
            counted = counting.kept(looked.scope, looked.contract_id, looked.standing.as_of)
            choices = movable(looked) if looked.controller else {}
            chosen = whose if isinstance(whose, str) and whose in choices else ""
            tells = looked.controller or open_tables(looked) is not None
            costs = (
                service.forms_of(looked.scope, looked.contract_id, looked.standing, counted, chosen)
                if counted and tells
                else ()
            )
            names = _names(looked) if looked.controller else {}
            hidden = None if looked.controller else closed(looked).forms
            return paper.paper(counted, costs, names, chosen, choices, hidden)
