"""Small numbers: what may not be shown because too few people stand behind it, and what would give that away.

Rule 42: of areas with 14, 7 and 23 people and a total of 44, 7 is hidden, and 14 too, because 44 − 23 − 14 would give
the 7. Tables that cut the same amounts another way (by product, by form, by subcontractor) are looked at together:
a row is hidden as well when rows that are shown, added and subtracted, come down to a row that is hidden.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

THRESHOLD = 10
"""With fewer people than this, neither their number nor their money is shown."""

_Place = tuple[int, int]
_Vector = dict[int, int]
PRIME = 2**61 - 1


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table that may be published.

    Attributes:
        people: how many different people stand behind it; ``None`` where it is not about people.
        cells: the smallest parts that its amount is the sum of, the same in every table.
        more: the parts of further amounts that are published in the same row, such as a forecast.
        steady: its amounts are agreed beforehand and stay what they are, so that it hides others badly: it comes last
            among the rows that are hidden for their sake.
    """

    people: int | None
    cells: frozenset[Hashable]
    more: tuple[frozenset[Hashable], ...] = ()
    steady: bool = False

    @property
    def sums(self) -> tuple[frozenset[Hashable], ...]:
        """Every amount of the row by its parts."""
        return tuple(one for one in (self.cells, *self.more) if one)


def is_small(people: int | None, threshold: int = THRESHOLD) -> bool:
    """Whether a number of people is too small to show; nobody at all can be shown."""
    return people is not None and 0 < people < threshold


def tens(people: int | None, threshold: int = THRESHOLD) -> int | None:
    """A number of people rounded down, so that two months side by side do not tell of few who came in between."""
    return None if people is None else people // threshold * threshold


def hidden_rows(
    people: Sequence[int | None], threshold: int = THRESHOLD, steady: Collection[int] = ()
) -> frozenset[int]:
    """Which rows of one table with a known total are hidden (rule 42).

    All small rows, and the smallest next ones until at least two rows, with together no fewer people than the
    threshold, are hidden. Rows without people come last. Where no rows are left, all are hidden.

    Returns:
        the places of the hidden rows.
    """
    hidden = [place for place, count in enumerate(people) if is_small(count, threshold)]
    if not hidden:
        return frozenset()
    others = [place for place in range(len(people)) if place not in hidden]
    others.sort(key=lambda place: (place in steady, not people[place], people[place] or 0, place))
    while others and (len(hidden) == 1 or sum(people[place] or 0 for place in hidden) < threshold):
        hidden.append(others.pop(0))
    return frozenset(hidden)


def suppress(
    tables: Sequence[Sequence[Row]],
    totals: Sequence[frozenset[Hashable]] = (),
    threshold: int = THRESHOLD,
    held: Sequence[Collection[int]] = (),
    guarded: Sequence[frozenset[Hashable]] = (),
) -> tuple[frozenset[int], ...]:
    """Which rows of tables over the same amounts are hidden.

    Args:
        tables: the rows of each table; the total of each is taken to be known.
        totals: sums that are known besides.
        threshold: see :data:`THRESHOLD`.
        held: per table the places of rows that are hidden in any case.
        guarded: sums that may not come out either, such as what was hidden before and is still the same.

    Returns:
        per table the places of its hidden rows.
    """
    steady = [[place for place, row in enumerate(table) if row.steady] for table in tables]
    hidden = [
        set(hidden_rows([row.people for row in table], threshold, last))
        for table, last in zip(tables, steady, strict=True)
    ]
    for places, kept in zip(hidden, held, strict=False):
        places.update(kept)
    known_totals = [*totals, *_totals(tables)]
    small = [sums for table in tables for row in table if is_small(row.people, threshold) for sums in row.sums]
    small += [one for one in guarded if one]
    if not small:
        return tuple(frozenset(places) for places in hidden)
    alone = Known(known_totals)
    secrets = [cells for cells in small if alone.derivation(cells) is None]
    extra: list[_Place] = []
    while True:
        shown = _shown(tables, hidden)
        known = Known([*known_totals, *(cells for _, cells in shown)])
        used = next((found for cells in secrets if (found := known.derivation(cells)) is not None), None)
        if used is None:
            break
        rows = [shown[place - len(known_totals)][0] for place in used if place >= len(known_totals)]
        table, place = min(rows, key=lambda at: _order(tables[at[0]][at[1]], at))
        hidden[table].add(place)
        extra.append((table, place))
    _show_again(tables, hidden, known_totals, secrets, extra)
    return tuple(frozenset(places) for places in hidden)


def _order(row: Row, at: _Place) -> tuple[bool, bool, int, _Place]:
    """In which order rows are hidden for the sake of others."""
    return row.steady, not row.people, row.people or 0, at


