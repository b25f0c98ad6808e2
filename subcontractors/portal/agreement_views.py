"""Mijn afspraken: agreements, tariffs, allocations with what is left, and the provider's own mark of each client."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import Engine

from subcontractors.portal import agreement_service
from subcontractors.portal.asking import ID, now, who

PER_PAGE = 100
MARK = "kenmerk-"


def add_rules(pages: Blueprint, engine: Engine, master_key: bytes) -> None:
    """Add Mijn afspraken to the pages of the provider."""
    views = AgreementPages(engine, master_key)
    pages.add_url_rule("/afspraken/", "agreements", views.agreements)
    pages.add_url_rule(f"/afspraken/<{ID}:contract_id>", "agreements", views.agreements)
    pages.add_url_rule(f"/afspraken/<{ID}:contract_id>/kenmerken", "marks", views.marks, methods=["POST"])


@dataclass(frozen=True, slots=True)
class AgreementPages:
    """The views, on one database."""

    engine: Engine
    master_key: bytes

    def agreements(self, contract_id: int | None = None) -> Any:
        """What was agreed, and what is left of it."""
        search = request.args.get("zoek", "")[:40]
        page = agreement_service.agreements_page(self.engine, self.master_key, who(), contract_id, search, now())
        if page is None:
            return render_template("portal/none.html") if contract_id is None else abort(404)
        number = max(1, request.args.get("pagina", 1, type=int))
        shown = page.allocations[(number - 1) * PER_PAGE : number * PER_PAGE]
        return render_template(
            "portal/agreements.html",
            view=page,
            shown=shown,
            search=search,
            number=number,
            pages=-(-len(page.allocations) // PER_PAGE),
        )

    def marks(self, contract_id: int) -> Any:
        """Keep the marks that were typed, and go back."""
        given = {
            int(key.removeprefix(MARK)): value
            for key, value in request.form.items()
            if key.startswith(MARK) and key.removeprefix(MARK).isdecimal() and len(key) < len(MARK) + 19
        }
        agreement_service.keep_marks(self.engine, self.master_key, who(), given)
        flash(gettext("Uw kenmerken zijn bewaard."), "good")
        return redirect(
            url_for(
                ".agreements",
                contract_id=contract_id,
                zoek=request.form.get("zoek") or None,
                pagina=request.form.get("pagina", type=int),
            )
        )
