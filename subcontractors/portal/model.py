"""What a provider sees of its own declarations: contract years, months, messages, lines, and a file under pre-check."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from lead_contractor.kernel.money import Cents, total
from lead_contractor.kernel.periods import MONTHS_IN_YEAR, Month
from lead_contractor.kernel.refusals import Refusal
from subcontractors.agreements.notices import CeilingNotice
from subcontractors.clocks.model import Worklist
from subcontractors.declarations.model import Status
from subcontractors.declarations.suggestions import Suggestion
from subcontractors.portal.outlook import Missing, Outlook

DECLARATION, START, STOP = "323", "305", "307"


@dataclass(frozen=True, slots=True)
class Provider:
    """A subcontractor with the one lead contractor for whom it looks; ``agb`` has eight digits."""

    lead_contractor_id: int
    agb: str


@dataclass(frozen=True, slots=True)
class Year:
    """A contract year in which the provider takes part; after ``cut_off`` new lines belong to no settlement."""

    contract_id: int
    year: int
    municipality_name: str
    municipality_code: str
    cut_off: date
    corrections_until: date
    final_at: datetime | None

    @property
    def closed(self) -> bool:
        """Whether the year is settled for good: nothing more is taken in."""
        return self.final_at is not None


@dataclass(frozen=True, slots=True)
class Sent:
    """A stored message of the provider; amounts are debits less credits, ``refused`` counts lines."""

    id: int
    kind: str
    number: str
    identification: str
    file: str
    period: Month | None
    received: date | None
    status: Status
    assessed: bool
    submitted: Cents
    granted: Cents
    lines: int
    refused: int

    @property
    def answered(self) -> bool:
        """Whether the message was answered, rather than refused whole or a duplicate."""
        return self.status is Status.ANSWERED

    @property
    def turned_back(self) -> bool:
        """Whether the message was refused as a whole; a duplicate was not."""
        return self.status in (Status.REFUSED_STRUCTURE, Status.REFUSED_CONTENT)


class State(StrEnum):
    """How a month stands."""

    NOTHING = "nothing"
    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"
    TURNED_BACK = "turned_back"


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """A declaration month in figures: only answered messages count in amounts and lines."""

    month: Month
    declarations: int
    turned_back: int
    lines: int
    refused: int
    submitted: Cents
    granted: Cents

    @property
    def accepted(self) -> int:
        """How many lines were granted."""
        return self.lines - self.refused

    @property
    def state(self) -> State:
        """How the month stands, in one word."""
        if self.lines == 0:
            return State.TURNED_BACK if self.turned_back else State.NOTHING
        if self.refused == 0:
            return State.GRANTED
        return State.PARTLY if self.accepted else State.REFUSED


def figures_of(month: Month, sent: Iterable[Sent]) -> MonthFigures:
    """A month in figures, out of all messages of the year."""
    own = [one for one in sent if one.period == month]
    answered = [one for one in own if one.answered]
    return MonthFigures(
        month=month,
        declarations=len(own),
        turned_back=sum(one.turned_back for one in own),
        lines=sum(one.lines for one in answered),
        refused=sum(one.refused for one in answered),
        submitted=total(one.submitted for one in answered),
        granted=total(one.granted for one in answered),
    )


def months_of(year: int) -> tuple[Month, ...]:
    """The months of a calendar year."""
    return tuple(Month(year, number) for number in range(1, MONTHS_IN_YEAR + 1))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file under pre-check that was not submitted yet, as a list has it."""

    token: str
    name: str
    arrived_at: datetime


