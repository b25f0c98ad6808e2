"""FTE, lump sums, availability and trajectories, a month at a time; what they make due follows from their terms."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from bench.histories.setting import Floats, Setting, indexed
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import MONTHS_IN_YEAR, ONE_DAY, Month, Period
from subcontractors.agreements.availability import AvailabilityTerms, Occupancy
from subcontractors.agreements.forms import form
from subcontractors.agreements.fte import FteTerms
from subcontractors.agreements.lump_sum import LumpSumTerms
from subcontractors.agreements.model import Agreement, Evidence, FormCode, Realised, Trajectory
from subcontractors.agreements.trajectory import Milestone, MilestoneAt, StopRule, TrajectoryTerms

_BURN_IN = 15
_BEFORE_END = 30


@dataclass(frozen=True, slots=True)
class Run:
    """One trajectory as it will go: begun, planned to end, ended with a reason (``None``: as planned)."""

    kind: int
    number: int
    client: int
    started: date
    planned: date
    ended: date
    reason: str | None


@dataclass(slots=True)
class FixedState:
    """What the next month depends on; ``month`` is the one that comes next."""

    month: int
    share: Floats
    occupancy: float
    inflow: Floats
    runs: list[Run] = field(default_factory=list)
    back: list[tuple[date, int, int]] = field(default_factory=list)
    """Who will come back within the guarantee: day, kind, client."""
    realised: list[Realised] = field(default_factory=list)
    next_number: int = 1

    def another(self) -> FixedState:
        """A copy that can go another way; what was written down is shared, for it is never changed."""
        found = copy.copy(self)
        found.share, found.inflow = self.share.copy(), self.inflow.copy()
        found.runs, found.back, found.realised = list(self.runs), list(self.back), list(self.realised)
        return found


class Fixed:
    """Moves on by a month, and says what the agreements of a year make due."""

    def __init__(self, given: Setting) -> None:
        self.given, self.raw = given, given.raw

    def first(self, rng: np.random.Generator) -> FixedState:
        """The state before the first month, with trajectories that already run."""
        kinds = len(self.raw["trajectory"]["kind"])
        state = FixedState(
            0,
            np.array(self.raw["fte"]["realised"], dtype=float),
            self.raw["availability"]["occupancy"],
            np.zeros(kinds),
        )
        for before in range(-_BURN_IN, 0):
            self._trajectories(state, self.given.months[0].plus(before), rng)
        return state

    def step(self, state: FixedState, rng: np.random.Generator) -> None:
        """One month."""
        fte, availability = self.raw["fte"], self.raw["availability"]
        month = self.given.months[state.month]
        usual = np.array(fte["realised"], dtype=float)
        state.share = usual + fte["keeps"] * (state.share - usual) + rng.normal(0.0, fte["step"], len(usual))
        for number, agreed in enumerate(fte["agreed"]):
            value = Decimal(f"{float(agreed) * max(0.0, float(state.share[number])):.2f}")
            state.realised.append(Realised(f"FTE-{number + 1:02d}", month, fte=value))
        drawn = availability["occupancy"]
        state.occupancy = drawn + availability["keeps"] * (state.occupancy - drawn)
        state.occupancy += float(rng.normal(0.0, availability["step"]))
        shown = Decimal(f"{min(100.0, max(0.0, state.occupancy)):.1f}")
        state.realised.append(Realised("AV-01", month, occupancy_percent=shown))
        self._trajectories(state, month, rng)
        state.month += 1

    def turned(self, state: FixedState, last: Month, rng: np.random.Generator) -> None:
        """Draw anew how trajectories end that still run after a month."""
        state.runs = [self._run_after(one, last, rng) for one in state.runs]

    def _run_after(self, one: Run, last: Month, rng: np.random.Generator) -> Run:
        if one.ended <= last.last:
            return one
        while True:
            ended, reason = self._end(one.kind, one.started, one.planned, rng)
            if ended > last.last:
                return replace(one, ended=ended, reason=reason)

    def _trajectories(self, state: FixedState, month: Month, rng: np.random.Generator) -> None:
        wanted = self.raw["trajectory"]
        state.inflow = wanted["back"] * state.inflow + rng.normal(0.0, wanted["step"], len(state.inflow))
        season = wanted["season"][month.number - 1]
        days = (month.last - month.first).days + 1
        starts = [(day, kind, client) for day, kind, client in state.back if Month.of(day) == month]
        for kind, one in enumerate(wanted["kind"]):
            many = int(rng.poisson(one["starts"] * season * np.exp(state.inflow[kind])))
            starts += [(month.first + timedelta(days=int(day)), kind, 0) for day in rng.integers(0, days, many)]
        for day, kind, client in sorted(starts):
            planned = day + timedelta(days=wanted["kind"][kind]["days"] - 1)
            ended, reason = self._end(kind, day, planned, rng)
            number = state.next_number
            state.runs.append(Run(kind, number, client or number, day, planned, ended, reason))
            state.next_number += 1
        for run in state.runs:
            if Month.of(run.ended) == month and run.reason != "21" and rng.random() < wanted["again"]:
                later = timedelta(days=int(rng.integers(1, wanted["guarantee_days"])))
                if Month.of(run.ended + later) > month:
                    state.back.append((run.ended + later, run.kind, run.client))

    def _end(self, kind: int, start: date, planned: date, rng: np.random.Generator) -> tuple[date, str | None]:
        wanted = self.raw["trajectory"]
        days = wanted["kind"][kind]["days"]
        if rng.random() < wanted["early"]:
            reasons = list(wanted["early_reasons"])
            reason = str(rng.choice(reasons, p=list(wanted["early_reasons"].values())))
            return start + timedelta(days=int(rng.integers(5, days - 1))), reason
        if rng.random() < 0.3:
            return planned - timedelta(days=int(rng.integers(1, _BEFORE_END))), "19"
        return planned, None

    def agreements(self, year: int) -> tuple[Agreement, ...]:
        """The agreements of a year in these forms."""
        raw, index = self.raw, indexed(self.raw, year)
        validity = Period.inclusive(date(year, 1, 1), date(year, 12, 31))

        def one(form: FormCode, id_: str, number: int, products: tuple[str, ...], terms: object) -> Agreement:
            return Agreement(id_, self.given.agb(form.value, number), form, validity, products, terms)

        price = Cents(round(raw["fte"]["price"] * index))
        found = [
            one(FormCode.FTE, f"FTE-{n + 1:02d}", n, (), FteTerms(Decimal(agreed), price))
            for n, agreed in enumerate(raw["fte"]["agreed"])
        ]
        found += [
            one(FormCode.LUMP_SUM, f"LS-{n + 1:02d}", n, (), LumpSumTerms(Cents(round(amount * index))))
            for n, amount in enumerate(raw["lump_sum"]["amounts"])
        ]
        found += [
            one(FormCode.TRAJECTORY, f"TR-{n + 1:02d}", n, (kind["product"],), self._terms(kind, index))
            for n, kind in enumerate(raw["trajectory"]["kind"])
        ]
        wanted = raw["availability"]
        occupancy = Occupancy(Decimal(wanted["norm_percent"]), Decimal(wanted["malus_percent_per_point"]))
        terms = AvailabilityTerms(Cents(round(wanted["amount"] * index)), occupancy)
        return (*found, one(FormCode.AVAILABILITY, "AV-01", 0, (), terms))

    def _terms(self, kind: Mapping[str, Any], index: float) -> TrajectoryTerms:
        first = Decimal(kind["start_percent"])
        return TrajectoryTerms(
            Cents(round(kind["price"] * index)),
            (Milestone(MilestoneAt.START, first), Milestone(MilestoneAt.END, 100 - first)),
            {"21": StopRule.PRO_RATA, "22": StopRule.PRO_RATA, "23": StopRule.FULL},
            self.raw["trajectory"]["guarantee_days"],
        )

    def due(self, state: FixedState, year: int) -> dict[str, Cents]:
        """What each agreement makes due in a year that is over, by id: the truth."""
        months = tuple(Month(year, number) for number in range(1, MONTHS_IN_YEAR + 1))
        found = {}
        for agreement in self.agreements(year):
            evidence = Evidence(
                year,
                months,
                tuple(row for row in state.realised if row.agreement == agreement.id and row.month.year == year),
                self.trajectories(state.runs, agreement, months[-1].last),
            )
            due = form(agreement.form).due(agreement, evidence)
            found[agreement.id] = Cents(due.contracted + due.true_up)
        return found

    def trajectories(self, runs: Iterable[Run], agreement: Agreement, day: date) -> tuple[Trajectory, ...]:
        """The trajectories of an agreement as they are known at the end of a day: who runs still, ends as planned."""
        kinds = [kind["product"] for kind in self.raw["trajectory"]["kind"]]
        found = []
        for run in runs:
            if kinds[run.kind] not in agreement.products or run.started > day:
                continue
            over = run.ended <= day
            found.append(
                Trajectory(
                    allocation=str(900000 + run.number),
                    client=run.client,
                    product_code=kinds[run.kind],
                    started=run.started,
                    ended=run.ended if over else run.planned,
                    allocation_start=run.started,
                    allocation_end=run.planned,
                    stop_reason=run.reason if over else None,
                )
            )
        return tuple(found)

    def known(self, state: FixedState, year: int, day: date) -> tuple[Realised, ...]:
        """The realised FTE and occupancy of a year that are known at the end of a day."""
        late = self.raw["fte"]["reported_after"]
        month = Month.of(day + ONE_DAY).plus(-1 - late)
        return tuple(row for row in state.realised if row.month.year == year and row.month <= month)
