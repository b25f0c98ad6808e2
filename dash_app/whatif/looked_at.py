"""Which contract year and forecast somebody looks at, and what of it they may see: asked anew in every callback."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from flask import abort
from sqlalchemy import Engine

from budgets.forecast.store import Frozen, frozen
from budgets.meeting.model import MeetingTables
from budgets.meeting.service import look, tables
from budgets.scenarios.model import Grounds
from budgets.scenarios.service import grounds_of
from dash_app.access import MEETING_ROLES, sees_names, viewer
from dash_app.choice import WHAT_IF, Choice, chosen
from lead_contractor.access.hand import Hand
from lead_contractor.access.model import Acting, Role
from lead_contractor.kernel.database import reading
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.parties.model import Sight
from lead_contractor.parties.store import subcontractors
from subcontractors.agreements.model import FormCode

PREFIX = WHAT_IF


@dataclass(frozen=True, slots=True)
class Looked:
    """What somebody looks at.

    Attributes:
        person: who looks.
        choice: the contract year, out of those that they may see.
        standing: the frozen forecast that a scenario stands on.
    """

    scope: Scope
    person: Acting
    choice: Choice
    standing: Frozen

    @property
    def contract_id(self) -> int:
        """The contract year."""
        return self.choice.contract.id

    @property
    def party(self) -> str:
        """Whose scenarios this person keeps: empty for the lead contractor."""
        return self.person.party if self.person.role is Role.MUNICIPALITY else ""

    @property
    def controller(self) -> bool:
        """Whether this person sees everything of the lead contractor."""
        return sees_names(self.person)

    @property
    def sees_subcontractors(self) -> bool:
        """Whether this person sees names of subcontractors."""
        return self.controller or Sight(self.choice.contract.sees) is Sight.SUBCONTRACTORS

    @property
    def hand(self) -> Hand:
        """Who writes."""
        return Hand(self.person.user_id, self.person.user_name)

    def grounds(self) -> Grounds:
        """What the year stands on besides its forecast."""
        return grounds_of(self.scope, self.contract_id, self.standing, scenarios=True)


@contextmanager
def looked_at(engine: Engine, search: str | None) -> Iterator[Looked | None]:
    """One moment of the database, and in it what the address chooses; ``None`` where there is nothing to stand on.

    Raises:
        NotFound: the address names a contract that is not theirs, or no month.
    """
    person = viewer(*MEETING_ROLES)
    with reading(engine) as connection:
        scope = Scope(connection, person.lead_contractor_id)
        choice = chosen(scope, person, search)
        standing = None
        if choice is not None:
            day = None if choice.until is None else choice.until.last
            standing = frozen(scope, choice.contract.id, day)
        yield None if choice is None or standing is None else Looked(scope, person, choice, standing)


def movable(looked: Looked) -> Mapping[str, str]:
    """The subcontractors that this person may move away from P×Q, by AGB code with their names.

    For the municipality only those whose money it sees, and only where nothing is hidden: what is hidden because of
    small numbers is not to be computed back from a scenario.
    """
    if not looked.sees_subcontractors:
        return {}
    pxq = {line.key.subcontractor for line in looked.standing.forecast.lines if line.key.form is FormCode.PXQ}
    names = {party.agb: party.name for party in subcontractors(looked.scope, looked.contract_id)}
    if not looked.controller:
        pxq &= _shown(looked)
    return {agb: names.get(agb, agb) for agb in sorted(pxq, key=lambda agb: (names.get(agb, ""), agb))}


def _shown(looked: Looked) -> set[str]:
    """The subcontractors in the table of the meeting; none where any row of its tables is hidden.

    A move tells what a subcontractor's P×Q is expected to come to, to the cent: a sum that stands in no table, of which
    a hidden row may follow.
    """
    made = open_tables(looked)
    return set() if made is None or made.subcontractors is None else {row.code for row in made.subcontractors.rows}


def open_tables(looked: Looked) -> MeetingTables | None:
    """The tables of the meeting as this person sees them; ``None`` where a row of them is hidden, or none are there."""
    seen_by = None if looked.controller else Sight(looked.choice.contract.sees)
    made = tables(looked.scope, look(looked.scope, looked.contract_id, looked.choice.until, seen_by))
    if made is None:
        return None
    every = [one for one in (made.products, made.forms, made.subcontractors) if one is not None]
    return None if any(one.suppressed for one in every) else made


def must_look(looked: Looked | None) -> Looked:
    """Somebody that acts on a year must have one before them."""
    if looked is None:
        abort(404)
    return looked
