"""The short road through a declaration: one regular expression for each record, made from the declared structure.

The messages are not recursive, so what a message looks like when every program writes it plainly is a regular language.
:func:`scan` takes all values of such a message in one pass. Whatever is written in another way (a comment, CDATA, an
entity, an attribute, another prefix halfway, a number with leading zeros) or is wrong in any way is not scanned but
left to :mod:`subcontractors.iwmo.walk`, which reads everything and tells what is wrong. So the scan never decides that
a message is wrong, and what it reads is what the walk would have read; a property test holds both together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from subcontractors.iwmo.simple import Day, Simple, Text, Whole
from subcontractors.iwmo.structure import SHARED_NAMESPACE, Message, Node, compiled

_SPACE = "[ \t\r\n]*+"
_SAFE = "[ -%'-;=?-~\u00a0-\u024f]"
"""Signs that stand for themselves in XML text; a value with any other is left to the walk."""

_LONGEST = 200
_ROOM = 4096
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
_DECLARED = (
    """<\\?xml version=(?:"1\\.0"|'1\\.0')(?: encoding=(?:"(?i:utf-8)"|'(?i:utf-8)'))?"""
    """(?: standalone=(?:"(?:yes|no)"|'(?:yes|no)'))? ?\\?>"""
)
_NAME = "[A-Za-z_][A-Za-z0-9_.-]*"
_VALUE = """(?:"[ !#-%'-;=-~]*"|'[ -%(-;=-~]*')"""
_ATTRIBUTE = re.compile(f"[ \t\r\n]+({_NAME}(?::{_NAME})?)=({_VALUE})")
_ATTRIBUTES = f"(?:[ \t\r\n]+{_NAME}(?::{_NAME})?={_VALUE})+"
_ROOT = re.compile(f"(?:{_DECLARED})?{_SPACE}<((?:{_NAME}:)?)Bericht({_ATTRIBUTES}){_SPACE}>")

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scan read: the values outside the records by path, and the values of every inner record in order.

    A row has the values of the outer record first (the BSN of the client), then those of the inner one; what was left
    out is an empty text. ``outer`` counts the outer records.
    """

    values: Mapping[str, str]
    rows: list[Row]
    outer: int


def scan(content: bytes, message: Message) -> Scanned | None:
    """Read a message that has one repeated record inside another, as a WMO323 has; ``None`` if it takes the walk."""
    start = _root(content[:_ROOM].decode("utf-8", "replace"), message)
    if start is None:
        return None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return _scanned(text, start.end, _plan(message, start.own, start.shared))


@dataclass(frozen=True, slots=True)
class _Start:
    """Where the root element's tag ends, and the prefixes it gives to both namespaces, with their colon."""

    end: int
    own: str
    shared: str


def _root(text: str, message: Message) -> _Start | None:
    found = _ROOT.match(text)
    if found is None:
        return None
    attributes = [(name, value[1:-1]) for name, value in _ATTRIBUTE.findall(found[2])]
    named = dict(attributes)
    spaces = {name[6:]: value for name, value in attributes if name == "xmlns" or name.startswith("xmlns:")}
    if len(named) != len(attributes) or len(set(spaces.values())) != len(spaces):
        return None
    for name, _ in attributes:
        prefix, _, local = name.rpartition(":")
        harmless = spaces.get(prefix) == _INSTANCE and local in ("schemaLocation", "noNamespaceSchemaLocation")
        if not (name == "xmlns" or prefix == "xmlns" or (prefix and harmless)):
            return None
    own = found[1]
    shared = [f"{prefix}:" if prefix else "" for prefix, value in spaces.items() if value == SHARED_NAMESPACE]
    if spaces.get(own[:-1]) != message.namespace or len(shared) != 1 or not _plain(spaces):
        return None
    return _Start(found.end(), own, shared[0])


def _plain(spaces: Mapping[str, str]) -> bool:
    """Whether no prefix is one that XML keeps for itself, and none is bound to nothing."""
    return all(value and not prefix.lower().startswith("xml") for prefix, value in spaces.items())


