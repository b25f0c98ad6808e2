"""How many different people stand behind each row of the meeting, in each month that one can look at; pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from budgets.meeting.rows import By, Key
from budgets.use.cells import Cell
from budgets.use.model import RowKind

EVERYBODY: Key = (RowKind.OWN, "")


def people_by_row(places: Mapping[Cell, Mapping[int, int]], months: int, keys: Sequence[By]) -> list[dict[Key, int]]:
    """How many different people stand behind each row, for each month that can be looked at.

    Args:
        places: for each cell its clients, with the months in which they are seen as bits.
        months: how many months there are.
        keys: what makes the rows.

    Returns:
        for each month the number of people by row; a row without people is absent. Everybody stands under the empty
        product of own cost, which has no people.
    """
    found: list[dict[Key, int]] = [{} for _ in range(months)]
    for by in (*keys, _everybody):
        rows: dict[Key, dict[int, int]] = defaultdict(dict)
        for cell, clients in places.items():
            row = rows[by(cell)]
            for client, bits in clients.items():
                row[client] = row.get(client, 0) | bits
        for key, row in rows.items():
            for bits, count in Counter(row.values()).items():
                for place in range(months):
                    if bits >> place & 1:
                        found[place][key] = found[place].get(key, 0) + count
    return found


def moved_by_row(moving: Mapping[Cell, Mapping[int, int]], keys: Sequence[By]) -> dict[Key, dict[int, int]]:
    """How many people of each row had anything come to show in the same months.

    Args:
        moving: for each cell its clients, with the months that one looks at in which something came to show as bits.
        keys: what makes the rows.

    Returns:
        by row and by months as bits: the number of people.
    """
    found: dict[Key, dict[int, int]] = {}
    for by in keys:
        rows: dict[Key, dict[int, int]] = defaultdict(dict)
        for cell, clients in moving.items():
            row = rows[by(cell)]
            for client, bits in clients.items():
                row[client] = row.get(client, 0) | bits
        found |= {key: dict(Counter(row.values())) for key, row in rows.items()}
    return found


def _everybody(_cell: Cell) -> Key:
    return EVERYBODY
