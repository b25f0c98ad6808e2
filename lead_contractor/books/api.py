"""The interface: balances of the books, for the software of the lead contractor itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_smorest import Blueprint
from marshmallow import Schema, fields
from sqlalchemy import Engine

from lead_contractor.access.tokens import TokenScope
from lead_contractor.books.accounts import ACCOUNTS
from lead_contractor.books.store import account_balance
from lead_contractor.contract.api import chosen_ids, years_of
from lead_contractor.kernel.database import reading
from lead_contractor.kernel.json_fields import AGB, ContractArgs, PageSchema, choice, month, page_of, text
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.web import rest
from lead_contractor.web.rest import Answer, Operation

_BY = ("agreement", "subcontractor", "product_code", "service_month")


class BalanceArgs(ContractArgs):
    """Which balances."""

    account = choice(*sorted(ACCOUNTS), load_default=None)
    subcontractor = text(AGB, 8, load_default=None, metadata={"description": "AGB code."})
    service_month = month(load_default=None)


class BalanceOut(Schema):
    """A balance on the ordinary side of its account; an empty text is what a posting is not about."""

    contract = fields.String(required=True)
    account = fields.String(required=True)
    agreement = fields.String(required=True)
    subcontractor = fields.String(required=True)
    product_code = fields.String(required=True)
    service_month = fields.String(required=True)
    cents = fields.Integer(required=True)


class BalancesOut(PageSchema):
    """A page of balances: by contract year, account, agreement, product and month."""

    balances = fields.List(fields.Nested(BalanceOut), required=True)


@dataclass(frozen=True, slots=True)
class Views:
    """The operations, on one database."""

    engine: Engine

    def lead_balances(self, args: dict[str, Any]) -> Any:
        """List the balances of the books per product, agreement and month."""
        token = rest.caller()
        accounts = sorted(ACCOUNTS) if args["account"] is None else [args["account"]]
        found: list[dict[str, Any]] = []
        with reading(self.engine) as connection:
            scope = Scope(connection, token.lead_contractor_id)
            for key, year in chosen_ids(years_of(scope, token), args["contract"]).items():
                balances = account_balance(scope, key, accounts, *_BY)
                for names, cents in sorted(balances.items()):
                    values = dict(zip(("account", *_BY), names, strict=True))
                    found.append({"contract": year.code, **values, "cents": int(cents)})
        wanted = {name: args[name] for name in ("subcontractor", "service_month") if args[name] is not None}
        found = [one for one in found if all(one[name] == value for name, value in wanted.items())]
        skip = (args["page"] - 1) * args["page_size"]
        items = found[skip : skip + args["page_size"]]
        return rest.respond(BalancesOut, page_of(items, args, len(found), "balances"))


def part(engine: Engine) -> Blueprint:
    """Balances for the lead contractor."""
    views = Views(engine)
    answers = [Answer(200, BalancesOut, "A page.")]
    operations = (Operation("/lead/balances", views.lead_balances, TokenScope.LEAD_READ, answers, query=BalanceArgs),)
    return rest.part("books-api", "Balances of the books.", operations)
