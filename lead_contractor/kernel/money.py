"""Money: whole euro cents in one immutable type.

``Cents`` is an ``int`` that refuses fractions, so that a rounding can only happen in
:mod:`lead_contractor.kernel.rounding`. It is stored as ``BIGINT`` and written to JSON as an integer.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Self


class Cents(int):
    """An amount of money in whole euro cents; negative means the other way round."""

    __slots__ = ()

    def __new__(cls, value: int = 0) -> Self:
        """Take a whole number of cents; anything else (float, Decimal, bool, text) is refused.

        Raises:
            TypeError: the value is not a whole number.
        """
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError(f"cents are whole numbers, not {value!r}")
        return super().__new__(cls, value)

    def __add__(self, other: int) -> Cents:
        return Cents(int(self) + _whole(other))

    __radd__ = __add__

    def __sub__(self, other: int) -> Cents:
        return Cents(int(self) - _whole(other))

    def __rsub__(self, other: int) -> Cents:
        return Cents(_whole(other) - int(self))

    def __mul__(self, other: int) -> Cents:
        return Cents(int(self) * _whole(other))

    __rmul__ = __mul__

    def __neg__(self) -> Cents:
        return Cents(-int(self))

    def __abs__(self) -> Cents:
        return Cents(abs(int(self)))

    def __repr__(self) -> str:
        return f"Cents({int(self)})"

    def __str__(self) -> str:
        return str(int(self))

    def __format__(self, spec: str) -> str:
        return format(int(self), spec)


ZERO = Cents(0)


def _whole(other: int) -> int:
    if isinstance(other, bool) or not isinstance(other, int):
        raise TypeError(f"cents can only meet whole numbers, not {other!r}; round first")
    return int(other)


def total(amounts: Iterable[int]) -> Cents:
    """Add amounts up; nothing adds up to zero cents."""
    return Cents(sum(int(amount) for amount in amounts))


def cents_from_euros(text: str) -> Cents:
    """Read an amount in euros with a decimal point (``"1234.56"``) as cents.

    Raises:
        ValueError: not a number, more than two decimals, or an exponent or grouping sign in it.
    """
    cleaned = text.strip()
    if not cleaned or any(char not in "0123456789.-" for char in cleaned):
        raise ValueError(f"not an amount in euros: {text!r}")
    try:
        cents = Decimal(cleaned) * 100
    except InvalidOperation as error:
        raise ValueError(f"not an amount in euros: {text!r}") from error
    if cents != cents.to_integral_value():
        raise ValueError(f"an amount in euros has at most two decimals: {text!r}")
    return Cents(int(cents))


def euros_text(amount: int) -> str:
    """Write cents as euros with a decimal point, as the year folder does (``"1234.56"``)."""
    sign = "-" if amount < 0 else ""
    whole, rest = divmod(abs(int(amount)), 100)
    return f"{sign}{whole}.{rest:02d}"


def euros_nl(amount: int, *, sign: bool = False) -> str:
    """Write cents the Dutch way: ``€ 1.234,56``, ``€ -1.234,56``; with ``sign`` a plus is shown too."""
    whole, rest = divmod(abs(int(amount)), 100)
    mark = "-" if amount < 0 else ("+" if sign and amount > 0 else "")
    return f"€ {mark}{whole:,}".replace(",", ".") + f",{rest:02d}"
