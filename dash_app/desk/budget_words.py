"""Names on the pages of the budget in the language of the request; Dutch stands here, English in the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext, lazy_gettext

from budgets.limits.model import Case, Deed, Line
from budgets.plan.model import AmendmentKind
from budgets.use.line_model import By
from dash_app.overview import words
from lead_contractor.contract.model import LimitAction, LimitKind, Passer
from subcontractors.agreements.products import product_name

BY: Mapping[str, Any] = {
    By.LINE.value: lazy_gettext("begrotingsregel"),
    By.PRODUCT.value: lazy_gettext("product"),
    By.SUBCONTRACTOR.value: lazy_gettext("onderaannemer"),
    By.FORM.value: lazy_gettext("bekostigingsvorm"),
    By.AREA.value: lazy_gettext("gebied"),
    By.CLIENT_GROUP.value: lazy_gettext("cliëntgroep"),
    By.MONTH.value: lazy_gettext("maand van levering"),
}
KINDS: Mapping[str, Any] = {
    AmendmentKind.CHANGE.value: lazy_gettext("wijziging"),
    AmendmentKind.TRANSFER.value: lazy_gettext("overheveling"),
    AmendmentKind.CARRY_OVER.value: lazy_gettext("doorschuiven naar een latere maand"),
    AmendmentKind.NEXT_YEAR.value: lazy_gettext("doorschuiven naar volgend jaar"),
}
LIMITS: Mapping[str, Any] = {
    LimitKind.PRODUCT.value: lazy_gettext("elk product"),
    LimitKind.SUBCONTRACTOR.value: lazy_gettext("elke onderaannemer"),
    LimitKind.MONTH.value: lazy_gettext("elke maand"),
    LimitKind.YEAR.value: lazy_gettext("het hele jaar"),
}
ACTIONS: Mapping[str, Any] = {
    LimitAction.WARN.value: lazy_gettext("waarschuwen"),
    LimitAction.HOLD.value: lazy_gettext("aanhouden"),
    LimitAction.REFUSE.value: lazy_gettext("weigeren"),
}
PASSERS: Mapping[str, Any] = {
    Passer.CONTROLLER.value: lazy_gettext("een controller"),
    Passer.SECOND_CONTROLLER.value: lazy_gettext("een andere controller"),
}


def row_name(by: By, key: tuple[str, ...], names: Mapping[str, str]) -> str:
    """What a row of use is called."""
    if by is By.LINE:
        subcontractor, product, _ = key
        return place_name((product, subcontractor), names)
    value = key[0]
    if by is By.SUBCONTRACTOR:
        return names.get(value, value) or str(gettext("alle onderaannemers"))
    if by is By.PRODUCT:
        return f"{value} {product_name(value)}".strip() or str(gettext("niet aan een product"))
    if by is By.FORM:
        return str(words.FORMS.get(value, "")) or str(gettext("zonder overeenkomst"))
    if by is By.MONTH:
        return words.month_text(value) if value else str(gettext("nog van geen maand"))
    return value or str(gettext("niet bekend of niet van toepassing"))


def place_name(place: tuple[str, str], names: Mapping[str, str]) -> str:
    """A budget line in words: its product and subcontractor, as far as it is about one."""
    product, subcontractor = place
    known = names.get(subcontractor, subcontractor)
    return " · ".join(filter(None, (product, known))) or str(gettext("alles"))


def limit_line(line: Line, names: Mapping[str, str]) -> str:
    """A line of a limit in words."""
    kind, which = line
    if kind is LimitKind.SUBCONTRACTOR:
        return names.get(which, which)
    if kind is LimitKind.MONTH:
        return words.month_text(which)
    return f"{which} {product_name(which)}".strip() if kind is LimitKind.PRODUCT else which


def case_text(case: Case, names: Mapping[str, str]) -> str:
    """A case in words."""
    if case.deed is Deed.PAYMENT:
        return str(gettext("betaling aan %(name)s", name=names.get(case.subject, case.subject)))
    return str(gettext("toewijzing op verzoek %(number)s", number=case.subject))


def used_text(used_for: str) -> str:
    """What a pass was used for, in words."""
    what, _, number = used_for.partition(":")
    if what == "run":
        return str(gettext("betaalbatch %(number)s", number=number))
    return str(gettext("toewijzing op verzoek %(number)s", number=number))


def named(mapping: Mapping[str, Any], code: str) -> str:
    """The name of a code; a code that is not known stands for itself."""
    return str(mapping.get(code, code))
