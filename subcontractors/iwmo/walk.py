"""Level 1: walk through an XML message once, in the order of the file, and hold it against its declaration.

The parser is expat, which calls back element by element: nothing of the message is kept but the values of the
record at hand, so memory stays flat whatever arrives. A DOCTYPE ends the reading before any entity exists;
there is nothing that could open another file or address. Only UTF-8 is accepted (OP192); a byte order mark
is remarked upon but read.
"""

from __future__ import annotations

import codecs
import hashlib
import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.parsers import expat

from subcontractors.iwmo.model import Fault
from subcontractors.iwmo.structure import RELEASE, Message, Node, compiled

LIMIT = 25 * 1024 * 1024
"""The largest message of the standard, in bytes (OP179)."""

MOST_FAULTS = 100
LONGEST_TEXT = 10_000
KNOWN_TEXTS = 2_000
DEEPEST = 50
_CHUNK = 1024 * 1024  # large, because expat scans a token anew for every piece it arrives in

Values = dict[str, str]
"""Texts by path inside a record; what may be repeated (RetourCode) is one text, its values separated by a space."""

OnRecord = Callable[[Node, Values, Sequence[Values]], None]
"""Called at the end of every record with its place, its values by path, and those of the records around it."""

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_HARMLESS = {f"{_XSI} schemaLocation", f"{_XSI} noNamespaceSchemaLocation"}
_ROOT = re.compile(r"http://www\.istandaarden\.nl/(i[a-z]+)/([0-9]+)_([0-9]+)/([a-z]+)([0-9]{3})/schema", re.IGNORECASE)
_SIGNATURES = (
    (b"PK\x03\x04", "een zip-bestand (misschien een werkblad)"),
    (b"%PDF", "een PDF"),
    (b"\xd0\xcf\x11\xe0", "een oud Office-bestand"),
    (b"\x1f\x8b", "een gzip-bestand"),
)
_UTF16 = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
_BROKEN = {
    expat.errors.XML_ERROR_NO_ELEMENTS: "het bestand houdt op voordat het bericht is afgesloten",
    expat.errors.XML_ERROR_UNCLOSED_TOKEN: "het bestand houdt midden in een element op",
    expat.errors.XML_ERROR_TAG_MISMATCH: "een element wordt gesloten met een andere naam dan waarmee het begon",
    expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT: "er staat nog iets na het einde van het bericht",
    expat.errors.XML_ERROR_UNDEFINED_ENTITY: "er wordt een onbekende entiteit gebruikt",
    expat.errors.XML_ERROR_DUPLICATE_ATTRIBUTE: "een element heeft tweemaal hetzelfde attribuut",
    expat.errors.XML_ERROR_UNBOUND_PREFIX: "een voorvoegsel (prefix) is nergens aan een namespace gebonden",
    expat.errors.XML_ERROR_MISPLACED_XML_PI: "vóór de XML-declaratie op de eerste regel staat nog iets",
}


class _Stop(Exception):
    """The walk ends here; the faults say why."""


@dataclass(slots=True)
class Walked:
    """What a walk found: the message (if recognised), the values outside any repeated record, and the faults."""

    message: Message | None = None
    values: Values = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    sha256: str = ""


@dataclass(slots=True)
class _Frame:
    node: Node
    position: int = 0
    count: int = 0


def walk(
    source: BinaryIO | bytes,
    messages: Iterable[Message],
    on_record: OnRecord | None = None,
    *,
    limit: int = LIMIT,
) -> Walked:
    """Read one of ``messages`` from a stream and check its structure (level 1).

    ``on_record`` is called while reading, for every record of which all values were right so far. Whatever is
    wrong is a fault in the result; nothing is raised for bad input. At most ``limit`` bytes are read.
    """
    walker = _Walker({f"{message.namespace} Bericht": message for message in messages}, on_record)
    if isinstance(source, bytes):
        if len(source) > limit:
            walker.found.sha256 = hashlib.sha256(source).hexdigest()
            walker.found.faults.append(too_large(limit))
            return walker.found
        source = io.BytesIO(source)
    digest = hashlib.sha256()
    try:
        for chunk, last in _chunks(source, limit, walker):
            digest.update(chunk)
            walker.feed(chunk, last=last)
    except _Stop:
        pass
    walker.found.sha256 = digest.hexdigest()
    return walker.found


def too_large(limit: int) -> Fault:
    """The fault of a file over the limit, which is not read."""
    return Fault(
        "OP179",
        1,
        f"Het bestand is groter dan {limit / 1024 / 1024:g} MB en is niet gelezen.",
        "Splits het over meer berichten, elk met een eigen kenmerk en declaratienummer.",
    )


def _chunks(source: BinaryIO, limit: int, walker: _Walker) -> Iterable[tuple[bytes, bool]]:
    size = 0
    chunk = source.read(min(_CHUNK, limit + 1))
    while True:
        size += len(chunk)
        if size > limit:
            walker.found.faults.append(too_large(limit))
            raise _Stop
        following = source.read(min(_CHUNK, limit + 1 - size)) if chunk else b""
        yield chunk, not following
        if not following:
            return
        chunk = following


