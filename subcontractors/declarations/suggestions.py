"""The right value of a refused line, where it can be known; pure.

A suggestion never changes what was delivered in bulk: format and tariff may be taken over together, volume, unit and
dates only on one line at a time, confirmed by the person who declares.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Protocol

from lead_contractor.allocation.model import number_key
from lead_contractor.kernel.money import Cents, cents_from_euros, euros_text
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.refusals import Refusal
from lead_contractor.kernel.rounding import times
from subcontractors.agreements.model import Tariff
from subcontractors.declarations.cells import cents_in, day_from, day_wrong, euros_wrong, zeros_lost
from subcontractors.declarations.columns import DECLARATIONS, Kind
from subcontractors.declarations.model import Line
from subcontractors.declarations.rows import Row, Table, declares_nothing, row_faults
from subcontractors.iwmo import types
from subcontractors.iwmo.simple import number_from

EUROS, MINUTE, HOUR = "83", "01", "04"
_DOTS = re.compile(r"[1-9][0-9]{0,2}(\.[0-9]{3})+,[0-9]{1,2}")
_COMMAS = re.compile(r"[1-9][0-9]{0,2}(,[0-9]{3})+\.[0-9]{1,2}")
_SLASHES = re.compile(r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})")


class Change(StrEnum):
    """What a suggestion touches."""

    FORMAT = "format"
    TARIFF = "tariff"
    VOLUME = "volume"
    DATE = "date"


IN_BULK = (Change.FORMAT, Change.TARIFF)
"""What may be taken over for many lines together."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One value that is probably right: a column of the format, its old and new text, and why.

    Texts are as in the format: amounts in euros with a point, days as YYYY-MM-DD. The line is known by declaration
    number and position, in a file by its row; ``code`` is the return code or rule that it mends.
    """

    column: str
    old: str
    new: str
    change: Change
    code: str
    why: str
    declaration: str = ""
    position: int | None = None
    row: int | None = None

    @property
    def in_bulk(self) -> bool:
        """Whether it may be taken over together with those of other lines."""
        return self.change in IN_BULK

    @property
    def line(self) -> tuple[str, int | None, int | None]:
        """Which line it is about."""
        return (self.declaration, self.position, self.row)


@dataclass(frozen=True, slots=True)
class Allocated:
    """What a suggestion needs of an allocation; empty where the allocation leaves it open. ``end`` is inclusive."""

    number: str
    category: str
    product_code: str
    unit: str
    start: date
    end: date | None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known about a line: the allocations that its sender has for its client, and the sender's tariffs."""

    allocations: tuple[Allocated, ...] = ()
    tariffs: tuple[Tariff, ...] = ()


class Declared(Protocol):
    """A declared line, whatever it is kept in."""

    @property
    def allocation(self) -> str: ...  # noqa: D102 - as in Line
    @property
    def category(self) -> str: ...  # noqa: D102
    @property
    def product_code(self) -> str: ...  # noqa: D102
    @property
    def period_from(self) -> date: ...  # noqa: D102
    @property
    def period_to(self) -> date: ...  # noqa: D102
    @property
    def volume(self) -> int: ...  # noqa: D102
    @property
    def unit(self) -> str: ...  # noqa: D102
    @property
    def tariff(self) -> Cents | None: ...  # noqa: D102
    @property
    def amount(self) -> Cents: ...  # noqa: D102
    @property
    def credit(self) -> bool: ...  # noqa: D102


def suggest(line: Declared, codes: Collection[str], known: Known) -> tuple[Suggestion, ...]:
    """The right values of a refused line, as far as they follow from allocations and tariffs.

    Nothing is suggested for a credit: it must equal its debit in every field.
    """
    if line.credit or not codes:
        return ()
    own = next((one for one in known.allocations if number_key(one.number) == number_key(line.allocation)), None)
    found: list[Suggestion] = []
    if "9338" in codes:
        fitting = [one for one in known.allocations if _fits(one, line)]
        if len(fitting) == 1:
            own = fitting[0]
            why = "Deze cliënt heeft bij u één toewijzing voor dit product."
            found.append(_made("allocation", line.allocation, number_key(own.number), Change.FORMAT, "9338", why))
    if own is not None:
        found += _of_allocation(line, codes, own)
        found += _of_period(line, codes, own)
    if line.unit != EUROS and "9341" not in codes and {"0611", "9346"} & set(codes):
        product = next((one.new for one in found if one.column == "product_code"), line.product_code)
        found += _of_tariff(line, product, known.tariffs)
    return tuple(found)


