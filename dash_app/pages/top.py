"""The head of the page: which meeting, the answer in a sentence, what to look at, and what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html
from flask_wtf.csrf import generate_csrf

from budgets.meeting.ground import Looked
from budgets.signals.model import Signal
from dash_app.access import sees_names
from dash_app.choice import FREEZE, PACK, Choice, address, query
from dash_app.desk import signal_words
from dash_app.formats import day, month_name
from dash_app.language import gettext
from dash_app.pages import choosers, text
from dash_app.pages.sentence import answer
from lead_contractor.access.model import Acting, Role


def nobody(person: Acting) -> list[Any]:
    """What stands there for who has no contract year to see."""
    roles = {
        Role.CONTROLLER: gettext("controller"),
        Role.MUNICIPALITY: gettext("gemeente"),
        Role.PROVIDER: gettext("onderaannemer"),
    }
    words = gettext("U kijkt als %(role)s naar %(lead)s.", role=roles[person.role], lead=person.lead_contractor_name)
    more = gettext("Er is nog geen contractjaar.")
    return [
        html.P(gettext("Financieel overleg"), className="kicker"),
        html.H1(f"{words} {more}", className="sentence"),
    ]


def top(choice: Choice, looked: Looked, person: Acting, signals: Sequence[Signal] = ()) -> list[Any]:
    """The head of the page for who sits at the meeting, with the early warnings about the year as a whole."""
    position = looked.position
    parts = [
        html.Div(_actions(choice, looked, person), className="actions"),
        html.P(" · ".join(kicker(looked)), className="kicker"),
        html.H1(text.bold(answer(looked)), className="sentence"),
        _warned(choice, signals, person),
        _freeze(choice, looked) if person.role is Role.CONTROLLER else None,
        choosers.contract_chooser(choice),
        choosers.month_chooser(position),
        choosers.download(choice) if position.recorded else None,
    ]
    return [part for part in parts if part is not None]


def kicker(looked: Looked) -> list[str]:
    """Which meeting this is, and as of when."""
    position = looked.position
    said = [gettext("Financieel overleg"), f"{position.municipality_name} {position.year}"]
    if position.outcome is not None:
        said.append(gettext("afrekening"))
    elif position.until is not None:
        month = f"{month_name(position.until)} {position.until.year}"
        frozen = gettext("stand van eind %(month)s, bevroren", month=month)
        said.append(frozen if looked.frozen is not None else gettext("stand van eind %(month)s", month=month))
    return said


def _actions(choice: Choice, looked: Looked, person: Acting) -> list[Any]:
    """The way to the meeting itself, and to its pack."""
    position = looked.position
    if not position.recorded or person.role is Role.PROVIDER:
        return []
    meeting = address(choice.contract.id, choice.until, 0)
    return [
        dcc.Link(gettext("Vergadering"), href=meeting, className="btn btn-outline"),
        post(PACK, choice, html.Button(gettext("Vergaderstuk"), type="submit", className="btn btn-primary")),
    ]


def _warned(choice: Choice, signals: Sequence[Signal], person: Acting) -> html.P | None:
    """What crosses a limit, as of which day; for the lead contractor with the way to all signals."""
    if not signals:
        return None
    said = [
        gettext("%(said)s (signaal per %(day)s)", said=signal_words.said(one.crossing).rstrip("."), day=day(one.day))
        for one in signals
    ]
    line: list[Any] = [" ".join(f"{one}." for one in said)]
    if sees_names(person):
        line += [" ", html.A(gettext("alle signalen"), href=f"/signalen?{query(choice.contract.id)}")]
    return html.P(line, className="under", id="overleg-signals")


def _freeze(choice: Choice, looked: Looked) -> Any:
    """The button that makes the forecast of the month, where there is none."""
    position = looked.position
    if looked.frozen is not None or position.until is None or not position.recorded:
        return None
    words = gettext("Leg de prognose per %(day)s vast", day=day(position.until.last))
    return post(
        FREEZE, choice, html.Button(words, type="submit", className="btn btn-outline"), until=str(position.until)
    )


def post(path: str, choice: Choice, *inside: Any, **hidden: str) -> html.Form:
    """A form that does something, with the token that says that it came from this page."""
    fields = {"contract": str(choice.contract.id), "csrf_token": generate_csrf()}
    if choice.until is not None:
        fields["until"] = str(choice.until)
    made = [hidden_field(name, value) for name, value in (fields | hidden).items()]
    return html.Form([*made, *inside], action=path, method="post", className="deed")


def hidden_field(name: str, value: str) -> Any:
    """A field of a form that nobody sees."""
    return dcc.Input(type="hidden", name=name, value=value)
