"""Level 2 of a declaration: the rules it can be held against by itself, as an ordered tuple of small functions.

One broken rule refuses the whole message (return code 0001, IV088). The rules serve XML and CSV alike; where a CSV has
no total, TR358 has nothing to compare. Rule ids are those of the standard, and its register says how they are read.
The other messages have their rules in :mod:`subcontractors.iwmo.level2`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from operator import mul
from typing import NamedTuple, TypeVar

from lead_contractor.kernel.money import euros_nl, total
from lead_contractor.kernel.periods import Month
from subcontractors.declarations.model import Declaration, Line
from subcontractors.iwmo.model import Fault

LEVEL = 2
MOST_PER_RULE = 100
FIRST_DAY = date(2021, 1, 1)
"""CS100: nothing before this day."""

LATEST_YEARS = 5
"""TR335: how many years before DeclaratieDagtekening a product period may end."""

EUROS = "83"
CREDIT_FIRST_APPROVED = "Crediteer een regel pas in een later bericht, als zij is goedgekeurd."

_BSN_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)

Key = TypeVar("Key")


class Complaint(NamedTuple):
    """What a rule found: message, remedy, element and the line it is about."""

    message: str
    remedy: str
    place: str
    reference: str = ""


Check = Callable[[Declaration, Sequence[Line]], Iterator[Complaint]]


def valid_bsn(bsn: str) -> bool:
    """Whether nine digits pass the 11-test with a sum above zero (CS002)."""
    if len(bsn) != len(_BSN_WEIGHTS) or not (bsn.isascii() and bsn.isdigit()):
        return False
    checksum: int = sum(map(mul, _BSN_WEIGHTS, bsn.encode())) - ord("0") * sum(_BSN_WEIGHTS)
    return checksum > 0 and checksum % 11 == 0


def years_before(day: date, years: int) -> date:
    """The same day so many years earlier; 29 February becomes the 28th, and before year 1 there is no day."""
    if day.year <= years:
        return date.min
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def check_content(declaration: Declaration, lines: Sequence[Line]) -> tuple[Fault, ...]:
    """Hold a declaration against every rule of level 2, in the order of :data:`RULES`.

    Of one rule at most :data:`MOST_PER_RULE` faults are told; one is enough to refuse the message.
    """
    return tuple(
        Fault(rule, LEVEL, found.message, found.remedy, found.place, reference=found.reference)
        for rule, check in RULES
        for found in islice(check(declaration, lines), MOST_PER_RULE)
    )


def _cs002(_declaration: Declaration, lines: Sequence[Line]) -> Iterator[Complaint]:
    judged: dict[str, bool] = {}
    for line in lines:
        if line.bsn not in judged:
            judged[line.bsn] = valid_bsn(line.bsn)
            if not judged[line.bsn]:
                yield Complaint(
                    "Het BSN doorstaat de elfproef niet.", "Controleer het BSN van deze cliënt.", "Bsn", line.reference
                )


def _cs100(declaration: Declaration, lines: Sequence[Line]) -> Iterator[Complaint]:
    remedy = "Vul een datum op of na 1 januari 2021."
    if min(declaration.period_from, declaration.period_to) < FIRST_DAY:
        yield Complaint("De declaratieperiode ligt vóór 2021.", remedy, "DeclaratiePeriode")
    for line in lines:
        if min(line.period_from, line.period_to) < FIRST_DAY:
            yield Complaint("De productperiode ligt vóór 2021.", remedy, "ProductPeriode", line.reference)


def _cs325(_declaration: Declaration, lines: Sequence[Line]) -> Iterator[Complaint]:
    for line in lines:
        if line.amount == 0 and line.credit:
            yield Complaint(
                "Het bedrag is nul en staat als credit.",
                "Vul D (debet) bij een bedrag van nul.",
                "DebetCredit",
                line.reference,
            )


def _cs337(_declaration: Declaration, lines: Sequence[Line]) -> Iterator[Complaint]:
    for line in lines:
        if Month.of(line.period_from) != Month.of(line.period_to):
            yield Complaint(
                "De productperiode valt niet binnen één kalendermaand.",
                "Declareer elke maand op een eigen regel.",
                "ProductPeriode",
                line.reference,
            )


def _cs339(_declaration: Declaration, lines: Sequence[Line]) -> Iterator[Complaint]:
    for line in lines:
        if line.unit == EUROS and line.amount != line.volume:
            yield Complaint(
                f"De eenheid is euro's (83), maar het volume ({line.volume}) is niet het bedrag in centen "
                f"({line.amount}).",
                "Vul bij eenheid 83 als volume het bedrag in centen.",
                "GeleverdVolume",
                line.reference,
            )


def _cs340(declaration: Declaration, _lines: Sequence[Line]) -> Iterator[Complaint]:
    month = declaration.period
    if (declaration.period_from, declaration.period_to) != (month.first, month.last):
        yield Complaint(
            "De declaratieperiode is niet precies één kalendermaand.",
            "Vul de eerste en de laatste dag van de maand waarover u declareert.",
            "DeclaratiePeriode",
        )


def _cd060(_declaration: Declaration, lines: Sequence[Line]) -> Iterator[Complaint]:
    for line in lines:
        if line.credit and not line.previous_reference:
            yield Complaint(
                "Deze creditregel noemt niet welke regel zij terugneemt.",
                "Vul als vorig referentienummer de referentie van de goedgekeurde regel.",
                "VorigReferentieNummer",
                line.reference,
            )
        elif line.previous_reference and not line.credit:
            yield Complaint(
                "Deze debetregel heeft een vorig referentienummer.",
                "Laat het vorige referentienummer leeg, of zet de regel op credit.",
                "VorigReferentieNummer",
                line.reference,
            )


def _cd087(_declaration: Declaration, lines: Sequence[Line]) -> Iterator[Complaint]:
    for line in lines:
        if line.unit == EUROS and line.tariff is not None:
            yield Complaint(
                "Bij eenheid euro's (83) hoort geen tarief.", "Laat het tarief leeg.", "ProductTarief", line.reference
            )
        elif line.unit != EUROS and line.tariff is None:
            yield Complaint("Het tarief ontbreekt.", "Vul het tarief in.", "ProductTarief", line.reference)


def _tr101(_declaration: Declaration, lines: Sequence[Line]) -> Iterator[Complaint]:
    keys = ((line.bsn, line.reference, line.previous_reference) for line in lines)
    for _bsn, reference, _previous in _more_than_once(keys):
        yield Complaint(
            "Deze referentie staat meer dan eens bij dezelfde cliënt.",
            "Geef elke regel een eigen referentienummer.",
            "ProductReferentie",
            reference,
        )


def _tr134(declaration: Declaration, lines: Sequence[Line]) -> Iterator[Complaint]:
    begins = [("DeclaratiePeriode", "", declaration.period_from)]
    begins += [("ProductPeriode", line.reference, line.period_from) for line in lines]
    for place, reference, first in begins:
        if first > declaration.received:
            yield Complaint(
                f"De periode begint na de dagtekening van het bericht ({declaration.received}).",
                "Declareer een maand pas als zij voorbij is.",
                place,
                reference,
            )


def _tr137(declaration: Declaration, lines: Sequence[Line]) -> Iterator[Complaint]:
    periods = [("DeclaratiePeriode", "", declaration.period_from, declaration.period_to)]
    periods += [("ProductPeriode", line.reference, line.period_from, line.period_to) for line in lines]
    for place, reference, first, last in periods:
        if last < first:
            yield Complaint("De einddatum ligt vóór de begindatum.", "Verbeter de periode.", place, reference)
        elif last > declaration.received:
            yield Complaint(
                f"De periode eindigt na de dagtekening van het bericht ({declaration.received}).",
                "Declareer een maand pas als zij voorbij is.",
                place,
                reference,
            )


def _tr315(_declaration: Declaration, lines: Sequence[Line]) -> Iterator[Complaint]:
    for previous in _more_than_once(line.previous_reference for line in lines if line.previous_reference):
        yield Complaint(
            "Dezelfde regel wordt in dit bericht meer dan eens teruggenomen.",
            "Crediteer elke regel één keer.",
            "VorigReferentieNummer",
            previous,
        )


def _tr316(_declaration: Declaration, lines: Sequence[Line]) -> Iterator[Complaint]:
    own = {line.reference for line in lines}
    for line in lines:
        if line.previous_reference in own:
            yield Complaint(
                "Deze regel neemt een regel uit hetzelfde bericht terug.",
                CREDIT_FIRST_APPROVED,
                "VorigReferentieNummer",
                line.reference,
            )


def _tr335(declaration: Declaration, lines: Sequence[Line]) -> Iterator[Complaint]:
    oldest = years_before(declaration.dated, LATEST_YEARS)
    for line in lines:
        if line.period_to < oldest:
            yield Complaint(
                f"De productperiode eindigt meer dan {LATEST_YEARS} jaar vóór de dagtekening van de declaratie.",
                "Deze periode kan niet meer worden gedeclareerd; laat de regel weg.",
                "ProductPeriode",
                line.reference,
            )


def _tr358(declaration: Declaration, lines: Sequence[Line]) -> Iterator[Complaint]:
    added = total(-line.amount if line.credit else line.amount for line in lines)
    if declaration.total is not None and declaration.total != added:
        yield Complaint(
            f"Het totaal is {euros_nl(declaration.total)}, de regels tellen op tot {euros_nl(added)} "
            f"(verschil {euros_nl(declaration.total - added, sign=True)}).",
            "Maak het totaal gelijk aan de debetregels min de creditregels.",
            "TotaalIngediendBedrag",
        )


def _tr416(_declaration: Declaration, lines: Sequence[Line]) -> Iterator[Complaint]:
    seen: set[tuple[str, str, str, date, date]] = set()
    for line in lines:
        key = (line.allocation, line.category, line.product_code, line.period_from, line.period_to)
        if not line.credit and key in seen:
            yield Complaint(
                "Voor dezelfde toewijzing, hetzelfde product en dezelfde periode staat er al een debetregel.",
                "Tel de regels bij elkaar op tot één regel.",
                "Prestatie",
                line.reference,
            )
        if not line.credit:
            seen.add(key)


def _more_than_once(keys: Iterable[Key]) -> list[Key]:
    return [key for key, count in Counter(keys).items() if count > 1]


RULES: tuple[tuple[str, Check], ...] = (
    ("CS002", _cs002),
    ("CS100", _cs100),
    ("CS325", _cs325),
    ("CS337", _cs337),
    ("CS339", _cs339),
    ("CS340", _cs340),
    ("CD060", _cd060),
    ("CD087", _cd087),
    ("TR101", _tr101),
    ("TR134", _tr134),
    ("TR137", _tr137),
    ("TR315", _tr315),
    ("TR316", _tr316),
    ("TR335", _tr335),
    ("TR358", _tr358),
    ("TR416", _tr416),
)
"""The rules of a declaration (WMO323 or CSV), in the order in which they are reported."""
