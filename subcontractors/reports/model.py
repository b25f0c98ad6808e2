"""Quarterly figures as values: what a figure means, what was asked, what was known already, and what was handed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from lead_contractor.kernel.findings import Finding, errors
from lead_contractor.kernel.quarters import Quarter


class Kind(StrEnum):
    """What a figure is made of."""

    COUNT = "count"
    QUANTITY = "quantity"
    SHARE = "share"
    MEAN = "mean"

    @property
    def over(self) -> bool:
        """Whether it says out of, or over, how many it is."""
        return self in (Kind.SHARE, Kind.MEAN)


@dataclass(frozen=True, slots=True)
class Kpi:
    """The definition of a figure.

    Attributes:
        id: its fixed short name.
        version: of the definition; from ``valid_from`` on.
        kind: see :class:`Kind`.
        set: the set of figures of the municipality's report it belongs to.
        name, definition, value_name, number_name, unit, computed: by language (``nl``, ``en``); ``computed`` says from
            what we work it out ourselves and is empty where we cannot.
        source: where the definition comes from.
        lowest, highest: bounds of an average.
        optional: whether it may be left out.
        asked: whether it is asked where we could not work it out.
    """

    id: str
    version: int
    valid_from: date
    kind: Kind
    set: str
    name: Mapping[str, str]
    definition: Mapping[str, str]
    value_name: Mapping[str, str]
    number_name: Mapping[str, str]
    unit: Mapping[str, str]
    computed: Mapping[str, str]
    source: str
    lowest: Decimal | None = None
    highest: Decimal | None = None
    optional: bool = False
    asked: bool = True


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure: a value, and for a share or an average out of or over how many.

    Of a share ``value`` is the numerator; a share or an average over nobody has ``number`` 0.
    """

    value: Decimal
    number: int | None = None


class Channel(StrEnum):
    """How a figure came in."""

    FORM = "form"
    API = "api"


class Step(StrEnum):
    """A reminder, by when it falls."""

    BEFORE = "before"
    LATE = "late"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Request:
    """What a subcontractor was asked for a quarter; ``kpis`` are ids with the version of their definition."""

    id: int
    contract_id: int
    subcontractor: str
    quarter: Quarter
    kpis: tuple[tuple[str, int], ...]
    due_on: date
    note: str
    requested_at: datetime
    requested_by: str


@dataclass(frozen=True, slots=True)
class Stored:
    """A version of a figure as handed in; ``known`` is what we had worked out ourselves at that moment."""

    kpi: str
    version: int
    kpi_version: int
    measured: Measured
    known: Measured | None
    explanation: str
    reason: str
    channel: Channel
    submitted_at: datetime
    submitted_by: str


@dataclass(frozen=True, slots=True)
class Written:
    """A figure as it was written: texts of value, number and explanation; ``agreed`` confirms what is known."""

    kpi: str
    value: str = ""
    number: str = ""
    explanation: str = ""
    agreed: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What becomes of a written figure: taken as ``measured``, or refused with every reason.

    ``changed`` is whether it says something new; one that repeats what stands is stored no second time.
    """

    kpi: str
    measured: Measured | None
    explanation: str = ""
    findings: tuple[Finding, ...] = ()
    changed: bool = False

    @property
    def reasons(self) -> tuple[Finding, ...]:
        """Why it is refused."""
        return errors(self.findings)


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of a request with all that is known of it: the definition, our own value, and every version."""

    kpi: Kpi
    known: Measured | None
    versions: tuple[Stored, ...] = ()

    @property
    def latest(self) -> Stored | None:
        """The version that holds."""
        return self.versions[-1] if self.versions else None

    @property
    def needed(self) -> bool:
        """Whether the request is not complete without it: it is asked, must be given and we do not know it."""
        return self.latest is None and self.known is None and self.kpi.asked and not self.kpi.optional

    @property
    def stands(self) -> Measured | None:
        """The figure that holds: as handed in, else as we worked it out."""
        return self.latest.measured if self.latest is not None else self.known


@dataclass(frozen=True, slots=True)
class Form:
    """A request with its figures, as somebody looks at it."""

    request: Request
    lines: tuple[Line, ...]
    reminders: Mapping[Step, date] = field(default_factory=dict)

    @property
    def handed_in(self) -> bool:
        """Whether the subcontractor handed in everything that was asked."""
        said = not self.lines or any(line.versions for line in self.lines)
        return said and not any(line.needed for line in self.lines)

    @property
    def last(self) -> datetime | None:
        """When something was handed in last."""
        moments = [one.submitted_at for line in self.lines for one in line.versions]
        return max(moments) if moments else None

    def late(self, today: date) -> bool:
        """Whether the term has passed without everything being handed in."""
        return not self.handed_in and today > self.request.due_on
