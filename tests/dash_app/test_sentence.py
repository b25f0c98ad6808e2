"""The sentence in every case, on made-up balances; nothing in it that is not drawn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine

from budgets.meeting.ground import Looked
from budgets.settlement.model import Deficit, Surplus
from budgets.use.model import Outcome, YearPosition
from budgets.use.standing import begun, complete, standings
from dash_app.corridor import Drawn, Point, apart, corridor
from dash_app.figures import waterfall
from dash_app.pages.sentence import realised
from dash_app.pages.steps import StepName, steps_of
from dash_app.pages.text import plain
from dash_app.pages.year import corridor_part, corridor_section, settlement_part, settlement_section
from dash_app.sparkline import sparkline
from lead_contractor.books import accounts
from lead_contractor.contract.model import Excess, Margin, Reserve, SettlementTerms
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from tests.dash_app.meeting import site, words

YEAR = tuple(Month(2025, number) for number in range(1, 13))
DAYS: dict[str, Any] = {"cut_off": date(2026, 3, 31), "corrections_until": date(2026, 5, 31)}
CAPPED = SettlementTerms(**DAYS, margin=Margin(Decimal(5)))
INSTALMENT = 10_000_000
APRIL, NO_SURPLUS, NO_DEFICIT = Month(2025, 4), Surplus(), Deficit()


@pytest.fixture(autouse=True)
def spoken_dutch(sqlite_engine: Engine) -> Iterator[None]:
    with site(sqlite_engine).test_request_context("/overleg/"):
        yield


def position(
    used: int, *, until: Month | None = APRIL, terms: SettlementTerms = CAPPED, awaiting: int = 0, **more: Any
) -> YearPosition:
    """A year of twelve equal instalments of which so much a month was used."""
    months = begun(YEAR, until)
    booked: dict[tuple[str, ...], Cents] = {}
    for month in months:
        booked[accounts.REVENUE_LUMP_SUM, str(month)] = Cents(INSTALMENT)
        booked[accounts.COST_PXQ, str(month)] = Cents(used)
    if awaiting:
        booked[accounts.ASSESSMENT, str(months[-1])] = Cents(awaiting)
    return YearPosition(
        contract_id=1, code="X", year=2025, municipality_name="Ergens", terms=terms, until=until, choices=YEAR[:4],
        settled=False, year_months=YEAR, lump_sum=Cents(12 * INSTALMENT), received=Cents(0),
        months=standings(booked, months, terms), complete=complete(months, until), **more,
    )  # fmt: skip


def said(one: YearPosition) -> str:
    return plain(realised(one))


def test_room_within_the_cap():
    assert said(position(9_600_000)) == (
        "Tot en met maart is € 288 dzd van de € 1,20 mln lumpsum (24 %) gebruikt: € 12 dzd ruimte ten opzichte van de "
        "termijnen tot en met maart. De marge staat op 4,0 % bij een maximum van 5 %; er is niets boven het maximum. "
        "Over april komen de declaraties nog binnen."
    )


def test_above_the_cap_it_names_what_would_go_back():
    assert "De marge staat op 20,0 % bij een maximum van 5 %: € 45 dzd ligt daarboven (terug te betalen)." in said(
        position(8_000_000)
    )
    invest = SettlementTerms(**DAYS, margin=Margin(Decimal("2.5"), excess=Excess.INVEST))
    assert "bij een maximum van 2,5 %: € 53 dzd ligt daarboven (te investeren)." in said(
        position(8_000_000, terms=invest)
    )
    margin = Margin(Decimal(5), excess=Excess.RESERVE)
    full = SettlementTerms(**DAYS, margin=margin, reserve=Reserve(Decimal(5), Cents(0)))
    assert "€ 45 dzd ligt daarboven (voor € 15 dzd voor de reserve en voor € 30 dzd terug te betalen)." in said(
        position(8_000_000, terms=full)
    )


def test_a_shortage_and_a_year_that_is_just_right():
    assert "gebruikt: € 3 dzd tekort ten opzichte van de termijnen tot en met maart. De marge staat op -1,0 %" in said(
        position(10_100_000)
    )
    assert "gebruikt: precies de termijnen tot en met maart." in said(position(INSTALMENT))


def test_without_a_cap():
    assert said(position(9_600_000, terms=SettlementTerms(**DAYS), until=Month(2025, 12))).endswith(
        "De marge staat op 4,0 %; het contract kent geen maximum. Over december komen de declaraties nog binnen."
    )


def test_when_all_months_are_complete_nothing_comes_in():
    assert "komen" not in said(position(9_600_000, until=Month(2026, 1)))


def outcome(result: int, *, surplus: Surplus = NO_SURPLUS, deficit: Deficit = NO_DEFICIT, due: int = 0) -> Outcome:
    return Outcome(Cents(result), surplus, deficit, Cents(0), Cents(0), Cents(due), final=True)


def test_a_settled_shortage_says_who_bears_it():
    deficit = Deficit(Cents(12_000_000), Cents(2_000_000), Cents(4_000_000), Cents(6_000_000))
    settled = position(11_000_000, until=None, outcome=outcome(-12_000_000, deficit=deficit, due=4_000_000))
    assert said(settled) == (
        "2025 is definitief afgerekend: van € 1,20 mln inkomsten is € 1,32 mln gebruikt, een tekort van € 120 dzd. "
        "Daarvan dragen: de reserve € 20 dzd, de gemeente € 40 dzd en de hoofdaannemer € 60 dzd. "
        "De gemeente betaalt nog € 40 dzd."
    )
    names = [step.name for step in steps_of(settled)]
    assert names[-4:] == [StepName.RESULT, StepName.FROM_RESERVE, StepName.MUNICIPALITY, StepName.CONTRACTOR]
    assert steps_of(settled)[-1].end == -12_000_000


def test_a_settled_surplus_without_a_cap_and_nothing_left():
    settled = position(9_600_000, until=None, terms=SettlementTerms(**DAYS), outcome=outcome(4_800_000))
    assert said(settled) == (
        "2025 is definitief afgerekend: van € 1,20 mln inkomsten is € 1,15 mln gebruikt, een overschot van € 48 dzd "
        "(4,0 %); het contract kent geen maximum. Er is niets meer te verrekenen."
    )
    back = position(9_600_000, until=None, outcome=outcome(4_800_000, surplus=Surplus(Cents(6_000_000)), due=-500))
    assert said(back).endswith("Er is niets boven het maximum. De hoofdaannemer betaalt nog € 5 terug.")


@pytest.mark.parametrize("used", [8_000_000, 9_600_000, 11_000_000], ids=["above", "within", "short"])
def test_the_steps_run_from_lump_sum_to_result_without_a_gap(used):
    made = steps_of(position(used))
    assert made[0].amount == 3 * INSTALMENT
    standing = [step for step in made if not step.total and step.name not in {StepName.KEPT, StepName.REPAID}]
    assert all(after.start == before.end for before, after in zip([made[0], *standing], standing, strict=False))
    result = next(step for step in made if step.name is StepName.RESULT)
    assert standing[-1].end == result.amount
    kept = [step.amount for step in made if step.name in {StepName.KEPT, StepName.REPAID}]
    assert sum(kept) == max(0, result.amount)


def test_what_waits_to_be_checked_is_hatched_and_told():
    waiting = position(9_600_000, awaiting=500_000)
    looked = Looked(waiting, None, None)
    text = words_of(corridor_section(looked, corridor_part(looked), controller=False))
    assert "€ 5 dzd is ingediend en nog niet beoordeeld; dat telt nog niet mee." in text
    points = [Point(n, Cents(100_000 * n), None, Cents(50_000), True, "") for n in (1, 2)]
    labels = dict.fromkeys(("above", "budget", "cap", "coming_in", "latest", "awaiting", "shortage"), "woorden")
    lines = {line.name: line for line in corridor(Drawn(points), [(n, "") for n in range(1, 13)], labels).data}
    assert lines["awaiting"].fillpattern.shape == "/"
    assert list(lines["awaiting"].y) == [1, 2, 1.5, 0.5]


def words_of(part: Any) -> str:
    """All text under a component that is not yet sent."""
    if hasattr(part, "to_plotly_json"):
        part = part.to_plotly_json()
    if isinstance(part, dict):
        return words_of(part.get("props", {}).get("children"))
    if isinstance(part, list | tuple):
        return " ".join(words_of(each) for each in part)
    return words(part)


def test_before_a_month_is_complete_nothing_is_said_of_what_becomes_of_the_result():
    january = position(2_000_000, until=Month(2025, 1))
    assert [step.name for step in steps_of(january)][-1] is StepName.RESULT
    looked = Looked(january, None, None)
    assert "blijft" not in words_of(settlement_section(looked, settlement_part(looked, controller=False)))


def test_a_chart_without_cap_has_no_line_for_it():
    uncapped = position(9_600_000, terms=SettlementTerms(**DAYS))
    points = [Point(s.month.number, s.room, s.cap, s.awaiting, True, "") for s in uncapped.months]
    labels = dict.fromkeys(("above", "budget", "cap", "coming_in", "latest", "awaiting", "shortage"), "")
    assert [line.name for line in corridor(Drawn(points), [(1, "jan"), (12, "dec")], labels).data] == ["realised"]
    assert waterfall([]).data[0].type == "bar"


def test_a_sparkline_is_a_drawing_in_whole_pixels():
    address = sparkline([Cents(100), Cents(250), Cents(175)], [], 12)
    assert address.startswith("data:image/svg+xml,")
    assert "%2C" in address
    assert "250" not in address


def test_words_at_the_end_of_the_year_stand_apart_and_keep_their_order():
    made = apart([100, 101, 99, 300], 10)
    assert sorted(made) == [made[2], made[0], made[1], made[3]]
    assert all(after - before >= 9.99 for before, after in zip(sorted(made), sorted(made)[1:], strict=False))
    assert made[3] == 300
