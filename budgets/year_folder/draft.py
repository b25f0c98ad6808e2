"""A folder that has been read but not yet checked as a whole: rows with their places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from budgets.year_folder.columns import SUBCONTRACTORS, Table
from budgets.year_folder.csv_table import Row
from lead_contractor.contract.model import Contract
from subcontractors.agreements.model import Agreement

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Draft:
    """What could be read. ``damaged`` names the files that have errors of their own.

    Agreements come with their number in the file, rows with their row number.
    """

    contract: Contract | None
    contract_source: Mapping[str, Any]
    agreements_source: tuple[Mapping[str, Any], ...]
    agreements: tuple[tuple[int, Agreement], ...]
    tables: Mapping[str, tuple[Row, ...]]
    damaged: frozenset[str] = field(default_factory=frozenset)

    def rows(self, table: Table, kind: type[T]) -> tuple[tuple[int, T], ...]:
        """The rows of a table, which are of one kind, with their row numbers and in canonical order."""
        return cast("tuple[tuple[int, T], ...]", self.tables.get(table.file, ()))

    def values(self, table: Table, kind: type[T]) -> tuple[T, ...]:
        """The rows of a table without their numbers."""
        return tuple(row for _, row in self.rows(table, kind))

    @property
    def known_subcontractors(self) -> frozenset[str] | None:
        """The AGB codes that may be referred to; ``None`` where their own table could not be read."""
        if SUBCONTRACTORS.file in self.damaged:
            return None
        return frozenset(getattr(row, "agb", "") for _, row in self.tables.get(SUBCONTRACTORS.file, ()))
