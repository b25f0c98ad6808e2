"""The municipality codes of CBS, as dated data of our own (``municipalities.csv``)."""

from __future__ import annotations

import csv
from datetime import date
from functools import cache
from importlib.resources import files


@cache
def _listed() -> dict[str, tuple[date | None, date | None]]:
    text = files(__package__).joinpath("municipalities.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["code"]: (_day(row["valid_from"]), _day(row["valid_to"])) for row in rows}


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def is_municipality(code: str, day: date) -> bool:
    """Whether a code is on the list on a day (TR378).

    The list is the division of 2026 (342 municipalities); a row without dates holds on every day. A municipality that
    was divided or merged is kept with the last day on which its code may still be used.
    """
    found = _listed().get(code)
    if found is None:
        return False
    first, last = found
    return (first is None or first <= day) and (last is None or day <= last)
