"""Fields of the TOML files: the same readers as the cells of the tables, with the same messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from marshmallow import Schema, ValidationError, fields, post_load

from budgets.year_folder import cells
from budgets.year_folder.toml_source import MAX_EXPONENT, SEPARATOR


def wrong(message: str, remedy: str, field: str = "_schema") -> ValidationError:
    """A validation error that carries what to write instead."""
    return ValidationError(f"{message}{SEPARATOR}{remedy}", field)


def toml_text(value: object) -> str:
    """A TOML value as the text that a cell would have; tables, lists and moments are refused."""
    if isinstance(value, str) and value.strip():
        return value.strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and abs(value) < 10**MAX_EXPONENT:
        return str(value)
    if isinstance(value, Decimal) and value.is_finite() and abs(value.adjusted()) <= MAX_EXPONENT:
        return format(value, "f")
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    raise wrong("Deze waarde is leeg of van de verkeerde soort.", "Schrijf een tekst, een getal of een datum.")


class Cell(fields.Field[Any]):
    """A value that is read as a cell of a table is."""

    def __init__(self, read: cells.Read, **options: Any) -> None:
        self.read = read
        super().__init__(**options)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        try:
            return self.read(toml_text(value), False)
        except cells.CellError as error:
            raise wrong(error.message, error.remedy) from error


class Code(Cell):
    """A code: text between quotes, so that leading zeros survive."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> Any:
        if not isinstance(value, str):
            raise ValidationError("Not a valid string.")
        return super()._deserialize(value, attr, data, **kwargs)


def between(low: int, high: int) -> Callable[[int | Decimal], None]:
    """A validator: the value lies between two bounds, both included."""

    def check(value: int | Decimal) -> None:
        if not low <= value <= high:
            raise wrong(f"{value} ligt niet tussen {low} en {high}.", f"Schrijf een getal van {low} tot en met {high}.")

    return check


def above_zero(value: int | Decimal) -> None:
    """A validator: more than nothing."""
    if value <= 0:
        raise wrong(f"{value} is niet groter dan nul.", "Schrijf een getal boven nul.")


def text(**options: Any) -> Cell:
    """Text that is not empty."""
    return Code(cells.words, **options)


def percent(**options: Any) -> Cell:
    """A percentage from 0 up to 100."""
    return Cell(cells.decimal, validate=between(0, 100), **options)


def whole(low: int, high: int, **options: Any) -> Cell:
    """A whole number within bounds."""
    return Cell(cells.whole, validate=between(low, high), **options)


class Terms(Schema):
    """A table of terms that becomes the dataclass ``makes``; unknown keys are refused."""

    makes: ClassVar[Callable[..., Any]] = dict

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Any:
        """Build the dataclass from the values that are there; its own defaults fill the rest."""
        return type(self).makes(**data)
