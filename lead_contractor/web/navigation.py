"""The one navigation bar: each page offers its own item, and only pages that exist are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from flask import Blueprint, Flask, g, request, url_for
from flask.sansio.blueprints import BlueprintSetupState

from lead_contractor.access.model import Role

_EXTENSION = "hoofdsom_navigation"


class Label(Protocol):
    """A text that is Dutch in the code and comes out in the language of the request (``lazy_gettext``)."""

    def __str__(self) -> str: ...


@dataclass(frozen=True, slots=True)
class NavItem:
    """An item of the bar: for these roles, at this endpoint; lower ``order`` stands further left."""

    label: Label
    endpoint: str
    roles: frozenset[Role]
    order: int = 50


@dataclass(frozen=True, slots=True)
class Link:
    """An item as it is drawn."""

    label: str
    url: str
    here: bool


def install(app: Flask) -> None:
    """Give the app an empty bar."""
    app.extensions[_EXTENSION] = []


def add(app: Any, item: NavItem) -> None:
    """Add an item to the bar."""
    items: list[NavItem] = app.extensions[_EXTENSION]
    items.append(item)
    items.sort(key=lambda known: known.order)


def offer(blueprint: Blueprint, item: NavItem) -> None:
    """Add an item to the bar of whatever app the blueprint is registered on."""

    def remember(state: BlueprintSetupState) -> None:
        add(state.app, item)

    blueprint.record_once(remember)


def links(app: Flask) -> Sequence[Link]:
    """The bar for the person of this request."""
    acting = g.get("acting")
    if acting is None:
        return ()
    return tuple(_link(item) for item in _items(app) if acting.role in item.roles)


def first_page(app: Flask, role: Role) -> str | None:
    """The address of the first screen of a role, ``None`` where it has none yet."""
    found = next((item for item in _items(app) if role in item.roles), None)
    return None if found is None else url_for(found.endpoint)


def _items(app: Flask) -> list[NavItem]:
    items: list[NavItem] = app.extensions[_EXTENSION]
    return [item for item in items if item.endpoint in app.view_functions]


def _link(item: NavItem) -> Link:
    url = url_for(item.endpoint)
    here = request.path == url or (url != "/" and request.path.startswith(url.rstrip("/") + "/"))
    return Link(str(item.label), url, here)
