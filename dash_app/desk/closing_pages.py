"""Closing a month with its checklist, and the worklists of what is late on either side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, request
from flask_babel import gettext
from sqlalchemy import Engine

from budgets.closing import service as months
from dash_app.desk import asking, export, frame
from dash_app.overview import address, service
from lead_contractor.books.closing import acts, closed_months
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.refusals import Refusal
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from lead_contractor.web.languages import current_language
from subcontractors.clocks import service as clocks
from subcontractors.clocks.words import words as list_words


@dataclass(frozen=True, slots=True)
class ClosingPages:
    """The views, on one database with its vault."""

    engine: Engine
    master_key: bytes

    def route(self, pages: Blueprint) -> None:
        """Give the views their addresses."""
        pages.add_url_rule("/maandsluiting", "closing", self.closing)
        pages.add_url_rule("/maandsluiting", "close_month", self.close, methods=["POST"])

    def closing(self) -> Any:
        """The checklist of the month that is next, what was closed, and what is late."""
        today = address.today()
        with address.reading_scope(self.engine) as scope:
            found = address.contract_of_request(scope)
            if found is None:
                return frame.nothing_yet(gettext("Maandsluiting"))
            contract, known = found
            month = months.next_month(scope, contract.id)
            checks = months.checklist(scope, contract.id, month, today, months.proof_of(scope, contract.id, today))
            done = acts(scope, contract.id)
            vault = Vault(self.master_key, scope.lead_contractor_id)
            lists = clocks.worklists(scope, vault, contract.id, today)
            names = service.names(scope, contract.id)
        if export.asked():
            return _file(contract.code, lists, names)
        return frame.page(
            "closing",
            contract=contract,
            contracts=known,
            month=month,
            checks=checks,
            acts=done,
            closed=closed_months(done),
            lists=lists,
            names=names,
            list_words=lambda kind: list_words(kind, current_language()),
        )

    def close(self) -> Any:
        """Close the next month, or reopen the last one."""

        def act(scope: Scope) -> None:
            contract, by, at = frame.contract(scope), asking.hand(), address.now()
            try:
                month = Month.parse(request.form.get("month", ""))
            except ValueError:
                raise Refusal("Kies een maand.") from None
            if request.form.get("act") == "reopen":
                months.reopen_month(scope, contract.id, month, by, at, request.form.get("reason", ""))
                flash(gettext("%(month)s is heropend.", month=month), "good")
            else:
                months.close_month(scope, contract.id, month, by, at, address.today())
                flash(gettext("%(month)s is afgesloten.", month=month), "good")

        asking.done(self.engine, act)
        return redirect(frame.address_of("desk.closing"))


def _file(code: str, lists: Any, names: Any) -> Any:
    header = [gettext("Lijst"), gettext("AGB"), gettext("Aanbieder"), gettext("Kenmerk"), gettext("Uiterlijk"),
              gettext("Te laat"), gettext("Bedrag")]  # fmt: skip
    rows: list[list[export.Cell]] = [
        [list_words(one.kind, current_language()).title, entry.subcontractor, names.get(entry.subcontractor, ""),
         entry.reference or entry.product, entry.due, str(entry.late), entry.amount]
        for one in lists
        for entry in one.entries
    ]  # fmt: skip
    return export.download(f"werklijsten-{code}", header, rows)