def _made(column: str, old: str, new: str, change: Change, code: str, why: str) -> Suggestion:
    return Suggestion(column, old, new, change, code, why)


def _fits(one: Allocated, line: Declared) -> bool:
    """Whether a line may have been meant for an allocation: same product, and a day in common."""
    product = one.product_code in ("", line.product_code) and one.category in ("", line.category)
    return product and one.start <= line.period_to and (one.end is None or line.period_from <= one.end)


def _of_allocation(line: Declared, codes: Collection[str], own: Allocated) -> Iterator[Suggestion]:
    why = f"Zo staat het in toewijzing {own.number}."
    if "9339" in codes and own.category and own.category != line.category:
        yield _made("category", line.category, own.category, Change.FORMAT, "9339", why)
    if "9340" in codes and own.product_code and own.product_code != line.product_code:
        yield _made("product_code", line.product_code, own.product_code, Change.FORMAT, "9340", why)
    if "9341" in codes and own.unit and own.unit != line.unit:
        more = f"{why} Controleer of het volume in die eenheid is geteld."
        yield _made("unit", line.unit, own.unit, Change.VOLUME, "9341", more)


def _of_period(line: Declared, codes: Collection[str], own: Allocated) -> Iterator[Suggestion]:
    """Month edges, or the first and last day of the allocation where they lie inside the month."""
    month = Month.of(line.period_from)
    first = max(month.first, own.start)
    last = month.last if own.end is None else min(month.last, own.end)
    if last < first or Month.of(line.period_to) != month:
        return
    early, late = {"9387", "9307"} & set(codes), {"9388", "9308"} & set(codes)
    why = "De eerste dag van de maand, of van de toewijzing als die later begint."
    if early and line.period_from != first:
        yield _made("from", line.period_from.isoformat(), first.isoformat(), Change.DATE, min(early), why)
    why = "De laatste dag van de maand, of van de toewijzing als die eerder eindigt."
    if late and line.period_to != last:
        yield _made("to", line.period_to.isoformat(), last.isoformat(), Change.DATE, min(late), why)


def _of_tariff(line: Declared, product: str, tariffs: Iterable[Tariff]) -> Iterator[Suggestion]:
    right = priced(product, line.unit, line.volume, line.period_from, tariffs)
    if right is None:
        return
    tariff, amount = right
    if line.tariff != tariff:
        old = "" if line.tariff is None else euros_text(line.tariff)
        why = f"Het afgesproken tarief van {product} op {line.period_from:%d-%m-%Y}."
        yield _made("tariff", old, euros_text(tariff), Change.TARIFF, "0611", why)
    if line.amount != amount:
        why = f"{line.volume} × {euros_text(tariff).replace('.', ',')}, op centen afgerond."
        yield _made("amount", euros_text(line.amount), euros_text(amount), Change.TARIFF, "9346", why)


def priced(product: str, unit: str, volume: int, day: date, tariffs: Iterable[Tariff]) -> tuple[Cents, Cents] | None:
    """The tariff per unit of a product on a day and what so many units cost; ``None`` where no tariff is agreed.

    Minutes on an hour tariff cost tariff × minutes / 60, rounded once; the tariff itself is a sixtieth, rounded.
    """
    on_day = {one.unit: one.tariff for one in tariffs if one.product_code == product and day in one.validity}
    own = on_day.get(unit)
    if own is not None:
        return own, Cents(int(own) * volume)
    hour = on_day.get(HOUR) if unit == MINUTE else None
    if hour is None:
        return None
    return times(hour, Fraction(1, 60)), times(hour, Fraction(volume, 60))


def format_suggestions(table: Table, tariffs: Iterable[Tariff] = ()) -> tuple[Suggestion, ...]:
    """The right writing of cells that cannot be read, where it is certain enough to be proposed.

    An amount that is missing follows from volume and tariff; that of minutes from ``tariffs``, those of the sender.
    """
    found: list[Suggestion] = []
    for number, row in table.rows:
        if declares_nothing(row):
            continue
        for fault in row_faults(number, row, table, set()):
            new = _rewritten(fault.place, row)
            if fault.place == "amount" and row["amount"] == "":
                found += _reckoned(number, row, table, fault.rule, tariffs)
            if new is None:
                continue
            kind = DECLARATIONS.kinds[fault.place]
            change = Change.DATE if kind is Kind.DAY else Change.FORMAT
            why = "Zo schrijft de standaard het."
            made = _made(fault.place, row[fault.place], new, change, fault.rule, why)
            found.append(replace(made, declaration=row["declaration"], row=number))
    return tuple(found)


