"""The tables of the year folder as data: per file its columns, their type, and what one row becomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from budgets.plan.model import BudgetLine, HistoryRow, WaitingRow
from budgets.year_folder import cells
from lead_contractor.allocation.model import Allocation, Frequency, Unit
from lead_contractor.contract.model import BeschikkingCount, CostKind, FigureKind, IndexFigure, OwnCost, Receipt
from lead_contractor.kernel.money import Cents, euros_text
from lead_contractor.parties.model import Size, Subcontractor
from subcontractors.agreements.model import Realised, Tariff

EXTRA_PREFIX = "x_"


@dataclass(frozen=True, slots=True)
class Column:
    """One column, and the field of the same name: how it is read, whether a cell must be filled, may be absent.

    ``empty`` is the value of an empty cell. Columns with ``key`` name the row together: no two rows alike.
    """

    name: str
    read: cells.Read = cells.words
    required: bool = False
    key: bool = False
    optional: bool = False
    empty: object = None


@dataclass(frozen=True, slots=True)
class Table:
    """One file: its columns in written order and the dataclass of its rows.

    ``field`` is its name in :class:`~budgets.year_folder.model.YearFolder`. Without key columns two rows
    that are alike in every column are only a warning.
    """

    file: str
    field: str
    row: type[Any]
    columns: tuple[Column, ...]
    required: bool = False

    @property
    def key(self) -> tuple[Column, ...]:
        """The columns that name a row."""
        return tuple(column for column in self.columns if column.key)


def plain_decimal(value: Decimal) -> str:
    """A number without exponent, needless zeros or a negative zero: equal numbers have one text."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def show(value: object) -> str:
    """The one canonical text of a value in a cell."""
    if isinstance(value, str):
        return str(value.value) if isinstance(value, Enum) else value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Cents):
        return euros_text(value)
    if isinstance(value, Decimal):
        return plain_decimal(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return " ".join(sorted(value))
    return str(value)


def _text(name: str, **options: bool) -> Column:
    return Column(name, cells.words, empty="", **options)


def _unit(text: str, comma: bool) -> str:
    return str(_UNIT(text, comma).value)


_UNIT = cells.choice(Unit)
_AGB = Column("subcontractor", cells.agb, required=True)
_AGB_KEY = Column("subcontractor", cells.agb, required=True, key=True)
_AGB_OR_ALL = Column("subcontractor", cells.agb, key=True, empty="")
_PRODUCT_OR_ALL = Column("product_code", cells.product_code, key=True, empty="")

SUBCONTRACTORS = Table(
    "subcontractors.csv",
    "subcontractors",
    Subcontractor,
    (
        Column("agb", cells.agb, required=True, key=True),
        _text("name", required=True),
        _text("kvk"),
        _text("iban"),
        Column("size", cells.choice(Size)),
        Column("consent_date", cells.day),
        Column("active_from", cells.day),
        Column("active_to", cells.day),
    ),
    required=True,
)

TARIFFS = Table(
    "tariffs.csv",
    "tariffs",
    Tariff,
    (
        _AGB_KEY,
        Column("product_code", cells.product_code, required=True, key=True),
        Column("unit", _unit, required=True, key=True),
        Column("tariff", cells.tariff, required=True),
        Column("valid_from", cells.day, required=True, key=True),
        Column("valid_to", cells.day),
    ),
)

ALLOCATIONS = Table(
    "allocations.csv",
    "allocations",
    Allocation,
    (
        _text("number", required=True, key=True),
        Column("bsn", cells.bsn, required=True),
        _AGB,
        Column("category", cells.category, empty=""),
        Column("product_code", cells.product_code, empty=""),
        Column("start", cells.day, required=True),
        Column("end", cells.day),
        Column("volume", cells.volume),
        Column("unit", cells.choice(Unit)),
        Column("frequency", cells.choice(Frequency)),
        Column("budget", cells.euros),
        Column("reason_change", cells.reason_change, empty=""),
        Column("flags", cells.flags, empty=frozenset()),
        _text("area", optional=True),
        _text("client_group", optional=True),
        Column("decided_on", cells.day, optional=True),
    ),
)

INDEX_FIGURES = Table(
    "index_figures.csv",
    "index_figures",
    IndexFigure,
    (
        _text("index", required=True, key=True),
        Column("year", cells.year, required=True, key=True),
        Column("kind", cells.choice(FigureKind), required=True, key=True),
        Column("percent", cells.any_decimal, required=True),
        _text("source"),
    ),
)

BESCHIKKINGEN = Table(
    "beschikkingen.csv",
    "beschikkingen",
    BeschikkingCount,
    (
        Column("date", cells.day, required=True, key=True),
        Column("active", cells.decimal, required=True),
    ),
)

RECEIPTS = Table(
    "receipts.csv",
    "receipts",
    Receipt,
    (
        Column("date", cells.day, required=True),
        Column("amount", cells.any_euros, required=True),
        _text("reference"),
    ),
)

REALISED = Table(
    "realised.csv",
    "realised",
    Realised,
    (
        _text("agreement", required=True, key=True),
        Column("month", cells.month, required=True, key=True),
        Column("fte", cells.decimal),
        Column("hours", cells.decimal),
        Column("occupancy_percent", cells.decimal),
    ),
)

COSTS = Table(
    "costs.csv",
    "costs",
    OwnCost,
    (
        Column("date", cells.day, required=True),
        Column("kind", cells.choice(CostKind), required=True),
        Column("amount", cells.any_euros, required=True),
        _text("description"),
        Column("disallowed", cells.boolean, empty=False),
    ),
)

BUDGET = Table(
    "budget.csv",
    "budget",
    BudgetLine,
    (
        _PRODUCT_OR_ALL,
        _AGB_OR_ALL,
        Column("month", cells.month, key=True),
        Column("amount", cells.euros, required=True),
    ),
)

HISTORY = Table(
    "history.csv",
    "history",
    HistoryRow,
    (
        Column("service_month", cells.month, required=True, key=True),
        Column("received_month", cells.month, required=True, key=True),
        _AGB_OR_ALL,
        _PRODUCT_OR_ALL,
        Column("amount", cells.any_euros, required=True),
    ),
)

WAITING = Table(
    "waiting.csv",
    "waiting",
    WaitingRow,
    (
        Column("date", cells.day, required=True, key=True),
        _PRODUCT_OR_ALL,
        _text("area", key=True),
        Column("waiting", cells.whole, required=True),
        Column("added", cells.whole),
        Column("median_days", cells.decimal),
    ),
)

TABLES = (
    SUBCONTRACTORS,
    TARIFFS,
    ALLOCATIONS,
    INDEX_FIGURES,
    BESCHIKKINGEN,
    RECEIPTS,
    REALISED,
    COSTS,
    BUDGET,
    HISTORY,
    WAITING,
)


def texts(rows: Sequence[object], name: str) -> list[str]:
    """One column of rows as canonical texts; each distinct value is shown once."""
    known: dict[object, str] = {}
    found = []
    for row in rows:
        value = getattr(row, name)
        if value.__class__ is not str:
            text = known.get(value)
            if text is None:
                text = known[value] = show(value)
            value = text
        found.append(value)
    return found


def canonical_keys(table: Table, rows: Sequence[object]) -> list[tuple[str, ...]]:
    """What each row is sorted by: its key, or all of it where the table has none."""
    names = [column.name for column in table.key or table.columns]
    keys = list(zip(*(texts(rows, name) for name in names), strict=True))
    if table.key:
        return keys
    extras: list[Mapping[str, str]] = [getattr(row, "extra", {}) for row in rows]
    return [
        (*key, *(part for pair in sorted(extra.items()) for part in pair))
        for key, extra in zip(keys, extras, strict=True)
    ]
