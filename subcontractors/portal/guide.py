"""The user guide as blocks to draw: the little Markdown that it is written in, and no more.

Headings, paragraphs, lists (numbered or not), pictures, tables and blocks of code; inside text **bold**, `code` and
links. Everything else comes out as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup, escape

_INLINE = (
    (re.compile(r"\*\*(.+?)\*\*"), r"<strong>\1</strong>"),
    (re.compile(r"`(.+?)`"), r"<code>\1</code>"),
    (re.compile(r"\[(.+?)\]\((#[a-z0-9-]+)\)"), r'<a href="\2">\1</a>'),
)
_PICTURE = re.compile(r"!\[(.*?)\]\(beelden/([a-z0-9-]+)\.png\)")
_ITEM = re.compile(r"(?:[-*]|[0-9]+\.) (.*)")


@dataclass(frozen=True, slots=True)
class Block:
    """A block: ``kind`` is h1, h2, h3, p, ul, ol, table, code or picture; ``parts`` its text, items or cells."""

    kind: str
    parts: tuple[Markup, ...] = ()
    anchor: str = ""
    rows: tuple[tuple[Markup, ...], ...] = ()


def read_guide(text: str) -> tuple[Block, ...]:
    """The blocks of a guide, in order."""
    return tuple(_block(chunk) for chunk in _chunks(text))


def _chunks(text: str) -> Iterator[list[str]]:
    """Lines that belong together: until an empty line, or until a block of code ends."""
    chunk: list[str] = []
    code = False
    for line in text.splitlines():
        fence = line.startswith("```")
        if fence and not code and chunk:
            yield chunk
            chunk = []
        chunk.append(line)
        if fence and code:
            yield chunk
            chunk = []
        code = code ^ fence
        if not code and not line.strip():
            if chunk[:-1]:
                yield chunk[:-1]
            chunk = []
    if chunk:
        yield chunk


def _block(lines: list[str]) -> Block:
    first = lines[0]
    picture = _PICTURE.fullmatch(first.strip())
    if picture:
        return Block("picture", (escape(picture[1]),), picture[2])
    if first.startswith("```"):
        return Block("code", (escape("\n".join(lines[1:-1])),))
    if first.startswith("#"):
        level, _, title = first.partition(" ")
        return Block(f"h{min(3, len(level))}", (_inline(title),), anchor_of(title))
    if first.startswith("|"):
        return Block("table", rows=tuple(_cells(line) for line in lines if not set(line) <= set("|-: ")))
    if _ITEM.match(first):
        kind = "ol" if first[0].isdigit() else "ul"
        return Block(kind, tuple(_inline(item) for item in _items(lines)))
    return Block("p", (_inline(" ".join(line.strip() for line in lines)),))


def _items(lines: list[str]) -> list[str]:
    items: list[str] = []
    for line in lines:
        found = _ITEM.match(line)
        if found:
            items.append(found[1])
        else:
            items[-1] += f" {line.strip()}"
    return items


def _cells(line: str) -> tuple[Markup, ...]:
    return tuple(_inline(cell.strip()) for cell in line.strip().strip("|").split("|"))


def _inline(text: str) -> Markup:
    said = str(escape(text))
    for pattern, written in _INLINE:
        said = pattern.sub(written, said)
    return Markup(said)  # noqa: S704 - escaped above; only our own marks are put in


def anchor_of(title: str) -> str:
    """The name by which a heading is linked to."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
