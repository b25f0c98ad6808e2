"""The page of the monthly finance meeting: the year as of a month and what it is expected to come to.

It reads from the answer down to who waits and what was decided. The layout holds no figure. Three callbacks fill it,
each for the person who asks and from the database as it is then; each asks anew who that is and what they may see.
"""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, dcc, html
from flask import abort
from sqlalchemy import Engine

from dash_app.access import for_viewer, viewer
from dash_app.choice import MUNICIPALITIES
from dash_app.language import gettext
from dash_app.pages import agenda, changed, people, proof, record, share, use, year
from dash_app.pages.top import nobody, top
from dash_app.shown import Seen, seen
from dash_app.side_by_side import years_of
from dash_app.workbook import workbook
from lead_contractor.web.guard import signed_in


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
            html.Div(id="overleg-record"),
        ]
    )

    @app.callback(Output("overleg-top", "children"), Output("overleg-year", "children"), address)
    @for_viewer()
    def the_year(search: str | None) -> tuple[list[Any], list[Any]]:
        person = viewer()
        with seen(engine, person, search) as now:
            return (nobody(person), []) if now is None else _answer(now)

    @app.callback(Output("overleg-use", "children"), address)
    @for_viewer()
    def the_use(search: str | None) -> list[Any]:
        with seen(engine, viewer(), search) as now:
            return [] if now is None else _used(now)

    @app.callback(Output("overleg-record", "children"), address)
    @for_viewer()
    def the_record(search: str | None) -> list[Any]:
        with seen(engine, viewer(), search) as now:
            return [] if now is None or now.provider else _record(now)


def drawn(now: Seen) -> tuple[Any, ...]:
    """All that the callbacks answer together, of one look at the year."""
    return (*_answer(now), _used(now), [] if now.provider else _record(now))


def tables_of(engine: Engine, search: str) -> tuple[str, bytes]:
    """The tables of the page as a workbook, for the person of this request: a file name and its content.

    Raises:
        NotFound: the address names a contract that is not theirs, or there is none.
    """
    with seen(engine, viewer(), search) as now:
        if now is None:
            abort(404)
        position = now.looked.position
        parts = share.parts(now) if now.provider else now.all_parts()
        return f"overleg-{position.code}-{position.until or position.year}.xlsx", workbook(parts)


def _answer(now: Seen) -> tuple[list[Any], list[Any]]:
    """The answer on top, and the year under it."""
    if now.choice.topic is not None:
        return agenda.top(now), agenda.subject(now)
    if now.provider:
        return share.top(now), share.year(now)
    return [*top(now.choice, now.looked, now.person, now.signals), *_beside(now)], _year(now)


def _beside(now: Seen) -> list[Any]:
    """The way to all municipalities beside each other, for who may see more than one."""
    session = signed_in()
    if not years_of(now.scope, now.person, () if session is None else session.memberships):
        return []
    return [html.P(html.A(gettext("gemeenten naast elkaar"), href=MUNICIPALITIES), className="under")]


def _used(now: Seen) -> list[Any]:
    if now.choice.topic is not None:
        return []
    return share.use(now) if now.provider else _use(now)


def _year(now: Seen) -> list[Any]:
    if not now.looked.position.recorded:
        return []
    corridor, change, settlement = now.year_parts()
    return [
        year.corridor_section(now.looked, corridor, controller=now.controller),
        html.Div(
            [changed.changed_section(now.change, change), year.settlement_section(now.looked, settlement)]
            if now.looked.frozen is not None
            else [year.settlement_section(now.looked, settlement)],
            className="columns" if now.looked.frozen is not None else None,
        ),
    ]


def _use(now: Seen) -> list[Any]:
    made, position = now.tables, now.looked.position
    if made is None:
        return []
    products = use.products_part(position, made, controller=now.controller)
    subcontractors = use.subcontractors_part(position, made, controller=now.controller)
    found: list[Any] = [use.products_section(position, made, products, controller=now.controller)]
    if subcontractors is not None:
        found.append(use.subcontractors_section(position, made, subcontractors, controller=now.controller))
    if now.controller:
        found.append(use.drill_down(now.scope, now.looked, made))
    utilisation = people.utilisation_part(made.products)
    found.append(
        html.Div(
            [
                people.financing_section(*people.financing_part(made, now.agreed)),
                people.waiting_section(people.waiting_part(now.waiting, now.agreed)),
                people.flows_section(people.flows_part(now.flows, made.products)),
                *([] if utilisation is None else [people.waiting_section(utilisation)]),
            ],
            className="columns",
        )
    )
    return found


def _record(now: Seen) -> list[Any]:
    if not now.looked.position.recorded:
        return []
    figures = record.figures_of(now.tables if now.choice.topic is None else None)
    if now.choice.topic is not None:
        figures = agenda.figures(now)
    items = record.items_section(record.items_part(now.items), now.items, now.choice, figures)
    if now.choice.topic is not None:
        return [items]
    packs = record.packs_section(now.packs, now.choice)
    return [one for one in (items, proof.proof_section(proof.proof_part(now.tested)), packs) if one is not None]
