"""The small example year with limits in its contract, and the ordinary ways to run into one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import Engine

from budgets.limits import service, store
from budgets.limits.model import Case, Deed, Pass
from budgets.year_folder.service import load
from lead_contractor.access.hand import Hand
from lead_contractor.contract.model import LimitKind
from lead_contractor.kernel.database import writing
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from subcontractors.chain import service as chain
from subcontractors.chain.model import Asked, AskedProduct, Product, Size
from subcontractors.chain.parts import Card
from tests.klein import AT, FOLDER, MASTER_KEY

CARLA, DIRK = Hand(1, "Carla"), Hand(2, "Dirk")
BAARDMANNETJE, CLIENT, OTHER_CLIENT = "99990102", "999900006", "999900031"
NOW = datetime(2025, 9, 1, 9, tzinfo=UTC)
DAY = NOW.date()
WELZIJNSWERK = "99990104"
"""Has a lump sum of 24,000.00 in equal months of 2,000.00."""
REQUEST = Case(Deed.ALLOCATION, "7")
HOME = Card(date(1967, 8, 13), "1", "Wit", house_number="1", postcode="1234AB", town="Kwelderdam")


def limit(kind: str, action: str, at_percent: str = "100", may_pass: str = "") -> str:
    """A limit as the contract has it."""
    passer = f'\nmay_pass = "{may_pass}"' if may_pass else ""
    return f'\n[[budget.limit]]\nkind = "{kind}"\nat_percent = "{at_percent}"\naction = "{action}"{passer}\n'


@dataclass(frozen=True)
class Year:
    """A loaded year."""

    engine: Engine
    lead: int
    contract: int

    @contextmanager
    def writing(self) -> Iterator[Scope]:
        with writing(self.engine) as connection:
            yield Scope(connection, self.lead)

    def allocate(
        self, by: Hand = CARLA, reason: str = "", hours: int | None = 10, subject: str = "7", client: str = CLIENT
    ) -> list[str]:
        """Allocate hours of 02A05 a month, from September up to and including December; gives the warnings."""
        said: list[str] = []

        def check(scope: Scope, contract_id: int, numbers: Sequence[str]) -> None:
            case = Case(Deed.ALLOCATION, subject)
            said.extend(service.check_allocations(scope, contract_id, numbers, case, by, DAY, NOW, reason=reason))

        size = None if hours is None else Size(hours, "04", "4")
        wanted = AskedProduct(Asked.REQUESTED, "", Product("02", "02A05"), date(2025, 9, 1), date(2025, 12, 31), size)
        with self.writing() as scope:
            vault = Vault(MASTER_KEY, self.lead)
            chain.allocate(
                scope, vault, self.contract, client, BAARDMANNETJE, wanted, HOME, NOW, after_allocating=check
            )
        return said

    def passed(self, most: int, by: Hand = CARLA, kind: LimitKind = LimitKind.PRODUCT, which: str = "02A05",
               case: Case = REQUEST) -> Pass:  # fmt: skip
        """Let a case pass."""
        with self.writing() as scope:
            return service.give_pass(
                scope, self.contract, (kind, which), case, Cents(most), "Spoed, met de gemeente besproken", by, NOW
            )

    def passes(self) -> tuple[Pass, ...]:
        """What was let pass, the newest first."""
        with self.writing() as scope:
            return store.passes(scope, self.contract)

    def allocations(self) -> int:
        """How many allocations there are."""
        with self.writing() as scope:
            found = scope.sql("SELECT COUNT(*) FROM allocation WHERE lead_contractor_id = :lead")
            return int(found.scalar_one())


def year_with(engine: Engine, place: Path, *limits: str) -> Year:
    """The example with these limits."""
    shutil.copytree(FOLDER, place)
    terms = place / "contract.toml"
    terms.write_text(terms.read_text() + "".join(limits))
    loaded = load(engine, MASTER_KEY, place, AT)
    return Year(engine, loaded.lead_contractor_id, loaded.contract_id)
