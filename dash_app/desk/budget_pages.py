"""Pages of the budget: its use as of a day and by version, amendments by two people, and limits on overrun."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, request
from flask_babel import gettext
from sqlalchemy import Engine

from budgets.limits import service as limits
from budgets.limits import store as limit_store
from budgets.limits.model import Case, Deed, Line
from budgets.plan import service, version_store
from budgets.plan.amend import plan_total
from budgets.plan.model import Amendment, AmendmentKind, Place
from budgets.plan.service import Budget
from budgets.use.line_model import By, UseReport
from budgets.use.line_service import use_on
from dash_app.desk import asking, budget_words, export, frame
from dash_app.desk.budget_form import cents_of, changes_of, place_text
from dash_app.overview import address
from dash_app.overview import service as overview
from lead_contractor.contract.model import CarryOver, LimitAction, LimitKind, Transfers
from lead_contractor.kernel.money import Cents, euros_text, total
from lead_contractor.kernel.refusals import NotAllowed
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.web.guard import acting
from subcontractors.payments import service as payments

_LONGEST_LINE, _LONGEST_SUBJECT = 8, 20


@dataclass(frozen=True, slots=True)
class Difference:
    """A line in two versions of the budget."""

    place: Place
    before: Cents
    after: Cents


@dataclass(frozen=True, slots=True)
class BudgetPages:
    """The views, on one database."""

    engine: Engine

    def route(self, pages: Blueprint) -> None:
        """Give the views their addresses."""
        pages.add_url_rule("/budget", "budget", self.budget)
        pages.add_url_rule("/budget", "propose_budget", self.propose, methods=["POST"])
        pages.add_url_rule("/budget/<int:amendment_id>/oordeel", "judge_budget", self.judge, methods=["POST"])
        pages.add_url_rule("/budget/grenzen", "limits", self.limits)
        pages.add_url_rule("/budget/grenzen", "give_pass", self.give_pass, methods=["POST"])

    def budget(self) -> Any:
        """The use of every line as of a day, held against a version; the versions, and what waits for approval."""
        day = _day("day", address.today())
        by = By(address.one_of("by", [one.value for one in By]) or By.LINE)
        with address.reading_scope(self.engine) as scope:
            found = address.contract_of_request(scope)
            if found is None:
                return frame.nothing_yet(gettext("Budget"))
            contract, known = found
            names = overview.names(scope, contract.id)
            budget = service.budget_of(scope, contract.id)
            number = _version("version", budget, budget.on(day).number)
            report = use_on(scope, contract.id, day, by, version=number)
            every = version_store.amendments(scope, contract.id)
            following = service.next_contract(scope, contract.id)
        if export.asked():
            return _use_file(report, names)
        other = _version("with", budget, 0)
        return frame.page(
            "budget",
            contract=contract,
            contracts=known,
            names=names,
            day=day,
            by=by,
            report=report,
            budget=budget,
            totals={one.number: plan_total(budget.plan(one.number)) for one in budget.versions},
            compared=_compared(budget, other, number) if other else (),
            other=other,
            waits=[one for one in every if one.approved is None],
            declined=[one for one in every if one.approved is False],
            places=sorted({place for one in budget.versions for place in budget.plan(one.number)}),
            kinds=_kinds(budget, following),
            said=budget_words,
            place_text=place_text,
            me=acting().user_id,
        )

    def propose(self) -> Any:
        """Propose an amendment."""

        def act(scope: Scope) -> Amendment:
            contract = frame.contract(scope)
            kind = AmendmentKind(_one_of("kind", [one.value for one in AmendmentKind]))
            form = request.form.to_dict()
            changes = changes_of(scope, service.budget_of(scope, contract.id), kind, form)
            valid_from = asking.day_of_form("valid_from", address.today())
            reason = form.get("reason", "")
            return service.propose(scope, contract.id, kind, changes, valid_from, reason, asking.hand(), address.now())

        made = asking.done(self.engine, act)
        if made is not None:
            flash(gettext("Voorstel %(number)s staat klaar voor een tweede persoon.", number=made.id), "good")
        return redirect(frame.address_of("desk.budget"))

    def judge(self, amendment_id: int) -> Any:
        """Approve an amendment of somebody else, or turn one down."""
        number = address.known_id(amendment_id)

        def act(scope: Scope) -> Amendment:
            contract, by, at = frame.contract(scope), asking.hand(), address.now()
            if request.form.get("verdict") == "approve":
                seen = request.form.get("content_hash", "")
                return service.approve(scope, contract.id, number, by, at, content_hash=seen)
            return service.reject(scope, contract.id, number, by, at, request.form.get("reason", ""))

        made = asking.done(self.engine, act)
        if made is not None and made.approved:
            flash(gettext("Voorstel %(number)s is goedgekeurd en is nu een versie van de begroting.", number=made.id),
                  "good")  # fmt: skip
        elif made is not None:
            flash(gettext("Voorstel %(number)s is afgewezen en blijft bewaard.", number=made.id), "good")
        return redirect(frame.address_of("desk.budget"))

    def limits(self) -> Any:
        """The limits of the contract, what is above them, what they hold, and what was let pass."""
        day = address.today()
        with address.reading_scope(self.engine) as scope:
            found = address.contract_of_request(scope)
            if found is None:
                return frame.nothing_yet(gettext("Grenzen"))
            contract, known = found
            terms = service.budget_of(scope, contract.id).contract.budget.limits
            names = overview.names(scope, contract.id)
            crossed = limits.standing(scope, contract.id, day)
            due = [one for one in payments.payables(scope, contract.id) if one.due_on <= day or one.cents < 0]
            _, held, _ = limits.held_payments(scope, contract.id, due, day)
            passed = limit_store.passes(scope, contract.id)
        return frame.page(
            "limits",
            contract=contract,
            contracts=known,
            names=names,
            terms=terms,
            crossed=crossed,
            held=held,
            held_cents=total(one.item.cents for one in held),
            asked=_asked(held),
            passes=passed,
            stopping=[one for one in LimitKind if any(t.kind is one and t.passer for t in terms)],
            warns=LimitAction.WARN,
            said=budget_words,
        )

    def give_pass(self) -> Any:
        """Let one case pass a limit."""

        def act(scope: Scope) -> None:
            contract = frame.contract(scope)
            kind = LimitKind(_one_of("kind", [one.value for one in LimitKind]))
            deed = Deed(_one_of("deed", [one.value for one in Deed]))
            which, subject = request.form.get("line", "").strip(), request.form.get("subject", "").strip()
            if len(which) > _LONGEST_LINE or len(subject) > _LONGEST_SUBJECT or not which.isprintable():
                raise NotAllowed("Die regel of dat verzoek bestaat niet.")
            most, reason = cents_of(request.form.get("most", "")), request.form.get("reason", "")
            case = Case(deed, subject)
            limits.give_pass(scope, contract.id, (kind, which), case, most, reason, asking.hand(), address.now())
            flash(gettext("Doorgelaten: dit geldt één keer."), "good")

        asking.done(self.engine, act)
        return redirect(frame.address_of("desk.limits"))


def _day(name: str, default: date) -> date:
    """A day of the address; what is no day is answered as not there."""
    text = request.args.get(name, "")
    if not text:
        return default
    try:
        return date.fromisoformat(text)
    except ValueError:
        return abort(404)


def _version(name: str, budget: Budget, default: int) -> int:
    """A version of the address; one that there is not is answered as not there."""
    asked = address.one_of(name, ["0", *(str(one.number) for one in budget.versions)])
    return int(asked) or default if asked else default


def _one_of(name: str, known: Sequence[str]) -> str:
    value = request.form.get(name, "")
    return value if value in known else abort(400)


def _asked(held: Sequence[limits.HeldPayment]) -> dict[tuple[Line, str], str]:
    """Up to which total a pass lets everything go that is held of a subcontractor on a line, as a form has it."""
    found: dict[tuple[Line, str], Cents] = {}
    for one in held:
        key = one.crossing.line, one.item.subcontractor
        found[key] = found.get(key, one.crossing.would - one.item.cents) + one.item.cents
    return {key: euros_text(cents).replace(".", ",") for key, cents in found.items()}


def _compared(budget: Budget, one: int, other: int) -> tuple[Difference, ...]:
    """The lines that differ between two versions."""
    left, right = budget.plan(one), budget.plan(other)
    found = [
        Difference(place, total(left.get(place, {}).values()), total(right.get(place, {}).values()))
        for place in sorted({*left, *right})
    ]
    return tuple(one for one in found if one.before != one.after)


def _kinds(budget: Budget, following: int | None) -> list[AmendmentKind]:
    """How the contract lets this budget be amended."""
    terms = budget.contract.budget
    found = [AmendmentKind.CHANGE]
    if terms.transfers is not Transfers.NONE and len(budget.primary) > 1:
        found.append(AmendmentKind.TRANSFER)
    if terms.carry_over is not CarryOver.NONE:
        found.append(AmendmentKind.CARRY_OVER)
    if terms.carry_over is CarryOver.YEAR and following is not None:
        found.append(AmendmentKind.NEXT_YEAR)
    return found


def _use_file(report: UseReport, names: Mapping[str, str]) -> Any:
    header = [budget_words.named(budget_words.BY, report.by.value), gettext("Begroting"), gettext("Verplicht"),
              gettext("Gedeclareerd"), gettext("Goedgekeurd"), gettext("Afgewezen"), gettext("Gebruikt"),
              gettext("Betaald"), gettext("Restant"), gettext("Vrij"), gettext("Niet te bepalen")]  # fmt: skip
    rows: list[list[export.Cell]] = []
    for row in (*report.rows, report.total):
        figures = row.figures
        name = budget_words.row_name(report.by, row.key, names) if row.key else str(gettext("Samen"))
        rows.append(
            [name, row.plan, figures.committed, figures.declared, figures.approved, figures.rejected, figures.used,
             figures.paid, row.left, row.free, figures.undeterminable]
        )  # fmt: skip
    return export.download(f"budget-{report.code}-{report.as_of.isoformat()}", header, rows)
