"""The simple types of the iWmo 3.2 standard: what one value may look like, declared once.

A type answers one question, ``wrong(text)``: ``None`` when the text fits, otherwise what is the matter and
what to do about it, in Dutch. XML and CSV are held against the same types. Rule ids (RS036 and so on) are
those of the standard's restrictions; ``XSD`` stands for a code list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, Protocol

SHOWN = 40
"""How many characters of a wrong value are repeated in a message."""

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_XML_SPACE = " \t\n\r"
_INTEGER = re.compile(r"[+-]?[0-9]+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)")
_MAY_BE_BSN = re.compile(r"(?<![0-9])[0-9]{9}(?![0-9])")
_DIGITS = re.compile(r"[0-9]+")


LONGEST = {
    1: "RS008",
    2: "RS009",
    3: "RS010",
    4: "RS011",
    5: "RS012",
    6: "RS013",
    8: "RS014",
    9: "RS015",
    10: "RS016",
    12: "RS017",
    15: "RS018",
    20: "RS019",
    24: "RS020",
    25: "RS021",
    35: "RS023",
    36: "RS024",
    64: "RS025",
    80: "RS026",
    200: "RS028",
}
"""The restriction on length, by the greatest number of characters."""

LARGEST = {99: "RS002", 99_999: "RS004", 99_999_999: "RS005", 999_999_999: "RS006", 999_999_999_999: "RS040"}
"""The restriction on size, by the largest number."""


class Wrong(NamedTuple):
    """What is the matter with a value, the remedy (Dutch, for people), and the restriction if it is not the type's."""

    message: str
    remedy: str
    rule: str = ""


class Simple(Protocol):
    """A simple type: a name, the rule it stands for, and the judgement of one text."""

    @property
    def name(self) -> str:
        """The name in the standard, such as ``LDT_AgbCode``."""

    @property
    def rule(self) -> str:
        """The restriction of the standard that is named when a value does not fit."""

    def wrong(self, text: str) -> Wrong | None:
        """Judge a value; ``None`` when it fits."""


def shown(text: str) -> str:
    """A value as it is repeated in a message: quoted, cut short, and without what may be a BSN.

    A BSN stands in another place than its own when columns have shifted or the header is missing, and what is wrong
    with a message is stored as plain text.
    """
    bare = _MAY_BE_BSN.sub("*********", text)
    cut = bare if len(bare) <= SHOWN else bare[: SHOWN - 1] + "…"
    return f"‘{cut}’"


