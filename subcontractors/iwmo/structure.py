"""The grammar in which the messages are declared: elements in a fixed order, composites, messages.

iWmo has sequences only: no choices, no attributes, no mixed text. A message declared here is read, checked
on level 1 and written from this one declaration; :func:`compiled` turns it into the tree the reader walks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from subcontractors.iwmo.simple import Simple, Text

RELEASE = "3_2"
SHARED_NAMESPACE = f"http://www.istandaarden.nl/iwmo/{RELEASE}/basisschema/schema"
SHARED_PREFIX = "iwmo"


@dataclass(frozen=True, slots=True)
class Composite:
    """A type that consists of elements in order; ``shared`` ones have their children in the shared namespace.

    ``key`` names the elements that make the logical key of the class (IV008, TR101); an element may be a composite.
    """

    name: str
    elements: tuple[Element, ...]
    shared: bool = False
    key: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Element:
    """An element by name and type, from ``least`` to ``most`` times; ``most`` is ``None`` for any number."""

    name: str
    type: Simple | Composite
    least: int = 1
    most: int | None = 1


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the standard: ``number`` such as ``323``, its BerichtCode, its Dutch name and its content."""

    number: str
    code: str
    title: str
    root: Composite

    @property
    def prefix(self) -> str:
        """The namespace prefix that everyone uses, ``wmo323``."""
        return f"wmo{self.number}"

    @property
    def namespace(self) -> str:
        """The namespace of the message."""
        return f"http://www.istandaarden.nl/iwmo/{RELEASE}/{self.prefix}/schema"


def optional(name: str, kind: Simple | Composite) -> Element:
    """An element that may be left out."""
    return Element(name, kind, least=0)


def repeated(name: str, kind: Simple | Composite) -> Element:
    """An element that occurs once or more."""
    return Element(name, kind, most=None)


@dataclass(slots=True)
class Node:
    """One place in a message: an element under its parents, ready to be walked.

    ``key`` is the path inside the nearest record (a repeated composite, or the message); ``path`` the path from
    the top, as shown to people. ``own`` is false for the shared composites (CDT). ``identity`` holds the keys of the
    values that make the class unique (TR101).
    """

    name: str
    path: str
    key: str
    least: int
    most: int | None
    record: bool
    simple: Simple | None
    children: tuple[Node, ...] = ()
    index: dict[str, int] = field(default_factory=dict)
    identity: tuple[str, ...] = ()
    own: bool = True

    @property
    def is_class(self) -> bool:
        """Whether this is a class of the standard (Header, Client, Contact) and no data type or mere list."""
        return (
            self.own
            and self.simple is None
            and any(child.most == 1 and (child.simple is not None or not child.own) for child in self.children)
        )

    @property
    def roomy(self) -> bool:
        """Whether any length of text will do."""
        return isinstance(self.simple, Text) and self.simple.most is None

    def leaves(self) -> Iterator[Node]:
        """The values of this record or composite, in order, without those of repeated composites below it."""
        for child in self.children:
            if child.simple is not None:
                yield child
            elif not child.record:
                yield from child.leaves()

    def records(self) -> Iterator[Node]:
        """The repeated composites directly under this record, in order."""
        for child in self.children:
            if child.record:
                yield child
            elif child.simple is None:
                yield from child.records()


@cache
def compiled(message: Message) -> Node:
    """The tree of places of a message, made once and never changed.

    Names in ``index`` are ``namespace name``, as the parser gives them.
    """
    top = Element("Bericht", message.root)
    return _node(top, message, parent_path="", parent_key="", top=True)


def _node(element: Element, message: Message, *, parent_path: str, parent_key: str, top: bool = False) -> Node:
    path = f"{parent_path}/{element.name}" if parent_path else element.name
    if not isinstance(element.type, Composite):
        key = f"{parent_key}{element.name}"
        return Node(element.name, path, key, element.least, element.most, record=False, simple=element.type)
    record = top or element.most is None
    key = "" if record else f"{parent_key}{element.name}/"
    children = tuple(_node(child, message, parent_path=path, parent_key=key) for child in element.type.elements)
    namespace = SHARED_NAMESPACE if element.type.shared else message.namespace
    index = {f"{namespace} {child.name}": position for position, child in enumerate(children)}
    node = Node(element.name, path, key, element.least, element.most, record, None, children, index)
    node.own = not element.type.shared
    keys = {child.name: child for child in children}
    node.identity = tuple(leaf.key for name in element.type.key for leaf in _own_leaves(keys[name]))
    return node


def _own_leaves(node: Node) -> Iterator[Node]:
    return iter((node,)) if node.simple is not None else node.leaves()
