"""What was decided and is to be done, each against the figure it is about; and the packs that were made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html

from budgets.meeting.model import Item, MeetingTables, Pack, Status
from budgets.use.model import RowKind
from dash_app.choice import ITEM, PACK, Choice
from dash_app.formats import day, euro_short, month_name, percent
from dash_app.language import gettext
from dash_app.pages import draw
from dash_app.pages.parts import Cell, Grid, Kind, Part, titles, words
from dash_app.pages.sentence import share
from dash_app.pages.top import post
from dash_app.pages.use import row_name
from lead_contractor.web.formats import AMSTERDAM

LONGEST = 1000


def items_part(items: Sequence[Item]) -> Part:
    """The decisions and actions of this meeting, and those of before that are not done."""
    title = gettext("Besluiten en acties")
    if not items:
        return Part("items", title, gettext("Er is nog niets vastgelegd."))
    named = (
        (gettext("Bij"), False),
        (gettext("Wat"), False),
        (gettext("Wie"), False),
        (gettext("Voor"), False),
        (gettext("Overleg"), False),
        (gettext("Stand"), False),
    )
    rows = tuple(
        (
            words(item.figure_words),
            words(item.said),
            words(item.who),
            words("" if item.due is None else day(item.due)),
            words(f"{month_name(item.month)} {item.month.year}"),
            Cell(status_name(item.status), Kind.TEXT, tone=_tone(item.status), tag=True),
        )
        for item in items
    )
    return Part("items", title, "", grids=(Grid(title, titles(*named), rows),))


def items_section(part: Part, items: Sequence[Item], choice: Choice, figures: Sequence[tuple[str, str]]) -> Any:
    """The list, with a form to add to it, and one for each item that is not done."""
    forms = [] if not figures else [_add_form(choice, figures)]
    return draw.section(part, *draw.plain_tables(part), _steps_on(choice, items), *forms)


def status_name(status: Status) -> str:
    """How far an item is, in a word."""
    return {
        Status.OPEN: gettext("open"),
        Status.DECIDED: gettext("besloten"),
        Status.DONE: gettext("gedaan"),
    }[status]


def _tone(status: Status) -> str:
    return {Status.OPEN: "", Status.DECIDED: "good", Status.DONE: "muted"}[status]


def figures_of(made: MeetingTables | None) -> list[tuple[str, str]]:
    """What a decision can be about, each figure as everybody at the meeting can see it: code and words."""
    found = [
        ("total", gettext("Het jaar als geheel")),
        ("change", gettext("Wat er veranderde")),
        ("settlement", gettext("De afrekening")),
        ("financing", gettext("Vormen van bekostiging")),
        ("waiting", gettext("Wachtenden")),
    ]
    if made is None:
        return found
    for row in made.products.rows:
        if row.kind is not RowKind.PRODUCT:
            continue
        name = f"{row.code} {row_name(row)}"
        if row.hidden or row.room is None or not row.measure:
            found.append((f"product:{row.code}", name))
        else:
            room = percent(share(row.room, row.measure), 1, sign=True)
            found.append((f"product:{row.code}", f"{name}, {room} ({euro_short(row.room, sign=True)})"))
    return found


def _add_form(choice: Choice, figures: Sequence[tuple[str, str]]) -> Any:
    labels = [
        _field(gettext("Bij"), _select("figure", figures)),
        _field(gettext("Wat"), dcc.Textarea(name="said", required=True, maxLength=LONGEST, className="form-control")),
        _field(gettext("Wie"), dcc.Input(name="who", type="text", maxLength=80, className="form-control")),
        _field(
            gettext("Voor (jjjj-mm-dd)"), dcc.Input(name="due", type="text", maxLength=10, className="form-control")
        ),
        _field(gettext("Stand"), _select("status", [(one.value, status_name(one)) for one in Status])),
    ]
    button = html.Button(gettext("Vastleggen"), type="submit", className="btn btn-primary")
    form = post(ITEM, choice, html.Div(labels, className="fields"), button, **_topic(choice))
    return html.Details(
        [html.Summary(gettext("Besluit of actie vastleggen")), form], className="more", open=choice.topic is not None
    )


def _topic(choice: Choice) -> dict[str, str]:
    return {} if choice.topic is None else {"agenda": str(choice.topic)}


def _field(label: str, field: Any) -> html.Label:
    return html.Label([html.Span(label), field], className="field")


def _select(name: str, options: Sequence[tuple[str, str]]) -> Any:
    return html.Select(
        [html.Option(label, value=value) for value, label in options], name=name, className="form-select"
    )


def _steps_on(choice: Choice, items: Sequence[Item]) -> html.Details | None:
    """For each item that is not done the button that brings it a step further."""
    following = {Status.OPEN: Status.DECIDED, Status.DECIDED: Status.DONE}
    forms = []
    for item in items:
        for status in (Status.DECIDED, Status.DONE):
            if item.status is Status.DONE or status is item.status or status is not following[item.status]:
                continue
            label = gettext("%(what)s: nu %(status)s", what=_short(item.said), status=status_name(status))
            button = html.Button(label, type="submit", className="btn btn-outline")
            forms.append(post(ITEM, choice, button, number=str(item.number), status=status.value, **_topic(choice)))
    if not forms:
        return None
    return html.Details(
        [html.Summary(gettext("Stand bijwerken")), html.Div(forms, className="steps-on")], className="more"
    )


def _short(said: str) -> str:
    longest = 60
    return said if len(said) <= longest else f"{said[:longest].rstrip()}…"


def packs_section(packs: Sequence[Pack], choice: Choice) -> html.Section | None:
    """The packs that were made, to be fetched as they were."""
    if not packs:
        return None
    rows = []
    for pack in packs[:12]:
        made = pack.made_at.astimezone(AMSTERDAM)
        of = gettext("afrekening") if pack.month is None else f"{month_name(pack.month)} {pack.month.year}"
        said = gettext(
            "%(of)s, gemaakt op %(day)s om %(time)s door %(name)s",
            of=of,
            day=day(made.date()),
            time=f"{made:%H:%M}",
            name=pack.made_by_name,
        )
        link = html.A(f"{pack.name}", href=f"{PACK}/{pack.id}?contract={choice.contract.id}")
        rows.append(html.Li([link, " ", html.Span(said, className="muted")]))
    part = Part("packs", gettext("Vergaderstukken"), gettext("Zoals het scherm toen was; er verandert niets meer aan."))
    return draw.section(part, html.Ul(rows, className="plain-list packs"))
