"""Pages of exceptions: by cause, line by line with a decision on many at once, and the history of a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy import Engine

from dash_app.desk import asking, exceptions, export, filters, frame, words
from dash_app.desk.history import history
from dash_app.overview import address, service
from dash_app.overview import words as common
from dash_app.overview.model import LineRow
from lead_contractor.contract.store import StoredContract
from lead_contractor.kernel.money import total
from lead_contractor.kernel.refusals import Refusal
from lead_contractor.kernel.tenancy import Scope
from subcontractors.decisions import service as deciding
from subcontractors.decisions.model import MOST_LINES, Kind, Proposed
from subcontractors.decisions.store import passable


@dataclass(frozen=True, slots=True)
class ExceptionPages:
    """The views, on one database."""

    engine: Engine

    def route(self, pages: Blueprint) -> None:
        """Give the views their addresses."""
        pages.add_url_rule("/te-besluiten", "exceptions", self.groups)
        pages.add_url_rule("/te-besluiten/regels", "lines", self.lines)
        pages.add_url_rule("/te-besluiten/regels", "decide", self.decide, methods=["POST"])
        pages.add_url_rule("/te-besluiten/filters", "keep_filter", self.keep_filter, methods=["POST"])
        pages.add_url_rule("/te-besluiten/filters/weg", "drop_filter", self.drop_filter, methods=["POST"])
        pages.add_url_rule("/regels/<int:line_id>", "line", self.line)

    def groups(self) -> Any:
        """Exceptions by cause, the most euros first."""
        which = asking.choice()
        with address.reading_scope(self.engine) as scope:
            found = address.contract_of_request(scope)
            if found is None:
                return frame.nothing_yet()
            contract, known = found
            names = service.names(scope, contract.id)
            made = exceptions.groups(scope, contract.id, which)
            allowed = {agb: codes for agb, codes in _passable_by(scope, contract.id).items() if codes}
            kept = filters.kept(scope, asking.hand().user_id)
            waits = [one for one in deciding.decisions_of(scope, contract.id, limit=50) if one.waits]
        if export.asked():
            return _groups_file(contract, made, names)
        return frame.page(
            "exceptions",
            contract=contract,
            contracts=known,
            which=which,
            groups=made,
            lines=sum(one.lines for one in made),
            cents=total(one.cents for one in made),
            names=names,
            senders=sorted(names, key=lambda agb: names[agb]),
            passable=allowed,
            kept=kept,
            waits=waits,
            arguments=which.arguments(),
        )

    def lines(self) -> Any:
        """The exceptions of a choice line by line, with the form that decides on them."""
        which = asking.choice()
        with address.reading_scope(self.engine) as scope:
            contract = frame.contract(scope)
            names = service.names(scope, contract.id)
            if export.asked():
                return _lines_file(contract, exceptions.lines(scope, contract.id, which, None).rows, names)
            page = exceptions.lines(scope, contract.id, which, address.page_number())
            allowed = passable(scope, contract.id)
        return frame.page(
            "lines",
            contract=contract,
            which=which,
            page=page,
            names=names,
            passable=allowed,
            most=MOST_LINES,
            arguments=which.arguments(),
        )

    def decide(self) -> Any:
        """Decide on the lines that were chosen, or on all of the choice."""
        which = asking.choice()
        kind = {kind.value: kind for kind in (Kind.OVERRIDE, Kind.ASK, Kind.LEAVE)}.get(request.form.get("kind", ""))

        def act(scope: Scope) -> Proposed:
            contract = frame.contract(scope)
            if kind is None:
                raise Refusal("Kies wat er met de regels moet gebeuren.")
            chosen = asking.ids("line")
            if request.form.get("every") == "1":
                chosen = exceptions.line_ids(scope, contract.id, which, MOST_LINES)
            reason = request.form.get("reason", "")
            return deciding.propose(scope, contract.id, kind, chosen, reason, asking.hand(), address.now())

        made = asking.done(self.engine, act)
        if made is None:
            return redirect(frame.address_of("desk.lines", **which.arguments()))
        for said in words.refused_text(made.results):
            flash(said, "error")
        if made.decision is None:
            return redirect(frame.address_of("desk.lines", **which.arguments()))
        count = made.decision.count
        flash(ngettext("Besluit vastgelegd voor 1 regel.", "Besluit vastgelegd voor %(num)s regels.", count), "good")
        return redirect(url_for("desk.decision", decision_id=made.decision.id))

    def line(self, line_id: int) -> Any:
        """A line from upload to payment."""
        with address.reading_scope(self.engine) as scope:
            seen = history(scope, address.known_id(line_id))
            contract = next(one for one in service.every(scope) if one.id == seen.contract_id)
            names = service.names(scope, contract.id)
        return frame.page("line", contract=contract, seen=seen, names=names)

    def keep_filter(self) -> Any:
        """Keep the choice of the address under a name."""
        which, name = asking.choice(), request.form.get("name", "")
        query = urlencode(which.arguments())
        asking.done(self.engine, lambda scope: filters.keep(scope, asking.hand().user_id, name, query))
        return redirect(frame.address_of("desk.exceptions", **which.arguments()))

    def drop_filter(self) -> Any:
        """Throw a kept filter away."""
        name = request.form.get("name", "")
        asking.done(self.engine, lambda scope: filters.drop(scope, asking.hand().user_id, name))
        return redirect(frame.address_of("desk.exceptions", **asking.choice().arguments()))


def _passable_by(scope: Scope, contract_id: int) -> dict[str, frozenset[str]]:
    """The codes that some agreement of a subcontractor lets be passed."""
    allowed = passable(scope, contract_id)
    owners = deciding.owners_of(scope, contract_id)
    found: dict[str, frozenset[str]] = {}
    for code, codes in allowed.items():
        found[owners[code]] = found.get(owners[code], frozenset()) | codes
    return found


def _groups_file(contract: StoredContract, made: Sequence[Any], names: Mapping[str, str]) -> Any:
    header = [gettext("Code"), gettext("Oorzaak"), gettext("AGB"), gettext("Aanbieder"), gettext("Product"),
              gettext("Regels"), gettext("Bedrag")]  # fmt: skip
    rows: list[list[export.Cell]] = [
        [one.code, common.code_short(one.code), one.sender, names.get(one.sender, ""), one.product_code, str(one.lines),
         one.cents]
        for one in made
    ]  # fmt: skip
    return export.download(f"te-besluiten-{contract.code}", header, rows)


def _lines_file(contract: StoredContract, rows: Sequence[LineRow], names: Mapping[str, str]) -> Any:
    header = [
        gettext("AGB"), gettext("Aanbieder"), gettext("Nummer"), gettext("Referentie"), gettext("Cliënt"),
        gettext("Toewijzing"), gettext("Overeenkomst"), gettext("Product"), gettext("Van"), gettext("Tot en met"),
        gettext("Volume"), gettext("Eenheid"), gettext("Bedrag"), gettext("Retourcodes"), gettext("Redenen"),
    ]  # fmt: skip
    made: list[list[export.Cell]] = [
        [
            row.sender, names.get(row.sender, ""), row.number, common.without_bsn(row.reference), row.pseudonym,
            row.allocation, row.agreement, row.product_code, row.period_from, row.period_to, str(row.volume), row.unit,
            row.cents, " ".join(row.codes), " ".join(common.reasons(row.codes)),
        ]
        for row in rows
    ]  # fmt: skip
    return export.download(f"regels-{contract.code}", header, made)
