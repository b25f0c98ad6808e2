"""The rules of an allocation message (WMO301): a guard before ours leaves, and what a subcontractor reads it by.

The TR rules are those of the standard; OP087, OP033x1, OP380, IV097 and IV099 say how the message is made and guard
only what we send.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from subcontractors.chain.model import REMOVED, TOTAL, Allotted
from subcontractors.chain.products import ProductList
from subcontractors.chain.rules import Rule


@dataclass(frozen=True, slots=True)
class AllottedFacts:
    """One ToegewezenProduct and what it is held against, for one client and one subcontractor.

    Attributes:
        allotted: the product in the message.
        latest: the version of the same number that was last sent to this subcontractor for this client, if any.
        number_in_use: whether the number stands for another client, subcontractor or product.
        references: the references of requests that this message answers.
        sent_references: the references with which this number was sent before.
        owed: the reference that it has to carry, where it is sent for the first time in answer to a request.
        has_approved_lines: whether lines on it were approved and not credited.
        today: the day on which the message is made.
        products: the product list in use.
    """

    allotted: Allotted
    latest: Allotted | None
    number_in_use: bool
    references: Collection[str]
    sent_references: Collection[str]
    has_approved_lines: bool
    today: date
    products: ProductList
    owed: str = ""


def tr332(facts: AllottedFacts) -> bool:
    """A number stands for one allocation."""
    latest, one = facts.latest, facts.allotted
    return facts.number_in_use or (
        latest is not None and (latest.product, latest.start) != (one.product, one.start) and not latest.removed
    )


def tr379(facts: AllottedFacts) -> bool:
    """ReferentieAanbieder is filled the first time that a number is sent in answer to a request, and only then."""
    reference = facts.allotted.reference
    if facts.owed and reference != facts.owed:
        return True
    return bool(reference) and (reference not in facts.references or reference in facts.sent_references)


def tr381(facts: AllottedFacts) -> bool:
    """The product code belongs to its category."""
    return facts.products.fits(facts.allotted.product) is False


def tr385(facts: AllottedFacts) -> bool:
    """An allocation with approved lines is not removed."""
    return facts.allotted.reason_change in REMOVED and facts.has_approved_lines


def op033x1(facts: AllottedFacts) -> bool:
    """A volume may change only where it is a total within the term; unit and frequency do not change."""
    old, new = facts.latest, facts.allotted
    if old is None or new.removed or old.size == new.size:
        return False
    if old.size is None or new.size is None:
        return True
    return (old.size.unit, old.size.frequency) != (new.size.unit, new.size.frequency) or new.size.frequency != TOTAL


def iv099(facts: AllottedFacts) -> bool:
    """RedenWijziging is filled for a changed allocation, and for no other."""
    if facts.latest is None:
        return bool(facts.allotted.reason_change)
    changed = facts.latest.content != facts.allotted.content
    return changed != bool(facts.allotted.reason_change) and not facts.allotted.removed


RULES: tuple[Rule[AllottedFacts], ...] = (
    Rule("TR332", "9332", tr332),
    Rule("TR379", "9379", tr379),
    Rule("TR381", "S329", tr381),
    Rule("TR385", "9385", tr385),
)
"""The rules of a ToegewezenProduct, for who sends and who receives it."""

MAKING_RULES: tuple[Rule[AllottedFacts], ...] = (Rule("OP033x1", "", op033x1), Rule("IV099", "", iv099))
"""How a ToegewezenProduct is made; who receives it cannot refuse it on these."""


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """A whole WMO301: what is in it, and what stands for this client and subcontractor.

    ``standing`` holds the current version of each allocation, ``sent`` the version last sent, both by number.
    """

    allotted: Sequence[Allotted]
    standing: Mapping[str, Allotted]
    sent: Mapping[str, Allotted]
    today: date


def op087(facts: MessageFacts) -> bool:
    """A message holds every allocation that holds or will hold, and every one that changed since it was sent."""
    inside = {one.number for one in facts.allotted}
    return any(number not in inside for number in to_send(facts.standing, facts.sent, facts.today))


def op380(facts: MessageFacts) -> bool:
    """What only goes on with the same weekly or monthly size is extended, not allotted anew (OP259 forbids stacking).

    Broken by a new number that follows without a gap on an allocation whose end has not passed, of the same product
    and size, unless the size is a total within the term.
    """
    for new in facts.allotted:
        if new.number in facts.sent or new.removed or (new.size is not None and new.size.frequency == TOTAL):
            continue
        for old in facts.standing.values():
            if old.number == new.number or old.removed or old.end is None or old.end < facts.today:
                continue
            follows = (new.start - old.end).days == 1
            if follows and (old.product, old.size) == (new.product, new.size) and old.budget is None:
                return True
    return False


MESSAGE_RULES: tuple[Rule[MessageFacts], ...] = (Rule("OP087", "", op087), Rule("OP380", "", op380))
"""How a whole WMO301 is made."""


def to_send(standing: Mapping[str, Allotted], sent: Mapping[str, Allotted], today: date) -> tuple[str, ...]:
    """The numbers that belong in a message of today, in order (OP087).

    What holds today or later, and what changed since it was last sent; a removed allocation only to tell that it was
    removed, so never one that was not sent.
    """
    return tuple(
        number
        for number, one in sorted(standing.items(), key=lambda item: (item[1].start, len(item[0]), item[0]))
        if _belongs(one, sent.get(number), today)
    )


def _belongs(one: Allotted, last: Allotted | None, today: date) -> bool:
    if one.removed:
        return last is not None and not last.removed
    current = one.end is None or one.end >= today
    return current or last is None or last.content != one.content


def latest(versions: Sequence[Allotted]) -> Allotted | None:
    """The version that holds: the latest moment of allocation, whatever the order of arrival (IV013, OP080)."""
    return max(versions, key=lambda one: one.decided, default=None)
