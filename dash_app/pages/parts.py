"""What a part of the meeting says, before it is drawn: screen, PDF and workbook are made of the same values.

A cell is a text as it stands on the screen, with the value behind it for who reckons on. What may not be shown is no
part of any cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from budgets.use.suppress import THRESHOLD
from dash_app.formats import euro_whole, number, percent
from dash_app.language import gettext
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.rounding import Number

DASH = "–"


class Kind(StrEnum):
    """What a value is, for the workbook."""

    TEXT = "text"
    EURO = "euro"
    COUNT = "count"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class Image:
    """A small drawing in a cell: its address (``data:``), and what it says."""

    source: str
    words: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Attributes:
        words: what stands in it.
        value: whole cents, a count or a percentage; ``None`` where there is none, or none may be shown.
        tone: a class of the style sheet: ``attention``, ``muted`` or ``good``.
        href: where a link in it leads, and its words.
        before: a code before the words, set apart.
    """

    words: str = ""
    kind: Kind = Kind.TEXT
    value: Cents | int | Decimal | None = None
    tone: str = ""
    bold: bool = False
    href: str = ""
    link: str = ""
    image: Image | None = None
    before: str = ""
    tag: bool = False

    @property
    def figures(self) -> bool:
        """Whether it stands on the decimal comma."""
        return self.kind is not Kind.TEXT


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its name for who hears it, its titles, its rows (the first cell names the row) and its foot."""

    name: str
    titles: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[Cell, ...], ...]
    foot: tuple[Cell, ...] = ()
    head_at: int = 0
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the meeting: title, a line that says what it shows, sentences, tables and small print."""

    key: str
    title: str
    under: str = ""
    sentences: tuple[str, ...] = ()
    grids: tuple[Grid, ...] = ()
    notes: tuple[str, ...] = ()


def words(text: str = "", tone: str = "", *, bold: bool = False, before: str = "") -> Cell:
    """A cell of words."""
    return Cell(text, tone=tone, bold=bold, before=before)


def money(cents: Cents | None, tone: str = "", *, sign: bool = False, bold: bool = False, exact: bool = False) -> Cell:
    """An amount in whole euros without its mark, for columns that are all euros; a dash where there is none."""
    if cents is None:
        return Cell(DASH, Kind.EURO, tone="muted")
    from dash_app.formats import euro

    shown = euro(cents, sign=sign) if exact else euro_whole(cents, sign=sign)
    return Cell(shown.removeprefix("€ "), Kind.EURO, cents, tone, bold)


def count(people: int | None, *, few: bool = False, tens: bool = False) -> Cell:
    """A number; "< 10" where they are too few to tell, "20+" where it is in tens, a dash where none are counted."""
    if few:
        return Cell(f"< {THRESHOLD}", Kind.COUNT)
    if tens and people:
        return Cell(f"{number(people)}+", Kind.COUNT)
    return Cell(DASH, Kind.COUNT, tone="muted") if people is None else Cell(number(people), Kind.COUNT, people)


def share_of(value: Number | None, tone: str = "", *, decimals: int = 1, sign: bool = False) -> Cell:
    """A percentage."""
    if value is None:
        return Cell(DASH, Kind.PERCENT, tone="muted")
    rounded = Decimal(f"{float(value):.{decimals}f}")
    return Cell(percent(value, decimals, sign=sign), Kind.PERCENT, rounded, tone)


def hidden(kind: Kind = Kind.EURO) -> Cell:
    """What may not be shown."""
    return Cell(gettext("n.t."), kind, tone="muted")


def small_print() -> str:
    """Why something is not shown."""
    return gettext(
        "n.t. = niet getoond: minder dan %(threshold)s cliënten. Wat niet getoond wordt, is ook niet af te "
        "leiden; zo nodig valt een tweede regel weg.",
        threshold=THRESHOLD,
    )


def in_tens() -> str:
    """Why numbers of clients are in tens."""
    return gettext(
        "Cliënten zijn naar beneden afgerond op tientallen (20+ is 20 tot en met 29), zodat twee maanden naast elkaar "
        "niet vertellen dat er een enkeling bij kwam."
    )


def titles(*named: tuple[str, bool]) -> tuple[tuple[str, bool], ...]:
    """The head of a table: title, and whether figures stand under it."""
    return named


def all_grids(parts: Sequence[Part]) -> list[tuple[Part, Grid]]:
    """Every table with the part that it stands in."""
    return [(part, grid) for part in parts for grid in part.grids]
