"""Everything that the Overzicht draws, gathered for one contract of one lead contractor as of a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from budgets.settlement.books import check_contract
from budgets.settlement.layout import to_json
from budgets.settlement.service import settle_contract
from budgets.settlement.statement import statement_pdf
from budgets.settlement.store import StoredSettlement, last_check, latest
from budgets.signals.service import waiting
from budgets.use.model import Standing, YearPosition
from budgets.use.service import year_position
from budgets.use.standing import REVENUE_ACCOUNTS, cost_accounts
from budgets.year_folder.stored import agreements_of, contract_of
from dash_app.overview import desk, watch
from dash_app.overview.ledger import balances
from dash_app.overview.model import (
    Books,
    Cause,
    CeilingUse,
    Ending,
    MessageRow,
    MonthRow,
    Point,
    Question,
    Undeclared,
)
from lead_contractor.books import accounts
from lead_contractor.contract import store as contracts
from lead_contractor.contract.model import Contract
from lead_contractor.contract.store import StoredContract
from lead_contractor.kernel.money import ZERO, Cents, total
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.refusals import BooksDiffer, Conflict, NotFound
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.parties.store import subcontractors
from subcontractors.agreements.model import Agreement
from subcontractors.agreements.service import production
from subcontractors.agreements.store import committed, realised_of
from subcontractors.declarations.model import Status
from subcontractors.declarations.tables import message

INSTALMENTS = (accounts.REVENUE_LUMP_SUM, accounts.REVENUE_INDEXATION, accounts.REVENUE_DEDUCTIONS)
"""What the municipality pays month by month."""


@dataclass(frozen=True, slots=True)
class Overview:
    """What the first screen says about a contract year; ``day`` is the day as of which it looks."""

    contract: StoredContract
    day: date
    until: str
    position: YearPosition
    months: tuple[MonthRow, ...]
    causes: Sequence[Cause]
    messages: Sequence[MessageRow]
    ceilings: Sequence[CeilingUse]
    endings: Sequence[Ending]
    undeclared: Sequence[Undeclared]
    month: Month | None
    points: Sequence[Point]
    cost: tuple[str, ...]
    books: Books
    names: Mapping[str, str]
    committed: Cents
    committed_by: int
    not_determinable: int
    signals: int

    revenue_accounts: tuple[str, ...] = REVENUE_ACCOUNTS
    instalment_accounts: tuple[str, ...] = INSTALMENTS

    @property
    def margin(self) -> Decimal:
        """The margin where the year stands, in percents."""
        return Decimal(self.position.standing.margin_percent)

    @property
    def cap_decimals(self) -> int:
        """How many decimals the cap's percentage has."""
        margin = self.position.terms.margin
        exponent = margin.cap_percent.normalize().as_tuple().exponent if margin else 0
        return max(0, -int(exponent))

    @property
    def volume_note(self) -> bool:
        """Whether a volume adjustment makes the last month look unlike the others."""
        return self.position.recorded and bool(self.position.now.revenue.volume_adjustment)

    @property
    def refused_lines(self) -> int:
        """How many lines were refused."""
        return sum(cause.lines for cause in self.causes)

    @property
    def refused_cents(self) -> Cents:
        """Refused lines together, debits less credits."""
        return total(cause.cents for cause in self.causes)


def choose(scope: Scope, contract_id: int | None) -> tuple[StoredContract, list[StoredContract]] | None:
    """The contract that was asked for, else the newest, with all there are; ``None`` while there is none.

    Raises:
        NotFound: this lead contractor has no contract with that id.
    """
    known = contracts.contracts(scope)
    if contract_id is None:
        return (known[0], known) if known else None
    chosen = next((one for one in known if one.id == contract_id), None)
    if chosen is None:
        raise NotFound("Dit contract bestaat niet.")
    return chosen, known


def overview(scope: Scope, stored: StoredContract, today: date) -> Overview:
    """Gather the Overzicht. A year that is over is shown at its end, with all that was recorded since."""
    contract = contract_of(stored)
    agreements = agreements_of(scope, stored.id, contract)
    position = year_position(scope, stored.id, Month.of(today) if today <= contract.last_day else None)
    until = str(position.until or "")
    declared = _declared(scope, stored.id, today)
    month = latest_month(contract, today)
    day = min(today, contract.last_day)
    memorandum = committed(scope, stored.id)
    return Overview(
        contract=stored,
        day=day,
        until=until,
        position=position,
        months=month_rows(position),
        causes=desk.causes(scope, stored.id),
        messages=desk.not_processed(scope, stored.id),
        ceilings=watch.ceilings(agreements, production(scope, stored.id, contract, agreements, today)),
        endings=watch.endings(agreements, day),
        undeclared=watch.undeclared(agreements, contract.months, declared, today),
        month=month,
        points=_points(scope, stored.id, agreements, declared, month, today, until),
        cost=cost_accounts(contract.settlement),
        books=books(scope, stored.id, today),
        names=names(scope, stored.id),
        committed=total(one.cents for one in memorandum),
        committed_by=sum(one.allocations - one.not_determinable for one in memorandum),
        not_determinable=sum(one.not_determinable for one in memorandum),
        signals=waiting(scope, stored.id),
    )


