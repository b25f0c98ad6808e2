"""From evidence to the report as the municipality may see it, and what it tells; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from budgets.reports.atoms import Layers, change_secrets, name_of, together
from budgets.reports.evidence import Evidence, Part, hours
from budgets.reports.figures import Given, figures_of
from budgets.reports.model import Report, Row, RowKind, Totals
from budgets.reports.protect import NewRow, Sum, Told, protect
from budgets.use.breakdown import BY_PERSON, Key, disclosed, form_key, product_key, subcontractor_key
from budgets.use.cells import Cell, is_own
from budgets.use.model import BudgetSource, UseTable
from budgets.use.suppress import is_small
from lead_contractor.books.accounts import ACCOUNTS
from lead_contractor.kernel.money import Cents, total
from lead_contractor.kernel.quarters import Quarter
from subcontractors.agreements.products import product_name
from subcontractors.reports.model import Kpi

NOTHING = Part(Cents(0), 0, frozenset())


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is made of beside the evidence.

    Attributes:
        quarter, as_of: which quarter, as recorded by which day.
        sees_subcontractors: whether the municipality may see them.
        layers: each quarter of the year as the releases saw it, by quarter.
        told: what earlier releases told.
        kpis, given: the definitions of the figures of subcontractors, and the figures.
        lump_sum: of the contract year.
        late: recorded on earlier quarters since they were reported last.
        overhead_percent: see :class:`Totals`.
    """

    quarter: Quarter
    as_of: date
    sees_subcontractors: bool
    layers: Mapping[Quarter, Layers]
    told: Told
    kpis: Mapping[str, Kpi]
    given: Mapping[str, Sequence[Given]]
    lump_sum: Cents
    late: Cents
    overhead_percent: Decimal | None


def make(evidence: Evidence, asked: Asked) -> tuple[Report, Told]:
    """The report, and all that is told once it is released."""
    parts, budget = evidence.parts[asked.quarter], evidence.budget[asked.quarter]
    outside = sorted((cell for cell in {*parts, *budget} if not is_own(cell)), key=name_of)
    products = _groups(outside, product_key)
    subcontractors = _groups(outside, subcontractor_key) if asked.sees_subcontractors else {}
    layers = asked.layers[asked.quarter]
    tables = [[_new(cells, parts, layers) for cells in group.values()] for group in (products, subcontractors)]
    groups = [[name_of(cell) for cell in cells] for group in (products, subcontractors) for cells in group.values()]
    before = together((asked.told, _elsewhere(evidence, asked)))
    secrets = (*before.secrets, *change_secrets(layers, groups))
    hidden, told = protect(tables, Told(before.known, secrets), [layers.atoms(layers.every())])
    figures, told = figures_of(asked.kpis, asked.given, told)
    keeps = evidence.use.source is BudgetSource.FILE
    names = evidence.use.names
    made = [
        _rows(group, parts, budget, table, places, names, keeps_budget=keeps)
        for group, table, places in zip((products, subcontractors), tables, hidden, strict=True)
    ]
    own = _rows(_groups((c for c in parts if is_own(c)), product_key), parts, {}, (), frozenset(), names)
    report = Report(
        quarter=asked.quarter,
        as_of=asked.as_of,
        totals=_totals(evidence, asked),
        products=(*made[0], *own),
        subcontractors=made[1] if asked.sees_subcontractors else None,
        figures=figures,
    )
    return report, told


def _groups(cells: Iterable[Cell], key: object) -> dict[Key, list[Cell]]:
    assert callable(key)
    found: dict[Key, list[Cell]] = defaultdict(list)
    for cell in cells:
        found[key(cell)].append(cell)
    return dict(sorted(found.items(), key=lambda one: (one[0][0].value, one[0][1])))


def _new(cells: Sequence[Cell], parts: Mapping[Cell, Part], layers: Layers) -> NewRow:
    own = [parts[cell] for cell in cells if cell in parts]
    people: int | None = len(frozenset[int]().union(*(part.people for part in own))) or None
    if people is None and any(cell.account in BY_PERSON and parts.get(cell, NOTHING).cents for cell in cells):
        people = 1  # money that follows persons, of whom none is counted yet: they are few
    return NewRow(people, layers.atoms(name_of(cell) for cell in cells))


