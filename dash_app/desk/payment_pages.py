"""Pages of payments: what is payable and late, the runs, and one run with the buttons of whoever may press them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext
from sqlalchemy import Engine

from budgets.limits import service as limits
from dash_app import formats
from dash_app.desk import asking, export, frame, words
from dash_app.overview import address, service
from lead_contractor.kernel.money import total
from lead_contractor.kernel.refusals import Refusal
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.parties.store import subcontractors
from lead_contractor.web.guard import acting
from subcontractors.payments import service as paying
from subcontractors.payments.interest import COLLECTION_COST, TERM_DAYS
from subcontractors.payments.model import Creditor, Run, RunState


@dataclass(frozen=True, slots=True)
class PaymentPages:
    """The views, on one database."""

    engine: Engine

    def route(self, pages: Blueprint) -> None:
        """Give the views their addresses."""
        pages.add_url_rule("/betalingen", "payments", self.payments)
        pages.add_url_rule("/betalingen", "propose_run", self.propose, methods=["POST"])
        pages.add_url_rule("/betalingen/<int:run_id>", "run", self.run)
        pages.add_url_rule("/betalingen/<int:run_id>/oordeel", "judge_run", self.judge, methods=["POST"])
        pages.add_url_rule("/betalingen/<int:run_id>/uitvoeren", "execute_run", self.execute, methods=["POST"])
        pages.add_url_rule("/betalingen/<int:run_id>/terug", "reverse_payment", self.reverse, methods=["POST"])

    def payments(self) -> Any:
        """What each subcontractor has to receive today, and the runs."""
        day = address.today()
        with address.reading_scope(self.engine) as scope:
            found = address.contract_of_request(scope)
            if found is None:
                return frame.nothing_yet(gettext("Betalingen"))
            contract, known = found
            names = service.names(scope, contract.id)
            owed = paying.creditors_of(scope, contract.id, day)
            made = paying.runs_of(scope, contract.id)
        if export.asked():
            return _creditors_file(contract.code, owed, names)
        return frame.page(
            "payments",
            contract=contract,
            contracts=known,
            names=names,
            creditors=sorted(owed, key=lambda one: (-one.due, one.subcontractor)),
            due=total(one.due for one in owed if one.payable),
            later=total(one.later for one in owed),
            payable=sum(1 for one in owed if one.payable),
            flagged=[one for one in owed if one.flagged],
            interest=total(one.interest for one in owed if one.flagged),
            runs=made,
            waits=[one for one in made if one.state is RunState.PROPOSED],
            term=TERM_DAYS,
            cost=COLLECTION_COST,
        )

    def propose(self) -> Any:
        """Make a run."""

        def act(scope: Scope) -> Run:
            contract = frame.contract(scope)
            until = asking.day_of_form("until", address.today())
            chosen = request.form.getlist("agb")
            if not chosen:
                raise Refusal("Kies ten minste een onderaannemer om te betalen.")
            by, at = asking.hand(), address.now()
            release = limits.releasing(address.today(), by, at, _tell_held)
            return paying.propose_run(scope, contract.id, until, by, at, only=chosen, release=release)

        made = asking.done(self.engine, act)
        if made is None:
            return redirect(frame.address_of("desk.payments"))
        flash(gettext("Betaalbatch %(number)s staat klaar voor een tweede persoon.", number=made.id), "good")
        return redirect(url_for("desk.run", run_id=made.id))

    def run(self, run_id: int) -> Any:
        """One run with its payments and every item of them."""
        with address.reading_scope(self.engine) as scope:
            found = paying.get_run(scope, address.known_id(run_id))
            contract = next(one for one in service.every(scope) if one.id == found.contract_id)
            parties = {party.agb: party for party in subcontractors(scope, contract.id)}
        if export.asked():
            return _run_file(found, parties)
        return frame.page("run", contract=contract, run=found, parties=parties, mine=found.made_by == acting().user_id)

    def judge(self, run_id: int) -> Any:
        """Approve a run of somebody else, or turn one down."""
        number = address.known_id(run_id)

        def act(scope: Scope) -> Run:
            if request.form.get("verdict") == "approve":
                seen = request.form.get("content_hash", "")
                return paying.approve_run(scope, number, asking.hand(), address.now(), content_hash=seen)
            return paying.reject_run(scope, number, asking.hand(), address.now(), request.form.get("reason", ""))

        made = asking.done(self.engine, act)
        if made is not None:
            flash(gettext("Betaalbatch %(number)s: %(state)s.", number=made.id,
                          state=words.named(words.RUN_STATES, made.state.value)), "good")  # fmt: skip
        return redirect(url_for("desk.run", run_id=number))

    def execute(self, run_id: int) -> Any:
        """Book an approved run as paid."""
        number = address.known_id(run_id)

        def act(scope: Scope) -> Run:
            day = asking.day_of_form("day", address.today())
            return paying.execute_run(scope, number, day, asking.hand(), address.now())

        if asking.done(self.engine, act) is not None:
            flash(gettext("Betaalbatch %(number)s is geboekt als betaald.", number=number), "good")
        return redirect(url_for("desk.run", run_id=number))

    def reverse(self, run_id: int) -> Any:
        """Turn the payment to one subcontractor back."""
        number, agb = address.known_id(run_id), request.form.get("agb", "")

        def act(scope: Scope) -> Any:
            day = asking.day_of_form("day", address.today())
            reason = request.form.get("reason", "")
            return paying.reverse_payment(scope, number, agb, day, reason, asking.hand(), address.now())

        if asking.done(self.engine, act) is not None:
            flash(gettext("De betaling is teruggedraaid en staat weer open."), "good")
        return redirect(url_for("desk.run", run_id=number))


def _tell_held(held: Sequence[limits.HeldPayment]) -> None:
    """Say what a limit on the budget keeps out of a run."""
    amount = formats.euro(total(one.item.cents for one in held))
    flash(gettext("%(amount)s is aangehouden omdat het boven de begroting komt; zie Budget, Grenzen.", amount=amount),
          "error")  # fmt: skip


def _creditors_file(code: str, owed: Sequence[Creditor], names: Mapping[str, str]) -> Any:
    header = [gettext("AGB"), gettext("Onderaannemer"), gettext("Herkomst"), gettext("Vervalt op"),
              gettext("Bedrag")]  # fmt: skip
    rows: list[list[export.Cell]] = [
        [one.subcontractor, names.get(one.subcontractor, ""), words.payable_text(item), item.due_on, item.cents]
        for one in owed
        for item in one.items
    ]
    return export.download(f"te-betalen-{code}", header, rows)


def _run_file(run: Run, parties: Mapping[str, Any]) -> Any:
    header = [gettext("AGB"), gettext("Onderaannemer"), gettext("IBAN"), gettext("Kenmerk"), gettext("Herkomst"),
              gettext("Bedrag")]  # fmt: skip
    rows: list[list[export.Cell]] = [
        [*_party(paid.subcontractor, parties), f"{run.id}-{paid.subcontractor}", words.payable_text(item), item.cents]
        for paid in run.payments
        for item in paid.items
    ]
    return export.download(f"betaalbatch-{run.id}", header, rows)


def _party(agb: str, parties: Mapping[str, Any]) -> tuple[str, str, str]:
    party = parties.get(agb)
    return agb, party.name if party else "", party.iban if party else ""
