"""What an example year looks like before a single client exists: its size, its terms, and the outcome aimed at."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from budgets.example import names
from budgets.example.providers import LARGE_YEAR, SMALL_YEAR, Provider, providers
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.refusals import Refusal
from lead_contractor.kernel.rounding import half_up

YEAR = 2025
LARGE = "voorbeeldgemeente-2025"
SMALL = "klein-2025"
CLIENTS = {LARGE: 1500, SMALL: 25}
MOST_CLIENTS = 1500
"""So many clients one lead contractor has at most; more clients make more lead contractors."""


def chance(dice: random.Random, percent: int) -> bool:
    """Whether something happens that happens so often."""
    return dice.randrange(100) < percent


@dataclass(frozen=True, slots=True)
class Calibration:
    """The knobs that set the outcome; money in cents for the large year, scaled with the clients.

    ``result_percent`` is the result aimed at, in percent of revenue: own delivery is chosen so that it comes out.
    ``volume_percent`` is how far the average number of beschikkingen lies above the baseline.
    ``mistakes``, ``credits`` and ``late`` (one, two and three months late) are shares of the lines, in per mille.
    """

    lump_sum: Cents = Cents(792500000)
    price_per_unit: Cents | None = Cents(600000)
    volume_percent: Decimal = Decimal("5.65")
    corridor_percent: Decimal = Decimal(5)
    cap_percent: Decimal = Decimal(5)
    result_percent: Decimal = Decimal("5.9")
    overhead_cap_percent: Decimal = Decimal(12)
    overhead_booked_percent: Decimal = Decimal("12.2")
    other: Cents = Cents(11800000)
    disallowed: Cents = Cents(3750000)
    price_per_fte: Cents = Cents(9240000)
    mistakes: int = 28
    credits: int = 6
    late: tuple[int, int, int] = (45, 17, 8)
    budget_percents: tuple[int, ...] = (94, 97, 100, 102, 104, 108)


@dataclass(frozen=True, slots=True)
class Plan:
    """One year folder to be made."""

    name: str
    contract_id: str
    index: int
    clients: int
    seed: int
    providers: tuple[Provider, ...]
    scale: Fraction
    calibration: Calibration = field(default_factory=Calibration)

    @property
    def small(self) -> bool:
        """Whether this is the small year that is read by eye."""
        return self.name == SMALL

    @property
    def lead_agb(self) -> str:
        """The AGB code of the lead contractor."""
        return names.lead_agb(self.index)

    @property
    def lead_name(self) -> str:
        """The name of the lead contractor."""
        return names.lead_name(self.index)

    def dice(self, purpose: str) -> random.Random:
        """Chance for one purpose: the same for the same plan, whatever else is drawn."""
        return random.Random(f"{self.seed}/{self.index}/{self.name}/{purpose}")  # noqa: S311 - invented data, no secrets

    def scaled(self, amount: int, to: int = 10000) -> Cents:
        """An amount of the large year for this number of clients, rounded to multiples of ``to`` cents."""
        return Cents(half_up(Fraction(amount) * self.scale / to) * to)


def plans(name: str, clients: int | None, seed: int) -> tuple[Plan, ...]:
    """The folders that make up an example: one, or as many as its clients need.

    Raises:
        Refusal: there is no such example, or no clients.
    """
    if name not in CLIENTS:
        raise Refusal(f"Er is geen voorbeeld {name!r}. Kies uit: {', '.join(sorted(CLIENTS))}.")
    wanted = CLIENTS[name] if clients is None else clients
    if wanted < 1:
        raise Refusal("Een voorbeeld heeft ten minste één cliënt. Geef een hoger aantal.")
    folders = -(-wanted // MOST_CLIENTS)
    share, left = divmod(wanted, folders)
    return tuple(_plan(name, index, share + (1 if index < left else 0), seed) for index in range(folders))


def _plan(name: str, index: int, clients: int, seed: int) -> Plan:
    scale = Fraction(clients, CLIENTS[name])
    stem = "VB" if name == LARGE else "KL"
    contract_id = f"{stem}-{YEAR}" if index == 0 else f"{stem}{index + 1:02d}-{YEAR}"
    if name == LARGE:
        return Plan(name, contract_id, index, clients, seed, providers(LARGE_YEAR), scale)
    small = Calibration(
        lump_sum=Cents(22000000),
        price_per_unit=None,
        volume_percent=Decimal("6.5"),
        other=Cents(420000),
        disallowed=Cents(75000),
        mistakes=60,
        credits=12,
        late=(70, 30, 10),
    )
    return Plan(name, contract_id, index, clients, seed, providers(SMALL_YEAR), scale, small)
