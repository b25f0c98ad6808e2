"""The page of early warnings: what crosses a limit, what stakes most first, and the candidates for notice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import Blueprint, flash, redirect, request
from flask_babel import gettext
from sqlalchemy import Engine

from budgets.signals import service as early
from budgets.signals.gather import year_of
from budgets.signals.model import ExemptionReason, Kind, Signal, State
from budgets.signals.store import last_run
from dash_app.desk import asking, export, frame, signal_words
from dash_app.overview import address, service
from dash_app.overview.words import without_bsn
from lead_contractor.kernel.refusals import Refusal
from lead_contractor.kernel.tenancy import Scope

MOST_PAST = 40
_KEY_LENGTH = 120


@dataclass(frozen=True, slots=True)
class SignalPages:
    """The views, on one database."""

    engine: Engine

    def route(self, pages: Blueprint) -> None:
        """Give the views their addresses."""
        pages.add_url_rule("/signalen", "signals", self.signals)
        pages.add_url_rule("/signalen", "acknowledge", self.acknowledge, methods=["POST"])
        pages.add_url_rule("/signalen/opzegging", "exempt", self.exempt, methods=["POST"])

    def signals(self) -> Any:
        """What stands, what was seen, the candidates for notice, and what is past."""
        kind = address.one_of("kind", [one.value for one in Kind])
        with address.reading_scope(self.engine) as scope:
            found = address.contract_of_request(scope)
            if found is None:
                return frame.nothing_yet(gettext("Signalen"))
            contract, known = found
            every = early.signals(scope, contract.id)
            looked = last_run(scope, contract.id)
            year = year_of(scope, contract.id, looked or address.today())
            listed = early.candidates(scope, contract.id, year.day, address.now()) if looked else ()
            names = service.names(scope, contract.id)
        standing = early.standing(every)
        shown = [one for one in standing if not kind or one.crossing.kind.value == kind]
        if export.asked():
            return _file(contract.code, shown, names)
        waiting = [one for one in shown if one.state is State.OPEN]
        past = sorted(
            (one for one in every if one.state is State.CLEARED), key=lambda one: (one.day, one.key), reverse=True
        )
        return frame.page(
            "signals",
            contract=contract,
            contracts=known,
            kind=kind,
            kinds=[one for one in Kind if any(signal.crossing.kind is one for signal in standing)],
            standing=standing,
            every_open=[one for one in standing if one.state is State.OPEN],
            waiting=waiting,
            seen=[one for one in shown if one.state is State.ACKNOWLEDGED],
            past=past[:MOST_PAST],
            looked=looked,
            candidates=listed,
            terms=year.contract.inactivity,
            names=names,
            said=signal_words,
        )

    def acknowledge(self) -> Any:
        """Write down that a signal was seen and what is done about it."""
        key, note = request.form.get("key", "")[:_KEY_LENGTH], request.form.get("note", "")

        def act(scope: Scope) -> None:
            early.acknowledge(scope, frame.contract(scope).id, key, asking.hand(), address.now(), note)
            flash(gettext("Het signaal is afgevinkt."), "good")

        asking.done(self.engine, act)
        return redirect(frame.address_of("desk.signals"))

    def exempt(self) -> Any:
        """Write down why an inactive subcontractor stays, or take that back."""

        def act(scope: Scope) -> None:
            early.exempt(scope, frame.contract(scope).id, _asked(), asking.hand(), address.now())
            flash(gettext("De uitzondering is vastgelegd."), "good")

        asking.done(self.engine, act)
        return redirect(f"{frame.address_of('desk.signals')}#opzegging")


def _asked() -> early.Asked:
    """The exemption that the form asks for.

    Raises:
        Refusal: a reason, score or day that cannot be.
    """
    form = request.form
    reason = form.get("reason", "")
    if reason and reason not in set(ExemptionReason):
        raise Refusal("Kies een reden.")
    score = form.get("score", "").strip().replace(",", ".")
    return early.Asked(
        form.get("subcontractor", ""),
        ExemptionReason(reason) if reason else None,
        _decimal(score) if score else None,
        _day(form.get("measured_on", "").strip()),
        form.get("note", ""),
    )


def _decimal(text: str) -> Decimal:
    try:
        found = Decimal(text)
    except InvalidOperation:
        raise Refusal("Schrijf een cijfer, bijvoorbeeld 8,5.") from None
    if not found.is_finite():
        raise Refusal("Schrijf een cijfer, bijvoorbeeld 8,5.")
    return found


def _day(text: str) -> date | None:
    return asking.day_of_form("measured_on", date.min) if text else None


def _file(code: str, rows: Sequence[Signal], names: Mapping[str, str]) -> Any:
    header = [gettext("Signaal"), gettext("Waarover"), gettext("Zekerheid"), gettext("Op het spel"), gettext("Waarom"),
              gettext("Sinds"), gettext("Per"), gettext("Gezien door"), gettext("Notitie")]  # fmt: skip
    made: list[list[export.Cell]] = []
    for one in rows:
        seen = one.acknowledged if one.state is State.ACKNOWLEDGED else None
        made.append([
            str(signal_words.KINDS[one.crossing.kind]), signal_words.title(one.crossing, names),
            str(signal_words.LEVELS[one.crossing.level]), one.crossing.stake,
            signal_words.said(one.crossing).replace("\u00a0", " "),
            one.since, one.day, seen.by.name if seen and seen.by else "", without_bsn(seen.note) if seen else "",
        ])  # fmt: skip
    return export.download(f"signalen-{code}", header, made)
