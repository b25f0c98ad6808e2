"""Which contract year and forecast somebody looks at, and what of it they may see: asked anew in every callback."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from flask import abort
from sqlalchemy import Engine

from budgets.forecast.store import Frozen, frozen
from budgets.meeting.model import MeetingTables
from budgets.meeting.service import look, tables
from budgets.scenarios.model import Grounds, Scenario
from budgets.scenarios.service import grounds_of
from budgets.use.service import waiting_of
from budgets.use.suppress import is_small
from dash_app.access import MEETING_ROLES, sees_names, viewer
from dash_app.choice import WHAT_IF, Choice, chosen
from lead_contractor.access.hand import Hand
from lead_contractor.access.model import Acting, Role
from lead_contractor.books import accounts
from lead_contractor.kernel.database import reading
from lead_contractor.kernel.periods import Month
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
    made = _tables(looked, looked.standing.as_of)
    if made is None:
        return None
    every = [one for one in (made.products, made.forms, made.subcontractors) if one is not None]
    return None if any(one.suppressed for one in every) else made


def _tables(looked: Looked, day: date) -> MeetingTables | None:
    """The tables of the meeting of the month of a forecast, as this person sees them."""
    seen_by = None if looked.controller else Sight(looked.choice.contract.sees)
    return tables(looked.scope, look(looked.scope, looked.contract_id, Month.of(day), seen_by))


@dataclass(frozen=True, slots=True)
class Closed:
    """What a scenario may not change for this person, because what comes out would tell what the meeting hides.

    Inflow and tariffs work on P×Q and trajectories alone: a scenario less the base is what is to come of the two
    together, to the cent however it is rounded, for the sliders can be moved as often as one likes. Where the meeting
    hides a form, that is a sum that stands nowhere on its page.

    Attributes:
        forms: the forms of financing that the meeting hides; with any, nothing that works on some forms can be moved.
        waiting: too few people wait for their cost to be told.
    """

    forms: frozenset[FormCode] = frozenset()
    waiting: bool = False

    def covers(self, scenario: Scenario) -> bool:
        """Whether a scenario changes what may not be changed."""
        some_forms = scenario.inflow_percent or scenario.index_percent or scenario.moves
        return bool((self.forms and some_forms) or ((self.forms or self.waiting) and scenario.waiting_percent))


def closed(looked: Looked, day: date | None = None) -> Closed:
    """What this person may not change on the forecast of a day; ``None`` is the forecast that is stood on."""
    if looked.controller:
        return Closed()
    as_of = day or looked.standing.as_of
    made = _tables(looked, as_of)
    if made is None:
        return Closed(frozenset(FormCode), waiting=True)
    hidden = {row.code for row in made.forms.rows if row.hidden}
    position = look(looked.scope, looked.contract_id, Month.of(as_of)).position
    waiting = waiting_of(looked.scope, position, None)
    waits = 0 if waiting is None else sum(row.waiting or 0 for row in waiting.rows)
    forms = frozenset(form for form in FormCode if accounts.COST_OF_FORM[form.value] in hidden)
    return Closed(forms or (frozenset(FormCode) if hidden else frozenset()), waiting=is_small(waits))


def must_look(looked: Looked | None) -> Looked:
    """Somebody that acts on a year must have one before them."""
    if looked is None:
        abort(404)
    return looked
