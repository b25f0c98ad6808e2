"""Products with their units and tariffs: published tariffs of 2023 where there are any, else invented.

Published (Westerveld 2023): individual guidance 55.80 and 85.20 an hour, day care 46.15 and 65.57 a part of a day,
respite 204.21 a day and night, household help 32.40 an hour, transport 14.79 and 26.60. The raise of 1 July is the
index of 4.957 %.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lead_contractor.allocation.model import Unit
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.rounding import times

RAISE_FROM = date(2025, 7, 1)
RAISE = Decimal("1.04957")
TARIFFS_FROM = date(2024, 1, 1)


@dataclass(frozen=True, slots=True)
class Product:
    """A product code with its agreed unit and its tariff in cents; for unit 83 the price of a trajectory."""

    code: str
    unit: Unit
    tariff: Cents
    name: str

    @property
    def category(self) -> str:
        """The first two characters of the code."""
        return self.code[:2]

    @property
    def raised(self) -> Cents:
        """The tariff after the raise of 1 July (rule 6)."""
        return times(self.tariff, RAISE)

    def tariff_on(self, day: date, *, raises: bool) -> Cents:
        """The tariff on a day, for a provider whose contract has the raise or not."""
        return self.raised if raises and day >= RAISE_FROM else self.tariff


HOUSEHOLD = Product("01A04", Unit.HOUR, Cents(3240), "Hulp bij het huishouden 1")
HOUSEHOLD_PLUS = Product("01A05", Unit.HOUR, Cents(3515), "Hulp bij het huishouden 2")
HOUSEHOLD_MINUTES = Product("01A04", Unit.MINUTE, Cents(54), "Hulp bij het huishouden 1 (minuten)")
GUIDANCE = Product("02A03", Unit.HOUR, Cents(5580), "Begeleiding individueel basis")
GUIDANCE_PLUS = Product("02A05", Unit.HOUR, Cents(8520), "Begeleiding individueel plus")
GUIDANCE_RESULT = Product("02A01", Unit.PIECE_OUTPUT, Cents(41250), "Begeleiding per maand, resultaat")
RESPITE = Product("04A04", Unit.DAY_AND_NIGHT, Cents(20421), "Respijtzorg")
DAY_CARE = Product("07A11", Unit.PART_OF_DAY, Cents(4615), "Dagbesteding basis")
DAY_CARE_PLUS = Product("07A13", Unit.PART_OF_DAY, Cents(6557), "Dagbesteding plus")
TRANSPORT = Product("08A03", Unit.PIECE_EFFORT, Cents(1479), "Vervoer")
TRANSPORT_WHEELCHAIR = Product("08A04", Unit.PIECE_EFFORT, Cents(2660), "Vervoer rolstoel")
CARER_SUPPORT = Product("02A04", Unit.HOUR, Cents(5580), "Ondersteuning mantelzorg")
PERSONAL_CARE = Product("03A03", Unit.HOUR, Cents(5160), "Persoonlijke verzorging")
NEIGHBOURHOOD = Product("06A00", Unit.HOUR, Cents(6210), "Ondersteuning in de wijk")
GROUP = Product("09A00", Unit.PART_OF_DAY, Cents(3576), "Groepsaanbod")
TRAJECTORY = Product("02A14", Unit.EURO, Cents(975000), "Herstelprogramma")
TRAJECTORY_SHORT = Product("02A13", Unit.EURO, Cents(433333), "Kort herstelprogramma")
SHORT_STAY = Product("04A02", Unit.DAY_AND_NIGHT, Cents(20421), "Kortdurend verblijf")

PROFILES: dict[str, tuple[Product, ...]] = {
    "household": (HOUSEHOLD, HOUSEHOLD_PLUS),
    "household_minutes": (HOUSEHOLD_MINUTES,),
    "guidance": (GUIDANCE, GUIDANCE_PLUS),
    "guidance_minutes": (GUIDANCE,),
    "result": (GUIDANCE_RESULT,),
    "respite": (RESPITE,),
    "day_care": (DAY_CARE, DAY_CARE_PLUS, TRANSPORT, TRANSPORT_WHEELCHAIR),
    "transport": (TRANSPORT, TRANSPORT_WHEELCHAIR),
    "carers": (CARER_SUPPORT,),
    "care": (PERSONAL_CARE,),
    "neighbourhood": (NEIGHBOURHOOD,),
    "group": (GROUP,),
    "trajectory": (TRAJECTORY,),
    "trajectory_short": (TRAJECTORY_SHORT,),
    "short_stay": (SHORT_STAY,),
}
"""What a provider of a profile offers, the usual product first."""
