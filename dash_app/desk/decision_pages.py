"""Pages of decisions: what waits for a second person, what was decided, and one decision with its lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext
from sqlalchemy import Engine

from dash_app.desk import asking, exceptions, export, frame, words
from dash_app.desk.model import PAGE_SIZE
from dash_app.overview import address, service
from dash_app.overview import words as common
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.web.guard import acting
from subcontractors.decisions import service as deciding
from subcontractors.decisions.model import Decision, Kind, State


@dataclass(frozen=True, slots=True)
class DecisionPages:
    """The views, on one database."""

    engine: Engine

    def route(self, pages: Blueprint) -> None:
        """Give the views their addresses."""
        pages.add_url_rule("/besluiten", "decisions", self.decisions)
        pages.add_url_rule("/besluiten/<int:decision_id>", "decision", self.decision)
        pages.add_url_rule("/besluiten/<int:decision_id>/oordeel", "judge", self.judge, methods=["POST"])
        pages.add_url_rule("/besluiten/<int:decision_id>/intrekken", "withdraw", self.withdraw, methods=["POST"])

    def decisions(self) -> Any:
        """Decisions, those that wait first."""
        with address.reading_scope(self.engine) as scope:
            contract, number = frame.contract(scope), address.page_number()
            offset = (number - 1) * PAGE_SIZE
            found = deciding.decisions_of(scope, contract.id, limit=PAGE_SIZE + 1, offset=offset)
        rows = sorted(found[:PAGE_SIZE], key=lambda one: (not one.waits, -one.id))
        if export.asked():
            return _file(contract.code, rows)
        return frame.page(
            "decisions", contract=contract, rows=rows, number=number, more=len(found) > PAGE_SIZE, arguments={}
        )

    def decision(self, decision_id: int) -> Any:
        """One decision with its lines, and the buttons of whoever may judge it."""
        with address.reading_scope(self.engine) as scope:
            found = deciding.get_decision(scope, address.known_id(decision_id))
            contract = next(one for one in service.every(scope) if one.id == found.contract_id)
            names = service.names(scope, contract.id)
            rows = exceptions.line_rows(scope, [line.line_id for line in found.lines])
            withdrawals = deciding.withdrawals_of(scope, found)
        mine = found.made_by == acting().user_id
        return frame.page(
            "decision",
            contract=contract,
            decision=found,
            rows=rows,
            names=names,
            mine=mine,
            withdrawals=withdrawals,
            can_withdraw=found.kind is Kind.OVERRIDE
            and found.state is State.APPROVED
            and contract.final_at is None
            and not any(one.state is not State.REJECTED for one in withdrawals),
        )

    def judge(self, decision_id: int) -> Any:
        """Approve or turn down a proposal."""
        number, said = address.known_id(decision_id), request.form.get("reason", "")
        judge = deciding.approve if request.form.get("verdict") == "approve" else deciding.reject

        def act(scope: Scope) -> Decision:
            return judge(scope, number, asking.hand(), address.now(), said)

        made = asking.done(self.engine, act)
        if made is not None:
            flash(gettext("Over besluit %(number)s is geoordeeld.", number=made.id), "good")
            for told in words.refused_text(line.outcome for line in made.lines if line.outcome):
                flash(told, "error")
        return redirect(url_for("desk.decision", decision_id=number))

    def withdraw(self, decision_id: int) -> Any:
        """Propose to take an override back."""
        number, said = address.known_id(decision_id), request.form.get("reason", "")
        made = asking.done(
            self.engine,
            lambda scope: deciding.propose_withdrawal(scope, number, said, asking.hand(), address.now()),
        )
        shown = made.decision.id if made is not None and made.decision is not None else number
        return redirect(url_for("desk.decision", decision_id=shown))


def _file(code: str, rows: list[Decision]) -> Any:
    header = [gettext("Nummer"), gettext("Besluit"), gettext("Stand"), gettext("Regels"), gettext("Bedrag"),
              gettext("Reden"), gettext("Voorgesteld door"), gettext("Geoordeeld door")]  # fmt: skip
    made: list[list[export.Cell]] = [
        [str(one.id), words.named(words.KINDS, one.kind.value), words.named(words.STATES, one.state.value),
         str(one.count), one.cents, common.without_bsn(one.reason), one.made_by_name, one.decided_by_name]
        for one in rows
    ]  # fmt: skip
    return export.download(f"besluiten-{code}", header, made)
