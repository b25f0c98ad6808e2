"""Findings: what is wrong in somebody's data, as values with a place and a remedy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: which rule, where, what, and what to do about it (Dutch, for people).

    ``row`` is the line in the file as an editor or spreadsheet counts it: the header row is 1.
    """

    rule: str
    message: str
    remedy: str
    file: str = ""
    row: int | None = None
    column: str = ""
    severity: Severity = Severity.ERROR

    @property
    def place(self) -> str:
        """The place in words: file, row and column as far as known."""
        parts = [self.file] if self.file else []
        if self.row is not None:
            parts.append(f"rij {self.row}")
        if self.column:
            parts.append(f"kolom {self.column}" if self.row is not None else self.column)
        return ", ".join(parts)

    def __str__(self) -> str:
        mark = "fout" if self.severity is Severity.ERROR else "let op"
        where = f"{self.place}: " if self.place else ""
        return f"{mark}: {where}{self.message} {self.remedy} [{self.rule}]"


def errors(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that stop the work."""
    return tuple(finding for finding in findings if finding.severity is Severity.ERROR)
