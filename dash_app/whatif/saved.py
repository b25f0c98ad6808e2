"""Scenarios kept by name: which there are, to put beside the one at hand, to open and to take off the list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from budgets.scenarios import store
from budgets.scenarios.store import Saved
from dash_app.formats import day, euro_whole
from dash_app.language import gettext
from dash_app.pages import text
from dash_app.whatif.looked_at import Looked, closed
from lead_contractor.kernel.money import Cents

MOST_BESIDE = 3


def seen(looked: Looked) -> tuple[Saved, ...]:
    """The scenarios that this person may see; a move only where they see that subcontractor's name.

    What they may not change themselves on the forecast that a scenario stands on, they see of nobody else's either.
    """
    known = store.newest(looked.scope, looked.contract_id)
    found = store.seen_by(known, looked.party, sees_subcontractors=looked.controller)
    if looked.controller:
        return found
    known_closed = {day: closed(looked, day) for day in {one.as_of for one in found}}
    return tuple(one for one in found if not known_closed[one.as_of].covers(one.scenario))


def picked(looked: Looked, identities: Any) -> tuple[Saved, ...]:
    """Those of the list that were ticked; what is not on it is left out."""
    asked = identities if isinstance(identities, list) else []
    return tuple(one for one in seen(looked) if one.id in asked)


def saved_list(known: Sequence[Saved], party: str) -> list[Any]:
    """The list with its boxes, and all of it as a table one click away."""
    if not known:
        return [html.P(gettext("Er is nog geen scenario bewaard."), className="under"), _boxes([])]
    options: Any = [{"label": _label(one, party), "value": one.id} for one in known]
    return [_boxes(options), text.more(gettext("tabel"), _table(known))]


def _boxes(options: Any) -> html.Fieldset:
    said = gettext("Bewaard: vink er ten hoogste %(most)s aan om ze ernaast te zetten", most=MOST_BESIDE)
    return html.Fieldset(
        [html.Legend(said), dcc.Checklist(id="wi-picked", options=options, value=[], className="wi-options wi-many")],
        hidden=not options,
    )


def _label(one: Saved, party: str) -> str:
    own = gettext("van ons") if one.party == party else gettext("van de ander")
    return gettext("%(name)s (%(own)s, op de prognose per %(day)s)", name=one.name, own=own, day=day(one.as_of))


def _table(known: Sequence[Saved]) -> html.Div:
    head = text.header(
        (gettext("Naam"), False),
        (gettext("Versie"), True),
        (gettext("Prognose per"), False),
        (gettext("Resultaat, midden"), True),
        (gettext("Gedeeld"), False),
        (gettext("Door"), False),
    )
    rows = [
        html.Tr(
            [
                html.Th(one.name, scope="row"),
                text.number_cell(str(one.version)),
                html.Td(day(one.as_of)),
                text.number_cell(euro_whole(Cents(one.result.ending.result.middle))),
                html.Td(gettext("ja") if one.shared else gettext("nee")),
                html.Td(one.made_by_name),
            ]
        )
        for one in known
    ]
    return text.table(gettext("Bewaarde scenario's"), head, rows)


def save_form(*, controller: bool) -> html.Div:
    """Name, whether the municipality sees it, and the buttons."""
    share: Any = [{"label": gettext("ook zichtbaar voor de gemeente"), "value": "shared"}]
    return html.Div(
        [
            html.Label(gettext("Naam van dit scenario"), htmlFor="wi-name"),
            dcc.Input(id="wi-name", type="text", maxLength=80, className="form-control", autoComplete="off"),
            html.Div(
                dcc.Checklist(id="wi-shared", options=share, value=[], className="wi-options"), hidden=not controller
            ),
            html.Div(
                [
                    html.Button(gettext("Bewaren"), id="wi-save", type="button", className="btn btn-primary"),
                    html.Button(
                        gettext("Aangevinkte openen"), id="wi-open", type="button", className="btn btn-outline"
                    ),
                    html.Button(
                        gettext("Aangevinkte van de lijst halen"),
                        id="wi-archive",
                        type="button",
                        className="btn btn-outline",
                    ),
                ],
                className="wi-buttons",
            ),
        ],
        className="wi-save",
    )