@dataclass(frozen=True, slots=True)
class Text:
    """Text with a length, a pattern or a list of codes; white space counts.

    ``form`` says in Dutch what is expected; ``digits`` is set where exactly so many digits are expected, so
    that a lost leading zero can be named. A ``private`` value is never repeated in a message.
    """

    name: str
    form: str
    least: int = 0
    most: int | None = None
    pattern: str = ""
    values: tuple[str, ...] = ()
    digits: int | None = None
    rule: str = "XSD"
    private: bool = False
    _matches: re.Pattern[str] | None = field(init=False, repr=False, compare=False)
    _codes: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_matches", re.compile(self.pattern) if self.pattern else None)
        object.__setattr__(self, "_codes", frozenset(self.values))

    def wrong(self, text: str) -> Wrong | None:
        """Judge a text; ``None`` when it fits."""
        if (
            len(text) >= self.least
            and (self.most is None or len(text) <= self.most)
            and (self._matches is None or self._matches.fullmatch(text))
            and (not self._codes or text in self._codes)
            and not _NOT_XML.search(text)
        ):
            return None
        return self._explained(text)

    def _explained(self, text: str) -> Wrong:
        if text == "":
            empty = "RS033" if self.least and not self._codes and self.rule != "RS031" else ""
            return Wrong("is leeg", f"Vul {self.form}, of laat het weg waar dat mag.", empty)
        if _NOT_XML.search(text):
            return Wrong("bevat een teken dat niet in XML mag staan", "Haal het (onzichtbare) besturingsteken weg.")
        if self.digits is not None and _DIGITS.fullmatch(text) and len(text) < self.digits:
            return Wrong(
                f"heeft {len(text)} cijfers in plaats van {self.digits}",
                "Waarschijnlijk zijn voorloopnullen weggevallen; sla de code op als tekst en vul ze weer in.",
            )
        return self._off_list(text) if self._codes else self._off_form(text)

    def _off_list(self, text: str) -> Wrong:
        zero = f" De voorloopnul is weggevallen: {shown('0' + text)}." if f"0{text}" in self._codes else ""
        listed = ", ".join(self.values) if len(self.values) <= SHOWN else "de codelijst"
        most = self.most or max(map(len, self.values))
        rule = LONGEST.get(most, "") if len(text) > most else ""
        return Wrong(f"{shown(text)} komt niet voor in de codelijst ({self.form})", f"Kies uit {listed}.{zero}", rule)

    def _off_form(self, text: str) -> Wrong:
        what = "deze waarde" if self.private else shown(text)
        if self.most is not None and len(text) > self.most:
            longest = LONGEST.get(self.most, "")
            return Wrong(f"is {len(text)} tekens lang, het maximum is {self.most}", f"Vul {self.form}.", longest)
        if text.strip(_XML_SPACE) != text:
            return Wrong(f"{what} heeft spaties of regeleinden om de waarde", f"Vul {self.form}, zonder witruimte.")
        return Wrong(f"{what} is niet {self.form}", f"Vul {self.form}.")


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from ``low`` to ``high``; white space around it is allowed, as in ``xs:integer``.

    ``written`` is the one spelling that is accepted where the standard fixes it (``3`` and not ``03``).
    """

    name: str
    high: int
    low: int = 0
    written: str = ""
    rule: str = "XSD"
    private: bool = False

    def wrong(self, text: str) -> Wrong | None:
        """Judge a number in text; ``None`` when it fits."""
        bare = text.strip(_XML_SPACE)
        form = f"een geheel getal van {self.low} tot en met {self.high}"
        if not _INTEGER.fullmatch(bare):
            if bare == "":
                return Wrong("is leeg", f"Vul {form}, of laat het weg waar dat mag.")
            return Wrong(f"{self._what(text)} is geen geheel getal", f"Vul {form}, zonder punt, komma of euroteken.")
        if self.written and bare != self.written:
            return Wrong(f"is {shown(bare)} en moet {self.written} zijn", f"Vul {self.written}.")
        size = bare.lstrip("+-").lstrip("0")
        if bare.startswith("-") and size:
            remedy = f"Vul {form}; bij een creditregel draagt DebetCredit het teken."
            return Wrong(f"{self._what(bare)} is negatief", remedy, "RS001")
        if len(size) > len(str(self.high)) or not self.low <= int(size or "0") <= self.high:
            return Wrong(f"{self._what(bare)} past niet", f"Vul {form}.", LARGEST.get(self.high, ""))
        return None

    def _what(self, text: str) -> str:
        return "deze waarde" if self.private else shown(text)


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day, ``YYYY-MM-DD``, years 0001 to 9999, without a time zone (RS032).

    A ``private`` day (of birth) is never repeated in a message.
    """

    name: str = "LDT_Datum"
    rule: str = "RS032"
    private: bool = False

    def wrong(self, text: str) -> Wrong | None:
        """Judge a date in text; ``None`` when it fits."""
        bare = text.strip(_XML_SPACE)
        remedy = "Vul een bestaande datum als JJJJ-MM-DD, zonder tijd en zonder tijdzone."
        if bare == "":
            return Wrong("is leeg", remedy)
        what = "deze waarde" if self.private else shown(text)
        if not _DATE.fullmatch(bare):
            if _DATE.match(bare):
                return Wrong(f"{what} heeft een tijd of tijdzone achter de datum", remedy)
            return Wrong(f"{what} is geen datum als JJJJ-MM-DD", remedy)
        try:
            date.fromisoformat(bare)
        except ValueError:
            return Wrong(f"{what} is geen bestaande datum", remedy)
        return None


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of the day, ``HH:MM:SS`` with a fraction if need be, without a time zone (RS034)."""

    name: str = "LDT_Tijd"
    rule: str = "RS034"

    def wrong(self, text: str) -> Wrong | None:
        """Judge a time in text; ``None`` when it fits."""
        bare = text.strip(_XML_SPACE)
        remedy = "Vul een tijd als UU:MM:SS, zonder tijdzone."
        if bare == "":
            return Wrong("is leeg", remedy)
        if not _TIME.fullmatch(bare):
            return Wrong(f"{shown(text)} is geen tijd als UU:MM:SS", remedy)
        return None


def number_from(text: str) -> int:
    """The number in a text that a :class:`Whole` accepted."""
    return int(text.strip(_XML_SPACE))


def day_from(text: str) -> date:
    """The day in a text that :class:`Day` accepted."""
    return date.fromisoformat(text.strip(_XML_SPACE))
