"""An invented year of one lead contractor, of any number of lines: contract, allocations, and messages as XML.

Fifty subcontractors of very different size declare twelve months; of every hundred lines some break a rule, so that
every rule is broken, some are declared twice and some are taken back and declared anew. The same numbers give the same
files. The BSNs are made up: they pass the 11-test and nothing else is known of them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

from sqlalchemy import Engine

from lead_contractor.allocation.model import Allocation, Frequency, Unit
from lead_contractor.allocation.store import save_allocations
from lead_contractor.clients.store import ClientIndex
from lead_contractor.contract.tables import contract
from lead_contractor.kernel.database import writing
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month, Period
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from lead_contractor.parties.tables import lead_contractor, subcontractor
from subcontractors.agreements.model import Agreement, FormCode, Tariff
from subcontractors.agreements.store import save_agreements, save_tariffs
from subcontractors.agreements.weeks import limit_over_term

LEAD, CONTRACT, YEAR = 1, 1, 2025
MUNICIPALITY = "1911"
AT = datetime(2026, 4, 21, 12, 0, tzinfo=UTC)
CUT_OFF, CORRECTIONS = date(2026, 3, 31), date(2026, 5, 31)
SENDERS = tuple(f"414100{number:02d}" for number in range(1, 51))
MONTHS = 12
AREAS = ("Noord", "Zuid", "Oost")
PRODUCTS: tuple[tuple[str, str, str, int], ...] = (
    ("02", "02A03", "04", 5580),
    ("02", "02A05", "04", 8735),
    ("02", "02A09", "82", 30000),
)
PRODUCTS += (("01", "01A03", "04", 3350), ("07", "07A02", "14", 11250), ("03", "03A01", "83", 0))
_DAYS = Period.inclusive(date(YEAR, 1, 1), date(YEAR, 12, 31))
_OWN, _SHARED = ("http://www.istandaarden.nl/iwmo/3_2/" + part for part in ("wmo323/schema", "basisschema/schema"))


@dataclass(frozen=True, slots=True)
class Care:
    """What one client gets: the allocation, and what is declared of it each month."""

    number: int
    bsn: str
    sender: str
    product: int
    volume: int

    @property
    def spared(self) -> bool:
        """Whether nothing is declared of the last month, so that it can be pre-checked."""
        return self.number % 10 == 7

    @property
    def tight(self) -> bool:
        """Whether the allocation holds less than is declared over the year (TR322 or TR369)."""
        return self.number % 67 == 0


@dataclass(frozen=True, slots=True)
class Sent:
    """One line as it is written."""

    care: Care
    reference: str
    month: Month
    allocation: int
    category: str
    product: str
    begin: date
    end: date
    volume: int
    unit: str
    tariff: int | None
    amount: int
    previous: str = ""


def bsns() -> Iterator[str]:
    """Numbers that pass the 11-test."""
    for number in range(10_000_001, 100_000_000):
        checksum = sum(weight * int(digit) for weight, digit in zip(range(9, 1, -1), str(number), strict=True)) % 11
        if checksum < 10:
            yield f"{number}{checksum}"


def cares(lines: int) -> list[Care]:
    """Who gets what from whom; one line a month each. Small subcontractors have some tens, the largest thousands."""
    chance = random.Random(lines)
    weights = [1 / (place + 3) for place in range(len(SENDERS))]
    count = max(len(SENDERS), lines // MONTHS)
    senders = chance.choices(SENDERS, weights, k=count)
    products = chance.choices(range(len(PRODUCTS)), (30, 15, 10, 25, 10, 10), k=count)
    return [
        Care(1000 + place, bsn, sender, product, chance.randint(4, 18))
        for place, (bsn, sender, product) in enumerate(zip(islice(bsns(), count), senders, products, strict=True))
    ]


def store_contract(engine: Engine, key: bytes, lines: int) -> None:
    """Store the contract with its agreements, tariffs and allocations in a migrated, empty database."""
    found = cares(lines)
    agreements = [
        Agreement(f"PXQ-{sender}", sender, FormCode.PXQ, _DAYS, tuple(p[1] for p in PRODUCTS), None)
        for sender in SENDERS
    ]
    tariffs = [
        Tariff(sender, code, unit, Cents(cents), date(YEAR, 1, 1))
        for sender in SENDERS
        for _, code, unit, cents in PRODUCTS
        if cents
    ]
    terms = f"[settlement]\ncut_off = {CUT_OFF}\ncorrections_until = {CORRECTIONS}\n"
    with writing(engine) as connection:
        connection.execute(lead_contractor.insert(), {"id": LEAD, "agb": "42420001", "name": "Voorbeeld", "kvk": ""})
        scope = Scope(connection, LEAD)
        scope.insert(
            contract,
            [
                {
                    "id": CONTRACT,
                    "code": "BENCH",
                    "year": YEAR,
                    "municipality_code": MUNICIPALITY,
                    "municipality_name": "Voorbeeld",
                    "sees": "products",
                    "terms": terms,
                    "content_hash": "",
                    "loaded_at": AT,
                }
            ],
        )
        scope.insert(subcontractor, [{"contract_id": CONTRACT, "agb": sender, "name": sender} for sender in SENDERS])
        save_agreements(scope, CONTRACT, agreements, {one.id: "" for one in agreements})
        save_tariffs(scope, CONTRACT, tariffs)
        clients = ClientIndex(scope, Vault(key, LEAD))
        save_allocations(
            scope,
            CONTRACT,
            map(_allocation, found),
            clients,
            lambda a: limit_over_term(a.volume, a.unit, a.frequency, a.category, a.start, a.end),
        )


def _allocation(care: Care) -> Allocation:
    category, product, unit, cents = PRODUCTS[care.product]
    often, times = (Frequency.TOTAL, MONTHS + 1) if unit == "83" or care.tight else (Frequency.MONTH, 1)
    budget = Cents(_size(care) * max(cents, 1) * (9 if care.number % 143 == 0 else 24))
    size = _size(care) * (8 if care.tight else times) if often is Frequency.TOTAL else 24
    return Allocation(
        number=str(care.number),
        bsn=care.bsn,
        subcontractor=care.sender,
        category=category,
        product_code=product,
        start=_DAYS.start,
        end=_DAYS.last,
        volume=size,
        unit=Unit(unit),
        frequency=often,
        budget=budget if care.number % 11 == 0 else None,
        area=AREAS[care.number % len(AREAS)],
    )


def _size(care: Care) -> int:
    return care.volume * 1000 if PRODUCTS[care.product][2] == "83" else care.volume


def write_year(folder: Path, lines: int) -> int:
    """Write the messages of the year, one for each subcontractor and month; returns how many lines they have."""
    by_sender: dict[str, list[Care]] = {sender: [] for sender in SENDERS}
    for care in cares(lines):
        by_sender[care.sender].append(care)
    written = 0
    for sender, own in by_sender.items():
        chance = random.Random(sender)
        again: list[Sent] = []
        for number in range(1, MONTHS + 1):
            month = Month(YEAR, number)
            sent = _month_of(own, month, chance, again)
            if sent:
                (folder / f"{sender}-{month}.xml").write_bytes(
                    message(sender, month, f"{sender[-2:]}{number:02d}", sent)
                )
                written += len(sent)
    return written


def _month_of(own: list[Care], month: Month, chance: random.Random, again: list[Sent]) -> list[Sent]:
    """The lines of one message: those of the month, one fault in thirty, and what came of the month before."""
    lines: list[Sent] = []
    before = {line.allocation for line in again}
    for line in again:  # taken back, and of half of them declared anew
        lines.append(replace(line, reference=f"C{line.reference}", previous=line.reference))
        if chance.random() < 0.5:
            lines.append(replace(line, reference=f"N{line.reference}"))
    again.clear()
    for care in own:
        if care.spared and month.number == MONTHS:
            continue
        line = right_line(care, month)
        if chance.random() < 0.035 and care.number not in before:
            line = _spoilt(line, chance.randrange(11))
        elif chance.random() < 0.01:
            again.append(line)
        elif chance.random() < 0.004 and month.number > 1 and care.number not in before:
            lines.append(replace(right_line(care, month.plus(-1)), reference=f"D{month.number}-{care.number}"))
        lines.append(line)
    lines.sort(key=lambda line: line.care.number)
    return lines


def right_line(care: Care, month: Month, reference: str = "") -> Sent:
    """A line that breaks no rule."""
    category, product, unit, cents = PRODUCTS[care.product]
    volume = _size(care)
    amount = volume if unit == "83" else volume * cents
    return Sent(
        care,
        reference or f"{month.number:02d}-{care.number}",
        month,
        care.number,
        category,
        product,
        month.first,
        month.last,
        volume,
        unit,
        cents or None,
        amount,
    )


def _spoilt(line: Sent, how: int) -> Sent:
    """The same line with one fault."""
    tariff = line.tariff
    changes: dict[int, dict[str, object]] = {
        0: {"allocation": 900_000_000 + line.allocation},
        1: {"category": "05"},
        2: {"product": "02A99"},
        3: {"unit": "16"} if tariff else {},
        4: {"amount": line.amount + 1} if tariff else {},
        5: {"tariff": tariff + 1, "amount": line.volume * (tariff + 1)} if tariff else {},
        6: {"end": line.end.replace(day=15)},
        7: {"begin": line.begin.replace(day=9)},
        8: {"volume": line.volume * 30, "amount": line.amount * 30} if tariff else {},
        9: {"reference": f"01-{line.allocation}"} if line.month.number > 1 else {},
        10: {"allocation": line.allocation + 1, "begin": line.begin.replace(day=2)},
    }
    return replace(line, **changes[how])  # type: ignore[arg-type]


def message(sender: str, month: Month, identification: str, lines: list[Sent]) -> bytes:
    """A WMO323 dated the sixth of the next month."""
    dated = month.plus(1).first.replace(day=6)
    total = sum(-line.amount if line.previous else line.amount for line in lines)
    body: list[str] = []
    bsn = ""
    for line in lines:
        if line.care.bsn != bsn:
            body.append(_CLOSE if bsn else "")
            body.append(_OPEN.format(bsn=line.care.bsn))
            bsn = line.care.bsn
        body.append(_line(line))
    head = _HEAD.format(
        own=_OWN,
        shared=_SHARED,
        sender=sender,
        receiver=MUNICIPALITY,
        number=identification,
        dated=dated,
        first=month.first,
        last=month.last,
        total=abs(total),
        side="C" if total < 0 else "D",
    )
    return "".join((head, *body, _CLOSE, _TAIL)).encode()


def _line(line: Sent) -> str:
    previous = f"\n\t\t\t\t\t\t\t<iwmo:VorigReferentieNummer>{line.previous}</iwmo:VorigReferentieNummer>"
    tariff = f"\n\t\t\t\t\t\t<wmo323:ProductTarief>{line.tariff}</wmo323:ProductTarief>"
    return _LINE.format(
        line=line,
        previous=previous if line.previous else "",
        tariff="" if line.tariff is None else tariff,
        side="C" if line.previous else "D",
    )


_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<wmo323:Bericht xmlns:iwmo="{shared}" xmlns:wmo323="{own}">
	<wmo323:Header>
		<wmo323:BerichtCode>484</wmo323:BerichtCode>
		<wmo323:BerichtVersie>3</wmo323:BerichtVersie>
		<wmo323:BerichtSubversie>2</wmo323:BerichtSubversie>
		<wmo323:Afzender>{sender}</wmo323:Afzender>
		<wmo323:Ontvanger>{receiver}</wmo323:Ontvanger>
		<wmo323:BerichtIdentificatie>
			<iwmo:Identificatie>B{number}</iwmo:Identificatie>
			<iwmo:Dagtekening>{dated}</iwmo:Dagtekening>
		</wmo323:BerichtIdentificatie>
		<wmo323:XsdVersie>
			<iwmo:BasisschemaXsdVersie>1.0.0</iwmo:BasisschemaXsdVersie>
			<iwmo:BerichtXsdVersie>1.0.0</iwmo:BerichtXsdVersie>
		</wmo323:XsdVersie>
	</wmo323:Header>
	<wmo323:Declaratie>
		<wmo323:DeclaratieNummer>D{number}</wmo323:DeclaratieNummer>
		<wmo323:DeclaratiePeriode>
			<iwmo:Begindatum>{first}</iwmo:Begindatum>
			<iwmo:Einddatum>{last}</iwmo:Einddatum>
		</wmo323:DeclaratiePeriode>
		<wmo323:DeclaratieDagtekening>{dated}</wmo323:DeclaratieDagtekening>
		<wmo323:TotaalIngediendBedrag>
			<iwmo:TotaalBedrag>{total}</iwmo:TotaalBedrag>
			<iwmo:DebetCredit>{side}</iwmo:DebetCredit>
		</wmo323:TotaalIngediendBedrag>
		<wmo323:Clienten>
"""
_OPEN = """			<wmo323:Client>
				<wmo323:Bsn>{bsn}</wmo323:Bsn>
				<wmo323:Prestaties>
"""
_LINE = """					<wmo323:Prestatie>
						<wmo323:ProductReferentie>
							<iwmo:ReferentieNummer>{line.reference}</iwmo:ReferentieNummer>{previous}
						</wmo323:ProductReferentie>
						<wmo323:ToewijzingNummer>{line.allocation}</wmo323:ToewijzingNummer>
						<wmo323:ProductCategorie>{line.category}</wmo323:ProductCategorie>
						<wmo323:ProductCode>{line.product}</wmo323:ProductCode>
						<wmo323:ProductPeriode>
							<iwmo:Begindatum>{line.begin}</iwmo:Begindatum>
							<iwmo:Einddatum>{line.end}</iwmo:Einddatum>
						</wmo323:ProductPeriode>
						<wmo323:GeleverdVolume>{line.volume}</wmo323:GeleverdVolume>
						<wmo323:Eenheid>{line.unit}</wmo323:Eenheid>{tariff}
						<wmo323:IngediendBedrag>
							<iwmo:Bedrag>{line.amount}</iwmo:Bedrag>
							<iwmo:DebetCredit>{side}</iwmo:DebetCredit>
						</wmo323:IngediendBedrag>
					</wmo323:Prestatie>
"""
_CLOSE = """				</wmo323:Prestaties>
			</wmo323:Client>
"""
_TAIL = """		</wmo323:Clienten>
	</wmo323:Declaratie>
</wmo323:Bericht>
"""
