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
from budgets.use import store as uses
from budgets.use.cells import Cell, Cover
from budgets.use.model import RowKind
from budgets.use.standing import FORM_ACCOUNTS
from lead_contractor.books import accounts
from lead_contractor.books.store import account_balance
from lead_contractor.kernel.database import reading
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.parties.model import Sight
from subcontractors.agreements.model import FormCode
from tests.klein import loaded_year

MONTHS = [Month(2025, 1).plus(number) for number in range(15)]
BY_PERSON = (accounts.COST_PXQ, accounts.COST_TRAJECTORY)
FEW = 10
KEYS = {"products": product_key, "forms": form_key, "subcontractors": subcontractor_key}
Atom = tuple[Cell, Month]


def shown_in(service: str, recorded: str) -> Month:
    """The month up to which one has to look to see an amount."""
    month = max(Month(2025, 1), Month.parse(service)) if service else Month(2025, 1)
    return max(Month.parse(recorded), month if month.number == 1 else month.plus(1))


class Truth:
    """The amounts and the people by cell and month in which they come to show, from the books and the lines."""

    def __init__(self, scope: Scope) -> None:
        covers = {code: Cover(sub, FormCode(form), made) for code, (sub, form, made) in uses.covers(scope, 1).items()}
        self.amounts: dict[Atom, int] = defaultdict(int)
        self.people: dict[Atom, set[int]] = defaultdict(set)
        dimensions = ("product_code", "subcontractor", "agreement", "service_month", "recorded_month")
        booked = account_balance(scope, 1, FORM_ACCOUNTS, *dimensions)
        for (account, product, subcontractor, agreement, service, recorded), cents in booked.items():
            row = covers[agreement].row_of(product) if agreement in covers else product
            self.amounts[Cell(row, subcontractor, account), shown_in(service, recorded)] += int(cents)
        for line in scope.sql(
            "SELECT l.sender, l.agreement, l.product_code, l.client_id, l.service_month, "
            "SUBSTR(CAST(m.received AS VARCHAR(10)), 1, 7) AS received FROM declaration_line AS l "
            "JOIN message AS m ON m.lead_contractor_id = :lead AND m.id = l.message_id "
            "WHERE l.lead_contractor_id = :lead AND l.assessed AND l.codes = 0 AND l.in_time "
            "AND l.service_month LIKE '2025-%'"
        ):
            cover = covers[line.agreement]
            cell = Cell(cover.row_of(line.product_code), line.sender, cover.account)
            self.people[cell, shown_in(line.service_month, line.received)].add(int(line.client_id))

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
        for month in MONTHS:
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
        for after, until in itertools.combinations([None, *MONTHS], 2):
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
