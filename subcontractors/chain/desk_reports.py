"""Starts and stops of one sender and client that were received on one day: which fit, and what the others break."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from subcontractors.chain import rules_reports
from subcontractors.chain.background import Background
from subcontractors.chain.matching import matched
from subcontractors.chain.model import Product, Report, ReportKind
from subcontractors.chain.outcome import Outcome
from subcontractors.chain.rules import broken, codes_of
from subcontractors.chain.rules_reports import ReportFacts
from subcontractors.declarations.store import Head
from subcontractors.iwmo.model import StartReport, StopReport


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What was found in one report: the rules that refuse it, and those that are only remarked."""

    facts: ReportFacts
    refused: tuple[str, ...]
    remarks: tuple[str, ...]


def judge_reports(ground: Background, outcome: Outcome, group: list[Head]) -> None:
    """Take what fits, again and again, by the days it is about; what is left then is refused."""
    waiting = sorted(group, key=_about)
    while taken := _next_fitting(ground, outcome, waiting):
        waiting.remove(taken)
    for head in waiting:
        _refuse(ground, outcome, head, _verdicts(ground, head))


def _next_fitting(ground: Background, outcome: Outcome, waiting: Sequence[Head]) -> Head | None:
    """Accept one message: the first without any remark, else the first that is not refused."""
    judged = [(head, _verdicts(ground, head)) for head in waiting]
    for clean in (True, False):
        for head, verdicts in judged:
            if not any(one.refused or (clean and one.remarks) for one in verdicts):
                _accept(ground, outcome, head, verdicts)
                return head
    return None


def _verdicts(ground: Background, head: Head) -> list[_Verdict]:
    """The verdict on each report of a message: withdrawals first, then in order, each seeing those before it."""
    delivered: tuple[StartReport | StopReport, ...] = (*head.came.starts, *head.came.stops)
    reports = [_report(ground, one) for one in delivered]
    pair = ground.pair_of(head)
    standing = ground.standing.get(pair, ())
    found: dict[int, _Verdict] = {}
    for position in sorted(range(len(reports)), key=lambda at: not reports[at].withdraws):
        report = reports[position]
        held = matched(report, ground.held.get(pair, {}), ground.dialect)
        facts = ground.facts(pair, report, standing, held)
        rules = broken(rules_reports.rules_of(report), facts)
        remarked = rules_reports.only_remarks(facts)
        verdict = _Verdict(
            facts,
            codes_of(rule for rule in rules if rule.id not in remarked),
            codes_of(rule for rule in rules if rule.id in remarked),
        )
        if not verdict.refused:
            standing = rules_reports.standing_after(facts)
        found[position] = verdict
    return [found[position] for position in range(len(reports))]


def _report(ground: Background, made: StartReport | StopReport) -> Report:
    stop = made if isinstance(made, StopReport) else None
    return Report(
        kind=ReportKind.START if stop is None else ReportKind.STOP,
        client=ground.clients.id_of(made.bsn),
        number=made.allocation,
        product=Product(made.category, made.product_code),
        begin=made.begin,
        status=made.status,
        end=stop.end if stop else None,
        reason=stop.reason if stop else "",
    )


def _accept(ground: Background, outcome: Outcome, head: Head, verdicts: Sequence[_Verdict]) -> None:
    pair = ground.pair_of(head)
    for one in sorted(verdicts, key=lambda one: not one.facts.report.withdraws):
        facts = ground.facts(pair, one.facts.report, ground.standing.get(pair, ()), one.facts.held)
        ground.standing[pair] = rules_reports.standing_after(facts)
    _store(ground, outcome, head, verdicts, accepted=True)
    outcome.answer(head)


def _refuse(ground: Background, outcome: Outcome, head: Head, verdicts: Sequence[_Verdict]) -> None:
    head.assessed = ground.dialect.keeps_refused_reports
    _store(ground, outcome, head, verdicts, accepted=False)
    name = "StartProduct" if head.came.starts else "StopProduct"
    codes = {f"{name}[{n}]": one.refused for n, one in enumerate(verdicts, start=1) if one.refused}
    outcome.answer(head, codes=codes)


def _store(ground: Background, outcome: Outcome, head: Head, verdicts: Sequence[_Verdict], *, accepted: bool) -> None:
    order = sorted(enumerate(verdicts, start=1), key=lambda item: not item[1].facts.report.withdraws)
    for position, one in order:
        report, held = one.facts.report, one.facts.held
        outcome.reports.append(
            {
                "contract_id": ground.terms.contract_id,
                "message_id": head.id,
                "position": position,
                "kind": report.kind.value,
                "sender": head.came.sender,
                "client_id": report.client,
                "allocation_number": report.number,
                "matched_number": held.number if held else "",
                "category": report.product.category,
                "product_code": report.product.code,
                "begin_date": report.begin,
                "end_date": report.end,
                "reason": report.reason,
                "status": report.status,
                "received": head.received,
                "accepted": accepted,
                "codes": list(one.refused),
                "remarks": list(one.remarks),
            }
        )


def _about(head: Head) -> date:
    """The first day that a start or stop message is about: of a start its begin, of a stop its end."""
    return min([*(one.begin for one in head.came.starts), *(one.end for one in head.came.stops)], default=date.max)
