"""What a subcontractor sees: the same definitions on its own share, and nothing of which another's would follow."""

from __future__ import annotations

from typing import Any

from dash import html

from budgets.meeting.model import MeetingTable
from dash_app.formats import euro_short, month_name, percent
from dash_app.language import gettext
from dash_app.pages import choosers, draw, people, text
from dash_app.pages import use as uses
from dash_app.pages.parts import Part
from dash_app.pages.sentence import share
from dash_app.pages.top import kicker
from dash_app.shown import Seen


def top(now: Seen) -> list[Any]:
    """The head: where its own share stands, and what it is expected to come to."""
    position = now.looked.position
    parts = [
        html.P(" · ".join([*kicker(now.looked), now.person.party_name]), className="kicker"),
        html.H1(text.bold(answer(now)), className="sentence"),
        choosers.contract_chooser(now.choice),
        choosers.month_chooser(position),
        choosers.download(now.choice) if position.recorded else None,
    ]
    return [part for part in parts if part is not None]


def answer(now: Seen) -> str:
    """The own share in a sentence."""
    made, position = now.tables, now.looked.position
    if made is None:
        return gettext("Over contractjaar %(year)s is nog niets vastgelegd.", year=position.year)
    table = made.products
    month = month_name(made.months[-1])
    if table.budget:
        said = gettext(
            "Tot en met %(month)s is **%(used)s** goedgekeurd of verschuldigd, **%(share)s** van uw jaarbudget van "
            "%(budget)s.",
            month=month,
            used=euro_short(table.used),
            share=percent(share(table.used, table.budget), 0),
            budget=euro_short(table.budget),
        )
    else:
        said = gettext(
            "Tot en met %(month)s is **%(used)s** goedgekeurd of verschuldigd.",
            month=month,
            used=euro_short(table.used),
        )
    return f"{said} {_expected(table)}"


def _expected(table: MeetingTable) -> str:
    if table.forecast is None:
        return gettext("Over deze maand is geen prognose vastgelegd.")
    said = gettext("De verwachting voor het hele jaar is **%(sum)s**.", sum=euro_short(table.forecast))
    if table.room is None:
        return said
    if table.room < 0:
        return f"{said} {gettext('Dat is **%(sum)s meer** dan uw budget.', sum=euro_short(abs(table.room)))}"
    return f"{said} {gettext('Dat is %(sum)s binnen uw budget.', sum=euro_short(table.room))}"


def parts(now: Seen) -> list[Part]:
    """Everything on the page of a provider."""
    made = now.tables
    if made is None:
        return []
    utilisation = people.utilisation_part(made.products)
    found = [
        uses.products_part(now.looked.position, made, controller=False),
        people.financing_part(made)[0],
        people.flows_part(now.flows, made.products),
    ]
    return found if utilisation is None else [*found, utilisation]


def year(now: Seen) -> list[Any]:
    """The own share by product, with how the forecast came about."""
    made = now.tables
    if made is None:
        return []
    part = uses.products_part(now.looked.position, made, controller=False)
    return [uses.products_section(now.looked.position, made, part, controller=False)]


def use(now: Seen) -> list[Any]:
    """The own mix, clients and utilisation."""
    made = now.tables
    if made is None:
        return []
    utilisation = people.utilisation_part(made.products)
    financing = people.financing_section(*people.financing_part(made))
    flows = people.flows_section(people.flows_part(now.flows, made.products))
    inside = [financing, flows]
    if utilisation is not None:
        inside.append(draw.section(utilisation, *draw.plain_tables(utilisation)))
    return [html.Div(inside, className="columns")]
