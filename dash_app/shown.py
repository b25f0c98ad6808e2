"""What one person sees of a contract year as of a month: every part of the page as values.

The screen draws them, the meeting pack freezes them: both are made here, so that they cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Engine

from budgets.forecast.back_test import BackTest
from budgets.meeting import service, store
from budgets.meeting.ground import Looked
from budgets.meeting.model import Flow, Item, MeetingTables, Pack, Status
from budgets.signals.model import Signal
from budgets.signals.service import of_municipality
from budgets.use.model import WaitingList
from budgets.use.service import waiting_of
from budgets.variance.model import Change
from budgets.year_folder.stored import contract_of
from dash_app.access import sees_names
from dash_app.choice import Choice, chosen
from dash_app.pages import changed, people, proof, record, use, year
from dash_app.pages.parts import Part
from lead_contractor.access.model import Acting, Role
from lead_contractor.contract.model import MeetingTerms
from lead_contractor.kernel.database import reading
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.parties.model import Sight
from lead_contractor.parties.store import subcontractors


@dataclass
class Seen:
    """A contract year as this person may see it; each part is read when it is first asked for."""

    scope: Scope
    person: Acting
    choice: Choice
    looked: Looked

    @property
    def controller(self) -> bool:
        """Whether the person sees names and the way to the postings."""
        return sees_names(self.person)

    @property
    def provider(self) -> bool:
        """Whether the person sees a share of its own and nothing else."""
        return self.person.role is Role.PROVIDER

    @property
    def audience(self) -> str:
        """For whom a pack of this is: everybody of the role sees the same."""
        return self.person.role.value

    @cached_property
    def tables(self) -> MeetingTables | None:
        """Use and forecast by product, form and subcontractor."""
        return service.tables(self.scope, self.looked)

    def as_municipality(self) -> MeetingTables | None:
        """The same as the municipality sees it, whoever looks."""
        contract = self.choice.contract
        looked = service.look(self.scope, contract.id, self.choice.until, Sight(contract.sees))
        return service.tables(self.scope, looked)

    @cached_property
    def before(self) -> MeetingTables | None:
        """The same as of the month before, for what changed most."""
        month = self.looked.position.until
        if month is None:
            return None
        earlier = service.look(
            self.scope, self.choice.contract.id, month.plus(-1), self.looked.seen_by, self.looked.provider
        )
        return service.tables(self.scope, earlier) if earlier.frozen is not None else None

    @cached_property
    def change(self) -> Change | None:
        """Why the forecast changed."""
        return service.change(self.scope, self.looked)

    @cached_property
    def waiting(self) -> WaitingList | None:
        """Who waits."""
        return None if self.provider else waiting_of(self.scope, self.looked.position, self.looked.seen_by)

    @cached_property
    def agreed(self) -> MeetingTerms:
        """What the parties agreed to look at."""
        return contract_of(self.choice.contract).meeting

    @cached_property
    def signals(self) -> tuple[Signal, ...]:
        """The early warnings about the year as a whole, where one looks at the newest month: they are of now."""
        position = self.looked.position
        if self.provider or not position.choices or position.until != position.choices[-1]:
            return ()
        return of_municipality(self.scope, self.choice.contract.id)

    @cached_property
    def flows(self) -> tuple[Flow, ...]:
        """Who came and who left."""
        return service.flows(self.scope, self.looked)

    @cached_property
    def tested(self) -> BackTest | None:
        """The forecasts of before."""
        return service.back_test(self.scope, self.looked)

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """What was decided up to this meeting: that of this month and the one before, and what is not done yet."""
        month = self.looked.position.until
        known = store.items(self.scope, self.choice.contract.id, month)
        if month is None:
            return known
        return tuple(one for one in known if one.month >= month.plus(-1) or one.status is not Status.DONE)

    @cached_property
    def packs(self) -> tuple[Pack, ...]:
        """The packs that were made for this audience."""
        return store.packs(self.scope, self.choice.contract.id, self.audience)

    @cached_property
    def names(self) -> dict[str, str]:
        """The names of subcontractors by AGB code, for who sees lines."""
        if not self.controller:
            return {}
        return {party.agb: party.name for party in subcontractors(self.scope, self.choice.contract.id)}

    def year_parts(self) -> list[Part]:
        """The whole: corridor, what changed, settlement."""
        return [
            year.corridor_part(self.looked),
            changed.changed_part(self.change, self.names),
            year.settlement_part(self.looked, controller=self.controller),
        ]

    def use_parts(self) -> list[Part]:
        """What the money is used for, and for whom."""
        made = self.tables
        if made is None:
            return []
        position = self.looked.position
        parts: list[Part | None] = [
            use.products_part(position, made, controller=self.controller),
            use.subcontractors_part(position, made, controller=self.controller),
            people.financing_part(made, self.agreed)[0],
            people.flows_part(self.flows, made.products),
            None if self.provider else people.waiting_part(self.waiting, self.agreed),
            people.utilisation_part(made.products),
        ]
        return [part for part in parts if part is not None]

    def record_parts(self) -> list[Part]:
        """What was decided, and how good the forecasts were."""
        return [record.items_part(self.items), proof.proof_part(self.tested)]

    def all_parts(self) -> Sequence[Part]:
        """Everything on the page, from top to bottom."""
        if not self.looked.position.recorded:
            return []
        return [*self.year_parts(), *self.use_parts(), *self.record_parts()]


@contextmanager
def seen(engine: Engine, person: Acting, search: str | None) -> Iterator[Seen | None]:
    """One moment of the database, and in it what this person chose to see; ``None`` where there is nothing to see.

    Raises:
        NotFound: the address names a contract that is not theirs, or no month.
    """
    with reading(engine) as connection:
        scope = Scope(connection, person.lead_contractor_id)
        yield seen_in(scope, person, search)


def seen_in(scope: Scope, person: Acting, search: str | None) -> Seen | None:
    """The same, in a transaction that is there."""
    choice = chosen(scope, person, search)
    if choice is None:
        return None
    sight = Sight(choice.contract.sees) if person.role is Role.MUNICIPALITY else None
    provider = person.party if person.role is Role.PROVIDER else ""
    looked = service.look(scope, choice.contract.id, choice.until, sight, provider)
    return Seen(scope, person, choice, looked)
