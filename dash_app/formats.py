"""Number and date formats of the Dash view: those of the pages, in the language of the request.

Charts take :func:`plotly_separators` and :func:`month_axis`, so that an axis and a table never differ.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.rounding import Number
from lead_contractor.web import formats
from lead_contractor.web.languages import current_language


def euro(cents: int, *, sign: bool = False) -> str:
    """An amount to the cent."""
    return formats.euro(cents, current_language(), sign=sign)


def euro_whole(cents: int, *, sign: bool = False) -> str:
    """An amount in whole euros."""
    return formats.euro_whole(cents, current_language(), sign=sign)


def euro_short(cents: int, *, sign: bool = False) -> str:
    """An amount in millions, thousands or whole euros."""
    return formats.euro_short(cents, current_language(), sign=sign)


def number(value: Number, decimals: int = 0, *, sign: bool = False) -> str:
    """A number with grouped thousands."""
    return formats.number(value, decimals, current_language(), sign=sign)


def percent(value: Number, decimals: int = 1, *, sign: bool = False) -> str:
    """A percentage; ``value`` is in percents."""
    return formats.percent(value, decimals, current_language(), sign=sign)


def day(value: date) -> str:
    """A day in words."""
    return formats.day(value, current_language())


def month(value: Month | date) -> str:
    """A month in short."""
    return formats.month(value, current_language())


def month_name(value: Month | date) -> str:
    """The full name of a month, for sentences."""
    return formats.month_name(value, current_language())


def month_axis(months: Iterable[Month]) -> list[str]:
    """The labels of a month axis."""
    return [formats.month_name(month, current_language(), short=True) for month in months]


def plotly_separators() -> str:
    """Decimal and thousands separator for ``layout.separators``."""
    return ".," if current_language() == formats.ENGLISH else ",."
