"""TOML as findings: syntax, unknown keys with the nearest known one, and values named by their key path.

A path reads ``lump_sum.deductions[1].percent``; tables in a list are counted from 1.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from marshmallow import Schema, fields

from budgets.year_folder.cells import nearest, quoted
from budgets.year_folder.rules import Rule
from lead_contractor.kernel.findings import Finding

Path = tuple[str | int, ...]

MAX_EXPONENT = 40

SEPARATOR = "\n"
"""Between what is wrong and what to write instead, in the messages of our own fields."""

_MISSING = "Missing data for required field."
_NO_TEXT = ("Dit is geen tekst.", "Zet de waarde tussen aanhalingstekens; zo blijven voorloopnullen staan.")
_NO_TABLE = ("Hier hoort een tabel.", "Schrijf een [tabel] of { sleutel = waarde }.")
_NO_LIST = ("Hier hoort een lijst.", "Schrijf [ … ], of [[…]] voor een lijst van tabellen.")
_NO_WHOLE = ("Dit is geen heel getal.", "Schrijf een heel getal zonder aanhalingstekens.")
_IN_DUTCH = {
    "Not a valid string.": _NO_TEXT,
    "Not a valid integer.": _NO_WHOLE,
    "Not a valid number.": ("Dit is geen getal.", 'Schrijf een getal, zoals "1234.56".'),
    "Not a valid boolean.": ("Dit is geen true of false.", "Schrijf true of false, zonder aanhalingstekens."),
    "Not a valid mapping type.": _NO_TABLE,
    "Not a valid date.": ("Dit is geen datum.", "Schrijf een datum als 2025-03-31, zonder aanhalingstekens."),
    "Invalid input type.": _NO_TABLE,
    "Not a valid list.": _NO_LIST,
    "Invalid value.": ("Deze waarde kan hier niet.", "Zie de beschrijving van het formaat."),
    "Field may not be null.": ("Deze waarde is leeg.", "Vul een waarde in of laat de sleutel weg."),
}
_REMEDY = "Pas de waarde aan; zie de beschrijving van het formaat."


def parse(file: str, text: str) -> dict[str, Any] | Finding:
    """Read TOML with exact decimals, or the finding with the row where it stops being TOML."""
    try:
        return tomllib.loads(text, parse_float=_exact)
    except tomllib.TOMLDecodeError as error:
        message, row = _toml_error(str(error))
        return Finding(Rule.TOML, f"Dit is geen geldige TOML ({message}).", "Herstel deze regel.", file, row)
    except (ValueError, RecursionError, InvalidOperation):
        return Finding(
            Rule.TOML,
            "Dit is geen geldige TOML: een getal is te lang of iets staat te diep in elkaar.",
            "Herstel het bestand.",
            file,
        )


def _exact(text: str) -> Decimal:
    number = Decimal(text.replace("_", ""))
    if not number.is_finite() or abs(number.adjusted()) > MAX_EXPONENT:
        raise ValueError(f"not a number for us: {text[:MAX_EXPONENT]}")
    return number


def _toml_error(text: str) -> tuple[str, int | None]:
    message, _, place = text.partition(" (at line ")
    number = place.partition(",")[0]
    return message, int(number) if number.isdigit() else None


def key_path(path: Sequence[str | int]) -> str:
    """A path as people read it."""
    parts = ""
    for step in path:
        parts += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if parts else step
    return parts


def schema_findings(file: str, schema: Schema, errors: Any, prefix: Path = ()) -> tuple[Finding, ...]:
    """The errors of a marshmallow schema as findings, each with its key path."""
    return tuple(_finding(file, schema, prefix, path, message) for path, message in _leaves(errors, ()))


def unknown_key(file: str, path: Path, known: Sequence[str]) -> Finding:
    """A key that nobody knows, with the nearest one that is known."""
    name = str(path[-1])
    return Finding(
        Rule.KEY_UNKNOWN,
        f"De sleutel {quoted(name)} is onbekend.",
        nearest(name, known) if known else "Laat de sleutel weg.",
        file,
        column=key_path(path),
    )


def _leaves(errors: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(errors, Mapping):
        for key, inner in errors.items():
            yield from _leaves(inner, path if key == "_schema" else (*path, key))
    elif isinstance(errors, (list, tuple)):
        for inner in errors:
            yield from _leaves(inner, path)
    else:
        yield path, str(errors)


def _finding(file: str, schema: Schema, prefix: Path, path: Path, text: str) -> Finding:
    known = _known(schema, path[:-1])
    if path and known and isinstance(path[-1], str) and path[-1] not in known:
        return unknown_key(file, (*prefix, *path), known)
    place = key_path((*prefix, *_shown(schema, path)))
    if text == _MISSING:
        return Finding(Rule.KEY_MISSING, f"De sleutel {place} ontbreekt.", "Voeg hem toe.", file, column=place)
    message, remedy = _message_and_remedy(text)
    return Finding(Rule.VALUE, message, remedy, file, column=place)


def _message_and_remedy(text: str) -> tuple[str, str]:
    if text in _IN_DUTCH:
        return _IN_DUTCH[text]
    message, separator, remedy = text.partition(SEPARATOR)
    if not separator:
        message, separator, remedy = text.partition(". ")
        message = message.removesuffix(".") + "."
    return message, remedy or _REMEDY


def _known(schema: Schema, path: Path) -> list[str]:
    """The key names that the schema has at a path."""
    at: Any = schema
    for step in path:
        at = _inside(at, step)
    at = at.schema if isinstance(at, fields.Nested) else at
    return [field.data_key or name for name, field in at.fields.items()] if isinstance(at, Schema) else []


def _inside(at: Any, step: str | int) -> Any:
    if isinstance(at, fields.Nested):
        if isinstance(step, int):
            return at.schema
        at = at.schema
    if isinstance(at, fields.List):
        return at.inner
    if isinstance(at, Schema) and isinstance(step, str):
        return next((field for name, field in at.fields.items() if (field.data_key or name) == step), None)
    return None


def _shown(schema: Schema, path: Path) -> Path:
    """The path without the ``key`` and ``value`` steps that marshmallow adds inside a free table."""
    at: Any = schema
    shown: list[str | int] = []
    for step in path:
        if isinstance(at, str):
            at = None
            continue
        shown.append(step)
        at = "entry" if isinstance(at, fields.Dict) else _inside(at, step)
    return tuple(shown)