@dataclass(frozen=True, slots=True)
class _Column:
    """A place in a row: whether it may be left out, and the type to ask about each value that it holds, if need be."""

    optional: bool
    ask: Simple | None


@dataclass(frozen=True, slots=True)
class _Plan:
    """The expressions of one message with one pair of prefixes."""

    head: re.Pattern[str]
    keys: tuple[tuple[str, Simple], ...]
    record: re.Pattern[str]
    outer: int
    columns: tuple[_Column, ...]
    tags: int
    outer_tags: int
    tail: re.Pattern[str]
    tail_tag: str


@lru_cache(maxsize=32)
def _plan(message: Message, own: str, shared: str) -> _Plan:
    """Compile the expressions.

    Raises:
        ValueError: the message is not of the kind that can be scanned.
    """
    writer = _Writer({message.namespace: own, SHARED_NAMESPACE: shared})
    top = compiled(message)
    head, tail, outer = writer.around(top)
    tail += writer.close(f"{own}Bericht")
    outer_tag = own + outer.name
    outer_open, outer_close, inner = writer.around(outer, outer_tag)
    record = writer.whole(inner, own + inner.name, least=1)
    if any(column.optional for column in writer.columns(outer)):
        raise ValueError(f"{outer.path} has a value that may be left out")
    columns = (*writer.columns(outer), *writer.columns(inner))
    first = f"(?:{outer_open})?"
    last = f"(?:{outer_close.removesuffix(writer.close(outer_tag))}{_SPACE}({re.escape(f'</{outer_tag}>')}))?"
    return _Plan(
        head=re.compile(head),
        keys=tuple((leaf.key, leaf.simple) for leaf in top.leaves() if leaf.simple is not None),
        record=re.compile(f"(?<=>){first}{record}{last}"),
        outer=len(writer.columns(outer)),
        columns=columns,
        tags=_tags(record) - 2 * sum(column.optional for column in columns),
        outer_tags=_tags(outer_open) + _tags(outer_close),
        tail=re.compile(f"{tail}{_SPACE}"),
        tail_tag=tail[len(_SPACE) :].split(">", 1)[0].replace("\\", "") + ">",
    )


def _tags(expression: str) -> int:
    return len(re.findall(r"<(?![=!])", expression))


