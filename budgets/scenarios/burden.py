"""How much paperwork each form of financing takes, measured from our own counts; pure.

Counts are kept per subcontractor and agreement, and added up here per form or per subcontractor. A message that is
about no agreement (a start, a stop, a request) goes to the form of its sender where that has only one, and else to
nobody's: it is shown as such and never divided.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from fractions import Fraction

from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.rounding import decimal_places
from subcontractors.agreements.model import FormCode

HUNDRED_THOUSAND = 100_000_00
"""In cents: what paperwork is shown per."""


@dataclass(frozen=True, slots=True)
class PaperCount:
    """The paperwork of one agreement of a subcontractor, or of what is about none (``agreement`` and ``form`` empty).

    Attributes:
        declarations: messages that hold lines of it.
        lines: lines in them.
        refused: lines that were refused.
        credits: lines that took an earlier one back.
        redone: deliveries that were refused first and accepted later.
        reports: messages of another kind that came in: starts, stops and requests.
        refused_messages: messages of which nothing was judged: refused in whole, or sent before.
        answers: messages that went out: answers on declarations, returns, allocations.
        short_returns: short returns of FTE, hours or occupancy, changed ones too.
        changed_returns: of those, the ones that changed an earlier one.
        payments: runs in which it was paid.
        clients: different people in its lines.
        minutes: time in accepted lines.
        cents: what it has cost so far.
        paid_cents: what was paid of it.
        paid_day_cents: each amount paid times the days from the end of its service month to its payment.
    """

    subcontractor: str
    agreement: str = ""
    form: FormCode | None = None
    declarations: int = 0
    lines: int = 0
    refused: int = 0
    credits: int = 0
    redone: int = 0
    reports: int = 0
    refused_messages: int = 0
    answers: int = 0
    short_returns: int = 0
    changed_returns: int = 0
    payments: int = 0
    clients: int = 0
    minutes: int = 0
    cents: int = 0
    paid_cents: int = 0
    paid_day_cents: int = 0


NUMBERS = tuple(one.name for one in fields(PaperCount) if one.name not in {"subcontractor", "agreement", "form"})
ACTS = (
    "declarations",
    "reports",
    "answers",
    "refused",
    "credits",
    "redone",
    "refused_messages",
    "short_returns",
    "payments",
)
"""What somebody has to do something for; lines that pass by themselves are not among them."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The counts of a contract year as of a day."""

    as_of: date
    rows: tuple[PaperCount, ...]


@dataclass(frozen=True, slots=True)
class Burden:
    """The paperwork of a form, or of one subcontractor in it.

    Attributes:
        form: ``None`` for what cannot be given to one form.
        subcontractor: empty where it is about all of them.
        subcontractors: how many.
        counts: the numbers of :class:`PaperCount` added up; of ``clients`` the sum over agreements.
    """

    form: FormCode | None
    subcontractor: str
    subcontractors: int
    counts: Mapping[str, int]

    @property
    def acts(self) -> int:
        """All that somebody has to do something for."""
        return sum(self.counts[name] for name in ACTS)

    def per_hundred_thousand(self, name: str = "") -> Fraction | None:
        """A number (or all acts) per € 100.000 of cost, to one decimal; ``None`` without cost."""
        cents = self.counts["cents"]
        if cents <= 0:
            return None
        number = self.counts[name] if name else self.acts
        return decimal_places(Fraction(number * HUNDRED_THOUSAND, cents), 1)

    def per_subcontractor(self, name: str = "") -> Fraction:
        """A number (or all acts) per subcontractor, to one decimal."""
        number = self.counts[name] if name else self.acts
        return decimal_places(Fraction(number, max(1, self.subcontractors)), 1)

    @property
    def refused_percent(self) -> Fraction | None:
        """Refused lines of a hundred, to one decimal; ``None`` without lines."""
        lines = self.counts["lines"]
        return decimal_places(Fraction(100 * self.counts["refused"], lines), 1) if lines else None

    @property
    def days_to_payment(self) -> Fraction | None:
        """From the end of the service month to the payment, on average per euro; ``None`` while nothing is paid."""
        paid = self.counts["paid_cents"]
        return decimal_places(Fraction(self.counts["paid_day_cents"], paid), 1) if paid else None

    @property
    def cost(self) -> Cents:
        """What it has cost so far."""
        return Cents(self.counts["cents"])


def by_form(rows: Sequence[PaperCount]) -> tuple[Burden, ...]:
    """The paperwork per form, in the order of the forms; last what belongs to no single one."""
    return _burdens(rows, with_subcontractors=False)


def by_subcontractor(rows: Sequence[PaperCount]) -> tuple[Burden, ...]:
    """The paperwork per form and subcontractor, in that order."""
    return _burdens(rows, with_subcontractors=True)


def _burdens(rows: Sequence[PaperCount], *, with_subcontractors: bool) -> tuple[Burden, ...]:
    groups: dict[tuple[FormCode | None, str], list[PaperCount]] = defaultdict(list)
    only = _only_form(rows)
    for row in rows:
        form = row.form or only.get(row.subcontractor)
        groups[form, row.subcontractor if with_subcontractors else ""].append(row)
    order: list[FormCode | None] = [*FormCode, None]
    return tuple(
        Burden(form, agb, len({row.subcontractor for row in found}), added(found))
        for (form, agb), found in sorted(groups.items(), key=lambda one: (order.index(one[0][0]), one[0][1]))
    )


def _only_form(rows: Iterable[PaperCount]) -> dict[str, FormCode]:
    """The form of each subcontractor that has one and no more."""
    forms: dict[str, set[FormCode]] = defaultdict(set)
    for row in rows:
        if row.form is not None:
            forms[row.subcontractor].add(row.form)
    return {agb: next(iter(known)) for agb, known in forms.items() if len(known) == 1}


def added(rows: Iterable[PaperCount]) -> dict[str, int]:
    """The numbers of rows, added up."""
    found = dict.fromkeys(NUMBERS, 0)
    for row in rows:
        for name in NUMBERS:
            found[name] += int(getattr(row, name))
    return found