def _elsewhere(evidence: Evidence, asked: Asked) -> Told:
    """What the page of budget use shows of the same year up to the same month, and what it hides."""
    tables = disclosed(evidence.use, sees_subcontractors=asked.sees_subcontractors)
    cells = [cell for cell in {*evidence.use.used, *evidence.use.people} if not is_own(cell)]
    shown: list[Sum] = [_to_date(cells, asked)]
    secrets: list[Sum] = []
    keyed: list[tuple[UseTable | None, object]] = [
        (tables.products, product_key),
        (tables.forms, form_key),
        (tables.subcontractors, subcontractor_key),
    ]
    for table, key in keyed:
        if table is None:
            continue
        groups = {(kind.value, code): found for (kind, code), found in _groups(cells, key).items()}
        for row in table.rows:
            own = _to_date(groups.get((row.kind.value, row.code), ()), asked)
            if own and not row.hidden:
                shown.append(own)
            elif own and row.few:
                secrets.append(own)
    return Told(tuple(shown), tuple(secrets))


def _to_date(cells: Iterable[Cell], asked: Asked) -> Sum:
    names = [name_of(cell) for cell in cells]
    return frozenset().union(*(layers.atoms(names) for layers in asked.layers.values()))


def _rows(
    groups: Mapping[Key, Sequence[Cell]],
    parts: Mapping[Cell, Part],
    budget: Mapping[Cell, Cents],
    table: Sequence[NewRow],
    hidden: frozenset[int],
    names: Mapping[str, str],
    *,
    keeps_budget: bool = True,
) -> tuple[Row, ...]:
    """The rows with what is hidden taken out; those come last, so that their place says nothing."""
    made = []
    for place, ((kind, code), cells) in enumerate(groups.items()):
        own = [parts.get(cell, NOTHING) for cell in cells]
        agreed = [budget[cell] for cell in cells if cell in budget]
        out = place in hidden
        clients = len(frozenset[int]().union(*(part.people for part in own))) or None
        made.append(
            Row(
                kind=RowKind(kind.value),
                code="" if kind.value == RowKind.SUBCONTRACTOR.value else code,
                name=_name(RowKind(kind.value), code, names),
                cost=None if out else total(part.cents for part in own),
                budget=total(agreed) if agreed and (keeps_budget or not out) else None,
                hours=None if out else hours(sum(part.minutes for part in own)) or None,
                clients=None if out else clients,
                hidden=out,
                few=out and table[place].small,
            )
        )
    return tuple(sorted(made, key=lambda row: (row.hidden, row.code or row.name)))


def _name(kind: RowKind, code: str, names: Mapping[str, str]) -> str:
    if kind is RowKind.PRODUCT:
        return product_name(code)
    if kind is RowKind.SUBCONTRACTOR:
        return names.get(code, "")
    return ACCOUNTS[code].name if code in ACCOUNTS else ""


def _totals(evidence: Evidence, asked: Asked) -> Totals:
    quarters = [one for one in evidence.quarters if one <= asked.quarter]
    now, budget = evidence.parts[asked.quarter], evidence.budget[asked.quarter]
    people = frozenset[int]().union(*(part.people for part in now.values()))
    to_date = [evidence.parts[one] for one in quarters]
    budgets = [evidence.budget[one] for one in quarters]
    return Totals(
        cost=total(part.cents for part in now.values()),
        budget=total(budget.values()) if budget else None,
        used_of_budget=_used_of([now], [budget]),
        hours=hours(sum(part.minutes for part in now.values())),
        clients=None if is_small(len(people)) else len(people),
        cost_to_date=total(part.cents for parts in to_date for part in parts.values()),
        budget_to_date=total(cents for one in budgets for cents in one.values()) if any(budgets) else None,
        used_of_budget_to_date=_used_of(to_date, budgets),
        lump_sum=asked.lump_sum,
        late=asked.late,
        overhead_percent=asked.overhead_percent,
    )


def _used_of(parts: Iterable[Mapping[Cell, Part]], budgets: Sequence[Mapping[Cell, Cents]]) -> Cents:
    """The cost of the product rows that have a budget at any time."""
    keys = {product_key(cell) for budget in budgets for cell in budget}
    return total(part.cents for one in parts for cell, part in one.items() if product_key(cell) in keys)
