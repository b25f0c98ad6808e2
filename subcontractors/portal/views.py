"""Mijn declaraties: the pages on which a provider sends declarations and sees what became of them.

``blueprint(engine, master_key, after_intake)`` is registered on the shell; everything is for providers only.
"""

from __future__ import annotations

import logging
from collections import ChainMap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask_babel import gettext, lazy_gettext, ngettext
from sqlalchemy import Engine
from werkzeug.exceptions import RequestEntityTooLarge

from lead_contractor.access.model import Role
from lead_contractor.kernel import outages
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.refusals import NotFound
from lead_contractor.web import guard, languages, navigation
from subcontractors.iwmo.walk import LIMIT
from subcontractors.portal import (
    agreement_views,
    form_views,
    form_words,
    help_views,
    limits,
    overview_service,
    payment_words,
    repair_service,
    repair_views,
    report_views,
    return_views,
    service,
    words,
    years,
)
from subcontractors.portal.asking import ID, PREFIX, now, who
from subcontractors.portal.background import PATIENCE, Count, Job, Jobs
from subcontractors.portal.lines_csv import lines_csv
from subcontractors.portal.model import Overview, PreCheck, Problem, Sent, ShownLine, UploadRefused, Verdict, Year
from subcontractors.portal.outlook import together
from subcontractors.portal.overview_service import Notices
from subcontractors.portal.service import AfterIntake

LOG = logging.getLogger(__name__)
NAME = "declarations"
PER_PAGE = 100
_NAV_ORDER = 10
_FORM_AROUND = 64 * 1024  # what a form with a file has beside the file
_CATALOGUE = Path(__file__).parent / "translations" / "en" / "LC_MESSAGES" / "messages.po"
_REFUSED_ONLY = "afgewezen"
_ACCEPTED = 202
_WORDS = ChainMap(vars(words), vars(form_words), vars(payment_words))
"""Everything that pages say, for templates."""
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MENU = (
    (lazy_gettext("Mijn declaraties"), "overview"),
    (lazy_gettext("Betalingen"), "payments"),
    (lazy_gettext("Start en stop"), "reports"),
    (lazy_gettext("Opgaven"), "returns"),
    (lazy_gettext("Mijn afspraken"), "agreements"),
    (lazy_gettext("Hulp"), "help"),
)


Submitted: TypeAlias = tuple[Year, tuple[Verdict, ...]]


def blueprint(
    engine: Engine,
    master_key: bytes,
    after_intake: AfterIntake,
    *,
    patience: float = PATIENCE,
    notices: Notices | None = None,
) -> Blueprint:
    """The pages of the provider.

    Args:
        engine: the database.
        master_key: the key of the vault.
        after_intake: what the floors above do after a file was taken in, in the same transaction.
        patience: for so many seconds a page waits for a check before it shows progress instead.
        notices: what the floors above have to say to a provider.
    """
    views = Pages(engine, master_key, after_intake, Jobs(patience), Jobs(patience), notices)
    pages = Blueprint(
        NAME,
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path=f"{PREFIX}/static",
    )
    pages.add_url_rule(f"{PREFIX}/", "overview", views.overview)
    pages.add_url_rule(f"{PREFIX}/<{ID}:contract_id>/", "overview", views.overview)
    pages.add_url_rule("/mijn-betalingen/", "payments", views.payments)
    pages.add_url_rule(f"/mijn-betalingen/<{ID}:contract_id>", "payments", views.payments)
    pages.add_url_rule(f"{PREFIX}/<{ID}:contract_id>/sjabloon/<maand>.xlsx", "template", views.template)
    pages.add_url_rule(f"{PREFIX}/<{ID}:contract_id>/bestand", "upload", views.upload, methods=["POST"])
    pages.add_url_rule(f"{PREFIX}/voorcontrole/<token>/", "check", views.check)
    pages.add_url_rule(f"{PREFIX}/voorcontrole/<token>/redenen", "check_file", views.check_file)
    pages.add_url_rule(f"{PREFIX}/voorcontrole/<token>/indienen", "submit", views.submit, methods=["POST"])
    pages.add_url_rule(f"{PREFIX}/voorcontrole/<token>/weg", "discard", views.discard, methods=["POST"])
    pages.add_url_rule(f"{PREFIX}/<{ID}:contract_id>/<{ID}:message_id>/", "declaration", views.declaration)
    stored = f"{PREFIX}/<{ID}:contract_id>/<{ID}:message_id>"
    pages.add_url_rule(f"{stored}/regels.csv", "declaration_csv", views.declaration_csv)
    pages.add_url_rule(f"{stored}/antwoord.xml", "answer_325", views.answer_325)
    for more in (form_views, report_views, agreement_views):
        more.add_rules(pages, engine, master_key)
    return_views.add_rules(pages, engine, after_intake)
    help_views.add_rules(pages)
    repair_views.add_rules(pages, engine, master_key, lambda token: views.checks.forget(_own(token)))
    pages.url_value_preprocessor(_limit_size)
    pages.register_error_handler(RequestEntityTooLarge, views.too_large)
    pages.register_error_handler(UploadRefused, views.refused)
    for error in outages.ERRORS:
        pages.register_error_handler(error, database_away)
    pages.context_processor(lambda: {"words": _WORDS})
    guard.restrict(pages, Role.PROVIDER)
    for order, (label, endpoint) in enumerate(_MENU, start=_NAV_ORDER):
        navigation.offer(pages, navigation.NavItem(label, f"{NAME}.{endpoint}", frozenset({Role.PROVIDER}), order))
    pages.record_once(_speak_english)
    return pages


