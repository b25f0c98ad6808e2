"""A second opinion on the checks of declarations: one line at a time, in plain Python, from the text of the rules.

It shares no rule with the check engine. The set-based engine must come to the same verdict on every line,
whatever the world looks like.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from lead_contractor.allocation.model import Allocation
from subcontractors.agreements.model import Agreement, FormCode, Tariff
from subcontractors.declarations.model import Declaration, Line

EURO, HOUR, MINUTE = "83", "04", "01"
OUTPUT = ("82", "83")
SUNDAY = 7

CODE_OF_RULE = {
    "TR304": "8187",
    "TR307": "9307",
    "TR308": "9308",
    "TR314": "8021",
    "TR319": "9319",
    "TR321": "9321",
    "TR322": "9322",
    "TR323": "8017",
    "TR338": "9338",
    "TR339": "9339",
    "TR340": "9340",
    "TR341": "9341",
    "TR346": "9346",
    "TR369": "9369",
    "TR384": "9384",
    "TR387": "9387",
    "TR388": "9388",
    "TR389": "9389",
    "TR390": "9390",
    "TR418": "0611",
}
"""The rules of a line, in the order of their numbers, with their return codes."""


@dataclass(frozen=True)
class Sent:
    """A message as it was sent: head and lines, and something that is equal for equal content only."""

    head: Declaration
    lines: tuple[Line, ...]
    content: str = ""


@dataclass(frozen=True)
class World:
    """What a message is held against."""

    allocations: tuple[Allocation, ...]
    agreements: tuple[Agreement, ...]
    tariffs: tuple[Tariff, ...]
    cut_off: date
    corrections_until: date

    def __repr__(self) -> str:
        """What differs between worlds in the tests."""
        return f"World{self.allocations}"


@dataclass(frozen=True)
class LineVerdict:
    """The return codes of a line; ``in_time`` is None for a line that is not granted."""

    reference: str
    codes: tuple[str, ...]
    in_time: bool | None


@dataclass(frozen=True)
class Verdict:
    """What becomes of a message."""

    status: str
    message_codes: tuple[str, ...] = ()
    declaration_codes: tuple[str, ...] = ()
    submitted: int = 0
    granted: int = 0
    lines: tuple[LineVerdict, ...] = ()


@dataclass
class Granted:
    """A line that was granted, with what happened to it since."""

    sender: str
    line: Line
    in_time: bool
    credited: bool = False


@dataclass
class Memory:
    """What earlier messages and lines used up."""

    content: set[tuple[str, str, str]] = field(default_factory=set)
    identifications: set[tuple[str, str]] = field(default_factory=set)
    numbers: set[tuple[str, str]] = field(default_factory=set)
    references: set[tuple[str, str]] = field(default_factory=set)
    granted: list[Granted] = field(default_factory=list)

    def debits(self, sender: str) -> Iterator[Granted]:
        return (one for one in self.granted if one.sender == sender and not one.line.credit)

    def net(self, sender: str, allocation: str) -> Iterator[tuple[int, Line]]:
        """Granted lines of an allocation, with their sign."""
        for one in self.granted:
            if one.sender == sender and int(one.line.allocation) == int(allocation):
                yield (-1 if one.line.credit else 1), one.line


def judge(world: World, messages: Iterable[Sent]) -> list[Verdict]:
    """Judge messages in the order of processing: day, sender, identification (and content, where all is equal)."""
    memory = Memory()
    return [judge_message(world, memory, sent) for sent in sorted(messages, key=order)]


def order(sent: Sent) -> tuple[object, ...]:
    return sent.head.received, sent.head.sender, sent.head.identification, sent.content


def judge_message(world: World, memory: Memory, sent: Sent) -> Verdict:
    head, lines = sent.head, sent.lines
    submitted = sum(signed(line) for line in lines)
    broken = tuple(broken_by_itself(head, lines))
    me = (head.sender, head.identification)
    if (*me, sent.content) in memory.content:
        return Verdict("duplicate", submitted=submitted)
    memory.content.add((*me, sent.content))
    if broken:
        return Verdict("refused_content", broken, submitted=submitted)
    if me in memory.identifications:
        return Verdict("answered", ("9056",), submitted=submitted)
    memory.identifications.add(me)
    number = (head.sender, head.number)
    if number in memory.numbers:
        return Verdict("answered", (), ("9333",), submitted=submitted)
    memory.numbers.add(number)
    found: dict[int, LineVerdict] = {}
    for line in sorted(lines, key=lambda line: (not line.credit, line.position)):
        found[line.position] = judge_line(world, memory, head, line)
    granted = sum(signed(line) for line in lines if not found[line.position].codes)
    whole = all(not verdict.codes for verdict in found.values())
    return Verdict(
        "answered",
        (),
        ("8001",) if whole else (),
        submitted,
        granted,
        tuple(found[line.position] for line in sorted(lines, key=lambda line: line.position)),
    )


def signed(line: Line) -> int:
    return -int(line.amount) if line.credit else int(line.amount)


def judge_line(world: World, memory: Memory, head: Declaration, line: Line) -> LineVerdict:
    rules = set(broken_rules(world, memory, head, line))
    codes = tuple(code for rule, code in CODE_OF_RULE.items() if rule in rules)
    memory.references.add((head.sender, line.reference))
    if codes:
        return LineVerdict(line.reference, codes, None)
    in_time = counts_in_time(world, memory, head, line)
    if line.credit:
        for debit in memory.debits(head.sender):
            if debit.line.reference == line.previous_reference:
                debit.credited = True
    memory.granted.append(Granted(head.sender, line, in_time))
    return LineVerdict(line.reference, (), in_time)


def counts_in_time(world: World, memory: Memory, head: Declaration, line: Line) -> bool:
    """New lines until the cut-off; credits and what replaces a credited line until the end of corrections."""
    if line.credit:
        corrected = [one for one in memory.debits(head.sender) if one.line.reference == line.previous_reference]
    else:
        corrected = [one for one in memory.debits(head.sender) if one.credited and slot(one.line) == slot(line)]
    if not corrected:
        return head.received <= world.cut_off
    return corrected[-1].in_time and head.received <= world.corrections_until


def slot(line: Line) -> tuple[object, ...]:
    """What there may be one open debit of: allocation, product and product period (TR389, TR416)."""
    return line.allocation, line.category, line.product_code, line.period_from, line.period_to


def broken_rules(world: World, memory: Memory, head: Declaration, line: Line) -> Iterator[str]:
    own = [one for one in world.allocations if one.subcontractor == head.sender]
    allocation = next((one for one in own if int(one.number) == int(line.allocation)), None)
    if all(one.bsn != line.bsn for one in own) or (allocation is not None and allocation.bsn != line.bsn):
        yield "TR304"
    if (head.sender, line.reference) in memory.references:
        yield "TR314"
    if line.period_to > head.period_to:
        yield "TR319"
    if line.credit:
        yield from broken_by_credit(memory, head.sender, line)
    if not amount_is_right(world, head.sender, line):
        yield "TR346"
    if not tariff_is_right(world, head.sender, line, allocation):
        yield "TR418"
    if allocation is None:
        yield "TR338"
        return
    yield from broken_on_allocation(world, head.sender, line, allocation)
    if not line.credit:
        yield from broken_by_sums(
            memory, head.sender, line, allocation, unit_fits(world, head.sender, line, allocation)
        )


def broken_on_allocation(world: World, sender: str, line: Line, allocation: Allocation) -> Iterator[str]:
    month_first = line.period_from.replace(day=1)
    month_last = (line.period_to.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    if line.period_from < allocation.start:
        yield "TR307"
    if allocation.end is not None and line.period_to > allocation.end:
        yield "TR308"
    if line.period_from not in (month_first, allocation.start):
        yield "TR387"
    if line.period_to not in (month_last, allocation.end):
        yield "TR388"
    if allocation.category and line.category != allocation.category:
        yield "TR339"
    if allocation.product_code and line.product_code != allocation.product_code:
        yield "TR340"
    if not unit_fits(world, sender, line, allocation):
        yield "TR341"
    if allocation.reason_change == "13":
        yield "TR384"


def broken_by_credit(memory: Memory, sender: str, line: Line) -> Iterator[str]:
    key = (line.previous_reference, line.allocation)
    debit = next((one for one in memory.debits(sender) if (one.line.reference, one.line.allocation) == key), None)
    if debit is None or everything_but_references(debit.line) != everything_but_references(line):
        yield "TR323"
    if debit is not None and debit.credited:
        yield "TR390"


def everything_but_references(line: Line) -> tuple[object, ...]:
    return (line.bsn, *slot(line), line.volume, line.unit, line.tariff, line.amount)


def broken_by_sums(memory: Memory, sender: str, line: Line, allocation: Allocation, fits: bool) -> Iterator[str]:
    """Volume in the period and over the term, budget, and one open debit per period."""
    earlier = list(memory.net(sender, allocation.number))
    if fits and allocation.volume is not None:
        scale = 60 if allocation.unit == HOUR else 1
        most = most_in_period(allocation, line.period_from, line.period_to)
        if most is not None and in_small_units(line, allocation) > most * scale:
            yield "TR321"
        most = most_over_term(allocation)
        used = sum(sign * in_small_units(one, allocation) for sign, one in earlier)
        if most is not None and used + in_small_units(line, allocation) > most * scale:
            yield "TR322"
    if allocation.budget is not None:
        spent = sum(sign * int(one.amount) for sign, one in earlier)
        if spent + line.amount > allocation.budget:
            yield "TR369"
    if any(not one.credited and slot(one.line) == slot(line) for one in memory.debits(sender)):
        yield "TR389"


def in_small_units(line: Line, allocation: Allocation) -> int:
    """Minutes where hours were allocated, else the unit itself."""
    return line.volume * 60 if allocation.unit == HOUR and line.unit == HOUR else line.volume


def every_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def iso_weeks(first: date, last: date) -> int:
    return len({day.isocalendar()[:2] for day in every_day(first, last)})


def output_weeks(allocation: Allocation, first: date, last: date) -> int:
    """Sundays in the product period; the last broken week goes where the last Sunday is, or else the last day."""
    counted = sum(day.isoweekday() == SUNDAY for day in every_day(first, last))
    if allocation.end is None or allocation.end.isoweekday() == SUNDAY:
        return counted
    sundays = [day for day in every_day(allocation.start, allocation.end) if day.isoweekday() == SUNDAY]
    decides = sundays[-1] if sundays else allocation.end
    return counted + (first <= decides <= last)


def most_in_period(allocation: Allocation, first: date, last: date) -> int | None:
    assert allocation.volume is not None
    if allocation.frequency == "1":
        return allocation.volume * len(every_day(first, last))
    if allocation.frequency == "2":
        if allocation.category == "01":
            return allocation.volume * 6
        if allocation.unit in OUTPUT:
            return allocation.volume * output_weeks(allocation, first, last)
        return allocation.volume * iso_weeks(first, last)
    return allocation.volume


def most_over_term(allocation: Allocation) -> int | None:
    assert allocation.volume is not None
    if allocation.end is None:
        return None
    days = every_day(allocation.start, allocation.end)
    if allocation.frequency == "1":
        return allocation.volume * len(days)
    if allocation.frequency == "2":
        if allocation.unit in OUTPUT and allocation.category != "01":
            return allocation.volume * output_weeks(allocation, allocation.start, allocation.end)
        return allocation.volume * iso_weeks(allocation.start, allocation.end)
    if allocation.frequency == "4":
        return allocation.volume * len({(day.year, day.month) for day in days})
    return allocation.volume


def tariffs_of(world: World, sender: str, line: Line) -> list[Tariff]:
    """The agreed tariffs of a product on the first day of the product period."""
    return [
        one
        for one in world.tariffs
        if one.subcontractor == sender
        and one.product_code == line.product_code
        and one.valid_from <= line.period_from
        and (one.valid_to is None or line.period_from <= one.valid_to)
    ]


def same_unit(line: Line, unit: str) -> bool:
    return line.unit == unit or (line.unit == MINUTE and unit == HOUR)


def unit_fits(world: World, sender: str, line: Line, allocation: Allocation) -> bool:
    """TR341: the unit of the allocation, minutes for hours; without one, the units that were agreed."""
    if allocation.unit is not None:
        return same_unit(line, allocation.unit)
    agreed = tariffs_of(world, sender, line)
    return not agreed or any(same_unit(line, one.unit) for one in agreed)


def rounded(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def amount_is_right(world: World, sender: str, line: Line) -> bool:
    """TR346: volume × tariff; minutes on an hour tariff: hour tariff × minutes / 60, rounded once."""
    if line.unit == EURO or line.tariff is None:
        return True
    agreed = {one.unit: one.tariff for one in tariffs_of(world, sender, line)}
    if line.unit == MINUTE and MINUTE not in agreed and HOUR in agreed:
        return int(line.amount) == rounded(Decimal(agreed[HOUR]) * line.volume / 60)
    return int(line.amount) == line.volume * int(line.tariff)


def covering(world: World, sender: str, line: Line) -> Agreement | None:
    """The agreement of the sender that has the product on the first day: by its code, else its category, else all."""
    valid = [one for one in world.agreements if one.subcontractor == sender and line.period_from in one.validity]
    for fits in (
        [one for one in valid if line.product_code in one.products],
        [one for one in valid if line.category in one.products],
        [one for one in valid if not one.products],
    ):
        if fits:
            return fits[0]
    return None


def line_costs(world: World, sender: str, line: Line) -> bool:
    """Only lines under P×Q cost what they say; others count as production, at nil cost."""
    agreement = covering(world, sender, line)
    return agreement is not None and agreement.form is FormCode.PXQ


def tariff_is_right(world: World, sender: str, line: Line, allocation: Allocation | None) -> bool:
    """TR418: an agreement covers the product, and the declared tariff is the agreed one."""
    agreement = covering(world, sender, line)
    if agreement is None:
        return False
    if line.unit == EURO:
        return True
    agreed = tariffs_of(world, sender, line)
    if not agreed:
        return agreement.form is not FormCode.PXQ
    by_unit = {one.unit: int(one.tariff) for one in agreed}
    if line.unit == MINUTE and MINUTE not in by_unit and HOUR in by_unit:
        by_unit[MINUTE] = rounded(Decimal(by_unit[HOUR]) / 60)
    if line.tariff == by_unit.get(line.unit):
        return True
    if allocation is not None and not unit_fits(world, sender, line, allocation):
        return any(one.tariff == line.tariff for one in agreed)
    return False


def broken_by_itself(head: Declaration, lines: Sequence[Line]) -> Iterator[str]:
    """The rules inside one message (level 2) that refuse it as a whole."""
    keys = [(line.bsn, line.reference, line.previous_reference) for line in lines]
    if any(count > 1 for count in Counter(keys).values()):
        yield "TR101"
    if head.period_to > head.received or any(line.period_to > head.received for line in lines):
        yield "TR137"
    taken_back = [line.previous_reference for line in lines if line.previous_reference]
    if len(taken_back) != len(set(taken_back)):
        yield "TR315"
    if {line.reference for line in lines} & set(taken_back):
        yield "TR316"
    if any(line.period_to < head.dated.replace(year=head.dated.year - 5) for line in lines):
        yield "TR335"
    if head.total is not None and head.total != sum(signed(line) for line in lines):
        yield "TR358"
    debits = [slot(line) for line in lines if not line.credit]
    if len(debits) != len(set(debits)):
        yield "TR416"