class _Writer:
    """Writes expressions with these prefixes, by namespace."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._prefixes = prefixes

    def _children(self, node: Node) -> Iterator[tuple[Node, str]]:
        for name, position in node.index.items():
            namespace, _, local = name.rpartition(" ")
            yield node.children[position], self._prefixes[namespace] + local

    def around(self, node: Node, tag: str = "") -> tuple[str, str, Node]:
        """What opens and what closes a record around the one record in it, and that record; it must come last."""
        opens, closes = (self.open(tag), self.close(tag)) if tag else ("", "")
        *before, (last, name) = self._children(node)
        for child, child_tag in before:
            opens += self.whole(child, child_tag)
        if last.record:
            return opens, closes, last
        if last.simple is not None or last.least != 1:
            raise ValueError(f"{node.path} does not end in a record")
        more, less, record = self.around(last, name)
        return opens + more, less + closes, record

    def open(self, tag: str) -> str:
        """The expression of an opening tag, with white space before it."""
        return f"{_SPACE}{re.escape(f'<{tag}>')}"

    def close(self, tag: str) -> str:
        """The expression of a closing tag, with white space before it."""
        return f"{_SPACE}{re.escape(f'</{tag}>')}"

    def whole(self, node: Node, tag: str, least: int | None = None) -> str:
        """The expression of an element with all that is in it; its values are groups."""
        if node.simple is not None:
            made = f"{self.open(tag)}({_form(node.simple)}){re.escape(f'</{tag}>')}"
        else:
            made = self.open(tag) + "".join(self.whole(*child) for child in self._children(node)) + self.close(tag)
        if (node.least if least is None else least) == 1:
            return made
        if node.simple is None:
            raise ValueError(f"{node.path} may be left out whole")
        return f"(?:{made})?"

    def columns(self, node: Node) -> tuple[_Column, ...]:
        """The places of the values of a record, without those of records in it."""
        return tuple(_Column(leaf.least == 0, _question(leaf.simple)) for leaf in node.leaves() if leaf.simple)


def _form(simple: Simple) -> str:
    """What a value looks like when it is written plainly; where that is wider than the type, :func:`_question` asks on.

    Raises:
        ValueError: a type that is not known here.
    """
    if isinstance(simple, Day):
        return "[0-9]{4}-[0-9]{2}-[0-9]{2}"
    if isinstance(simple, Whole):
        return re.escape(simple.written) or f"(?:0|[1-9][0-9]{{0,{len(str(simple.high)) - 1}}})"
    if not isinstance(simple, Text):
        raise ValueError(f"no expression for {simple.name}")  # noqa: TRY004 - right, but not known
    if simple.values:
        return f"(?:{'|'.join(re.escape(value) for value in simple.values)})"
    if simple.digits is not None:
        return f"[0-9]{{{simple.digits}}}"
    return f"{_SAFE}{{{max(simple.least, 1)},{min(simple.most or _LONGEST, _LONGEST)}}}"


def _question(simple: Simple) -> Simple | None:
    """The type, where its expression is wider than itself."""
    if isinstance(simple, Whole):
        exact = simple.low == 0 and simple.high == 10 ** len(str(simple.high)) - 1
    else:
        exact = isinstance(simple, Text) and (bool(simple.values) or simple.digits is not None or not simple.pattern)
    return None if exact else simple


def _scanned(text: str, start: int, plan: _Plan) -> Scanned | None:
    head = plan.head.match(text, start)
    end = text.rfind(plan.tail_tag)
    if head is None or end < head.end() or not plan.tail.fullmatch(text, end):
        return None
    values = dict(zip((key for key, _ in plan.keys), head.groups(), strict=True))
    values = {key: value for key, value in values.items() if value is not None}
    if any(key in values and simple.wrong(values[key]) is not None for key, simple in plan.keys):
        return None
    found: list[Row] = plan.record.findall(text, head.end(), end)
    if not found or not _covers(text, head.end(), end, found, plan):
        return None
    rows = _with_outer(found, plan.outer)
    return None if rows is None or not _right(rows, plan) else Scanned(values, rows, _count(found, 0))


def _covers(text: str, start: int, end: int, found: list[Row], plan: _Plan) -> bool:
    """Whether the records that were found are all there is: every tag is one of theirs, all else is white space.

    A record begins right behind a ``>``, so that a text between two records can only go unseen if it ends in a ``>`` of
    its own; that is why these are counted too.
    """
    tags = len(found) * plan.tags + _count(found, 0) * plan.outer_tags
    tags += 2 * sum(_count(found, place) for place, column in enumerate(plan.columns) if column.optional)
    if text.count("<", start, end) != tags or text.count(">", start, end) != tags:
        return False
    return not text[text.rfind(">", 0, end) + 1 : end].strip(" \t\r\n")


def _count(found: list[Row], place: int) -> int:
    return len(found) - [row[place] for row in found].count("")


def _with_outer(found: list[Row], width: int) -> list[Row] | None:
    """The rows with the values of their outer record on each, without the mark that closes it."""
    rows: list[Row] = []
    outer: Row = ()
    closed = True
    for row in found:
        if (row[0] != "") is not closed:
            return None
        if closed:
            outer = row[:width]
        closed = row[-1] != ""
        rows.append(outer + row[width:-1])
    return rows if closed else None


def _right(rows: list[Row], plan: _Plan) -> bool:
    """Whether every value fits its type, where the expression alone does not see to that."""
    for place, column in enumerate(plan.columns):
        if column.ask is not None:
            for value in {row[place] for row in rows}:
                if value and column.ask.wrong(value) is not None:
                    return False
    return True
