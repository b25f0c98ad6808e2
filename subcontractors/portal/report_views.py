"""Pages of starts and stops: the list with what became of them, and a small form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy import Engine

from subcontractors.portal import report_service, years
from subcontractors.portal.asking import ID, now, who
from subcontractors.portal.reports import FIRST, STOP_REASONS, WITHDRAWN, Kind, Typed, Wrong

_UNPROCESSABLE = 422


def add_rules(pages: Blueprint, engine: Engine, master_key: bytes) -> None:
    """Add the pages of starts and stops to the pages of the provider."""
    views = ReportPages(engine, master_key)
    pages.add_url_rule("/start-en-stop/", "reports", views.reports, methods=["GET", "POST"])
    pages.add_url_rule(f"/start-en-stop/<{ID}:contract_id>", "reports", views.reports, methods=["GET", "POST"])


@dataclass(frozen=True, slots=True)
class ReportPages:
    """The views, on one database."""

    engine: Engine
    master_key: bytes

    def reports(self, contract_id: int | None = None) -> Any:
        """The list; a form sent here becomes a draft to look at before it is submitted."""
        year = years.chosen_year(self.engine, who(), contract_id, now())
        if year is None:
            return render_template("portal/none.html") if contract_id is None else abort(404)
        typed = _typed()
        wrong: tuple[Wrong, ...] = ()
        if request.method == "POST":
            made = report_service.keep_report(self.engine, self.master_key, who(), year.contract_id, typed, now())
            if isinstance(made, str):
                return redirect(url_for(".check", token=made))
            wrong = made if made is not None else abort(404)
        page = report_service.reports_page(self.engine, self.master_key, who(), year.contract_id) or abort(404)
        body = render_template(
            "portal/reports.html",
            view=page,
            typed=typed,
            wrong=wrong,
            reasons=STOP_REASONS,
            today=years.local_day(now()),
            Wrong=Wrong,
            withdrawn=WITHDRAWN,
        )
        return (body, _UNPROCESSABLE) if wrong else body


def _typed() -> Typed:
    given = request.form if request.method == "POST" else request.args
    kind = Kind.STOP if given.get("soort") == Kind.STOP.value else Kind.START
    stop = kind is Kind.STOP
    return Typed(
        kind,
        given.get("toewijzing", "")[:20],
        _day(given.get("begin", "")),
        _day(given.get("einde", "")) if stop else None,
        given.get("reden", "")[:2] if stop else "",
        WITHDRAWN if given.get("status") == WITHDRAWN else FIRST,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
