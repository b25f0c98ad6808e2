"""Hulp: the user guide, as it stands in the documentation."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, render_template

from subcontractors.portal.guide import Block, read_guide

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "handleiding"


def add_rules(pages: Blueprint) -> None:
    """Add the guide to the pages of the provider."""
    pages.add_url_rule("/hulp", "help", show)
    pages.add_url_rule("/hulp/beelden/<name>.png", "help_picture", picture)


def show() -> Any:
    """The guide; where it is not installed, the chapters by name only."""
    return render_template("portal/help.html", blocks=_guide())


def picture(name: str) -> Any:
    """A picture of the guide."""
    found = GUIDE / "beelden" / f"{name}.png"
    if not name.replace("-", "").isalnum() or not found.is_file():
        abort(404)
    return Response(found.read_bytes(), mimetype="image/png")


@cache
def _guide() -> tuple[Block, ...]:
    path = GUIDE / "README.md"
    return read_guide(path.read_text(encoding="utf-8")) if path.is_file() else ()
