"""Opgaven: what those who do not declare lines report per month – FTE, hours, occupancy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import ngettext
from sqlalchemy import Engine

from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.web import guard
from subcontractors.agreements.model import Realised
from subcontractors.agreements.store import realised_of
from subcontractors.portal import years
from subcontractors.portal.asking import ID, now, who
from subcontractors.portal.model import Problem, Provider, UploadRefused, Year
from subcontractors.portal.service import AfterIntake
from subcontractors.returns import service as returns
from subcontractors.returns.model import FIELDS, Answer, Asked, Channel, Due, Stored, Written

FIELD = "opgave"
_UNPROCESSABLE = 422


def add_rules(pages: Blueprint, engine: Engine, after_intake: AfterIntake) -> None:
    """Add the returns to the pages of the provider."""
    views = ReturnPages(engine, after_intake)
    pages.add_url_rule("/opgaven/", "returns", views.returns, methods=["GET", "POST"])
    pages.add_url_rule(f"/opgaven/<{ID}:contract_id>", "returns", views.returns, methods=["GET", "POST"])


@dataclass(frozen=True, slots=True)
class Returned:
    """What is asked of a provider, what was returned last, and what is still due."""

    year: Year
    asked: tuple[Asked, ...]
    latest: Mapping[tuple[str, Month], Stored]
    known: Mapping[tuple[str, Month], Realised]
    due: Mapping[tuple[str, Month], Due]

    @property
    def late(self) -> int:
        """How many months are late."""
        return sum(one.late for one in self.due.values())


@dataclass(frozen=True, slots=True)
class ReturnPages:
    """The views, on one database."""

    engine: Engine
    after_intake: AfterIntake

    def returns(self, contract_id: int | None = None) -> Any:
        """The months with their fields; what was typed is taken month by month, or refused with its reasons."""
        year = years.chosen_year(self.engine, who(), contract_id, now())
        if year is None:
            return render_template("portal/none.html") if contract_id is None else abort(404)
        answers: tuple[Answer, ...] = ()
        if request.method == "POST":
            answers = self._submit(year)
            taken = sum(one.changed for one in answers if one.accepted)
            if taken:
                flash(ngettext("1 opgave bewaard.", "%(num)s opgaven bewaard.", taken), "good")
            if all(one.accepted for one in answers):
                return redirect(url_for(".returns", contract_id=year.contract_id))
        found = _returned(self.engine, who(), year, now())
        wrong = {(one.agreement, one.month): one for one in answers if not one.accepted}
        page = render_template("portal/returns.html", view=found, wrong=wrong, fields=FIELDS, typed=request.form)
        return (page, _UNPROCESSABLE) if wrong else page

    def _submit(self, year: Year) -> tuple[Answer, ...]:
        if year.closed:
            raise UploadRefused(Problem.CLOSED)
        lines = _typed(_returned(self.engine, who(), year, now()))
        asking, at = who(), now()
        person = guard.signed_in()
        with writing(self.engine) as connection:
            scope = Scope(connection, asking.lead_contractor_id)
            made = returns.submit_lines(
                scope,
                year.contract_id,
                asking.agb,
                lines,
                at,
                person.user.name if person else asking.agb,
                channel=Channel.FORM,
            )
            if any(one.changed for one in made):
                self.after_intake(scope, year.contract_id, at)
        return made


def _returned(engine: Engine, asking: Provider, year: Year, at: datetime) -> Returned:
    with reading(engine) as connection:
        scope = Scope(connection, asking.lead_contractor_id)
        asked = returns.asked(scope, year.contract_id, asking.agb)
        history = returns.history(scope, year.contract_id, asking.agb)
        known = {(one.agreement, one.month): one for one in realised_of(scope, year.contract_id)}
        due = returns.due(scope, year.contract_id, asking.agb, years.local_day(at))
    latest = {(one.agreement, one.month): one for one in history}
    return Returned(year, asked, latest, known, {(one.agreement, one.month): one for one in due})


def _typed(found: Returned) -> list[Written]:
    """The months in which something was typed."""
    lines = []
    for one in found.asked:
        for month in one.months:
            typed = {
                name: request.form.get(f"{FIELD}-{one.agreement}-{month}-{name}", "").strip() for name in one.fields
            }
            if any(typed.values()):
                fte, hours, occupancy = (typed.get(name, "") for name in FIELDS)
                lines.append(Written(one.agreement, str(month), fte, hours, occupancy))
    return lines