@dataclass(frozen=True, slots=True)
class Overview:
    """A contract year of the provider: its messages by kind, in the order of processing."""

    year: Year
    years: tuple[Year, ...]
    declarations: tuple[Sent, ...]
    reports: tuple[Sent, ...]
    outlook: Outlook = field(default_factory=Outlook)
    missing: tuple[Missing, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    worklists: tuple[Worklist, ...] = ()
    notices: tuple[CeilingNotice, ...] = ()

    @property
    def months(self) -> tuple[MonthFigures, ...]:
        """The months of the year, and those outside it for which something was declared."""
        inside = months_of(self.year.year)
        outside = {one.period for one in self.declarations if one.period is not None} - set(inside)
        return tuple(figures_of(month, self.declarations) for month in sorted({*inside, *outside}))

    def latest(self) -> Month | None:
        """The last month for which an answer stands; where there is none, for which anything came in."""
        for found in (
            [one.period for one in self.declarations if one.period and one.answered],
            [one.period for one in self.declarations if one.period],
        ):
            if found:
                return max(found)
        return None


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A declared line as its own provider sees it; ``bsn`` is whole and only for downloads, ``masked`` for screens.

    ``id`` names a stored line, and is meaningless under pre-check; ``mark`` is by what the provider knows the client;
    ``undone`` says that a granted line was taken back by a credit.
    """

    reference: str
    previous_reference: str
    bsn: str
    allocation: str
    category: str
    product_code: str
    period_from: date
    period_to: date
    volume: int
    unit: str
    tariff: Cents | None
    amount: Cents
    credit: bool
    codes: tuple[str, ...]
    id: int = 0
    mark: str = ""
    undone: bool = False
    position: int = 0

    @property
    def accepted(self) -> bool:
        """Whether the line is granted."""
        return not self.codes

    @property
    def can_be_undone(self) -> bool:
        """Whether a credit may take it back: only of a granted debit, and once (TR323, TR390)."""
        return self.accepted and not self.credit and not self.undone

    @property
    def masked(self) -> str:
        """The BSN as screens show it: its last three digits."""
        return masked(self.bsn)


@dataclass(frozen=True, slots=True)
class ShownReport:
    """A start or stop as its own provider sees it; ``end`` only for a stop, inclusive.

    ``codes`` say why it is refused; a refused one counts as never sent.
    """

    masked: str
    allocation: str
    product_code: str
    begin: date
    end: date | None
    withdrawn: bool
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """A message with what is, or would be, answered to it. ``id`` is meaningless for what is not stored.

    ``remarks`` refuse nothing and are made while reading, so only a file under pre-check has them.
    """

    id: int
    kind: str
    file: str
    channel: str
    status: Status
    number: str
    identification: str
    period: Month | None
    received: date | None
    codes: tuple[str, ...]
    faults: tuple[str, ...]
    submitted: Cents
    granted: Cents
    lines: tuple[ShownLine, ...] = ()
    reports: tuple[ShownReport, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def refused(self) -> tuple[ShownLine, ...]:
        """The lines that are not granted."""
        return tuple(line for line in self.lines if not line.accepted)

    @property
    def refused_first(self) -> tuple[ShownLine, ...]:
        """All lines, those that ask for attention first."""
        return tuple(sorted(self.lines, key=lambda line: line.accepted))

    @property
    def has_325(self) -> bool:
        """Whether a WMO325 answers the message."""
        return self.channel == "xml" and self.status in (Status.ANSWERED, Status.REFUSED_CONTENT)


@dataclass(frozen=True, slots=True)
class GrantedLine:
    """A granted line that was not taken back: where it is stored, and for what it was granted (days inclusive)."""

    line_id: int
    message_id: int
    allocation: str
    product_code: str
    period_from: date
    period_to: date

    def excludes(self, line: ShownLine) -> bool:
        """Whether it is why another line cannot be granted: same allocation and product, and a day in common."""
        same = (self.allocation, self.product_code) == (line.allocation, line.product_code)
        return same and self.period_from <= line.period_to and line.period_from <= self.period_to


ALREADY_GRANTED = "9389"
"""The return code of a line for which another was granted before (TR389)."""


@dataclass(frozen=True, slots=True)
class Change:
    """A value that its provider changed in a line under pre-check: what stood there and what stands there now."""

    reference: str
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A file under pre-check; ``token`` is secret to its provider.

    ``channel`` is ``form`` where lines were typed here; ``changes`` were made after the first check.
    """

    token: str
    contract_id: int
    name: str
    content: bytes
    channel: str = ""
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class PreCheck:
    """What would become of a file if it were submitted now; nothing of it is stored."""

    token: str
    name: str
    year: Year
    messages: tuple[Verdict, ...]
    channel: str = ""
    changes: tuple[Change, ...] = ()
    foreign: str = ""
    offered: tuple[Suggestion, ...] = ()
    before: tuple[GrantedLine, ...] = ()
    rooms: Mapping[tuple[str, str, Month, str], int] = field(default_factory=dict)

    def room(self, line: ShownLine) -> int | None:
        """The most that fits in the month of a refused line, in its unit; ``None`` where nothing limits it."""
        return self.rooms.get((line.allocation, line.product_code, Month.of(line.period_from), line.unit))

    def granted_before(self, line: ShownLine) -> GrantedLine | None:
        """The granted line that stands in the way of this one; no repair of this one helps."""
        if ALREADY_GRANTED not in line.codes:
            return None
        return next((one for one in self.before if one.excludes(line)), None)

    @property
    def together(self) -> tuple[Suggestion, ...]:
        """What may be taken over for all lines at once: format and tariff, never volume or dates."""
        return tuple(one for one in self.offered if one.in_bulk)

    @property
    def by_row(self) -> dict[int, tuple[Suggestion, ...]]:
        """What may be taken over row by row in a file that could not be read: dates."""
        found: dict[int, tuple[Suggestion, ...]] = {}
        for one in self.offered:
            if one.row is not None and not one.in_bulk:
                found[one.row] = (*found.get(one.row, ()), one)
        return found

    def for_line(self, number: str, position: int) -> tuple[Suggestion, ...]:
        """What is suggested for one line."""
        return tuple(one for one in self.offered if (one.declaration, one.position) == (number, position))

    @property
    def lines(self) -> tuple[ShownLine, ...]:
        """All lines of all messages that can be answered."""
        return tuple(line for one in self.messages for line in one.lines)

    @property
    def refused(self) -> int:
        """How many lines would be refused."""
        return sum(not line.accepted for line in self.lines)

    @property
    def reports(self) -> int:
        """How many starts and stops are in it."""
        return sum(len(one.reports) for one in self.messages)

    @property
    def refused_reports(self) -> int:
        """How many of them would be refused."""
        return sum(bool(report.codes) for one in self.messages for report in one.reports)

    @property
    def amounts(self) -> tuple[Cents, Cents]:
        """What would be submitted and what granted."""
        answered = [one for one in self.messages if one.status is Status.ANSWERED]
        return total(one.submitted for one in answered), total(one.granted for one in answered)

    @property
    def problem(self) -> Problem | None:
        """Why the file cannot be submitted; ``None`` when it can."""
        if self.year.closed:
            return Problem.CLOSED
        if self.foreign:
            return Problem.FOREIGN
        return problem_of([one.status for one in self.messages])


class Problem(StrEnum):
    """Why an upload is not taken."""

    MISSING = "missing"
    EMPTY = "empty"
    KIND = "kind"
    TOO_LARGE = "too_large"
    FOREIGN = "foreign"
    CLOSED = "closed"
    FAULTY = "faulty"
    DUPLICATE = "duplicate"
    TOO_MANY = "too_many"


def problem_of(statuses: Sequence[Status]) -> Problem | None:
    """Why messages that were read together cannot be submitted: one is refused whole, or all were sent before."""
    if any(status in (Status.REFUSED_STRUCTURE, Status.REFUSED_CONTENT) for status in statuses):
        return Problem.FAULTY
    if all(status is Status.DUPLICATE for status in statuses):
        return Problem.DUPLICATE
    return None


class UploadRefused(Refusal):
    """An upload was refused and nothing was stored; ``named`` is what the file says instead (a foreign sender)."""

    http_status = 422

    def __init__(self, problem: Problem, named: str = "") -> None:
        self.problem = problem
        self.named = named
        super().__init__(f"Het bestand is niet aangenomen ({problem.value}).")


def masked(bsn: str) -> str:
    """A BSN of which only the last three digits show."""
    return "*" * max(0, len(bsn) - 3) + bsn[-3:]
