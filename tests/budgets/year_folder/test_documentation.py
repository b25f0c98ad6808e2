"""The public description of the format names everything that the code knows."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from marshmallow import Schema
from marshmallow import fields as terms

from budgets.year_folder import cells
from budgets.year_folder.agreement_terms import CommonTerms
from budgets.year_folder.columns import TABLES, Table
from budgets.year_folder.reader import FILES
from budgets.year_folder.rules import Rule
from budgets.year_folder.terms import ContractTerms
from lead_contractor.allocation.model import Frequency, Unit
from lead_contractor.contract import model as contract_model
from subcontractors.agreements import forms
from subcontractors.declarations.csv_reader import COLUMNS

DOCUMENT = Path(__file__).parents[3] / "docs" / "year-folder.md"
TEXT = DOCUMENT.read_text(encoding="utf-8")
CODE = re.findall(r"```.*?```|`[^`\n]+`", TEXT, re.DOTALL)
WORDS = frozenset(re.findall(r"[A-Za-z0-9_]+", " ".join(CODE)))


def key_names(schema: Schema) -> list[str]:
    """All key names of a schema and of the tables inside it."""
    found = []
    for name, field in schema.fields.items():
        found += [field.data_key or name, *inside(field)]
    return found


def inside(field: Any) -> list[str]:
    if isinstance(field, terms.List):
        return inside(field.inner)
    return key_names(field.schema) if isinstance(field, terms.Nested) else []


@pytest.mark.parametrize("name", [*FILES, "messages/*.csv", "messages/*.xml"])
def test_every_file_is_described(name: str):
    assert name in TEXT


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.field)
def test_every_column_is_described(table: Table):
    line = [line for line in TEXT.splitlines() if line.startswith(f"| `{table.file}`")][-1]
    for column in table.columns:
        assert f"`{column.name}`" in line


def test_every_column_of_a_declaration_is_described():
    line = [line for line in TEXT.splitlines() if line.startswith("| `messages/*.csv`")][-1]
    assert re.findall(r"`([a-z_]+)`", line)[: len(COLUMNS)] == list(COLUMNS)


def test_every_key_is_described():
    schemas = [ContractTerms(), CommonTerms(), *(form.schema for form in forms.all_forms())]
    missing = {name for schema in schemas for name in key_names(schema)} - WORDS
    assert missing == set()


@pytest.mark.parametrize("rule", list(Rule))
def test_every_rule_is_described(rule: Rule):
    assert f"| `{rule.value}` |" in TEXT


@pytest.mark.parametrize(
    "enum",
    [
        contract_model.Proration,
        contract_model.IndexMethod,
        contract_model.Measure,
        contract_model.CorridorMode,
        contract_model.MarginBase,
        contract_model.Excess,
        contract_model.PriorYear,
        contract_model.CostKind,
        contract_model.FigureKind,
        contract_model.Transfers,
        contract_model.CarryOver,
        contract_model.LimitKind,
        contract_model.LimitAction,
        contract_model.Passer,
        Unit,
        Frequency,
    ],
)
def test_every_choice_is_described(enum: Any):
    assert {str(option.value) for option in enum} <= WORDS


def test_flags_are_described():
    assert set(cells.FLAGS) <= WORDS


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.field)
def test_columns_are_the_fields_of_their_row(table: Table):
    names = {field.name for field in fields(table.row)}
    assert names == {column.name for column in table.columns} | {"extra"}
