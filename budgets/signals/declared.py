"""Months that are due and were not declared, while allocations were open; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from budgets.signals.model import Crossing, Kind, Level
from lead_contractor.kernel.money import ZERO, Cents
from lead_contractor.kernel.periods import Month


@dataclass(frozen=True, slots=True)
class Missing:
    """A month that a subcontractor did not declare after its term, and how many allocations were open in it."""

    subcontractor: str
    month: Month
    allocations: int


def missing_crossings(missing: Iterable[Missing], expected: Mapping[tuple[str, str], Cents]) -> tuple[Crossing, ...]:
    """A signal for each month; at stake is what the forecast still expects over it.

    Args:
        missing: the months, each once.
        expected: what is still expected, by subcontractor and month.
    """
    return tuple(
        Crossing(
            Kind.DECLARATION_MISSING,
            f"{one.subcontractor}/{one.month}",
            Level.FACT,
            expected.get((one.subcontractor, str(one.month)), ZERO),
            one.subcontractor,
            figures={"month": str(one.month), "allocations": str(one.allocations)},
        )
        for one in missing
    )
