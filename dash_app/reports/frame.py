"""What the pages of reports stand in: the contract that the person may see, and how a page is made."""

from __future__ import annotations

from typing import Any

from flask import abort, render_template, request
from flask_babel import gettext

from dash_app.choice import visible_contracts
from dash_app.overview import address
from dash_app.reports import shown
from lead_contractor.access.model import Role
from lead_contractor.contract.store import StoredContract
from lead_contractor.kernel.quarters import Quarter
from lead_contractor.kernel.refusals import NotFound
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.web.guard import acting
from lead_contractor.web.languages import current_language

Chosen = tuple[StoredContract, list[StoredContract]]


def is_controller() -> bool:
    """Whether a controller looks; else it is the municipality."""
    return acting().role is Role.CONTROLLER


def chosen(scope: Scope) -> Chosen | None:
    """The contract of the request out of those that the person may see; ``None`` where there are none.

    Raises:
        NotFound: the address names a contract that is not theirs.
    """
    if is_controller():
        return address.contract_of_request(scope)
    known = visible_contracts(scope, acting())
    if not known:
        return None if not request.args.get("contract") else abort(404)
    asked = address.one_of("contract", [str(one.id) for one in known])
    return next((one for one in known if str(one.id) == asked), known[0]), known


def contract(scope: Scope) -> StoredContract:
    """The contract of the request.

    Raises:
        NotFound: there is none.
    """
    found = chosen(scope)
    if found is None:
        raise NotFound("Dit contract bestaat niet.")
    return found[0]


def quarter_of(text: str) -> Quarter:
    """The quarter that an address names; what is none is not there."""
    try:
        return Quarter.parse(text)
    except ValueError:
        return abort(404)


def nothing_yet(title: Any) -> str:
    """The page while no year was loaded."""
    return render_template("overview/nothing.html", title=title)


def page(template: str, **values: Any) -> str:
    """A page with what its template needs."""
    language = current_language()
    return render_template(
        f"reports/{template}.html",
        shown=shown,
        controller=is_controller(),
        today=address.today(),
        text=lambda texts: texts[language],
        title_of=lambda quarter: gettext("Kwartaal %(number)s van %(year)s", number=quarter.number, year=quarter.year),
        **values,
    )
