"""Any message of the chain as one tree of records: read with its faults of level 1, and written back the same.

A record is the message itself or a class that may be repeated (Client of a WMO323, StartProduct, Contact). All that
occurs once stands in the values of the record around it, by its path: ``Header/Afzender``, ``Client/Bsn``,
``Product/Categorie``. The only value that the standard repeats, RetourCode, is one text with the codes separated by a
space; :meth:`Record.codes` gives them apart. A composite without any content (``<Periode/>``) leaves no trace.

A document holds one whole message, of at most 25 MB. Who reads larger numbers of declared lines uses
:func:`subcontractors.iwmo.walk.walk`, which hands over record by record and keeps nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from subcontractors.iwmo.messages import ALL
from subcontractors.iwmo.model import Fault
from subcontractors.iwmo.structure import Message, Node, compiled
from subcontractors.iwmo.trees import Tree, write_message, written
from subcontractors.iwmo.walk import LIMIT, Values, walk

TOP = "Bericht"
"""The name of the record that is the message itself."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its element name, its values by path, and the records directly under it in their order."""

    name: str
    values: Mapping[str, str] = field(default_factory=dict)
    records: tuple[Record, ...] = ()

    def get(self, key: str, default: str = "") -> str:
        """A value by its path; empty text where the message leaves it out."""
        return self.values.get(key, default)

    def has(self, place: str) -> bool:
        """Whether an element or a composite holds anything: ``Omvang``, ``Product/Code``."""
        return place in self.values or any(key.startswith(f"{place}/") for key in self.values)

    def named(self, name: str) -> tuple[Record, ...]:
        """The records of this name directly under this one."""
        return tuple(record for record in self.records if record.name == name)

    def codes(self, place: str = "") -> tuple[str, ...]:
        """The return codes of the record itself, or of a class in it: ``Header``, ``Client``, ``Contact``."""
        return tuple(self.get(codes_key(place)).split())


@dataclass(frozen=True, slots=True)
class Document:
    """A message as it was read. With faults of level 1 there is no ``root``; ``message`` is known if its name was."""

    message: Message | None
    root: Record | None
    faults: tuple[Fault, ...] = ()
    remarks: tuple[str, ...] = ()
    sha256: str = ""


def codes_key(place: str = "") -> str:
    """The path of the return codes of a class inside its record."""
    return f"{place}/RetourCodes/RetourCode" if place else "RetourCodes/RetourCode"


def read_document(source: BinaryIO | bytes, messages: Iterable[Message] = ALL, *, limit: int = LIMIT) -> Document:
    """Read one of ``messages`` and check its structure (level 1); nothing is raised for bad input."""
    gathering = _Gathering()
    walked = walk(source, messages, gathering.take, limit=limit)
    root = None if walked.faults else gathering.root
    return Document(walked.message, root, tuple(walked.faults), tuple(walked.remarks), walked.sha256)


class _Gathering:
    """Puts records together as they come: those under a record are finished before it is."""

    def __init__(self) -> None:
        self.root: Record | None = None
        self._waiting: defaultdict[int, list[Record]] = defaultdict(list)

    def take(self, node: Node, values: Values, around: Sequence[Values]) -> None:
        depth = len(around)
        record = Record(node.name, values, tuple(self._waiting.pop(depth + 1, ())))
        if depth:
            self._waiting[depth].append(record)
        else:
            self.root = record


def write_document(message: Message, root: Record) -> bytes:
    """Write a message from its records; what is written reads back equal.

    Raises:
        ValueError: a value or record is missing, unknown, too many, out of order, or does not fit its type.
    """
    return write_message(message, _tree(compiled(message), root, TOP))


def written_document(message: Message, root: Record) -> Iterator[bytes]:
    """The lines of :func:`write_document` one by one.

    Raises:
        ValueError: as above, when the reading arrives at what is wrong.
    """
    return written(message, _tree(compiled(message), root, TOP))


def _tree(node: Node, record: Record, path: str) -> dict[str, Tree]:
    if record.name != node.name:
        raise ValueError(f"{path} is {node.name}, not {record.name}")
    unknown = record.values.keys() - {leaf.key for leaf in node.leaves()}
    if unknown:
        raise ValueError(f"{path} has no value {', '.join(sorted(unknown))}")
    order = [place.name for place in node.records()]
    places = [order.index(part.name) if part.name in order else -1 for part in record.records]
    if -1 in places:
        raise ValueError(f"{path} has no record {record.records[places.index(-1)].name}")
    if places != sorted(places):
        raise ValueError(f"{path} has its records in another order than {', '.join(order)}")
    return _content(node, record, path) or {}


def _content(node: Node, record: Record, path: str) -> dict[str, Tree] | None:
    """The content of a record or composite; ``None`` where there is nothing in it."""
    found = {child.name: _part(child, record, f"{path}/{child.name}") for child in node.children}
    return found if any(part is not None for part in found.values()) else None


def _part(node: Node, record: Record, path: str) -> Tree:
    if node.simple is not None:
        value = record.values.get(node.key)
        return value if value is None or node.most == 1 else value.split(" ")
    if not node.record:
        return _content(node, record, path)
    parts = record.named(node.name)
    return (_tree(node, part, path) for part in parts) if parts else None
