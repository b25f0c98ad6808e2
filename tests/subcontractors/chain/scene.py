"""Building blocks for tests of the chain: a contract, and messages as a subcontractor would send them.

Thuis Verder works at a tariff (02A03) and in trajectories (02A17); Wijkteam Noord is paid by FTE (category 08). Tim and
Anna are clients; nobody allocated anything to the stranger.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from lead_contractor.allocation.model import Allocation, Frequency, Unit
from lead_contractor.clients.store import ClientIndex
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Period
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.model import Agreement, FormCode, Tariff
from subcontractors.chain.outbox import return_messages
from subcontractors.chain.tables import judged_report
from subcontractors.declarations.intake import take_in
from subcontractors.declarations.store import Head
from subcontractors.iwmo.document import TOP, Document, Record, read_document, write_document
from subcontractors.iwmo.messages import MESSAGES
from subcontractors.iwmo.returns import Returned, read_return
from tests.subcontractors.declarations.books import Books
from tests.subcontractors.declarations.oracle import World

THUIS_VERDER, WIJKTEAM = "65656055", "41410002"
TIM, ANNA, STRANGER = "999900006", "999900018", "999900043"
MUNICIPALITY = "1911"
YEAR = Period.inclusive(date(2025, 1, 1), date(2025, 12, 31))
AT = datetime(2025, 6, 2, 9, 30, tzinfo=UTC)

AGREEMENTS = (
    Agreement("PXQ-1", THUIS_VERDER, FormCode.PXQ, YEAR, ("02A03", "02A05", "02", "01"), None),
    Agreement("TR-1", THUIS_VERDER, FormCode.TRAJECTORY, YEAR, ("02A17",), None),
    Agreement("FTE-1", WIJKTEAM, FormCode.FTE, YEAR, ("08",), None),
)
TARIFFS = (
    Tariff(THUIS_VERDER, "02A03", "04", Cents(5580), date(2025, 1, 1)),
    Tariff(THUIS_VERDER, "02A05", "04", Cents(8735), date(2025, 1, 1)),
)


def allocated(number: str, **changes: Any) -> Allocation:
    """40 hours of 02A03 a month to Tim, all of 2025."""
    basis = Allocation(
        number=number,
        bsn=TIM,
        subcontractor=THUIS_VERDER,
        category="02",
        product_code="02A03",
        start=YEAR.start,
        end=YEAR.last,
        volume=40,
        unit=Unit.HOUR,
        frequency=Frequency.MONTH,
    )
    return replace(basis, **changes)


def header(kind: str, identification: str, dated: date | str, **changes: str) -> dict[str, str]:
    own = {"sender": THUIS_VERDER, "receiver": MUNICIPALITY, **changes}
    return {
        "Header/BerichtCode": MESSAGES[kind].code,
        "Header/BerichtVersie": "3",
        "Header/BerichtSubversie": "2",
        "Header/Afzender": own["sender"],
        "Header/Ontvanger": own["receiver"],
        "Header/BerichtIdentificatie/Identificatie": identification,
        "Header/BerichtIdentificatie/Dagtekening": str(dated),
        "Header/XsdVersie/BasisschemaXsdVersie": "1.0.0",
        "Header/XsdVersie/BerichtXsdVersie": "1.0.0",
    }


def person(bsn: str = TIM) -> dict[str, str]:
    return {
        "Client/Bsn": bsn,
        "Client/Geboortedatum/Datum": "1967-08-13",
        "Client/Geslacht": "1",
        "Client/Naam/Geslachtsnaam/Achternaam": "Wit",
    }


def given(**values: str) -> dict[str, str]:
    """Values by path, where ``__`` stands for ``/``; what is empty is left out."""
    return {key.replace("__", "/"): str(value) for key, value in values.items() if value}


def message(kind: str, values: dict[str, str], *records: Record) -> bytes:
    return write_document(MESSAGES[kind], Record(TOP, values, records))


def start(begin: str, number: str = "1001", product: str = "02/02A03", status: str = "1") -> Record:
    return Record(
        "StartProduct", given(ToewijzingNummer=number, **_product(product), Begindatum=begin, StatusAanlevering=status)
    )


def stop(
    begin: str, end: str, reason: str = "19", number: str = "1001", product: str = "02/02A03", status: str = "1"
) -> Record:
    return Record(
        "StopProduct",
        given(
            ToewijzingNummer=number,
            **_product(product),
            Begindatum=begin,
            RedenBeeindiging=reason,
            Einddatum=end,
            StatusAanlevering=status,
        ),
    )


def _product(text: str) -> dict[str, str]:
    category, _, code = text.partition("/")
    return {"Product__Categorie": category, "Product__Code": code}


def size(volume: int | str = 40, unit: str = "04", frequency: str = "4") -> dict[str, str]:
    return {"Omvang__Volume": str(volume), "Omvang__Eenheid": unit, "Omvang__Frequentie": frequency}


def asked(
    reference: str, product: str = "02/02A05", begin: str = "2025-07-01", end: str = "2025-12-31", **more: str
) -> Record:
    values = {**_product(product), **(size() if product.partition("/")[2] else {}), **more}
    return Record(
        "AangevraagdProduct",
        given(
            ReferentieAanbieder=reference,
            ToewijzingIngangsdatum=begin,
            ToewijzingEinddatum=end,
            Verwijzer__Type="06",
            **values,
        ),
    )


def unchanged(number: str) -> Record:
    return Record("OngewijzigdProduct", {"ToewijzingNummer": number})


def changed(number: str, begin: str, end: str = "", extent: dict[str, str] | None = None, budget: str = "") -> Record:
    return Record(
        "TeWijzigenProduct",
        given(
            ToewijzingNummer=number,
            GewensteIngangsdatum=begin,
            Einddatum=end,
            Budget=budget,
            **(size() if extent is None else extent),
        ),
    )


def new(product: str, begin: str, end: str = "2025-12-31", extent: dict[str, str] | None = None) -> Record:
    return Record(
        "NieuwProduct",
        given(**_product(product), GewensteIngangsdatum=begin, Einddatum=end, **(size() if extent is None else extent)),
    )


class Chain(Books):
    """A contract with the allocations of one test, in a mode; messages go in, returns come out."""

    def __init__(
        self, scope: Scope, *allocations: Allocation, mode: str = "dialect", messages: str = "", contract_id: int = 1
    ) -> None:
        self._terms = f'[messages]\nmode = "{mode}"\n{messages}\n'
        world = World(allocations, AGREEMENTS, TARIFFS, date(2026, 3, 31), date(2026, 5, 31))
        super().__init__(scope, world, contract_id)
        scope.connection.exec_driver_sql(
            f"UPDATE contract SET terms = '{self._terms}' WHERE lead_contractor_id = {scope.lead_contractor_id} "
            f"AND id = {contract_id}"
        )
        self._count = 0

    def client(self, bsn: str) -> int:
        return ClientIndex(self.scope, self.vault).id_of(bsn)

    def name(self) -> str:
        self._count += 1
        return f"M{self._count:05d}"

    def take(self, *contents: bytes, at: datetime = AT, received: date | None = None) -> list[Head]:
        files: Iterable[tuple[str, bytes]] = [(f"{n}.xml", content) for n, content in enumerate(contents)]
        return list(take_in(self.scope, self.vault, self.intake, files, at, received=received).heads)

    def starts(self, *records: Record, dated: str = "2025-03-01", bsn: str = TIM, **head: str) -> bytes:
        return message("305", header("305", head.pop("name", "") or self.name(), dated, **head) | person(bsn), *records)

    def stops(self, *records: Record, dated: str = "2025-03-02", bsn: str = TIM, **head: str) -> bytes:
        return message("307", header("307", head.pop("name", "") or self.name(), dated, **head) | person(bsn), *records)

    def request(self, *records: Record, dated: str = "2025-06-01", bsn: str = TIM, **head: str) -> bytes:
        return message("315", header("315", head.pop("name", "") or self.name(), dated, **head) | person(bsn), *records)

    def wish(self, reference: str, *records: Record, dated: str = "2025-06-01", bsn: str = TIM, **head: str) -> bytes:
        values = header("317", head.pop("name", "") or self.name(), dated, **head)
        values |= {
            "Client/Bsn": bsn,
            "Client/Verzoek/ReferentieAanbieder": reference,
            "Client/Verzoek/RedenVerzoek": "1",
        }
        return message("317", values, *records)

    def said(self, head: Head) -> Returned:
        """What our return message on a message says, read back from its XML."""
        ((_, content),) = return_messages(self.scope, self.vault, self.contract_id, date(2025, 6, 3), only=[head.id])
        document: Document = read_document(content)
        assert not document.faults, document.faults
        return read_return(document)

    def codes(self, *contents: bytes, at: datetime = AT) -> list[dict[str, tuple[str, ...]]]:
        """The codes of each message's return by class, without those that say nothing; in the order given."""
        names = {f"{n}.xml": n for n in range(len(contents))}
        heads = sorted(self.take(*contents, at=at), key=lambda head: names[head.name])
        return [self.told(self.said(head)) for head in heads]

    def one(self, content: bytes, at: datetime = AT) -> dict[str, tuple[str, ...]]:
        (only,) = self.codes(content, at=at)
        return only

    @staticmethod
    def told(returned: Returned) -> dict[str, tuple[str, ...]]:
        every = {"Header": returned.header, **returned.classes}
        return {place: codes for place, codes in every.items() if set(codes) - {"0200", "0233"}}

    def verdicts(self) -> list[tuple[str, bool, tuple[str, ...], tuple[str, ...]]]:
        """Every stored start and stop: kind, accepted, codes, remarks."""
        rows = self.scope.rows(
            self.scope.select(judged_report)
            .where(judged_report.c.contract_id == self.contract_id)
            .order_by(judged_report.c.id)
        )
        return [(row.kind, row.accepted, tuple(row.codes), tuple(row.remarks)) for row in rows]
