"""A contract year back from the database as the same plain values that its folder gave."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import tomli_w

from budgets.year_folder.agreement_terms import read_agreements
from budgets.year_folder.terms import ContractTerms
from lead_contractor.contract.model import Contract
from lead_contractor.contract.store import StoredContract
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.model import Agreement
from subcontractors.agreements.store import agreements_as_written


def as_text(table: Mapping[str, Any]) -> str:
    """A TOML table as text, to be stored."""
    return tomli_w.dumps(table)


def as_table(text: str) -> dict[str, Any]:
    """A stored TOML text as a table, with exact decimals."""
    return tomllib.loads(text, parse_float=Decimal)


def contract_of(stored: StoredContract) -> Contract:
    """The terms of a stored contract."""
    contract: Contract = ContractTerms().load(as_table(stored.terms))
    return contract


def agreement_tables(scope: Scope, contract_id: int) -> list[dict[str, Any]]:
    """The agreements of a stored contract as TOML tables, by id."""
    return [as_table(text) for _, _, _, text in agreements_as_written(scope, contract_id)]


def agreements_of(scope: Scope, contract_id: int, contract: Contract) -> list[Agreement]:
    """The agreements of a stored contract, by id."""
    made, _ = read_agreements({"agreement": agreement_tables(scope, contract_id)}, contract)
    return sorted((agreement for _, agreement in made), key=lambda one: one.id)
