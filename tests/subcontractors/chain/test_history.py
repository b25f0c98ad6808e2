"""Histories of starts and stops at random: the rules and a tiny oracle of another make agree on every message."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from lead_contractor.kernel.database import writing
from subcontractors.chain.dialect import DIALECT, STRICT, Dialect
from subcontractors.chain.model import Product, Report, ReportKind, Standing, Way
from subcontractors.chain.rules import broken, codes_of
from subcontractors.chain.rules_reports import ReportFacts, only_remarks, rules_of, standing_after
from tests.subcontractors.chain.scene import Chain, allocated, start, stop
from tests.subcontractors.declarations.books import tenant

FIRST = date(2025, 3, 1)
FRESH = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow)  # each example makes a database of its own
PRODUCTS = (Product("08", "08A01"), Product("08", ""))


@dataclass
class Care:
    """The oracle's memory of one start: as people would keep it on a card."""

    begin: date
    stops: list[tuple[str, date]] = field(default_factory=list)


@dataclass
class Oracle:
    """Per product a list of cards in order; a card goes when its start is withdrawn."""

    alone_allowed: bool
    cards: dict[Product, list[Care]] = field(default_factory=dict)
    loose: dict[tuple[Product, date], list[tuple[str, date]]] = field(default_factory=dict)

    def take(self, report: Report) -> tuple[set[str], bool]:
        """The codes of a report, and whether it is only remarked; what is accepted is written on the cards."""
        own = self.cards.setdefault(report.product, [])
        card = next((one for one in own if one.begin == report.begin), None)
        codes = self._start(report, own, card) if report.kind is ReportKind.START else self._stop(report, own, card)
        remark = "9069" in codes and self.alone_allowed and not own
        return (codes - {"9069"} if remark else codes), remark

    def _written(self, report: Report, card: Care | None) -> list[tuple[str, date]]:
        return card.stops if card else self.loose.setdefault((report.product, report.begin), [])

    def _start(self, report: Report, own: list[Care], card: Care | None) -> set[str]:
        stopped = bool(self._written(report, card))
        if report.withdraws:
            codes = {code for code, wrong in (("9063", card is None), ("9071", stopped)) if wrong}
            if not codes:
                own.remove(card)  # type: ignore[arg-type]
            return codes
        running = any(not one.stops for one in own)
        codes = {code for code, wrong in (("9074", card is not None), ("9326", running)) if wrong}
        if not codes:
            own.append(Care(report.begin, self.loose.pop((report.product, report.begin), [])))
        return codes

    def _stop(self, report: Report, own: list[Care], card: Care | None) -> set[str]:
        stops = self._written(report, card)
        this = (report.reason, report.end or FIRST)
        if report.withdraws:
            if this not in stops:
                return {"9063"}
            stops.remove(this)
            return set()
        wrong = {
            "9069": card is None,
            "9074": this in stops,
            "9413": report.reason == "20" and any(reason == "20" for reason, _ in stops),
            "9414": any(this[1] < end for _, end in stops),
            "9415": any(reason != "20" for reason, _ in stops),
        }
        codes = {code for code, is_wrong in wrong.items() if is_wrong}
        if codes <= ({"9069"} if self.alone_allowed and not own else set()):
            stops.append(this)
        return codes


days = st.integers(0, 3).map(lambda n: FIRST + timedelta(days=n))


@st.composite
def reports(draw: st.DrawFn) -> Report:
    kind = draw(st.sampled_from(ReportKind))
    begin = draw(days)
    is_stop = kind is ReportKind.STOP
    return Report(
        kind=kind,
        client=1,
        number="",
        product=draw(st.sampled_from(PRODUCTS)),
        begin=begin,
        status=draw(st.sampled_from(["1", "1", "1", "3"])),
        end=begin + timedelta(days=draw(st.integers(0, 2))) if is_stop else None,
        reason=draw(st.sampled_from(["19", "20", "21"])) if is_stop else "",
    )


@pytest.mark.parametrize("dialect", [DIALECT, STRICT], ids=["dialect", "strict"])
@given(history=st.lists(reports(), max_size=30))
@settings(max_examples=200)
def test_rules_and_oracle_agree_on_every_history(dialect: Dialect, history: list[Report]):
    oracle = Oracle(dialect.stop_may_come_alone)
    standing: tuple[Standing, ...] = ()
    for report in history:
        facts = ReportFacts(report, standing, None, Way.TASK, None, dialect)
        rules = broken(rules_of(report), facts)
        remarks = only_remarks(facts)
        refused = set(codes_of(rule for rule in rules if rule.id not in remarks))
        wanted, remarked = oracle.take(report)
        assert refused == wanted
        assert bool({rule.id for rule in rules} & remarks) is remarked
        if not refused:
            standing = standing_after(facts)


@given(history=st.lists(reports(), min_size=2, max_size=8))
@settings(max_examples=12, suppress_health_check=FRESH)
def test_what_is_stored_between_uploads_is_what_stands(new_database: Callable[[], Engine], history: list[Report]):
    """One message a day through the whole intake, each upload by itself: the same verdicts as the oracle's."""
    oracle = Oracle(alone_allowed=True)
    with writing(new_database()) as connection:
        made = Chain(tenant(connection))
        for number, report in enumerate(history):
            wanted, _ = oracle.take(report)
            product = "/".join(filter(None, report.product))
            dated, sender = str(date(2025, 4, 1) + timedelta(days=number)), "41410002"
            if report.kind is ReportKind.START:
                record = start(str(report.begin), "", product, report.status)
                told = made.one(made.starts(record, dated=dated, sender=sender))
            else:
                record = stop(str(report.begin), str(report.end), report.reason, "", product, report.status)
                told = made.one(made.stops(record, dated=dated, sender=sender))
            assert {code for codes in told.values() for code in codes} == wanted


@given(order=st.permutations(range(6)))
@settings(max_examples=12, suppress_health_check=FRESH)
def test_a_sound_history_of_one_day_is_accepted_in_any_order(new_database: Callable[[], Engine], order: list[int]):
    with writing(new_database()) as connection:
        made = Chain(tenant(connection), allocated("1001"))
        story = [
            made.starts(start("2025-03-01"), dated="2025-05-05", name=f"A{order[0]}"),
            made.stops(stop("2025-03-01", "2025-03-10", "20"), dated="2025-05-05", name=f"A{order[1]}"),
            made.starts(start("2025-03-15"), dated="2025-05-05", name=f"A{order[2]}"),
            made.stops(stop("2025-03-15", "2025-03-20", "20"), dated="2025-05-05", name=f"A{order[3]}"),
            made.stops(stop("2025-03-15", "2025-03-25", "19"), dated="2025-05-05", name=f"A{order[4]}"),
            made.starts(start("2025-04-01"), dated="2025-05-05", name=f"A{order[5]}"),
        ]
        assert made.codes(*story) == [{}] * 6
