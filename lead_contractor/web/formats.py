"""Numbers and dates as people read them: one way per language, for pages, charts and files alike.

Dutch: ``€ 1.234.567,89``, ``€ 8,05 mln``, ``€ 262 dzd``, ``12 september 2025``, ``mrt 2025``, ``3,2 %``.
English: ``€ 1,234,567.89``, ``€ 8.05m``, ``€ 262k``, ``12 September 2025``, ``Mar 2025``, ``3.2%``.
Plain values in, plain text out; ``language`` is ``nl`` or ``en``.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from lead_contractor.kernel.money import euros_nl
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.rounding import Number, half_up

DUTCH, ENGLISH = "nl", "en"
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_MILLION, _THOUSAND = 100_000_000, 100_000  # in cents
_MONTHS = {
    DUTCH: (
        "januari", "februari", "maart", "april", "mei", "juni",
        "juli", "augustus", "september", "oktober", "november", "december",
    ),
    ENGLISH: (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip
_SHORT_MONTHS = {
    DUTCH: ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"),
    ENGLISH: ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
_DAYS = {
    DUTCH: ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
    ENGLISH: ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}


def number(value: Number, decimals: int = 0, language: str = DUTCH, *, sign: bool = False) -> str:
    """A number with grouped thousands, rounded half up; with ``sign`` a plus is shown too."""
    scaled = half_up(Fraction(value) * 10**decimals)
    whole, rest = divmod(abs(scaled), 10**decimals)
    mark = "-" if scaled < 0 else ("+" if sign and scaled > 0 else "")
    text = f"{mark}{whole:,}" + (f".{rest:0{decimals}d}" if decimals else "")
    return text if language == ENGLISH else text.translate({ord(","): ".", ord("."): ","})


def euro(cents: int, language: str = DUTCH, *, sign: bool = False) -> str:
    """An amount to the cent."""
    if language == DUTCH:
        return euros_nl(cents, sign=sign)
    return "€ " + number(Fraction(int(cents), 100), 2, language, sign=sign)


def euro_whole(cents: int, language: str = DUTCH, *, sign: bool = False) -> str:
    """An amount in whole euros."""
    return "€ " + number(Fraction(int(cents), 100), 0, language, sign=sign)


def euro_short(cents: int, language: str = DUTCH, *, sign: bool = False) -> str:
    """An amount in three or so digits: millions in two decimals, whole thousands, or whole euros."""
    size = abs(int(cents))
    if half_up(Fraction(size, _THOUSAND)) >= _MILLION // _THOUSAND:
        return "€ " + number(Fraction(int(cents), _MILLION), 2, language, sign=sign) + _unit("mln", "m", language)
    if half_up(Fraction(size, 100)) >= _THOUSAND // 100:
        return "€ " + number(Fraction(int(cents), _THOUSAND), 0, language, sign=sign) + _unit("dzd", "k", language)
    return euro_whole(cents, language, sign=sign)


def percent(value: Number, decimals: int = 1, language: str = DUTCH, *, sign: bool = False) -> str:
    """A percentage; ``value`` is in percents (5 is 5 %)."""
    return number(value, decimals, language, sign=sign) + ("%" if language == ENGLISH else " %")


def day(value: date, language: str = DUTCH, *, weekday: bool = False) -> str:
    """A day in words, ``12 september 2025``; with ``weekday`` its name goes before."""
    text = f"{value.day} {_MONTHS[language][value.month - 1]} {value.year}"
    return f"{_DAYS[language][value.weekday()]} {text}" if weekday else text


def month(value: Month | date, language: str = DUTCH) -> str:
    """A month in short, ``mrt 2025``."""
    return f"{month_name(value, language, short=True)} {value.year}"


def month_name(value: Month | date, language: str = DUTCH, *, short: bool = False) -> str:
    """The name of a month, without its year."""
    index = (value.number if isinstance(value, Month) else value.month) - 1
    return (_SHORT_MONTHS if short else _MONTHS)[language][index]


def moment(value: datetime, language: str = DUTCH) -> str:
    """A moment (UTC or with a zone) as the clock in the Netherlands has it, ``5 september 2025 14:32``.

    Raises:
        ValueError: the moment has no time zone.
    """
    if value.tzinfo is None:
        raise ValueError(f"a moment needs a time zone: {value!r}")
    local = value.astimezone(AMSTERDAM)
    return f"{day(local.date(), language)} {local:%H:%M}"


def quantity(value: Decimal | int, language: str = DUTCH) -> str:
    """A quantity with the decimals that it has, no trailing zeros: ``6,4``."""
    digits = format(Decimal(value), "f")
    places = len(digits.partition(".")[2].rstrip("0"))
    return number(Decimal(value), places, language)


def _unit(dutch: str, english: str, language: str) -> str:
    return english if language == ENGLISH else f" {dutch}"
