"""Early warnings as values: what crosses which limit how surely, and what became of it.

All amounts are whole cents. A signal has a key; under one key it is raised once per crossing, and again only after it
fell back, or when it became surer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from lead_contractor.access.hand import Hand
from lead_contractor.kernel.money import Cents


class Kind(StrEnum):
    """What a signal is about, in the order in which a list shows equal ones."""

    YEAR = "year"
    """The cost of the year against what there is for it."""
    RUN_OUT = "run_out"
    """The money runs out before long."""
    CEILING = "ceiling"
    """The production of an agreement against its ceiling (rule 20)."""
    CEILING_SIGNAL = "ceiling_signal"
    """The production of an agreement reached the agreed percentage of its ceiling (rule 20)."""
    BUDGET_LINE = "budget_line"
    """The forecast of a product or subcontractor against its budget."""
    UNDER_USE_YEAR = "under_use_year"
    """The cost of the year stays far below what there is for it."""
    UNDER_USE = "under_use"
    """The forecast of a product or subcontractor stays far below its budget."""
    MARGIN = "margin"
    """The margin on the year ends above its cap: money goes back, or to what was agreed."""
    UTILISATION = "utilisation"
    """The use of allocations far from what it was, or from that of others."""
    DECLARATION_MISSING = "declaration_missing"
    """A month that is due and was not declared, while allocations were open."""
    INACTIVE = "inactive"
    """No care for months: a candidate for notice (rule 45)."""


class Level(StrEnum):
    """How surely a limit is crossed; later ones are surer.

    The bounds are those of the band in which the year ends with 80 % certainty.
    """

    MAY = "may"
    """The upper bound lies above the limit, the lower one does not: it may."""
    ALMOST_SURE = "almost_sure"
    """The lower bound lies above the limit: at most one chance in ten that it does not."""
    FACT = "fact"
    """It is so by what was received already."""

    @property
    def rank(self) -> int:
        """From 1 on, surer is higher."""
        return tuple(Level).index(self) + 1


PROVIDER_KINDS = frozenset({Kind.CEILING, Kind.CEILING_SIGNAL, Kind.DECLARATION_MISSING})
"""What a subcontractor is told about itself."""
MUNICIPALITY_KINDS = frozenset({Kind.YEAR, Kind.RUN_OUT, Kind.UNDER_USE_YEAR, Kind.MARGIN})
"""What the municipality is told: never anything about one subcontractor or about few people."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """A limit that is crossed on a day.

    Attributes:
        kind: of what kind the limit is.
        about: which limit of its kind.
        level: how surely.
        stake: the euros at stake, zero or more.
        subcontractor: AGB code of whom it is about; empty where it is about more.
        product_code: the product it is about; empty where it is about more.
        figures: what it is told with, as plain strings: cents, days, months, percentages and counts by name.
    """

    kind: Kind
    about: str
    level: Level
    stake: Cents
    subcontractor: str = ""
    product_code: str = ""
    figures: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Under which it is known."""
        return f"{self.kind.value}:{self.about}"


@dataclass(frozen=True, slots=True)
class Found:
    """What crosses a limit, and the keys of what would not be raised now but is not cleared yet either."""

    crossings: tuple[Crossing, ...] = ()
    holding: frozenset[str] = frozenset()


def together(several: Iterable[Found]) -> Found:
    """All that was found."""
    every = tuple(several)
    return Found(
        tuple(crossing for one in every for crossing in one.crossings),
        frozenset().union(*(one.holding for one in every)),
    )


class EventKind(StrEnum):
    """What happened to a signal."""

    RAISED = "raised"
    """It crossed, or became surer."""
    LOWERED = "lowered"
    """It still crosses, less surely."""
    ACKNOWLEDGED = "acknowledged"
    """Somebody saw it and wrote down what is done."""
    CLEARED = "cleared"
    """It fell back."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a signal; never changed.

    Attributes:
        id: its number under the lead contractor; later events have higher ones.
        kind: what happened.
        crossing: as it stood then.
        as_of: the day that was looked at.
        at: when.
        by: who acknowledged; ``None`` for what was evaluated.
        note: what was written down with it.
    """

    id: int
    kind: EventKind
    crossing: Crossing
    as_of: date
    at: datetime
    by: Hand | None = None
    note: str = ""


class State(StrEnum):
    """How a signal stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal with what became of it, in order.

    Attributes:
        state: how it stands.
        crossing: as it stood on ``day``.
        since: the day of its last crossing.
        day: the day of the figures: that of the newest look while it crosses, else that of its last event.
        events: all that happened under its key.
    """

    state: State
    crossing: Crossing
    since: date
    day: date
    events: tuple[Event, ...]

    @property
    def key(self) -> str:
        """Under which it is known."""
        return self.crossing.key

    @property
    def acknowledged(self) -> Event | None:
        """The last acknowledgement; ``None`` where nobody saw it yet."""
        return next((one for one in reversed(self.events) if one.kind is EventKind.ACKNOWLEDGED), None)


class ExemptionReason(StrEnum):
    """Why an inactive subcontractor is no candidate for notice (rule 45)."""

    UNIQUE_OFFER = "unique_offer"
    SHORTAGE = "shortage"
    SATISFACTION = "satisfaction"


@dataclass(frozen=True, slots=True)
class Exemption:
    """An exemption as it was recorded; the newest of a subcontractor counts.

    Attributes:
        subcontractor: AGB code.
        reason: why; ``None`` takes an earlier exemption back.
        score: the measured satisfaction in hundredths (850 is 8.5), with that reason.
        measured_on: the day it was measured, with that reason.
        note: what was written down with it.
    """

    subcontractor: str
    reason: ExemptionReason | None
    score: int | None
    measured_on: date | None
    note: str
    by: Hand
    at: datetime
