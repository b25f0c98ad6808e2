"""Toegang: the page on which people make and revoke the tokens of their software.

A provider looks after its own tokens; a controller after those of the lead contractor, and sees and revokes those of
its providers. A token is shown once, on the page that made it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy import Engine

from lead_contractor.access import tokens
from lead_contractor.access.model import Role
from lead_contractor.access.tokens import SCOPES_OF, Token, TokenScope
from lead_contractor.kernel.refusals import Refusal
from lead_contractor.web import guard, navigation

NAME = "tokens"
LIVES = (30, 90, 365, 731)
_NAV_ORDER = 90
_ID = f"int(max={2**53 - 1})"  # a number that no database can hold names nothing
_WORDS: Mapping[TokenScope, Any] = {
    TokenScope.DECLARATIONS_READ: lazy_gettext("declaraties en antwoorden lezen"),
    TokenScope.DECLARATIONS_WRITE: lazy_gettext("declaraties indienen"),
    TokenScope.REPORTS_READ: lazy_gettext("start- en stopmeldingen lezen"),
    TokenScope.REPORTS_WRITE: lazy_gettext("start- en stopmeldingen sturen"),
    TokenScope.ALLOCATIONS_READ: lazy_gettext("toewijzingen lezen"),
    TokenScope.AGREEMENTS_READ: lazy_gettext("overeenkomsten lezen"),
    TokenScope.RETURNS_READ: lazy_gettext("opgaven van fte, uren en bezetting lezen"),
    TokenScope.RETURNS_WRITE: lazy_gettext("opgaven van fte, uren en bezetting sturen"),
    TokenScope.PAYMENTS_READ: lazy_gettext("betalingen lezen"),
    TokenScope.LEAD_READ: lazy_gettext("alles van de hoofdaannemer lezen, zonder hele BSN's"),
}


@dataclass(frozen=True, slots=True)
class Pages:
    """The views, on one database."""

    engine: Engine

    def overview(self) -> Any:
        """The tokens, and the form for a new one."""
        return self._page()

    def make(self) -> Any:
        """Make a token and show it, this once."""
        days = request.form.get("days", "")
        life = timedelta(days=int(days)) if days in {str(one) for one in LIVES} else timedelta(0)
        label, chosen = request.form.get("label", ""), request.form.getlist("scope")
        try:
            token, text = tokens.make_token(self.engine, guard.acting(), label, chosen, _now(), life)
        except Refusal as refused:
            return self._page(refused=str(refused)), refused.http_status
        return self._page(made=token, text=text)

    def revoke(self, token_id: int) -> Any:
        """Make a token worthless."""
        gone = tokens.revoke_token(self.engine, guard.acting(), token_id, _now())
        flash(gettext("Het token %(label)s is ingetrokken.", label=gone.label))
        return redirect(url_for(".overview"))

    def _page(self, made: Token | None = None, text: str = "", refused: str = "") -> str:
        acting = guard.acting()
        return render_template(
            "web/tokens.html",
            tokens=tokens.tokens_of(self.engine, acting),
            scopes=[(scope, _WORDS[scope]) for scope in SCOPES_OF[acting.role]],
            words=_WORDS,
            lives=LIVES,
            now=_now(),
            made=made,
            text=text,
            refused=refused,
        )


def blueprint(engine: Engine) -> Blueprint:
    """The page, for providers and controllers."""
    views = Pages(engine)
    pages = Blueprint(NAME, __name__, url_prefix="/instellingen/toegang")
    pages.add_url_rule("/", "overview", views.overview)
    pages.add_url_rule("/", "make", views.make, methods=["POST"])
    pages.add_url_rule(f"/<{_ID}:token_id>/intrekken", "revoke", views.revoke, methods=["POST"])
    guard.restrict(pages, Role.PROVIDER, Role.CONTROLLER)
    roles = frozenset({Role.PROVIDER, Role.CONTROLLER})
    navigation.offer(pages, navigation.NavItem(lazy_gettext("Toegang"), f"{NAME}.overview", roles, _NAV_ORDER))
    return pages


def _now() -> datetime:
    clock = current_app.config.get("CLOCK")
    found: datetime = datetime.now(UTC) if clock is None else clock()
    return found
