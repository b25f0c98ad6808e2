"""Trajectories: a price per trajectory in milestones, early stops and a guarantee (rules 15, 16 and 17).

What is due follows from starts, stops and guarantee, not from what was declared. The start amount falls in
the month of the start, the rest of what becomes due (below zero when too much was due at the start) in the
month of the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, cast

from marshmallow import ValidationError, fields, post_load, validates_schema

from lead_contractor.kernel.findings import Finding
from lead_contractor.kernel.money import ZERO, Cents, total
from lead_contractor.kernel.periods import Month, days_inclusive
from lead_contractor.kernel.rounding import milestones, times
from subcontractors.agreements.model import Agreement, Due, Evidence, FormCode, MonthDue, Trajectory
from subcontractors.agreements.terms import (
    KEY,
    LIST,
    TABLE,
    Amount,
    Choice,
    Quantity,
    Table,
    TermsSchema,
    WholeNumber,
)

ENDED_AS_PLANNED = "19"
TEMPORARY = "20"
ALL_PERCENT = 100
REASON_LENGTH = 2


class MilestoneAt(StrEnum):
    """When a milestone becomes due."""

    START = "start"
    END = "end"


class StopRule(StrEnum):
    """What an early stop leaves due."""

    PRO_RATA = "pro_rata"
    FULL = "full"
    KEEP_START = "keep_start"


@dataclass(frozen=True, slots=True)
class Milestone:
    """A part of the price and when it becomes due."""

    at: MilestoneAt
    percent: Decimal


@dataclass(frozen=True, slots=True)
class TrajectoryTerms:
    """The own terms of a trajectory agreement; ``early_stop`` is by stop reason of the iWmo code list."""

    price: Cents
    milestones: tuple[Milestone, ...]
    early_stop: Mapping[str, StopRule] = field(default_factory=dict)
    guarantee_days: int | None = None

    @property
    def start_amount(self) -> Cents:
        """What the start milestones make due: each milestone but the last is rounded, the last is the remainder."""
        parts = milestones(self.price, [milestone.percent for milestone in self.milestones])
        pairs = zip(self.milestones, parts, strict=True)
        return total(part for milestone, part in pairs if milestone.at is MilestoneAt.START)


class MilestoneSchema(TermsSchema):
    """``{ at, percent }``."""

    at = Choice(tuple(MilestoneAt), required=True)
    percent = Quantity(required=True, maximum=ALL_PERCENT)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Milestone:
        """Make the milestone."""
        return Milestone(MilestoneAt(data["at"]), data["percent"])


class TrajectorySchema(TermsSchema):
    """Reads the own keys of a trajectory agreement."""

    price = Amount(required=True)
    milestones = fields.List(Table(MilestoneSchema), required=True, error_messages=LIST)
    early_stop = fields.Dict(keys=fields.String(), values=Choice(tuple(StopRule)), error_messages=TABLE)
    guarantee_days = WholeNumber()

    @validates_schema
    def whole_price(self, data: Mapping[str, Any], **_: Any) -> None:
        """The milestones must cover the whole price."""
        share = sum((milestone.percent for milestone in data["milestones"]), Decimal(0))
        if share != ALL_PERCENT:
            message = f"{KEY} telt op tot {share}% van de prijs. Zorg dat de percentages samen 100 zijn."
            raise ValidationError(message, "milestones")

    @validates_schema
    def known_reasons(self, data: Mapping[str, Any], **_: Any) -> None:
        """Reasons have two digits; 20 is no stop and 19 always leaves the full price due."""
        for reason, rule in data.get("early_stop", {}).items():
            fault = _reason_fault(reason, rule)
            if fault:
                raise ValidationError(f"{KEY}: {fault}", "early_stop")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> TrajectoryTerms:
        """Make the terms."""
        early_stop = {reason: StopRule(rule) for reason, rule in data.get("early_stop", {}).items()}
        return TrajectoryTerms(data["price"], tuple(data["milestones"]), early_stop, data.get("guarantee_days"))


def _reason_fault(reason: str, rule: str) -> str:
    if len(reason) != REASON_LENGTH or not (reason.isascii() and reason.isdigit()):
        return f"{reason!r} is geen beëindigingsreden. Gebruik de code van twee cijfers."
    if reason == TEMPORARY:
        return "reden 20 is tijdelijk en geen beëindiging. Verwijder reden 20."
    if reason == ENDED_AS_PLANNED and rule != StopRule.FULL:
        return "reden 19 is volgens plan, dus full. Verwijder reden 19 of maak er full van."
    return ""


@dataclass(frozen=True, slots=True)
class TrajectoryDue:
    """What one trajectory costs: ``at_start`` in the month it started, ``at_end`` (signed) in the month it ended.

    ``guaranteed_by`` is the allocation of the earlier trajectory under whose guarantee this one costs nothing.
    """

    trajectory: Trajectory
    rule: StopRule
    at_start: Cents
    at_end: Cents
    guaranteed_by: str | None = None

    @property
    def amount(self) -> Cents:
        """All that it costs."""
        return self.at_start + self.at_end


def stop_rule(terms: TrajectoryTerms, reason: str | None) -> StopRule:
    """What the end leaves due: no reason or 19 the full price, a reason that is not listed pro rata."""
    if reason is None or reason == ENDED_AS_PLANNED:
        return StopRule.FULL
    return terms.early_stop.get(reason, StopRule.PRO_RATA)


def amount_due(terms: TrajectoryTerms, trajectory: Trajectory) -> Cents:
    """What a trajectory outside any guarantee costs in all; pro rata counts calendar days, never above the price."""
    rule = stop_rule(terms, trajectory.stop_reason)
    if rule is StopRule.FULL:
        return terms.price
    if rule is StopRule.KEEP_START:
        return terms.start_amount
    days = days_inclusive(trajectory.started, trajectory.ended)
    planned = days_inclusive(trajectory.allocation_start, trajectory.allocation_end)
    return times(terms.price, min(Fraction(1), Fraction(days, planned)))


def trajectories_due(terms: TrajectoryTerms, trajectories: Iterable[Trajectory]) -> tuple[TrajectoryDue, ...]:
    """What each trajectory costs, in order of start; all trajectories of the agreement are needed for the guarantee."""
    ordered = sorted(trajectories, key=lambda one: (one.started, one.ended, one.client, one.allocation))
    fully_due: dict[tuple[int, str], list[Trajectory]] = {}
    found = []
    for one in ordered:
        earlier = fully_due.setdefault((one.client, one.product_code), [])
        rule = stop_rule(terms, one.stop_reason)
        guarantee = _guarantee(terms, one, earlier)
        if guarantee is not None:
            found.append(TrajectoryDue(one, rule, ZERO, ZERO, guarantee.allocation))
            continue
        amount = amount_due(terms, one)
        found.append(TrajectoryDue(one, rule, terms.start_amount, amount - terms.start_amount))
        if amount == terms.price:
            earlier.append(one)
    return tuple(found)


def _guarantee(terms: TrajectoryTerms, one: Trajectory, earlier: Sequence[Trajectory]) -> Trajectory | None:
    if terms.guarantee_days is None:
        return None
    within = (t for t in earlier if 0 <= (one.started - t.ended).days <= (terms.guarantee_days or 0))
    return next(within, None)


@dataclass(frozen=True, slots=True)
class TrajectoryForm:
    """A price per trajectory."""

    code: FormCode = FormCode.TRAJECTORY
    lines_cost: bool = False
    needs_products: bool = True

    @property
    def schema(self) -> TrajectorySchema:
        """Reads ``price``, ``milestones``, ``early_stop`` and ``guarantee_days``."""
        return TrajectorySchema()

    def missing(self, agreement: Agreement, evidence: Evidence) -> tuple[Finding, ...]:
        """Nothing: what lacks an end date was found when the trajectories were made."""
        return ()

    def due(self, agreement: Agreement, evidence: Evidence) -> Due:
        """Start amounts and remainders that fall in the year; amounts of zero are left out."""
        terms = cast("TrajectoryTerms", agreement.terms)
        months = []
        for one in trajectories_due(terms, evidence.trajectories):
            for day, amount in ((one.trajectory.started, one.at_start), (one.trajectory.ended, one.at_end)):
                if day.year == evidence.year and amount:
                    what = one.trajectory
                    months.append(MonthDue(Month.of(day), amount, what.product_code, what.area, what.allocation))
        return Due(tuple(months))


FORM = TrajectoryForm()
