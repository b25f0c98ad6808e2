"""The page on which a purchasing organisation sees its municipalities beside each other, and the same as a workbook.

It is there for who may see the meeting of more than one contract in a year, and for nobody else.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, render_template, request, send_file
from sqlalchemy import Engine

from budgets.use.service import year_position
from dash_app.access import MEETING_ROLES, sees_names, viewer
from dash_app.choice import MUNICIPALITIES, query
from dash_app.formats import euro_short, month, month_axis, month_name
from dash_app.language import gettext
from dash_app.pages.parts import Part
from dash_app.shown import Seen, seen_in
from dash_app.side_by_side import Beside, months_of, part, room, years_of
from dash_app.workbook import KIND, workbook
from lead_contractor.kernel.database import reading
from lead_contractor.kernel.money import Cents, total
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.web.guard import signed_in


@dataclass(frozen=True, slots=True)
class Looked:
    """What the page shows: a year, as of a month, a row for each municipality, and what else can be chosen."""

    year: int
    years: tuple[int, ...]
    until: Month | None
    months: tuple[Month, ...]
    rows: tuple[tuple[Beside, Seen], ...]
    part: Part

    @property
    def keys(self) -> dict[str, Beside]:
        """The rows by the key under which they stand in the table."""
        return {str(beside.contract.id): beside for beside, _ in self.rows}


def route(pages: Blueprint, engine: Engine) -> None:
    """Give the page and its workbook their addresses."""

    @pages.get(MUNICIPALITIES)
    def municipalities() -> Any:
        with reading(engine) as connection:
            now = _look(connection)
            return render_template(
                "dash_app/municipalities.html",
                now=now,
                answer=_answer(now),
                at=MUNICIPALITIES,
                month=month,
                short=lambda one: month_axis([one])[0],
                query=query,
                controller=sees_names(viewer()),
            )

    @pages.get(f"{MUNICIPALITIES}.xlsx")
    def municipalities_workbook() -> Any:
        with reading(engine) as connection:
            now = _look(connection)
            content = workbook([now.part], [_answer(now)])
        name = f"gemeenten-{now.until or now.year}.xlsx"
        return send_file(io.BytesIO(content), mimetype=KIND, as_attachment=True, download_name=name)


def _years(scope: Scope) -> Any:
    person, session = viewer(), signed_in()
    return years_of(scope, person, () if session is None else session.memberships)


def _look(connection: Any) -> Looked:
    """What the address chooses.

    Raises:
        Forbidden: a provider asks.
        NotFound: there are no more municipalities than one, or no such year or month.
    """
    person = viewer(*MEETING_ROLES)
    scope = Scope(connection, person.lead_contractor_id)
    known = _years(scope)
    if not known:
        abort(404)
    year = _one_of("year", {str(one): one for one in known}, next(iter(known)))
    months = months_of([year_position(scope, one.contract.id) for one in known[year]])
    until = _one_of("until", {str(one): one for one in months}, months[-1] if months else None)
    rows = tuple((one, _seen(scope, one, until)) for one in known[year])
    return Looked(year, tuple(known), until, months, rows, part(rows, controller=sees_names(person)))


def _one_of(name: str, known: dict[str, Any], otherwise: Any) -> Any:
    asked = request.args.getlist(name)
    if not asked:
        return otherwise
    return known[asked[0]] if len(asked) == 1 and asked[0] in known else abort(404)


def _seen(scope: Scope, one: Beside, until: Month | None) -> Seen:
    found = seen_in(scope, one.person, f"?{query(one.contract.id, until)}")
    return found if found is not None else abort(404)


def _answer(now: Looked) -> str:
    """How many there are, and what they leave together."""
    names = len(now.rows)
    if now.until is None:
        return gettext("Over %(year)s is bij %(count)s gemeenten nog niets vastgelegd.", year=now.year, count=names)
    rooms = [room(one) for _, one in now.rows]
    known = [cents for cents in rooms if cents is not None]
    at = f"{month_name(now.until)} {now.until.year}"
    if len(known) < len(rooms):
        return gettext("%(count)s gemeenten naast elkaar, stand van eind %(month)s.", count=names, month=at)
    return f"{_together(known, at)} {_short(known)}"


def _together(rooms: Sequence[Cents], at: str) -> str:
    left = total(rooms)
    words = {"count": len(rooms), "room": euro_short(abs(left)), "month": at}
    if left < 0:
        return gettext(
            "Eind %(month)s verwachten we bij %(count)s gemeenten samen %(room)s tekort over het jaar.", **words
        )
    return gettext("Eind %(month)s verwachten we bij %(count)s gemeenten samen %(room)s ruimte over het jaar.", **words)


def _short(rooms: Sequence[Cents]) -> str:
    short = sum(1 for cents in rooms if cents < 0)
    if not short:
        return gettext("Geen ervan komt naar verwachting tekort.")
    return gettext("Naar verwachting tekort: %(short)s van de %(count)s.", short=short, count=len(rooms))
