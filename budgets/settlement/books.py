"""Everything that can be proved of a contract year, in one go: books, lines and the newest settlement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, func

from budgets.settlement.prove import prove
from budgets.settlement.store import StoredSettlement, latest
from lead_contractor.books.prove import check_books
from lead_contractor.books.tables import balance, transfer
from lead_contractor.kernel.refusals import BooksDiffer
from lead_contractor.kernel.tenancy import Scope
from subcontractors.declarations.prove import check_lines
from subcontractors.declarations.tables import declaration_line
from subcontractors.payments.prove import check_payments


@dataclass(frozen=True, slots=True)
class Proved:
    """What was proved (Dutch) and of how many; a count of 0 proves nothing."""

    count: int
    what: str

    def __str__(self) -> str:
        return f"{self.count:,}".replace(",", ".") + f" {self.what}"


def check_contract(scope: Scope, contract_id: int) -> tuple[Proved, ...]:
    """Prove books, lines and the newest settlement of a contract year.

    Something may have been booked after a settlement that is not final. Where the books then no longer say what it
    says, that is no difference: the result names it with count 0, to be settled anew.

    Raises:
        BooksDiffer: something differs; the text names the first difference.
        NotFound: this lead contractor has no such contract.
    """
    check_books(scope, contract_id)
    check_lines(scope, contract_id)
    paid = check_payments(scope, contract_id)
    found = [
        Proved(_count(scope, transfer, contract_id), "boekingen, alle op rekeningen uit het schema"),
        Proved(_count(scope, balance, contract_id), "saldi, elk de som van zijn boekingen"),
        Proved(
            _count(scope, transfer, contract_id, transfer.c.reverses_id.is_not(None)),
            "omkeringen, elk van een boeking met dezelfde twee rekeningen",
        ),
        Proved(_count(scope, declaration_line, contract_id), "declaratieregels, per bericht gelijk aan de boekingen"),
    ]
    if paid:
        found.append(Proved(paid, "posten van uitgevoerde betalingen, elk gelijk aan de boekingen"))
    standing = latest(scope, contract_id)
    if standing is not None:
        found.append(_settlement(scope, contract_id, standing))
    return tuple(found)


def _settlement(scope: Scope, contract_id: int, standing: StoredSettlement) -> Proved:
    try:
        prove(scope, contract_id, standing.result)
    except BooksDiffer:
        last = _last_booked(scope, contract_id)
        if standing.final or last is None or last <= standing.made_at:
            raise
        said = f"afrekeningen: na versie {standing.version} is nog geboekt, reken het jaar opnieuw af"
        return Proved(0, said)
    return Proved(1, f"afrekening (versie {standing.version}), rekening voor rekening gelijk aan de boeken")


def _count(scope: Scope, table: Table, contract_id: int, *conditions: Any) -> int:
    statement = scope.select(func.count()).select_from(table).where(table.c.contract_id == contract_id, *conditions)
    return int(scope.rows(statement)[0][0])


def _last_booked(scope: Scope, contract_id: int) -> datetime | None:
    rows = scope.rows(scope.select(func.max(transfer.c.booked_at)).where(transfer.c.contract_id == contract_id))
    found: datetime | None = rows[0][0]
    return found