@dataclass(frozen=True, slots=True)
class Pages:
    """The views, on one database."""

    engine: Engine
    master_key: bytes
    after_intake: AfterIntake
    checks: Jobs[PreCheck | None] = field(default_factory=Jobs)
    submits: Jobs[Submitted | None] = field(default_factory=Jobs)
    notices: Notices | None = None

    def overview(self, contract_id: int | None = None) -> Any:
        """The year: months, upload, declarations."""
        return self._overview(contract_id)

    def payments(self, contract_id: int | None = None) -> Any:
        """What was paid and what comes, by day."""
        found = overview_service.overview(self.engine, who(), contract_id, now())
        if found is None:
            return render_template("portal/none.html") if contract_id is None else abort(404)
        return render_template(
            "portal/payments.html", view=found, sums=together(found.outlook.sums), today=years.local_day(now())
        )

    def template(self, contract_id: int, maand: str) -> Any:
        """A workbook with the open allocations of a month, to be filled in and sent."""
        try:
            month = Month.parse(maand)
        except ValueError:
            abort(404)
        made = overview_service.month_template(self.engine, self.master_key, who(), contract_id, month, now())
        name, content = made or abort(404)
        return _download(content, name, _WORKBOOK)

    def upload(self, contract_id: int) -> Any:
        """Keep a file and go to its pre-check."""
        limits.check(who())
        given = request.files.get("bestand")
        if given is None or not given.filename:
            raise UploadRefused(Problem.MISSING)
        content = given.stream.read(LIMIT + 1)
        token = service.keep_draft(self.engine, self.master_key, who(), contract_id, given.filename, content, now())
        return redirect(url_for(".check", token=token or abort(404)))

    def check(self, token: str) -> Any:
        """The pre-check of a file: what would become of each line."""
        return self._submitting(token) if self.submits.running(_own(token)) else self._check(token)

    def check_file(self, token: str) -> Any:
        """The file under pre-check with its reasons."""
        name, content = repair_service.file_with_reasons(self.engine, self.master_key, who(), token, now()) or abort(
            404
        )
        return _download(content, name, _WORKBOOK if name.endswith(".xlsx") else "text/csv; charset=utf-8")

    def submit(self, token: str) -> Any:
        """Take the file in for good."""
        self.checks.forget(_own(token))
        return self._submitting(token)

    def _submitting(self, token: str) -> Any:
        """Take the file in, or show how far that is."""
        asking, at = who(), now()
        draft = service.draft_of(self.engine, self.master_key, asking, token, at)
        if draft is None and not self.submits.running(_own(token)):
            abort(404)
        lines = 0 if draft is None else service.about_lines(draft)

        def work(count: Count) -> Submitted | None:
            return service.submit(
                self.engine, self.master_key, asking, token, at, self.after_intake, lambda: count(lines)
            )

        done = self.submits.of(_own(token), lines, work)
        if isinstance(done, Job):
            page = render_template("portal/progress.html", job=done, token=token, submitting=True)
            return (page, _ACCEPTED) if request.method == "GET" else redirect(url_for(".check", token=token))
        self.submits.forget(_own(token))
        return self._thank(done or abort(404))

    def _thank(self, done: Submitted) -> Any:
        year, messages = done
        lines = [line for one in messages for line in one.lines]
        refused = sum(bool(report.codes) for one in messages for report in one.reports)
        good = not refused if not lines else any(line.accepted for line in lines)
        flash(_thanks(lines, refused), "good" if good else "message")
        if len(messages) == 1 and messages[0].lines:
            return redirect(url_for(".declaration", contract_id=year.contract_id, message_id=messages[0].id))
        if any(one.reports for one in messages):
            return redirect(url_for(".reports", contract_id=year.contract_id))
        month = next((str(one.period) for one in messages if one.period), None)
        return redirect(url_for(".overview", contract_id=year.contract_id, maand=month))

    def discard(self, token: str) -> Any:
        """Throw the file away."""
        self.checks.forget(_own(token))
        service.discard(self.engine, who(), token)
        flash(gettext("Het bestand is weggegooid. Er is niets ingediend."))
        return redirect(url_for(".overview"))

    def declaration(self, contract_id: int, message_id: int) -> Any:
        """A stored declaration with its lines."""
        found = self._verdict(contract_id, message_id)
        return render_template(
            "portal/declaration.html",
            one=found,
            contract_id=contract_id,
            **self._way(contract_id, found),
            **_shown(found.refused_first),
        )

    def declaration_csv(self, contract_id: int, message_id: int) -> Any:
        """The lines of a stored declaration with their reasons."""
        found = self._verdict(contract_id, message_id)
        return _csv([found], f"declaratie-{found.number}")

    def answer_325(self, contract_id: int, message_id: int) -> Any:
        """The WMO325 on a stored declaration."""
        try:
            found = overview_service.answer_325(self.engine, self.master_key, who(), contract_id, message_id)
        except NotFound:
            found = None
        name, content = found or abort(404)
        return _download(content, name, "application/xml")

    def too_large(self, _error: RequestEntityTooLarge) -> Any:
        """A request that is larger than any upload may be, refused before it was read."""
        return self.refused(UploadRefused(Problem.TOO_LARGE))

    def refused(self, refused: UploadRefused) -> Any:
        """The page that the upload came from, with why it was refused."""
        arguments = request.view_args or {}
        if "token" in arguments:
            return self._check(arguments["token"], refused)
        return self._overview(arguments.get("contract_id"), refused)

    def _overview(self, contract_id: int | None, refused: UploadRefused | None = None) -> Any:
        found = overview_service.overview(self.engine, who(), contract_id, now(), self.master_key, self.notices)
        if found is None:
            return render_template("portal/none.html") if contract_id is None else abort(404)
        figures = {one.month: one for one in found.months}
        asked = _month()
        month = asked if asked in figures else found.latest()
        page = render_template(
            "portal/overview.html",
            view=found,
            chosen=None if month is None else figures[month],
            listed=_listed(found, month),
            refused=refused,
            missing_months={one.month: one for one in found.missing},
            today=years.local_day(now()),
            limit=LIMIT,
            too_large=UploadRefused(Problem.TOO_LARGE),
        )
        return (page, refused.http_status) if refused else page

    def _check(self, token: str, refused: UploadRefused | None = None) -> Any:
        asking, at = who(), now()
        draft = service.draft_of(self.engine, self.master_key, asking, token, at) or abort(404)
        lines = service.about_lines(draft)

        def work(count: Count) -> PreCheck | None:
            return service.pre_check(self.engine, self.master_key, asking, token, at, lambda: count(lines))

        found = self.checks.of(_own(token), lines, work)
        if isinstance(found, Job):
            return render_template("portal/progress.html", job=found, token=token, submitting=False), _ACCEPTED
        if found is None:
            abort(404)
        problem = refused or (UploadRefused(found.problem, found.foreign) if found.problem else None)
        page = render_template("portal/check.html", view=found, refused=problem, shown=Shown.asked(found.messages))
        return (page, refused.http_status) if refused else page

    def _way(self, contract_id: int, one: Verdict) -> dict[str, Any]:
        """How far a declaration is on its way to being paid, and whether its year is settled for good."""
        today = years.local_day(now())
        closed, stands = overview_service.way(self.engine, who(), contract_id, one, today)
        return {"closed": closed, "steps": payment_words.steps(one, stands, today)}

    def _verdict(self, contract_id: int, message_id: int) -> Verdict:
        found = overview_service.verdict(self.engine, self.master_key, who(), contract_id, message_id)
        return found if found is not None else abort(404)


