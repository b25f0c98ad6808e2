"""The product list in use: what agreements and tariffs of a contract say about codes and their categories (TR381)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from subcontractors.agreements.model import FormCode
from subcontractors.chain.model import Product, Way

_CATEGORY = 2
_BY_THE_LINE = (FormCode.PXQ, FormCode.TRAJECTORY)


@dataclass(frozen=True, slots=True)
class Cover:
    """What one agreement covers: a product code, a category, or everything (empty), from ``first`` to ``last``."""

    subcontractor: str
    covers: str
    form: FormCode
    first: date
    last: date | None = None


@dataclass(frozen=True, slots=True)
class ProductList:
    """The codes that a contract knows, each with the categories it is used in, and what agreements cover."""

    categories: dict[str, frozenset[str]] = field(default_factory=dict)
    covers: tuple[Cover, ...] = ()

    def fits(self, product: Product) -> bool | None:
        """Whether a code fits its category; ``None`` where the list does not know the code or none is given."""
        known = self.categories.get(product.code)
        if not product.code or not known:
            return None
        return product.category in known

    def form(self, sender: str, product: Product, day: date) -> FormCode | None:
        """The form of the agreement that covers a sender's work on a product on a day; the most specific one first."""
        own = [one for one in self.covers if one.subcontractor == sender and _holds(one, day)]
        for wanted in (product.code, product.category):
            for one in own:
                if wanted and one.covers == wanted:
                    return one.form
        return next((one.form for one in own if not one.covers), None)

    def way(self, sender: str, product: Product, day: date) -> Way:
        """How a sender's work on a product is paid for on a day; what no agreement covers is effort or output."""
        found = self.form(sender, product, day)
        return Way.EFFORT if found is None or found in _BY_THE_LINE else Way.TASK

    def only_tasks(self, sender: str) -> bool:
        """Whether a sender has agreements, and none of them by the line."""
        own = [one.form for one in self.covers if one.subcontractor == sender]
        return bool(own) and not any(form in _BY_THE_LINE for form in own)


def _holds(cover: Cover, day: date) -> bool:
    return cover.first <= day and (cover.last is None or day <= cover.last)


def product_list(codes: Iterable[str], placed: Iterable[tuple[str, str]], covers: Iterable[Cover]) -> ProductList:
    """Make the product list of a contract.

    Args:
        codes: product codes in tariffs and agreements; a code in the national form (``01A03``: two digits, a letter,
            two signs) belongs to the category that it begins with.
        placed: categories and codes as allocations hold them; they count where a code does not say it itself.
        covers: what the agreements cover.
    """
    found: dict[str, set[str]] = {}
    for category, code in placed:
        if code and category and not _own_category(code):
            found.setdefault(code, set()).add(category)
    for code in codes:
        own = _own_category(code)
        if own:
            found[code] = {own}
    return ProductList({code: frozenset(known) for code, known in found.items()}, tuple(covers))


def says_itself(product: Product) -> bool:
    """Whether a code says by itself that it is of its category, so that no list can say that it does not fit."""
    return not product.code or _own_category(product.code) == product.category


def _own_category(code: str) -> str:
    """The category in a code of the national form, else nothing."""
    national = len(code) > _CATEGORY and code[:_CATEGORY].isdigit() and code[_CATEGORY : _CATEGORY + 1].isalpha()
    return code[:_CATEGORY] if national else ""
