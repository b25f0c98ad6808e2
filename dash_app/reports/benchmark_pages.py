"""Vergelijking: public spending per inhabitant beside our own, with gaps and breaks, and taking a newer table in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext
from sqlalchemy import Engine

from budgets.benchmark import service
from budgets.benchmark.per_inhabitant import per_inhabitant, series
from budgets.benchmark.reader import LIMIT
from dash_app.desk import asking, export
from dash_app.overview import address
from dash_app.reports import frame
from dash_app.reports.chart import draw
from lead_contractor.access.model import Role
from lead_contractor.kernel.findings import Finding
from lead_contractor.kernel.refusals import Unsound
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.web import guard

_UNPROCESSABLE = 422
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class BenchmarkPages:
    """The views, on one database."""

    engine: Engine

    def route(self, pages: Blueprint) -> None:
        """Give the views their addresses."""
        pages.add_url_rule("/vergelijking", "benchmark", self.benchmark)
        pages.add_url_rule("/vergelijking/inlezen", "take_in", self.take_in, methods=["POST"])

    def benchmark(self, findings: tuple[Finding, ...] = ()) -> Any:
        """The table and the chart."""
        with address.reading_scope(self.engine) as scope:
            found = frame.chosen(scope)
            if found is None:
                return frame.nothing_yet(gettext("Vergelijking"))
            contract, known = found
            versions = service.versions(scope)
            table = service.table_of(scope, _version([one.version for one in versions]))
            own = service.own_spending(scope, known)
        if export.asked():
            return _file(table)
        found_series = series(table.rows, own)
        return frame.page(
            "benchmark",
            contract=contract,
            contracts=known,
            table=table,
            versions=versions,
            series=found_series,
            years=sorted({point.year for one in found_series for point in one.points}),
            own=own,
            per_inhabitant=per_inhabitant,
            chart=draw(found_series, contract.municipality_code),
            findings=findings,
        )

    @guard.requires(Role.CONTROLLER)
    def take_in(self) -> Any:
        """Keep a newer table as the next version, or tell what is wrong with it."""
        given = request.files.get("table")
        if given is None or not given.filename:
            flash(gettext("Kies een bestand."), "error")
            return redirect(url_for("reports.benchmark"))
        name, content = given.filename[-_LONGEST_NAME:], given.stream.read(LIMIT + 1)
        wrong: list[Finding] = []

        def act(scope: Scope) -> None:
            by, source = asking.hand().name, request.form.get("source", "")
            try:
                made = service.take_in(scope, name, content, source, by, address.now())
            except Unsound as unsound:
                wrong.extend(unsound.findings)
                return
            flash(gettext("De tabel is ingelezen als versie %(version)s.", version=made.version), "good")

        asking.done(self.engine, act)
        if wrong:
            return self.benchmark(tuple(wrong)), _UNPROCESSABLE
        return redirect(url_for("reports.benchmark"))


def _version(known: list[int]) -> int | None:
    asked = request.args.get("version", "")
    if not asked:
        return None
    return int(asked) if asked in {str(one) for one in known} else abort(404)


def _file(table: Any) -> Any:
    header = ["municipality_code", "municipality", "year", "spending_thousands", "inhabitants", "provisional", "break",
              "note", "source"]  # fmt: skip
    rows: list[list[export.Cell]] = [
        [
            row.code,
            row.municipality,
            row.year,
            row.spending_thousands,
            row.inhabitants,
            "yes" if row.provisional else "",
            "yes" if row.breaks else "",
            row.note,
            row.source,
        ]
        for row in table.rows
    ]
    return export.download(f"vergelijking-v{table.version}", header, rows)
