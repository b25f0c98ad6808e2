"""Cells: text in, typed value out, and back to the one canonical text.

Every reader takes the stripped, non-empty text of a cell and whether a decimal comma is allowed (the
separator of the file is ``;``). What cannot be read is a :class:`CellError` that says what is wrong and
what to write instead, in Dutch.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from enum import Enum
from typing import TypeVar

from stdnum.nl import bsn as stdnum_bsn

from lead_contractor.kernel.money import Cents, cents_from_euros, euros_text
from lead_contractor.kernel.periods import Month
from subcontractors.agreements.model import FormCode
from subcontractors.iwmo.types import AMOUNT, VOLUME

Read = Callable[[str, bool], object]

FIRST_YEAR, LAST_YEAR = 1900, 2199
MAX_DIGITS = 13
SHOWN = 40
PRODUCT_CODE = 5
CATEGORIES = tuple(f"{number:02d}" for number in range(1, 19))
FLAGS = ("crisis", "specific")

_MAY_BE_BSN = re.compile(r"(?<!\d)\d{9}(?!\d)")
_PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_COMMA = re.compile(r"-?[0-9]+,[0-9]+")
_GROUPED = re.compile(r"-?[0-9]{1,3}([., '’\u00a0\u202f][0-9]{3})+([.,][0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DUTCH_DATE = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})")
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_WHOLE = re.compile(r"-?[0-9]+")

E = TypeVar("E", bound=Enum)


class CellError(ValueError):
    """A value that cannot be read: what is wrong with it and what to write instead."""

    def __init__(self, message: str, remedy: str) -> None:
        self.message = message
        self.remedy = remedy
        super().__init__(f"{message} {remedy}")


def quoted(value: str) -> str:
    """A value between quotes for a message: shortened, without control characters and without what may be a BSN.

    A BSN stands in another column than its own when columns have shifted.
    """
    clean = _MAY_BE_BSN.sub("*********", "".join(char if char.isprintable() else "?" for char in value))
    return f"'{clean}'" if len(clean) <= SHOWN else f"'{clean[: SHOWN - 1]}…'"


def nearest(word: str, known: Iterable[str]) -> str:
    """A sentence that suggests the nearest known word, or lists them all."""
    options = list(known)
    close = get_close_matches(word.lower(), options, n=1, cutoff=0.6)
    return f"Bedoelt u {close[0]}?" if close else f"Kies uit: {', '.join(options)}."


# numbers


def _number_text(text: str, comma: bool) -> str:
    if _PLAIN.fullmatch(text):
        found = text
    elif comma and _COMMA.fullmatch(text):
        found = text.replace(",", ".")
    elif _GROUPED.fullmatch(text):
        raise CellError(f"{quoted(text)} heeft een duizendtalscheiding.", "Schrijf het getal zonder, zoals 1234.56.")
    elif _COMMA.fullmatch(text):
        raise CellError(
            f"{quoted(text)} heeft een decimale komma; die mag alleen als ; de kolommen scheidt.",
            f"Schrijf {text.replace(',', '.')}.",
        )
    elif "€" in text or "%" in text:
        raise CellError(f"{quoted(text)} heeft een teken bij het getal.", "Schrijf alleen het getal, zonder € of %.")
    else:
        raise CellError(f"{quoted(text)} is geen getal.", "Schrijf een getal met een decimale punt, zoals 1234.56.")
    if len(found.lstrip("-").partition(".")[0].lstrip("0")) > MAX_DIGITS:
        raise CellError(f"{quoted(text)} is te groot.", f"Schrijf ten hoogste {MAX_DIGITS} cijfers voor de punt.")
    return found


def _not_negative(text: str, value: int | Decimal) -> None:
    if value < 0:
        raise CellError(f"{quoted(text)} is negatief.", "Schrijf nul of meer.")


def any_euros(text: str, comma: bool) -> Cents:
    """An amount in euros, of either sign, as cents."""
    plain = _number_text(text, comma)
    try:
        return cents_from_euros(plain)
    except ValueError as error:
        raise CellError(
            f"{quoted(text)} heeft meer dan twee decimalen (of een duizendtalscheiding).",
            "Schrijf een bedrag in euro's met ten hoogste twee decimalen, zoals 1234.56.",
        ) from error


def euros(text: str, comma: bool) -> Cents:
    """An amount in euros, zero or more, as cents."""
    amount = any_euros(text, comma)
    _not_negative(text, amount)
    return amount


def any_decimal(text: str, comma: bool) -> Decimal:
    """A plain number of either sign."""
    return Decimal(_number_text(text, comma))


def decimal(text: str, comma: bool) -> Decimal:
    """A plain number, zero or more."""
    value = any_decimal(text, comma)
    _not_negative(text, value)
    return value


def whole(text: str, comma: bool) -> int:
    """A whole number, zero or more."""
    plain = _number_text(text, comma)
    if not _WHOLE.fullmatch(plain):
        raise CellError(f"{quoted(text)} is geen heel getal.", "Schrijf een heel getal, zoals 12.")
    value = int(plain)
    _not_negative(text, value)
    return value


def tariff(text: str, comma: bool) -> Cents:
    """A tariff in euros, at most what a declared line can hold (RS005), so that volume × tariff fits in a BIGINT."""
    value = euros(text, comma)
    if value > AMOUNT.high:
        raise CellError(f"{quoted(text)} is te groot.", f"Een tarief is ten hoogste {euros_text(AMOUNT.high)} euro.")
    return value


def volume(text: str, comma: bool) -> int:
    """An allocated volume, at most what the standard allows (RS005)."""
    value = whole(text, comma)
    if value > VOLUME.high:
        raise CellError(f"{quoted(text)} is te groot.", f"Een volume is ten hoogste {VOLUME.high}.")
    return value


def year(text: str, comma: bool) -> int:
    """A year of four digits."""
    if not re.fullmatch(r"[0-9]{4}", text) or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        raise CellError(f"{quoted(text)} is geen jaar.", "Schrijf vier cijfers, zoals 2025.")
    return int(text)


# days, months, words


def day(text: str, comma: bool) -> date:
    """An ISO date within reason (1900 up to 2199)."""
    if dutch := _DUTCH_DATE.fullmatch(text):
        iso = f"{dutch[3]}-{dutch[2]:0>2}-{dutch[1]:0>2}"
        raise CellError(f"{quoted(text)} is geen datum als jjjj-mm-dd.", f"Schrijf {iso} als u die dag bedoelt.")
    if not _DATE.fullmatch(text):
        raise CellError(f"{quoted(text)} is geen datum als jjjj-mm-dd.", "Schrijf bijvoorbeeld 2025-03-31.")
    try:
        value = date.fromisoformat(text)
    except ValueError as error:
        raise CellError(f"De dag {quoted(text)} bestaat niet.", "Controleer de datum.") from error
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise CellError(
            f"{quoted(text)} ligt niet tussen {FIRST_YEAR} en {LAST_YEAR}.",
            "Controleer de datum; laat een open einde leeg.",
        )
    return value


def month(text: str, comma: bool) -> Month:
    """A month, ``YYYY-MM``."""
    try:
        value = Month.parse(text) if _MONTH.fullmatch(text) else None
    except ValueError:
        value = None
    if value is None or not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise CellError(f"{quoted(text)} is geen maand als jjjj-mm.", "Schrijf bijvoorbeeld 2025-03.")
    return value


def boolean(text: str, comma: bool) -> bool:
    """``true`` or ``false``, in either case, as spreadsheets write it."""
    found = {"true": True, "false": False}.get(text.lower())
    if found is None:
        raise CellError(f"{quoted(text)} is geen true of false.", "Schrijf true of false.")
    return found


def words(text: str, comma: bool) -> str:
    """Any text."""
    return text


def flags(text: str, comma: bool) -> frozenset[str]:
    """Flags of an allocation, separated by a space, ``,``, ``;``, ``|`` or ``+``."""
    found = [word for word in re.split(r"[\s,;|+]+", text) if word]
    for word in found:
        if word not in FLAGS:
            raise CellError(f"{quoted(word)} is geen kenmerk.", nearest(word, FLAGS))
    return frozenset(found)


def choice(options: type[E]) -> Callable[[str, bool], E]:
    """One of the values of an enum; codes that lost a leading zero are named."""
    by_text = {str(option.value): option for option in options}

    def read(text: str, comma: bool) -> E:
        if text in by_text:
            return by_text[text]
        if text.isdigit() and text.zfill(2) in by_text:
            raise CellError(f"Code {quoted(text)} is een voorloopnul kwijt.", f"Schrijf {text.zfill(2)}, als tekst.")
        raise CellError(f"{quoted(text)} is hier geen geldige waarde.", nearest(text, by_text))

    return read


form = choice(FormCode)


# codes: text of a fixed shape, leading zeros kept


def _digits(text: str, length: int, what: str) -> str:
    if re.fullmatch(f"[0-9]{{{length}}}", text):
        return text
    if re.fullmatch(r"[0-9]+", text) and len(text) < length:
        raise CellError(
            f"{what} {quoted(text)} heeft {len(text)} cijfers in plaats van {length}; voorloopnullen zijn verloren.",
            f"Schrijf {text.zfill(length)}, als tekst.",
        )
    raise CellError(f"{what} {quoted(text)} is niet {length} cijfers.", f"Schrijf precies {length} cijfers.")


def agb(text: str, comma: bool) -> str:
    """An AGB code: eight digits."""
    return _digits(text, 8, "AGB-code")


def municipality_code(text: str, comma: bool) -> str:
    """A CBS municipality code: four digits."""
    return _digits(text, 4, "Gemeentecode")


def bsn(text: str, comma: bool) -> str:
    """A BSN: nine digits whose weighted sum is above zero and divisible by eleven; never repeated in a message."""
    if not re.fullmatch(r"[0-9]{9}", text):
        lost = " Zijn voorloopnullen verloren?" if re.fullmatch(r"[0-9]{7,8}", text) else ""
        raise CellError(f"Dit BSN is niet negen cijfers.{lost}", "Schrijf precies negen cijfers, als tekst.")
    if stdnum_bsn.checksum(text) or not int(text):
        raise CellError("Dit BSN voldoet niet aan de elfproef.", "Controleer het nummer; is een cijfer verwisseld?")
    return text


def category(text: str, comma: bool) -> str:
    """A product category, 01 up to 18."""
    code = _digits(text, 2, "Productcategorie")
    if code not in CATEGORIES:
        raise CellError(f"Productcategorie {quoted(text)} bestaat niet.", "Kies een categorie van 01 tot en met 18.")
    return code


def reason_change(text: str, comma: bool) -> str:
    """A reason of change of the iWmo code list: two digits."""
    return _digits(text, 2, "Reden wijziging")


def product_code(text: str, comma: bool) -> str:
    """A product code: at most five letters and digits, and more than a category."""
    if not re.fullmatch(r"[0-9A-Za-z]{3,5}", text):
        raise CellError(f"{quoted(text)} is geen productcode.", "Schrijf drie tot vijf tekens, zoals 01A03.")
    if re.fullmatch(r"[1-9][A-Za-z][0-9A-Za-z]{2}", text):
        raise CellError(f"Productcode {quoted(text)} is een voorloopnul kwijt.", f"Schrijf 0{text}, als tekst.")
    return text


def product(text: str, comma: bool) -> str:
    """A product code, or a category that stands for all its codes."""
    return category(text, comma) if len(text) <= len(CATEGORIES[0]) else product_code(text, comma)
