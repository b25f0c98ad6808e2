"""Whether settlement terms fit together, before any amount is known."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from lead_contractor.contract.model import Excess, SettlementTerms
from lead_contractor.kernel.findings import Finding, Severity

CONTRACT_FILE = "contract.toml"
ALL_PERCENT = 100


def term_findings(terms: SettlementTerms) -> tuple[Finding, ...]:
    """What is wrong with the settlement terms; a last deficit band that is not open is only a warning."""
    return (*_percentages(terms), *_destination(terms), *_bands(terms), *_days(terms))


def _percentages(terms: SettlementTerms) -> Iterator[Finding]:
    named: list[tuple[str, Decimal | None]] = [("overhead.cap_percent", terms.overhead_cap_percent)]
    if terms.margin is not None:
        named.append(("margin.cap_percent", terms.margin.cap_percent))
    if terms.reserve is not None:
        named.append(("reserve.max_percent", terms.reserve.max_percent))
    for position, band in enumerate(terms.deficit_bands, start=1):
        named.append((f"deficit.bands[{position}].municipality_percent", band.municipality_percent))
    for key, percent in named:
        if percent is not None and not 0 <= percent <= ALL_PERCENT:
            yield _finding(key, f"{percent}% ligt niet tussen 0 en 100.", "Vul een percentage tussen 0 en 100 in.")
    if terms.reserve is not None and terms.reserve.opening_balance < 0:
        yield _finding(
            "reserve.opening_balance", "De beginstand van de reserve is negatief.", "Vul een stand van nul of meer in."
        )


def _destination(terms: SettlementTerms) -> Iterator[Finding]:
    if terms.margin is not None and terms.margin.excess is Excess.RESERVE and terms.reserve is None:
        yield _finding(
            "margin.excess",
            "Het overschot gaat naar een reserve die het contract niet kent.",
            "Voeg [settlement.reserve] toe of kies repay of invest.",
        )


def _bands(terms: SettlementTerms) -> Iterator[Finding]:
    below = Decimal(0)
    for position, band in enumerate(terms.deficit_bands, start=1):
        key = f"deficit.bands[{position}].up_to_percent"
        if band.up_to_percent is None:
            if position < len(terms.deficit_bands):
                yield _finding(
                    key, "Alleen de laatste staffel mag open zijn.", "Vul up_to_percent in of zet haar achteraan."
                )
            continue
        if band.up_to_percent <= below:
            yield _finding(
                key, "De staffels lopen niet op.", "Zet de staffels op volgorde, elk met een hogere up_to_percent."
            )
        below = band.up_to_percent
    if terms.deficit_bands and terms.deficit_bands[-1].up_to_percent is not None:
        yield _finding(
            "deficit.bands",
            "De laatste staffel is niet open; wat erboven ligt draagt de hoofdaannemer.",
            "Voeg een laatste staffel zonder up_to_percent toe als dat anders is afgesproken.",
            Severity.WARNING,
        )


def _days(terms: SettlementTerms) -> Iterator[Finding]:
    if terms.corrections_until < terms.cut_off:
        yield _finding(
            "corrections_until",
            "De laatste dag voor correcties ligt vóór de sluitdatum voor nieuwe regels.",
            "Controleer cut_off en corrections_until.",
            Severity.WARNING,
        )


def _finding(key: str, message: str, remedy: str, severity: Severity = Severity.ERROR) -> Finding:
    return Finding(
        "contract.settlement", message, remedy, file=CONTRACT_FILE, column=f"settlement.{key}", severity=severity
    )
