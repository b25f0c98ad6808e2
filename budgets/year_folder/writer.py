"""The way out: a year as a year folder, in canonical order, there as a whole or not at all."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import tomli_w

from budgets.year_folder.agreement_terms import TABLE
from budgets.year_folder.columns import TABLES, Table, canonical_keys, texts
from budgets.year_folder.model import YearFolder
from budgets.year_folder.reader import AGREEMENTS, CONTRACT, MESSAGE_KINDS, MESSAGES
from lead_contractor.kernel.refusals import Conflict, NotFound, Refusal


def table_text(table: Table, rows: Sequence[object]) -> str:
    """A table as CSV, in canonical order: separator ``,``, decimal points, line ends as RFC 4180 has them.

    Optional columns and columns of one's own (``x_``) are there only where a cell is filled.
    """
    keys = canonical_keys(table, rows)
    ordered = [rows[at] for at in sorted(range(len(rows)), key=keys.__getitem__)]
    columns = {column.name: texts(ordered, column.name) for column in table.columns}
    for column in table.columns:
        if column.optional and not any(columns[column.name]):
            del columns[column.name]
    extras: list[Mapping[str, str]] = [getattr(row, "extra", {}) for row in ordered]
    for name in sorted({name for extra in extras for name in extra}):
        columns[name] = [extra.get(name, "") for extra in extras]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return out.getvalue()


def write(folder: Path, year: YearFolder, messages: Iterable[tuple[str, bytes]]) -> None:
    """Write a year folder that reads back as the same year.

    Args:
        folder: where; it must not exist yet or be empty. It appears at once when all is written, and only
            its owner can read it, since it holds BSNs.
        year: what; the terms are written as they were read.
        messages: the files under ``messages/`` by name (``.xml``, ``.csv`` or ``.xlsx``), in any order.

    Raises:
        Conflict: the folder is there and not empty, or two messages have one name.
        NotFound: the place for the folder does not exist.
        Refusal: a message has a name that is no file name of ours.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Conflict(f"{folder} bestaat al en is niet leeg. Kies een nieuwe of lege map.")
    if not folder.absolute().parent.is_dir():
        raise NotFound(f"De map {folder.absolute().parent} bestaat niet. Maak haar eerst.")
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.absolute().parent))
    try:
        _write_files(draft, year, messages)
        if folder.is_dir():
            folder.rmdir()
        draft.rename(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def _write_files(folder: Path, year: YearFolder, messages: Iterable[tuple[str, bytes]]) -> None:
    (folder / CONTRACT).write_text(tomli_w.dumps(year.contract_source), encoding="utf-8", newline="\n")
    agreements = tomli_w.dumps({TABLE: list(year.agreements_source)} if year.agreements_source else {})
    (folder / AGREEMENTS).write_text(agreements, encoding="utf-8", newline="\n")
    for table in TABLES:
        rows: Sequence[object] = getattr(year, table.field)
        if rows or table.required:
            (folder / table.file).write_text(table_text(table, rows), encoding="utf-8", newline="\n")
    place = folder / MESSAGES
    place.mkdir()
    for name, content in messages:
        _write_message(place, name, content)


def _write_message(place: Path, name: str, content: bytes) -> None:
    plain = Path(name).name == name and not name.startswith(".") and "\\" not in name and name.isprintable()
    if not plain or Path(name).suffix.lower() not in MESSAGE_KINDS:
        raise Refusal(f"{name!r} is geen naam voor een bericht. Gebruik een bestandsnaam op .xml, .csv of .xlsx.")
    try:
        with (place / name).open("xb") as file:
            file.write(content)
    except FileExistsError as error:
        raise Conflict(f"Er zijn twee berichten met de naam {name}. Geef elk een eigen naam.") from error
