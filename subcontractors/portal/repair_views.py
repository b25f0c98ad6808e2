"""Pages that repair a file under pre-check: the sure things together, volume and dates line by line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy import Engine

from subcontractors.portal import form_words, repair_service
from subcontractors.portal.asking import PREFIX, now, who
from subcontractors.portal.form import Mistake

TAKE = "neem"
_LONGEST = 12


def add_rules(pages: Blueprint, engine: Engine, master_key: bytes, forget: Callable[[str], None]) -> None:
    """Add the repairs to the pages of the provider; ``forget`` drops what was found out about a draft that changed."""
    views = RepairPages(engine, master_key, forget)
    draft = f"{PREFIX}/voorcontrole/<token>"
    pages.add_url_rule(f"{draft}/overnemen", "take_together", views.take_together, methods=["POST"])
    pages.add_url_rule(f"{draft}/regel", "change_line", views.change_line, methods=["POST"])


@dataclass(frozen=True, slots=True)
class RepairPages:
    """The views, on one database."""

    engine: Engine
    master_key: bytes
    forget: Callable[[str], None]

    def take_together(self, token: str) -> Any:
        """Take over format and tariff of all lines, and check again."""
        taken = repair_service.take_together(self.engine, self.master_key, who(), token, now())
        if taken is None:
            abort(404)
        self.forget(token)
        flash(ngettext("1 waarde overgenomen.", "%(num)s waarden overgenomen.", taken), "good")
        return redirect(url_for(".check", token=token))

    def change_line(self, token: str) -> Any:
        """Change one line after it was confirmed, and check again."""
        given = request.form
        place = (given.get("declaratie", ""), _number("positie"), _number("rij"))
        try:
            changed = repair_service.change_line(
                self.engine,
                self.master_key,
                who(),
                token,
                now(),
                place,
                given.getlist(TAKE),
                given.get("volume", ""),
                confirmed=given.get("bevestigd") == "ja",
            )
        except repair_service.NotConfirmed:
            flash(gettext("Zet eerst een vinkje bij: dit is wat ik heb geleverd. Er is niets gewijzigd."), "error")
            return redirect(url_for(".check", token=token))
        if changed is None:
            abort(404)
        self.forget(token)
        if isinstance(changed, Mistake):
            flash(form_words.mistake(changed), "error")
        elif changed:
            flash(gettext("De regel is aangepast en opnieuw gecontroleerd."), "good")
        else:
            flash(gettext("Er is niets gewijzigd: vul een aantal in of kies een voorstel."), "error")
        return redirect(url_for(".check", token=token))


def _number(name: str) -> int | None:
    text = request.form.get(name, "")
    return int(text) if text.isdecimal() and len(text) < _LONGEST else None
