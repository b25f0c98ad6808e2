"""What a provider may still declare: its own allocations with tariff, limits, and what was granted on them so far.

Limits and grants come from the same conditions and tables that the check engine reads, so that a remaining volume on a
page and a verdict cannot disagree.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from lead_contractor.allocation.model import DELETED, Unit
from lead_contractor.clients.store import bsns
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from subcontractors.agreements.units import MINUTES_IN_HOUR, minute_amount, shown_minute_tariff
from subcontractors.declarations.checks import PERIOD_LIMIT
from subcontractors.portal.few import ANY, few
from subcontractors.portal.model import masked

_MINUTE, _HOUR, _EURO = Unit.MINUTE.value, Unit.HOUR.value, Unit.EURO.value


@dataclass(frozen=True, slots=True)
class Price:
    """A tariff that holds on a day: cents per unit."""

    product_code: str
    unit: str
    cents: Cents


@dataclass(frozen=True, slots=True)
class OwnAllocation:
    """An allocation as its own provider sees it.

    Volumes are in ``unit`` (cents for euros); ``used`` and ``used_cents`` are what was granted on it, credits taken
    off. ``end`` is inclusive. ``bsn`` is whole and never for screens.
    """

    id: int
    number: str
    key: str
    client_id: int
    bsn: str
    category: str
    product_code: str
    start: date
    end: date | None
    volume: int | None
    unit: str
    frequency: str
    term_limit: int | None
    budget: Cents | None
    used: int
    used_cents: Cents
    period_limit: int | None = None
    label: str = ""

    @property
    def masked(self) -> str:
        """The BSN as screens show it."""
        return masked(self.bsn)

    @property
    def left(self) -> int | None:
        """What may still be delivered over the whole term; ``None`` where nothing limits it."""
        return None if self.term_limit is None else max(0, self.term_limit - self.used)

    @property
    def left_cents(self) -> Cents | None:
        """What is left of the budget; ``None`` where there is none."""
        return None if self.budget is None else Cents(max(0, self.budget - self.used_cents))

    def days_in(self, month: Month) -> tuple[date, date]:
        """The product period of a month: the days of it in which the allocation holds, both inclusive."""
        last = month.last if self.end is None else min(month.last, self.end)
        return max(month.first, self.start), last


@dataclass(frozen=True, slots=True)
class Granted:
    """A granted line that was not taken back, for a product period."""

    reference: str
    message_id: int
    volume: int
    unit: str
    cents: Cents


@dataclass(frozen=True, slots=True)
class Fillable:
    """A row of the form: an allocation in a month, with the price that holds then; ``granted`` when it is done."""

    allocation: OwnAllocation
    period_from: date
    period_to: date
    product_code: str
    unit: str
    tariff: Cents | None
    hour_tariff: Cents | None
    granted: Granted | None

    @property
    def key(self) -> str:
        """How the form names the row."""
        return f"{self.allocation.key}-{self.product_code}"

    @property
    def priced(self) -> bool:
        """Whether an amount can be reckoned."""
        return self.unit == _EURO or self.tariff is not None

    def amount(self, volume: int) -> Cents:
        """What a volume costs: tariff × volume, minutes on an hour tariff rounded once (IV081), euros as they are.

        Raises:
            ValueError: there is no tariff.
        """
        if self.unit == _EURO:
            return Cents(volume)
        if self.hour_tariff is not None:
            return minute_amount(self.hour_tariff, volume)
        if self.tariff is None:
            raise ValueError(f"no tariff for {self.product_code} on {self.period_from}")
        return Cents(self.tariff * volume)

    @property
    def limit(self) -> int | None:
        """The most that fits in this product period, in the unit of the row; ``None`` where nothing limits it."""
        limits = [one for one in (self.allocation.period_limit, self.allocation.left) if one is not None]
        if not limits:
            return None
        factor = MINUTES_IN_HOUR if (self.allocation.unit, self.unit) == (_HOUR, _MINUTE) else 1
        return min(limits) * factor


def own_allocations(
    scope: Scope,
    vault: Vault,
    contract_id: int,
    agb: str,
    month: Month | None = None,
    clients: Collection[int] = (),
    numbers: Collection[str] = (),
) -> tuple[OwnAllocation, ...]:
    """The allocations of a provider, by number; with ``month`` only those that hold in it, and their limit for it.

    With a few ``clients`` or a few ``numbers`` only theirs or those.
    """
    first, last = (month.first, month.last) if month else (date.min, date.max)
    column, asked = ("a.number_key", few(numbers)) if numbers else ("a.client_id", few(clients))
    rows = scope.sql(
        _ALLOCATIONS.format(few=f" AND {column} IN ({ANY})" if asked else ""),
        contract=contract_id,
        agb=agb,
        deleted=DELETED,
        first=first.toordinal(),
        last=last.toordinal(),
        **asked,
    ).all()
    known = bsns(scope, vault, {int(row.client_id) for row in rows})
    found = (_allocation(row, known[int(row.client_id)], with_limit=month is not None) for row in rows)
    return tuple(sorted(found, key=lambda one: (one.number.rjust(20, "0"), one.start)))


_ALLOCATIONS = f"""
SELECT l.*, {PERIOD_LIMIT} AS period_limit,
    (SELECT COALESCE(SUM((CASE WHEN d.credit THEN -1 ELSE 1 END)
            * (CASE WHEN l.allocated_unit = '04' AND d.unit = '04' THEN 60 * d.volume ELSE d.volume END)), 0)
     FROM declaration_line AS d WHERE d.lead_contractor_id = :lead AND d.contract_id = :contract
       AND d.allocation_id = l.id AND d.assessed AND d.codes = 0) AS used_base,
    (SELECT COALESCE(SUM(CASE WHEN d.credit THEN -d.amount_cents ELSE d.amount_cents END), 0)
     FROM declaration_line AS d WHERE d.lead_contractor_id = :lead AND d.contract_id = :contract
       AND d.allocation_id = l.id AND d.assessed AND d.codes = 0) AS used_cents
