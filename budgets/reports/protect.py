"""Small numbers in reports that follow one another: a new report may not give away what an earlier one hides; pure.

Everything that a report tells is a sum of atoms: the smallest parts, told apart by product, subcontractor, account,
quarter and by what was recorded since the report before. A later version of a report less the earlier one is a sum of
atoms too, so that a correction that is about one person is a secret like any other. What is told already cannot be
taken back: it is known from the start, and only rows of the new report can be hidden.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from budgets.use.suppress import THRESHOLD, Known, hidden_rows, is_small

Sum = frozenset[Hashable]


@dataclass(frozen=True, slots=True)
class Told:
    """What was told before: the sums that are known, and those that may not follow from them."""

    known: tuple[Sum, ...] = ()
    secrets: tuple[Sum, ...] = ()


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row of the new report.

    ``people``: how many stand behind it, ``None`` where it is not about people; ``atoms``: what it is the sum of;
    ``few``: it has to be hidden for another reason than the number of people.
    """

    people: int | None
    atoms: Sum
    few: bool = False

    @property
    def small(self) -> bool:
        """Whether it may not be shown by itself."""
        return self.few or is_small(self.people)


def protect(
    tables: Sequence[Sequence[NewRow]], told: Told, totals: Sequence[Sum] = ()
) -> tuple[tuple[frozenset[int], ...], Told]:
    """Which rows of a new report are hidden, and what is told once it is out.

    Args:
        tables: the rows of each table; each is another way to add the same atoms up.
        told: what earlier reports told, and other pages tell.
        totals: sums that the new report tells in any case.

    Returns:
        per table the places of its hidden rows; and what is told and secret from then on.
    """
    hidden = [_alone(table) for table in tables]
    secrets = [*told.secrets, *(row.atoms for table in tables for row in table if row.small and row.atoms)]
    fixed = [*told.known, *totals]
    known = Known(fixed)
    secrets = [one for one in dict.fromkeys(secrets) if known.derivation(one) is None]
    while True:
        shown = _shown(tables, hidden)
        known = Known([*fixed, *(tables[t][r].atoms for t, r in shown)])
        used = next((found for one in secrets if (found := known.derivation(one)) is not None), None)
        if used is None:
            break
        rows = [shown[place - len(fixed)] for place in used if place >= len(fixed)]
        table, row = min(rows, key=lambda at: (not tables[at[0]][at[1]].people, tables[at[0]][at[1]].people or 0, at))
        hidden[table].add(row)
    out = Told((*fixed, *(tables[t][r].atoms for t, r in _shown(tables, hidden))), tuple(secrets))
    return tuple(frozenset(places) for places in hidden), out


def _alone(table: Sequence[NewRow]) -> set[int]:
    """The rows that are hidden when one looks at one table with a known total."""
    people = [1 if row.few and not is_small(row.people) else row.people for row in table]
    return set(hidden_rows(people, THRESHOLD)) if len(table) > 1 else {0 for row in table if row.small}


def _shown(tables: Sequence[Sequence[NewRow]], hidden: Sequence[set[int]]) -> list[tuple[int, int]]:
    return [(t, r) for t, table in enumerate(tables) for r, row in enumerate(table) if r not in hidden[t] and row.atoms]
