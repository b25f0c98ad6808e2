"""Pages of typed lines: the form that knows the allocations, and taking a granted line back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import Engine

from lead_contractor.kernel.periods import Month
from subcontractors.portal import form_service, form_words, words
from subcontractors.portal.asking import ID, PREFIX, now, who
from subcontractors.portal.form import Filled, Mistake, total_cents, typed_volume

FIELD = "volume-"
_UNPROCESSABLE = 422


def add_rules(pages: Blueprint, engine: Engine, master_key: bytes) -> None:
    """Add the pages of typed lines to the pages of the provider."""
    views = FormPages(engine, master_key)
    form = f"{PREFIX}/<{ID}:contract_id>/formulier"
    line = f"{PREFIX}/<{ID}:contract_id>/<{ID}:message_id>/regel/<{ID}:line_id>/terugnemen"
    pages.add_url_rule(form, "form", views.form, methods=["GET", "POST"])
    pages.add_url_rule(f"{form}/bedrag", "form_amount", views.amount)
    pages.add_url_rule(line, "undo", views.undo, methods=["GET", "POST"])


@dataclass(frozen=True, slots=True)
class FormPages:
    """The views, on one database."""

    engine: Engine
    master_key: bytes

    def form(self, contract_id: int) -> Any:
        """The form for a month; the button reckons the amounts, or goes on to the pre-check."""
        typed = {key.removeprefix(FIELD): value for key, value in request.form.items() if key.startswith(FIELD)}
        month, problem = _month(), ""
        if request.method == "POST" and "controleren" in request.form:
            made = form_service.keep_form(
                self.engine, self.master_key, who(), contract_id, month or abort(400), typed, now()
            )
            if isinstance(made, str):
                return redirect(url_for(".check", token=made))
            problem = _problem(made or abort(404))
        page = self._page(contract_id, month, typed)
        body = render_template("portal/form.html", view=page, problem=problem, total=total_cents(page.lines.values()))
        return (body, _UNPROCESSABLE) if problem else body

    def amount(self, contract_id: int) -> Any:
        """The amount of one typed volume, for the page while somebody types."""
        key = request.args.get("rij", "")
        page = self._page(contract_id, _month(), {key: request.args.get("volume", "")})
        line, mistake = page.lines.get(key), page.mistakes.get(key)
        row = next((one for one in page.rows if one.key == key), None)
        return jsonify(
            amount=words.amount(line.amount) if line else "",
            cents=int(line.amount) if line else 0,
            mistake=form_words.mistake(mistake) if mistake else "",
            warning=form_words.over_limit(row, line.volume) if row and line else "",
        )

    def undo(self, contract_id: int, message_id: int, line_id: int) -> Any:
        """Take a granted line back, and declare it again if need be: both in one draft, the credit first."""
        page = form_service.undo_page(self.engine, self.master_key, who(), contract_id, message_id, line_id)
        if page is None:
            abort(404)
        typed, mistake = request.form.get("volume", ""), None
        if request.method == "POST":
            again = request.form.get("wat") == "opnieuw"
            made: str | Mistake | None = Mistake.ZERO
            if not again or typed_volume(typed, page.line.unit) is not None:
                made = form_service.keep_undo(
                    self.engine, self.master_key, who(), contract_id, page, typed if again else "", now()
                )
            if not isinstance(made, Mistake):
                return redirect(url_for(".check", token=made or abort(404)))
            mistake = made
        body = render_template("portal/undo.html", view=page, typed=typed, mistake=mistake, contract_id=contract_id)
        return (body, _UNPROCESSABLE) if mistake else body

    def _page(self, contract_id: int, month: Month | None, typed: Mapping[str, str]) -> form_service.FormPage:
        found = form_service.form_page(self.engine, self.master_key, who(), contract_id, month, typed, now())
        return found if found is not None else abort(404)


def _problem(made: Filled) -> str:
    """Why a form did not become a draft."""
    if made.mistakes:
        return str(gettext("Niet alles is zo te controleren. Herstel wat bij de rijen staat."))
    return str(gettext("U hebt nog niets ingevuld. Vul bij ten minste één cliënt in wat u hebt geleverd."))


def _month() -> Month | None:
    try:
        return Month.parse(request.values.get("maand", ""))
    except ValueError:
        return None
