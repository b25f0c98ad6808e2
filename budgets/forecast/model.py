"""The forecast of a year as values: what was realised, what is still to be declared, and what December will say.

All amounts are whole cents of cost of subcontractors. The smallest part is a line: one subcontractor, one product (or
none, where an agreement is not about one) and one form of financing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from lead_contractor.kernel.money import ZERO, Cents
from lead_contractor.kernel.periods import Month
from subcontractors.agreements.model import FormCode


@dataclass(frozen=True, slots=True, order=True)
class LineKey:
    """What a line of the forecast is about; ``product_code`` is empty where an agreement is not about one product."""

    subcontractor: str
    product_code: str
    form: FormCode


class Method(StrEnum):
    """How the months that are still to come were estimated."""

    RUN_RATE = "run_rate"
    """Level of the months that are known, per working day (rule 32); with a season where earlier years show one."""
    UTILISATION = "utilisation"
    """Open allocations times the utilisation so far (rule 31)."""
    MIXED = "mixed"
    """Both, weighted by how well each did before."""
    CONTRACT = "contract"
    """As agreed: forms whose months are fixed beforehand."""
    TRAJECTORIES = "trajectories"
    """What running and expected trajectories still make due."""
    KNOWN = "known"
    """Nothing is to come: all that counts was received."""


@dataclass(frozen=True, slots=True)
class Band:
    """Bounds between which the year ends with 80 % and with 95 % certainty."""

    low80: Cents
    high80: Cents
    low95: Cents
    high95: Cents


@dataclass(frozen=True, slots=True)
class MonthForecast:
    """One service month of a line or of the total.

    Attributes:
        month: the service month.
        realised: approved (or due, for agreed forms) as of the day of the forecast.
        late: still expected to be declared over a month that is over, or over the part of it that has passed.
        coming: expected for what is still to be delivered.
    """

    month: Month
    realised: Cents
    late: Cents
    coming: Cents

    @property
    def point(self) -> Cents:
        """What the month comes to."""
        return self.realised + self.late + self.coming


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of the explanation of a line: a code that the screens have words for, and the figures in it.

    ``figures`` holds plain strings (amounts in cents, percentages, counts), by name.
    """

    code: str
    figures: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ForecastLine:
    """The forecast of one line.

    ``point`` is ``realised`` + ``not_yet_declared`` + what is still to come, less ``above_ceiling``.

    Attributes:
        realised: cost of this year as of the day, received up to and including it.
        not_yet_declared: delivered by the day and not declared yet (rule 29).
        point: the year, middle expectation.
        band: the bounds of it.
        months: the months of the year, before what lies above a ceiling is taken off.
        above_ceiling: what of the year lies above the ceiling of the agreement, as a positive amount.
        price_effect: what of ``point`` comes from tariffs other than that of the first contract month.
        corrections: what credits have taken off so far, as an amount of zero or less.
        method: how the coming months were estimated.
        reasons: why, step by step.
    """

    key: LineKey
    realised: Cents
    not_yet_declared: Cents
    point: Cents
    band: Band
    months: tuple[MonthForecast, ...]
    method: Method
    reasons: tuple[Reason, ...] = ()
    above_ceiling: Cents = ZERO
    price_effect: Cents = ZERO
    corrections: Cents = ZERO


@dataclass(frozen=True, slots=True)
class Standing:
    """The total at the end of a service month, added up from the first one, with its bounds.

    ``low80`` to ``high95`` equal ``point`` where nothing is uncertain any more.
    """

    month: Month
    realised: Cents
    point: Cents
    band: Band


@dataclass(frozen=True, slots=True)
class Forecast:
    """The forecast of a contract year as of a day.

    Attributes:
        as_of: only what was received up to and including this day counts.
        realised: total of the lines.
        not_yet_declared: total of the lines.
        point: total of the lines.
        band: of the total; narrower than the sum of the lines', for lines do not all err the same way.
        lines: in order of subcontractor, product and form.
        months: the standing at the end of each month of the year, for the fan.
        budget: what there is for subcontractors in the year; ``None`` where no budget is known.
        run_out: the day on which the cost of subcontractors passes ``budget``, middle expectation; ``None`` where
            it does not.
        exposure: what the waiting list would still cost this year (rule 39); beside the forecast, never in it.
        spread: half the width of the total's 80 % band in sigmas of a normal distribution, in cents: one sigma.
    """

    as_of: date
    realised: Cents
    not_yet_declared: Cents
    point: Cents
    band: Band
    lines: tuple[ForecastLine, ...]
    months: tuple[Standing, ...]
    budget: Cents | None = None
    run_out: date | None = None
    exposure: Cents = ZERO
    spread: Cents = ZERO
