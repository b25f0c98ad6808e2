"""Which months an agreement covers: those touched by its validity (a part year counts by whole months)."""

from __future__ import annotations

from collections.abc import Sequence

from lead_contractor.kernel.periods import Month, months_between
from subcontractors.agreements.model import Agreement


def validity_months(agreement: Agreement) -> tuple[Month, ...]:
    """All months touched by the validity, in order.

    Raises:
        ValueError: the validity is open, so that its months cannot be counted.
    """
    last = agreement.validity.last
    if last is None:
        raise ValueError(f"agreement {agreement.id} has no last day")
    return months_between(agreement.validity.start, last)


def covered_months(agreement: Agreement, contract_months: Sequence[Month]) -> tuple[Month, ...]:
    """The months of the contract period that the agreement covers, in order; an open validity runs on."""
    first = Month.of(agreement.validity.start)
    last = agreement.validity.last
    if last is not None and last < agreement.validity.start:
        return ()
    return tuple(
        month for month in sorted(contract_months) if first <= month and (last is None or month <= Month.of(last))
    )
