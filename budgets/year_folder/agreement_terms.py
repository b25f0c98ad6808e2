"""``agreements.toml``: the common keys of an ``[[agreement]]`` here, the other keys by the form itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import Schema, ValidationError, fields

from budgets.year_folder import cells
from budgets.year_folder.fields import Cell, Code, Terms, text, wrong
from budgets.year_folder.rules import Rule
from budgets.year_folder.toml_source import key_path, schema_findings, unknown_key
from lead_contractor.contract.model import Contract
from lead_contractor.kernel.findings import Finding
from lead_contractor.kernel.periods import Period
from subcontractors.agreements import forms
from subcontractors.agreements.form import Form
from subcontractors.agreements.model import Agreement
from subcontractors.decisions.model import OVERRIDABLE

FILE = "agreements.toml"
TABLE = "agreement"


def passable(code: str) -> None:
    """A validator: a return code that a decision of two people can let pass."""
    if code not in OVERRIDABLE:
        remedy = f"Kies uit: {', '.join(OVERRIDABLE)}."
        raise wrong(f"Retourcode {code} kan niet worden doorgelaten.", remedy)


class CommonTerms(Terms):
    """The keys that every agreement has, whatever its form."""

    id = text(required=True)
    subcontractor = Code(cells.agb, required=True)
    form = Cell(cells.form, required=True)
    products = fields.List(Code(cells.product))
    valid_from = Cell(cells.day)
    valid_to = Cell(cells.day)
    override = fields.List(Code(cells.words, validate=passable))


def key_names(schema: Schema) -> list[str]:
    """The key names of a schema, as they are written in the file."""
    return [field.data_key or name for name, field in schema.fields.items()]


def read_agreements(
    source: Mapping[str, Any], contract: Contract | None
) -> tuple[tuple[tuple[int, Agreement], ...], tuple[Finding, ...]]:
    """Read all agreements, each with its number in the file (from 1).

    Without a contract the keys are checked, but there is no period to default to, so no agreement comes out.
    """
    findings = [unknown_key(FILE, (name,), [TABLE]) for name in source if name != TABLE]
    tables = source.get(TABLE, [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        remedy = "Schrijf boven elke afspraak [[agreement]]."
        findings.append(Finding(Rule.VALUE, "Afspraken staan niet in een lijst.", remedy, FILE, column=TABLE))
        return (), tuple(findings)
    found = []
    for at, table in enumerate(tables):
        agreement, wrong = _read(at, table, contract)
        findings += wrong
        if agreement is not None:
            found.append((at + 1, agreement))
    return tuple(found), tuple(findings)


def _read(at: int, table: Mapping[str, Any], contract: Contract | None) -> tuple[Agreement | None, list[Finding]]:
    common = CommonTerms()
    names = key_names(common)
    values, findings = _load(at, common, {key: value for key, value in table.items() if key in names})
    form = _form(table)
    if form is None:
        return None, findings
    known = [*names, *key_names(form.schema)]
    own = {key: value for key, value in table.items() if key not in names}
    findings += [unknown_key(FILE, (TABLE, at, key), known) for key in own if key not in known]
    terms, wrong = _load(at, form.schema, {key: value for key, value in own.items() if key in known})
    findings += wrong
    if form.needs_products and not table.get("products"):
        findings.append(
            Finding(
                Rule.PRODUCTS,
                f"Een afspraak van de vorm {form.code.value} noemt haar producten.",
                "Voeg products toe, met productcodes of categorieën.",
                FILE,
                column=key_path((TABLE, at, "products")),
            )
        )
    if findings or contract is None:
        return None, findings
    return _agreement(at, values, terms, contract)


def _load(at: int, schema: Schema, table: Mapping[str, Any]) -> tuple[Any, list[Finding]]:
    try:
        return schema.load(table), []
    except ValidationError as error:
        return None, list(schema_findings(FILE, schema, error.messages, (TABLE, at)))


def _form(table: Mapping[str, Any]) -> Form | None:
    try:
        return forms.form(cells.form(str(table.get("form", "")), False))
    except cells.CellError:
        return None


def _agreement(
    at: int, values: dict[str, Any], terms: object, contract: Contract
) -> tuple[Agreement | None, list[Finding]]:
    first = values.get("valid_from", contract.first_day)
    last = values.get("valid_to", contract.last_day)
    products: Sequence[str] = values.get("products", ())
    place = key_path((TABLE, at))
    if last < first:
        message = f"Afspraak {values['id']} eindigt ({last}) voor zij begint ({first})."
        remedy = "Controleer valid_from en valid_to."
        return None, [Finding(Rule.DATES, message, remedy, FILE, column=f"{place}.valid_to")]
    if len(set(products)) != len(products):
        twice = next(product for product in products if list(products).count(product) > 1)
        message = f"Product {twice} staat er tweemaal."
        return None, [Finding(Rule.DUPLICATE, message, "Laat er een weg.", FILE, column=f"{place}.products")]
    validity = Period.inclusive(first, last)
    override: Sequence[str] = values.get("override", ())
    if len(set(override)) != len(override):
        twice = next(code for code in override if list(override).count(code) > 1)
        message = f"Retourcode {twice} staat er tweemaal."
        return None, [Finding(Rule.DUPLICATE, message, "Laat er een weg.", FILE, column=f"{place}.override")]
    agreement = Agreement(
        values["id"], values["subcontractor"], values["form"], validity, tuple(products), terms, tuple(override)
    )
    return agreement, []
