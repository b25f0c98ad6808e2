"""The figures of subcontractors put together for the municipality, small numbers out; pure.

A figure over so few clients that it is hidden must not follow from the total either: not from the others that are
shown, and not from an earlier version of the report, before somebody handed in late.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from budgets.reports.model import Figure, Shown
from budgets.reports.protect import NewRow, Sum, Told, protect
from budgets.use.suppress import THRESHOLD, is_small
from lead_contractor.kernel.rounding import half_up
from subcontractors.reports.model import Kind, Kpi, Measured

ABOUT_STAFF = frozenset({"fte", "staff"})
"""Figures that are about the people who work there; their numbers are no secret of a client."""
COUNTED_ELSEWHERE = frozenset({"hours", "clients"})
"""Figures that the report counts itself, over all subcontractors at once."""
_TENTH = 10


@dataclass(frozen=True, slots=True)
class Given:
    """A figure of one subcontractor as it stands; ``name`` is how the municipality knows it, ``None`` not at all."""

    subcontractor: str
    measured: Measured | None
    name: str | None = None


def figures_of(
    kpis: Mapping[str, Kpi], given: Mapping[str, Sequence[Given]], told: Told
) -> tuple[tuple[Figure, ...], Told]:
    """The figures as the municipality may see them.

    Args:
        kpis: the definitions, by id, in order.
        given: the figures by id; one that nobody was asked is absent.
        told: what earlier releases told.

    Returns:
        per figure the total, and where names may be seen each subcontractor; and what is told from then on.
    """
    made: list[Figure] = []
    for name, kpi in kpis.items():
        own = [one for one in given.get(name, ()) if one.measured is not None]
        if name in COUNTED_ELSEWHERE or name not in given:
            continue
        figures, told = _figures(kpi, own, len(given[name]), told)
        made += figures
    return tuple(made), told


def _figures(kpi: Kpi, own: Sequence[Given], asked: int, told: Told) -> tuple[list[Figure], Told]:
    named = [one for one in own if one.name is not None]
    tables = [[_row(kpi, own)], [_row(kpi, [one]) for one in named]]
    single = Told(told.known, (*told.secrets, *(_atoms(kpi, [one]) for one in own if _row(kpi, [one]).small)))
    (total_hidden, rows_hidden), after = protect(tables, single)
    found = [_figure(kpi, own, asked, "", hidden=bool(total_hidden))]
    found += [_figure(kpi, [one], 1, one.name or "", hidden=place in rows_hidden) for place, one in enumerate(named)]
    return found, after


def _row(kpi: Kpi, own: Sequence[Given]) -> NewRow:
    """What stands behind a figure; an average or share over nobody tells nothing and hides nothing."""
    if kpi.id in ABOUT_STAFF:
        return NewRow(None, _atoms(kpi, own))
    people = sum(one.measured.number or 0 for one in own if one.measured is not None)
    return NewRow(people, _atoms(kpi, own))


def _atoms(kpi: Kpi, own: Sequence[Given]) -> Sum:
    """Each value that a subcontractor gave is an atom; another value is another atom, nobody is none."""
    return frozenset(
        f"{kpi.id}|{one.subcontractor}|{one.measured.value.normalize()}|{one.measured.number}"
        for one in own
        if one.measured is not None and (one.measured.number or not kpi.kind.over)
    )


def _figure(kpi: Kpi, own: Sequence[Given], asked: int, name: str, *, hidden: bool) -> Figure:
    measured = [one.measured for one in own if one.measured is not None]
    shown, value, number = (Shown.HIDDEN, None, None) if hidden else _value(kpi, measured)
    return Figure(kpi.id, kpi.version, shown, value, number, len(measured), asked, name)


def _value(kpi: Kpi, measured: Sequence[Measured]) -> tuple[Shown, Decimal | None, int | None]:
    if not measured:
        return Shown.EXACT, None, None
    values = sum((one.value for one in measured), Decimal(0))
    if not kpi.kind.over:
        return Shown.EXACT, values, None
    number = sum(one.number or 0 for one in measured)
    if not number:
        return Shown.EXACT, None, 0
    if kpi.kind is Kind.MEAN:
        weighted = sum((one.value * (one.number or 0) for one in measured), Decimal(0))
        return Shown.EXACT, _tenths(Fraction(weighted) / number), number
    return _share(int(values), number)


def _share(part: int, number: int) -> tuple[Shown, Decimal | None, int | None]:
    """A percentage; where one side of it is too few people, only a bound that does not tell how few."""
    bound = _tenths(Fraction(100 * THRESHOLD, number))
    if (is_small(part) or is_small(number - part)) and bound >= 100:  # noqa: PLR2004 - percent
        return Shown.HIDDEN, None, None
    if is_small(part):
        return Shown.BELOW, bound, number
    if is_small(number - part):
        return Shown.ABOVE, 100 - bound, number
    return Shown.EXACT, _tenths(Fraction(100 * part, number)), number


def _tenths(value: Fraction) -> Decimal:
    return Decimal(half_up(value * _TENTH)).scaleb(-1)
