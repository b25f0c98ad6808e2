"""Exact numbers in Dutch words: a decimal comma and at most a few decimals."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from lead_contractor.kernel.rounding import half_up


def number_nl(value: int | Decimal | Fraction, decimals: int = 2) -> str:
    """Write a number with ``decimals`` decimals and a comma: ``1129,43``."""
    scaled = half_up(Fraction(value) * 10**decimals)
    whole, rest = divmod(abs(scaled), 10**decimals)
    sign = "-" if scaled < 0 else ""
    return f"{sign}{whole},{rest:0{decimals}d}" if decimals else f"{sign}{whole}"
