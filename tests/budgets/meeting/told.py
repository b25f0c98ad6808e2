"""All that a municipality is told of the small year, as sums over amounts that it does not know; and who does algebra.

An amount that it does not know is an atom: what was recorded in one month over one service month in one cell of the
books; and what a forecast still expects of a cell and a service month, as declarations over months that are over or as
care to come. Where a forecast says of these what the one before said, the atom is the same: everybody may know that.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from budgets.forecast.model import Forecast
from budgets.forecast.store import all_frozen
from budgets.meeting.rows import form_key, product_key, subcontractor_key
from budgets.use.cells import AHEAD, Cell
from lead_contractor.books import accounts
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope
from tests.budgets.meeting.truth import BY_PERSON, FEW, LOOKS, amounts_booked, covers_of, lines_that_count, shown_in

YEAR = LOOKS[:12]
KEYS: Mapping[str, Callable[[Cell], Hashable]] = {
    "products": product_key,
    "forms": form_key,
    "subcontractors": subcontractor_key,
}
Sum = Mapping[Hashable, int]
"""How often each atom is in it."""


def plus(*sums: Sum, times: int = 1) -> dict[Hashable, int]:
    """Sums added up; ``times`` -1 takes all but the first off it."""
    found: dict[Hashable, int] = defaultdict(int)
    for place, one in enumerate(sums):
        for atom, count in one.items():
            found[atom] += count if not place else times * count
    return {atom: count for atom, count in found.items() if count}


def less(one: Sum, other: Sum) -> dict[Hashable, int]:
    """A sum less another."""
    return plus(one, other, times=-1)


@dataclass(frozen=True, slots=True)
class Booked:
    """An atom of the books: a cell, the service month under which it counts, the month in which it was recorded."""

    cell: Cell
    service: Month
    recorded: Month

    @property
    def shown(self) -> Month:
        """The month up to which one has to look to see it among what is used."""
        return shown_in(self.service, self.recorded)


@dataclass(frozen=True, slots=True)
class Expected:
    """An atom of forecasts: what is still expected; ``version`` counts how often that changed."""

    cell: Cell
    service: Month | None
    part: str
    version: int


class Truth:
    """The amounts of all atoms, and the people behind those of the books."""

    def __init__(self, scope: Scope) -> None:
        self._rows = {(cover.subcontractor, cover.account): cover.row_of("") for cover in covers_of(scope).values()}
        self.amounts: dict[Hashable, int] = defaultdict(int)
        self.people: dict[Booked, set[int]] = defaultdict(set)
        self.awaited: dict[Month, dict[Expected, int]] = {}
        for cell, service, recorded, cents in amounts_booked(scope):
            self.amounts[Booked(cell, service, recorded)] += cents
        self.books = [atom for atom, cents in self.amounts.items() if cents and isinstance(atom, Booked)]
        for cell, service, received, client in lines_that_count(scope):
            self.people[Booked(cell, service, received)].add(client)
        self._forecasts(scope)
        self.cells = sorted({atom.cell for atom in self.amounts}, key=str)  # type: ignore[attr-defined]

    def _forecasts(self, scope: Scope) -> None:
        said: dict[tuple[Cell, Month | None, str], list[int]] = defaultdict(list)
        for one in all_frozen(scope, 1):
            now: dict[Expected, int] = {}
            for (cell, service, part), cents in self._awaited(one.forecast).items():
                before = said[cell, service, part]
                if not before or before[-1] != cents:
                    before.append(cents)
                if cents:
                    atom = Expected(cell, service, part, len(before))
                    self.amounts[atom] = now[atom] = cents
            self.awaited[Month.of(one.as_of)] = now

    def _awaited(self, made: Forecast) -> dict[tuple[Cell, Month | None, str], int]:
        found: dict[tuple[Cell, Month | None, str], int] = defaultdict(int)
        for line in made.lines:
            account, agb = accounts.COST_OF_FORM[line.key.form.value], line.key.subcontractor
            cell = Cell(line.key.product_code or self._rows.get((agb, account), ""), agb, account)
            for month in line.months:
                found[cell, month.month, "dated otherwise"] += int(month.realised)
                found[cell, month.month, "late"] += int(month.late)
                found[cell, month.month, "coming"] += int(month.coming)
            found[cell, None, "ceiling"] -= int(line.above_ceiling)
        for (
            atom
        ) in self.books:  # a forecast goes by the day of receipt, and knows a few amounts a month sooner or later
            if atom.recorded <= Month.of(made.as_of):
                found[atom.cell, atom.service, "dated otherwise"] -= self.amounts[atom]
        return found

    def booked(self, chosen: Callable[[Booked], bool]) -> dict[Hashable, int]:
        """A sum over the books."""
        return {atom: 1 for atom in self.books if chosen(atom)}

    def expected(self, month: Month, chosen: Callable[[Expected], bool] = lambda _: True) -> dict[Hashable, int]:
        """A sum over what the forecast of a month still expects."""
        return {atom: 1 for atom in self.awaited[month] if chosen(atom)}

    def forecast(self, month: Month, chosen: Callable[[Cell], bool]) -> dict[Hashable, int]:
        """What the year comes to in cells by the forecast of a month."""
        return plus(
            self.booked(lambda atom: chosen(atom.cell) and atom.recorded <= month),
            self.expected(month, lambda atom: chosen(atom.cell)),
        )

    def amount(self, one: Sum) -> int:
        """What a sum comes to."""
        return sum(count * self.amounts[atom] for atom, count in one.items())

    def behind(self, chosen: Callable[[Booked], bool]) -> int:
        """How many people stand behind atoms of the books."""
        return len(set().union(*(who for atom, who in self.people.items() if chosen(atom))))


def of_row(what: str, key: Hashable) -> Callable[[Cell], bool]:
    """Whether a cell is in a row of a table."""
    return lambda cell: KEYS[what](cell) == key


def agreed(cell: Cell) -> bool:
    """Whether its months are agreed beforehand."""
    return cell.account in AHEAD


class Attacker:
    """Who knows sums, and what follows from them by adding and subtracting, each as often as one likes."""

    def __init__(self, told: Iterable[Sum]) -> None:
        sums = [one for one in told if one]
        atoms = sorted({atom for one in sums for atom in one}, key=str)
        self._place = {atom: number for number, atom in enumerate(atoms)}
        known = np.zeros((len(sums), len(atoms)))
        for row, one in enumerate(sums):
            for atom, count in one.items():
                known[row, self._place[atom]] = count
        _, sizes, rows = np.linalg.svd(known, full_matrices=False)
        self._basis = rows[sizes > 1e-9]

    def finds(self, secret: Sum) -> bool:
        """Whether a secret follows; one with an atom of which nothing was told does not."""
        wanted = np.zeros(len(self._place))
        for atom, count in secret.items():
            if atom not in self._place:
                return False
            wanted[self._place[atom]] = count
        return bool(np.abs(wanted - self._basis.T @ (self._basis @ wanted)).max() < 1e-7)


@dataclass(frozen=True, slots=True)
class Secret:
    """What few people stand behind: what it is called, and the sum."""

    name: tuple[Hashable, ...]
    sum: Sum


def secrets(truth: Truth, tables: Sequence[str], quarters: Iterable[tuple[Sequence[Month], Month]]) -> Iterator[Secret]:
    """Everything behind which few people stand: money between two looks, of forecasts, of quarters, of one month.

    ``quarters`` are the service months of reports, and the month up to which these look.
    """
    rows = [(what, key) for what in tables for key in {KEYS[what](cell) for cell in truth.cells}]
    periods = [tuple(months) for months in {tuple(months): None for months, _ in quarters}]
    for what, key in sorted(rows, key=str):
        own = of_row(what, key)
        for place, until in enumerate(LOOKS):
            for after in (None, *LOOKS[:place]):
                chosen = between(own, after, until)
                yield from _few(truth, (what, key, "used", str(after), str(until)), chosen)
        for months in periods:
            for look in LOOKS:
                chosen = served(own, months, None, look)
                yield from _few(truth, (what, key, "quarter", str(months[0]), str(look)), chosen)
        yield from _ahead(truth, what, key)


def everywhere(_cell: Cell) -> bool:
    """Every cell: the year as a whole."""
    return True


def expected_over(months: Sequence[Month]) -> Callable[[Expected], bool]:
    """What is expected of service months."""
    return lambda atom: atom.service in months


def drawn(own: Callable[[Cell], bool], service: Month, until: Month) -> Callable[[Booked], bool]:
    """What a drawing shows of one service month of a row."""
    return lambda atom: own(atom.cell) and atom.service == service and atom.shown <= until


def between(own: Callable[[Cell], bool], after: Month | None, until: Month) -> Callable[[Booked], bool]:
    """What comes to show after one look and up to another."""
    return lambda atom: own(atom.cell) and (after is None or atom.shown > after) and atom.shown <= until


def served(
    own: Callable[[Cell], bool], months: Sequence[Month], after: Month | None, until: Month
) -> Callable[[Booked], bool]:
    return lambda atom: (
        own(atom.cell)
        and atom.service in months
        and (after is None or atom.recorded > after)
        and atom.recorded <= until
    )


def _few(truth: Truth, name: tuple[Hashable, ...], chosen: Callable[[Booked], bool]) -> Iterator[Secret]:
    found = truth.booked(chosen)
    moved = {atom: count for atom, count in found.items() if atom.cell.account in BY_PERSON}  # type: ignore[attr-defined]
    if truth.amount(moved) and truth.behind(chosen) < FEW:
        yield Secret(name, found)


def _ahead(truth: Truth, what: str, key: Hashable) -> Iterator[Secret]:
    """What is expected of a row that few people are in: the year, what is to come, and how much that changed."""
    own = of_row(what, key)
    if not any(own(cell) and cell.account in BY_PERSON for cell in truth.cells):
        return
    few = [month for month in truth.awaited if truth.behind(between(own, None, month)) < FEW]
    for place, month in enumerate(few):
        whole = truth.forecast(month, own)
        coming = truth.expected(month, lambda atom: own(atom.cell))
        for name, one in (("forecast", whole), ("to come", coming)):
            if truth.amount(one):
                yield Secret((what, key, name, str(month)), one)
        for before in few[:place]:
            changed = less(whole, truth.forecast(before, own))
            if truth.amount(changed):
                yield Secret((what, key, "forecast", str(before), str(month)), changed)


def day_of(text: str) -> date:
    """A day as a document writes it."""
    return date.fromisoformat(text)
