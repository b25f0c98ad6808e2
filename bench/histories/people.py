"""The clients of all lines under P×Q, a month at a time: what happens in a month depends on the state before it only.

That is what lets the same history be continued in another way after any month (see ``histories.further``).
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bench.histories.setting import NEVER, Floats, Setting, Whole, between, drawn
from lead_contractor.kernel.periods import MONTHS_IN_YEAR

_MONTH_WEEKS = 4.35
_SMALL = frozenset({"small", "micro", "zzp"})
_TINY = frozenset({"micro", "zzp"})


@dataclass(slots=True)
class Given:
    """One allocation: units per week or month, and the months in which it begins, should end, ended, was known."""

    id: int
    client: int
    line: int
    units: int
    begins: int
    part: float
    """Share of the first month that it covers."""
    term: int
    """The first month after its term."""
    decided: int
    ends: int = NEVER
    """The month in which it ended before its term."""
    last_part: float = 1.0
    """Share of that month that it covers."""
    end_known: int = NEVER


@dataclass(frozen=True, slots=True)
class Done:
    """What was delivered in a month: per allocation the units, the tariff in cents, and the most that was allowed."""

    month: int
    given: Whole
    line: Whole
    units: Whole
    most: Whole
    tariff: Whole


@dataclass(slots=True)
class Book:
    """What is written down of a history as it goes."""

    given: dict[int, Given] = field(default_factory=dict)
    done: list[Done] = field(default_factory=list)
    raises: list[tuple[int, int, int, float]] = field(default_factory=list)
    """Month of the decision, month from which it holds, category, percent."""
    ends: list[tuple[int, int, int]] = field(default_factory=list)
    """Month of the notice, first month without, subcontractor."""
    begins: list[tuple[int, int, int]] = field(default_factory=list)
    """Month in which it was agreed, first month, subcontractor."""
    queue: list[Whole] = field(default_factory=list)
    """Who waits per line at the end of each month."""


@dataclass(slots=True)
class Clients:
    """Those who have help now, one row per allocation."""

    id: Whole
    client: Whole
    line: Whole
    units: Whole
    usual: Floats
    term: Whole

    def take(self, which: Any) -> Clients:
        """Some of the rows."""
        return Clients(*(getattr(self, name)[which] for name in ("id", "client", "line", "units", "usual", "term")))

    def plus(self, other: Clients) -> Clients:
        """These and others."""
        names = ("id", "client", "line", "units", "usual", "term")
        return Clients(*(np.concatenate([getattr(self, name), getattr(other, name)]) for name in names))


@dataclass(slots=True)
class State:
    """All that the next month depends on; ``month`` is the one that comes next."""

    month: int
    clients: Clients
    inflow: Floats
    """Per line: log of its inflow against the start, and where that is drawn to."""
    drawn_to: Floats
    size: Floats
    """Per line: log of units per client."""
    utilisation: Floats
    season: Floats
    shock: Floats
    absent: Whole
    from_month: Whole
    until_month: Whole
    queue: Whole
    policy: Floats
    """Per category: lasting steps of log inflow and of the units of those looked at anew."""
    anew: Floats
    shortage: Whole
    raised: Floats
    to_raise: list[tuple[int, int, float]] = field(default_factory=list)
    next_id: int = 1
    next_client: int = 1

    def another(self) -> State:
        """A copy that can go another way."""
        return copy.deepcopy(self)


class People:
    """Moves a state on by a month."""

    def __init__(self, given: Setting, tariffs: Floats) -> None:
        self.given, self.raw, self.tariffs = given, given.raw, tariffs
        self.owner, self.category = given.owner, given.category
        self.stay = np.array(given.per_line("stay"), dtype=float)
        self.term = np.array(given.per_line("term"))
        self.by_week = np.array([per == "week" for per in given.per_line("per")])
        self.by_days = np.array(given.per_line("days"))
        self.units = np.array(given.per_line("units"), dtype=float)
        self.start = np.array([line.clients for line in given.lines], dtype=float)
        self.noise = np.array([self.raw["delivery"]["line"][line.size] for line in given.lines])
        self.tiny = np.array([line.size in _TINY for line in given.lines])

    def first(self, rng: np.random.Generator, book: Book) -> State:
        """The state before the first month."""
        lines, categories = len(self.given.lines), len(self.given.categories)
        level, delivery = self.raw["level"], self.raw["delivery"]
        usual = np.array(self.given.per_line("utilisation"), dtype=float)
        depth = rng.lognormal(0.0, delivery["season_of_line"], (lines, 1))
        season = 1 + (np.array(self.given.per_line("season"), dtype=float) - 1) * depth
        begins = np.array([line.begins for line in self.given.lines])
        state = State(
            month=0,
            clients=Clients(*(np.array([], dtype=kind) for kind in (int, int, int, int, float, int))),
            inflow=np.zeros(lines),
            drawn_to=rng.normal(0.0, level["drift"], lines),
            size=rng.normal(0.0, level["line_volume"], lines),
            utilisation=np.clip(rng.normal(usual[:, 0], usual[:, 1]), 0.3, 1.0),
            season=season,
            shock=rng.normal(0.0, self.noise) / np.sqrt(1 - delivery["line_keeps"] ** 2),
            absent=np.full(lines, -1),
            from_month=np.where(begins, NEVER, 0),
            until_month=np.full(lines, NEVER),
            queue=np.zeros(lines, dtype=int),
            policy=np.zeros(categories),
            anew=np.zeros(categories),
            shortage=np.full(categories, -1),
            raised=np.ones(categories),
        )
        self._come(state, np.where(begins, 0, rng.poisson(self.start)), rng, book, settled=True)
        return state

    def step(self, state: State, rng: np.random.Generator, book: Book | None) -> Floats:
        """One month: changes the state, and answers the cents delivered per line."""
        self._events(state, rng, book)
        self._levels(state, rng)
        self._move(state, rng, book)
        self._anew(state, rng, book)
        before = len(state.clients.id)
        part = np.concatenate([np.ones(before), self._come(state, self._inflow(state, rng), rng, book)])
        leaves = rng.random(len(part)) < 1 / self.stay[state.clients.line]
        leaves &= np.arange(len(part)) < before
        share = np.where(leaves, rng.random(len(part)), part)
        cents = self._deliver(state, share, np.arange(len(part)) >= before, rng, book)
        late = rng.random(len(part)) < self.raw["people"]["known_late"]
        if book is not None:
            for id_, cover, slow in zip(
                state.clients.id[leaves].tolist(), share[leaves].tolist(), late[leaves].tolist(), strict=True
            ):
                one = book.given[id_]
                one.ends, one.last_part, one.end_known = state.month, cover, state.month + slow
            book.queue.append(state.queue.copy())
        state.clients = state.clients.take(~leaves)
        state.month += 1
        return cents

    def _events(self, state: State, rng: np.random.Generator, book: Book | None) -> None:
        raises, policy, shortage = self.raw["raises"], self.raw["policy"], self.raw["shortage"]
        for number in range(len(self.given.categories)):
            if rng.random() < raises["sudden_per_month"]:
                percent = float(between(rng, raises["sudden_percent"]))
                state.to_raise.append((state.month + 2, number, percent))
                if book is not None:
                    book.raises.append((state.month, state.month + 2, number, percent))
            if rng.random() < policy["per_month"]:
                state.policy[number] += rng.normal(*policy["inflow_log"])
                state.anew[number] += rng.normal(*policy["volume_log"])
            if state.shortage[number] < state.month and rng.random() < shortage["per_month"]:
                state.shortage[number] = state.month + int(drawn(rng, shortage["months"])) - 1
        for at, number, percent in state.to_raise:
            if at == state.month:
                state.raised[number] *= 1 + percent / 100
        self._begin_and_end(state, rng, book)

    def _begin_and_end(self, state: State, rng: np.random.Generator, book: Book | None) -> None:
        change = self.raw["change"]
        owners = {line.owner: line for line in self.given.lines}
        waiting = [one for one, line in owners.items() if line.begins and state.from_month[self._of(one)][0] == NEVER]
        if waiting and rng.random() < change["begin_per_month"]:
            at = state.month + change["begin_months"]
            state.from_month[self._of(waiting[0])] = at
            if book is not None:
                book.begins.append((state.month, at, waiting[0]))
        for one, line in owners.items():
            mine = self._of(one)
            there = state.from_month[mine][0] <= state.month and state.until_month[mine][0] == NEVER
            if rng.random() < change["notice_per_month"] and line.size in _SMALL and there:
                at = state.month + change["notice_months"]
                state.until_month[mine] = at
                if book is not None:
                    book.ends.append((state.month, at, one))

    def _of(self, owner: int) -> Any:
        return self.owner == owner

    def _levels(self, state: State, rng: np.random.Generator) -> None:
        level, delivery = self.raw["level"], self.raw["delivery"]
        lines = len(self.given.lines)
        distance = state.inflow - state.drawn_to
        state.inflow = state.drawn_to + level["back"] * distance + rng.normal(0.0, level["step"], lines)
        state.shock = delivery["line_keeps"] * state.shock + rng.normal(0.0, self.noise)
        falls_ill = (rng.random(lines) < delivery["absent_per_month"]) & self.tiny & (state.absent < state.month)
        away = state.month + drawn(rng, delivery["absent_months"], lines) - 1
        state.absent = np.where(falls_ill, away, state.absent)

    def _inflow(self, state: State, rng: np.random.Generator) -> Whole:
        """Who come in: those who are let in at once, and those let through from the queue; others join the queue."""
        shortage = self.raw["shortage"]
        there = (state.from_month <= state.month) & (state.month < state.until_month)
        season = self.raw["inflow"]["season"][state.month % MONTHS_IN_YEAR]
        grown = self.raw["inflow"]["at_start"] * np.exp(self.raw["inflow"]["growth"] * state.month / MONTHS_IN_YEAR)
        expected = self.start / self.stay * np.exp(state.inflow + state.policy[self.category])
        expected = expected * season / np.mean(self.raw["inflow"]["season"]) * grown * there
        asked = rng.poisson(expected)
        short = state.shortage[self.category] >= state.month
        admitted = np.where(short, rng.binomial(asked, shortage["let_in"]), asked)
        let_through = np.where(short, 0, rng.binomial(state.queue, shortage["release_per_month"])) * there
        gone = rng.binomial(state.queue - let_through, shortage["give_up_per_month"])
        state.queue = state.queue - let_through - gone + asked - admitted
        opening = (
            (state.month > 0)
            * (state.from_month == state.month)
            * rng.poisson(self.start * self.raw["change"]["begin_with"])
        )
        return np.asarray(admitted + let_through + opening, dtype=np.int64)

    def _come(
        self, state: State, counts: Whole, rng: np.random.Generator, book: Book | None, *, settled: bool = False
    ) -> Floats:
        """Add clients; answers the share of this month in which each has help."""
        line = np.repeat(np.arange(len(counts)), counts)
        many = len(line)
        mean, spread = self.units[line, 0], self.units[line, 1]
        wanted = rng.lognormal(np.log(mean) - spread**2 / 2, spread) * np.exp(
            state.size[line] * (spread > 0) + state.anew[self.category[line]] * (spread > 0)
        )
        units = np.maximum(1, np.rint(wanted)).astype(np.int64)
        usual = np.clip(
            state.utilisation[line] + rng.normal(0.0, self.raw["delivery"]["client_utilisation"], many), 0.1, 1.0
        )
        part = rng.random(many)
        term = self.term[line]
        left = rng.integers(1, term, endpoint=True) if settled else term
        came = Clients(
            np.arange(state.next_id, state.next_id + many),
            np.arange(state.next_client, state.next_client + many),
            line,
            units,
            usual,
            state.month + left,
        )
        begins = state.month + left - term if settled else np.full(many, state.month)
        self._write_down(book, came, begins, np.ones(many) if settled else part, begins)
        state.clients = state.clients.plus(came)
        state.next_id += many
        state.next_client += many
        return part

    def _write_down(self, book: Book | None, came: Clients, begins: Whole, part: Floats, decided: Whole) -> None:
        if book is None:
            return
        columns = (came.id, came.client, came.line, came.units, begins, part, came.term, decided)
        for row in zip(*(column.tolist() for column in columns), strict=True):
            book.given[row[0]] = Given(*row)

    def _anew(self, state: State, rng: np.random.Generator, book: Book | None) -> None:
        """Renew what ends, and look at some anew: the allocation ends and another follows on it."""
        people, clients = self.raw["people"], state.clients
        renewed = clients.term == state.month
        looked_at = rng.random(len(clients.id)) < people["anew_per_month"]
        shift = rng.normal(0.0, people["anew_log"], len(clients.id)) + state.anew[self.category[clients.line]]
        other = np.maximum(1, np.rint(clients.units * np.exp(shift))).astype(np.int64)
        other = np.where(self.units[clients.line, 1] > 0, other, clients.units)
        change = renewed | (looked_at & (other != clients.units))
        units = np.where(looked_at | renewed & (rng.random(len(clients.id)) < 0.5), other, clients.units)
        self._replace(state, change, units, clients.line, book)

    def _move(self, state: State, rng: np.random.Generator, book: Book | None) -> None:
        """Bring the clients of a subcontractor that has ended to others with the product, or end their help."""
        leaving = np.isin(state.clients.line, np.flatnonzero(state.until_month == state.month))
        if not leaving.any():
            return
        line = state.clients.line.copy()
        stays = np.ones(len(line), dtype=bool)
        open_now = (state.from_month <= state.month) & (state.month < state.until_month)
        for row in np.flatnonzero(leaving):
            product = self.given.lines[line[row]].product
            others = [n for n, one in enumerate(self.given.lines) if one.product == product and open_now[n]]
            if others:
                line[row] = rng.choice(others, p=self.start[others] / self.start[others].sum())
            else:
                stays[row] = False
        self._replace(state, leaving & stays, state.clients.units, line, book)
        gone = state.clients.id[~stays].tolist()
        if book is not None:
            for id_ in gone:
                one = book.given[id_]
                one.ends, one.last_part, one.end_known = state.month - 1, 1.0, state.month - 1
        state.clients = state.clients.take(stays)

    def _replace(self, state: State, change: Any, units: Whole, line: Whole, book: Book | None) -> None:
        """End some allocations with the month before, and begin others for the same clients; known a month ahead."""
        old = state.clients
        many = int(change.sum())
        fresh = np.arange(state.next_id, state.next_id + many)
        state.next_id += many
        if book is not None:
            for id_, term in zip(old.id[change].tolist(), old.term[change].tolist(), strict=True):
                if term > state.month:
                    one = book.given[id_]
                    one.ends, one.last_part, one.end_known = state.month - 1, 1.0, state.month - 1
        ids, terms = old.id.copy(), old.term.copy()
        ids[change], terms[change] = fresh, state.month + self.term[line[change]]
        state.clients = Clients(
            ids, old.client, np.where(change, line, old.line), np.where(change, units, old.units), old.usual, terms
        )
        begins = np.full(many, state.month)
        self._write_down(book, state.clients.take(change), begins, np.ones(many), begins - 1)

    def _deliver(self, state: State, share: Floats, fresh: Any, rng: np.random.Generator, book: Book | None) -> Floats:
        delivery, at, clients = self.raw["delivery"], state.month, state.clients
        everywhere = rng.normal(0.0, delivery["all_lines"])
        shared = rng.normal(0.0, delivery["category"], len(self.given.categories))
        effort = np.exp(state.shock + (everywhere + shared[self.category]) * self.by_days)
        effort = effort * state.season[:, at % MONTHS_IN_YEAR]
        effort = np.where(state.absent >= at, effort * delivery["absent_share"], effort)
        weeks = np.where(self.by_days, self.given.weeks[at], np.where(self.by_week, _MONTH_WEEKS, 1.0))
        line = clients.line
        gamma = 1 / delivery["client"] ** 2
        own = rng.gamma(gamma, 1 / gamma, len(line)) * np.where(fresh, self.raw["people"]["first_month_utilisation"], 1)
        meant = (
            clients.units * weeks[line] * share * clients.usual * effort[line] * np.where(self._flat(line), 1.0, own)
        )
        part_of = np.maximum(
            1, np.where(share < 1, np.floor(share * self.given.weeks[at]), np.ceil(self.given.weeks[at]))
        )
        covered = np.where(self.by_week[line], part_of, 1.0)
        most = (clients.units * covered).astype(np.int64)
        units = np.minimum(np.floor(meant + rng.random(len(line))).astype(np.int64), most)
        tariff = np.rint(self.tariffs[:, at] * state.raised[self.category]).astype(np.int64)
        if book is not None:
            some = units > 0
            book.done.append(Done(at, clients.id[some], line[some], units[some], most[some], tariff[line][some]))
        cents = (units * tariff[line]).astype(np.float64)
        return np.bincount(line, weights=cents, minlength=len(self.given.lines)).astype(np.float64)

    def _flat(self, line: Whole) -> Any:
        """Whether a client's month is one amount, whatever is done in it."""
        return self.units[line, 1] == 0