def ceiling_of(scope: Scope, stored: StoredContract, asked: Question) -> CeilingUse | None:
    """How the cost of P×Q of an agreement uses its ceiling; ``None`` where all that is not what is asked."""
    if asked != Question(stored.id, (accounts.COST_PXQ,), agreement=asked.agreement) or not asked.agreement:
        return None
    contract = contract_of(stored)
    own = [one for one in agreements_of(scope, stored.id, contract) if one.id == asked.agreement]
    return next(iter(watch.ceiling_uses(own, production(scope, stored.id, contract, own))), None)


def names(scope: Scope, contract_id: int) -> dict[str, str]:
    """The names of the subcontractors of a contract year by AGB."""
    return {party.agb: party.name for party in subcontractors(scope, contract_id)}


def latest_month(contract: Contract, today: date) -> Month | None:
    """The newest contract month that is over, ``None`` while the first still runs."""
    ended = [month for month in contract.months if month.last < today]
    return ended[-1] if ended else None


def month_rows(position: YearPosition) -> tuple[MonthRow, ...]:
    """What each month added to revenue and cost."""
    rows: list[MonthRow] = []
    before: Standing | None = None
    for standing in position.months:
        due = standing.revenue.total - (before.revenue.total if before else ZERO)
        used = standing.cost.total - (before.cost.total if before else ZERO)
        rows.append(MonthRow(standing.month, due, used, standing.room))
        before = standing
    return tuple(rows)


def books(scope: Scope, contract_id: int, today: date) -> Books:
    """What the books say: the newest proof with its day (the night makes one), else, while there is none, a new one."""
    known = last_check(scope, contract_id)
    if known is not None:
        lines = tuple(known.report.splitlines())
        return Books(lines, "", known.day) if known.sound else Books((), known.report, known.day)
    try:
        return Books(tuple(str(one) for one in check_contract(scope, contract_id)), "", today)
    except BooksDiffer as difference:
        return Books((), str(difference), today)


def _declared(scope: Scope, contract_id: int, day: date) -> set[tuple[str, str]]:
    """Who has an answer on which month, of what came in up to a day."""
    rows = scope.rows(
        scope.select(message.c.sender, message.c.period)
        .where(
            message.c.contract_id == contract_id,
            message.c.kind.in_(desk.DECLARATIONS),
            message.c.status == Status.ANSWERED.value,
            message.c.assessed.is_(True),
            message.c.received <= day,
        )
        .group_by(message.c.sender, message.c.period)
    )
    return {(row.sender, row.period) for row in rows if row.sender and row.period}


def _points(
    scope: Scope,
    contract_id: int,
    agreements: Sequence[Agreement],
    declared: set[tuple[str, str]],
    month: Month | None,
    today: date,
    until: str,
) -> list[Point]:
    if month is None:
        return []
    due = balances(scope, Question(contract_id, INSTALMENTS, service_until=str(month)))
    received = balances(scope, Question(contract_id, (accounts.BANK,), until=until))
    owed = due[accounts.REVENUE_LUMP_SUM] + due[accounts.REVENUE_INDEXATION] - due[accounts.REVENUE_DEDUCTIONS]
    return [
        watch.declarations_point(agreements, month, declared, today),
        watch.lump_sum_point(received[accounts.BANK], owed),
        watch.realised_point(agreements, realised_of(scope, contract_id), month, today),
    ]


def every(scope: Scope) -> list[StoredContract]:
    """All contracts of the lead contractor, newest year first."""
    return contracts.contracts(scope)


def statement(scope: Scope, stored: StoredContract, at: datetime) -> tuple[bytes, StoredSettlement]:
    """The newest settlement as a document, and which it is.

    The settlement is reckoned once more, which changes nothing while the books stand as they did.

    Args:
        scope: the lead contractor, in a writing transaction.
        stored: its contract year.
        at: the moment.

    Raises:
        NotFound: the year was never settled.
        Conflict: it would come out otherwise now; nothing of that is kept.
    """
    made = latest(scope, stored.id)
    if made is None:
        raise NotFound("Over dit jaar is nog geen afrekening gemaakt.")
    settlement = settle_contract(scope, stored.id, at)
    if to_json(settlement) != made.result:
        raise Conflict("Na deze versie is nog geboekt. Maak de afrekening opnieuw en vraag dan het document.")
    content = statement_pdf(
        contract_of(stored),
        settlement,
        names(scope, stored.id),
        made_at=made.made_at,
        version=made.version,
        final=made.final,
    )
    return content, made
