"""The rules of starts and stops (WMO305, WMO307) against earlier messages and allocations (levels 3 and 4).

A withdrawal (StatusAanlevering 3) is only held against TR063 and TR071: it corrects, so that its content is not judged
again. What was refused counts as never sent, and is not in ``standing``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from subcontractors.chain.dialect import Dialect
from subcontractors.chain.model import TEMPORARY, Held, Report, ReportKind, Standing, StartKey, Way
from subcontractors.chain.rules import Rule


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """A start or stop and what it is held against.

    Attributes:
        report: the start or stop.
        standing: the sender's accepted and not withdrawn reports on this client, in order of arrival.
        held: the allocation that it is about, if there is one of this client and sender.
        way: whether an allocation is needed.
        product_fits: whether code and category belong together; ``None`` where the product list does not know.
        dialect: the mode.
    """

    report: Report
    standing: Sequence[Standing]
    held: Held | None
    way: Way
    product_fits: bool | None
    dialect: Dialect

    @property
    def key(self) -> StartKey:
        """The key of the start that the report is or is about."""
        return start_key(self.report, self.held, self.dialect)

    def stops(self) -> list[Report]:
        """Standing stops of the same start (TR413 to TR415: Bsn, ToewijzingNummer and Begindatum)."""
        return [one.report for one in self.standing if one.report.kind is ReportKind.STOP and one.key == self.key]


def start_key(report: Report, held: Held | None, dialect: Dialect) -> StartKey:
    """The logical key of a start (IV008, IV096), as the mode reads it."""
    number = report.number
    if not number and held is not None and dialect.matches_without_number:
        number = held.number
    if number and dialect.number_is_whole_key:
        return (number, "", "", report.begin)
    return (number, *report.product, report.begin)


def same_delivery(one: Standing, facts: ReportFacts) -> bool:
    """Whether a standing report has the whole logical key of this one: for a stop reason and end date too."""
    other, report = one.report, facts.report
    return (
        other.kind is report.kind
        and one.key == facts.key
        and (report.kind is ReportKind.START or (other.reason, other.end) == (report.reason, report.end))
    )


def standing_after(facts: ReportFacts) -> tuple[Standing, ...]:
    """What stands once the report was accepted."""
    if facts.report.withdraws:
        return tuple(one for one in facts.standing if not same_delivery(one, facts))
    return (*facts.standing, Standing(facts.report, facts.key))


Broken = Callable[[ReportFacts], bool]


def _first(rule: Broken) -> Broken:
    """A rule that does not judge withdrawals."""

    def judged(facts: ReportFacts) -> bool:
        return not facts.report.withdraws and rule(facts)

    judged.__doc__ = rule.__doc__
    return judged


def tr019(facts: ReportFacts) -> bool:
    """Where work is paid by effort or output, a start belongs to an allocation of this client and sender."""
    return facts.way is Way.EFFORT and facts.held is None


def tr063(facts: ReportFacts) -> bool:
    """A withdrawal needs an earlier delivery with the same key."""
    return facts.report.withdraws and not any(same_delivery(one, facts) for one in facts.standing)


def tr071(facts: ReportFacts) -> bool:
    """A start cannot be withdrawn once it was stopped."""
    return facts.report.withdraws and bool(facts.stops())


def tr074(facts: ReportFacts) -> bool:
    """A first delivery has a key that is not in use."""
    return any(same_delivery(one, facts) for one in facts.standing)


def tr326(facts: ReportFacts) -> bool:
    """No start while an earlier start on the same product still runs (OP289)."""
    return any(
        one.report.kind is ReportKind.START and one.thread == facts.key[:3] and not _stopped(one, facts.standing)
        for one in facts.standing
    )


def _stopped(start: Standing, standing: Sequence[Standing]) -> bool:
    return any(one.report.kind is ReportKind.STOP and one.key == start.key for one in standing)


def tr382(facts: ReportFacts) -> bool:
    """A stop repeats the key of a start that stands."""
    return not any(one.report.kind is ReportKind.START and one.key == facts.key for one in facts.standing)


def tr413(facts: ReportFacts) -> bool:
    """No second temporary stop of the same start."""
    return facts.report.reason == TEMPORARY and any(stop.reason == TEMPORARY for stop in facts.stops())


def tr414(facts: ReportFacts) -> bool:
    """A later stop does not end earlier than the one that stands."""
    end = facts.report.end
    return any(end is not None and stop.end is not None and end < stop.end for stop in facts.stops())


def tr415(facts: ReportFacts) -> bool:
    """Nothing follows a definitive stop of the same start."""
    return any(stop.reason != TEMPORARY for stop in facts.stops())


def tr381(facts: ReportFacts) -> bool:
    """The product code belongs to its category."""
    return facts.product_fits is False


START_RULES: tuple[Rule[ReportFacts], ...] = (
    Rule("TR019", "9019", _first(tr019)),
    Rule("TR063", "9063", tr063),
    Rule("TR071", "9071", tr071),
    Rule("TR074", "9074", _first(tr074)),
    Rule("TR326", "9326", _first(tr326)),
    Rule("TR381", "S329", _first(tr381)),
)
"""The rules of a StartProduct (WMO305)."""

STOP_RULES: tuple[Rule[ReportFacts], ...] = (
    Rule("TR063", "9063", tr063),
    Rule("TR074", "9074", _first(tr074)),
    Rule("TR381", "S329", _first(tr381)),
    Rule("TR382", "9069", _first(tr382)),
    Rule("TR413", "9413", _first(tr413)),
    Rule("TR414", "9414", _first(tr414)),
    Rule("TR415", "9415", _first(tr415)),
)
"""The rules of a StopProduct (WMO307)."""

RULES = (*START_RULES, *STOP_RULES)


def rules_of(report: Report) -> tuple[Rule[ReportFacts], ...]:
    """The rules that a start or a stop is held against."""
    return START_RULES if report.kind is ReportKind.START else STOP_RULES


def only_remarks(facts: ReportFacts) -> frozenset[str]:
    """The rules that, when broken here, are remarked and refuse nothing: a stop where no start at all was reported."""
    alone = facts.dialect.stop_may_come_alone and not any(
        one.report.kind is ReportKind.START and one.thread == facts.key[:3] for one in facts.standing
    )
    return frozenset({"TR382"}) if alone else frozenset()
