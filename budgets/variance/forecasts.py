"""Why a forecast differs from an earlier one, line by line; pure, and exact for any two forecasts.

* What agreements fix (FTE, lump sum, availability) is contract, and so is what lies above a ceiling.
* What other tariffs than those of the first contract month add is price, and what credits took off is correction.
* What else changed in months that were over when the earlier forecast was made is late declarations; of the price,
  the share of those months in the year is taken off it first.
* The rest is volume and mix: lines with a tariff in one unit share one average price (rule 33). A line that is there
  only before or only after came or went with all it has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from budgets.forecast.model import Forecast, ForecastLine, LineKey
from budgets.variance.model import Cause, Change, LineChange, made, parts_of
from budgets.variance.price_volume_mix import Moved, volume_and_mix
from lead_contractor.kernel.money import ZERO, Cents, total
from lead_contractor.kernel.rounding import times
from subcontractors.agreements.model import FormCode, Tariff
from subcontractors.agreements.units import MINUTES_IN_HOUR

AGREED = frozenset({FormCode.FTE, FormCode.LUMP_SUM, FormCode.AVAILABILITY})
"""Forms of which the months are fixed beforehand."""
HOUR, MINUTE, EURO = "04", "01", "83"


@dataclass(frozen=True, slots=True)
class Rate:
    """Cents per unit; minutes are told as hours, so that the two can be compared."""

    unit: str
    price: Fraction


Rates = Mapping[tuple[str, str], Rate]
"""By subcontractor and product."""


def rates(tariffs: Iterable[Tariff], first_day: date) -> dict[tuple[str, str], Rate]:
    """The tariff of the first contract month by subcontractor and product, or the first that came after it."""
    found: dict[tuple[str, str], Rate] = {}
    for one in sorted(
        tariffs, key=lambda one: (first_day not in one.validity, abs(one.valid_from - first_day), one.unit)
    ):
        if one.unit == EURO or one.tariff <= 0:
            continue
        hourly = one.unit == MINUTE
        price = Fraction(int(one.tariff)) * (MINUTES_IN_HOUR if hourly else 1)
        found.setdefault((one.subcontractor, one.product_code), Rate(HOUR if hourly else one.unit, price))
    return found


@dataclass(frozen=True, slots=True)
class Pending:
    """A line of which all is known but how the rest falls apart in volume and mix."""

    subcontractor: str
    product_code: str
    form: FormCode | None
    then: Cents | None
    now: Cents | None
    known: Mapping[Cause, Cents]
    base: Cents
    rate: Rate | None

    @property
    def rest(self) -> Cents:
        """What no cause that is known explains."""
        return (self.now or ZERO) - (self.then or ZERO) - total(self.known.values())


def forecast_change(then: Forecast, now: Forecast, known_rates: Rates) -> Change:
    """Why one forecast differs from an earlier one of the same year."""
    before = {line.key: line for line in then.lines}
    after = {line.key: line for line in now.lines}
    pending = [
        _pending(key, before.get(key), after.get(key), then.as_of, known_rates) for key in sorted({*before, *after})
    ]
    return made(then.as_of, now.as_of, explained(pending))


def explained(pending: Sequence[Pending]) -> list[LineChange]:
    """The lines with their rest in volume and mix."""
    moved = [Moved(one.rest, one.base, one.rate.price if one.rate else None, one.rate.unit if one.rate else "")
             for one in pending]  # fmt: skip
    return [
        LineChange(
            one.subcontractor,
            one.product_code,
            one.form,
            one.then,
            one.now,
            parts_of({**one.known, Cause.VOLUME: volume, Cause.MIX: mix}),
        )
        for one, (volume, mix) in zip(pending, volume_and_mix(moved), strict=True)
    ]


def _pending(
    key: LineKey, then: ForecastLine | None, now: ForecastLine | None, then_day: date, known_rates: Rates
) -> Pending:
    before, after = (then.point if then else None), (now.point if now else None)
    known: dict[Cause, Cents] = {}
    if key.form in AGREED:
        known[Cause.CONTRACT] = (after or ZERO) - (before or ZERO)
    elif then is not None and now is not None:
        known = _known(then, now, then_day)
    return Pending(
        key.subcontractor,
        key.product_code,
        key.form,
        before,
        after,
        known,
        at_first_tariffs(then) if then is not None else ZERO,
        None if key.form in AGREED else known_rates.get((key.subcontractor, key.product_code)),
    )


def _known(then: ForecastLine, now: ForecastLine, then_day: date) -> dict[Cause, Cents]:
    """What of the change of a line is not volume or mix."""
    price = now.price_effect - then.price_effect
    correction = now.corrections - then.corrections
    over = _over(now, then_day)
    whole = total(month.point for month in now.months)
    of_price = times(price, Fraction(int(over), int(whole))) if whole else ZERO
    return {
        Cause.PRICE: price,
        Cause.CORRECTION: correction,
        Cause.CONTRACT: then.above_ceiling - now.above_ceiling,
        Cause.LATE: over - _over(then, then_day) - correction - of_price,
    }


def _over(line: ForecastLine, day: date) -> Cents:
    """What the months come to that were over on a day."""
    return total(month.point for month in line.months if month.month.last <= day)


def at_first_tariffs(line: ForecastLine) -> Cents:
    """The year of a line at the tariffs of the first contract month, before its ceiling."""
    return line.point + line.above_ceiling - line.price_effect
