"""The subcontractors: 45 invented ones for the large year, six for the small one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from budgets.example import names
from budgets.example.products import PROFILES, Product
from lead_contractor.kernel.money import ZERO, Cents
from lead_contractor.parties.model import Size
from subcontractors.agreements.model import FormCode
from subcontractors.declarations.model import Channel


class Pace(StrEnum):
    """How soon after the month a provider declares."""

    PROMPT = "prompt"
    NORMAL = "normal"
    SLOW = "slow"


@dataclass(frozen=True, slots=True)
class Sketch:
    """What makes one provider different from another.

    ``weight`` is its share of the clients, ``months`` are those in which it delivers anything.
    ``ceiling_permille`` sets a ceiling as a share of the year's production. ``fte`` and ``amount`` (cents a year,
    a month for availability) are those of the large year and scale with the clients; ``realised`` and ``hours``
    are shares of what was agreed. A ``lax`` provider still sends lines after its December declaration.
    """

    name: str
    profile: str
    size: Size
    weight: int
    pace: Pace = Pace.NORMAL
    form: FormCode = FormCode.PXQ
    channel: Channel = Channel.XML
    raises: bool = False
    multi_year: bool = False
    ceiling_permille: int | None = None
    always_paid: bool = False
    fte: Decimal = Decimal(0)
    realised: Decimal = Decimal(1)
    hours: Decimal | None = None
    both_ways: bool = False
    amount: Cents = ZERO
    declares: bool = True
    months: tuple[int, ...] = tuple(range(1, 13))
    lax: bool = False


@dataclass(frozen=True, slots=True)
class Provider:
    """A subcontractor of the example with its numbers."""

    index: int
    sketch: Sketch

    @property
    def agb(self) -> str:
        """Its AGB code."""
        return names.subcontractor_agb(self.index)

    @property
    def products(self) -> tuple[Product, ...]:
        """What it offers, the usual product first."""
        return PROFILES[self.sketch.profile]

    @property
    def agreement(self) -> str:
        """The id of its one agreement, form first."""
        return f"{PREFIX[self.sketch.form]}-{self.index + 1:02d}"


PREFIX = {
    FormCode.PXQ: "PXQ",
    FormCode.FTE: "FTE",
    FormCode.LUMP_SUM: "LS",
    FormCode.TRAJECTORY: "TR",
    FormCode.AVAILABILITY: "AV",
}
_FTE, _LUMP, _TRAJECTORY, _AVAILABILITY = FormCode.FTE, FormCode.LUMP_SUM, FormCode.TRAJECTORY, FormCode.AVAILABILITY
_ZZP, _MICRO, _SMALL, _MEDIUM, _LARGE = Size.ZZP, Size.MICRO, Size.SMALL, Size.MEDIUM, Size.LARGE
_CSV = Channel.CSV

LARGE_YEAR = (
    Sketch("Thuishulp De Kwikstaart", "household", _LARGE, 110, Pace.PROMPT, raises=True, multi_year=True, lax=True),
    Sketch("Huishoudzorg Oeverzwaluw", "household", _LARGE, 95, raises=True, ceiling_permille=1090, lax=True),
    Sketch("Kluut Hulp aan Huis", "household", _MEDIUM, 70, Pace.PROMPT),
    Sketch("Poetsploeg Putterhof", "household", _MEDIUM, 55, Pace.SLOW, raises=True, lax=True),
    Sketch("Huishulp Op de Minuut", "household_minutes", _SMALL, 40, lax=True),
    Sketch("Helder Huis Winterkoning", "household", _SMALL, 20),
    Sketch("Begeleiding Steltloper", "guidance", _LARGE, 55, Pace.PROMPT, raises=True, multi_year=True, lax=True),
    Sketch(
        "Bureau Baardmannetje", "guidance", _MEDIUM, 42, raises=True, ceiling_permille=965, always_paid=True, lax=True
    ),
    Sketch("Roerdomp Ambulant", "guidance", _MEDIUM, 30, Pace.SLOW, lax=True),
    Sketch("Stap voor Stap Snippenveld", "guidance", _SMALL, 20, ceiling_permille=1150),
    Sketch("Wegwijs Waterhoen", "guidance", _SMALL, 14, Pace.PROMPT, raises=True),
    Sketch("Coaching Blauwborst", "guidance", _MICRO, 8),
    Sketch("Ankerplek Aalscholver", "guidance", _MICRO, 6, Pace.SLOW, channel=_CSV),
    Sketch("Begeleiding N. Vinkesteyn", "guidance", _ZZP, 4, channel=_CSV),
    Sketch("Begeleiding T. Meesbrugge", "guidance", _ZZP, 3, Pace.SLOW, channel=_CSV),
    Sketch("Tijdwijzer Tapuit", "guidance_minutes", _SMALL, 20, raises=True, lax=True),
    Sketch("Gorzenhof Ambulant", "guidance_minutes", _MICRO, 10),
    Sketch("Dagcentrum De Rietzanger", "day_care", _LARGE, 45, Pace.PROMPT, raises=True, multi_year=True, lax=True),
    Sketch("Zorgboerderij De Kievitsakker", "day_care", _MEDIUM, 35, ceiling_permille=980, lax=True),
    Sketch("Atelier De Bonte Kraai", "day_care", _MEDIUM, 24, raises=True, lax=True),
    Sketch("Zorgtuin Graspieper", "day_care", _SMALL, 16),
    Sketch("Werkplaats De Boomklever", "day_care", _SMALL, 10, Pace.SLOW),
    Sketch("Kleinvee en Koffie Kneu", "day_care", _MICRO, 6, channel=_CSV),
    Sketch("Ritdienst De Gierzwaluw", "transport", _SMALL, 14, Pace.PROMPT, ceiling_permille=1200),
    Sketch("Zelfstandig Verder Zilverreiger", "result", _MEDIUM, 22, lax=True),
    Sketch("Thuisbasis Torenvalk", "result", _SMALL, 12, raises=True),
    Sketch("Logeerhuis De Lepelaar", "respite", _SMALL, 6, ceiling_permille=1100),
    Sketch("Respijthoeve Ransuil", "respite", _MICRO, 4, channel=_CSV),
    Sketch(
        "Wijkwelzijn Wulpenrand", "neighbourhood", _LARGE, 20, form=_FTE, fte=Decimal("2.40"), realised=Decimal("0.956")
    ),
    Sketch(
        "Maatschappelijk Werk Meerkoet",
        "neighbourhood",
        _MEDIUM,
        16,
        form=_FTE,
        fte=Decimal("1.80"),
        hours=Decimal("0.943"),
    ),
    Sketch(
        "Mantelzorgpunt Merelgaard",
        "carers",
        _MEDIUM,
        14,
        Pace.PROMPT,
        form=_FTE,
        fte=Decimal("1.40"),
        hours=Decimal("0.99"),
    ),
    Sketch(
        "Wijkverpleging Wielewaal",
        "care",
        _MEDIUM,
        14,
        form=_FTE,
        fte=Decimal("1.10"),
        realised=Decimal("1.02"),
        both_ways=True,
    ),
    Sketch("Samen Actief Spotvogel", "group", _SMALL, 12, form=_FTE, fte=Decimal("0.90")),
    Sketch(
        "Steunpunt Staartmees", "carers", _SMALL, 9, Pace.SLOW, form=_FTE, fte=Decimal("0.80"), realised=Decimal("1.01")
    ),
    Sketch("Buurtteam Boompieper", "neighbourhood", _SMALL, 8, form=_FTE, fte=Decimal("0.60")),
    Sketch("Ontmoeting Ortolaan", "group", _MICRO, 7, form=_FTE, fte=Decimal("0.60"), hours=Decimal("1.00")),
    Sketch("Welzijnswerk Watersnip", "group", _LARGE, 16, form=_LUMP, amount=Cents(12600000)),
    Sketch("Sociaal Raadslieden Reigerdam", "neighbourhood", _MEDIUM, 10, form=_LUMP, amount=Cents(9600000)),
    Sketch("Inloophuis IJsvogel", "group", _SMALL, 9, Pace.SLOW, form=_LUMP, amount=Cents(8400000)),
    Sketch("Vrijwillige Thuishulp Vuurgoudhaan", "carers", _SMALL, 7, form=_LUMP, amount=Cents(7200000)),
    Sketch("Budgethulp Bergeend", "neighbourhood", _MICRO, 5, form=_LUMP, amount=Cents(5400000), channel=_CSV),
    Sketch("Taalhulp Tuinfluiter", "neighbourhood", _MICRO, 4, form=_LUMP, amount=Cents(4200000)),
    Sketch("Herstelhuis De Havik", "trajectory", _MEDIUM, 15, Pace.PROMPT, form=_TRAJECTORY),
    Sketch("Kortdurend Herstel Koekoek", "trajectory_short", _SMALL, 13, form=_TRAJECTORY),
    Sketch("Kortverblijf Kraanvogel", "short_stay", _MEDIUM, 26, form=_AVAILABILITY, amount=Cents(2750000)),
)
"""45 subcontractors: 28 P×Q, eight per FTE, six lump sums, two with trajectories, one availability."""

SMALL_YEAR = (
    Sketch("Thuishulp De Kwikstaart", "household", _SMALL, 7, Pace.PROMPT, raises=True, multi_year=True, lax=True),
    Sketch(
        "Bureau Baardmannetje",
        "guidance",
        _MICRO,
        7,
        channel=_CSV,
        raises=True,
        ceiling_permille=930,
        always_paid=True,
        lax=True,
    ),
    Sketch(
        "Maatschappelijk Werk Meerkoet",
        "neighbourhood",
        _SMALL,
        3,
        form=_FTE,
        fte=Decimal("0.40"),
        realised=Decimal("0.956"),
        hours=Decimal("0.943"),
        declares=False,
    ),
    Sketch("Welzijnswerk Watersnip", "group", _SMALL, 3, form=_LUMP, amount=Cents(2400000), declares=False),
    Sketch("Herstelhuis De Havik", "trajectory", _SMALL, 3, Pace.PROMPT, form=_TRAJECTORY),
    Sketch(
        "Kortverblijf Kraanvogel",
        "short_stay",
        _SMALL,
        2,
        form=_AVAILABILITY,
        amount=Cents(205000),
        months=(2, 5, 8, 11),
    ),
)
"""Six subcontractors, every form once and P×Q twice."""


def providers(sketches: tuple[Sketch, ...]) -> tuple[Provider, ...]:
    """The sketches with their numbers, in order."""
    return tuple(Provider(index, sketch) for index, sketch in enumerate(sketches))
