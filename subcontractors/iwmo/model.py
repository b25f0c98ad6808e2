"""What is read from and written to iWmo messages, apart from declarations: faults, starts, stops, answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lead_contractor.kernel.money import Cents
from subcontractors.declarations.model import Line

VERSIONS = ("1.0.0", "1.0.0")
"""The versions of shared types and message that our own messages are made by (IV034)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a message. ``level`` 1 is structure, 2 is content inside the message.

    ``place`` is the path of the element or the column, ``line`` the line of the file (CSV: the row, header
    is 1), ``reference`` the declared line it is about; each as far as known.
    """

    rule: str
    level: int
    message: str
    remedy: str
    place: str = ""
    line: int | None = None
    reference: str = ""

    def __str__(self) -> str:
        where = [f"regel {self.line}"] if self.line is not None else []
        where += [self.place] if self.place else []
        where += [f"referentie {self.reference}"] if self.reference else []
        start = f"{', '.join(where)}: " if where else ""
        return f"{start}{self.message} {self.remedy} [{self.rule}]"


@dataclass(frozen=True, slots=True)
class Person:
    """Who a start or stop is about, beside the BSN; empty text where the message has nothing."""

    birth_date: date
    sex: str
    surname: str
    birth_date_use: str = ""
    surname_prefix: str = ""
    first_names: str = ""
    initials: str = ""


@dataclass(frozen=True, slots=True)
class StartReport:
    """One StartProduct of a WMO305. ``status`` is 1 (first) or 3 (withdrawn); ``dated`` is the Dagtekening.

    Empty text stands for what the message leaves out: allocation, category, product code.
    """

    sender: str
    receiver: str
    identification: str
    dated: date
    bsn: str
    person: Person
    allocation: str
    category: str
    product_code: str
    begin: date
    status: str
    allocation_start: date | None = None
    xsd_versions: tuple[str, str] = VERSIONS


@dataclass(frozen=True, slots=True)
class StopReport:
    """One StopProduct of a WMO307: a start's key with ``reason`` (RedenBeeindiging) and ``end``, inclusive."""

    sender: str
    receiver: str
    identification: str
    dated: date
    bsn: str
    person: Person
    allocation: str
    category: str
    product_code: str
    begin: date
    end: date
    reason: str
    status: str
    allocation_start: date | None = None
    xsd_versions: tuple[str, str] = VERSIONS


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A refused line in an answer, as it was declared, with its return codes."""

    line: Line
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnsweredClient:
    """A client with refused lines: 0200 and codes per line, or 8187 and 0233 per line."""

    bsn: str
    codes: tuple[str, ...]
    lines: tuple[RefusedLine, ...]


@dataclass(frozen=True, slots=True)
class AnsweredDeclaration:
    """The DeclaratieAntwoord part; ``submitted`` − refused lines = ``granted`` (TR342), credits below zero."""

    number: str
    submitted: Cents
    granted: Cents
    codes: tuple[str, ...]
    clients: tuple[AnsweredClient, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """A WMO325: from the municipality's code to the provider, about one WMO323.

    ``declaration_*`` repeat the header of the declaration (IV087); ``codes`` are those of the header, and
    ``declaration`` is ``None`` where the header alone is returned.
    """

    sender: str
    receiver: str
    identification: str
    dated: date
    declaration_identification: str
    declaration_dated: date
    declaration_xsd_versions: tuple[str, str]
    codes: tuple[str, ...]
    declaration: AnsweredDeclaration | None = None
    xslt_version: str = ""
    xsd_versions: tuple[str, str] = VERSIONS
