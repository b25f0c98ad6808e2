"""Small worlds for the check engine: agreements, tariffs, allocations, and messages with everything that can be wrong.

Most lines are right in most respects, so that they are granted, use something up and can be credited; each may
then be spoilt in one respect or more. All BSNs are test numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import strategies as st

from lead_contractor.allocation.model import Allocation, Frequency, Unit
from lead_contractor.kernel.money import Cents, total
from lead_contractor.kernel.periods import Month, Period, months_between
from subcontractors.agreements.model import Agreement, FormCode, Tariff
from subcontractors.declarations.model import Channel, Declaration, Line
from subcontractors.iwmo.writer import by_client, write_323
from tests.subcontractors.declarations.oracle import World

SENDERS = ("41410001", "65656055")
BSNS = ("999900006", "999900018", "999900031")
STRANGER = "999900043"
YEAR = Period.inclusive(date(2025, 1, 1), date(2025, 12, 31))
CUT_OFF, CORRECTIONS = date(2026, 3, 31), date(2026, 5, 31)
DAYS = (
    date(2025, 5, 6),
    date(2025, 6, 10),
    date(2025, 7, 7),
    CUT_OFF,
    CUT_OFF + timedelta(days=1),
    CORRECTIONS,
    CORRECTIONS + timedelta(days=1),
)
PRODUCTS = ("01A03", "02A03", "02A05", "03A01", "04A17")
NOT_AGREED = "05A01"
JANUARY, APRIL = date(2025, 1, 1), date(2025, 4, 30)
UNITS = ("01", "04", "14", "82", "83")
HEAD = (
    "declaration,period,received,subcontractor,reference,previous_reference,bsn,allocation,category,product_code,"
    "from,to,volume,unit,tariff,amount,debit_credit\n"
)


def _agreed(sender: str) -> list[Agreement]:
    first_half = Period.inclusive(date(2025, 1, 1), date(2025, 2, 28))
    return [
        Agreement(f"A-{sender}", sender, FormCode.PXQ, YEAR, ("02A05", "02"), None),
        Agreement(f"B-{sender}", sender, FormCode.PXQ, YEAR, ("01",), None),
        Agreement(f"C-{sender}", sender, FormCode.FTE, first_half, ("03A01",), None),
        Agreement(f"D-{sender}", sender, FormCode.TRAJECTORY, YEAR, ("04A17",), None),
    ]


def _priced(sender: str) -> list[Tariff]:
    january, march = JANUARY, date(2025, 3, 1)
    return [
        Tariff(sender, "01A03", "04", Cents(5580), january, date(2025, 2, 28)),
        Tariff(sender, "01A03", "04", Cents(5857), march),
        Tariff(sender, "02A03", "04", Cents(8735), january),
        Tariff(sender, "02A05", "14", Cents(12000), january, date(2025, 2, 28)),
        Tariff(sender, "02A05", "82", Cents(4000), january),
        Tariff(sender, "03A01", "01", Cents(150), march),
    ]


AGREEMENTS = (*_agreed(SENDERS[0]), *_agreed(SENDERS[1]), Agreement("E", SENDERS[1], FormCode.LUMP_SUM, YEAR, (), None))
TARIFFS = (*_priced(SENDERS[0]), *_priced(SENDERS[1]))


@dataclass(frozen=True)
class Scenario:
    """A world and the files that come in, in no order, each with a name."""

    world: World
    files: tuple[tuple[str, bytes], ...]


@st.composite
def allocations(draw: st.DrawFn, number: int) -> Allocation:
    product = draw(st.sampled_from(PRODUCTS))
    kind = draw(st.sampled_from(["specific", "specific", "specific", "category", "budget"]))
    start = draw(st.sampled_from([JANUARY, date(2024, 12, 16), date(2025, 1, 14), date(2025, 2, 10)]))
    length = draw(st.sampled_from([None, 365, 45, 75, 20, 3]))
    volume = kind != "budget" and draw(st.sampled_from([True, True, False]))
    in_euros = product == "04A17"
    unit = Unit(draw(st.sampled_from(["83"] if in_euros else ["04", "04", "01", "14", "82", "83"]))) if volume else None
    size = {Unit.EURO: 30000, Unit.MINUTE: 300}.get(unit or Unit.HOUR, 4)
    budget = draw(st.sampled_from([None, None, None, 60000, 150000]))
    return Allocation(
        number=f"{number:04d}",
        bsn=draw(st.sampled_from(BSNS)),
        subcontractor=draw(st.sampled_from((SENDERS[0], SENDERS[0], *SENDERS))),
        category="" if kind == "budget" else product[:2],
        product_code=product if kind == "specific" else "",
        start=start,
        end=None if length is None else start + timedelta(days=length),
        volume=draw(st.sampled_from([1, 2, 4])) * size if volume else None,
        unit=unit,
        frequency=Frequency(draw(st.sampled_from("1246"))) if volume else None,
        budget=Cents(60000) if kind == "budget" and budget is None else None if budget is None else Cents(budget),
        reason_change=draw(st.sampled_from(["", "", "", "", "", "", "", "01", "13"])),
    )


def _tariff(sender: str, product: str, unit: str, day: date) -> int:
    agreed = {
        one.unit: int(one.tariff)
        for one in TARIFFS
        if (one.subcontractor, one.product_code) == (sender, product) and day in one.validity
    }
    if unit == "01" and "01" not in agreed and "04" in agreed:
        return int((Decimal(agreed["04"]) / 60).quantize(Decimal(1), ROUND_HALF_UP))
    return agreed.get(unit, next(iter(agreed.values()), 1000))


def _amount(sender: str, line: Line) -> Cents:
    if line.unit == "83":
        return Cents(line.volume)
    if line.unit == "01" and line.product_code[:2] in ("01", "02") and line.product_code != "02A05":
        hour = _tariff(sender, line.product_code, "04", line.period_from)
        return Cents((2 * hour * line.volume + 60) // 120)
    return Cents(line.volume * int(line.tariff or 0))


@st.composite
def right_lines(draw: st.DrawFn, allocation: Allocation, reference: str) -> Line:
    """A debit that fits its allocation and its agreement as far as possible."""
    category = allocation.category or draw(st.sampled_from(["01", "02"]))
    fitting = [code for code in PRODUCTS if code.startswith(category)]
    product = allocation.product_code or draw(st.sampled_from(fitting))
    end = min(allocation.end or APRIL, APRIL)
    months = months_between(max(allocation.start, JANUARY), end) or months_between(allocation.start, end)
    month = draw(st.sampled_from(months))
    first, last = max(month.first, allocation.start), min(month.last, allocation.end or month.last)
    if allocation.unit is not None:
        unit = allocation.unit.value
    else:
        unit = "83" if product == "04A17" else "14" if product == "02A05" and first < date(2025, 3, 1) else "04"
    if unit == "04" and draw(st.booleans()):
        unit = "01"
    most = allocation.volume or {"83": 30000, "01": 300}.get(unit, 4)
    if unit == "01" and allocation.unit == Unit.HOUR:
        most *= 60
    volume = max(1, most * draw(st.sampled_from([1, 1, 2, 3, 4, 5, 6])) // draw(st.sampled_from([1, 2, 3])))
    volume += draw(st.sampled_from([0, 0, 0, 0, 0, 0, 0, 1]))
    tariff = None if unit == "83" else Cents(_tariff(allocation.subcontractor, product, unit, first))
    line = Line(
        0, reference, allocation.bsn, str(int(allocation.number)), category, product, first, last, volume, unit,
        Cents(0), credit=False, tariff=tariff,
    )  # fmt: skip
    return replace(line, amount=_amount(allocation.subcontractor, line))


SPOILS = (
    "bsn",
    "allocation",
    "category",
    "product",
    "from",
    "to",
    "month",
    "volume",
    "unit",
    "tariff",
    "amount",
    "whole",
)


def _shifted(day: date, days: int) -> date:
    moved = day + timedelta(days=days)
    return moved if moved.month == day.month else day


@st.composite
def spoilt(draw: st.DrawFn, line: Line) -> Line:
    """The same line with something else in one respect; what else must fit inside the message still does."""
    how = draw(st.sampled_from(SPOILS))
    if how == "bsn":
        line = replace(line, bsn=draw(st.sampled_from([*BSNS, STRANGER])))
    elif how == "allocation":
        line = replace(line, allocation=draw(st.sampled_from(["1", "2", "3", "999"])))
    elif how == "category":
        line = replace(line, category=draw(st.sampled_from(["01", "02", "03", "05"])))
    elif how == "product":
        line = replace(line, product_code=draw(st.sampled_from([*PRODUCTS, NOT_AGREED])))
    elif how == "from":
        line = replace(
            line, period_from=min(line.period_to, _shifted(line.period_from, draw(st.sampled_from([-1, 1]))))
        )
    elif how == "to":
        line = replace(line, period_to=max(line.period_from, _shifted(line.period_to, draw(st.sampled_from([-1, 1])))))
    elif how == "whole":
        month = Month.of(line.period_from)
        line = replace(line, period_from=month.first, period_to=month.last)
    elif how == "month":
        month = draw(st.sampled_from([Month(2024, 10), Month(2025, 1), Month(2025, 4)]))
        line = replace(line, period_from=month.first, period_to=month.last)
    elif how == "volume":
        line = replace(line, volume=line.volume * 40)
    elif how == "unit":
        line = replace(line, unit=draw(st.sampled_from(UNITS)))
    elif how == "tariff" and line.tariff is not None:
        line = replace(line, tariff=Cents(line.tariff + 1))
    elif how == "amount":
        line = replace(line, amount=Cents(line.amount + 1))
    return line


def _fit_for_message(line: Line) -> Line:
    """Euros have their amount as volume and no tariff; all else has a tariff (CS339, CD087)."""
    amount = Cents(max(1, line.amount))
    if line.unit == "83":
        return replace(line, amount=amount, volume=int(amount), tariff=None)
    return replace(line, amount=amount, tariff=Cents(1000) if line.tariff is None else line.tariff)


def _sound(lines: list[Line]) -> list[Line]:
    """Without the lines that would have the whole message refused (TR101, TR315, TR316, TR416)."""
    kept: list[Line] = []
    debits, backs = set(), set()
    own = {line.reference for line in lines}
    for line in lines:
        slot = (line.allocation, line.category, line.product_code, line.period_from, line.period_to)
        key = (line.bsn, line.reference, line.previous_reference)
        if any((one.bsn, one.reference, one.previous_reference) == key for one in kept):
            continue
        if line.credit and (line.previous_reference in own or line.previous_reference in backs):
            continue
        if not line.credit and slot in debits:
            continue
        (backs.add(line.previous_reference) if line.credit else debits.add(slot))
        kept.append(line)
    return kept


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """One to three allocations, one to six messages of up to six lines, in no order."""
    given = tuple(draw(allocations(number)) for number in range(1, draw(st.sampled_from([1, 2, 2, 3])) + 1))
    world = World(given, AGREEMENTS, TARIFFS, CUT_OFF, CORRECTIONS)
    sent: dict[str, list[Line]] = {sender: [] for sender in SENDERS}
    files: list[tuple[str, bytes]] = []
    # Mostly several messages: only what was granted before can be credited, replaced or used up.
    least = draw(st.sampled_from([1, 4, 4, 5]))
    days = sorted(draw(st.lists(st.sampled_from(DAYS), min_size=least, max_size=6)))
    for number, day in enumerate(days, start=1):
        sender = draw(st.sampled_from(sorted({one.subcontractor for one in given})))
        own = [one for one in given if one.subcontractor == sender]
        lines = [
            draw(_lines(own, sent[sender], f"R{number}{n}")) for n in range(1, draw(st.sampled_from([2, 3, 4, 6])) + 1)
        ]
        if draw(st.integers(0, 9)):
            lines = _sound(lines)
        if lines:
            sent[sender] += [line for line in lines if not line.credit]
            files.append((f"bericht-{number}", draw(_written(sender, number, day, lines))))
            if draw(st.integers(0, 9)) == 0:
                files.append((f"weer-{number}", files[-1][1]))
    return Scenario(world, tuple(draw(st.permutations(files))))


@st.composite
def _lines(draw: st.DrawFn, own: list[Allocation], earlier: list[Line], reference: str) -> Line:
    what = draw(st.sampled_from(["new", "new", "new", "credit", "credit", "again"]))
    if what == "new" or not earlier:
        line = draw(right_lines(draw(st.sampled_from(own)), reference))
    else:
        old = draw(st.sampled_from(earlier))
        credit = what == "credit"
        line = replace(old, reference=reference, credit=credit, previous_reference=old.reference if credit else "")
    for _ in range(draw(st.sampled_from([0, 0, 0, 0, 1, 1, 1, 2]))):
        line = draw(spoilt(line))
    if earlier and draw(st.integers(0, 14)) == 0:
        line = replace(line, reference=draw(st.sampled_from(earlier)).reference)
    return _fit_for_message(line)


@st.composite
def _written(draw: st.DrawFn, sender: str, number: int, day: date, lines: list[Line]) -> bytes:
    """The lines as a message: XML, or CSV where there is no total and the number is the identification."""
    month = draw(st.sampled_from([Month(2025, 4), Month(2025, 4), Month(2025, 2)]))
    used = draw(st.sampled_from([number, number, number, number, 1]))
    if draw(st.integers(0, 3)) == 0:
        return _csv(f"C{used}", sender, month, day, lines)
    claimed = total(-line.amount if line.credit else line.amount for line in lines)
    wrong = draw(st.integers(0, 19)) == 0
    head = Declaration(
        channel=Channel.XML,
        sender=sender,
        receiver="1911",
        identification=f"B{used}",
        number=f"D{draw(st.sampled_from([number, number, number, number, 1]))}",
        period_from=month.first,
        period_to=month.last,
        received=day,
        dated=day,
        total=Cents(claimed + 1) if wrong else claimed,
    )
    ordered = [line for own in by_client(lines).values() for line in own]
    return write_323(head, ordered)


def _csv(number: str, sender: str, month: Month, day: date, lines: list[Line]) -> bytes:
    rows = [HEAD]
    for line in lines:
        tariff = "" if line.tariff is None else f"{Decimal(int(line.tariff)) / 100:.2f}"
        cells = (
            number, month, day, sender, line.reference, line.previous_reference, line.bsn, line.allocation,
            line.category, line.product_code, line.period_from, line.period_to, line.volume, line.unit, tariff,
            f"{Decimal(int(line.amount)) / 100:.2f}", "C" if line.credit else "D",
        )  # fmt: skip
        rows.append(",".join(str(cell) for cell in cells) + "\n")
    return "".join(rows).encode()
