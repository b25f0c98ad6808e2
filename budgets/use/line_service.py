"""The use of the budget line by line as of a day: every amount is a balance of the books, or adds up to one.

What a trajectory costs follows from reports on starts and stops; of those that came after the day nothing was known,
so that its cost is reckoned from what was. Client groups stand in the allocations of lines; what the lines of a
balance do not explain stands under no group, so that groups add up to the books as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from budgets.plan.service import Budget, budget_of
from budgets.use import group_store, line_store
from budgets.use.cells import LINE_FORMS, Cover
from budgets.use.line_model import By, Figures, Part, UseReport
from budgets.use.line_store import OpenAllocation
from budgets.use.lines import attributed, open_amount, rows_of, total_of
from budgets.use.standing import FORM_ACCOUNTS
from budgets.use.store import covers
from budgets.year_folder.stored import agreements_of
from budgets.year_folder.table_checks import reaches
from lead_contractor.books import accounts
from lead_contractor.contract.model import Contract, PriorYear
from lead_contractor.kernel.money import ZERO, Cents
from lead_contractor.kernel.periods import MONTHS_IN_YEAR, Month
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.model import Agreement, Evidence, FormCode, MonthDue
from subcontractors.agreements.postings import DUE_PREFIX
from subcontractors.agreements.service import dues, evidence
from subcontractors.agreements.trajectory import TrajectoryTerms, trajectories_due

APPROVED = (accounts.APPROVED, accounts.APPROVED_PRIOR_YEAR, accounts.APPROVED_AFTER_CUT_OFF)
_MEASURE = {
    accounts.DECLARED: "declared",
    accounts.ASSESSMENT: "assessing",
    accounts.REJECTED: "rejected",
    **dict.fromkeys(APPROVED, "approved"),
    **dict.fromkeys((*FORM_ACCOUNTS, accounts.COST_PRIOR_YEAR), "used"),
}
_About = tuple[str, str, str, str, str]
"""Product, subcontractor, agreement, area and service month."""


@dataclass(frozen=True, slots=True)
class Year:
    """A contract year as it is looked at on a day; ``grouped`` where client groups are wanted."""

    scope: Scope
    contract_id: int
    contract: Contract
    covers: Mapping[str, Cover]
    day: date
    grouped: bool

    @property
    def cost(self) -> tuple[str, ...]:
        """The accounts of what is used of the budget."""
        eligible = self.contract.settlement.prior_year is PriorYear.ELIGIBLE
        return (*FORM_ACCOUNTS, accounts.COST_PRIOR_YEAR) if eligible else FORM_ACCOUNTS

    def part(self, about: _About, figures: Figures, group: str = "") -> Part:
        """A part about these dimensions."""
        product, subcontractor, agreement, area, month = about
        cover = self.covers.get(agreement)
        return Part(
            subcontractor=subcontractor,
            product_code=product if cover is None else cover.row_of(product),
            form="" if cover is None else cover.form.value,
            area=area,
            client_group=group,
            month=Month.parse(month) if month else None,
            figures=figures,
        )


def use_on(scope: Scope, contract_id: int, day: date, by: By = By.LINE, *, version: int | None = None) -> UseReport:
    """The use of a contract year as of a day.

    Args:
        scope: the lead contractor.
        contract_id: its contract year.
        day: what was known at the end of this day.
        by: by what it is added up.
        version: the version of the budget to hold it against; without it the one that held on the day.

    Raises:
        NotFound: this lead contractor has no such contract, or its budget no such version.
    """
    budget = budget_of(scope, contract_id)
    number = budget.on(day).number if version is None else version
    plan = budget.plan(number)
    year = year_of(scope, budget, day, grouped=by is By.CLIENT_GROUP)
    rows = rows_of(by, parts_on(year), plan, year.covers, budget.contract.budget.areas)
    return UseReport(contract_id, budget.contract.id, day, by, number, rows, total_of(rows, plan))


def year_of(scope: Scope, budget: Budget, day: date, *, grouped: bool = False) -> Year:
    """A contract year as it is looked at on a day."""
    known = {
        code: Cover(subcontractor, FormCode(form), products)
        for code, (subcontractor, form, products) in covers(scope, budget.contract_id).items()
    }
    return Year(scope, budget.contract_id, budget.contract, known, day, grouped)


def parts_on(year: Year) -> list[Part]:
    """The smallest parts of the use on a day."""
    walked = _Trajectories(year)
    booked = _figures(year, walked)
    parts = _by_group(year, booked, walked) if year.grouped else [year.part(a, f) for a, f in booked.items()]
    return [*parts, *_paid(year), *_committed(year, walked)]


def _figures(year: Year, walked: _Trajectories) -> dict[_About, Figures]:
    """What stood in the books, by what it is about."""
    wanted = (accounts.DECLARED, accounts.ASSESSMENT, accounts.REJECTED, *APPROVED, *year.cost)
    sums: dict[_About, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for (account, *names), cents in line_store.booked_on(year.scope, year.contract_id, wanted, year.day).items():
        product, subcontractor, agreement, area, month = names
        sums[product, subcontractor, agreement, area, month][_MEASURE[account]] += cents
    for about, cents in walked.unknown().items():
        sums[about]["used"] -= cents
    return {
        about: Figures(**{name: Cents(cents) for name, cents in measures.items()})
        for about, measures in sums.items()
        if any(measures.values())
    }


class _Trajectories:
    """What trajectories make due, from the reports known on the day: by the end of its month, and after it."""

    def __init__(self, year: Year) -> None:
        self._year = year
        every = agreements_of(year.scope, year.contract_id, year.contract)
        self._walking = [one for one in every if one.form is FormCode.TRAJECTORY]
        self._known = self._evidence(year.day)
        self.known = self._due(self._known)

    def _evidence(self, until: date | None) -> list[Evidence]:
        if not self._walking:
            return []
        year = self._year
        return evidence(year.scope, year.contract_id, year.contract, self._walking, until)

    def _due(self, gathered: Sequence[Evidence]) -> list[tuple[Agreement, MonthDue]]:
        month = Month.of(self._year.day)
        return [
            (agreement, one)
            for agreement, due in dues(self._walking, gathered)[0]
            for one in due.months
            if one.month <= month
        ]

    def unknown(self) -> dict[_About, int]:
        """What the books hold more than was known on the day, by what it is about."""
        year = self._year
        if not self._walking or not line_store.came_later(year.scope, year.contract_id, year.day):
            return {}
        found: dict[_About, int] = defaultdict(int)
        for made, sign in ((self._due(self._evidence(None)), 1), (self.known, -1)):
            for agreement, one in made:
                found[_about_due(agreement, one)] += sign * int(one.amount)
        return {about: cents for about, cents in found.items() if cents}

    def to_come(self) -> dict[str, tuple[Cents, Cents]]:
        """What each allocation with a trajectory still makes due: in the contract year and after it, by number."""
        month, year_end = Month.of(self._year.day), self._year.contract.last_day
        found: dict[str, tuple[Cents, Cents]] = {}
        for agreement, gathered in zip(self._walking, self._known, strict=True):
            for due in trajectories_due(cast("TrajectoryTerms", agreement.terms), gathered.trajectories):
                now, later = found.get(due.trajectory.allocation, (ZERO, ZERO))
                for day, cents in ((due.trajectory.started, due.at_start), (due.trajectory.ended, due.at_end)):
                    if Month.of(day) > month:
                        now, later = (now + cents, later) if day <= year_end else (now, later + cents)
                found[due.trajectory.allocation] = now, later
        return found


def _about_due(agreement: Agreement, one: MonthDue) -> _About:
    return one.product_code, agreement.subcontractor, agreement.id, one.area, str(one.month)


def _by_group(year: Year, booked: Mapping[_About, Figures], walked: _Trajectories) -> list[Part]:
    """The same amounts by client group; what lines and trajectories do not explain is under no group."""
    sums: dict[tuple[_About, str], Figures] = defaultdict(Figures)
    first, last = str(Month(year.contract.year, 1)), str(Month(year.contract.year, MONTHS_IN_YEAR))
    earliest = first if accounts.COST_PRIOR_YEAR not in year.cost else ""
    for line in group_store.lines_by_group(year.scope, year.contract_id, year.day):
        about = (line.product_code, line.subcontractor, line.agreement, line.area, line.service_month)
        used = line.cents if line.good and line.costs and earliest <= line.service_month <= last else ZERO
        good, bad = (line.cents, ZERO) if line.good else (ZERO, line.cents)
        made = Figures(declared=line.cents, approved=good, rejected=bad, used=used)
        sums[about, line.client_group] += made
    groups = line_store.groups_of(year.scope, year.contract_id)
    for agreement, one in walked.known:
        sums[_about_due(agreement, one), groups.get(one.source, "")] += Figures(used=one.amount)
    explained: dict[_About, Figures] = defaultdict(Figures)
    for (about, _), figures in sums.items():
        explained[about] += figures
    for about in {*booked, *explained}:
        rest = _minus(booked.get(about, Figures()), explained[about])
        if rest != Figures():
            sums[about, ""] += rest
    return [year.part(about, figures, group) for (about, group), figures in sums.items()]


def _minus(one: Figures, other: Figures) -> Figures:
    return Figures(
        declared=one.declared - other.declared,
        approved=one.approved - other.approved,
        rejected=one.rejected - other.rejected,
        assessing=one.assessing - other.assessing,
        used=one.used - other.used,
    )


def _paid(year: Year) -> Iterable[Part]:
    """What was paid, by what made it payable."""
    scope, contract_id, day = year.scope, year.contract_id, year.day
    paid = line_store.paid_on(scope, contract_id, day)
    if not paid:
        return
    shares = line_store.payable_shares(scope, contract_id, day)
    grouped = group_store.shares_by_group(scope, contract_id, day) if year.grouped else {}
    groups = line_store.groups_of(scope, contract_id) if year.grouped else {}
    for one in paid:
        key = one.source, one.agreement, one.service_month
        parts = attributed(one.cents, grouped[key]) if key in grouped else {}
        if not parts:
            group = groups.get(one.source.rpartition(":")[2], "") if one.source.startswith(DUE_PREFIX) else ""
            parts = {(*about, group): cents for about, cents in attributed(one.cents, shares.get(key, {})).items()}
        for (product, area, group), cents in (parts or {("", "", ""): one.cents}).items():
            about = (product, one.subcontractor, one.agreement, area, one.service_month)
            yield year.part(about, Figures(paid=cents), group)


def committed_by(year: Year, numbers: Collection[str]) -> list[Part]:
    """What some allocations still commit."""
    return list(_committed(year, _Trajectories(year), numbers))


def _committed(year: Year, walked: _Trajectories, only: Collection[str] | None = None) -> Iterable[Part]:
    """What open allocations still commit; without an end they run to the end of the contract year."""
    to_come = walked.to_come()
    first, last = year.contract.first_day.toordinal(), year.contract.last_day.toordinal()
    for one in line_store.open_allocations(year.scope, year.contract_id, year.day):
        agreement = _agreement_of(year, one)
        if agreement is None or (only is not None and one.number not in only):
            continue
        about = (one.product_code, one.subcontractor, agreement, one.area, "")
        group = one.client_group if year.grouped else ""
        if one.committed is None:
            yield year.part(about, Figures(undeterminable=1), group)
            continue
        now, later = to_come.get(one.number) or open_amount(
            one.committed, one.approved, (one.start_day, one.end_day), year.day.toordinal(), (first, last)
        )
        if now or later:
            yield year.part(about, Figures(committed=now, later=later), group)


def _agreement_of(year: Year, one: OpenAllocation) -> str | None:
    """The agreement under which an allocation commits something; ``None`` where it commits nothing.

    Where none covered its first day, it is one that covers its product: it fixes no amount, but does commit.
    """
    if one.agreement:
        return one.agreement
    product = one.product_code or one.category
    own = [(code, cover) for code, cover in sorted(year.covers.items()) if cover.subcontractor == one.subcontractor]
    covering = (code for code, cover in own if cover.form in LINE_FORMS and cover.covers(product))
    without_product = (
        code
        for code, cover in own
        if not one.product_code and cover.form is FormCode.PXQ and reaches(cover.products, one.category)
    )
    return next(covering, None) or next(without_product, None)
