"""The meeting itself: one subject at a time in large type, what changed most first, with what was decided about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from budgets.meeting.agenda import Topic, agenda
from budgets.meeting.model import MeetingRow
from dash_app.choice import address
from dash_app.formats import euro_short, number
from dash_app.language import gettext
from dash_app.pages import changed, draw, methods, people, record, text, year
from dash_app.pages.parts import Grid
from dash_app.pages.sentence import answer
from dash_app.pages.top import kicker
from dash_app.pages.use import products_part, row_key, row_name
from dash_app.shown import Seen

_PARTS = frozenset({"change", "settlement", "financing", "waiting"})


def topics(now: Seen) -> tuple[Topic, ...]:
    """The subjects of this meeting."""
    return agenda(now.tables, now.before, now.items)


def top(now: Seen) -> list[Any]:
    """Where in the agenda we are, and the way on and back."""
    every = topics(now)
    place = _place(now, every)
    contract, until = now.choice.contract.id, now.choice.until
    steps: list[Any] = []
    if place > 0:
        back = address(contract, until, place - 1)
        steps.append(dcc.Link(gettext("Vorige"), href=back, id="agenda-previous", className="btn btn-outline"))
    if place < len(every) - 1:
        on = address(contract, until, place + 1)
        steps.append(dcc.Link(gettext("Volgende"), href=on, id="agenda-next", className="btn btn-primary"))
    steps.append(dcc.Link(gettext("Hele pagina"), href=address(contract, until), id="agenda-end", className="leave"))
    links = [
        html.Li(
            html.Strong(_name(topic, now), **{"aria-current": "step"})  # type: ignore[arg-type]
            if at == place
            else dcc.Link(_name(topic, now), href=address(contract, until, at))
        )
        for at, topic in enumerate(every)
    ]
    named: dict[str, Any] = {"aria-label": gettext("Agenda")}
    said = gettext("onderwerp %(place)s van %(count)s", place=number(place + 1), count=number(len(every)))
    return [
        html.Div(steps, className="actions"),
        html.P(" · ".join([*kicker(now.looked), said]), className="kicker"),
        html.Nav(html.Ol(links), className="agenda", **named),
    ]


def subject(now: Seen) -> list[Any]:
    """The subject that we are at, in large type."""
    every = topics(now)
    if not now.looked.position.recorded or not every:
        return [html.H1(text.bold(answer(now.looked)), className="sentence large")]
    topic = every[_place(now, every)]
    drawn = _subject(topic, now)
    if topic.figure in _PARTS:
        drawn.insert(0, html.H1(_name(topic, now), className="visually-hidden"))  # the part itself starts at h2
    return [html.Div(drawn, className="meeting")]


def figures(now: Seen) -> list[tuple[str, str]]:
    """What a decision can be about here: the subject first."""
    every = topics(now)
    here = every[_place(now, every)].figure
    known = record.figures_of(now.tables)
    return sorted(known, key=lambda one: one[0] != here)


def _place(now: Seen, every: Sequence[Topic]) -> int:
    return min(now.choice.topic or 0, len(every) - 1)


def _name(topic: Topic, now: Seen) -> str:
    names = {
        "total": gettext("Het jaar"),
        "change": gettext("Wat veranderde"),
        "settlement": gettext("Afrekening"),
        "financing": gettext("Bekostiging"),
        "waiting": gettext("Wachtenden"),
        "items": gettext("Besluiten"),
    }
    row = _row(topic, now)
    if row is None:
        return names[topic.figure]
    return f"{row.code} {row_name(row)}"


def _subject(topic: Topic, now: Seen) -> list[Any]:
    looked = now.looked
    if topic.figure == "total":
        part = year.corridor_part(looked)
        sentence = html.H1(text.bold(answer(looked)), className="sentence large")
        return [sentence, year.corridor_section(looked, part, controller=now.controller)]
    if topic.figure == "change":
        return [changed.changed_section(now.change, changed.changed_part(now.change, now.names))]
    if topic.figure == "settlement":
        return [year.settlement_section(looked, year.settlement_part(looked, controller=now.controller))]
    if topic.figure == "financing" and now.tables is not None:
        return [people.financing_section(*people.financing_part(now.tables, now.agreed))]
    if topic.figure == "waiting":
        return [people.waiting_section(people.waiting_part(now.waiting, now.agreed))]
    row = _row(topic, now)
    return [] if row is None else _product(row, topic, now)


def _row(topic: Topic, now: Seen) -> MeetingRow | None:
    if now.tables is None or not topic.code:
        return None
    return next((row for row in now.tables.products.rows if row.code == topic.code), None)


def _product(row: MeetingRow, topic: Topic, now: Seen) -> list[Any]:
    """A product: what it was expected to come to, and now is; its figures and how its forecast came about."""
    made = now.tables
    assert made is not None
    said = []
    if row.forecast is not None:
        said.append(gettext("We verwachten **%(sum)s** over het jaar.", sum=euro_short(row.forecast)))
    if topic.weight is not None and now.before is not None:
        said.append(gettext("Dat is **%(sum)s** sinds de vorige maand.", sum=euro_short(topic.weight, sign=True)))
    if row.room is not None:
        less = gettext("**%(sum)s onder** het budget.", sum=euro_short(row.room))
        more = gettext("**%(sum)s boven** het budget.", sum=euro_short(abs(row.room)))
        said.append(more if row.room < 0 else less)
    grid = products_part(now.looked.position, made, controller=now.controller).grids[0]
    own = tuple(cells for cells, key in zip(grid.rows, grid.keys, strict=True) if key == row_key(row, 0))
    head = html.H1(f"{row.code} {row_name(row)}", className="sentence large")
    found = [
        head,
        html.P(text.bold(" ".join(said)), className="sentence"),
        draw.table(Grid(grid.name, grid.titles, own)),
    ]
    if not row.told:
        return found
    return [*found, text.more(gettext("hoe elke prognose tot stand komt"), methods.list_of(row.told))]
