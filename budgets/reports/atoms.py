"""What reports tell as sums of atoms: by quarter, cell and release, so that versions can be held beside one another.

A cell of a quarter is, as of the third release, atom 0 + atom 1 + atom 2: what was there at the first, and what each
later release saw change. A release sees every quarter of the year up to its own, because pages show them added up. An
atom that is nothing is left out, because everybody may know that it is nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from budgets.reports.evidence import Part
from budgets.reports.protect import Sum, Told
from budgets.use.cells import Cell, is_own
from budgets.use.suppress import is_small
from lead_contractor.kernel.quarters import Quarter

_SEPARATOR = "|"
State = Mapping[str, Sequence[int]]
"""By cell as text: cents, minutes and how many people, as a release saw them."""


def name_of(cell: Cell) -> str:
    """A cell as text."""
    return _SEPARATOR.join((cell.product, cell.subcontractor, cell.account))


def state_of(parts: Mapping[Cell, Part]) -> dict[str, list[int]]:
    """What a release keeps of a quarter, to see later what changed; own cost is no secret and is left out."""
    return {
        name_of(cell): [int(part.cents), part.minutes, len(part.people)]
        for cell, part in parts.items()
        if not is_own(cell)
    }


@dataclass(frozen=True, slots=True)
class Layers:
    """A quarter as a stack of what each release saw of it, and now.

    Attributes:
        states: what each release saw, whichever quarter it was about, in order; and last what stands now.
        reported: the place of the release that was about this quarter last, -1 where there was none.
        since: who stands behind what came in after that release, by cell as text.
    """

    quarter: Quarter
    states: tuple[State, ...]
    reported: int = -1
    since: Mapping[str, frozenset[int]] = field(default_factory=dict)

    def atoms(self, cells: Iterable[str]) -> Sum:
        """The sum of cells as they stand now."""
        return self._atoms(cells, 0)

    def changes(self, cells: Iterable[str]) -> Sum:
        """What changed in cells since the quarter was reported; empty where it was not, and where nothing changed."""
        return frozenset() if self.reported < 0 else self._atoms(cells, self.reported + 1)

    def people_changed(self, cells: Iterable[str]) -> int:
        """How many people stand behind what changed; at least one where anything did."""
        behind = frozenset[int]().union(*(self.since.get(cell, frozenset()) for cell in cells))
        return max(1, len(behind))

    def every(self) -> list[str]:
        """Every cell that any release saw, or that stands now."""
        return sorted({cell for state in self.states for cell in state})

    def _atoms(self, cells: Iterable[str], first: int) -> Sum:
        layers = range(first, len(self.states))
        return frozenset(self._name(cell, layer) for cell in cells for layer in layers if self._moved(cell, layer))

    def _moved(self, cell: str, layer: int) -> bool:
        before = [0, 0, 0] if layer == 0 else list(self.states[layer - 1].get(cell, (0, 0, 0)))
        return list(self.states[layer].get(cell, (0, 0, 0))) != before

    def _name(self, cell: str, layer: int) -> str:
        return f"{self.quarter}{_SEPARATOR}{cell}{_SEPARATOR}{layer}"


def change_secrets(layers: Layers, groups: Iterable[Sequence[str]]) -> list[Sum]:
    """What changed in groups of cells since the last release, where too few people stand behind it."""
    found = []
    for cells in groups:
        changed = layers.changes(cells)
        moved = [cell for cell in cells if layers.changes([cell])]
        if changed and is_small(layers.people_changed(moved)):
            found.append(changed)
    return found


def written(told: Told, before: Told) -> dict[str, Any]:
    """What is told over and above what was told before, as it is stored."""
    return {
        "known": [sorted(map(str, one)) for one in told.known if one not in set(before.known)],
        "secrets": [sorted(map(str, one)) for one in told.secrets if one not in set(before.secrets)],
    }


def read(stored: Mapping[str, Any]) -> Told:
    """What was told, from what was stored."""
    return Told(
        tuple(frozenset(one) for one in stored.get("known", ())),
        tuple(frozenset(one) for one in stored.get("secrets", ())),
    )


def together(told: Iterable[Told]) -> Told:
    """All that was told in several releases, each sum once."""
    every = list(told)
    return Told(
        tuple(dict.fromkeys(one for each in every for one in each.known)),
        tuple(dict.fromkeys(one for each in every for one in each.secrets)),
    )
