"""The interface: what a subcontractor agreed, what it was allocated, and what is left of both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields
from sqlalchemy import Engine

from lead_contractor.access.tokens import TokenScope
from lead_contractor.contract.api import chosen_ids, years_of
from lead_contractor.kernel.database import reading
from lead_contractor.kernel.json_fields import ContractArgs, PageSchema, YearArgs, page_of
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from lead_contractor.web import rest
from lead_contractor.web.rest import Answer, Operation
from subcontractors.agreements.standing import Standing, standing_of
from subcontractors.portal.allocations import OwnAllocation, own_allocations


class AgreementOut(Schema):
    """An agreement, and what is left of its ceiling."""

    code = fields.String(required=True)
    contract = fields.String(required=True)
    form = fields.String(required=True)
    valid_from = fields.Date(required=True)
    valid_to = fields.Date(required=True, allow_none=True)
    products = fields.List(fields.String(), required=True, metadata={"description": "Empty: all that you deliver."})
    granted_cents = fields.Integer(required=True, metadata={"description": "Granted so far, credits taken off."})
    ceiling_cents = fields.Integer(required=True, allow_none=True)
    left_cents = fields.Integer(required=True, allow_none=True)


class AgreementsOut(Schema):
    """Agreements, by contract year and code."""

    agreements = fields.List(fields.Nested(AgreementOut), required=True)


class AllocationOut(Schema):
    """An allocation, and what is left of it; volumes are in its unit, cents where that is 83."""

    number = fields.String(required=True)
    contract = fields.String(required=True)
    bsn = fields.String(required=True)
    category = fields.String(required=True)
    product_code = fields.String(required=True)
    start = fields.Date(required=True)
    end = fields.Date(required=True, allow_none=True)
    volume = fields.Integer(required=True, allow_none=True)
    unit = fields.String(required=True)
    frequency = fields.String(required=True)
    term_volume = fields.Integer(required=True, allow_none=True, metadata={"description": "Over its whole term."})
    used_volume = fields.Integer(required=True)
    left_volume = fields.Integer(required=True, allow_none=True)
    budget_cents = fields.Integer(required=True, allow_none=True)
    used_cents = fields.Integer(required=True)
    left_cents = fields.Integer(required=True, allow_none=True)


class AllocationsOut(PageSchema):
    """A page of allocations, by number."""

    allocations = fields.List(fields.Nested(AllocationOut), required=True)


@dataclass(frozen=True, slots=True)
class Views:
    """The operations, on one database."""

    engine: Engine
    master_key: bytes

    def agreements(self, args: dict[str, Any]) -> Any:
        """List your agreements, with what is left of a ceiling."""
        token = rest.caller()
        with reading(self.engine) as connection:
            scope = Scope(connection, token.lead_contractor_id)
            years = chosen_ids(years_of(scope, token), args["contract"])
            found = [(year.code, one) for key, year in years.items() for one in standing_of(scope, key, token.party)]
        return rest.respond(AgreementsOut, {"agreements": [_agreement(code, one) for code, one in found]})

    def allocations(self, args: dict[str, Any]) -> Any:
        """List your allocations, with what is left of volume and budget."""
        token = rest.caller()
        with reading(self.engine) as connection:
            scope = Scope(connection, token.lead_contractor_id)
            years = chosen_ids(years_of(scope, token), args["contract"])
            vault = Vault(self.master_key, token.lead_contractor_id)
            found = [
                (year.code, one)
                for key, year in years.items()
                for one in own_allocations(scope, vault, key, token.party)
            ]
        skip = (args["page"] - 1) * args["page_size"]
        items = [_allocation(code, one) for code, one in found[skip : skip + args["page_size"]]]
        return rest.respond(AllocationsOut, page_of(items, args, len(found), "allocations"))


def part(engine: Engine, master_key: bytes) -> Blueprint:
    """Agreements and allocations of a subcontractor."""
    views = Views(engine, master_key)
    operations = (
        Operation(
            "/agreements",
            views.agreements,
            TokenScope.AGREEMENTS_READ,
            [Answer(200, AgreementsOut, "The agreements.")],
            query=YearArgs,
        ),
        Operation(
            "/allocations",
            views.allocations,
            TokenScope.ALLOCATIONS_READ,
            [Answer(200, AllocationsOut, "A page.")],
            query=ContractArgs,
        ),
    )
    return rest.part("agreements-api", "Agreements and allocations of a subcontractor.", operations)


def _agreement(contract: str, one: Standing) -> dict[str, Any]:
    return {
        "code": one.code,
        "contract": contract,
        "form": one.form,
        "valid_from": one.valid_from,
        "valid_to": one.valid_to,
        "products": one.products,
        "granted_cents": int(one.granted),
        "ceiling_cents": one.ceiling,
        "left_cents": one.left,
    }


def _allocation(contract: str, one: OwnAllocation) -> dict[str, Any]:
    return {
        "number": one.number,
        "contract": contract,
        "bsn": one.bsn,
        "category": one.category,
        "product_code": one.product_code,
        "start": one.start,
        "end": one.end,
        "volume": one.volume,
        "unit": one.unit,
        "frequency": one.frequency,
        "term_volume": one.term_limit,
        "used_volume": one.used,
        "left_volume": one.left,
        "budget_cents": one.budget,
        "used_cents": one.used_cents,
        "left_cents": one.left_cents,
    }
