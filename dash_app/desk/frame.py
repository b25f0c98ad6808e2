"""What every page of the desk stands in: its contract, names and words."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask_babel import lazy_gettext

from dash_app.desk import words as desk_words
from dash_app.overview import address, words
from lead_contractor.contract.store import StoredContract
from lead_contractor.kernel.refusals import NotFound
from lead_contractor.kernel.tenancy import Scope

Contracts = tuple[StoredContract, list[StoredContract]]


def nothing_yet(title: Any = None) -> str:
    """The page while no year was loaded."""
    return render_template("overview/nothing.html", title=title or lazy_gettext("Te besluiten"))


def contract(scope: Scope) -> StoredContract:
    """The contract of the request.

    Raises:
        NotFound: there is none.
    """
    found = address.contract_of_request(scope)
    if found is None:
        raise NotFound("Dit contract bestaat niet.")
    return found[0]


def address_of(endpoint: str, **values: Any) -> str:
    """The address of a page, of the contract that the request names."""
    chosen = request.args.get("contract", "")
    arguments: dict[str, Any] = {**values, **({"contract": chosen} if chosen else {})}
    return url_for(endpoint, **arguments)


def page(template: str, **values: Any) -> str:
    """A page with the words that its template names things with."""
    return render_template(f"desk/{template}.html", words=words, desk=desk_words, today=address.today(), **values)
