"""Whether products stand for the same work in days that overlap (OP259), as TR361 asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from subcontractors.chain.model import AIDS, Product


@dataclass(frozen=True, slots=True)
class Term:
    """A product in a period, both days included; no end is open."""

    product: Product
    start: date
    end: date | None = None


def stacked(terms: Sequence[Term]) -> bool:
    """Whether two of these are the same product in overlapping days."""
    return any(same_product(a.product, b.product) and _overlap(a, b) for a, b in combinations(terms, 2))


def same_product(one: Product, other: Product) -> bool:
    """Equal codes; equal categories where a code is missing; anything where a category is missing. Never aids."""
    if one.category in AIDS or other.category in AIDS:
        return False
    if not one.category or not other.category:
        return True
    if one.code and other.code:
        return one == other
    return one.category == other.category


def _overlap(one: Term, other: Term) -> bool:
    if any(term.end is not None and term.end < term.start for term in (one, other)):
        return False
    return (one.end is None or other.start <= one.end) and (other.end is None or one.start <= other.end)
