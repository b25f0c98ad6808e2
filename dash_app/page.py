"""The page of the monthly finance meeting: the realised year as of a month, from the answer down to who waits.

The layout holds no figure. Two callbacks fill it, each for the person who asks and from the database as it is then;
each asks anew who that is and what they may see.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dash import Dash, Input, Output, dcc, html
from flask import abort
from sqlalchemy import Engine

from budgets.use.model import YearPosition
from budgets.use.service import use_of, waiting_of, year_position
from dash_app.access import for_viewer, sees_names, viewer
from dash_app.choice import Choice, chosen
from dash_app.formats import month_name
from dash_app.language import gettext
from dash_app.pages import choosers, text, use, year
from dash_app.pages.sentence import answer
from dash_app.workbook import workbook
from lead_contractor.access.model import Acting, Role
from lead_contractor.kernel.database import reading
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.parties.model import Sight


def build(app: Dash, engine: Engine) -> None:
    """Give the Dash app its layout and callbacks.

    The layout is the same for everybody and holds no figure: Dash makes it at start too, when nobody looks.
    """
    address = Input("overleg-address", "search")
    app.layout = html.Div(
        [
            dcc.Location(id="overleg-address", refresh=False),
            html.Header(id="overleg-top"),
            html.Div(id="overleg-year"),
            html.Div(id="overleg-use"),
        ]
    )

    @app.callback(Output("overleg-top", "children"), Output("overleg-year", "children"), address)
    @for_viewer()
    def the_year(search: str | None) -> tuple[list[Any], list[Any]]:
        person = viewer()
        with _looked_at(engine, person, search) as (_scope, choice, position):
            if choice is None or position is None:
                return _nobody(person), []
            return _top(choice, position), _year(position, controller=sees_names(person))

    @app.callback(Output("overleg-use", "children"), address)
    @for_viewer()
    def the_use(search: str | None) -> list[Any]:
        person = viewer()
        with _looked_at(engine, person, search) as (scope, choice, position):
            if choice is None or position is None:
                return []
            return _use(scope, position, person, choice)


def tables_of(engine: Engine, search: str) -> tuple[str, bytes]:
    """The tables of the page as a workbook, for the person of this request: a file name and its content.

    Raises:
        NotFound: the address names a contract that is not theirs, or there is none.
    """
    person = viewer()
    with _looked_at(engine, person, search) as (scope, choice, position):
        if choice is None or position is None:
            abort(404)
        seen_by = None if sees_names(person) else Sight(choice.contract.sees)
        content = workbook(position, use_of(scope, position, seen_by), waiting_of(scope, position, seen_by))
        return f"overleg-{position.code}-{position.until or position.year}.xlsx", content


@contextmanager
def _looked_at(
    engine: Engine, person: Acting, search: str | None
) -> Iterator[tuple[Scope, Choice | None, YearPosition | None]]:
    """One moment of the database, and in it the contract year that this person chose."""
    with reading(engine) as connection:
        scope = Scope(connection, person.lead_contractor_id)
        choice = chosen(scope, person, search)
        position = None if choice is None else year_position(scope, choice.contract.id, choice.until)
        yield scope, choice, position


def _nobody(person: Acting) -> list[Any]:
    role = gettext("controller") if person.role is Role.CONTROLLER else gettext("gemeente")
    words = gettext("U kijkt als %(role)s naar %(lead)s.", role=role, lead=person.lead_contractor_name)
    more = gettext("Er is nog geen contractjaar.")
    return [
        html.P(gettext("Financieel overleg"), className="kicker"),
        html.H1(f"{words} {more}", className="sentence"),
    ]


def _top(choice: Choice, position: YearPosition) -> list[Any]:
    kicker = [gettext("Financieel overleg"), f"{position.municipality_name} {position.year}"]
    if position.outcome is not None:
        kicker.append(gettext("afrekening"))
    elif position.until is not None:
        kicker.append(gettext("stand van eind %(month)s", month=f"{month_name(position.until)} {position.until.year}"))
    parts = [
        html.P(" · ".join(kicker), className="kicker"),
        html.H1(text.bold(answer(position)), className="sentence"),
        choosers.contract_chooser(choice),
        choosers.month_chooser(position),
        choosers.download(choice) if position.recorded else None,
    ]
    return [part for part in parts if part is not None]


def _year(position: YearPosition, *, controller: bool) -> list[Any]:
    if not position.recorded:
        return []
    return [
        year.corridor_section(position, controller=controller),
        year.settlement_section(position, controller=controller),
    ]


def _use(scope: Scope, position: YearPosition, person: Acting, choice: Choice) -> list[Any]:
    controller = sees_names(person)
    seen_by = None if controller else Sight(choice.contract.sees)
    tables = use_of(scope, position, seen_by)
    if tables is None:
        return []
    waiting = waiting_of(scope, position, seen_by)
    parts = [
        use.products_section(position, tables, controller=controller),
        use.subcontractors_section(position, tables, controller=controller),
        html.Div([use.financing_section(tables), use.waiting_section(waiting)], className="columns"),
    ]
    return [part for part in parts if part is not None]
