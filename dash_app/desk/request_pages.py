"""Requests of subcontractors for an allocation or a change of one (315, 317): with their term, and the answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, request
from flask_babel import gettext
from sqlalchemy import Engine

from budgets.limits import service as limits
from budgets.limits.model import Case, Deed
from budgets.year_folder.stored import contract_of
from dash_app.desk import asking, export, frame, words
from dash_app.overview import address, service
from lead_contractor.contract.store import get_contract
from lead_contractor.kernel.refusals import Refusal
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from lead_contractor.web.guard import acting
from subcontractors.chain import service as chain


@dataclass(frozen=True, slots=True)
class RequestPages:
    """The views, on one database with its vault."""

    engine: Engine
    master_key: bytes

    def route(self, pages: Blueprint) -> None:
        """Give the views their addresses."""
        pages.add_url_rule("/verzoeken", "requests", self.requests)
        pages.add_url_rule("/verzoeken/<int:request_id>", "answer_request", self.answer, methods=["POST"])

    def requests(self) -> Any:
        """The requests that wait for an answer, the most pressing first."""
        with address.reading_scope(self.engine) as scope:
            found = address.contract_of_request(scope)
            if found is None:
                return frame.nothing_yet(gettext("Verzoeken"))
            contract, known = found
            names = service.names(scope, contract.id)
            vault = Vault(self.master_key, scope.lead_contractor_id)
            waits = chain.worklist(scope, vault, contract.id, address.today())
            limited = bool(contract_of(get_contract(scope, contract.id)).budget.limits)
        if export.asked():
            header = [gettext("Soort"), gettext("AGB"), gettext("Aanbieder"), gettext("Cliënt"), gettext("Ontvangen"),
                      gettext("Uiterlijk"), gettext("Stand")]  # fmt: skip
            rows: list[list[export.Cell]] = [
                [one.kind, one.sender, names.get(one.sender, ""), one.client, one.received, one.due_on,
                 words.named(words.REQUEST_STATES, one.status.value)]
                for one in waits
            ]  # fmt: skip
            return export.download(f"verzoeken-{contract.code}", header, rows)
        late = sum(1 for one in waits if one.late)
        return frame.page("requests", contract=contract, contracts=known, names=names, waits=waits, late=late,
                          limited=limited)  # fmt: skip

    def answer(self, request_id: int) -> Any:
        """Grant a request, reject it, or put it under investigation."""
        number = address.known_id(request_id)

        def act(scope: Scope) -> None:
            contract, by, at = frame.contract(scope), acting().user_name, address.now()
            vault = Vault(self.master_key, scope.lead_contractor_id)
            wanted, note = request.form.get("answer", ""), request.form.get("note", "").strip()[:1000]
            if wanted == "grant":
                check = _within_budget(number)
                chain.grant(scope, vault, contract.id, number, at, by, note=note, after_allocating=check)
            elif wanted == "reject":
                chain.reject(scope, vault, contract.id, number, at, by, request.form.get("reason", ""), note)
            elif wanted == "investigate":
                chain.investigate(scope, vault, contract.id, number, at, by, note)
            else:
                raise Refusal("Kies een antwoord: toewijzen, afwijzen of in onderzoek.")
            flash(gettext("Het verzoek is beantwoord; het bericht staat klaar om te versturen."), "good")

        asking.done(self.engine, act)
        return redirect(frame.address_of("desk.requests"))


def _within_budget(request_id: int) -> chain.AfterAllocating:
    """Hold what is granted against the limits on the budget; warnings are told."""

    def check(scope: Scope, contract_id: int, numbers: Sequence[str]) -> None:
        case, reason = Case(Deed.ALLOCATION, str(request_id)), request.form.get("pass_reason", "")
        day, at = address.today(), address.now()
        for said in limits.check_allocations(scope, contract_id, numbers, case, asking.hand(), day, at, reason=reason):
            flash(said, "error")

    return check
