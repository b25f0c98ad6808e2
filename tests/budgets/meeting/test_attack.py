"""A municipality that asks for every month and subtracts: what few people stand behind does not come out."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Hashable

import numpy as np
import pytest
from sqlalchemy import Engine

from budgets.meeting.model import MeetingTable, MeetingTables
from budgets.meeting.rows import form_key, product_key, subcontractor_key
from budgets.meeting.service import look, tables
from budgets.use.cells import Cell
from budgets.use.model import RowKind
from lead_contractor.books import accounts
from lead_contractor.kernel.database import reading
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.parties.model import Sight
from tests.budgets.meeting.truth import BY_PERSON, FEW, LOOKS, amounts_booked, lines_that_count, shown_in
from tests.klein import loaded_year

KEYS = {"products": product_key, "forms": form_key, "subcontractors": subcontractor_key}
Atom = tuple[Cell, Month]


class Truth:
    """The amounts and the people by cell and month in which they come to show, from the books and the lines."""

    def __init__(self, scope: Scope) -> None:
        self.amounts: dict[Atom, int] = defaultdict(int)
        self.people: dict[Atom, set[int]] = defaultdict(set)
        for cell, service, recorded, cents in amounts_booked(scope):
            self.amounts[cell, shown_in(service, recorded)] += cents
        for cell, service, received, client in lines_that_count(scope):
            self.people[cell, shown_in(service, received)].add(client)

    def of(self, what: str, key: Hashable, after: Month | None, until: Month) -> frozenset[Atom]:
        """The atoms of a row between two looks."""
        return frozenset(
            atom
            for atom, cents in self.amounts.items()
            if cents and KEYS[what](atom[0]) == key and (after is None or atom[1] > after) and atom[1] <= until
        )

    def behind(self, what: str, key: Hashable, after: Month | None, until: Month) -> int:
        """How many people stand behind the same."""
        return len(
            set().union(
                *(
                    who
                    for (cell, month), who in self.people.items()
                    if KEYS[what](cell) == key and (after is None or month > after) and month <= until
                )
            )
        )


def parts_of(seen: MeetingTables) -> dict[str, MeetingTable]:
    found = {"products": seen.products, "forms": seen.forms}
    return found if seen.subcontractors is None else {**found, "subcontractors": seen.subcontractors}


class Attacker:
    """All sums that were told, over amounts that are not known."""

    def __init__(self, told: list[frozenset[Atom]]) -> None:
        atoms = sorted({atom for one in told for atom in one}, key=str)
        self._place = {atom: number for number, atom in enumerate(atoms)}
        known = np.array([self._vector(one) for one in told])
        _, sizes, rows = np.linalg.svd(known, full_matrices=False)
        self._basis = rows[sizes > 1e-9]

    def _vector(self, one: frozenset[Atom]) -> np.ndarray:
        found = np.zeros(len(self._place))
        for atom in one:
            found[self._place[atom]] = 1.0
        return found

    def finds(self, secret: frozenset[Atom]) -> bool:
        wanted = self._vector(secret)
        return bool(np.abs(wanted - self._basis.T @ (self._basis @ wanted)).max() < 1e-7)


@pytest.mark.parametrize("sees", list(Sight))
def test_no_month_less_another_tells_of_few(engine: Engine, sees: Sight) -> None:
    loaded_year(engine)
    told: list[frozenset[Atom]] = []
    totals: list[frozenset[Atom]] = []
    rows: set[tuple[str, Hashable]] = set()
    with reading(engine) as connection:
        scope = Scope(connection, 1)
        truth, shown = Truth(scope), 0
        for month in LOOKS:
            seen = tables(scope, look(scope, 1, month, sees))
            if seen is None:
                continue
            everything = frozenset(atom for atom, cents in truth.amounts.items() if cents and atom[1] <= month)
            assert sum(truth.amounts[atom] for atom in everything) == seen.forms.used, month
            totals.append(everything)
            for what, table in parts_of(seen).items():
                for row in table.rows:
                    if row.kind is RowKind.OWN or row.code == accounts.COST_PRIOR_YEAR:
                        continue
                    which = (row.kind, row.code)
                    rows.add((what, which))
                    atoms = truth.of(what, which, None, month)
                    if row.used is not None and atoms:
                        assert sum(truth.amounts[atom] for atom in atoms) == row.used, (what, which, month)
                        told.append(atoms)
                        shown += 1
    assert shown > 60, "there is something to subtract"
    attacker, who_sees_totals = Attacker([*totals, *told]), Attacker(totals)
    tried = 0
    for what, key in sorted(rows, key=str):
        for after, until in itertools.combinations([None, *LOOKS], 2):
            assert until is not None
            secret = truth.of(what, key, after, until)
            moved = frozenset(atom for atom in secret if atom[0].account in BY_PERSON)
            if not sum(truth.amounts[atom] for atom in moved) or truth.behind(what, key, after, until) >= FEW:
                continue
            if who_sees_totals.finds(secret):
                continue  # what the whole year differs is told to everybody
            tried += 1
            assert not attacker.finds(secret), (what, key, str(after), str(until))
    assert tried > 20, "there are secrets to find"
