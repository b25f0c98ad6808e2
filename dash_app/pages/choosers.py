"""Which contract year, and up to which month: links, so that every view has an address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from dash import dcc, html

from budgets.use.model import YearPosition
from dash_app.choice import TABLES, Choice, address
from dash_app.formats import month, month_axis
from dash_app.language import gettext
from lead_contractor.kernel.periods import Month


def contract_chooser(choice: Choice) -> html.Nav | None:
    """The contract years to choose from, where there is more than one."""
    if len(choice.contracts) < 2:  # noqa: PLR2004 - one is no choice
        return None
    links = [
        _item(f"{one.code} · {one.municipality_name}", address(one.id), here=one.id == choice.contract.id)
        for one in choice.contracts
    ]
    return _nav(gettext("Contract"), links)


def month_chooser(position: YearPosition) -> html.Nav | None:
    """The months up to which one can look, and the settlement once it is made."""
    months = [one for one in position.choices if not position.settled or one <= position.year_months[-1]]
    if not months:
        return None
    links = [
        _item(_short(one, position), address(position.contract_id, one), here=one == position.until, words=month(one))
        for one in months
    ]
    if position.settled:
        here = position.outcome is not None
        links.append(_item(gettext("afrekening"), address(position.contract_id), here=here))
    return _nav(gettext("Stand van eind"), links)


def frozen_chooser(choice: Choice, days: Sequence[date], here: date, at: str) -> html.Nav | None:
    """The months at whose end a forecast was frozen, those after the contract year left out.

    Args:
        choice: the contract year.
        days: the days of which a forecast was frozen.
        here: the day that is looked at.
        at: where the page of these links stands.
    """
    months = [Month.of(one) for one in days if one.year == choice.contract.year]
    if not months:
        return None
    links = [
        _item(
            month_axis([one])[0],
            f"{at}?{address(choice.contract.id, one).partition('?')[2]}",
            here=one == Month.of(here),
            words=month(one),
        )
        for one in months
    ]
    return _nav(gettext("Prognose van eind"), links)


def download(choice: Choice) -> html.P:
    """The link to the tables of the page as a workbook."""
    asked = address(choice.contract.id, choice.until).partition("?")[2]
    return html.P(html.A(gettext("tabellen (XLSX)"), href=f"{TABLES}?{asked}"), className="under")


def _short(one: Month, position: YearPosition) -> str:
    return month_axis([one])[0] if one.year == position.year else month(one)


def _item(label: str, href: str, *, here: bool, words: str = "") -> html.Li:
    current: dict[str, Any] = {"aria-current": "page"}
    return html.Li(html.Strong(label, **current) if here else dcc.Link(label, href=href, title=words or label))


def _nav(label: str, items: list[html.Li]) -> html.Nav:
    named: dict[str, Any] = {"aria-label": label}
    return html.Nav([html.Span(label, className="chooser-label"), html.Ul(items)], className="chooser", **named)
