"""The small example year with two controllers, and the ordinary steps of paying it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Engine

from budgets.settlement.books import check_contract
from budgets.settlement.service import settle_contract
from lead_contractor.access.hand import Hand
from lead_contractor.books import accounts
from lead_contractor.books.store import account_total
from lead_contractor.kernel.database import writing
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.tenancy import Scope
from subcontractors.payments import service
from subcontractors.payments.model import Run

CARLA, DIRK = Hand(1, "Carla"), Hand(2, "Dirk")
AT = datetime(2026, 6, 20, 9, 30, tzinfo=UTC)
TODAY = date(2026, 6, 20)


@dataclass(frozen=True)
class Year:
    """A loaded year to pay."""

    engine: Engine
    lead: int
    contract: int

    @contextmanager
    def writing(self) -> Iterator[Scope]:
        with writing(self.engine) as connection:
            yield Scope(connection, self.lead)

    def proposed(self, until: date = TODAY, by: Hand = CARLA, **more: object) -> Run:
        with self.writing() as scope:
            return service.propose_run(scope, self.contract, until, by, AT, **more)  # type: ignore[arg-type]

    def approved(self, **more: object) -> Run:
        run = self.proposed(**more)  # type: ignore[arg-type]
        with self.writing() as scope:
            return service.approve_run(scope, run.id, DIRK, AT)

    def executed(self, **more: object) -> Run:
        run = self.approved(**more)
        with self.writing() as scope:
            return service.execute_run(scope, run.id, TODAY, CARLA, AT)

    def booked(self, account: str) -> Cents:
        with self.writing() as scope:
            return account_total(scope, self.contract, account)

    def proved(self) -> list[str]:
        """Books, lines, payments and a settlement made anew: all of it is proved, or this raises."""
        with self.writing() as scope:
            settle_contract(scope, self.contract, AT)
            return [str(one) for one in check_contract(scope, self.contract)]

    def left(self) -> Cents:
        """What stands on payable."""
        return self.booked(accounts.PAYABLE)
