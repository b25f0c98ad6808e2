"""Finds the forms of financing: every module of this package that defines ``FORM``.

Found on first use, not at import. A new form is one new module; the modules that every subject has in
common are not looked into, so that finding a form opens no table or page.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from types import MappingProxyType

from lead_contractor.kernel.refusals import NotFound
from subcontractors import agreements
from subcontractors.agreements.form import Form
from subcontractors.agreements.model import FormCode

NOT_FORMS = frozenset(
    {"model", "form", "forms", "tables", "store", "service", "api", "views", "jobs", "commands", "terms", "postings"}
)


@cache
def _found() -> MappingProxyType[str, Form]:
    forms: dict[str, Form] = {}
    for module in pkgutil.iter_modules(agreements.__path__):
        if module.name in NOT_FORMS:
            continue
        form_found: Form | None = getattr(import_module(f"{agreements.__name__}.{module.name}"), "FORM", None)
        if form_found is None:
            continue
        if form_found.code in forms:
            raise RuntimeError(f"two forms have the code {form_found.code}")
        forms[form_found.code] = form_found
    order = list(FormCode)
    return MappingProxyType(dict(sorted(forms.items(), key=lambda item: order.index(FormCode(item[0])))))


def all_forms() -> tuple[Form, ...]:
    """Every form, in the order in which a settlement lists them."""
    return tuple(_found().values())


def form(code: str) -> Form:
    """The form with a code (``pxq``).

    Raises:
        NotFound: there is no such form; the text names those that exist.
    """
    forms = _found()
    if code not in forms:
        raise NotFound(f"De financieringsvorm {code!r} bestaat niet. Kies uit: {', '.join(forms)}.")
    return forms[code]