FROM (
    SELECT a.id, a.number, a.number_key, a.client_id, a.category AS allocated_category, a.product_code, a.start_date,
        a.end_date, a.start_day, a.end_day, a.volume AS allocated_volume, a.unit AS allocated_unit, a.frequency,
        a.term_limit, a.budget_cents,
        CASE WHEN a.start_day > :first THEN a.start_day ELSE :first END AS period_from,
        CASE WHEN a.end_day IS NOT NULL AND a.end_day < :last THEN a.end_day ELSE :last END AS period_to
    FROM allocation AS a
    WHERE a.lead_contractor_id = :lead AND a.contract_id = :contract AND a.subcontractor = :agb
      AND a.reason_change <> :deleted AND a.start_day <= :last AND (a.end_day IS NULL OR a.end_day >= :first){{few}}
) AS l
"""


def _allocation(row: Any, bsn: str, *, with_limit: bool) -> OwnAllocation:
    used = int(row.used_base)
    limit = row.period_limit if with_limit else None
    return OwnAllocation(
        id=int(row.id),
        number=row.number,
        key=row.number_key,
        client_id=int(row.client_id),
        bsn=bsn,
        category=row.allocated_category,
        product_code=row.product_code,
        start=_day(row.start_date),
        end=None if row.end_date is None else _day(row.end_date),
        volume=None if row.allocated_volume is None else int(row.allocated_volume),
        unit=row.allocated_unit,
        frequency=row.frequency,
        term_limit=None if row.term_limit is None else int(row.term_limit),
        budget=None if row.budget_cents is None else Cents(int(row.budget_cents)),
        used=-(-used // MINUTES_IN_HOUR) if row.allocated_unit == _HOUR else used,
        used_cents=Cents(int(row.used_cents)),
        period_limit=None if limit is None else int(limit),
    )


def _day(value: date | str) -> date:
    """A day out of SQL text, where SQLite gives text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def prices(scope: Scope, contract_id: int, agb: str, day: date) -> dict[str, tuple[Price, ...]]:
    """The tariffs of a provider that hold on a day, by product."""
    rows = scope.sql(_PRICES, contract=contract_id, agb=agb, day=day.toordinal())
    found: dict[str, tuple[Price, ...]] = {}
    for row in rows:
        price = Price(row.product_code, row.unit, Cents(int(row.tariff_cents)))
        found[price.product_code] = (*found.get(price.product_code, ()), price)
    return found


