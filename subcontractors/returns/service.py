"""Use cases of short returns: hand them in by form, file or interface, and see which are due.

A later return replaces an earlier one; every version stays. What holds is what agreements realised, exactly as a row
of ``realised.csv`` is (see :func:`subcontractors.agreements.store.realised_of`). Whoever calls :func:`submit` brings
the books in line in the same transaction, as after an intake.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from lead_contractor.kernel.findings import Finding
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.refusals import Conflict, Unsound
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.store import realised_of
from subcontractors.returns import store
from subcontractors.returns.model import FIELDS, Answer, Asked, Channel, Due, Stored, Values, Written
from subcontractors.returns.reader import read_returns
from subcontractors.returns.rules import finding, judge, missing

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_THREE = re.compile(r"[0-9]+\.[0-9]{3}")


def submit(
    scope: Scope,
    contract_id: int,
    subcontractor: str,
    month: str | Month,
    values: Mapping[str, Mapping[str, str]],
    at: datetime,
    by: str,
    *,
    dry_run: bool = False,
    channel: Channel = Channel.FORM,
) -> tuple[Answer, ...]:
    """Hand in the returns of one month.

    Args:
        scope: the lead contractor, in a writing transaction.
        contract_id: the contract year.
        subcontractor: the AGB code of who returns; of others nothing is known here.
        month: which month, ``YYYY-MM`` as text.
        values: per agreement the texts of ``fte``, ``hours`` and ``occupancy_percent``; what is left out is empty.
        at: the moment.
        by: who handed them in, as it is kept with the version.
        dry_run: whether nothing is to be stored; the answer is the same.
        channel: how it came in.

    Raises:
        NotFound: there is no such contract.
        Conflict: the year is settled for good.
    """
    lines = [
        Written(
            agreement,
            str(month).strip(),
            own.get("fte", ""),
            own.get("hours", ""),
            own.get("occupancy_percent", ""),
        )
        for agreement, own in values.items()
    ]
    return submit_lines(scope, contract_id, subcontractor, lines, at, by, dry_run=dry_run, channel=channel)


def submit_file(
    scope: Scope,
    contract_id: int,
    subcontractor: str,
    name: str,
    content: bytes,
    at: datetime,
    by: str,
    *,
    dry_run: bool = False,
) -> tuple[Answer, ...]:
    """Hand in the returns of a CSV file or workbook, of any months; as :func:`submit`, line by line.

    Raises:
        Unsound: the file cannot be read as a whole.
        NotFound: there is no such contract.
        Conflict: the year is settled for good.
    """
    channel, lines, refused = read_returns(name, content)
    if refused is not None:
        raise Unsound([refused])
    return submit_lines(scope, contract_id, subcontractor, lines, at, by, dry_run=dry_run, channel=channel)


def submit_lines(
    scope: Scope,
    contract_id: int,
    subcontractor: str,
    lines: Sequence[Written],
    at: datetime,
    by: str,
    *,
    dry_run: bool = False,
    channel: Channel = Channel.API,
) -> tuple[Answer, ...]:
    """Hand in lines; each is taken or refused by itself, and one that says nothing new is stored no second time.

    Raises:
        NotFound: there is no such contract.
        Conflict: the year is settled for good.
    """
    scope.lock()
    if store.contract_row(scope, contract_id).final_at is not None:
        raise Conflict("Dit contractjaar is definitief afgerekend; er komt geen opgave meer bij.")
    asked = store.asked(scope, contract_id, subcontractor)
    standing = store.latest(scope, contract_id)
    if channel is Channel.API:
        lines = [_plainly(line) for line in lines]
    answers = _judged(lines, asked, standing, at.astimezone(AMSTERDAM).date())
    if not dry_run:
        store.save(scope, contract_id, (_version(one, standing, at, by, channel) for one in answers if one.changed))
    return tuple(answers)


def due(scope: Scope, contract_id: int, subcontractor: str, today: date) -> tuple[Due, ...]:
    """The months that have passed and of which a value that the agreement asks is missing; the oldest first."""
    known = {(row.agreement, row.month): row for row in realised_of(scope, contract_id)}
    found = []
    for one in store.asked(scope, contract_id, subcontractor).values():
        for month in one.months:
            row = known.get((one.agreement, month))
            values = Values() if row is None else Values(row.fte, row.hours, row.occupancy_percent)
            lacking = missing(one, month, values, today)
            if lacking is not None:
                found.append(lacking)
    return tuple(sorted(found, key=lambda one: (one.month, one.agreement)))


def asked(scope: Scope, contract_id: int, subcontractor: str) -> tuple[Asked, ...]:
    """The agreements of a subcontractor that ask for a return, with months and values: what a form has to show."""
    return tuple(store.asked(scope, contract_id, subcontractor).values())


def history(scope: Scope, contract_id: int, subcontractor: str) -> tuple[Stored, ...]:
    """Every version of the returns of a subcontractor, the oldest first."""
    own = store.asked(scope, contract_id, subcontractor)
    return tuple(store.versions(scope, contract_id, own))


def _plainly(line: Written) -> Written:
    """Numbers of the interface have a decimal point and no other sign, so that three decimals are no thousands."""
    fte, hours, occupancy = (
        f"{text}0" if _THREE.fullmatch(text := getattr(line, name).strip()) else text for name in FIELDS
    )
    return replace(line, fte=fte, hours=hours, occupancy_percent=occupancy)


def _judged(
    lines: Sequence[Written], asked: Mapping[str, Asked], standing: Mapping[tuple[str, Month], Stored], today: date
) -> list[Answer]:
    answers = []
    seen: set[tuple[str, str]] = set()
    for line in lines:
        values, found = judge(line, asked, today)
        if (line.agreement, line.month) in seen:
            values, found = None, (*found, _twice(line))
        seen.add((line.agreement, line.month))
        changed = values is not None and _new(values, standing.get((line.agreement, Month.parse(line.month))))
        answers.append(Answer(line.row, line.agreement, line.month, values, found, changed))
    return answers


def _twice(line: Written) -> Finding:
    text = f"Afspraak {line.agreement[:60]} en maand {line.month[:7]} staan er meer dan eens in."
    return finding("TWICE", line, text, "Laat één regel over.", "month")


def _new(values: Values, standing: Stored | None) -> bool:
    return standing is None or standing.values != values


def _version(
    one: Answer, standing: Mapping[tuple[str, Month], Stored], at: datetime, by: str, channel: Channel
) -> Stored:
    assert one.values is not None
    month = Month.parse(one.month)
    before = standing.get((one.agreement, month))
    version = 1 if before is None else before.version + 1
    return Stored(one.agreement, month, version, one.values, channel, at, by)
