"""The page of the monthly finance meeting."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, dcc, html
from flask_babel import gettext
from sqlalchemy import Engine

from dash_app.access import for_viewer, viewer
from lead_contractor.access.model import Role


def build(app: Dash, engine: Engine) -> None:
    """Give the Dash app its layout and callbacks.

    The layout is the same for everybody and holds no figure: Dash makes it at start too, when nobody looks.
    Callbacks fill it, each for the person who asks.
    """
    app.layout = html.Div(
        [
            dcc.Location(id="overleg-address", refresh=False),
            html.Header(id="overleg-top"),
        ]
    )

    @app.callback(Output("overleg-top", "children"), Input("overleg-address", "pathname"))
    @for_viewer()
    def top(_pathname: str | None) -> list[Any]:
        person = viewer()
        role = gettext("controller") if person.role is Role.CONTROLLER else gettext("gemeente")
        words = gettext("U kijkt als %(role)s naar %(lead)s.", role=role, lead=person.lead_contractor_name)
        return [
            html.P(gettext("Financieel overleg"), className="kicker"),
            html.H1(words, className="sentence"),
        ]
