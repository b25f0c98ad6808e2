"""The definitions of the figures, read once from ``kpis.toml``; looked up by id and version, or by day."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from lead_contractor.kernel.refusals import Refusal
from subcontractors.reports.model import Kind, Kpi

_FILE = Path(__file__).with_name("kpis.toml")
_LANGUAGES = ("nl", "en")


@lru_cache(maxsize=1)
def every() -> tuple[Kpi, ...]:
    """All definitions, every version of them, in the order of the file."""
    return read(_FILE)


def read(file: Path) -> tuple[Kpi, ...]:
    """The definitions of a file, in its order."""
    return tuple(_kpi(one) for one in tomllib.loads(file.read_text(encoding="utf-8"))["kpi"])


def kpis_on(day: date) -> tuple[Kpi, ...]:
    """The definitions that hold on a day, one of each id, in the order of the file."""
    newest: dict[str, Kpi] = {}
    for one in every():
        held = newest.get(one.id)
        if one.valid_from <= day and (held is None or held.version < one.version):
            newest[one.id] = one
    return tuple(newest.values())


def kpi(name: str, version: int) -> Kpi:
    """One definition.

    Raises:
        Refusal: there is no such definition; what was asked under it cannot be shown.
    """
    found = next((one for one in every() if (one.id, one.version) == (name, version)), None)
    if found is None:
        raise Refusal(f"Het kengetal {name!r}, versie {version}, is niet bekend. Werk Hoofdsom bij.")
    return found


def _kpi(said: dict[str, Any]) -> Kpi:
    return Kpi(
        id=said["id"],
        version=said["version"],
        valid_from=said["valid_from"],
        kind=Kind(said["kind"]),
        set=said["set"],
        name=_texts(said, "name"),
        definition=_texts(said, "definition"),
        value_name=_texts(said, "value"),
        number_name=_texts(said, "number"),
        unit=_texts(said, "unit"),
        computed=_texts(said, "computed"),
        source=said["source"],
        lowest=_number(said.get("lowest")),
        highest=_number(said.get("highest")),
        optional=said.get("optional", False),
        asked=said.get("asked", True),
    )


def _texts(said: dict[str, Any], name: str) -> dict[str, str]:
    return {language: said.get(f"{name}_{language}", "") for language in _LANGUAGES}


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
