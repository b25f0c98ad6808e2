"""Messages and their answers as the provider sees them: BSNs by client, own marks, what was taken back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from lead_contractor.clients.store import bsns
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from subcontractors.declarations.answers import LineAnswer, MessageAnswer, answers
from subcontractors.declarations.listing import verdicts
from subcontractors.declarations.model import Status
from subcontractors.declarations.store import Head
from subcontractors.iwmo.model import StartReport, StopReport
from subcontractors.portal import marks
from subcontractors.portal.model import (
    DECLARATION,
    START,
    STOP,
    Provider,
    ShownLine,
    ShownReport,
    Verdict,
    Year,
    masked,
)

_WITHDRAWN = "3"


def shown_verdicts(scope: Scope, vault: Vault, who: Provider, year: Year, heads: Sequence[Head]) -> Iterator[Verdict]:
    """What became of messages just taken in, in the order of processing."""
    of = {head.id: head for head in heads}
    found = answers(scope, year.contract_id, only=list(of), kinds=(DECLARATION, START, STOP, ""), fresh=True)
    known = bsns_of(scope, vault, found)
    own = marks.known(scope, vault, who.agb)
    judged = {(int(row.message_id), row.position): tuple(row.codes or ()) for row in verdicts(scope, list(of))}
    for one in found:
        head = of[one.id]
        reports: tuple[StartReport | StopReport, ...] = (*head.came.starts, *head.came.stops)
        shown = shown_verdict(
            one,
            known,
            head.came.kind,
            tuple(
                _report(report, judged.get((one.id, position), ())) for position, report in enumerate(reports, start=1)
            ),
        )
        yield recognised(replace(shown, remarks=head.came.remarks), one, own, ())


def bsns_of(scope: Scope, vault: Vault, found: Iterable[MessageAnswer]) -> dict[int, str]:
    """The BSNs of the clients in answers, by client."""
    return bsns(scope, vault, {line.client_id for one in found for line in one.lines})


def shown_verdict(
    one: MessageAnswer, known: Mapping[int, str], kind: str, reports: tuple[ShownReport, ...] = ()
) -> Verdict:
    """An answer as its provider sees it."""
    return Verdict(
        id=one.id,
        kind=kind,
        file=one.file,
        channel=one.channel,
        status=one.status,
        number=one.number or "",
        identification=one.identification or "",
        period=None if one.period is None else Month.parse(one.period),
        received=one.received,
        codes=(*_own_codes(one), *one.declaration_codes),
        faults=one.faults,
        submitted=one.submitted,
        granted=one.granted,
        lines=tuple(_line(line, known[line.client_id]) for line in one.lines),
        reports=reports,
    )


def recognised(shown: Verdict, one: MessageAnswer, known: Mapping[int, str], undone: Collection[int]) -> Verdict:
    """The same with the provider's own mark of each client, and what a credit took back."""
    lines = tuple(
        replace(line, mark=known.get(answer.client_id, ""), undone=answer.id in undone, position=position)
        for position, (line, answer) in enumerate(zip(shown.lines, one.lines, strict=True), start=1)
    )
    return replace(shown, lines=lines)


def _own_codes(one: MessageAnswer) -> tuple[str, ...]:
    """The return codes of an answered message; those of one refused for its content are told by its faults."""
    return one.message_codes if one.status is Status.ANSWERED else ()


def _line(line: LineAnswer, bsn: str) -> ShownLine:
    return ShownLine(
        reference=line.reference,
        previous_reference=line.previous_reference,
        bsn=bsn,
        allocation=line.allocation,
        category=line.category,
        product_code=line.product_code,
        period_from=line.period_from,
        period_to=line.period_to,
        volume=line.volume,
        unit=line.unit,
        tariff=line.tariff,
        amount=line.amount,
        credit=line.credit,
        codes=line.codes,
        id=line.id,
    )


def _report(report: StartReport | StopReport, codes: tuple[str, ...]) -> ShownReport:
    return ShownReport(
        masked=masked(report.bsn),
        allocation=report.allocation,
        product_code=report.product_code or report.category,
        begin=report.begin,
        end=report.end if isinstance(report, StopReport) else None,
        withdrawn=report.status == _WITHDRAWN,
        codes=codes,
    )
