"""How forms of financing read their own keys of an ``[[agreement]]`` table.

Amounts are euros as text (``"1234.56"``) or as exact TOML numbers, never binary fractions; percentages and
quantities are plain numbers as text or number. Unknown keys are refused by name; messages are Dutch and
name key and remedy.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from marshmallow import RAISE, Schema, ValidationError, fields

from lead_contractor.kernel.money import Cents, cents_from_euros

Messages = dict[str, str | list[Any] | dict[Any, Any]]

KEY = "«sleutel»"
REQUIRED = f"{KEY} ontbreekt. Vul {KEY} in."
EMPTY = f"{KEY} is leeg. Vul {KEY} in of laat de sleutel weg."
UNKNOWN = f"{KEY} is geen bekende sleutel bij deze vorm. Verwijder {KEY} of verbeter de spelling."
NOT_AN_AMOUNT = f'{KEY} is geen bedrag in euro\'s. Schrijf het als tekst met een decimale punt, bijvoorbeeld "1234.56".'
NEGATIVE_AMOUNT = f"{KEY} is negatief. Vul een bedrag van nul of meer in."
NOT_A_NUMBER = f'{KEY} is geen getal. Schrijf het met een decimale punt, bijvoorbeeld "62" of "4.5".'
OUT_OF_RANGE = f"{KEY} ligt buiten wat mag ({{bounds}}). Vul een getal daarbinnen in."
NOT_A_WHOLE_NUMBER = f"{KEY} is geen geheel getal van nul of meer. Vul een geheel getal in."
NOT_A_TABLE = f"{KEY} is geen tabel. Schrijf het tussen accolades: sleutel = waarde."
NOT_A_LIST = f"{KEY} is geen lijst. Schrijf het tussen vierkante haken."
NOT_A_CHOICE = f"{KEY} heeft een waarde die niet bestaat. Kies uit: {{choices}}."

MAX_DIGITS = 13
"""How many digits a number may have before its decimal point, as in the tables."""
TOO_LARGE = f"{KEY} is te groot. Schrijf ten hoogste {MAX_DIGITS} cijfers voor de punt."

UNNAMED = frozenset({"key", "value"})
"""How marshmallow calls the two halves of an entry of a table; the entry's own name says more."""

COMMON: Messages = {"required": REQUIRED, "null": EMPTY}
LIST: Messages = {**COMMON, "invalid": NOT_A_LIST}
TABLE: Messages = {**COMMON, "type": NOT_A_TABLE, "invalid": NOT_A_TABLE}
AMOUNT_MESSAGES: Messages = {**COMMON, "invalid": NOT_AN_AMOUNT, "negative": NEGATIVE_AMOUNT, "large": TOO_LARGE}
QUANTITY_MESSAGES: Messages = {**COMMON, "invalid": NOT_A_NUMBER, "range": OUT_OF_RANGE, "large": TOO_LARGE}
CHOICE_MESSAGES: Messages = {**COMMON, "invalid": NOT_A_CHOICE}
WHOLE_NUMBER_MESSAGES: Messages = {**COMMON, "invalid": NOT_A_WHOLE_NUMBER}
SCHEMA_MESSAGES = {"unknown": UNKNOWN, "type": "Hier horen sleutels met hun waarde te staan."}


class TermsSchema(Schema):
    """Base of the schemas of the forms: strict about keys, Dutch in its messages."""

    class Meta:
        """Unknown keys are refused, not ignored."""

        unknown = RAISE

    error_messages = SCHEMA_MESSAGES

    def handle_error(self, error: ValidationError, data: Any, **_: Any) -> NoReturn:
        """Put the name of the key in every message before it is raised."""
        raise ValidationError(_named(error.messages_dict), data=data, valid_data=error.valid_data)


def _named(messages: Mapping[Any, Any]) -> dict[Any, Any]:
    return {key: _with_key(key, found) for key, found in messages.items()}


def _unnamed(key: object) -> bool:
    return key in UNNAMED or isinstance(key, int)


def _with_key(key: object, found: Any) -> Any:
    if isinstance(found, dict):
        return {
            inner: _with_key(key if inner in UNNAMED or isinstance(inner, int) else inner, text)
            for inner, text in found.items()
        }
    if isinstance(found, list):
        return [_with_key(key, text) for text in found]
    return str(found).replace(KEY, f"‘{key}’")


class Amount(fields.Field[Cents]):
    """An amount in euros of zero or more, read as cents."""

    default_error_messages = AMOUNT_MESSAGES

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Cents:
        if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
            raise self.make_error("invalid")
        if isinstance(value, Decimal) and (not value.is_finite() or value.adjusted() > MAX_DIGITS):
            raise self.make_error("large" if value.is_finite() else "invalid")
        try:
            cents = cents_from_euros(format(value, "f") if isinstance(value, Decimal) else str(value))
        except ValueError as error:
            raise self.make_error("invalid") from error
        if cents < 0:
            raise self.make_error("negative")
        if cents >= 10 ** (MAX_DIGITS + 2):
            raise self.make_error("large")
        return cents


class Quantity(fields.Field[Decimal]):
    """A percentage or quantity from ``minimum`` up to ``maximum`` (``None``: no bound), exact."""

    default_error_messages = QUANTITY_MESSAGES

    def __init__(
        self, *, minimum: int = 0, maximum: int | None = None, above_minimum: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.minimum, self.maximum, self.above_minimum = minimum, maximum, above_minimum

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
            raise self.make_error("invalid")
        try:
            number = Decimal(str(value).strip())
        except InvalidOperation as error:
            raise self.make_error("invalid") from error
        if not number.is_finite() or "e" in str(value).lower():
            raise self.make_error("invalid")
        if number.adjusted() >= MAX_DIGITS:
            raise self.make_error("large")
        too_low = number <= self.minimum if self.above_minimum else number < self.minimum
        if too_low or (self.maximum is not None and number > self.maximum):
            raise self.make_error("range", bounds=self._bounds())
        return number

    def _bounds(self) -> str:
        low = f"meer dan {self.minimum}" if self.above_minimum else f"{self.minimum} of meer"
        return low if self.maximum is None else f"{low}, hoogstens {self.maximum}"


class Choice(fields.Field[str]):
    """One of a few fixed words."""

    default_error_messages = CHOICE_MESSAGES

    def __init__(self, choices: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.choices = choices

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> str:
        if not isinstance(value, str) or value not in self.choices:
            raise self.make_error("invalid", choices=", ".join(self.choices))
        return value


class WholeNumber(fields.Integer):
    """A whole number of zero or more, as number or text."""

    default_error_messages = WHOLE_NUMBER_MESSAGES

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int:
        text = str(value).strip()
        if isinstance(value, bool) or not (text.isascii() and text.isdigit()):
            raise self.make_error("invalid")
        return int(text)


class Table(fields.Nested):
    """A table inside the agreement, read by its own schema."""

    default_error_messages = TABLE

    def _deserialize(self, value: Any, *context: Any, **options: Any) -> Any:
        if not isinstance(value, Mapping):
            raise self.make_error("type")
        return super()._deserialize(value, *context, **options)
