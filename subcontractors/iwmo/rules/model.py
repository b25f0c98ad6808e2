"""What a rule of the register is: data, in our own words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Words(NamedTuple):
    """What a rule or a code tells: text and remedy, Dutch and English."""

    text_nl: str
    remedy_nl: str
    text_en: str
    remedy_en: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the standard, or of level 1 in general.

    ``level`` is 1 (structure), 2 (inside the message), 3 (against earlier messages) or 4 (against an outside source).
    ``on`` names the classes it stands on as message and class, ``301/Contact``. ``code`` is the return code, empty
    where the standard has none. ``where`` names the implementation by dotted name, in more than one form where lines
    are judged in bulk; ``test`` the test that proves it. ``note`` says how the rule is read where the standard leaves
    room, or why there is nothing to check.
    """

    id: str
    level: int
    on: tuple[str, ...]
    code: str
    words: Words
    note: str = ""
    where: tuple[str, ...] = ()
    test: str = ""

    @property
    def messages(self) -> tuple[str, ...]:
        """The numbers of the messages it holds for."""
        return tuple(dict.fromkeys(place.partition("/")[0] for place in self.on))

    def classes(self, message: str) -> tuple[str, ...]:
        """The classes of a message that it stands on."""
        return tuple(place.partition("/")[2] for place in self.on if place.partition("/")[0] == message)


def places(text: str) -> tuple[str, ...]:
    """``301/Client+Relatie 305/Client`` as places: one for each message and class."""
    found = []
    for part in text.split():
        message, _, names = part.partition("/")
        found += [f"{message}/{name}" for name in names.split("+")]
    return tuple(found)
