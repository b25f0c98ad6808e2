"""What the chain says of declarations: a skipped month (TR318), a code under another category (TR381)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from lead_contractor.kernel.periods import Month
from subcontractors.agreements.model import FormCode
from subcontractors.chain import rules_declarations
from subcontractors.chain.background import Background
from subcontractors.chain.matching import matched
from subcontractors.chain.model import Product, ReportKind
from subcontractors.chain.outcome import Outcome
from subcontractors.chain.products import says_itself
from subcontractors.chain.rules import broken
from subcontractors.chain.rules_declarations import SequenceFacts
from subcontractors.chain.store import Pair
from subcontractors.chain.tables import judged_report
from subcontractors.declarations.engine import stage_misfits
from subcontractors.declarations.store import Head


def judge_products(ground: Background, outcome: Outcome, declarations: Mapping[int, Head]) -> None:
    """TR381 on declared lines: a code under another category than the product list has it.

    In the dialect it is a remark; in strict mode the check engine is told which kinds of line break it.
    """
    if not declarations:
        return
    every = ground.scope.temporary("SELECT kind, category, product_code FROM stage_kind")
    kinds = [row for row in every if not says_itself(Product(row.category, row.product_code))]
    if kinds:
        ground.know_products()
    misfits = {
        int(row.kind): f"product {row.product_code} onder categorie {row.category}"
        for row in kinds
        if ground.products.fits(Product(row.category, row.product_code)) is False
    }
    if not misfits:
        return
    if not ground.dialect.remarks_misfit:
        stage_misfits(ground.scope, misfits)
        return
    listed = ", ".join(map(str, misfits))
    rows = ground.scope.temporary(f"SELECT DISTINCT kind, message FROM stage_line WHERE kind IN ({listed})")
    for kind, number in sorted((int(row.kind), int(row.message)) for row in rows):
        if number in declarations:
            outcome.remark(declarations[number], "TR381", "S329", misfits[kind])


def judge_sequence(ground: Background, outcome: Outcome, head: Head) -> None:
    """TR318: a skipped month for which care is known."""
    came = head.came
    sender = came.sender or ""
    if not came.period:
        return
    period, previous = Month.parse(came.period), ground.periods.get(sender)
    ground.periods[sender] = max(period, previous or period)
    if previous is None or period <= previous or period == previous.plus(1):
        return
    facts = SequenceFacts(period, previous, _delivered(ground, head, sender, previous, period))
    for rule in broken(rules_declarations.RULES, facts):
        if ground.dialect.remarks_skipped_month:
            months = ", ".join(map(str, rules_declarations.skipped(facts)))
            outcome.remark(head, rule.id, rule.code, f"geen declaratie over {months}")
        else:
            head.declaration_codes = (*head.declaration_codes, rule.code)
            head.assessed = False


def _delivered(ground: Background, head: Head, sender: str, previous: Month, period: Month) -> set[Month]:
    """The months between two declaration periods in which the sender is known to have delivered P×Q work."""
    rows = ground.scope.temporary(
        "SELECT DISTINCT k.service_month FROM stage_line AS l JOIN stage_kind AS k ON k.kind = l.kind "
        "WHERE l.message = :number",
        number=head.id - ground.first_message,
    )
    declared = {Month.parse(row.service_month) for row in rows}
    return declared | _months_of_care(ground, sender, previous, period)


def _months_of_care(ground: Background, sender: str, previous: Month, period: Month) -> set[Month]:
    clients = {
        int(row.client_id)
        for row in ground.scope.rows(
            ground.scope.select(judged_report.c.client_id)
            .where(judged_report.c.contract_id == ground.terms.contract_id, judged_report.c.sender == sender)
            .distinct()
        )
    } | {client for known, client in ground.standing if known == sender}
    missing = {client for client in clients if (sender, client) not in ground.standing}
    if missing:
        ground.bring_in(missing)
    ground.know_products()
    found: set[Month] = set()
    for client in clients:
        found |= _months_of_client(ground, (sender, client), previous, period)
    return found


def _months_of_client(ground: Background, pair: Pair, previous: Month, period: Month) -> set[Month]:
    standing, held = ground.standing.get(pair, ()), ground.held.get(pair, {})
    found: set[Month] = set()
    for start in (one for one in standing if one.report.kind is ReportKind.START):
        allocation = matched(start.report, held, ground.dialect)
        product = allocation.product if allocation else start.report.product
        if ground.products.form(pair[0], product, start.report.begin) is not FormCode.PXQ:
            continue
        ends = [one.report.end for one in standing if one.report.kind is ReportKind.STOP and one.key == start.key]
        last = min((end for end in [*ends, allocation.end if allocation else None] if end), default=date.max)
        month = max(previous.plus(1), Month.of(start.report.begin))
        while month < period and month.last <= last:
            if start.report.begin <= month.first:
                found.add(month)
            month = month.plus(1)
    return found