def _totals(tables: Sequence[Sequence[Row]]) -> list[frozenset[Hashable]]:
    """The total of each table, and of each further amount in it."""
    found = []
    for table in tables:
        for place in range(1 + max((len(row.more) for row in table), default=0)):
            parts = [(row.cells, *row.more) for row in table]
            found.append(frozenset().union(*(one[place] for one in parts if place < len(one))))
    return found


def _shown(tables: Sequence[Sequence[Row]], hidden: Sequence[set[int]]) -> list[tuple[_Place, frozenset[Hashable]]]:
    return [
        ((t, r), sums)
        for t, table in enumerate(tables)
        for r, row in enumerate(table)
        if r not in hidden[t]
        for sums in row.sums
    ]


def _show_again(
    tables: Sequence[Sequence[Row]],
    hidden: Sequence[set[int]],
    totals: Sequence[frozenset[Hashable]],
    secrets: Sequence[frozenset[Hashable]],
    extra: Sequence[_Place],
) -> None:
    """Show what was hidden on the way and turns out not to be needed."""
    for table, place in extra:
        hidden[table].discard(place)
        known = Known([*totals, *(cells for _, cells in _shown(tables, hidden))])
        if any(known.derivation(cells) is not None for cells in secrets):
            hidden[table].add(place)


class Known:
    """Sums that are known, in echelon form; what else follows from them by plus and minus.

    Reckoned in whole numbers modulo a prime of nineteen digits: fractions would do the same and take ten times as long.
    """

    def __init__(self, sums: Sequence[frozenset[Hashable]]) -> None:
        self._order: dict[Hashable, int] = {}
        self._basis: dict[int, tuple[_Vector, _Vector]] = {}
        for place, cells in enumerate(sums):
            row, parts = self._reduced(self._vector(cells), {place: 1})
            if row:
                lead = min(row)
                inverse = pow(row[lead], -1, PRIME)
                self._basis[lead] = (_scaled(row, inverse), _scaled(parts, inverse))

    def derivation(self, target: frozenset[Hashable]) -> frozenset[int] | None:
        """The places of the sums that, added and subtracted, come down to the target; ``None`` where none do."""
        if not target:
            return None
        row, parts = self._reduced(self._vector(target), {})
        return None if row else frozenset(parts)

    def reduced(self, target: frozenset[Hashable]) -> Mapping[int, int]:
        """What is left of a sum when all that is known is taken from it; empty where it follows."""
        return self._reduced(self._vector(target), {})[0]

    def _vector(self, cells: frozenset[Hashable]) -> _Vector:
        return {self._order.setdefault(cell, len(self._order)): 1 for cell in cells}

    def _reduced(self, row: _Vector, parts: _Vector) -> tuple[_Vector, _Vector]:
        """Take from a row what is known, lowest column first, keeping count of what was taken."""
        basis = self._basis
        while True:
            column = min((c for c in row if c in basis), default=None)
            if column is None:
                return row, parts
            lead, lead_parts = basis[column]
            factor = row[column]
            _take(row, lead, factor)
            _take(parts, lead_parts, factor)


class Span:
    """What is left of sums once all that is known is taken from them; and what follows from these together."""

    def __init__(self, remainders: Iterable[Mapping[int, int]] = ()) -> None:
        self._basis: dict[int, _Vector] = {}
        for remainder in remainders:
            self.add(remainder)

    def add(self, remainder: Mapping[int, int]) -> None:
        """One more of them is told."""
        row = self._reduced(remainder)
        if row:
            lead = min(row)
            self._basis[lead] = _scaled(row, pow(row[lead], -1, PRIME))

    def rows(self) -> list[Mapping[int, int]]:
        """Remainders that say the same as all that were added."""
        return list(self._basis.values())

    def __contains__(self, remainder: Mapping[int, int]) -> bool:
        """Whether it follows; nothing does not, for that was known."""
        return bool(remainder) and not self._reduced(remainder)

    def _reduced(self, remainder: Mapping[int, int]) -> _Vector:
        row = dict(remainder)
        while (column := min((c for c in row if c in self._basis), default=None)) is not None:
            _take(row, self._basis[column], row[column])
        return row


def _take(left: _Vector, right: _Vector, factor: int) -> None:
    """Take so many times ``right`` off ``left``, in place."""
    for column, value in right.items():
        rest = (left.get(column, 0) - factor * value) % PRIME
        if rest:
            left[column] = rest
        else:
            left.pop(column, None)


def _scaled(vector: _Vector, factor: int) -> _Vector:
    return {column: value * factor % PRIME for column, value in vector.items()}
