"""Level 2 at a glance: whether a declaration may break any rule of :mod:`subcontractors.iwmo.content` at all.

Nearly every declaration is sound, so the glance only looks for a suspicion, column by column. With one, or with a rule
that it does not know, the rules themselves are asked; they alone say what is wrong. A property test holds the glance to
them: what it calls sound, they find nothing in.
"""

from __future__ import annotations

from collections.abc import Sequence

from subcontractors.declarations.incoming import TextLine, line_of
from subcontractors.declarations.model import Declaration
from subcontractors.iwmo.content import EUROS, RULES, valid_bsn

OF_THE_KIND = frozenset({"CS100", "CS337", "CS340", "CD087", "TR134", "TR137", "TR335"})
"""Rules that look at product, period, unit and tariff only: asked once of each kind of line."""

LOOKED_AT = frozenset({"CS002", "CS325", "CS339", "CD060", "TR101", "TR315", "TR316", "TR358", "TR416"})
"""Rules whose suspicion is looked for here."""


def sound(declaration: Declaration, lines: Sequence[TextLine]) -> bool:
    """Whether no rule of level 2 can be broken; ``False`` is only a suspicion."""
    if {rule for rule, _ in RULES} != OF_THE_KIND | LOOKED_AT:
        return False
    (
        bsns,
        references,
        previous,
        allocations,
        categories,
        products,
        begins,
        ends,
        volumes,
        units,
        tariffs,
        amounts,
        sides,
    ) = zip(*lines, strict=True)
    if not all(map(valid_bsn, set(bsns))):
        return False
    if len(set(references)) != len(references):
        return False
    slots = zip(allocations, categories, products, begins, ends, strict=True)
    taking_back = sides.count("C")
    if taking_back or len(previous) != previous.count(""):
        if not _sound_credits(lines):
            return False
        slots = (slot for slot, side in zip(slots, sides, strict=True) if side == "D")  # type: ignore[assignment]
    if len(set(slots)) != len(lines) - taking_back:
        return False
    if EUROS in units and any(
        volume != amount for volume, unit, amount in zip(volumes, units, amounts, strict=True) if unit == EUROS
    ):
        return False
    if declaration.total is not None and int(declaration.total) != submitted(lines):
        return False
    kinds = dict(zip(zip(products, begins, ends, units, tariffs, strict=True), lines, strict=True))
    samples = [line_of(position, text) for position, text in enumerate(kinds.values(), start=1)]
    return not any(True for rule, check in RULES if rule in OF_THE_KIND for _ in check(declaration, samples))


def _sound_credits(lines: Sequence[TextLine]) -> bool:
    """Every credit takes back something, and each another line, of another message; debits take back nothing."""
    taken_back: set[str] = set()
    for _bsn, _reference, previous, *_rest, amount, side in lines:
        if (previous != "") is not (side == "C") or (side == "C" and (amount == "0" or previous in taken_back)):
            return False
        if previous:
            taken_back.add(previous)
    return taken_back.isdisjoint(line[1] for line in lines)


def submitted(lines: Sequence[TextLine]) -> int:
    """The sum of the lines in cents, debits less taking_back."""
    return sum(-int(line[11]) if line[12] == "C" else int(line[11]) for line in lines)