class _Walker:
    """The state of one walk: a stack of frames, the text at hand, and the values of the open records."""

    def __init__(self, roots: Mapping[str, Message], on_record: OnRecord | None) -> None:
        self.found = Walked()
        self._roots = roots
        self._on_record = on_record
        self._stack: list[_Frame] = []
        self._records: list[Values] = []
        self._text: list[str] = []
        self._length = 0
        self._skip = 0
        self._begun = False
        self._known: defaultdict[str, set[str]] = defaultdict(set)  # texts found right, by path; for this file only
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._lines = 1
        parser = expat.ParserCreate("utf-8", " ")
        parser.buffer_text = True
        parser.XmlDeclHandler = self._declared
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        self._parser = parser

    def feed(self, chunk: bytes, *, last: bool) -> None:
        """Parse the next piece of the file."""
        if not self._begun:
            self._begun = True
            chunk = self._opening(chunk)
        try:
            self._decoder.decode(chunk, last)
        except UnicodeDecodeError as error:
            self._parse_until(chunk[: error.start])
            self._refuse_encoding(self._lines + chunk[: error.start].count(b"\n"))
        self._lines += chunk.count(b"\n")
        try:
            self._parser.Parse(chunk, last)
        except expat.ExpatError as error:
            self._broken(error)

    def _parse_until(self, chunk: bytes) -> None:
        """Parse what comes before bytes that are no UTF-8, for the header that may stand there."""
        try:
            self._parser.Parse(chunk, False)
        except expat.ExpatError:
            return

    def _opening(self, chunk: bytes) -> bytes:
        for signature, name in _SIGNATURES:
            if chunk.startswith(signature):
                self._fault("XML", f"Dit is geen XML maar {name}.", "Stuur het iWmo-bericht zelf, als .xml.", line=None)
                raise _Stop
        if chunk.startswith(_UTF16):
            self._refuse_encoding(1, "Het bestand is in UTF-16 opgeslagen.")
        if chunk.startswith(codecs.BOM_UTF8):
            self.found.remarks.append("Het bestand begint met een byte order mark; OP192 staat die niet toe.")
            chunk = chunk[len(codecs.BOM_UTF8) :]
        if not chunk.strip():
            self._fault("XML", "Het bestand is leeg.", "Maak het bericht opnieuw aan.", line=None)
            raise _Stop
        if not chunk.lstrip().startswith(b"<"):
            self._fault("XML", "Dit is geen XML.", "Stuur een iWmo-bericht in XML, of een declaratie als CSV.", line=1)
            raise _Stop
        return chunk

    def _refuse_encoding(self, line: int, message: str = "Het bestand is geen geldige UTF-8.") -> None:
        self._fault("OP192", message, "Sla het bericht op in de codering UTF-8, zonder byte order mark.", line=line)
        raise _Stop

    def _broken(self, error: expat.ExpatError) -> None:
        reason = _BROKEN.get(expat.errors.messages.get(error.code, ""), "de XML is niet welgevormd")
        self._fault(
            "XML",
            f"Het bestand is vanaf hier geen geldige XML: {reason} (positie {error.offset + 1}).",
            "Maak het bericht opnieuw aan; controleer of het helemaal is verzonden.",
            line=error.lineno,
        )
        raise _Stop from error

    def _declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in ("utf-8", "utf8"):
            self._refuse_encoding(1, f"De XML-declaratie noemt de codering {encoding[:40]}.")

    def _doctype(self, *_what: object) -> None:
        self._fault(
            "XML",
            "Het bericht bevat een DOCTYPE; dat wordt niet gelezen.",
            "Haal het DOCTYPE en alle entiteiten weg.",
        )
        raise _Stop

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        if self._skip:
            self._skip += 1
            if self._skip > DEEPEST:
                self._fault("XSD", "De elementen zijn te diep genest; de rest is niet gelezen.", "Houd de opbouw aan.")
                raise _Stop
            return
        if not self._stack:
            self._start_message(name)
        else:
            node = self._expected(name)
            if node is None:
                self._skip = 1
                return
            self._stack.append(_Frame(node))
            if node.record:
                self._records.append({})
        if attributes:
            self._attributes(attributes)
        self._text.clear()
        self._length = 0

    def _start_message(self, name: str) -> None:
        message = self._roots.get(name)
        if message is None:
            text, remedy = _unknown_root(name, self._roots.values())
            self._fault("XSD", text, remedy)
            raise _Stop
        self.found.message = message
        self._stack.append(_Frame(compiled(message)))
        self._records.append(self.found.values)

    def _expected(self, name: str) -> Node | None:
        frame = self._stack[-1]
        position = frame.node.index.get(name)
        if position is None:
            self._unknown(frame.node, name)
            return None
        child = frame.node.children[position]
        if position == frame.position:
            frame.count += 1
            if child.most is not None and frame.count > child.most:
                self._fault("XSD", "Dit element staat er te vaak.", "Laat er één staan.", place=child.path)
        elif position > frame.position:
            self._missing(frame, position)
            frame.position, frame.count = position, 1
        else:
            after = frame.node.children[frame.position].name
            self._fault(
                "XSD",
                f"Dit element staat op de verkeerde plaats: het hoort vóór {after}.",
                "Zet de elementen in de volgorde van de standaard.",
                place=child.path,
            )
        return child

    def _unknown(self, parent: Node, name: str) -> None:
        namespace, _, local = name.rpartition(" ")
        same = any(known.rpartition(" ")[2] == local for known in parent.index)
        if parent.simple is not None:
            text = f"Hier hoort een waarde, geen element {local[:60]}."
        elif same:
            text = f"Het element {local} staat in de verkeerde namespace ({namespace[:100] or 'geen'})."
        else:
            text = f"Het element {local[:60]} hoort hier niet."
        self._fault("XSD", text, "Houd de opbouw van de standaard aan.", place=parent.path)

    def _missing(self, frame: _Frame, until: int) -> None:
        for position in range(frame.position, until):
            child = frame.node.children[position]
            count = frame.count if position == frame.position else 0
            if count < child.least:
                self._fault("XSD", f"Het verplichte element {child.name} ontbreekt.", "Vul het aan.", place=child.path)

    def _attributes(self, attributes: Mapping[str, str]) -> None:
        for name in attributes:
            if name not in _HARMLESS:
                local = name.rpartition(" ")[2]
                self._fault(
                    "XSD",
                    f"Het attribuut {local[:60]} is niet toegestaan.",
                    "Haal het attribuut weg.",
                    place=self._stack[-1].node.path,
                )

    def _characters(self, data: str) -> None:
        if self._skip:
            return
        node = self._stack[-1].node
        if node.simple is not None:
            self._length += len(data)
            if self._length > LONGEST_TEXT and not node.roomy:
                self._fault("XSD", "De tekst is te lang; de rest is niet gelezen.", "Kort hem in.", place=node.path)
                raise _Stop
            self._text.append(data)
        elif data.strip(" \t\n\r"):
            self._fault(
                "XSD",
                "Tussen de elementen staat tekst.",
                "Haal de tekst weg; waarden horen in een element.",
                place=node.path,
            )

    def _end(self, _name: str) -> None:
        if self._skip:
            self._skip -= 1
            return
        frame = self._stack.pop()
        node = frame.node
        if node.simple is not None:
            self._value(node)
        else:
            self._missing(frame, len(node.children))
        if node.record:
            values = self._records.pop()
            if self._on_record is not None and not self.found.faults:
                self._on_record(node, values, self._records)

    def _value(self, node: Node) -> None:
        text = "".join(self._text)
        self._text.clear()
        known = self._known[node.path]
        if text not in known:
            wrong = node.simple.wrong(text) if node.simple is not None else None
            if wrong is not None:
                rule = wrong.rule or (node.simple.rule if node.simple is not None else "XSD")
                self._fault(rule, f"{node.name} {wrong.message}.", wrong.remedy, place=node.path)
                return
            if len(known) < KNOWN_TEXTS:
                known.add(text)
        values = self._records[-1]
        values[node.key] = text if node.most == 1 or node.key not in values else f"{values[node.key]} {text}"

    def _fault(self, rule: str, message: str, remedy: str, *, place: str = "", line: int | None = -1) -> None:
        at = self._parser.CurrentLineNumber if line == -1 else line
        self.found.faults.append(Fault(rule, 1, message, remedy, place, at))
        if len(self.found.faults) >= MOST_FAULTS:
            last = f"Er zijn meer dan {MOST_FAULTS} fouten; de rest is niet gelezen."
            self.found.faults.append(Fault("XSD", 1, last, "Herstel eerst de fouten hierboven.", "", at))
            raise _Stop


def _unknown_root(name: str, known: Iterable[Message]) -> tuple[str, str]:
    """What to say about a document element that is no message we take: text and remedy."""
    namespace, _, local = name.rpartition(" ")
    titles = [f"WMO{message.number} ({message.title})" for message in known]
    remedy = f"Hier kan worden ontvangen: {', '.join(titles)} van iWmo {RELEASE.replace('_', '.')}."
    match = _ROOT.fullmatch(namespace)
    if match is None:
        return f"Dit is geen iWmo-bericht (het eerste element is {local[:60]}).", remedy
    standard, major, minor, _, number = match.groups()
    if standard.lower() != "iwmo":
        return f"Dit is een bericht van een andere standaard ({standard}), nummer {number}.", remedy
    if f"{major}_{minor}" != RELEASE:
        return f"Dit is een WMO{number} van iWmo-release {major}.{minor}; die wordt niet gelezen.", remedy
    if local != "Bericht":
        return f"Het eerste element van het bericht heet {local[:60]} en moet Bericht heten.", remedy
    return f"Een WMO{number} wordt hier niet ontvangen.", remedy
