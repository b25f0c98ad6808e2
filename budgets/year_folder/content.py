"""What a year holds as one hash: the same content gives the same hash, whatever the files look like."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

from budgets.year_folder.columns import TABLES, plain_decimal
from budgets.year_folder.model import YearFolder
from budgets.year_folder.writer import table_text
from lead_contractor.kernel.periods import Month
from subcontractors.declarations.reader import read_file

VERSION = 1
TABLE_KINDS = (".csv", ".xlsx")
"""Message files that are tables: their rows may stand in any order."""


def message_hash(content: bytes) -> str:
    """The SHA-256 of a message file, as :func:`content_hash` takes it."""
    return hashlib.sha256(content).hexdigest()


def message_file_hash(path: Path) -> str:
    """The hash of a message file: of its bytes, or of what the rows of a table say, whatever their order."""
    if path.suffix.lower() not in TABLE_KINDS:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    said = sorted(came.content_hash for came in read_file(path.name, path))
    return message_hash("\n".join(said).encode())


def content_hash(year: YearFolder, message_bytes_hashes: Iterable[str]) -> str:
    """The SHA-256 of a year and its messages, in hexadecimal.

    It does not depend on the order of rows, agreements and keys, on separators and file names, or on whether
    a default is written out. Columns of one's own (``x_``) count. Optional parts that are not used leave no
    trace, so that a later version with more of them finds the same hash.

    Args:
        year: the year.
        message_bytes_hashes: the hash of every message file (see :func:`message_file_hash`), in any order.
    """
    digest = hashlib.sha256(f"year folder {VERSION}\n".encode())
    parts = [
        json.dumps(_plain(year.contract), sort_keys=True, ensure_ascii=False),
        json.dumps(
            [_plain(agreement) for agreement in sorted(year.agreements, key=lambda one: one.id)],
            sort_keys=True,
            ensure_ascii=False,
        ),
        *(f"{table.file}\n{table_text(table, rows)}" for table in TABLES if (rows := getattr(year, table.field))),
        *sorted(message_bytes_hashes),
    ]
    for part in parts:
        data = part.encode()
        digest.update(f"{len(data)}\n".encode())
        digest.update(data)
    return digest.hexdigest()


def _plain(value: Any) -> Any:
    """A value as JSON has it; fields that hold their default are left out, numbers have one text."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return plain_decimal(value)
    if isinstance(value, date | Month):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        named = [(field, getattr(value, field.name)) for field in fields(value)]
        return {field.name: _plain(found) for field, found in named if not _default(field, found)}
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, frozenset):
        return sorted(_plain(inner) for inner in value)
    if isinstance(value, tuple | list):
        return [_plain(inner) for inner in value]
    return value


def _default(field: Any, value: object) -> bool:
    if field.default is not MISSING:
        return bool(value == field.default)
    return field.default_factory is not MISSING and value == field.default_factory()
