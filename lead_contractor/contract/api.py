"""The interface: who the token is, and the contract years that it may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields
from sqlalchemy import Engine

from lead_contractor.access.model import Role
from lead_contractor.access.tokens import Token
from lead_contractor.contract.years import ContractYear, contract_years
from lead_contractor.kernel.database import reading
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.web import rest
from lead_contractor.web.rest import Answer, Operation
from lead_contractor.web.rest_problems import Problem


class TokenSchema(Schema):
    """The token of the request."""

    role = fields.String(required=True)
    party = fields.String(required=True, metadata={"description": "AGB code; empty for the lead contractor."})
    label = fields.String(required=True)
    scopes = fields.List(fields.String(), required=True)
    expires_at = fields.DateTime(required=True)


class ContractSchema(Schema):
    """A contract year."""

    code = fields.String(required=True)
    year = fields.Integer(required=True)
    municipality_code = fields.String(required=True)
    municipality_name = fields.String(required=True)
    cut_off = fields.Date(required=True)
    corrections_until = fields.Date(required=True)
    closed = fields.Boolean(required=True, metadata={"description": "Settled for good: nothing more is taken in."})


class ContractsSchema(Schema):
    """Contract years, newest first."""

    contracts = fields.List(fields.Nested(ContractSchema), required=True)


@dataclass(frozen=True, slots=True)
class Views:
    """The operations, on one database."""

    engine: Engine

    def token(self) -> Any:
        """Tell what this token is.

        Its party, its scopes and until when it works.
        """
        mine = rest.caller()
        return rest.respond(TokenSchema, {**_told(mine), "scopes": sorted(mine.scopes)})

    def contracts(self) -> Any:
        """List the contract years.

        A subcontractor sees those in which it takes part.
        """
        with reading(self.engine) as connection:
            found = years_of(Scope(connection, rest.caller().lead_contractor_id), rest.caller())
        return rest.respond(ContractsSchema, {"contracts": found})


def part(engine: Engine) -> Blueprint:
    """Token and contract years."""
    views = Views(engine)
    operations = (
        Operation("/token", views.token, None, [Answer(200, TokenSchema, "The token.")]),
        Operation("/contracts", views.contracts, None, [Answer(200, ContractsSchema, "The contract years.")]),
    )
    return rest.part("contracts", "The token and the contract years that it may see.", operations)


def _told(token: Token) -> dict[str, Any]:
    return {"role": token.role, "party": token.party, "label": token.label, "expires_at": token.expires_at}


def years_of(scope: Scope, token: Token) -> tuple[ContractYear, ...]:
    """The contract years that a token may see."""
    return contract_years(scope, None if token.role is Role.CONTROLLER else token.party)


def chosen_year(years: Sequence[ContractYear], code: str | None) -> ContractYear:
    """The contract year that a request is about: the one named, or the only one.

    Raises:
        Problem: it does not exist for this token, or it has to be named.
    """
    if code is None and len(years) == 1:
        return years[0]
    if code is None and years:
        raise Problem("contract-needed", codes=", ".join(year.code for year in years))
    found = next((year for year in years if year.code == code), None)
    if found is None:
        raise Problem("not-found")
    return found


def chosen_ids(years: Sequence[ContractYear], code: str | None) -> dict[int, ContractYear]:
    """The contract years that a list is about, by id: the one named, or all.

    Raises:
        Problem: the one named does not exist for this token.
    """
    wanted = years if code is None else [chosen_year(years, code)]
    return {year.contract_id: year for year in wanted}