_PRICES = """
SELECT product_code, unit, MIN(tariff_cents) AS tariff_cents FROM tariff
WHERE lead_contractor_id = :lead AND contract_id = :contract AND subcontractor = :agb
  AND from_day <= :day AND (to_day IS NULL OR to_day >= :day)
GROUP BY product_code, unit ORDER BY product_code, unit DESC
"""

_GRANTED = """
SELECT d.allocation_id, d.product_code, d.period_from, d.period_to, d.reference, d.message_id, d.volume, d.unit,
    d.amount_cents
FROM declaration_line AS d
WHERE d.lead_contractor_id = :lead AND d.contract_id = :contract AND d.sender = :agb AND d.assessed AND d.codes = 0
  AND NOT d.credit AND d.allocation_id IS NOT NULL AND d.period_from >= :first AND d.period_from <= :last
  AND NOT EXISTS (SELECT 1 FROM declaration_line AS c
    WHERE c.lead_contractor_id = :lead AND c.contract_id = :contract AND c.credits_line_id = d.id
      AND c.assessed AND c.codes = 0)
"""


def fillable(scope: Scope, vault: Vault, contract_id: int, agb: str, month: Month) -> tuple[Fillable, ...]:
    """The rows of the form for a month: each own allocation that holds in it, with its price and what is done."""
    first, last = month.first.toordinal(), month.last.toordinal()
    rows = scope.sql(_GRANTED, contract=contract_id, agb=agb, first=first, last=last)
    done = {
        (int(row.allocation_id), row.product_code, int(row.period_from), int(row.period_to)): Granted(
            row.reference, int(row.message_id), int(row.volume), row.unit, Cents(int(row.amount_cents))
        )
        for row in rows
    }
    held: dict[date, dict[str, tuple[Price, ...]]] = {}
    found: list[Fillable] = []
    for own in own_allocations(scope, vault, contract_id, agb, month):
        begin, end = own.days_in(month)
        if begin not in held:
            held[begin] = prices(scope, contract_id, agb, begin)
        found += _rows(own, (begin, end), held[begin], done)
    return tuple(found)


def rooms(
    scope: Scope, vault: Vault, contract_id: int, agb: str, month: Month, numbers: Collection[str]
) -> dict[tuple[str, str, str], int]:
    """The most that fits on own allocations in a month, where something limits it: by number, product and unit."""
    allocations = own_allocations(scope, vault, contract_id, agb, month, numbers=numbers)
    held = {day: prices(scope, contract_id, agb, day) for day in {own.days_in(month)[0] for own in allocations}}
    rows = (row for own in allocations for row in _rows(own, own.days_in(month), held[own.days_in(month)[0]], {}))
    return {(row.allocation.key, row.product_code, row.unit): row.limit for row in rows if row.limit is not None}


def _rows(
    own: OwnAllocation,
    days: tuple[date, date],
    known: Mapping[str, Sequence[Price]],
    done: Mapping[tuple[int, str, int, int], Granted],
) -> Iterable[Fillable]:
    """One row for an allocation of one product; where it names none, one for each product that has a tariff."""
    for product in [own.product_code] if own.product_code else sorted(known):
        unit, tariff, hour = _price(own.unit, known.get(product, ()))
        granted = done.get((own.id, product, days[0].toordinal(), days[1].toordinal()))
        yield Fillable(own, *days, product, unit, tariff, hour, granted)


def _price(unit: str, held: Sequence[Price]) -> tuple[str, Cents | None, Cents | None]:
    """Unit, tariff per unit, and the hour tariff where minutes are reckoned from it."""
    if unit == _EURO:
        return unit, None, None
    by_unit = {price.unit: price.cents for price in held}
    wanted = unit or (_HOUR if _HOUR in by_unit else next(iter(by_unit), ""))
    if wanted in by_unit:
        return wanted, by_unit[wanted], None
    if wanted == _HOUR and _MINUTE in by_unit:
        return _MINUTE, by_unit[_MINUTE], None
    if wanted == _MINUTE and _HOUR in by_unit:
        return wanted, shown_minute_tariff(by_unit[_HOUR]), by_unit[_HOUR]
    return wanted, None, None


def labelled(found: Iterable[OwnAllocation], labels: Mapping[int, str]) -> tuple[OwnAllocation, ...]:
    """The same with the provider's own mark of each client."""
    return tuple(replace(one, label=labels.get(one.client_id, "")) for one in found)
