"""Credibility: how far a line may go by its own figures, and how far it leans on those of its kind.

Bühlmann-Straub: of a unit with weight ``w`` the own figure counts for ``w / (w + noise / between)``; ``noise`` is the
variance within a unit at weight one, ``between`` the variance between units. Where there is no noise, the own figure
counts in full; where units do not differ, that of all of them does.
"""

from __future__ import annotations

import numpy as np

from budgets.forecast.grid import Floats, Ints

NO_NOISE = 1e-12


def shrunk(own: Floats, weight: Floats, complement: Floats, noise: float) -> tuple[Floats, Floats]:
    """Shrink the figures of units towards their complements.

    Args:
        own: [unit] the own figures; anything where ``weight`` is zero.
        weight: [unit] zero or more.
        complement: [unit] what a unit without weight has.
        noise: variance within a unit at weight one.

    Returns:
        The shrunk figures, and the share (0 to 1) for which the own figure counts.
    """
    away = np.where(weight > 0, own - complement, 0.0)
    whole = weight.sum()
    units = int((weight > 0).sum())
    room = whole - (weight**2).sum() / whole if whole > 0 else 0.0
    spread = float((weight * away**2).sum())
    if noise <= NO_NOISE * max(1.0, whole):
        share = (weight > 0).astype(float)
    elif room <= 0 or units < 2:  # noqa: PLR2004 - a spread takes two
        share = weight / (weight + noise / max(away.max(initial=0.0) ** 2, NO_NOISE)) * 0.5
    else:
        between = max(0.0, (spread - (units - 1) * noise) / room)
        share = weight / (weight + noise / between) if between > 0 else np.zeros_like(weight)
    return complement + share * away, share


def by_group(own: Floats, weight: Floats, complement: Floats, groups: Ints, noise: float) -> Floats:
    """The complement of each unit, moved by what its group shows together (a subcontractor, a product)."""
    count = int(groups.max(initial=-1)) + 1
    sums = np.bincount(groups, weights=weight, minlength=count).astype(float)
    safe = np.where(sums > 0, sums, 1.0)
    seen = np.bincount(groups, weights=weight * np.where(weight > 0, own, 0.0), minlength=count) / safe
    expected = np.bincount(groups, weights=weight * complement, minlength=count) / safe
    moved, _ = shrunk(seen, sums, expected, noise)
    return complement + (moved - expected)[groups]
