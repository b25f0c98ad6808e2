"""Judging one cell of a table as a provider's spreadsheet wrote it: what is the matter, and what to do about it.

Nothing is guessed. What a spreadsheet does to codes, dates and amounts has a name of its own: lost leading zeros,
scientific notation, error values, formulas, thousands separators.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from lead_contractor.kernel.money import Cents, cents_from_euros, euros_text
from lead_contractor.kernel.periods import Month
from subcontractors.declarations.columns import COLUMNS, DECLARATIONS, Kind
from subcontractors.iwmo import types
from subcontractors.iwmo.simple import Text, Wrong, shown

AS_TEXT = "Maak de kolom op als Tekst (Celeigenschappen, Getal, Tekst)"

ERRORS = frozenset(
    {
        *("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NUM!", "#NAME?", "#NULL!", "#SPILL!", "#CALC!"),
        *("#N/B", "#VERW!", "#WAARDE!", "#DEEL/0!", "#GETAL!", "#NAAM?", "#LEEG!", "#OVERLOOP!"),
    }
)
"""What a spreadsheet, English or Dutch, shows where a formula failed."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_WRITTEN = (Kind.TEXT, Kind.CODE)
_EUROS = re.compile(r"[0-9]+(\.[0-9]{1,2})?")
_SCIENTIFIC = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?[eE][+-][0-9]+")
_DUTCH_DAY = re.compile(r"([0-9]{1,2})-([0-9]{1,2})-([0-9]{4})")
_DATE_LIKE = re.compile(r"[0-9]{1,4}[-/. ][0-9A-Za-z]{1,4}\.?[-/. ][0-9]{1,4}")
_MONTH_NAME = re.compile(
    r"(jan|feb|mrt|apr|mei|jun|jul|aug|sep|okt|nov|dec)[a-z]*[-. ]+([0-9]{2}|[0-9]{4})", re.IGNORECASE
)
_MONTHS = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_SHORT_PRODUCT = re.compile(r"[0-9]{1,4}|[1-9][A-Za-z][0-9A-Za-z]{2}")
_LONGEST_AMOUNT = 20
_SLIPS = (
    (re.compile(""), "is leeg"),
    (
        re.compile(r"-?[1-9][0-9]{0,2}([., '\u00a0\u202f][0-9]{3})+([.,][0-9]{1,2})?"),
        "heeft een scheidingsteken voor duizendtallen",
    ),
    (re.compile(r"[0-9]+,[0-9]{1,2}"), "heeft een decimale komma, en de kolommen zijn met komma's gescheiden"),
    (re.compile(r"-.*", re.DOTALL), "is negatief"),
    (re.compile(r".*€.*", re.DOTALL), "heeft een euroteken"),
    (re.compile(r".*", re.DOTALL), "is geen bedrag met ten hoogste twee decimalen"),
)
"""What may be wrong with an amount, the first that fits is told."""


def cell_wrong(column: str, text: str, *, comma: bool) -> Wrong | None:
    """Judge a cell of a declaration; ``None`` when it is right.

    Args:
        column: one of :data:`COLUMNS`.
        text: the cell, trimmed.
        comma: whether amounts may have a decimal comma.
    """
    kind = DECLARATIONS.kinds[column]
    wrong = spoiled(kind, text)
    if wrong is not None:
        return wrong
    if kind is Kind.MONTH:
        return month_wrong(text)
    if kind is Kind.EUROS:
        return euros_wrong(text, comma=comma)
    if kind is Kind.DAY:
        return day_wrong(text)
    simple = COLUMNS[column]
    wrong = simple.wrong(text) if simple is not None else None
    zeros = zeros_lost(column, text)
    if zeros is None:
        return wrong or _formula(kind, text)
    what = wrong.message if wrong else f"{shown(text)} heeft geen vijf tekens"
    value = "zet de nul er weer voor" if column == "bsn" else f"vul {shown(zeros)} in"
    listed = f"De voorloopnul is weggevallen: {shown(zeros)}" if column in ("category", "unit") else _LOST
    return Wrong(what, f"{listed}. {AS_TEXT} en {value}.")


_LOST = "Waarschijnlijk heeft het rekenblad voorloopnullen weggelaten"


def zeros_lost(column: str, text: str) -> str | None:
    """The code as it probably was before a spreadsheet took its leading zeros away; ``None`` where none are lost."""
    simple = COLUMNS[column]
    if column == "product_code":
        return text.rjust(5, "0") if _SHORT_PRODUCT.fullmatch(text) else None
    if not isinstance(simple, Text) or not (text.isascii() and text.isdigit()):
        return None
    if simple.values:
        return f"0{text}" if len(text) == 1 and f"0{text}" in simple.values else None
    return text.rjust(simple.digits, "0") if simple.digits and len(text) < simple.digits else None


