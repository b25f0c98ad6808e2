"""The columns of tables that providers send: their names, the other names by which they go, and what stands in them.

A layout belongs to a kind of table (declarations, short returns). It recognises a header in English or Dutch, whatever
the capitals, spaces and dashes, and refuses by name what it does not know.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from subcontractors.iwmo import types
from subcontractors.iwmo.simple import Simple, shown

MOST_COLUMNS = 200
MOST_LISTED = 10
IGNORED = "x_"
"""Columns that begin so are somebody's own; they are kept in a returned file and never read."""

_GAPS = re.compile(r"[\s_/.-]+")


class Kind(StrEnum):
    """What stands in a column, and so how a spreadsheet's own numbers and dates in it are read."""

    TEXT = "text"
    CODE = "code"
    DAY = "day"
    MONTH = "month"
    EUROS = "euros"
    WHOLE = "whole"
    DECIMAL = "decimal"


def plain_name(name: str) -> str:
    """A column name without capitals, and with one space for every run of spaces, dashes, dots, slashes."""
    return _GAPS.sub(" ", name.strip().lower()).strip()


def _listed(names: Sequence[str]) -> str:
    """The first few names."""
    more = f" en nog {len(names) - MOST_LISTED}" if len(names) > MOST_LISTED else ""
    return ", ".join(shown(name) for name in names[:MOST_LISTED]) + more


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one kind of table in written order, and their other names."""

    kinds: Mapping[str, Kind]
    names: Mapping[str, str]
    _known: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known = {plain_name(column): column for column in self.kinds}
        known |= {plain_name(other): column for other, column in self.names.items()}
        object.__setattr__(self, "_known", MappingProxyType(known))

    def column(self, written: str) -> str | None:
        """The column that a written name stands for; ``None`` when it stands for none of ours."""
        return None if written.strip().lower().startswith(IGNORED) else self._known.get(plain_name(written))

    def recognised(self, written: Sequence[str]) -> int:
        """How many of our columns a row of cells names."""
        return len({column for cell in written if (column := self.column(cell)) is not None})

    def problems(self, written: Sequence[str]) -> list[str]:
        """What is wrong with a header, in words; empty when it is right."""
        if len(written) > MOST_COLUMNS:
            return [f"er zijn er {len(written)}, ten hoogste {MOST_COLUMNS} kunnen"]
        found = [self.column(name) for name in written]
        strange = [
            name
            for name, column in zip(written, found, strict=True)
            if column is None and name.strip() and not name.strip().lower().startswith(IGNORED)
        ]
        missing = [column for column in self.kinds if column not in found]
        doubled = sorted({column for column in found if column is not None and found.count(column) > 1})
        called = self._called(written)
        problems = [f"onbekend: {_listed(strange)}"] if strange else []
        problems += [f"ontbreekt: {', '.join(map(called, missing))}"] if missing else []
        problems += [f"dubbel: {', '.join(map(called, doubled))}"] if doubled else []
        return problems

    def _called(self, written: Sequence[str]) -> Callable[[str], str]:
        """How to name our columns to whoever wrote a header: as the format does, or else in Dutch."""
        dutch: dict[str, str] = {}
        for other, column in self.names.items():
            dutch.setdefault(column, other)
        if {plain_name(name) for name in written} & {plain_name(column) for column in dutch}:
            return str
        return lambda column: dutch.get(column, column)


COLUMNS: dict[str, Simple | None] = {
    "declaration": types.DECLARATION_ID,
    "period": None,
    "received": types.DAY,
    "subcontractor": types.AGB,
    "reference": types.REFERENCE,
    "previous_reference": types.REFERENCE,
    "bsn": types.BSN,
    "allocation": types.NUMBER,
    "category": types.CATEGORY,
    "product_code": types.PRODUCT_CODE,
    "from": types.DAY,
    "to": types.DAY,
    "volume": types.VOLUME,
    "unit": types.UNIT,
    "tariff": None,
    "amount": None,
    "debit_credit": types.DEBIT_CREDIT,
}
"""The columns of a declaration with their types; period and amounts have a form of their own."""

OPTIONAL = ("previous_reference", "tariff")
"""Columns of a declaration of which a cell may be empty."""

DECLARATIONS = Layout(
    MappingProxyType(
        {
            "declaration": Kind.TEXT,
            "period": Kind.MONTH,
            "received": Kind.DAY,
            "subcontractor": Kind.CODE,
            "reference": Kind.TEXT,
            "previous_reference": Kind.TEXT,
            "bsn": Kind.CODE,
            "allocation": Kind.WHOLE,
            "category": Kind.CODE,
            "product_code": Kind.CODE,
            "from": Kind.DAY,
            "to": Kind.DAY,
            "volume": Kind.WHOLE,
            "unit": Kind.CODE,
            "tariff": Kind.EUROS,
            "amount": Kind.EUROS,
            "debit_credit": Kind.CODE,
        }
    ),
    MappingProxyType(
        {
            "declaratie": "declaration",
            "declaratienummer": "declaration",
            "declaratie nummer": "declaration",
            "periode": "period",
            "maand": "period",
            "declaratieperiode": "period",
            "ontvangen": "received",
            "ontvangen op": "received",
            "dagtekening": "received",
            "onderaannemer": "subcontractor",
            "aanbieder": "subcontractor",
            "agb": "subcontractor",
            "agb code": "subcontractor",
            "referentie": "reference",
            "referentienummer": "reference",
            "kenmerk": "reference",
            "vorige referentie": "previous_reference",
            "vorig referentienummer": "previous_reference",
            "burgerservicenummer": "bsn",
            "toewijzing": "allocation",
            "toewijzingnummer": "allocation",
            "toewijzingsnummer": "allocation",
            "categorie": "category",
            "productcategorie": "category",
            "productcode": "product_code",
            "product": "product_code",
            "van": "from",
            "begindatum": "from",
            "tot en met": "to",
            "t/m": "to",
            "einddatum": "to",
            "aantal": "volume",
            "geleverd volume": "volume",
            "eenheid": "unit",
            "tarief": "tariff",
            "producttarief": "tariff",
            "bedrag": "amount",
            "ingediend bedrag": "amount",
            "debet/credit": "debit_credit",
            "debet of credit": "debit_credit",
            "debetcredit": "debit_credit",
            "d/c": "debit_credit",
        }
    ),
)
"""The table of declarations (``messages/*.csv``, and its twin in a workbook)."""

DUTCH = MappingProxyType(
    {
        "declaration": "declaratie",
        "period": "periode",
        "received": "ontvangen",
        "subcontractor": "agb-code",
        "reference": "referentie",
        "previous_reference": "vorige referentie",
        "bsn": "bsn",
        "allocation": "toewijzing",
        "category": "categorie",
        "product_code": "productcode",
        "from": "van",
        "to": "tot en met",
        "volume": "volume",
        "unit": "eenheid",
        "tariff": "tarief",
        "amount": "bedrag",
        "debit_credit": "debet/credit",
    }
)
"""The name of each column in the template of the portal."""