def database_away(error: Exception) -> Any:
    """A kind page when the database cannot be reached; what is wrong with a statement goes on as an error."""
    if not outages.is_outage(error):
        raise error
    LOG.warning("the database is away: %s", type(error).__name__)
    response = make_response(render_template("portal/away.html"), 503)
    response.headers["Retry-After"] = "30"
    return response


def _own(token: str) -> str:
    """The name of the work on a file under pre-check: nobody gets at that of another, whatever token they know."""
    asking = who()
    return f"{asking.lead_contractor_id}/{asking.agb}/{token}"


def _limit_size(endpoint: str | None, _values: Any) -> None:
    """Refuse a request that is too large by what it says of itself, before anything of it is read."""
    if endpoint == f"{NAME}.upload":
        request.max_content_length = LIMIT + _FORM_AROUND


def _speak_english(state: BlueprintSetupState) -> None:
    languages.add_catalogue(state.app, _CATALOGUE)  # type: ignore[arg-type]  # a Flask app, typed one level too high


def _month() -> Month | None:
    try:
        return Month.parse(request.args.get("maand", ""))
    except ValueError:
        return None


def _listed(view: Overview, month: Month | None) -> list[Sent]:
    """The declarations of a month, newest first; those of which no month could be read stand under each."""
    return [one for one in reversed(view.declarations) if one.period in (month, None)]