def spoiled(kind: Kind, text: str) -> Wrong | None:
    """What a spreadsheet did to a cell of any kind: a formula, an error value, scientific notation."""
    first = text[:1]
    if first == "=":
        return Wrong("is een formule", "Kopieer de kolom en plak haar als waarden.")
    if first == "#" and text.upper() in ERRORS:
        return Wrong(f"heeft de foutwaarde {shown(text)}", "Herstel de formule en plak de kolom als waarden.")
    if ("E" in text or "e" in text) and _SCIENTIFIC.fullmatch(text):
        how = AS_TEXT if kind in _WRITTEN else "Maak de kolom op als Getal zonder decimalen"
        return Wrong(f"{shown(text)} staat in wetenschappelijke notatie", f"{how} en vul de waarde opnieuw in.")
    return None


def _formula(kind: Kind, text: str) -> Wrong | None:
    if kind in _WRITTEN and text.startswith(_FORMULA):
        return Wrong(
            f"begint met {shown(text[:1])} en zou in een rekenblad een formule worden",
            "Laat het teken weg; hoort het er echt bij, zet er dan een apostrof voor.",
        )
    return None


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe before what begins like one.

    :func:`bare` is its way back, also for a text that has such an apostrophe of its own.
    """
    return f"'{text}" if text.lstrip("'").startswith(_FORMULA) else text


def bare(text: str) -> str:
    """A text without the apostrophe that :func:`harmless`, or a person, put before what begins like a formula."""
    return text[1:] if text[:1] == "'" and text.lstrip("'").startswith(_FORMULA) else text


def month_wrong(text: str) -> Wrong | None:
    """Judge a month, ``YYYY-MM``."""
    try:
        Month.parse(text if text.isascii() else "")
    except ValueError:
        found = _MONTH_NAME.fullmatch(text)
        if found is None:
            return Wrong(f"{shown(text)} is geen maand", "Vul de maand als JJJJ-MM.")
        year = found[2].rjust(4, "0").replace("00", "20", 1) if len(found[2]) == 2 else found[2]  # noqa: PLR2004
        month = f"{year}-{_MONTHS.index(found[1].lower()) + 1:02d}"
        return Wrong(
            f"{shown(text)} is geen maand maar een datum die het rekenblad ervan maakte",
            f"{AS_TEXT} en vul de maand als JJJJ-MM: {month}.",
        )
    return None


def day_wrong(text: str) -> Wrong | None:
    """Judge a day: ``YYYY-MM-DD``, or day-month-year with dashes and a year of four digits."""
    found = _DUTCH_DAY.fullmatch(text)
    if found is None:
        wrong = types.DAY.wrong(text)
        if wrong is not None and _DATE_LIKE.fullmatch(text):
            return Wrong(
                wrong.message, "Vul een bestaande datum als JJJJ-MM-DD of DD-MM-JJJJ, met vier cijfers voor het jaar."
            )
        return wrong
    try:
        date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return Wrong(f"{shown(text)} is geen bestaande datum", "Vul een bestaande datum als JJJJ-MM-DD of DD-MM-JJJJ.")
    return None


@lru_cache(maxsize=4096)
def day_from(text: str) -> date:
    """The day in a text that :func:`day_wrong` accepted."""
    found = _DUTCH_DAY.fullmatch(text)
    if found is not None:
        return date(int(found[3]), int(found[2]), int(found[1]))
    return date.fromisoformat(text)


def euros_wrong(text: str, *, comma: bool) -> Wrong | None:
    """Judge an amount in euros; every known slip is named."""
    plain = text.replace(",", ".") if comma else text
    if _EUROS.fullmatch(plain):
        if len(plain) <= _LONGEST_AMOUNT and types.AMOUNT.wrong(str(cents_from_euros(plain))) is None:
            return None
        return Wrong(f"{shown(text)} is te groot", f"Een bedrag is ten hoogste {euros_text(types.AMOUNT.high)} euro.")
    slip = next(words for pattern, words in _SLIPS if pattern.fullmatch(text))
    form = "1234.56 of 1234,56" if comma else "1234.56"
    return Wrong(
        f"{shown(text)} {slip}" if text else slip,
        f"Vul een bedrag in euro's als {form}; een C bij debet/credit maakt het credit.",
    )


@lru_cache(maxsize=16_384)
def cents_in(text: str, *, comma: bool) -> Cents:
    """The amount in a text that :func:`euros_wrong` accepted."""
    return cents_from_euros(text.replace(",", ".") if comma else text)
