"""The interface: short returns of FTE, hours and occupancy come in, are tried, and are looked at again.

Returning the same again changes nothing, so no key is needed here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from flask_smorest import Blueprint
from marshmallow import Schema, fields
from sqlalchemy import Engine

from lead_contractor.access.tokens import TokenScope
from lead_contractor.contract.api import chosen_ids, chosen_year, years_of
from lead_contractor.contract.years import ContractYear
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.json_fields import (
    ContractArgs,
    DeliverArgs,
    PageSchema,
    Strict,
    listed,
    month,
    page_of,
    text,
)
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.web import rest
from lead_contractor.web.formats import AMSTERDAM
from lead_contractor.web.rest import Answer, Operation
from lead_contractor.web.rest_problems import Error, Problem
from subcontractors.returns import model, service

AfterIntake: TypeAlias = Callable[[Scope, int, datetime], None]
"""What the floors above do after a return, in the same transaction: scope, contract id, moment."""

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ENDINGS = {CSV: "csv", XLSX: "xlsx"}
_NUMBER = r"^[0-9]{1,9}(\.[0-9]{1,4})?$"
_MOST = 500


class ReturnIn(Strict):
    """What one agreement realised in a month; numbers as text with a decimal point, what is left out is not known."""

    agreement = text(r"^[^\x00-\x1f\x7f]+$", 60, required=True)
    month = month(required=True)
    fte = text(_NUMBER, 14, load_default="")
    hours = text(_NUMBER, 14, load_default="")
    occupancy_percent = text(_NUMBER, 14, load_default="")


class ReturnsIn(Strict):
    """Short returns."""

    returns = listed(ReturnIn, _MOST, required=True)


class FindingOut(Schema):
    """Why a line was refused, or what is striking about it."""

    code = fields.String(required=True)
    text = fields.String(required=True)
    remedy = fields.String(required=True)


class ReturnAnswerOut(Schema):
    """The answer on one line."""

    agreement = fields.String(required=True)
    month = fields.String(required=True)
    accepted = fields.Boolean(required=True)
    changed = fields.Boolean(required=True, metadata={"description": "Whether it says something new."})
    reasons = fields.List(fields.Nested(FindingOut), required=True)
    warnings = fields.List(fields.Nested(FindingOut), required=True)


class ReturnAnswersOut(Schema):
    """The answers, line by line."""

    dry_run = fields.Boolean(required=True)
    contract = fields.String(required=True)
    returns = fields.List(fields.Nested(ReturnAnswerOut), required=True)


class ReturnOut(Schema):
    """A version of a return; the last one holds."""

    contract = fields.String(required=True)
    agreement = fields.String(required=True)
    month = fields.String(required=True)
    version = fields.Integer(required=True)
    fte = fields.String(required=True, allow_none=True)
    hours = fields.String(required=True, allow_none=True)
    occupancy_percent = fields.String(required=True, allow_none=True)
    channel = fields.String(required=True)
    submitted_at = fields.DateTime(required=True)


class DueOut(Schema):
    """A month that still has to be returned."""

    contract = fields.String(required=True)
    agreement = fields.String(required=True)
    month = fields.String(required=True)
    fields_missing = fields.List(fields.String(), required=True)
    until = fields.Date(required=True)
    late = fields.Boolean(required=True)


class ReturnsOut(PageSchema):
    """A page of returns, newest first, and all that is still to come."""

    returns = fields.List(fields.Nested(ReturnOut), required=True)
    due = fields.List(fields.Nested(DueOut), required=True)


@dataclass(frozen=True, slots=True)
class Views:
    """The operations, on one database."""

    engine: Engine
    after_intake: AfterIntake

    def short_return(self, args: dict[str, Any]) -> Any:
        """Send short returns of FTE, hours and occupancy, or try them.

        As JSON, CSV or workbook. Each line is taken or refused by itself.
        """
        kind = rest.media_type((rest.JSON, CSV, XLSX))
        given = rest.json_body(ReturnsIn)["returns"] if kind == rest.JSON else []
        content = b"" if kind == rest.JSON else rest.body()  # all of it, before anybody is kept waiting
        token, at, trial = rest.caller(), rest.now(), bool(args["dry_run"])
        by = f"token {token.label}"
        with writing(self.engine) as connection:
            scope = Scope(connection, token.lead_contractor_id)
            scope.lock()
            year = chosen_year(years_of(scope, token), args["contract"])
            if year.closed:
                raise Problem("year-closed")
            where = (scope, year.contract_id, token.party)
            if kind == rest.JSON:
                lines = [model.Written(row=number, **one) for number, one in enumerate(given)]
                found = service.submit_lines(*where, lines, at, by, dry_run=trial)
            else:
                name = f"api-{at:%Y%m%dT%H%M%S%fZ}.{_ENDINGS[kind]}"
                found = service.submit_file(*where, name, content, at, by, dry_run=trial)
            if not trial and any(one.changed for one in found):
                self.after_intake(scope, year.contract_id, at)
        return self._answered(year, found, trial=trial, json=kind == rest.JSON)

    def _answered(self, year: ContractYear, found: Sequence[model.Answer], *, trial: bool, json: bool) -> Any:
        if found and not any(one.accepted for one in found):
            errors = [
                Error(f"/returns/{one.row}" if json else reason.place, reason.message, reason.remedy, reason.rule)
                for one in found
                for reason in one.reasons
            ]
            raise Problem("invalid", errors)
        value = {"dry_run": trial, "contract": year.code, "returns": [_answer(one) for one in found]}
        return rest.sent(rest.encode(ReturnAnswersOut, value), 200 if trial else 201)

    def returns(self, args: dict[str, Any]) -> Any:
        """List your short returns, newest first, and the months that are still to come."""
        token = rest.caller()
        today = rest.now().astimezone(AMSTERDAM).date()
        with reading(self.engine) as connection:
            scope = Scope(connection, token.lead_contractor_id)
            years = chosen_ids(years_of(scope, token), args["contract"])
            found = [
                (year.code, one)
                for key, year in years.items()
                for one in reversed(service.history(scope, key, token.party))
            ]
            due = [
                (year.code, one) for key, year in years.items() for one in service.due(scope, key, token.party, today)
            ]
        skip = (args["page"] - 1) * args["page_size"]
        items = [_stored(code, one) for code, one in found[skip : skip + args["page_size"]]]
        page = page_of(items, args, len(found), "returns")
        return rest.respond(ReturnsOut, page | {"due": [_due(code, one) for code, one in due]})


def part(engine: Engine, after_intake: AfterIntake) -> Blueprint:
    """Short returns of a subcontractor."""
    views = Views(engine, after_intake)
    operations = (
        Operation(
            "/returns",
            views.short_return,
            TokenScope.RETURNS_WRITE,
            [Answer(201, ReturnAnswersOut, "Taken."), Answer(200, ReturnAnswersOut, "Only tried.")],
            method="POST",
            query=DeliverArgs,
            body={rest.JSON: ReturnsIn, CSV: None, XLSX: None},
        ),
        Operation(
            "/returns",
            views.returns,
            TokenScope.RETURNS_READ,
            [Answer(200, ReturnsOut, "A page.")],
            query=ContractArgs,
        ),
    )
    return rest.part("returns-api", "Short returns of FTE, hours and occupancy.", operations)


def _answer(one: model.Answer) -> dict[str, Any]:
    return {
        "agreement": one.agreement,
        "month": one.month,
        "accepted": one.accepted,
        "changed": one.changed,
        "reasons": [{"code": f.rule, "text": f.message, "remedy": f.remedy} for f in one.reasons],
        "warnings": [{"code": f.rule, "text": f.message, "remedy": f.remedy} for f in one.warnings],
    }


def _stored(contract: str, one: model.Stored) -> dict[str, Any]:
    return {
        "contract": contract,
        "agreement": one.agreement,
        "month": str(one.month),
        "version": one.version,
        "fte": one.values.fte,
        "hours": one.values.hours,
        "occupancy_percent": one.values.occupancy_percent,
        "channel": one.channel,
        "submitted_at": one.submitted_at,
    }


def _due(contract: str, one: model.Due) -> dict[str, Any]:
    return {
        "contract": contract,
        "agreement": one.agreement,
        "month": str(one.month),
        "fields_missing": one.fields,
        "until": one.until,
        "late": one.late,
    }
