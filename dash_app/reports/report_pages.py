"""Rapportages: what was asked and handed in per quarter, who is late, and the reports for the municipality."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask_babel import gettext
from sqlalchemy import Engine

from budgets.reports import service
from budgets.reports.layout import written
from budgets.reports.model import Released
from budgets.reports.printed import report_pdf
from budgets.reports.workbook import report_workbook
from budgets.year_folder.stored import contract_of
from dash_app.desk import asking
from dash_app.overview import address
from dash_app.overview.service import names as names_of
from dash_app.reports import frame, shown
from lead_contractor.access.model import Role
from lead_contractor.kernel.quarters import Quarter
from lead_contractor.kernel.refusals import NotFound, Refusal
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.web import guard
from subcontractors.reports import service as figures
from subcontractors.reports.kpis import kpis_on
from subcontractors.reports.model import Form

_KINDS = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
_MOST_VERSION = 10_000
_NOBODY: tuple[Form, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportPages:
    """The views, on one database."""

    engine: Engine

    def route(self, pages: Blueprint) -> None:
        """Give the views their addresses."""
        pages.add_url_rule("/rapportages", "overview", self.overview)
        pages.add_url_rule("/rapportages/vragen", "ask", self.ask, methods=["POST"])
        pages.add_url_rule("/rapportages/<quarter>", "quarter", self.quarter)
        pages.add_url_rule("/rapportages/<quarter>/bestand", "file", self.file)
        pages.add_url_rule("/rapportages/<quarter>/vrijgeven", "release", self.release, methods=["POST"])

    def overview(self) -> Any:
        """The quarters with their requests and reports, and who is late; the municipality sees what was released."""
        today = address.today()
        with address.reading_scope(self.engine) as scope:
            found = frame.chosen(scope)
            if found is None:
                return frame.nothing_yet(gettext("Rapportages"))
            contract, known = found
            reports = service.reports(scope, contract.id)
            if not frame.is_controller():
                return frame.page("released", contract=contract, contracts=known, reports=reports)
            forms = figures.forms(scope, contract.id)
            names = names_of(scope, contract.id)
            quarters = service.quarters_of(contract_of(contract))
        rows = shown.quarter_rows(quarters, forms, reports, today)
        late = sorted((one for one in forms if one.late(today)), key=lambda one: one.request.due_on)
        return frame.page(
            "overview",
            contract=contract,
            contracts=known,
            rows=rows,
            late=late,
            names=names,
            forms=forms,
            kpis=kpis_on(today),
        )

    def quarter(self, quarter: str) -> Any:
        """The report over a quarter: a released version, or to the controller the draft as it stands now."""
        asked = frame.quarter_of(quarter)
        with address.reading_scope(self.engine) as scope:
            contract = frame.contract(scope)
            versions = service.reports(scope, contract.id).get(asked, ())
            released = _version(versions)
            if not frame.is_controller():
                document = (released or abort(404)).document
                forms, names = _NOBODY, {}
            else:
                document = released.document if released is not None else self._draft(scope, contract.id, asked)
                forms = figures.forms(scope, contract.id, asked)
                names = names_of(scope, contract.id)
        return frame.page(
            "quarter",
            contract=contract,
            quarter=asked,
            document=document,
            released=released,
            versions=versions,
            forms=forms,
            names=names,
            over=asked.last < address.today(),
            products=shown.rows(document["products"], document),
            subcontractors=shown.rows(document["subcontractors"], document),
        )

    def file(self, quarter: str) -> Any:
        """A report as PDF, workbook or JSON."""
        asked, kind = frame.quarter_of(quarter), request.args.get("format", "pdf")
        if kind not in _KINDS:
            abort(404)
        with address.reading_scope(self.engine) as scope:
            contract = frame.contract(scope)
            released = _version(service.reports(scope, contract.id).get(asked, ()))
            if released is None and not frame.is_controller():
                abort(404)
            document = released.document if released is not None else self._draft(scope, contract.id, asked)
        version = f"v{released.version}" if released is not None else "concept"
        name = f"kwartaalrapportage-{contract.code}-{asked}-{version}.{kind}"
        plain = "".join(
            letter if letter.isascii() and (letter.isalnum() or letter in "-_.") else "-" for letter in name
        )
        headers = {"Content-Disposition": f'attachment; filename="{plain}"'}
        return Response(_content(document, released, kind), content_type=_KINDS[kind], headers=headers)

    @guard.requires(Role.CONTROLLER)
    def ask(self) -> Any:
        """Ask everybody, or those who were not asked yet, for the figures of a quarter."""

        def act(scope: Scope) -> None:
            contract, by, at = frame.contract(scope), asking.hand(), address.now()
            try:
                quarter = Quarter.parse(request.form.get("quarter", ""))
            except ValueError:
                raise Refusal("Kies een kwartaal.") from None
            made = figures.ask(
                scope,
                contract.id,
                quarter,
                request.form.getlist("kpi")[:50],
                by.name,
                at,
                note=request.form.get("note", ""),
            )
            flash(
                gettext(
                    "Aan %(count)s onderaannemers zijn de kengetallen over kwartaal %(number)s gevraagd.",
                    count=len(made),
                    number=quarter.number,
                ),
                "good",
            )

        asking.done(self.engine, act)
        return redirect(_address("reports.overview"))

    @guard.requires(Role.CONTROLLER)
    def release(self, quarter: str) -> Any:
        """Release the report over a quarter."""
        asked = frame.quarter_of(quarter)

        def act(scope: Scope) -> None:
            contract, by, at = frame.contract(scope), asking.hand(), address.now()
            made = service.release(scope, contract.id, asked, by, at, request.form.get("reason", ""))
            flash(gettext("Vrijgegeven als versie %(version)s; de gemeente ziet het nu.", version=made.version), "good")

        asking.done(self.engine, act)
        return redirect(_address("reports.quarter", quarter=str(asked)))

    def _draft(self, scope: Scope, contract_id: int, quarter: Quarter) -> Mapping[str, Any]:
        try:
            return service.draft(scope, contract_id, quarter, address.now()).document
        except NotFound:
            raise
        except Refusal:
            return abort(404)


def _version(versions: tuple[Released, ...]) -> Released | None:
    """The version that the address names, else the newest; ``None`` for the draft and where none was released."""
    asked = request.args.get("version", "")
    if asked == "draft":
        return None if frame.is_controller() else abort(404)
    if not asked:
        return versions[-1] if versions else None
    if not (asked.isascii() and asked.isdigit() and len(asked) < len(str(_MOST_VERSION))):
        abort(404)
    return next((one for one in versions if one.version == int(asked)), None) or abort(404)


def _content(document: Mapping[str, Any], released: Released | None, kind: str) -> bytes:
    if kind == "pdf":
        return report_pdf(document)
    if kind == "xlsx":
        return report_workbook(document)
    return (released.text if released is not None else written(document)[0]).encode()


def _address(endpoint: str, **values: Any) -> str:
    """The address of a page, of the contract that the request names."""
    chosen = request.args.get("contract", "")
    arguments: dict[str, Any] = {**values, **({"contract": chosen} if chosen else {})}
    return url_for(endpoint, **arguments)
