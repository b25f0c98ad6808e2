"""The lead contractor's pages: Overzicht, Declaraties, Afrekening and the way down to the transfers (waarom?).

All of them are for the controller; the municipality sees of the settlement its steps in totals. No page opens the
vault: people are shown by their pseudonym.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask_babel import gettext, lazy_gettext
from sqlalchemy import Engine

from budgets.settlement.service import settle_contract
from budgets.settlement.store import StoredSettlement, versions
from dash_app.choice import visible_contracts
from dash_app.overview import address, csv_file, desk, ledger, service, words, year_end
from dash_app.overview.chart import draw
from dash_app.overview.model import LineFilter, LineRow, MessageFilter, MessageRow, Question, TransferRow
from lead_contractor.access.model import Role
from lead_contractor.books import accounts
from lead_contractor.contract.store import StoredContract
from lead_contractor.kernel.refusals import Conflict, Unsound
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.web import formats, guard, languages, navigation
from lead_contractor.web.languages import current_language

_CATALOGUE = Path(__file__).parent / "translations" / "en" / "LC_MESSAGES" / "messages.po"
_OVERVIEW_ORDER, _DECLARATIONS_ORDER, _SETTLEMENT_ORDER = 10, 30, 90
_UNPROCESSABLE = 422
_NOT_NARROWING = ("contract_id", "accounts")
HISTORY = "desk.line"
"""The page with the history of a line, where the desk stands on the same site."""
SIGNALS = "desk.signals"
"""The page of early warnings, there as well."""


@dataclass(frozen=True, slots=True)
class Pages:
    """The views, on one database."""

    engine: Engine

    def overview(self) -> Any:
        """Where the year stands and what needs somebody today."""
        with address.reading_scope(self.engine) as scope:
            found = address.contract_of_request(scope)
            if found is None:
                return _nothing_yet(lazy_gettext("Overzicht"))
            seen = service.overview(scope, found[0], address.today())
        chart = draw(seen.months, seen.position.year_months)
        return render_template(
            "overview/overview.html", seen=seen, contract=seen.contract, contracts=found[1], chart=chart, **_helpers()
        )

    def why(self) -> Any:
        """A figure: the balance, and page by page the transfers under it."""
        with address.reading_scope(self.engine) as scope:
            contract, known = _contract(scope)
            asked = address.question(contract.id)
            page = ledger.transfers(scope, asked, address.page_number())
            amounts = ledger.balances(scope, asked)
            ceiling = service.ceiling_of(scope, contract, asked)
            names = service.names(scope, contract.id)
            messages = desk.message_ids(scope, contract.id, {_sent(row) for row in page.rows})
        return render_template(
            "overview/why.html",
            contract=contract,
            contracts=known,
            asked=asked,
            arguments=_arguments(asked),
            narrowed=words.question_text(asked, names),
            amounts=amounts,
            together=ledger.together(amounts),
            ceiling=ceiling,
            page=page,
            names=names,
            message_of={row.id: messages.get(_sent(row)) for row in page.rows},
            **_helpers(),
        )

    def declarations(self) -> Any:
        """The declaration messages, by status, provider and month."""
        with address.reading_scope(self.engine) as scope:
            found = address.contract_of_request(scope)
            if found is None:
                return _nothing_yet(lazy_gettext("Declaraties"))
            contract, known = found
            senders, months = desk.senders(scope, contract.id), desk.periods(scope, contract.id)
            which = MessageFilter(
                address.one_of("status", list(words.STATUSES)),
                address.one_of("sender", senders),
                address.one_of("month", months),
            )
            names = service.names(scope, contract.id)
            if _wants_csv():
                return _messages_csv(contract, desk.messages(scope, contract.id, which, None).rows, names)
            page = desk.messages(scope, contract.id, which, address.page_number())
        return render_template(
            "overview/declarations.html",
            contract=contract,
            contracts=known,
            which=which,
            senders=senders,
            months=months,
            page=page,
            names=names,
            arguments={name: value for name, value in asdict(which).items() if value},
            **_helpers(),
        )

    def message(self, message_id: int) -> Any:
        """The lines of one declaration message with their reasons."""
        with address.reading_scope(self.engine) as scope:
            contract_id, row = desk.get_message(scope, address.known_id(message_id))
            contract = next(one for one in service.every(scope) if one.id == contract_id)
            names = service.names(scope, contract_id)
            refused = request.args.get("refused") == "1"
            which = LineFilter(message_id=row.id, refused=refused)
            if _wants_csv():
                return _lines_csv(row.number or str(row.id), desk.lines(scope, contract_id, which, None).rows, names)
            page = desk.lines(scope, contract_id, which, address.page_number())
        arguments = {"message_id": row.id} | ({"refused": "1"} if refused else {})
        return render_template(
            "overview/message.html",
            contract=contract,
            row=row,
            page=page,
            refused=refused,
            names=names,
            arguments=arguments,
            **_helpers(),
        )

    def refused_lines(self) -> Any:
        """Refused lines, all of them or those with one cause."""
        with address.reading_scope(self.engine) as scope:
            contract, known = _contract(scope)
            causes = desk.causes(scope, contract.id)
            code = address.one_of("code", [cause.code for cause in causes])
            sender = address.one_of("sender", desk.senders(scope, contract.id))
            which = LineFilter(refused=True, code=code, sender=sender)
            names = service.names(scope, contract.id)
            if _wants_csv():
                rows = desk.lines(scope, contract.id, which, None).rows
                return _lines_csv(f"{contract.code}-{code or 'afgewezen'}", rows, names)
            page = desk.lines(scope, contract.id, which, address.page_number())
        arguments = {name: value for name, value in (("code", code), ("sender", sender)) if value}
        return render_template(
            "overview/lines.html",
            contract=contract,
            contracts=known,
            causes=causes,
            code=code,
            page=page,
            names=names,
            arguments=arguments,
            **_helpers(),
        )

    @guard.requires(Role.CONTROLLER, Role.MUNICIPALITY)
    def settlement(self) -> Any:
        """The settlement as made; the municipality sees its steps in totals."""
        if guard.acting().role is Role.MUNICIPALITY:
            return self._municipal_settlement()
        return self._settlement()

    def settle(self) -> Any:
        """Make the settlement anew."""
        with address.reading_scope(self.engine) as scope:
            contract, _ = _contract(scope)
        try:
            with address.writing_scope(self.engine) as scope:
                settle_contract(scope, contract.id, address.now())
                version = versions(scope, contract.id)[0].version
        except Unsound as unsound:
            return self._settlement([str(finding) for finding in unsound.findings]), _UNPROCESSABLE
        except Conflict as conflict:
            flash(str(conflict), "error")
        else:
            flash(gettext("De afrekening is gemaakt: versie %(version)s.", version=version), "good")
        return redirect(url_for("overview.settlement", contract=contract.id))

    def settlement_json(self) -> Any:
        """A version of the settlement in the public layout."""
        with address.reading_scope(self.engine) as scope:
            contract, _ = _contract(scope)
            stored = _version(versions(scope, contract.id))
        text = json.dumps(stored.result, ensure_ascii=False, indent=1) + "\n"
        return _download(text.encode(), f"afrekening-{contract.code}-v{stored.version}.json", "application/json")

    def settlement_pdf(self) -> Any:
        """The newest settlement as a document."""
        with address.reading_scope(self.engine) as scope:
            contract, _ = _contract(scope)
        with address.writing_scope(self.engine) as scope:
            content, stored = service.statement(scope, contract, address.now())
        return _download(content, f"afrekening-{contract.code}-v{stored.version}.pdf", "application/pdf")

    def _settlement(self, findings: list[str] | None = None) -> str:
        with address.reading_scope(self.engine) as scope:
            found = address.contract_of_request(scope)
            if found is None:
                return _nothing_yet(lazy_gettext("Afrekening"))
            contract, known = found
            made = versions(scope, contract.id)
            shown = _version(made) if made else None
            ended = year_end.year_end(scope, contract.id, shown) if shown else None
            names = service.names(scope, contract.id)
        changed = year_end.changes(made[1].result, made[0].result) if len(made) > 1 else []
        return render_template(
            "overview/settlement.html",
            contract=contract,
            contracts=known,
            made=made,
            shown=shown,
            ended=ended,
            changed=changed,
            findings=findings or [],
            names=names,
            **_helpers(),
        )

    def _municipal_settlement(self) -> str:
        person = guard.acting()
        with address.reading_scope(self.engine) as scope:
            known = visible_contracts(scope, person)
            if not known:
                return _nothing_yet(lazy_gettext("Afrekening"))
            asked = address.one_of("contract", [str(one.id) for one in known])
            contract = next((one for one in known if str(one.id) == asked), known[0])
            made = versions(scope, contract.id)
        return render_template(
            "overview/settlement_municipality.html",
            contract=contract,
            contracts=known,
            shown=made[0] if made else None,
            **_helpers(),
        )


def blueprint(engine: Engine, master_key: bytes) -> Blueprint:
    """The lead contractor's pages, to be registered on a shell made by ``build_shell``.

    Args:
        engine: the database.
        master_key: the key of the vault, as every floor's pages get it; these pages leave it alone.
    """
    views = Pages(engine)
    pages = Blueprint(
        "overview",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/overzicht/static",
    )
    pages.add_url_rule("/overzicht", "overview", views.overview)
    pages.add_url_rule("/waarom", "why", views.why)
    pages.add_url_rule("/declaraties", "declarations", views.declarations)
    pages.add_url_rule("/declaraties/<int:message_id>", "message", views.message)
    pages.add_url_rule("/declaraties/regels", "refused_lines", views.refused_lines)
    pages.add_url_rule("/afrekening", "settlement", views.settlement)
    pages.add_url_rule("/afrekening", "settle", views.settle, methods=["POST"])
    pages.add_url_rule("/afrekening/pdf", "settlement_pdf", views.settlement_pdf)
    pages.add_url_rule("/afrekening/json", "settlement_json", views.settlement_json)
    guard.restrict(pages, Role.CONTROLLER)
    controller = frozenset({Role.CONTROLLER})
    both = frozenset({Role.CONTROLLER, Role.MUNICIPALITY})
    for label, endpoint, roles, order in (
        (lazy_gettext("Overzicht"), "overview.overview", controller, _OVERVIEW_ORDER),
        (lazy_gettext("Declaraties"), "overview.declarations", controller, _DECLARATIONS_ORDER),
        (lazy_gettext("Afrekening"), "overview.settlement", both, _SETTLEMENT_ORDER),
    ):
        navigation.offer(pages, navigation.NavItem(label, endpoint, roles, order))
    pages.record(_prepare)
    return pages


def _prepare(state: BlueprintSetupState) -> None:
    assert isinstance(state.app, Flask)
    languages.add_catalogue(state.app, _CATALOGUE)
    guard.leave_open(state.app, "overview.static")


def _contract(scope: Scope) -> tuple[StoredContract, list[StoredContract]]:
    return address.contract_of_request(scope) or abort(404)


def _version(made: list[StoredSettlement]) -> StoredSettlement:
    """The version that the address names, else the newest."""
    asked = address.one_of("version", [str(one.version) for one in made])
    found = [one for one in made if not asked or str(one.version) == asked]
    return found[0] if found else abort(404)


def _arguments(asked: Question) -> dict[str, Any]:
    """A question as the address has it, without its contract."""
    narrowed = {name: value for name, value in asdict(asked).items() if value and name not in _NOT_NARROWING}
    return {"account": list(asked.accounts), **narrowed}


def _sent(row: TransferRow) -> tuple[str, str]:
    """Sender and identification of the message that a transfer comes from; empty where it comes from none."""
    kind, _, rest = row.source.partition(":")
    sender, _, identification = rest.partition("/")
    return (sender, identification) if kind == "declaration" else ("", "")


def _helpers() -> dict[str, Any]:
    """What the templates name things with."""
    story = HISTORY if HISTORY in current_app.view_functions else ""
    signals = SIGNALS if SIGNALS in current_app.view_functions else ""
    return {"words": words, "accounts": accounts, "today": address.today(), "story": story, "signals": signals}


def _nothing_yet(title: Any) -> str:
    return render_template("overview/nothing.html", title=title)


def _wants_csv() -> bool:
    return request.args.get("format") == "csv"


def _messages_csv(contract: StoredContract, rows: Any, names: Mapping[str, str]) -> Response:
    header = (
        gettext("Ontvangen"), gettext("AGB"), gettext("Aanbieder"), gettext("Nummer"), gettext("Maand"),
        gettext("Status"), gettext("Regels"), gettext("Afgewezen"), gettext("Ingediend"), gettext("Toegekend"),
        gettext("Reden"),
    )  # fmt: skip

    def cells(row: MessageRow) -> list[str | int]:
        whole = row.status in desk.NOT_PROCESSED or not row.assessed
        return [
            row.received.isoformat() if row.received else "", row.sender, names.get(row.sender, ""), row.number,
            row.period, str(words.STATUSES[words.message_status(row)]), str(row.lines), str(row.refused),
            row.submitted, row.granted, " ".join(words.message_reasons(row)) if whole else "",
        ]  # fmt: skip

    return _csv(f"declaraties-{contract.code}.csv", header, [cells(row) for row in rows])


def _lines_csv(name: str, rows: Any, names: Mapping[str, str]) -> Response:
    header = (
        gettext("AGB"), gettext("Aanbieder"), gettext("Nummer"), gettext("Referentie"), gettext("Cliënt"),
        gettext("Toewijzing"), gettext("Overeenkomst"), gettext("Product"), gettext("Van"), gettext("Tot en met"),
        gettext("Volume"), gettext("Eenheid"), gettext("Bedrag"), gettext("Retourcodes"), gettext("Redenen"),
    )  # fmt: skip

    def cells(row: LineRow) -> list[str | int]:
        return [
            row.sender, names.get(row.sender, ""), row.number, words.without_bsn(row.reference), row.pseudonym,
            row.allocation, row.agreement, row.product_code, row.period_from.isoformat(), row.period_to.isoformat(),
            str(row.volume), row.unit, row.cents, " ".join(row.codes), " ".join(words.reasons(row.codes)),
        ]  # fmt: skip

    return _csv(f"regels-{name}.csv", header, [cells(row) for row in rows])


def _csv(name: str, header: Any, rows: Any) -> Response:
    dutch = current_language() == formats.DUTCH
    return _download(csv_file.table(header, rows, comma=dutch), name, "text/csv; charset=utf-8")


def _download(content: bytes, name: str, kind: str) -> Response:
    kept = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-_.") else "-" for letter in name)
    return Response(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{kept}"'})
