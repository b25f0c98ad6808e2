"""The interface: what a subcontractor was asked for a quarter, with what is known of it, and handing it in.

Handing in the same again changes nothing, so no key is needed here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields
from sqlalchemy import Engine

from lead_contractor.access.tokens import TokenScope
from lead_contractor.contract.api import chosen_ids, chosen_year, years_of
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.json_fields import (
    ContractArgs,
    DeliverArgs,
    PageSchema,
    Strict,
    listed,
    page_of,
    text,
    yes_or_no,
)
from lead_contractor.kernel.quarters import Quarter
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.web import rest, rest_problems
from lead_contractor.web.formats import AMSTERDAM
from lead_contractor.web.rest import Answer, Operation
from lead_contractor.web.rest_problems import Problem
from subcontractors.reports import service
from subcontractors.reports.model import Channel, Form, Line, Measured, Written

_NUMBER = r"^[0-9]{1,8}(\.[0-9]{1,2})?$"
_QUARTER = r"^(19|20|21)[0-9]{2}-Q[1-4]$"
_PLAIN = r"^[^\x00-\x08\x0b-\x1f\x7f]*$"
_MOST = 50


class FigureIn(Strict):
    """A figure: numbers as text with a decimal point; ``number`` is out of or over how many."""

    kpi = text(r"^[a-z0-9_]+$", 20, required=True)
    value = text(_NUMBER, 11, load_default="")
    number = text(_NUMBER, 11, load_default="")
    explanation = text(_PLAIN, 1000, load_default="")
    agreed = yes_or_no(load_default=False, metadata={"description": "Agree with the value that is known already."})


class FiguresIn(Strict):
    """The figures of a quarter; ``reason`` is asked where something handed in before changes."""

    quarter = text(_QUARTER, 7, required=True)
    reason = text(_PLAIN, 1000, load_default="")
    figures = listed(FigureIn, _MOST, required=True)


class MeasuredOut(Schema):
    """A value, and out of or over how many it is."""

    value = fields.String(required=True)
    number = fields.Integer(required=True, allow_none=True)


class FigureOut(Schema):
    """A figure with its definition, what is known of it from messages, and the version that holds."""

    kpi = fields.String(required=True)
    definition_version = fields.Integer(required=True)
    kind = fields.String(required=True)
    name = fields.String(required=True)
    definition = fields.String(required=True)
    unit = fields.String(required=True)
    source = fields.String(required=True)
    needed = fields.Boolean(required=True, metadata={"description": "Whether it still has to be handed in."})
    optional = fields.Boolean(required=True)
    known = fields.Nested(MeasuredOut, required=True, allow_none=True)
    known_from = fields.String(required=True)
    handed_in = fields.Nested(MeasuredOut, required=True, allow_none=True)
    version = fields.Integer(required=True)


class FigureRequestOut(Schema):
    """What was asked for a quarter."""

    contract = fields.String(required=True)
    quarter = fields.String(required=True)
    due_on = fields.Date(required=True)
    handed_in = fields.Boolean(required=True)
    late = fields.Boolean(required=True)
    figures = fields.List(fields.Nested(FigureOut), required=True)


class FigureRequestsOut(PageSchema):
    """A page of requests, the newest quarter first."""

    requests = fields.List(fields.Nested(FigureRequestOut), required=True)


class FigureAnswerOut(Schema):
    """What became of a figure."""

    kpi = fields.String(required=True)
    changed = fields.Boolean(required=True, metadata={"description": "Whether it says something new."})
    taken = fields.Nested(MeasuredOut, required=True, allow_none=True)


class FigureAnswersOut(Schema):
    """The answers; either all figures are taken or none."""

    dry_run = fields.Boolean(required=True)
    contract = fields.String(required=True)
    quarter = fields.String(required=True)
    figures = fields.List(fields.Nested(FigureAnswerOut), required=True)


@dataclass(frozen=True, slots=True)
class Views:
    """The operations, on one database."""

    engine: Engine

    def quarterly_figures(self, args: dict[str, Any]) -> Any:
        """List what was asked of you per quarter, the newest first, with what is known of it already."""
        token = rest.caller()
        today = rest.now().astimezone(AMSTERDAM).date()
        with reading(self.engine) as connection:
            scope = Scope(connection, token.lead_contractor_id)
            years = chosen_ids(years_of(scope, token), args["contract"])
            found = [
                _request(year.code, form, late=form.late(today))
                for key, year in years.items()
                for form in service.forms(scope, key, subcontractor=token.party)
            ]
        skip = (args["page"] - 1) * args["page_size"]
        page = page_of(found[skip : skip + args["page_size"]], args, len(found), "requests")
        return rest.respond(FigureRequestsOut, page)

    def hand_in_figures(self, args: dict[str, Any]) -> Any:
        """Hand in the figures of a quarter, or try them: all are taken, or none and every reason is told."""
        rest.media_type((rest.JSON,))
        given = rest.json_body(FiguresIn)
        token, at, trial = rest.caller(), rest.now(), bool(args["dry_run"])
        quarter = Quarter.parse(given["quarter"])
        with writing(self.engine) as connection:
            scope = Scope(connection, token.lead_contractor_id)
            scope.lock()
            year = chosen_year(years_of(scope, token), args["contract"])
            if year.closed:
                raise Problem("year-closed")
            answers = service.submit(
                scope,
                year.contract_id,
                token.party,
                quarter,
                [Written(**one) for one in given["figures"]],
                at,
                f"token {token.label}",
                reason=given["reason"],
                channel=Channel.API,
                dry_run=trial,
            )
        value = {
            "dry_run": trial,
            "contract": year.code,
            "quarter": str(quarter),
            "figures": [{"kpi": one.kpi, "changed": one.changed, "taken": _measured(one.measured)} for one in answers],
        }
        return rest.sent(rest.encode(FigureAnswersOut, value), 200 if trial else 201)


def part(engine: Engine) -> Blueprint:
    """Quarterly figures of a subcontractor."""
    views = Views(engine)
    operations = (
        Operation(
            "/figures",
            views.quarterly_figures,
            TokenScope.RETURNS_READ,
            [Answer(200, FigureRequestsOut, "A page.")],
            query=ContractArgs,
        ),
        Operation(
            "/figures",
            views.hand_in_figures,
            TokenScope.RETURNS_WRITE,
            [Answer(201, FigureAnswersOut, "Taken."), Answer(200, FigureAnswersOut, "Only tried.")],
            method="POST",
            query=DeliverArgs,
            body={rest.JSON: FiguresIn},
        ),
    )
    return rest.part("figures-api", "Figures of a quarter.", operations)


def _request(contract: str, form: Form, *, late: bool) -> dict[str, Any]:
    return {
        "contract": contract,
        "quarter": str(form.request.quarter),
        "due_on": form.request.due_on,
        "handed_in": form.handed_in,
        "late": late,
        "figures": [_figure(line) for line in form.lines],
    }


def _figure(line: Line) -> dict[str, Any]:
    kpi, spoken = line.kpi, rest_problems.language()
    return {
        "kpi": kpi.id,
        "definition_version": kpi.version,
        "kind": kpi.kind.value,
        "name": kpi.name[spoken],
        "definition": kpi.definition[spoken],
        "unit": kpi.unit[spoken],
        "source": kpi.source,
        "needed": line.needed,
        "optional": kpi.optional,
        "known": _measured(line.known),
        "known_from": kpi.computed[spoken],
        "handed_in": None if line.latest is None else _measured(line.latest.measured),
        "version": len(line.versions),
    }


def _measured(one: Measured | None) -> dict[str, Any] | None:
    return None if one is None else {"value": f"{one.value:f}", "number": one.number}
