"""The one rule of a declaration that the check engine does not judge by the line: a month that was skipped (TR318)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from lead_contractor.kernel.periods import Month
from subcontractors.chain.rules import Rule


@dataclass(frozen=True, slots=True)
class SequenceFacts:
    """A declaration and the months around it.

    Attributes:
        period: its DeclaratiePeriode.
        previous: the latest DeclaratiePeriode of this sender before it; ``None`` for the first.
        delivered: months in which care was delivered, as far as can be known: service months in this declaration,
            and months through which a start of this sender ran.
    """

    period: Month
    previous: Month | None
    delivered: Collection[Month]


def skipped(facts: SequenceFacts) -> tuple[Month, ...]:
    """The months between the previous declaration period and this one for which care is known."""
    if facts.previous is None:
        return ()
    return tuple(sorted(month for month in set(facts.delivered) if facts.previous < month < facts.period))


def tr318(facts: SequenceFacts) -> bool:
    """Declaration periods follow one another month by month where care was delivered every month."""
    return bool(skipped(facts))


RULES: tuple[Rule[SequenceFacts], ...] = (Rule("TR318", "8214", tr318),)
"""The rules of Declaratie (WMO323) that are judged here."""
