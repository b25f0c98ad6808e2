"""Mijn declaraties: the pages on which a provider sends declarations and sees what became of them.

``blueprint(engine, master_key, after_intake)`` is registered on the shell; everything is for providers only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.sansio.blueprints import BlueprintSetupState
from flask_babel import gettext, lazy_gettext, ngettext
from sqlalchemy import Engine
from werkzeug.exceptions import RequestEntityTooLarge

from lead_contractor.access.model import Role
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.refusals import NotFound
from lead_contractor.web import guard, languages, navigation
from lead_contractor.web.formats import AMSTERDAM
from subcontractors.iwmo.walk import LIMIT
from subcontractors.portal import service, words
from subcontractors.portal.lines_csv import lines_csv
from subcontractors.portal.model import Overview, Problem, Provider, Sent, ShownLine, UploadRefused, Verdict
from subcontractors.portal.service import AfterIntake

NAME = "declarations"
PREFIX = "/declaraties"
MOST_SHOWN = 500
_NAV_ORDER = 10
_ID = f"int(max={2**63 - 1})"  # a number that no database can hold names nothing
_FORM_AROUND = 64 * 1024  # what a form with a file has beside the file
_CATALOGUE = Path(__file__).parent / "translations" / "en" / "LC_MESSAGES" / "messages.po"
_REFUSED_ONLY = "afgewezen"


def blueprint(engine: Engine, master_key: bytes, after_intake: AfterIntake) -> Blueprint:
    """The pages of the provider.

    Args:
        engine: the database.
        master_key: the key of the vault.
        after_intake: what the floors above do after a file was taken in, in the same transaction.
    """
    views = Pages(engine, master_key, after_intake)
    pages = Blueprint(
        NAME,
        __name__,
        url_prefix=PREFIX,
        template_folder="templates",
        static_folder="static",
        static_url_path="/static",
    )
    pages.add_url_rule("/", "overview", views.overview)
    pages.add_url_rule(f"/<{_ID}:contract_id>/", "overview", views.overview)
    pages.add_url_rule(f"/<{_ID}:contract_id>/bestand", "upload", views.upload, methods=["POST"])
    pages.add_url_rule("/voorcontrole/<token>/", "check", views.check)
    pages.add_url_rule("/voorcontrole/<token>/regels.csv", "check_csv", views.check_csv)
    pages.add_url_rule("/voorcontrole/<token>/indienen", "submit", views.submit, methods=["POST"])
    pages.add_url_rule("/voorcontrole/<token>/weg", "discard", views.discard, methods=["POST"])
    pages.add_url_rule(f"/<{_ID}:contract_id>/<{_ID}:message_id>/", "declaration", views.declaration)
    pages.add_url_rule(f"/<{_ID}:contract_id>/<{_ID}:message_id>/regels.csv", "declaration_csv", views.declaration_csv)
    pages.add_url_rule(f"/<{_ID}:contract_id>/<{_ID}:message_id>/antwoord.xml", "answer_325", views.answer_325)
    pages.url_value_preprocessor(_limit_size)
    pages.register_error_handler(RequestEntityTooLarge, views.too_large)
    pages.register_error_handler(UploadRefused, views.refused)
    pages.context_processor(lambda: {"words": words})
    guard.restrict(pages, Role.PROVIDER)
    item = navigation.NavItem(
        lazy_gettext("Mijn declaraties"), f"{NAME}.overview", frozenset({Role.PROVIDER}), _NAV_ORDER
    )
    navigation.offer(pages, item)
    pages.record_once(_speak_english)
    return pages


@dataclass(frozen=True, slots=True)
class Pages:
    """The views, on one database."""

    engine: Engine
    master_key: bytes
    after_intake: AfterIntake

    def overview(self, contract_id: int | None = None) -> Any:
        """The year: months, upload, declarations."""
        return self._overview(contract_id)

    def upload(self, contract_id: int) -> Any:
        """Keep a file and go to its pre-check."""
        given = request.files.get("bestand")
        if given is None or not given.filename:
            raise UploadRefused(Problem.MISSING)
        content = given.stream.read(LIMIT + 1)
        token = service.keep_draft(
            self.engine, self.master_key, _who(), contract_id, given.filename, content, datetime.now(UTC)
        )
        return redirect(url_for(".check", token=token or abort(404)))

    def check(self, token: str) -> Any:
        """The pre-check of a file: what would become of each line."""
        return self._check(token)

    def check_csv(self, token: str) -> Any:
        """The lines of a file under pre-check with their reasons."""
        found = service.pre_check(self.engine, self.master_key, _who(), token, datetime.now(UTC)) or abort(404)
        return _csv(found.messages, Path(found.name).stem)

    def submit(self, token: str) -> Any:
        """Take the file in for good."""
        done = service.submit(self.engine, self.master_key, _who(), token, datetime.now(UTC), self.after_intake)
        year, messages = done or abort(404)
        lines = [line for one in messages for line in one.lines]
        flash(_thanks(lines), "good" if not lines or any(line.accepted for line in lines) else "message")
        if len(messages) == 1 and messages[0].lines:
            return redirect(url_for(".declaration", contract_id=year.contract_id, message_id=messages[0].id))
        month = next((str(one.period) for one in messages if one.period), None)
        return redirect(url_for(".overview", contract_id=year.contract_id, maand=month))

    def discard(self, token: str) -> Any:
        """Throw the file away."""
        service.discard(self.engine, _who(), token)
        flash(gettext("Het bestand is weggegooid. Er is niets ingediend."))
        return redirect(url_for(".overview"))

    def declaration(self, contract_id: int, message_id: int) -> Any:
        """A stored declaration with its lines."""
        found = self._verdict(contract_id, message_id)
        return render_template(
            "portal/declaration.html", one=found, contract_id=contract_id, **_shown(found.refused_first)
        )

    def declaration_csv(self, contract_id: int, message_id: int) -> Any:
        """The lines of a stored declaration with their reasons."""
        found = self._verdict(contract_id, message_id)
        return _csv([found], f"declaratie-{found.number}")

    def answer_325(self, contract_id: int, message_id: int) -> Any:
        """The WMO325 on a stored declaration."""
        try:
            found = service.answer_325(self.engine, self.master_key, _who(), contract_id, message_id)
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
        now = datetime.now(UTC).astimezone(AMSTERDAM)
        found = service.overview(self.engine, _who(), contract_id, now.date())
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
            today=now.date(),
            limit=LIMIT,
            too_large=UploadRefused(Problem.TOO_LARGE),
        )
        return (page, refused.http_status) if refused else page

    def _check(self, token: str, refused: UploadRefused | None = None) -> Any:
        found = service.pre_check(self.engine, self.master_key, _who(), token, datetime.now(UTC)) or abort(404)
        problem = refused or (UploadRefused(found.problem) if found.problem else None)
        page = render_template("portal/check.html", view=found, refused=problem, most=MOST_SHOWN)
        return (page, refused.http_status) if refused else page

    def _verdict(self, contract_id: int, message_id: int) -> Verdict:
        found = service.verdict(self.engine, self.master_key, _who(), contract_id, message_id)
        return found if found is not None else abort(404)


def _who() -> Provider:
    acting = guard.acting()
    return Provider(acting.lead_contractor_id, acting.party)


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


def _shown(lines: Sequence[ShownLine]) -> dict[str, Any]:
    """The lines that a page shows, after its filter."""
    only = request.args.get("tonen") == _REFUSED_ONLY
    wanted = [line for line in lines if not line.accepted] if only else list(lines)
    return {"lines": wanted[:MOST_SHOWN], "wanted": len(wanted), "only_refused": only}


def _thanks(lines: Sequence[ShownLine]) -> str:
    """What to say when a file with these lines was taken in; without lines it held starts or stops."""
    refused = sum(not line.accepted for line in lines)
    if not lines:
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
    content = lines_csv(messages, _who().agb, words.csv_words)
    return _download(content, f"{name}-{gettext('redenen')}.csv", "text/csv; charset=utf-8")


def _download(content: bytes, name: str, kind: str) -> Response:
    response = make_response(content)
    response.headers["Content-Type"] = kind
    plain = "".join(char if char.isascii() and (char.isalnum() or char in "-_.") else "_" for char in name)
    response.headers.set("Content-Disposition", "attachment", filename=plain)
    return response
