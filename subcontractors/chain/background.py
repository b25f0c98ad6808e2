"""What the messages of one intake are held against: loaded once, for the clients in it, and kept up while judging."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date

from lead_contractor.clients.store import ClientIndex
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from subcontractors.chain import rules_reports
from subcontractors.chain.model import Held, Report, Standing
from subcontractors.chain.products import ProductList
from subcontractors.chain.rules_reports import ReportFacts
from subcontractors.chain.store import (
    Pair,
    accepted_reports,
    held_by,
    pending_requests,
    products_of,
    used_references,
)
from subcontractors.chain.terms import ChainTerms
from subcontractors.declarations.model import Status
from subcontractors.declarations.store import Head
from subcontractors.declarations.tables import message

REPORTS = ("305", "307")
REQUESTS = ("315", "317")
OUR_RETURNS = ("302", "320")


class Background:
    """One intake: terms and keys, and what stands for the clients in it."""

    def __init__(
        self, scope: Scope, vault: Vault, terms: ChainTerms, clients: ClientIndex, today: date, first_message: int
    ) -> None:
        self.scope, self.vault, self.terms, self.clients, self.today = scope, vault, terms, clients, today
        self.first_message = first_message
        self.dialect = terms.dialect
        self.products = ProductList()
        self.held: dict[Pair, dict[str, Held]] = {}
        self.standing: dict[Pair, tuple[Standing, ...]] = {}
        self.references: dict[str, set[str]] = defaultdict(set)
        self.pending: set[Pair] = set()
        self.periods: dict[str, Month] = {}

    def prepare(self, heads: Sequence[Head]) -> None:
        """Load what the messages are held against; nothing is asked that none of them needs."""
        contract_id = self.terms.contract_id
        kinds = {head.came.kind for head in heads}
        concerned = {self.client_of(head) for head in heads if head.came.kind in (*REPORTS, *REQUESTS)} - {0}
        if concerned:
            self.products = products_of(self.scope, contract_id)
            self.held = held_by(self.scope, contract_id, concerned)
            self._stand(concerned)
        if kinds & {*REQUESTS}:
            within = contract_id if self.dialect.references_per_contract else None
            self.references.update(used_references(self.scope, within))
            self.pending = pending_requests(self.scope, contract_id)
        if "323" in kinds:
            self.periods = self._last_periods({head.came.sender or "" for head in heads})

    def client_of(self, head: Head) -> int:
        """The client that a start, stop or request is about; 0 where there is none."""
        came = head.came
        if came.starts or came.stops:
            return self.clients.id_of((came.starts or came.stops)[0].bsn)
        root = came.document.root if came.document is not None else None
        bsn = root.get("Client/Bsn") if root is not None else ""
        return self.clients.id_of(bsn) if bsn else 0

    def pair_of(self, head: Head) -> Pair:
        """Sender and client of a start, stop or request."""
        return (head.came.sender or "", self.client_of(head))

    def _stand(self, clients: Iterable[int]) -> None:
        for pair, stored in accepted_reports(self.scope, self.terms.contract_id, clients).items():
            self.standing[pair] = self._replayed(pair, stored)

    def bring_in(self, clients: Collection[int]) -> None:
        """Load allocations, starts and stops of more clients."""
        self.held.update(held_by(self.scope, self.terms.contract_id, clients))
        self._stand(clients)

    def know_products(self) -> None:
        """Load what codes and agreements say of themselves, where nothing of it was loaded yet."""
        if not self.products.covers:
            self.products = products_of(self.scope, self.terms.contract_id, with_allocations=False)

    def _replayed(self, pair: Pair, stored: Iterable[tuple[Report, str]]) -> tuple[Standing, ...]:
        """What stands after reports that were accepted one after another."""
        standing: tuple[Standing, ...] = ()
        for report, number in stored:
            facts = self.facts(pair, report, standing, self.held.get(pair, {}).get(number))
            standing = rules_reports.standing_after(facts)
        return standing

    def _last_periods(self, senders: Collection[str]) -> dict[str, Month]:
        rows = self.scope.rows(
            self.scope.select(message.c.sender, message.c.period)
            .where(
                message.c.contract_id == self.terms.contract_id,
                message.c.sender.in_(senders),
                message.c.kind == "323",
                message.c.status == Status.ANSWERED.value,
                message.c.assessed,
            )
            .distinct()
        )
        found: dict[str, Month] = {}
        for row in rows:
            if row.period:
                month = Month.parse(row.period)
                found[row.sender] = max(month, found.get(row.sender, month))
        return found

    def facts(self, pair: Pair, report: Report, standing: tuple[Standing, ...], held: Held | None) -> ReportFacts:
        """A start or stop with what it is held against."""
        product = report.product if report.product.category or held is None else held.product
        return ReportFacts(
            report=report,
            standing=standing,
            held=held,
            way=self.products.way(pair[0], product, report.begin),
            product_fits=self.products.fits(report.product),
            dialect=self.dialect,
        )
