"""A contract in a database for the check engine, and what became of the messages that it took in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import Connection

from lead_contractor.allocation.store import save_allocations
from lead_contractor.clients.store import ClientIndex
from lead_contractor.contract.tables import contract
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from lead_contractor.parties.tables import lead_contractor
from subcontractors.agreements.store import save_agreements, save_tariffs
from subcontractors.agreements.weeks import limit_over_term
from subcontractors.declarations.checks import codes_of
from subcontractors.declarations.intake import Intake, take_in
from subcontractors.declarations.model import Status
from subcontractors.declarations.store import Head
from subcontractors.declarations.tables import declaration_line
from tests.subcontractors.declarations.oracle import LineVerdict, Verdict, World

KEY = bytes(range(32))
MOMENT = datetime(2026, 6, 30, 12, tzinfo=UTC)
LEAD_AGB = "42420001"

Files = Iterable[tuple[str, bytes]]


def tenant(connection: Connection, agb: str = LEAD_AGB) -> Scope:
    """A new lead contractor."""
    made = connection.execute(lead_contractor.insert().values(agb=agb, name="Voorbeeld Hoofdaannemer"))
    assert made.inserted_primary_key is not None
    return Scope(connection, int(made.inserted_primary_key[0]))


class Books:
    """One contract of one lead contractor, open for messages."""

    def __init__(self, scope: Scope, world: World, contract_id: int = 1) -> None:
        self.scope, self.contract_id = scope, contract_id
        self.vault = Vault(KEY, scope.lead_contractor_id)
        self.intake = Intake(contract_id, 2025, "1911", world.cut_off, world.corrections_until)
        self._save_contract()
        save_agreements(scope, contract_id, world.agreements, {one.id: "" for one in world.agreements})
        save_tariffs(scope, contract_id, world.tariffs)
        save_allocations(
            scope,
            contract_id,
            world.allocations,
            ClientIndex(scope, self.vault),
            lambda a: limit_over_term(a.volume, a.unit, a.frequency, a.category, a.start, a.end),
        )

    def _save_contract(self) -> None:
        row = {
            "id": self.contract_id,
            "code": f"HK-{self.contract_id}",
            "year": self.intake.year,
            "municipality_code": self.intake.municipality,
            "municipality_name": "Hollands Kroon",
            "sees": "products",
            "terms": "",
            "content_hash": "",
            "loaded_at": MOMENT,
        }
        self.scope.insert(contract, [row])

    def take_in(self, files: Files) -> list[Verdict]:
        """What becomes of messages, in the order of processing."""
        taken = take_in(self.scope, self.vault, self.intake, files, MOMENT)
        return [self._verdict(head) for head in taken.heads]

    def _verdict(self, head: Head) -> Verdict:
        assessed = head.assessed and head.status is Status.ANSWERED
        return Verdict(
            head.status.value,
            head.message_codes,
            head.declaration_codes,
            head.submitted,
            head.granted,
            self.lines(head.id) if assessed else (),
        )

    def lines(self, message_id: int) -> tuple[LineVerdict, ...]:
        """The judged lines of a message as they are stored."""
        statement = (
            self.scope.select(declaration_line)
            .where(declaration_line.c.contract_id == self.contract_id, declaration_line.c.message_id == message_id)
            .order_by(declaration_line.c.position)
        )
        return tuple(
            LineVerdict(row.reference, codes_of(row.codes), row.in_time if row.codes == 0 else None)
            for row in self.scope.rows(statement)
        )
