"""Running a correction through the very engine that judges what providers send, and only what it accepts.

A credit is never kept without the debit that takes its place: where the engine refuses the new debit (the budget of the
allocation is used up, say), the line is left as it is and named. Trying and doing are the same code; a trial is rolled
back to a savepoint.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from lead_contractor.clients.store import bsns
from lead_contractor.kernel.refusals import Conflict
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from subcontractors.corrections.messages import Made, free_series, messages
from subcontractors.corrections.model import Change, Kind
from subcontractors.corrections.store import used_names
from subcontractors.declarations.checks import codes_of
from subcontractors.declarations.intake import Intake, take_in
from subcontractors.declarations.model import Channel, Status
from subcontractors.declarations.tables import declaration_line, message


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run did: the changes that the engine accepted, those that it refuses, and the messages it made."""

    changes: tuple[Change, ...]
    blocked: tuple[Change, ...]
    messages: tuple[int, ...]


def run(
    scope: Scope,
    vault: Vault,
    intake: Intake,
    kind: Kind,
    number: int,
    changes: Sequence[Change],
    day: date,
    at: datetime,
    *,
    keep: bool,
) -> Ran:
    """Take the changes in as declarations of their senders, received on ``day``.

    Args:
        scope: the lead contractor, in a writing transaction.
        vault: its keys.
        intake: the contract.
        kind: what is corrected.
        number: the number of the correction, which stands in its references.
        changes: what is to become of each line.
        day: the day of receipt.
        at: the moment.
        keep: whether it is done, or only tried.

    Raises:
        Conflict: a message as a whole is refused.
    """
    left, blocked = tuple(changes), list[Change]()
    while left:
        trial = scope.connection.begin_nested()
        try:
            taken, refused = _take_in(scope, vault, intake, kind, number, left, day, at)
        except BaseException:
            trial.rollback()
            raise
        if not refused:
            if keep:
                trial.commit()
            else:
                trial.rollback()
            return Ran(left, tuple(blocked), tuple(taken) if keep else ())
        trial.rollback()
        blocked += [replace(change, codes=refused[change.line.id]) for change in left if change.line.id in refused]
        left = tuple(change for change in left if change.line.id not in refused)
    return Ran((), tuple(blocked), ())


def _take_in(
    scope: Scope,
    vault: Vault,
    intake: Intake,
    kind: Kind,
    number: int,
    changes: Sequence[Change],
    day: date,
    at: datetime,
) -> tuple[list[int], dict[int, tuple[str, ...]]]:
    """Take everything in; returns the messages, and per line that cannot be corrected the return codes."""
    made = _messages(scope, vault, intake, kind, number, changes, day)
    files = [(f"correctie-{one.identification}.xml", one.content) for _, one in made]
    heads = take_in(scope, vault, intake, files, at, received=day).heads
    by_name = {(sender, one.identification): one for sender, one in made}
    refused: dict[int, tuple[str, ...]] = {}
    for head in heads:
        if head.status is not Status.ANSWERED or not head.assessed:
            faults = " ".join(str(fault) for fault in head.came.faults[:3]) or ", ".join(head.message_codes)
            raise Conflict(f"De correctie kan niet worden verwerkt: {faults}")
        scope.update(message, {"id": head.id}, channel=Channel.CORRECTION.value)
        owners = by_name[head.came.sender or "", head.came.identification or ""].changes
        for reference, codes in _refused(scope, intake.contract_id, head.id):
            line = owners[reference].line.id
            refused[line] = tuple(dict.fromkeys((*refused.get(line, ()), *codes)))
    return [head.id for head in heads], refused


def _messages(
    scope: Scope, vault: Vault, intake: Intake, kind: Kind, number: int, changes: Sequence[Change], day: date
) -> list[tuple[str, Made]]:
    known = bsns(scope, vault, {change.line.client_id for change in changes})
    own: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        own[change.line.sender].append(change)
    found = []
    for sender, of_sender in sorted(own.items()):

        def used(prefix: str, sender: str = sender) -> set[str]:
            return used_names(scope, intake.contract_id, sender, prefix)

        series = free_series(kind, number, used)
        found += [(sender, one) for one in messages(of_sender, series, intake.municipality, day, known)]
    return found


def _refused(scope: Scope, contract_id: int, message_id: int) -> list[tuple[str, tuple[str, ...]]]:
    rows = scope.rows(
        scope.select(declaration_line.c.reference, declaration_line.c.codes).where(
            declaration_line.c.contract_id == contract_id,
            declaration_line.c.message_id == message_id,
            declaration_line.c.codes != 0,
        )
    )
    return [(row.reference, codes_of(int(row.codes))) for row in rows]
