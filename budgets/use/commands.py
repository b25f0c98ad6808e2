"""The use of the budget at the command line, as of a day."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

import click

from budgets.use.layout import to_csv, to_json, to_text
from budgets.use.line_model import By
from budgets.use.line_service import use_on
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.parties.store import subcontractors
from subcontractors.agreements.products import product_name

_NOTHING = {By.AREA: "zonder gebied", By.CLIENT_GROUP: "zonder cliëntgroep", By.FORM: "zonder vorm"}


class Opened(Protocol):
    """A contract year that was opened."""

    @property
    def contract_id(self) -> int:
        """Its id."""

    def reading(self) -> AbstractContextManager[Scope]:
        """A scope that only reads."""


Opening = Callable[[str], AbstractContextManager[Iterable[Opened]]]


def use(opening: Opening) -> click.Command:
    """The command ``use``; the front door hands it the way in, for a year that may still be running."""

    @click.command("use", short_help="The use of the budget as of a day, as text, JSON or CSV.")
    @click.argument("folder_or_contract")
    @click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), required=True, help="What was known at its end.")
    @click.option("--by", type=click.Choice([by.value for by in By]), default=By.LINE.value, show_default=True)
    @click.option("--version", type=click.IntRange(min=1), help="The version of the budget; else that of the day.")
    @click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
    def command(folder_or_contract: str, as_of: datetime, by: str, version: int | None, form: str) -> None:
        """Plan, committed, declared, approved, used, paid and left of each budget line, as of a day.

        FOLDER-OR-CONTRACT is a year folder, of a year that may still be running, or the code of a loaded contract.
        """
        made = []
        with opening(folder_or_contract) as years:
            for year in years:
                with year.reading() as scope:
                    report = use_on(scope, year.contract_id, as_of.date(), By(by), version=version)
                    names = {party.agb: party.name for party in subcontractors(scope, year.contract_id)}
                made.append(to_json(report))
                if form == "text":
                    click.echo(to_text(report, _named(names)))
                elif form == "csv":
                    click.echo(to_csv(report), nl=False)
        if form == "json":
            click.echo(json.dumps(made[0] if len(made) == 1 else made, ensure_ascii=False, indent=1))

    return command


def _named(names: Mapping[str, str]) -> Callable[[By, tuple[str, ...]], str]:
    """What a row is called."""

    def name(by: By, key: tuple[str, ...]) -> str:
        if by is By.LINE:
            subcontractor, product, _ = key
            return " ".join(filter(None, (product, names.get(subcontractor, subcontractor)))) or "alles"
        if by is By.SUBCONTRACTOR:
            return names.get(key[0], key[0]) or "alle onderaannemers"
        if by is By.PRODUCT:
            return f"{key[0]} {product_name(key[0])}".strip() or "zonder product"
        return key[0] or _NOTHING.get(by, "zonder maand")

    return name
