"""Opgaven per kwartaal: what a provider was asked for a quarter, what is known already, and the form to hand it in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask_babel import gettext, lazy_gettext
from sqlalchemy import Engine

from lead_contractor.access.model import Role
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.findings import Finding
from lead_contractor.kernel.quarters import Quarter
from lead_contractor.kernel.refusals import NotFound, Refusal, Unsound
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.web import guard, languages, navigation
from subcontractors.portal import years
from subcontractors.portal.asking import ID, now, who
from subcontractors.portal.model import Year
from subcontractors.reports import service
from subcontractors.reports.model import Form, Line, Written

NAME = "figures"
PREFIX = "/kwartaalopgaven"
_ORDER = 13
_UNPROCESSABLE, _CONFLICT = 422, 409
_CATALOGUE = Path(__file__).parent / "translations" / "en" / "LC_MESSAGES" / "messages.po"


def blueprint(engine: Engine) -> Blueprint:
    """The pages of the provider about quarterly figures, to be registered on a shell beside those of the portal."""
    views = Pages(engine)
    pages = Blueprint(
        NAME, __name__, template_folder="templates", static_folder="static", static_url_path=f"{PREFIX}/static"
    )
    pages.add_url_rule(f"{PREFIX}/", "overview", views.overview)
    pages.add_url_rule(f"{PREFIX}/<{ID}:contract_id>/", "overview", views.overview)
    pages.add_url_rule(f"{PREFIX}/<{ID}:contract_id>/<quarter>", "form", views.form, methods=["GET", "POST"])
    guard.restrict(pages, Role.PROVIDER)
    item = navigation.NavItem(
        lazy_gettext("Opgaven per kwartaal"), f"{NAME}.overview", frozenset({Role.PROVIDER}), _ORDER
    )
    navigation.offer(pages, item)
    pages.record(_prepare)
    return pages


def _prepare(state: BlueprintSetupState) -> None:
    assert isinstance(state.app, Flask)
    languages.add_catalogue(state.app, _CATALOGUE)
    guard.leave_open(state.app, f"{NAME}.static")


@dataclass(frozen=True, slots=True)
class Pages:
    """The views, on one database."""

    engine: Engine

    def overview(self, contract_id: int | None = None) -> Any:
        """What was asked per quarter, and what is open or late."""
        year = self._year(contract_id)
        if year is None:
            return render_template("portal/none.html") if contract_id is None else abort(404)
        asking = who()
        with reading(self.engine) as connection:
            scope = Scope(connection, asking.lead_contractor_id)
            found = service.forms(scope, year.contract_id, subcontractor=asking.agb)
        today = years.local_day(now())
        open_forms = [one for one in found if not one.handed_in]
        return render_template(
            "figures/overview.html",
            year=year,
            forms=found,
            open=open_forms,
            late=[one for one in open_forms if one.late(today)],
            today=today,
            **_helpers(),
        )

    def form(self, contract_id: int, quarter: str) -> Any:
        """The figures of a quarter; what was typed is taken as a whole, or refused with its reasons."""
        year = self._year(contract_id) or abort(404)
        try:
            chosen = Quarter.parse(quarter)
        except ValueError:
            abort(404)
        wrong: Mapping[str, list[Finding]] = {}
        whole, status = "", 200
        if request.method == "POST":
            try:
                return self._submit(year, chosen)
            except Unsound as refused:
                wrong, status = _by_column(refused), _UNPROCESSABLE
            except NotFound:
                abort(404)
            except Refusal as refused:
                whole, status = str(refused), _CONFLICT
        asking = who()
        with reading(self.engine) as connection:
            scope = Scope(connection, asking.lead_contractor_id)
            try:
                form = service.form_of(scope, year.contract_id, asking.agb, chosen)
            except NotFound:
                abort(404)
        today = years.local_day(now())
        page = render_template(
            "figures/form.html",
            year=year,
            form=form,
            late=form.late(today),
            over=chosen.last < today,
            typed=request.form,
            wrong=wrong,
            whole=whole,
            shown=lambda line, name: _shown(line, name, form),
            **_helpers(),
        )
        return page, status

    def _submit(self, year: Year, quarter: Quarter) -> Any:
        asking, at = who(), now()
        person = guard.signed_in()
        with writing(self.engine) as connection:
            answers = service.submit(
                Scope(connection, asking.lead_contractor_id),
                year.contract_id,
                asking.agb,
                quarter,
                _typed(),
                at,
                person.user.name if person else asking.agb,
                reason=request.form.get("reason", ""),
            )
        if any(one.changed for one in answers):
            flash(gettext("Uw opgave over kwartaal %(number)s is ingediend.", number=quarter.number), "good")
        else:
            flash(gettext("Er is niets veranderd: dit stond er al."))
        return redirect(url_for(".overview", contract_id=year.contract_id))

    def _year(self, contract_id: int | None) -> Year | None:
        return years.chosen_year(self.engine, who(), contract_id, now())


def _typed() -> list[Written]:
    """The figures of the form; a field that is not there says nothing."""
    names = dict.fromkeys(name.partition("-")[2] for name in request.form if name.startswith("value-"))
    return [
        Written(
            name,
            request.form.get(f"value-{name}", ""),
            request.form.get(f"number-{name}", ""),
            request.form.get(f"explanation-{name}", ""),
        )
        for name in names
    ]


def _by_column(refused: Unsound) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for one in refused.findings:
        found.setdefault(one.column, []).append(one)
    return found


def _shown(line: Line, name: str, form: Form) -> str:
    """What stands in a field: what was typed, else what was handed in, else what we know."""
    typed = request.form.get(f"{name}-{line.kpi.id}")
    if typed is not None:
        return typed
    if name == "explanation":
        return line.latest.explanation if line.latest else ""
    stands = line.stands
    if stands is None:
        return ""
    if name == "number":
        return "" if stands.number is None else str(stands.number)
    text = f"{stands.value.normalize():f}"
    return text if languages.current_language() == "en" else text.replace(".", ",")


def _helpers() -> dict[str, Any]:
    language = languages.current_language()
    return {"text": lambda texts: texts[language]}
