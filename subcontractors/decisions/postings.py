"""What an override books: the refusal is turned back, the line is approved, and what it costs becomes payable."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import func

from lead_contractor.books import accounts
from lead_contractor.books.model import About, Posting
from lead_contractor.books.tables import transfer
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import MONTHS_IN_YEAR, Month
from lead_contractor.kernel.tenancy import Scope
from subcontractors.decisions.model import decision_source
from subcontractors.decisions.store import Refused
from subcontractors.declarations.postings import source_of

Sides = tuple[str, str]
_TURNED: Sides = (accounts.ASSESSMENT, accounts.REJECTED)


def approved_account(line: Refused, year: int) -> str:
    """Where an approved line stands: in time and of the year, of an earlier year, or after the cut-off."""
    if not line.in_time:
        return accounts.APPROVED_AFTER_CUT_OFF
    return accounts.APPROVED_PRIOR_YEAR if line.service_month < str(Month(year, 1)) else accounts.APPROVED


def cost_account(line: Refused, year: int) -> str:
    """Where what an approved line costs stands."""
    if not line.in_time:
        return accounts.COST_AFTER_CUT_OFF
    if line.service_month < str(Month(year, 1)):
        return accounts.COST_PRIOR_YEAR
    return accounts.COST_OTHER_YEAR if line.service_month > str(Month(year, MONTHS_IN_YEAR)) else accounts.COST_PXQ


def _sides(line: Refused, year: int) -> Sequence[Sides]:
    """Debit and credit account of each step, in order."""
    steps: list[Sides] = [_TURNED, (approved_account(line, year), accounts.ASSESSMENT)]
    if line.lines_cost:
        steps.append((cost_account(line, year), accounts.PAYABLE))
    return steps


def override_postings(
    scope: Scope, contract_id: int, decision_id: int, lines: Iterable[Refused], year: int, month: Month
) -> list[tuple[Posting, int | None]]:
    """What letting lines pass books, each with the transfer that it turns back, if any; ``month`` is that of recording.

    Lines of one message about the same agreement, product, area and month are one transfer for each step.
    """
    made: list[tuple[Posting, int | None]] = []
    for (message, about, sides), cents in _summed(lines, year, month).items():
        posting = Posting(*sides, Cents(cents), about, decision_source(decision_id, message), "Besluit op regels")
        made.append((posting, _reversed_id(scope, contract_id, posting, message) if sides == _TURNED else None))
    return made


def withdrawal_postings(
    scope: Scope, contract_id: int, ids: tuple[int, int], lines: Iterable[Refused], year: int, month: Month
) -> list[tuple[Posting, int | None]]:
    """What taking an override back books: the other way round, each naming the transfer that it turns back.

    ``ids`` are those of the withdrawal and of the decision that it withdraws.
    """
    own, withdrawn = ids
    made: list[tuple[Posting, int | None]] = []
    for (message, about, (debit, credit)), cents in _summed(lines, year, month).items():
        source = decision_source(own, message)
        posting = Posting(credit, debit, Cents(cents), about, source, f"Intrekking van besluit {withdrawn}")
        made.append((posting, _reversed_id(scope, contract_id, posting, decision_source(withdrawn, message))))
    return made


def _summed(lines: Iterable[Refused], year: int, month: Month) -> dict[tuple[str, About, Sides], int]:
    sums: dict[tuple[str, About, Sides], int] = {}
    for line in lines:
        about = About(month, Month.parse(line.service_month), line.agreement, line.sender, line.product_code, line.area)
        for sides in _sides(line, year) if line.amount else ():
            key = (source_of(line.sender, line.identification), about, sides)
            sums[key] = sums.get(key, 0) + int(line.amount)
    return sums


def _reversed_id(scope: Scope, contract_id: int, posting: Posting, source: str) -> int | None:
    """The newest transfer of a source that runs the other way with the same dimensions."""
    about = posting.about
    rows = scope.rows(
        scope.select(func.max(transfer.c.id)).where(
            transfer.c.contract_id == contract_id,
            transfer.c.source == source,
            transfer.c.debit_account == posting.credit,
            transfer.c.credit_account == posting.debit,
            transfer.c.agreement == about.agreement,
            transfer.c.product_code == about.product_code,
            transfer.c.area == about.area,
            transfer.c.service_month == str(about.service_month),
        )
    )
    return None if rows[0][0] is None else int(rows[0][0])
