"""Invented names and numbers: providers, people, areas, and numbers that cannot belong to anybody.

BSNs are the published test range only; AGB codes, KvK numbers and bank codes lie outside what is given out.
"""

from __future__ import annotations

from collections.abc import Iterator

from stdnum import iban

FIRST_TEST_BSN = 999900006
LAST_TEST_BSN = 999999990
MUNICIPALITY_NAME = "Voorbeeldgemeente (verzonnen)"
MUNICIPALITY_CODE = "1999"
"""Four digits as the CBS writes them, a code that no municipality has."""

AREAS = ("Buitenpolder", "Dorpskern", "Havenkant", "Kustrand")
AREA_WEIGHTS = (22, 38, 23, 17)
CLIENT_GROUPS = ("ouderen", "psychische kwetsbaarheid", "verstandelijke beperking", "lichamelijke beperking")
CLIENT_GROUP_WEIGHTS = (52, 24, 14, 10)

LEAD_CONTRACTORS = (
    "Hoofdaannemer Grutto Sociaal",
    "Hoofdaannemer Tureluur Samen",
    "Hoofdaannemer Wulp Ondersteuning",
    "Hoofdaannemer Scholekster Welzijn",
    "Hoofdaannemer Kievit Wijkzorg",
    "Hoofdaannemer Zilverplevier",
)

SURNAMES = (
    ("", "Akkermans"),
    ("van", "Bergen"),
    ("", "Blok"),
    ("de", "Boer"),
    ("", "Dekker"),
    ("van der", "Duin"),
    ("", "Groot"),
    ("", "Hoekstra"),
    ("de", "Jong"),
    ("", "Kamp"),
    ("", "Kok"),
    ("van", "Leeuwen"),
    ("", "Meijer"),
    ("", "Mulder"),
    ("", "Oosterhof"),
    ("", "Prins"),
    ("de", "Ruiter"),
    ("", "Schouten"),
    ("van der", "Veen"),
    ("", "Visser"),
    ("de", "Wit"),
    ("", "Zijlstra"),
)
FIRST_NAMES = {
    "1": ("Bram", "Cor", "Dirk", "Hamid", "Joris", "Piet", "Wout"),
    "2": ("Anna", "Greet", "Iris", "Leila", "Marijke", "Sanne", "Tessa"),
}
"""By gender, as the code list has it."""


def is_bsn(number: int) -> bool:
    """Whether a number of nine digits passes the 11-test (CS002)."""
    digits = [int(char) for char in f"{number:09d}"]
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    checked = sum(digit * weight for digit, weight in zip(digits, weights, strict=True))
    return checked > 0 and checked % 11 == 0


def invented_bsns() -> Iterator[str]:
    """All BSNs of the test range that pass the 11-test, ascending."""
    for number in range(FIRST_TEST_BSN, LAST_TEST_BSN + 1):
        if is_bsn(number):
            yield f"{number:09d}"


def lead_name(index: int) -> str:
    """The name of the lead contractor of folder ``index`` (0 is the first)."""
    turn, place = divmod(index, len(LEAD_CONTRACTORS))
    name = LEAD_CONTRACTORS[place]
    return f"{name} {turn + 1} (verzonnen)" if turn else f"{name} (verzonnen)"


def lead_agb(index: int) -> str:
    """The AGB code of the lead contractor of folder ``index``."""
    return f"9998{index + 1:04d}"


def subcontractor_agb(index: int) -> str:
    """The AGB code of subcontractor ``index``."""
    return f"9999{index + 101:04d}"


def kvk(index: int) -> str:
    """A KvK number of eight digits, from before the first that was given out."""
    return f"{index + 101:08d}"


def fictitious_iban(index: int) -> str:
    """An IBAN whose check digits hold, at a bank that does not exist (FICT)."""
    account = f"FICT{index + 1:010d}"
    return f"NL{iban.calc_check_digits('NL00' + account)}{account}"
