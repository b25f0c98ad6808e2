"""A message as the rules of level 2 look at it: its classes, each at its own place, with days and numbers as such."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from subcontractors.iwmo.document import TOP, Record
from subcontractors.iwmo.simple import day_from, number_from
from subcontractors.iwmo.structure import Message, Node, compiled

_REFERENCES = ("ProductReferentie/ReferentieNummer", "ToewijzingNummer", "ReferentieAanbieder")


class Spot(NamedTuple):
    """What breaks a rule: the path of the element, and the reference of the class it stands in, if it has one."""

    path: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """One class of a message: ``prefix`` is where its values stand in ``record``, ``path`` how people find it."""

    name: str
    node: Node
    record: Record
    prefix: str
    path: str

    def get(self, key: str) -> str:
        """A value of the class; empty text where there is none."""
        return self.record.get(f"{self.prefix}{key}")

    def has(self, key: str) -> bool:
        """Whether an element or composite of the class holds anything."""
        return self.record.has(f"{self.prefix}{key}")

    def day(self, key: str) -> date | None:
        """A day of the class, if it is there."""
        text = self.get(key)
        return day_from(text) if text else None

    def number(self, key: str) -> int | None:
        """A whole number of the class, if it is there."""
        text = self.get(key)
        return number_from(text) if text else None

    def spot(self, key: str = "") -> Spot:
        """Where to point at: an element of this class, or the class itself."""
        reference = next((value for name in _REFERENCES if (value := self.get(name).strip())), "")
        return Spot(f"{self.path}/{key}" if key else self.path, reference)


@dataclass(frozen=True, slots=True)
class Subject:
    """A whole message: its classes by name in the order of the document, and the day it is dated."""

    message: Message
    root: Record
    dated: date
    classes: dict[str, list[Place]] = field(default_factory=dict)

    def all(self, name: str) -> list[Place]:
        """Every class of this name."""
        return self.classes.get(name, [])


def subject(message: Message, root: Record) -> Subject:
    """Look at a message that was read without faults of structure."""
    classes: defaultdict[str, list[Place]] = defaultdict(list)
    for place in _places(compiled(message), root, TOP):
        classes[place.name].append(place)
    return Subject(message, root, day_from(root.get("Header/BerichtIdentificatie/Dagtekening")), dict(classes))


def _places(node: Node, record: Record, path: str) -> Iterator[Place]:
    if node.is_class and node.record:
        yield Place(node.name, node, record, "", path)
    numbers: Counter[str] = Counter()
    parts: defaultdict[str, list[tuple[Record, str]]] = defaultdict(list)
    for part in record.records:
        numbers[part.name] += 1
        parts[part.name].append((part, f"[{numbers[part.name]}]"))
    yield from _below(node, record, path, parts)


def _below(node: Node, record: Record, path: str, parts: dict[str, list[tuple[Record, str]]]) -> Iterator[Place]:
    for child in node.children:
        if child.simple is not None or not child.own:
            continue
        where = f"{path}/{child.name}"
        if child.record:
            for part, number in parts.get(child.name, ()):
                yield from _places(child, part, f"{where}{number}")
            continue
        if child.is_class and record.has(child.key.removesuffix("/")):
            yield Place(child.name, child, record, child.key, where)
        yield from _below(child, record, where, parts)
