"""The year-end settlement as values: what goes in, and what comes out with its explanation. Whole cents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from lead_contractor.contract.model import CostKind, SettlementTerms
from lead_contractor.kernel.money import ZERO, Cents, total
from subcontractors.agreements.model import FormCode


class Step(StrEnum):
    """The seven steps, in the order of the settlement."""

    REVENUE = "revenue"
    SUBCONTRACTORS = "subcontractors"
    ELIGIBLE_COST = "eligible_cost"
    RESULT = "result"
    SURPLUS = "surplus"
    DEFICIT = "deficit"
    BALANCE = "balance"


@dataclass(frozen=True, slots=True)
class RevenueParts:
    """What the municipality owes for the year; ``deductions`` is above zero and lowers it."""

    lump_sum: Cents
    indexation: Cents = ZERO
    volume_adjustment: Cents = ZERO
    deductions: Cents = ZERO

    @property
    def total(self) -> Cents:
        """Indexed lump sum + volume adjustment − deductions."""
        return self.lump_sum + self.indexation + self.volume_adjustment - self.deductions


@dataclass(frozen=True, slots=True)
class AgreementCost:
    """What an agreement costs after ceiling and true-up (``due``), and these two for information."""

    id: str
    subcontractor: str
    form: FormCode
    due: Cents
    above_ceiling: Cents = ZERO
    true_up: Cents = ZERO


@dataclass(frozen=True, slots=True)
class OwnCostTotal:
    """A kind of own cost: all that was booked, and what of it is disallowed."""

    booked: Cents = ZERO
    disallowed: Cents = ZERO

    @property
    def allowed(self) -> Cents:
        """What counts, before any cap."""
        return self.booked - self.disallowed


@dataclass(frozen=True, slots=True)
class DeclarationTotals:
    """Debits less credits of all answered messages; the last two are parts of ``approved`` left out here."""

    declared: Cents = ZERO
    approved: Cents = ZERO
    rejected: Cents = ZERO
    after_cut_off: Cents = ZERO
    prior_year: Cents = ZERO


@dataclass(frozen=True, slots=True)
class SettlementInput:
    """All that a settlement needs.

    ``instalments`` are those after indexation, before volume and deductions, one per contract month.
    ``prior_year`` is what counts of lines with a product period before the year (zero when not eligible).
    """

    year: int
    municipality: str
    revenue: RevenueParts
    instalments: tuple[Cents, ...]
    terms: SettlementTerms
    agreements: tuple[AgreementCost, ...] = ()
    own: Mapping[CostKind, OwnCostTotal] = field(default_factory=dict)
    prior_year: Cents = ZERO
    received: Cents = ZERO
    declarations: DeclarationTotals = DeclarationTotals()


@dataclass(frozen=True, slots=True)
class CostParts:
    """Cost of the year. ``overhead`` is the eligible part; ``not_eligible`` is all that was booked and refused."""

    by_form: Mapping[FormCode, Cents]
    own_delivery: Cents = ZERO
    overhead: Cents = ZERO
    other: Cents = ZERO
    prior_year: Cents = ZERO
    overhead_above_cap: Cents = ZERO
    disallowed: Cents = ZERO

    @property
    def subcontractors(self) -> Cents:
        """What the agreements cost together."""
        return total(self.by_form.values())

    @property
    def not_eligible(self) -> Cents:
        """Overhead above its cap and disallowed items."""
        return self.overhead_above_cap + self.disallowed

    @property
    def total(self) -> Cents:
        """Eligible cost."""
        return self.subcontractors + self.own_delivery + self.overhead + self.other + self.prior_year


@dataclass(frozen=True, slots=True)
class Surplus:
    """What happens to a result above zero: the cap, what lies above it, and where that goes."""

    margin_cap: Cents = ZERO
    excess: Cents = ZERO
    repaid: Cents = ZERO
    invested: Cents = ZERO
    added_to_reserve: Cents = ZERO


@dataclass(frozen=True, slots=True)
class Deficit:
    """Who bears a result below zero: ``total`` = ``reserve_used`` + ``municipality`` + ``contractor``."""

    total: Cents = ZERO
    reserve_used: Cents = ZERO
    municipality: Cents = ZERO
    contractor: Cents = ZERO


@dataclass(frozen=True, slots=True)
class ReserveMovement:
    """The egalisation reserve through the year."""

    opening: Cents = ZERO
    added: Cents = ZERO
    used: Cents = ZERO

    @property
    def closing(self) -> Cents:
        """The balance after the settlement."""
        return self.opening + self.added - self.used


@dataclass(frozen=True, slots=True)
class Transfer:
    """What the settlement itself posts: cents above zero from credit to debit account, with its clause."""

    debit: str
    credit: str
    cents: Cents
    clause: str
    explanation: str


@dataclass(frozen=True, slots=True)
class Line:
    """One step of the explanation (Dutch): its inputs by name, the contract clause and the postings under it."""

    step: Step
    amount: Cents
    clause: str
    explanation: str
    inputs: tuple[tuple[str, Cents], ...] = ()
    transfers: tuple[Transfer, ...] = ()


@dataclass(frozen=True, slots=True)
class Settlement:
    """The settlement of one contract year. ``margin_percent`` has four decimals: ``5.6582``."""

    year: int
    municipality: str
    revenue: RevenueParts
    instalments: tuple[Cents, ...]
    cost: CostParts
    result: Cents
    margin_percent: str
    surplus: Surplus
    deficit: Deficit
    reserve: ReserveMovement
    entitlement: Cents
    received: Cents
    balance_due: Cents
    declarations: DeclarationTotals = DeclarationTotals()
    agreements: tuple[AgreementCost, ...] = ()
    lines: tuple[Line, ...] = ()

    @property
    def kept(self) -> Cents:
        """What of a surplus stays with the contractor: the result within the cap."""
        return Cents(max(0, self.result)) - self.surplus.excess

    @property
    def transfers(self) -> tuple[Transfer, ...]:
        """All that the settlement itself posts, in the order of its steps."""
        return tuple(transfer for line in self.lines for transfer in line.transfers)
