"""The interface: declarations and reports come in, are tried, and are looked at again.

A subcontractor's token sees and sends only what is its own; that of the lead contractor sees the messages of all its
subcontractors, with BSNs of which only three digits show.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_smorest import Blueprint
from sqlalchemy import Engine
from werkzeug.wrappers import Response

from lead_contractor.access.replays import Kept, Request
from lead_contractor.access.tokens import TokenScope
from lead_contractor.clients.store import bsns
from lead_contractor.contract.api import chosen_ids, chosen_year, years_of
from lead_contractor.contract.years import ContractYear
from lead_contractor.kernel.database import reading
from lead_contractor.kernel.json_fields import ContractArgs, DeliverArgs, YearArgs, page_of
from lead_contractor.kernel.refusals import NotFound
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from lead_contractor.web import rest
from lead_contractor.web.formats import AMSTERDAM
from lead_contractor.web.rest import Answer, Operation
from lead_contractor.web.rest_problems import ENGLISH, Error, Problem, body_of, fault, language
from lead_contractor.web.rest_problems import MEDIA_TYPE as PROBLEM
from subcontractors.declarations import delivery, listing
from subcontractors.declarations import schemas as s
from subcontractors.declarations.answers import message_325
from subcontractors.declarations.api_values import (
    WITHDRAWN,
    head_value,
    masked,
    message_value,
    pointer_of,
    reasons,
    report_key,
    report_of,
    report_value,
    table_of,
)
from subcontractors.declarations.delivery import AfterIntake, Delivery, Outcome, Sender
from subcontractors.declarations.listing import Page
from subcontractors.iwmo.model import StartReport
from subcontractors.iwmo.writer import write_305, write_307

XML, CSV = "application/xml", "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ENDINGS = {XML: "xml", CSV: "csv", XLSX: "xlsx"}
_ID = f"<int(max={2**53 - 1}):message_id>"  # a number that no database can hold names nothing
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_CREATED = 201
_KEY_HEADER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Your own name of this request; needed unless the content is XML. The same key with the same "
    "content gets the same answer again, with other content a conflict.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": r"^[\x21-\x7e]+$"},
}


@dataclass(frozen=True, slots=True)
class _Json:
    """What came as JSON: what makes a request the same one again, and the references of its lines, in order."""

    same: bytes
    references: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Views:
    """The operations, on one database."""

    engine: Engine
    master_key: bytes
    after_intake: AfterIntake

    def declaration(self, args: dict[str, Any]) -> Any:
        """Send a declaration, or try it.

        As JSON lines, or the file itself: a WMO323, or a table as CSV or workbook. Each line is answered, with all
        reasons. With dry_run (voorcontrole) the very same checks run and nothing is stored.
        """
        kind = rest.media_type((rest.JSON, XML, CSV, XLSX))
        if kind != rest.JSON:
            return self._deliver(args, rest.body(), kind, delivery.DECLARATIONS)
        given = rest.json_body(s.DeclarationIn)
        received = rest.now().astimezone(AMSTERDAM).date()
        table = table_of(given, rest.caller().party, received)
        references = [str(line["reference"]) for line in given["lines"]]
        return self._deliver(args, table, CSV, delivery.DECLARATIONS, _Json(_canonical(given), references))

    def report(self, args: dict[str, Any]) -> Any:
        """Send the start or stop of care, or try it.

        As JSON, or as the WMO305 or WMO307 itself.
        """
        if rest.media_type((rest.JSON, XML)) == XML:
            return self._deliver(args, rest.body(), XML, delivery.REPORTS)
        given = rest.json_body(s.ReportIn)
        _check_report(given)
        with reading(self.engine) as connection:
            year = self._year(args)(Scope(connection, rest.caller().lead_contractor_id))
        dated = rest.now().astimezone(AMSTERDAM).date()
        made = report_of(given, rest.caller().party, year.municipality_code, dated)
        try:
            content = write_305([made]) if isinstance(made, StartReport) else write_307([made])
        except ValueError as error:  # what the schema lets pass and the standard does not, such as a name of spaces
            raise Problem("invalid", [fault("/client", "text")]) from error
        return self._deliver(args, content, XML, delivery.REPORTS, _Json(_canonical(given)))

    def _deliver(
        self, args: dict[str, Any], content: bytes, kind: str, kinds: tuple[str, ...], given: _Json | None = None
    ) -> Response:
        """Take content in; ``given`` is what it was made of, where that is not the content itself."""
        token, at, trial = rest.caller(), rest.now(), bool(args["dry_run"])
        english, same = language() == ENGLISH, content if given is None else given.same
        what = b"\n".join([request.path.encode(), (args["contract"] or "").encode(), kind.encode(), same])
        key = _key(needed=kind != XML and not trial) or f"content:{Request('', '', what).content_name()}"
        name = f"api-{at:%Y%m%dT%H%M%S%fZ}.{_ENDINGS[kind]}"
        try:
            answer = delivery.deliver(
                self.engine,
                self.master_key,
                Sender(token.lead_contractor_id, token.party),
                self._year(args),
                Delivery(name, content, kinds, Request(token.party, key, what)),
                at,
                lambda outcome: _rendered(outcome, at, english=english, trial=trial),
                self.after_intake,
                trial=trial,
            )
        except delivery.MessageRefused as refused:
            sent = None if given is None else given.references
            errors = [Error(pointer_of(one, sent), one.message, one.remedy, one.rule) for one in refused.faults]
            raise Problem("message-refused", errors) from refused
        except delivery.ForeignSender as refused:
            raise Problem("foreign-sender", named=refused.named) from refused
        except delivery.WrongKind as refused:
            raise Problem("wrong-kind") from refused
        except delivery.YearClosed as refused:
            raise Problem("year-closed") from refused
        headers = {"Location": answer.location} if answer.location else {}
        if answer.replayed:
            headers["Idempotency-Replayed"] = "true"
        return rest.sent(answer.body, answer.status, answer.media_type, headers)

    def _year(self, args: Mapping[str, Any]) -> Callable[[Scope], ContractYear]:
        token = rest.caller()
        return lambda scope: chosen_year(years_of(scope, token), args["contract"])

    def declarations(self, args: dict[str, Any]) -> Any:
        """List the declarations that came in, newest first."""
        return self._heads(args, rest.caller().party)

    def lead_declarations(self, args: dict[str, Any]) -> Any:
        """List the declarations of all subcontractors, newest first."""
        return self._heads(args, args["subcontractor"])

    def _heads(self, args: dict[str, Any], sender: str | None) -> Response:
        with reading(self.engine) as connection:
            scope = Scope(connection, rest.caller().lead_contractor_id)
            years = chosen_ids(years_of(scope, rest.caller()), args["contract"])
            asked = {"sender": sender, "period": args["period"], "status": args["status"]}
            total, rows = listing.messages(scope, list(years), delivery.DECLARATIONS, _page(args), **asked)
        items = [head_value(row, years) for row in rows]
        return rest.respond(s.HeadsOut, page_of(items, args, total, "declarations"))

    def one_declaration(self, message_id: int) -> Any:
        """Show a declaration with its whole answer.

        Per line whether it is accepted, and else every return code with its reason and remedy.
        """
        return self._message(message_id, rest.caller().party, str)

    def lead_declaration(self, message_id: int) -> Any:
        """Show a declaration of a subcontractor with its whole answer.

        BSNs show their last three digits only.
        """
        return self._message(message_id, None, masked)

    def _message(self, message_id: int, sender: str | None, show_bsn: Callable[[str], str]) -> Response:
        with reading(self.engine) as connection:
            scope = Scope(connection, rest.caller().lead_contractor_id)
            year = self._found(scope, message_id, sender)
            vault = Vault(self.master_key, rest.caller().lead_contractor_id)
            found = delivery.outcome(scope, vault, year, [message_id], delivery.DECLARATIONS)
        english = language() == ENGLISH
        value = message_value(found.messages[0], found, english=english, show_bsn=show_bsn)
        return rest.respond(s.MessageOut, value)

    def _found(self, scope: Scope, message_id: int, sender: str | None) -> ContractYear:
        """The contract year of a declaration that the token may see."""
        head = listing.message_head(scope, message_id, sender)
        years = {year.contract_id: year for year in years_of(scope, rest.caller())}
        if head is None or head.kind not in delivery.DECLARATIONS or int(head.contract_id) not in years:
            raise Problem("not-found")
        return years[int(head.contract_id)]

    def answer_325(self, message_id: int) -> Any:
        """Fetch the WMO325 that answers a WMO323."""
        token = rest.caller()
        with reading(self.engine) as connection:
            scope = Scope(connection, token.lead_contractor_id)
            year = self._found(scope, message_id, token.party)
            vault = Vault(self.master_key, token.lead_contractor_id)
            try:
                name, content = message_325(
                    scope, vault, year.contract_id, year.municipality_code, token.party, message_id
                )
            except NotFound as missing:
                raise Problem("not-found") from missing
        return rest.sent(content, kind=XML, headers={"Content-Disposition": f'attachment; filename="{name}"'})

    def declaration_file(self, message_id: int) -> Any:
        """Fetch the file of a declaration back, with verdict, reasons and remedies on every row."""
        token = rest.caller()
        with reading(self.engine) as connection:
            scope = Scope(connection, token.lead_contractor_id)
            year = self._found(scope, message_id, token.party)
            vault = Vault(self.master_key, token.lead_contractor_id)
            found = delivery.with_reasons(scope, vault, year, token.party, message_id)
        if found is None:
            raise Problem("not-found")
        name, content = found
        plain = re.sub(r"[^A-Za-z0-9._-]", "_", name)
        kind = CSV if plain.endswith(".csv") else XLSX
        return rest.sent(content, kind=kind, headers={"Content-Disposition": f'attachment; filename="{plain}"'})

    def reports(self, args: dict[str, Any]) -> Any:
        """List the starts and stops that came in, newest first."""
        token = rest.caller()
        with reading(self.engine) as connection:
            scope = Scope(connection, token.lead_contractor_id)
            years = chosen_ids(years_of(scope, token), args["contract"])
            total, rows = listing.reports(scope, list(years), token.party, _page(args))
            vault = Vault(self.master_key, token.lead_contractor_id)
            known = bsns(scope, vault, {int(row.client_id) for row in rows})
            verdicts = listing.verdicts(scope, {int(row.message_id) for row in rows})
        judged = {report_key(row, withdraws=row.status == WITHDRAWN): row for row in verdicts}
        english = language() == ENGLISH
        items = [
            report_value(row, years, known[int(row.client_id)], judged.get(key), english=english)
            for row, key in ((row, report_key(row, withdraws=bool(row.deletes))) for row in rows)
        ]
        return rest.respond(s.ReportsOut, page_of(items, args, total, "reports"))

    def lead_exceptions(self, args: dict[str, Any]) -> Any:
        """List the refused lines by cause, the most frequent first."""
        token, english = rest.caller(), language() == ENGLISH
        with reading(self.engine) as connection:
            scope = Scope(connection, token.lead_contractor_id)
            found = listing.causes(scope, list(chosen_ids(years_of(scope, token), args["contract"])))
        causes = [
            {
                **reasons([one.code], english=english)[0],
                "lines": one.lines,
                "subcontractors": one.senders,
                "amount_cents": one.cents,
            }
            for one in found
        ]
        return rest.respond(s.CausesOut, {"causes": causes})


def parts(engine: Engine, master_key: bytes, after_intake: AfterIntake) -> Sequence[Blueprint]:
    """Declarations and reports of a subcontractor; what the lead contractor sees of them."""
    views = Views(engine, master_key, after_intake)
    scope = TokenScope
    delivered = [
        Answer(_CREATED, s.DeliveredOut, "Taken in, with its answer."),
        Answer(200, s.DeliveredOut, "Only tried: this would be the answer."),
    ]
    files = {rest.JSON: s.DeclarationIn, XML: None, CSV: None, XLSX: None}
    whole = Answer(200, s.MessageOut, "The declaration.")
    page = Answer(200, s.HeadsOut, "A page.")
    own = (
        Operation(
            "/declarations", views.declaration, scope.DECLARATIONS_WRITE, delivered,
            method="POST", query=DeliverArgs, body=files, headers=[_KEY_HEADER],
        ),
        Operation("/declarations", views.declarations, scope.DECLARATIONS_READ, [page], query=s.ListArgs),
        Operation(f"/declarations/{_ID}", views.one_declaration, scope.DECLARATIONS_READ, [whole]),
        Operation(
            f"/declarations/{_ID}/325", views.answer_325, scope.DECLARATIONS_READ,
            [Answer(200, None, "The WMO325.", XML)],
        ),
        Operation(
            f"/declarations/{_ID}/file", views.declaration_file, scope.DECLARATIONS_READ,
            [Answer(200, None, "A table.", CSV), Answer(200, None, "A workbook.", XLSX)],
        ),
        Operation(
            "/reports", views.report, scope.REPORTS_WRITE, delivered,
            method="POST", query=DeliverArgs, body={rest.JSON: s.ReportIn, XML: None}, headers=[_KEY_HEADER],
        ),
        Operation(
            "/reports", views.reports, scope.REPORTS_READ, [Answer(200, s.ReportsOut, "A page.")], query=ContractArgs
        ),
    )  # fmt: skip
    lead = (
        Operation("/lead/declarations", views.lead_declarations, scope.LEAD_READ, [page], query=s.LeadListArgs),
        Operation(f"/lead/declarations/{_ID}", views.lead_declaration, scope.LEAD_READ, [whole]),
        Operation(
            "/lead/exceptions", views.lead_exceptions, scope.LEAD_READ,
            [Answer(200, s.CausesOut, "The causes.")], query=YearArgs,
        ),
    )  # fmt: skip
    return (
        rest.part("declarations-api", "Declarations and reports of a subcontractor.", own),
        rest.part("lead-declarations-api", "What came in from all subcontractors.", lead),
    )


def _rendered(outcome: Outcome, at: Any, *, english: bool, trial: bool) -> Kept:
    """The answer on what was sent, as it goes out and as it is kept."""
    stored = not trial or outcome.replayed
    messages = [message_value(one, outcome, english=english, stored=stored) for one in outcome.messages]
    value = {"dry_run": trial, "contract": outcome.year.code, "messages": messages}
    if outcome.conflicts:
        told = json.loads(rest.encode(s.DeliveredOut, value))
        codes = {code for one in outcome.messages for code in (*one.message_codes, *one.declaration_codes)}
        errors = [
            Error("", each["text"], each["remedy"], each["code"]) for each in reasons(sorted(codes), english=english)
        ]
        problem = Problem("identification-used", errors, more={"answer": told})
        body = json.dumps(body_of(problem, language()), ensure_ascii=False).encode()
        return Kept(409, PROBLEM, "", body, at, outcome.replayed)
    one = messages[0]["id"] if len(messages) == 1 and messages[0]["kind"] == "323" else None
    location = "" if one is None else f"{rest.PREFIX}/declarations/{one}"
    content = rest.encode(s.DeliveredOut, value)
    return Kept(200 if trial else _CREATED, rest.JSON, location, content, at, outcome.replayed)


def _key(*, needed: bool) -> str | None:
    """The key that the sender gave to this request."""
    given = request.headers.get("Idempotency-Key")
    if given is None:
        if needed:
            raise Problem("key-missing")
        return None
    if not _KEY.fullmatch(given):
        raise Problem("key-wrong")
    return f"key:{given}"


def _check_report(given: Mapping[str, Any]) -> None:
    """A stop has a last day and a reason, a start has neither."""
    stop = given["kind"] == "stop"
    errors = [fault(f"/{name}", "required") for name in ("end", "reason") if stop and not given[name]]
    errors += [fault(f"/{name}", "unknown") for name in ("end", "reason") if not stop and given[name]]
    if errors:
        raise Problem("invalid", errors)


def _canonical(given: Mapping[str, Any]) -> bytes:
    """What was said in JSON, whatever its white space and order."""
    return json.dumps(given, sort_keys=True, default=str).encode()


def _page(args: Mapping[str, Any]) -> Page:
    return Page((args["page"] - 1) * args["page_size"], args["page_size"])
