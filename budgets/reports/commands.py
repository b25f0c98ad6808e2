"""The quarterly report at the command line: look at it, write it to a file, or release it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Engine

from budgets.reports import service
from budgets.reports.layout import written
from budgets.reports.text import report_text
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.quarters import Quarter
from lead_contractor.kernel.refusals import NotFound
from lead_contractor.kernel.tenancy import Scope
from subcontractors.corrections.commands import found_contract, hand_of

FORMATS = ("text", "json", "xlsx", "pdf")
_BINARY = ("xlsx", "pdf")


def report(database: Callable[[], Engine], clock: Callable[[], datetime]) -> click.Command:
    """The command ``report``; the front door hands it the database and the clock."""

    @click.command("report", short_help="Show, write or release the quarterly report for the municipality.")
    @click.argument("contract")
    @click.option("--quarter", "quarter_text", required=True, help="Which quarter, as 2025-Q3.")
    @click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
    @click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Where the file goes.")
    @click.option("--version", type=click.IntRange(min=1), help="A released version; without it the newest.")
    @click.option("--draft", is_flag=True, help="As it would be released now, whatever was released.")
    @click.option("--release", "email", default="", help="E-mail address of the controller who releases it.")
    @click.option("--reason", default="", help="Why there is a next version.")
    def command(
        contract: str,
        quarter_text: str,
        form: str,
        out: Path | None,
        version: int | None,
        *,
        draft: bool,
        email: str,
        reason: str,
    ) -> None:
        """The report over a quarter of CONTRACT: the released version, or a draft while there is none.

        Small numbers are out of it: it is what the municipality sees.
        """
        if form in _BINARY and out is None:
            raise click.UsageError(f"--format {form} asks for --out FILE.{form}")
        try:
            quarter = Quarter.parse(quarter_text)
        except ValueError as error:
            raise click.UsageError(f"{quarter_text!r} is no quarter: write it as 2025-Q3") from error
        engine = database()
        lead, contract_id = found_contract(engine, contract)
        if email:
            by = hand_of(engine, email, lead)
            with writing(engine) as connection:
                service.release(Scope(connection, lead), contract_id, quarter, by, clock(), reason)
        with reading(engine) as connection:
            document = _document(Scope(connection, lead), contract_id, quarter, version, clock(), draft=draft)
        _write(document, form, out)

    return command


def _document(
    scope: Scope, contract_id: int, quarter: Quarter, version: int | None, at: datetime, *, draft: bool
) -> Mapping[str, Any]:
    if not draft:
        try:
            return service.report(scope, contract_id, quarter, version).document
        except NotFound:
            if version is not None:
                raise
    return service.draft(scope, contract_id, quarter, at).document


def content_of(document: Mapping[str, Any], form: str) -> bytes:
    """A document as a file of a format."""
    if form == "xlsx":
        from budgets.reports.workbook import report_workbook

        return report_workbook(document)
    if form == "pdf":
        from budgets.reports.printed import report_pdf

        return report_pdf(document)
    text = written(document)[0] if form == "json" else report_text(document)
    return f"{text}\n".encode()


def _write(document: Mapping[str, Any], form: str, out: Path | None) -> None:
    content = content_of(document, form)
    if out is None:
        click.echo(content.decode(), nl=False)
        return
    out.write_bytes(content)
    click.echo(f"Rapport geschreven: {out}", err=True)
