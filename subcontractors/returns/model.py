"""Short returns: what those who do not declare report per month – FTE, hours, occupancy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from lead_contractor.kernel.findings import Finding, errors
from lead_contractor.kernel.periods import Month

FIELDS = ("fte", "hours", "occupancy_percent")
"""What a return may hold, in the order of ``realised.csv``."""


class Channel(StrEnum):
    """How a return came in."""

    FORM = "form"
    CSV = "csv"
    XLSX = "xlsx"
    API = "api"


@dataclass(frozen=True, slots=True)
class Written:
    """One line of a return as it was written; ``row`` is its row in a file, findings are what was wrong in reading."""

    agreement: str
    month: str
    fte: str = ""
    hours: str = ""
    occupancy_percent: str = ""
    row: int | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Values:
    """The values of one agreement in one month; ``None`` where nothing is said."""

    fte: Decimal | None = None
    hours: Decimal | None = None
    occupancy_percent: Decimal | None = None

    @property
    def nothing(self) -> bool:
        """Whether nothing at all is said."""
        return self.fte is None and self.hours is None and self.occupancy_percent is None

    def over(self, earlier: Values) -> Values:
        """These values, and where they say nothing the earlier ones."""
        return Values(
            earlier.fte if self.fte is None else self.fte,
            earlier.hours if self.hours is None else self.hours,
            earlier.occupancy_percent if self.occupancy_percent is None else self.occupancy_percent,
        )


@dataclass(frozen=True, slots=True)
class Stored:
    """A version of a return; the first is 1, the last holds."""

    agreement: str
    month: Month
    version: int
    values: Values
    channel: Channel
    submitted_at: datetime
    submitted_by: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What an agreement asks to be returned: over which months, which values, and what was agreed.

    ``fte`` is the agreed number, where the form has one.
    """

    agreement: str
    form: str
    months: tuple[Month, ...]
    fields: tuple[str, ...]
    fte: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A month that still has to be returned: which values are missing, until when, and whether that has passed."""

    agreement: str
    form: str
    month: Month
    fields: tuple[str, ...]
    until: date
    late: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer on one line: accepted, or every reason; warnings refuse nothing.

    ``changed`` is whether it says something new; an accepted line that repeats what is known is stored no second time.
    """

    row: int | None
    agreement: str
    month: str
    values: Values | None
    findings: tuple[Finding, ...] = ()
    changed: bool = False

    @property
    def accepted(self) -> bool:
        """Whether the line is taken."""
        return not errors(self.findings)

    @property
    def reasons(self) -> tuple[Finding, ...]:
        """Why it is refused."""
        return errors(self.findings)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What is striking about it."""
        refused = errors(self.findings)
        return tuple(one for one in self.findings if one not in refused)
