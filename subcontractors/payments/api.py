"""The interface: what is being paid to a subcontractor, and what was paid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields
from sqlalchemy import Engine

from lead_contractor.access.tokens import TokenScope
from lead_contractor.contract.api import chosen_ids, years_of
from lead_contractor.kernel.database import reading
from lead_contractor.kernel.json_fields import ContractArgs, PageSchema, page_of
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.web import rest
from lead_contractor.web.rest import Answer, Operation
from subcontractors.payments.service import payments_of


class PaymentOut(Schema):
    """What one payment run holds for you of one declaration or amount due; below zero it is set off."""

    run = fields.Integer(required=True)
    contract = fields.String(required=True)
    state = fields.String(required=True)
    source = fields.String(required=True)
    agreement = fields.String(required=True)
    service_month = fields.String(required=True)
    cents = fields.Integer(required=True)
    due_on = fields.Date(required=True)
    paid_on = fields.Date(required=True, allow_none=True)
    reversed_on = fields.Date(required=True, allow_none=True)


class PaymentsOut(PageSchema):
    """A page of payments, newest first."""

    payments = fields.List(fields.Nested(PaymentOut), required=True)


@dataclass(frozen=True, slots=True)
class Views:
    """The operations, on one database."""

    engine: Engine

    def payments(self, args: dict[str, Any]) -> Any:
        """List what payment runs hold for you, newest first."""
        token = rest.caller()
        with reading(self.engine) as connection:
            scope = Scope(connection, token.lead_contractor_id)
            years = chosen_ids(years_of(scope, token), args["contract"])
            found = [(year.code, one) for key, year in years.items() for one in payments_of(scope, key, token.party)]
        skip = (args["page"] - 1) * args["page_size"]
        items = [
            {
                "run": one.run_id,
                "contract": code,
                "state": one.state,
                "source": one.source,
                "agreement": one.agreement,
                "service_month": one.service_month,
                "cents": int(one.cents),
                "due_on": one.due_on,
                "paid_on": one.paid_on,
                "reversed_on": one.reversed_on,
            }
            for code, one in found[skip : skip + args["page_size"]]
        ]
        return rest.respond(PaymentsOut, page_of(items, args, len(found), "payments"))


def part(engine: Engine) -> Blueprint:
    """Payments to a subcontractor."""
    views = Views(engine)
    answers = [Answer(200, PaymentsOut, "A page.")]
    operations = (Operation("/payments", views.payments, TokenScope.PAYMENTS_READ, answers, query=ContractArgs),)
    return rest.part("payments-api", "Payments to a subcontractor.", operations)
