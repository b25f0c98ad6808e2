"""An attacker who knows every sum that was told and does linear algebra; made apart from the code that protects."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

import numpy as np

Sum = frozenset[Hashable]


def finds(told: Iterable[Sum], secret: Sum) -> bool:
    """Whether a secret sum is a combination, by plus and minus and any factor, of sums that were told."""
    sums = [one for one in told if one]
    if not secret:
        return False
    if not sums:
        return False
    atoms = sorted({str(atom) for one in (*sums, secret) for atom in one})
    place = {atom: number for number, atom in enumerate(atoms)}

    def vector(one: Sum) -> list[float]:
        row = [0.0] * len(atoms)
        for atom in one:
            row[place[str(atom)]] = 1.0
        return row

    known = np.array([vector(one) for one in sums])
    more = np.vstack([known, vector(secret)])
    return bool(np.linalg.matrix_rank(known) == np.linalg.matrix_rank(more))