def _reckoned(number: int, row: Row, table: Table, rule: str, tariffs: Iterable[Tariff]) -> Iterator[Suggestion]:
    """The amount of a row that has volume and tariff but no amount; euros have no tariff."""
    volume, tariff = row["volume"], row["tariff"]
    if row["unit"] == EUROS or types.VOLUME.wrong(volume) or not tariff or euros_wrong(tariff, comma=table.comma):
        return
    amount, why = Cents(cents_in(tariff, comma=table.comma) * number_from(volume)), "Dit is het aantal maal het tarief."
    if row["unit"] == MINUTE:
        # A tariff per minute may be a sixtieth of that of the hour, rounded: minutes times that is wrong (IV081).
        if day_wrong(row["from"]):
            return
        right = priced(row["product_code"], MINUTE, number_from(volume), day_from(row["from"]), tariffs)
        if right is None:
            return
        amount, why = right[1], "Dit zijn de minuten tegen het afgesproken tarief, op centen afgerond."
    made = _made("amount", "", euros_text(amount), Change.FORMAT, rule, why)
    yield replace(made, declaration=row["declaration"], row=number)


def _rewritten(column: str, row: Row) -> str | None:
    text = row[column]
    zeros = zeros_lost(column, text)
    if zeros is not None:
        return zeros
    kind = DECLARATIONS.kinds[column]
    if kind is Kind.EUROS:
        plain = text.replace("€", "").strip().removesuffix(",-").strip()
        if _DOTS.fullmatch(plain):
            return plain.replace(".", "").replace(",", ".")
        if _COMMAS.fullmatch(plain):
            return plain.replace(",", "")
        return plain.replace(",", ".") if re.fullmatch(r"[0-9]+([.,][0-9]{1,2})?", plain) else None
    found = _SLASHES.fullmatch(text) if kind is Kind.DAY else None
    if found is None:
        return None
    try:
        return date(int(found[3]), int(found[2]), int(found[1])).isoformat()
    except ValueError:
        return None


def take_over(
    offered: Sequence[Suggestion],
    *,
    together: Collection[Change] = (),
    confirmed: Collection[Suggestion] = (),
) -> tuple[Suggestion, ...]:
    """The suggestions that are taken over: whole kinds together, others one by one.

    Args:
        offered: what was suggested.
        together: kinds of which all are taken over.
        confirmed: suggestions that the person who declares has looked at and confirmed.

    Raises:
        Refusal: volume or dates are asked for together, or confirmed on more than one line at a time; or something is
            confirmed that was not offered.
    """
    if not set(together) <= set(IN_BULK):
        raise Refusal(
            "Volume en data worden nooit voor meer regels tegelijk overgenomen. Bevestig ze regel voor regel."
        )
    if not set(confirmed) <= set(offered):
        raise Refusal("Deze waarde is niet voorgesteld. Bekijk de voorstellen opnieuw.")
    if len({one.line for one in confirmed if not one.in_bulk}) > 1:
        raise Refusal("Volume en data worden regel voor regel bevestigd. Bevestig één regel tegelijk.")
    return tuple(one for one in offered if one.change in together or one in confirmed)


def apply_to_lines(lines: Sequence[Line], chosen: Iterable[Suggestion], declaration: str = "") -> list[Line]:
    """Lines with the chosen values; a suggestion of another declaration is passed over."""
    changes: dict[int, dict[str, str]] = {}
    for one in chosen:
        if one.position is not None and one.declaration in ("", declaration):
            changes.setdefault(one.position, {})[one.column] = one.new
    return [_changed(line, changes.get(line.position, {})) for line in lines]


def _changed(line: Line, new: Mapping[str, str]) -> Line:
    return replace(
        line,
        allocation=new.get("allocation", line.allocation),
        category=new.get("category", line.category),
        product_code=new.get("product_code", line.product_code),
        unit=new.get("unit", line.unit),
        period_from=day_from(new["from"]) if "from" in new else line.period_from,
        period_to=day_from(new["to"]) if "to" in new else line.period_to,
        tariff=cents_from_euros(new["tariff"]) if "tariff" in new else line.tariff,
        amount=cents_from_euros(new["amount"]) if "amount" in new else line.amount,
    )
