"""What the page of the meeting does: freeze the forecast of a month, record what was decided, make and fetch a pack.

Plain forms with the token of the session; each ends on the page where it began.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, flash, redirect, request, send_file
from sqlalchemy import Engine

from budgets.forecast.service import freeze
from budgets.meeting import record, store
from dash_app import pack
from dash_app.access import MEETING_ROLES, viewer
from dash_app.choice import FREEZE, ITEM, PACK, address
from dash_app.overview.address import now as moment
from dash_app.pages.record import figures_of
from dash_app.shown import Seen, seen_in
from dash_app.workbook import KIND
from lead_contractor.access.hand import Hand
from lead_contractor.access.model import Acting, Role
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.periods import Month, local_day
from lead_contractor.kernel.refusals import NotAllowed, NotFound, Refusal
from lead_contractor.kernel.tenancy import Scope

_LARGEST_ID = 2**63 - 1
_MIME = {"pdf": "application/pdf", "xlsx": KIND}


def route(frame: Blueprint, engine: Engine) -> None:
    """Put the routes on the blueprint of the view."""

    @frame.post(FREEZE)
    def freeze_forecast() -> Any:
        person = viewer(Role.CONTROLLER)
        with writing(engine) as connection:
            scope = Scope(connection, person.lead_contractor_id)
            now = _chosen(scope, person)
            until = now.choice.until or now.looked.position.until
            if until is None:
                abort(404)
            _tried(lambda: freeze(scope, now.choice.contract.id, until.last, moment()))
        return _back()

    @frame.post(ITEM)
    def record_item() -> Any:
        person = viewer(*MEETING_ROLES)
        with writing(engine) as connection:
            scope = Scope(connection, person.lead_contractor_id)
            now = _chosen(scope, person)
            _tried(lambda: _record(scope, now, person, request.form))
        return _back("deel-items")

    @frame.post(PACK)
    def make_pack() -> Any:
        person = viewer(*MEETING_ROLES)
        with writing(engine) as connection:
            scope = Scope(connection, person.lead_contractor_id)
            now = _chosen(scope, person)
            if not now.looked.position.recorded:
                abort(404)
            at = moment()
            made = pack.made(now, at)
            month = now.looked.position.until
            record.keep_pack(scope, now.choice.contract.id, month, now.audience, made, _hand(person), at)
        return _back("deel-packs")

    @frame.get(f"{PACK}/<int:pack_id>")
    def fetch_pack(pack_id: int) -> Any:
        person = viewer(*MEETING_ROLES)
        if pack_id > _LARGEST_ID:
            abort(404)
        with reading(engine) as connection:
            scope = Scope(connection, person.lead_contractor_id)
            now = seen_in(scope, person, request.query_string.decode(errors="replace"))
            found = now and store.pack_content(scope, now.choice.contract.id, now.audience, pack_id)
        if not found:
            abort(404)
        kept, content = found
        return send_file(io.BytesIO(content), mimetype=_MIME[kept.kind], as_attachment=True, download_name=kept.name)


def _record(scope: Scope, now: Seen, person: Acting, form: Mapping[str, str]) -> None:
    contract_id, hand, at = now.choice.contract.id, _hand(person), moment()
    party = person.role.value
    if "number" in form:
        number = form["number"]
        if not (number.isascii() and number.isdigit()) or int(number) > _LARGEST_ID:
            raise NotFound("Dit besluit of deze actie is er niet.")
        record.bring_further(scope, contract_id, int(number), form.get("status", ""), party, hand, at)
        return
    month = now.looked.position.until or Month.of(local_day(at))
    about = _figure(now, person, form.get("figure", ""))
    texts = (form.get("said", ""), form.get("who", ""), form.get("due", ""), form.get("status", ""))
    record.record(scope, contract_id, month, about, *texts, party, hand, at)


def _figure(now: Seen, person: Acting, code: str) -> tuple[str, str]:
    """The figure in words that the municipality may see too, whoever records it."""
    tables = now.tables if person.role is Role.MUNICIPALITY else now.as_municipality()
    known = dict(figures_of(tables))
    if code not in known:
        raise Refusal("Kies waar het over gaat.")
    return code, known[code]


def _chosen(scope: Scope, person: Acting) -> Seen:
    """What the form is about; its fields are those of an address.

    Raises:
        NotFound: it is not theirs, or there is nothing.
    """
    asked = {name: request.form[name] for name in ("contract", "until") if name in request.form}
    if not asked.get("contract", "").isdigit():
        abort(404)
    now = seen_in(scope, person, "?" + urlencode(asked))
    return now if now is not None else abort(404)


def _tried(deed: Any) -> None:
    """Do it; what cannot be done is said on the page, in words that say what to do."""
    try:
        deed()
    except (NotFound, NotAllowed):
        raise
    except Refusal as refusal:
        flash(str(refusal), "error")


def _back(part: str = "") -> Any:
    """To the page where the form stood, at the part that it is about."""
    contract, until, topic = (request.form.get(name, "") for name in ("contract", "until", "agenda"))
    month = Month.parse(until) if until else None
    place = int(topic) if topic.isascii() and topic.isdigit() and len(topic) < 3 else None  # noqa: PLR2004
    return redirect(address(int(contract), month, place) + (f"#{part}" if part else ""), 303)


def _hand(person: Acting) -> Hand:
    return Hand(person.user_id, person.user_name)
