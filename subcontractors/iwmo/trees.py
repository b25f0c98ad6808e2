"""Write a message from nested content, driven by its declaration.

UTF-8 without byte order mark, CR/LF line ends (OP192), tabs, and the namespace prefixes everybody uses. A
value that does not fit its type, or an element that is missing, is an error of the caller and is refused:
nothing leaves the house that level 1 would send back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias
from xml.sax.saxutils import escape

from subcontractors.iwmo.structure import SHARED_NAMESPACE, SHARED_PREFIX, Composite, Element, Message

Tree: TypeAlias = str | Mapping[str, "Tree"] | Sequence["Tree"] | Iterator["Tree"] | None
"""Content by element name: text, nested content, or any number of either; ``None`` is left out."""

NEWLINE = "\r\n"
_ESCAPES = {"\r": "&#13;"}


def write_message(message: Message, content: Mapping[str, Tree]) -> bytes:
    """Write a declared message from its content, in the order of the declaration.

    Raises:
        ValueError: an element is missing, occurs too often, is unknown, or its value does not fit.
        TypeError: there is text where elements belong, or the other way round.
    """
    return b"".join(written(message, content))


def written(message: Message, content: Mapping[str, Tree]) -> Iterator[bytes]:
    """The lines of :func:`write_message` one by one, for a message that need not be held at once.

    Raises:
        ValueError: as :func:`write_message`, when the reading arrives at what is wrong.
        TypeError: as above.
    """
    spaces = f'xmlns:{SHARED_PREFIX}="{SHARED_NAMESPACE}" xmlns:{message.prefix}="{message.namespace}"'
    yield _line('<?xml version="1.0" encoding="UTF-8"?>')
    yield _line(f"<{message.prefix}:Bericht {spaces}>")
    yield from _children(message.root, content, message.prefix, "Bericht", 1)
    yield _line(f"</{message.prefix}:Bericht>")


def _line(text: str) -> bytes:
    return f"{text}{NEWLINE}".encode()


def _children(kind: Composite, content: Tree, prefix: str, path: str, depth: int) -> Iterator[bytes]:
    if not isinstance(content, Mapping):
        raise TypeError(f"{path} has elements, not a value")
    unknown = set(content) - {element.name for element in kind.elements}
    if unknown:
        raise ValueError(f"{path} has no element {', '.join(sorted(unknown))}")
    own = SHARED_PREFIX if kind.shared else prefix
    for element in kind.elements:
        given = content.get(element.name)
        parts = () if given is None else (given,) if isinstance(given, str | Mapping) else given
        count = 0
        for part in parts:
            count += 1
            yield from _element(element, part, (prefix, own), f"{path}/{element.name}", depth)
        if count < element.least or (element.most is not None and count > element.most):
            raise ValueError(f"{path}/{element.name} occurs {count} times")


def _element(element: Element, content: Tree, prefixes: tuple[str, str], path: str, depth: int) -> Iterator[bytes]:
    prefix, own = prefixes
    tag, indent = f"{own}:{element.name}", "\t" * depth
    if isinstance(element.type, Composite):
        yield _line(f"{indent}<{tag}>")
        yield from _children(element.type, content, prefix, path, depth + 1)
        yield _line(f"{indent}</{tag}>")
        return
    if not isinstance(content, str):
        raise TypeError(f"{path} has a value, not elements")
    wrong = element.type.wrong(content)
    if wrong is not None:
        raise ValueError(f"{path} {wrong.message}. {wrong.remedy}")
    yield _line(f"{indent}<{tag}>{escape(content, _ESCAPES)}</{tag}>")
