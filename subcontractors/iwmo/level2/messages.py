"""Level 2 on starts, stops, answers and whole messages. Each function is the rule of its name; see :mod:`people`."""

from __future__ import annotations

from collections.abc import Iterator

from subcontractors.iwmo.codes import FULLY_GRANTED, NO_REMARK
from subcontractors.iwmo.document import TOP, Record
from subcontractors.iwmo.level2.view import Place, Spot, Subject
from subcontractors.iwmo.simple import Day, Whole, day_from, number_from
from subcontractors.iwmo.structure import Node, compiled

_DAYS = {
    "Client": ("Geboortedatum/Datum",),
    "Relatie": ("Geboortedatum/Datum",),
    "ToegewezenProduct": ("Toewijzingsdatum",),
    "Declaratie": ("DeclaratiePeriode/Begindatum",),
    "Prestatie": ("ProductPeriode/Begindatum",),
}
_PERIODS = {"Declaratie": "DeclaratiePeriode", "Prestatie": "ProductPeriode"}
_TOTALS = {
    "Declaratie": ("TotaalIngediendBedrag/TotaalBedrag",),
    "DeclaratieAntwoord": ("TotaalIngediendBedrag/TotaalBedrag", "TotaalToegekendBedrag/TotaalBedrag"),
    "Prestatie": ("IngediendBedrag/Bedrag",),
}
_STATUSES = ("1", "3")
_REFUSED, _INVESTIGATED = "1", "2"


def cs058(place: Place, _subject: Subject) -> Iterator[Spot]:
    """A start or stop is a first delivery or a deletion."""
    if place.get("StatusAanlevering") not in _STATUSES:
        yield place.spot("StatusAanlevering")


def cd085(place: Place, _subject: Subject) -> Iterator[Spot]:
    """A refused request has a reason."""
    if place.get("VerzoekAntwoord") == _REFUSED and not place.has("RedenAfwijzingVerzoek"):
        yield place.spot("RedenAfwijzingVerzoek")


def cd086(place: Place, _subject: Subject) -> Iterator[Spot]:
    """A request that is being looked into has no reason of refusal."""
    if place.get("VerzoekAntwoord") == _INVESTIGATED and place.has("RedenAfwijzingVerzoek"):
        yield place.spot("RedenAfwijzingVerzoek")


def tr134(place: Place, subject: Subject) -> Iterator[Spot]:
    """What has happened did not happen after the message was dated."""
    for key in _DAYS[place.name]:
        day = place.day(key)
        if day is not None and day > subject.dated:
            yield place.spot(key)


def tr137(place: Place, subject: Subject) -> Iterator[Spot]:
    """A period ends on or after its begin and not after the message was dated."""
    period = _PERIODS[place.name]
    begin, end = place.day(f"{period}/Begindatum"), place.day(f"{period}/Einddatum")
    if begin is not None and end is not None and not begin <= end <= subject.dated:
        yield place.spot(f"{period}/Einddatum")


def cd060(place: Place, _subject: Subject) -> Iterator[Spot]:
    """A credit, and only a credit, names the line it takes back."""
    credit = place.get("IngediendBedrag/DebetCredit") == "C"
    if credit != place.has("ProductReferentie/VorigReferentieNummer"):
        yield place.spot("ProductReferentie/VorigReferentieNummer")


def cs325(place: Place, _subject: Subject) -> Iterator[Spot]:
    """Nothing is never a credit."""
    for key in _TOTALS[place.name]:
        mark = f"{key.rpartition('/')[0]}/DebetCredit"
        if place.number(key) == 0 and place.get(mark) != "D":
            yield place.spot(mark)


def tr342(place: Place, subject: Subject) -> Iterator[Spot]:
    """Only refused lines are returned, and they explain what is not granted."""
    codes = place.record.codes(place.name)
    granted = _signed(place, "TotaalToegekendBedrag", "TotaalBedrag")
    lines = subject.all("Prestatie")
    if any(code not in (NO_REMARK, FULLY_GRANTED) for code in codes):
        if granted or lines:
            yield place.spot("TotaalToegekendBedrag")
        return
    for line in lines:
        if set(line.record.codes()) <= {NO_REMARK}:
            yield line.spot()
    refused = sum(_signed(line, "IngediendBedrag", "Bedrag") for line in lines)
    if refused != _signed(place, "TotaalIngediendBedrag", "TotaalBedrag") - granted:
        yield place.spot("TotaalToegekendBedrag")


def _signed(place: Place, key: str, amount: str) -> int:
    size = place.number(f"{key}/{amount}") or 0
    return -size if place.get(f"{key}/DebetCredit") == "C" else size


def tr101(_place: Place, subject: Subject) -> Iterator[Spot]:
    """No class of a message has the logical key of another one (IV008)."""
    yield from _doubles(compiled(subject.message), subject.root, TOP)


def _doubles(node: Node, record: Record, path: str) -> Iterator[Spot]:
    for child in node.records():
        where = path + child.path.removeprefix(node.path)
        kinds = {leaf.key: leaf.simple for leaf in child.leaves()}
        seen: set[tuple[object, ...]] = set()
        for number, part in enumerate(record.named(child.name), start=1):
            own = f"{where}[{number}]"
            key = tuple(_same(kinds[name], part.get(name)) for name in child.identity)
            if key and key in seen:
                yield Spot(own, part.get(child.identity[0]).strip() if child.identity[0] != "Bsn" else "")
            seen.add(key)
            yield from _doubles(child, part, own)


def _same(kind: object, text: str) -> object:
    """A value in the form in which it is compared: 007 is the number 7."""
    if text and isinstance(kind, Whole):
        return number_from(text)
    if text and isinstance(kind, Day):
        return day_from(text)
    return text
