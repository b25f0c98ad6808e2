"""Dutch and English on screen: Dutch stands in the code, English in catalogues that are read at start.

A catalogue is a ``messages.po`` file; each floor may bring its own (:func:`add_catalogue`). It is compiled in
memory, so that a fresh checkout speaks English without a build step.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, has_request_context, session
from flask_babel import Babel, Domain, get_locale

from lead_contractor.access.model import Language
from lead_contractor.kernel.periods import local_day
from lead_contractor.web import formats

_HERE = Path(__file__).parent / "translations" / "en" / "LC_MESSAGES" / "messages.po"
_EXTENSION = "hoofdsom_catalogues"
SESSION_KEY = "language"


class _Catalogues(Domain):  # type: ignore[misc]  # flask-babel is not typed
    """Texts in memory, by language."""

    def __init__(self) -> None:
        super().__init__()
        self.english: Translations = Translations()
        self.dutch: NullTranslations = NullTranslations()

    def get_translations(self) -> NullTranslations:
        """The texts of the language of this request; Dutch is what stands in the code."""
        locale = get_locale()
        return self.english if locale is not None and locale.language == Language.ENGLISH.value else self.dutch


class _Babel(Babel):  # type: ignore[misc]  # flask-babel is not typed
    """Flask-Babel that looks in our catalogues."""

    def __init__(self, catalogues: _Catalogues) -> None:
        super().__init__()
        self._catalogues = catalogues

    @property
    def domain_instance(self) -> _Catalogues:
        """The catalogues."""
        return self._catalogues


def current_language() -> str:
    """The language of this request, ``nl`` unless another was chosen."""
    chosen = session.get(SESSION_KEY) if has_request_context() else None
    return str(chosen) if chosen in {language.value for language in Language} else Language.DUTCH.value


def install(app: Flask) -> None:
    """Give the app its languages, catalogue and number formats."""
    catalogues = _Catalogues()
    _Babel(catalogues).init_app(app, default_locale=Language.DUTCH.value, locale_selector=current_language)
    app.extensions[_EXTENSION] = catalogues
    add_catalogue(app, _HERE)
    app.jinja_env.filters.update(
        euro=_in_language(formats.euro),
        euro_whole=_in_language(formats.euro_whole),
        euro_short=_in_language(formats.euro_short),
        number=_in_language(formats.number),
        percent=_in_language(formats.percent),
        quantity=_in_language(formats.quantity),
        date_nl=_in_language(formats.day),
        month_nl=_in_language(formats.month),
        month_name=_in_language(formats.month_name),
        moment=_in_language(formats.moment),
        local_day=local_day,
    )


def add_catalogue(app: Flask, path: Path) -> None:
    """Add the English texts of a ``messages.po`` file; a text known already gets the newer translation."""
    with path.open("rb") as source:
        catalogue = read_po(source, locale=Language.ENGLISH.value)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    catalogues: _Catalogues = app.extensions[_EXTENSION]
    catalogues.english.merge(Translations(compiled))


def _in_language(write: Callable[..., str]) -> Callable[..., str]:
    """The same format in the language of the request; nothing is written for nothing (``None`` gives a dash)."""

    @wraps(write)
    def written(value: Any, *arguments: Any, **options: Any) -> str:
        if value is None:
            return "–"
        return write(value, *arguments, language=current_language(), **options)

    return written
