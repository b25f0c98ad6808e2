"""Which allocation a start or stop is about."""

from __future__ import annotations

from collections.abc import Mapping

from subcontractors.chain.dialect import Dialect
from subcontractors.chain.model import Held, Product, Report


def matched(report: Report, held: Mapping[str, Held], dialect: Dialect) -> Held | None:
    """The allocation of a report among those of its client and sender.

    With a number it is the one with that number. Without, the dialect takes the allocation that is not removed, has the
    same product as far as the report names one, and holds on the first day (IV096); one with the very code goes before
    one of the category, then the lowest number.
    """
    if report.number:
        return held.get(report.number)
    if not dialect.matches_without_number:
        return None
    found = [
        one
        for one in held.values()
        if not one.removed
        and _names(report.product, one.product)
        and one.start <= report.begin
        and (one.end is None or report.begin <= one.end)
    ]
    return min(
        found, key=lambda one: (one.product.code != report.product.code, len(one.number), one.number), default=None
    )


def _names(asked: Product, given: Product) -> bool:
    """Whether a report's product is the allocation's, where both say it."""
    return all(not ours or not theirs or ours == theirs for ours, theirs in zip(asked, given, strict=True))