@dataclass(frozen=True, slots=True)
class Shown:
    """Which lines of each message a page shows: those that ask for attention first, a hundred at a time."""

    lines: tuple[tuple[ShownLine, ...], ...]
    numbers: tuple[int, ...]
    pages: tuple[int, ...]

    @classmethod
    def asked(cls, messages: Sequence[Verdict]) -> Shown:
        """What this request asks for: a page (``pagina``) of one message (``bericht``), the first of the others."""
        which, page = request.args.get("bericht", 1, type=int), request.args.get("pagina", 1, type=int)
        pages = tuple(max(1, -(-len(one.lines) // PER_PAGE)) for one in messages)
        numbers = tuple(min(max(1, page), count) if at == which else 1 for at, count in enumerate(pages, start=1))
        lines = tuple(
            one.refused_first[(number - 1) * PER_PAGE : number * PER_PAGE]
            for one, number in zip(messages, numbers, strict=True)
        )
        return cls(lines, numbers, pages)


def _shown(lines: Sequence[ShownLine]) -> dict[str, Any]:
    """The lines that a page shows, after its filter, a hundred at a time."""
    only = request.args.get("tonen") == _REFUSED_ONLY
    wanted = [line for line in lines if not line.accepted] if only else list(lines)
    pages = max(1, -(-len(wanted) // PER_PAGE))
    number = min(max(1, request.args.get("pagina", 1, type=int)), pages)
    shown = wanted[(number - 1) * PER_PAGE : number * PER_PAGE]
    return {"lines": shown, "wanted": len(wanted), "only_refused": only, "number": number, "pages": pages}


def _thanks(lines: Sequence[ShownLine], refused_reports: int) -> str:
    """What to say when a file with these lines was taken in; without lines it held starts or stops."""
    refused = sum(not line.accepted for line in lines)
    if not lines and refused_reports:
        text = ngettext(
            "Ingediend. 1 melding is geweigerd; de reden staat erbij.",
            "Ingediend. %(num)s meldingen zijn geweigerd; de reden staat erbij.",
            refused_reports,
        )
    elif not lines:
        text = gettext("Ingediend. De meldingen zijn verwerkt.")
    elif refused == 0:
        text = ngettext("Ingediend: de regel is toegekend.", "Ingediend: alle %(num)s regels toegekend.", len(lines))
    else:
        text = gettext(
            "Ingediend: %(accepted)s van de %(lines)s regels toegekend, %(refused)s afgewezen.",
            accepted=len(lines) - refused,
            lines=len(lines),
            refused=refused,
        )
    return str(text)


def _csv(messages: Iterable[Verdict], name: str) -> Response:
    content = lines_csv(messages, who().agb, words.csv_words)
    return _download(content, f"{name}-{gettext('redenen')}.csv", "text/csv; charset=utf-8")


def _download(content: bytes, name: str, kind: str) -> Response:
    response = make_response(content)
    response.headers["Content-Type"] = kind
    plain = "".join(char if char.isascii() and (char.isalnum() or char in "-_.") else "_" for char in name)
    response.headers.set("Content-Disposition", "attachment", filename=plain)
    return response
