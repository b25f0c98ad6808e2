"""Fields and schemas that every part of the interface shares: strict numbers, plain messages, one form of a page.

What a field raises is a key (``integer``, ``date``), which the edge tells in the language that was asked for.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any, TypeAlias

from marshmallow import RAISE, Schema, ValidationError, fields, validate

LARGEST = 2**53 - 1
"""The largest whole number that every JSON reader keeps exactly."""

MOST_PER_PAGE = 200
ORDINARY_PAGE = 50
MOST_PAGES = 1_000_000
CONTRACT = r"^[^\x00-\x1f\x7f]+$"
MONTH = r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$"
AGB = r"^[0-9]{8}$"

_MOST_DIGITS = 18
_NO_TEXT = re.compile("[\ud800-\udfff\ufffe\uffff]")
"""Halves of a pair and signs that are none: no database and no message can hold them."""

Messages: TypeAlias = dict[str, str | list[Any] | dict[Any, Any]]
_COMMON: Messages = {"required": "required", "null": "null", "validator_failed": "text"}


class Strict(Schema):
    """What comes in: a field that nobody knows is refused, not ignored."""

    class Meta:
        """Unknown fields are refused."""

        unknown = RAISE

    error_messages = {"unknown": "unknown", "type": "object"}  # noqa: RUF012 - as marshmallow has it


class _Typed(fields.Integer):
    """A whole number as it stands in an address: digits and nothing else."""

    def _validated(self, value: Any) -> int:
        if isinstance(value, str) and not (value.isascii() and value.isdigit() and len(value) <= _MOST_DIGITS):
            raise self.make_error("invalid", input=value)
        found: int = super()._validated(value)
        return found


class _Day(fields.Date):
    """A day in four, two and two digits."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> date:
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value, re.ASCII):
            raise self.make_error("invalid", input=value, obj_type="date")
        found: date = super()._deserialize(value, attr, data, **options)
        return found


class _Form(validate.Regexp):
    """The form of a text, up to its very end: a line end behind it is no part of a form, though ``$`` lets it pass."""

    def __call__(self, value: Any) -> Any:
        super().__call__(value)
        form: Any = self.regex
        if isinstance(value, str) and (not form.fullmatch(value) or _NO_TEXT.search(value)):
            raise ValidationError(self._format_error(value))
        return value


class _Bounded(fields.List[Any]):
    """A list of which the length is seen before any part of it is looked at: a body may hold millions."""

    most: int | None = None

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> list[Any]:
        if self.most is not None and isinstance(value, list) and len(value) > self.most:
            raise self.make_error("invalid")
        found: list[Any] = super()._deserialize(value, attr, data, **options)
        return found


def whole(least: int = 0, most: int = LARGEST, **options: Any) -> fields.Integer:
    """A whole number in a body, such as an amount in cents; 1.7, "2" and true are none."""
    messages: Messages = {**_COMMON, "invalid": "integer", "too_large": "integer"}
    bounds = validate.Range(least, most, error="integer")
    return fields.Integer(strict=True, validate=bounds, error_messages=messages, **options)


def count(least: int, most: int, **options: Any) -> fields.Integer:
    """A whole number in an address."""
    messages: Messages = {**_COMMON, "invalid": "integer", "too_large": "integer"}
    return _Typed(validate=validate.Range(least, most, error="integer"), error_messages=messages, **options)


def text(pattern: str = "", most: int = 80, **options: Any) -> fields.String:
    """Text of a form."""
    checks: list[validate.Validator] = [validate.Length(max=most, error="text")]
    if pattern:
        checks.append(_Form(pattern, error="text"))
    messages: Messages = {**_COMMON, "invalid": "text", "invalid_utf8": "text"}
    return fields.String(validate=checks, error_messages=messages, **options)


def choice(*values: str, **options: Any) -> fields.String:
    """One of these texts."""
    messages: Messages = {**_COMMON, "invalid": "choice", "invalid_utf8": "choice"}
    return fields.String(validate=validate.OneOf(values, error="choice"), error_messages=messages, **options)


def day(**options: Any) -> fields.Date:
    """A day, ``2025-03-31``."""
    messages: Messages = {**_COMMON, "invalid": "date", "format": "date"}
    return _Day(format="%Y-%m-%d", error_messages=messages, **options)


def month(**options: Any) -> fields.String:
    """A month, ``2025-03``."""
    messages: Messages = {**_COMMON, "invalid": "month", "invalid_utf8": "month"}
    return fields.String(validate=_Form(MONTH, error="month"), error_messages=messages, **options)


def yes_or_no(**options: Any) -> fields.Boolean:
    """True or false."""
    return fields.Boolean(
        truthy={"true", True}, falsy={"false", False}, error_messages={**_COMMON, "invalid": "boolean"}, **options
    )


def nested(schema: type[Schema], **options: Any) -> fields.Nested:
    """An object within."""
    return fields.Nested(schema, error_messages={**_COMMON, "type": "object"}, **options)


def listed(inner: fields.Field[Any] | type[Schema], most: int | None = None, **options: Any) -> fields.List[Any]:
    """A list; one that comes in has at least one part when ``most`` is given."""
    part = inner if isinstance(inner, fields.Field) else nested(inner)
    checks = [] if most is None else [validate.Length(min=1, max=most, error="list")]
    made = _Bounded(part, validate=checks, error_messages={**_COMMON, "invalid": "list"}, **options)
    made.most = most
    return made


class PageArgs(Strict):
    """Which page of a list."""

    page = count(1, MOST_PAGES, load_default=1, metadata={"description": "Which page, from 1."})
    page_size = count(1, MOST_PER_PAGE, load_default=ORDINARY_PAGE, metadata={"description": "How many on a page."})


class YearArgs(Strict):
    """What stands under one contract year, or under all."""

    contract = text(CONTRACT, 60, load_default=None, metadata={"description": "Code of a contract year; all without."})


class ContractArgs(PageArgs, YearArgs):
    """A list under one contract year, or under all."""


class DeliverArgs(Strict):
    """Where a message goes, and whether it is only tried."""

    contract = text(
        CONTRACT,
        60,
        load_default=None,
        metadata={"description": "Code of the contract year; may be left out where there is only one."},
    )
    dry_run = yes_or_no(
        load_default=False, metadata={"description": "Voorcontrole: the very same checks, and nothing is stored."}
    )


class PageSchema(Schema):
    """Where a page stands in its list."""

    page = fields.Integer(required=True)
    page_size = fields.Integer(required=True)
    pages = fields.Integer(required=True)
    total = fields.Integer(required=True, metadata={"description": "How many there are on all pages together."})


class ProblemErrorSchema(Schema):
    """One thing that is wrong."""

    pointer = fields.String(required=True, metadata={"description": "JSON pointer, or the place in the file in words."})
    detail = fields.String(required=True)
    remedy = fields.String(required=True)
    code = fields.String(metadata={"description": "Rule or return code, where there is one."})


class ProblemSchema(Schema):
    """Problem details (RFC 9457)."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    errors = fields.List(fields.Nested(ProblemErrorSchema))


def page_of(items: list[Any], args: dict[str, Any], total: int, name: str = "items") -> dict[str, Any]:
    """A page as it goes out."""
    size = args["page_size"]
    return {
        name: items,
        "page": args["page"],
        "page_size": size,
        "pages": -(-total // size),
        "total": total,
    }
