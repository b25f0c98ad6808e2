"""Texts in the language of the request: Dutch stands in the code, English in the catalogue beside it."""

from __future__ import annotations

import flask_babel


def gettext(text: str, **values: object) -> str:
    """A Dutch text in the language of the request, with its ``%(name)s`` filled in."""
    return str(flask_babel.gettext(text, **values))
