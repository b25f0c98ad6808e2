"""Early warnings of the small example year, on both databases: once per crossing, and to the people concerned."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from budgets.forecast.model import Forecast
from budgets.forecast.store import save
from budgets.signals import jobs, service
from budgets.signals.model import EventKind, ExemptionReason, Kind, Level, State
from budgets.signals.service import Asked, evaluate, of_municipality, of_provider, signals, standing
from lead_contractor.access.hand import Hand
from lead_contractor.kernel.database import writing
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.refusals import NotFound, Refusal
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.model import FormCode
from tests.budgets.variance.forecasts_of import BAARDMAN, KWIKSTAART, forecast, line

LEAD, CONTRACT = 1, 1
AT = datetime(2026, 6, 15, 9, 30, tzinfo=UTC)
AUGUST, SEPTEMBER, YEAR_END = date(2025, 8, 31), date(2025, 9, 30), date(2025, 12, 31)
CARLA = Hand(1, "Carla")
REST = 12_000_000


@contextmanager
def scope_of(engine: Engine, lead: int = LEAD) -> Iterator[Scope]:
    with writing(engine) as connection:
        yield Scope(connection, lead)


def said(day: date, point: int, width: int, budget: int = 10_000_000) -> Forecast:
    """A forecast of which the whole year is one line of a subcontractor without a budget of its own.

    Point and budget come on top of what keeps the margin of the year under its cap.
    """
    whole = line("99990109", "", FormCode.LUMP_SUM, months=[(0, 0, REST + point)])
    return forecast(day, whole, budget=REST + budget, width=width)


def freeze(engine: Engine, made: Forecast) -> None:
    with scope_of(engine) as scope:
        save(scope, CONTRACT, made, "x" * 64, AT, afterwards=True)


def look(engine: Engine, day: date) -> list[tuple[str, str]]:
    with scope_of(engine) as scope:
        done = evaluate(scope, CONTRACT, day, AT)
    return [(one.kind.value, one.crossing.key) for one in done.written]


def test_a_ceiling_reaches_its_signal_once(klein_engine: Engine):
    assert look(klein_engine, AUGUST) == []
    assert look(klein_engine, YEAR_END) == [("raised", "ceiling_signal:PXQ-02")]
    assert look(klein_engine, YEAR_END) == []
    with scope_of(klein_engine) as scope:
        (found,) = standing(signals(scope, CONTRACT))
    assert (found.crossing.subcontractor, found.crossing.figures["signal"], found.since) == (
        BAARDMAN,
        "1155000",
        YEAR_END,
    )
    assert found.crossing.figures["ceiling"] == "1650000"
    assert int(found.crossing.figures["used"]) >= 1_155_000
    assert ("raised", "ceiling:PXQ-02") in look(klein_engine, date(2026, 1, 31))
    with scope_of(klein_engine) as scope:
        passed = next(one for one in signals(scope, CONTRACT) if one.crossing.kind is Kind.CEILING)
    assert (passed.crossing.level, passed.crossing.stake) == (Level.FACT, Cents(102_795))
    assert passed.crossing.figures["used"] == "1752795"


def test_an_earlier_day_than_was_looked_at_stays_as_it_was_told(klein_engine: Engine):
    look(klein_engine, YEAR_END)
    with scope_of(klein_engine) as scope:
        done = evaluate(scope, CONTRACT, AUGUST, AT)
    assert (done.looked, done.written) == (False, ())


def test_the_year_is_raised_seen_becomes_surer_and_falls_back(klein_engine: Engine):
    freeze(klein_engine, said(AUGUST, 9_500_000, 600_000))
    assert look(klein_engine, AUGUST) == [("raised", "year:budget")]
    assert look(klein_engine, AUGUST) == []
    with scope_of(klein_engine) as scope:
        service.acknowledge(scope, CONTRACT, "year:budget", CARLA, AT, "  Besproken met de\ngemeente ")
        (seen,) = signals(scope, CONTRACT)
        assert (seen.state, seen.crossing.level, seen.crossing.stake) == (State.ACKNOWLEDGED, Level.MAY, Cents(100_000))
        assert seen.acknowledged is not None
        assert (seen.acknowledged.note, seen.acknowledged.by) == ("Besproken met de gemeente", CARLA)
        assert service.waiting(scope, CONTRACT) == 0
    freeze(klein_engine, said(SEPTEMBER, 10_900_000, 600_000))
    assert look(klein_engine, SEPTEMBER) == [("raised", "year:budget")]
    with scope_of(klein_engine) as scope:
        assert service.waiting(scope, CONTRACT) == 1
    freeze(klein_engine, said(date(2025, 10, 31), 9_000_000, 600_000))
    assert look(klein_engine, date(2025, 10, 31)) == [], "the wide band still crosses"
    freeze(klein_engine, said(date(2025, 11, 30), 8_500_000, 600_000))
    assert ("cleared", "year:budget") in look(klein_engine, date(2025, 11, 30))
    with scope_of(klein_engine) as scope:
        found = next(one for one in signals(scope, CONTRACT) if one.crossing.kind is Kind.YEAR)
        assert [one.kind for one in found.events] == [
            EventKind.RAISED, EventKind.ACKNOWLEDGED, EventKind.RAISED, EventKind.CLEARED,
        ]  # fmt: skip
        with pytest.raises(NotFound):
            service.acknowledge(scope, CONTRACT, "year:budget", CARLA, AT, "te laat")


def test_under_use_of_the_year_fires_once_falls_back_and_fires_again(klein_engine: Engine):
    """Of 220.000 euros 190.000 is expected; that says nothing as long as the band reaches what there is."""
    days = [AUGUST, SEPTEMBER, date(2025, 10, 31), date(2025, 11, 30), YEAR_END]
    told = []
    for day, (point, width) in zip(
        days,
        [
            (7_000_000, 3_500_000),
            (7_000_000, 1_500_000),
            (8_000_000, 1_200_000),
            (8_000_000, 1_700_000),
            (8_000_000, 0),
        ],
        strict=True,
    ):
        freeze(klein_engine, said(day, point, width))
        told.append([kind for kind, key in look(klein_engine, day) if key == "under_use_year:budget"])
        assert look(klein_engine, day) == [], "once per crossing"
    assert told == [[], ["raised"], [], ["cleared"], ["raised"]]
    with scope_of(klein_engine) as scope:
        assert Kind.UNDER_USE_YEAR in {one.crossing.kind for one in of_municipality(scope, CONTRACT)}
        assert Kind.UNDER_USE_YEAR not in {one.crossing.kind for one in of_provider(scope, CONTRACT, BAARDMAN)}


def test_the_contract_says_from_which_under_use_on(klein_engine: Engine):
    """Of 220.000 euros at most 205.000 is used: 6.8 percent less."""
    freeze(klein_engine, said(AUGUST, 7_000_000, 1_500_000))
    terms = "UPDATE contract SET terms = terms || :more WHERE lead_contractor_id = :lead"
    with scope_of(klein_engine) as scope:
        scope.sql(terms, more='\n[budget]\nunder_use_percent = "7"\n')
    assert "under_use_year:budget" not in str(look(klein_engine, AUGUST))
    with scope_of(klein_engine) as scope:
        scope.sql(terms.replace("terms || :more", "replace(terms, '\"7\"', :more)"), more='"6"')
    assert ("raised", "under_use_year:budget") in look(klein_engine, AUGUST)


def test_a_margin_above_the_cap_is_told_once_and_passes(klein_engine: Engine):
    freeze(klein_engine, said(AUGUST, 5_000_000, 100_000))
    assert ("raised", "margin:cap") in look(klein_engine, AUGUST)
    assert look(klein_engine, AUGUST) == []
    freeze(klein_engine, said(SEPTEMBER, 25_000_000, 100_000))
    assert ("cleared", "margin:cap") in look(klein_engine, SEPTEMBER)


def test_the_figures_of_a_signal_are_those_of_the_newest_look(klein_engine: Engine):
    freeze(klein_engine, said(AUGUST, 9_500_000, 600_000))
    look(klein_engine, AUGUST)
    freeze(klein_engine, said(SEPTEMBER, 9_600_000, 550_000))
    assert look(klein_engine, SEPTEMBER) == []
    with scope_of(klein_engine) as scope:
        (found,) = signals(scope, CONTRACT)
    assert (found.since, found.day, found.crossing.stake) == (AUGUST, SEPTEMBER, Cents(150_000))
    assert [one.crossing.stake for one in found.events] == [Cents(100_000)]


def test_a_frozen_forecast_counts_from_its_day_on(klein_engine: Engine):
    freeze(klein_engine, said(SEPTEMBER, 11_000_000, 0))
    assert look(klein_engine, AUGUST) == []
    assert look(klein_engine, SEPTEMBER) == [("raised", "year:budget")]


def test_a_month_that_nobody_declared_is_told_after_its_term(klein_engine: Engine):
    """De Kwikstaart declared every month; here what it sent over June never came."""
    with scope_of(klein_engine) as scope:
        forget = "DELETE FROM {table} WHERE lead_contractor_id = :lead AND {where}"
        scope.sql(forget.format(table="message", where=f"sender = '{KWIKSTAART}' AND period = '2025-06'"))
        scope.sql(forget.format(table="balance", where=f"subcontractor = '{KWIKSTAART}' AND service_month = '2025-06'"))
    freeze(klein_engine, forecast(date(2025, 7, 31), line(product="01A04", months=[(0, 0, 0)] * 5 + [(0, 125_000, 0)])))
    assert "declaration_missing" not in str(look(klein_engine, date(2025, 7, 31)))
    assert look(klein_engine, date(2025, 8, 1)) == [("raised", f"declaration_missing:{KWIKSTAART}/2025-06")]
    with scope_of(klein_engine) as scope:
        (found,) = of_provider(scope, CONTRACT, KWIKSTAART)
        assert (found.crossing.stake, found.crossing.figures["month"]) == (Cents(125_000), "2025-06")
        assert int(found.crossing.figures["allocations"]) >= 1
        assert of_provider(scope, CONTRACT, BAARDMAN) == ()


def test_each_role_is_told_what_concerns_it(klein_engine: Engine):
    lines = [line("99990109", "", FormCode.LUMP_SUM, months=[(9_000_000, 0, 2_000_000)]),
             line(product="01A04", months=[(9_000_000, 0, 0)])]  # fmt: skip
    freeze(klein_engine, forecast(YEAR_END, *lines, budget=10_000_000))
    look(klein_engine, YEAR_END)
    with scope_of(klein_engine) as scope:
        kinds = {one.crossing.kind for one in standing(signals(scope, CONTRACT))}
        assert {Kind.YEAR, Kind.CEILING_SIGNAL, Kind.BUDGET_LINE} <= kinds
        stakes = [one.crossing.stake for one in signals(scope, CONTRACT)]
        assert stakes == sorted(stakes, reverse=True)
        assert {one.crossing.kind for one in of_municipality(scope, CONTRACT)} == {Kind.YEAR}
        assert [one.key for one in of_provider(scope, CONTRACT, BAARDMAN)] == ["ceiling_signal:PXQ-02"]
        assert of_provider(scope, CONTRACT, KWIKSTAART) == ()


def test_without_a_note_or_a_signal_nothing_is_acknowledged(klein_engine: Engine):
    look(klein_engine, YEAR_END)
    with scope_of(klein_engine) as scope:
        for note in ("", "   ", "x" * 1001):
            with pytest.raises(Refusal):
                service.acknowledge(scope, CONTRACT, "ceiling_signal:PXQ-02", CARLA, AT, note)
        with pytest.raises(NotFound):
            service.acknowledge(scope, CONTRACT, "year:elsewhere", CARLA, AT, "gezien")


def test_inactive_subcontractors_are_candidates_unless_exempt(klein_engine: Engine):
    """The history of the example runs from 2023; with it and this year's cost gone, nothing was delivered since."""
    with scope_of(klein_engine) as scope:
        scope.sql(f"DELETE FROM balance WHERE lead_contractor_id = :lead AND subcontractor = '{KWIKSTAART}'")
        scope.sql(
            "DELETE FROM history_row WHERE lead_contractor_id = :lead AND service_month > '2024-06' "
            f"AND subcontractor = '{KWIKSTAART}'"
        )
    key = f"inactive:{KWIKSTAART}"
    assert ("raised", key) not in look(klein_engine, date(2025, 6, 29))
    assert ("raised", key) in look(klein_engine, date(2025, 6, 30))
    with scope_of(klein_engine) as scope:
        (candidate,) = service.candidates(scope, CONTRACT, date(2025, 6, 30), AT)
        assert (candidate.subcontractor, candidate.months) == (KWIKSTAART, 12)
        asked = Asked(KWIKSTAART, ExemptionReason.SATISFACTION, Decimal("8.6"), date(2025, 3, 1), "cliëntenraad")
        service.exempt(scope, CONTRACT, asked, CARLA, AT)
    assert ("cleared", key) in look(klein_engine, date(2025, 7, 1))
    with scope_of(klein_engine) as scope:
        (exempted,) = service.candidates(scope, CONTRACT, date(2025, 7, 1), AT)
        assert exempted.exemption is not None
        assert (exempted.exemption.score, exempted.exemption.note) == (860, "cliëntenraad")
        service.exempt(scope, CONTRACT, Asked(KWIKSTAART, None, note="blijkt onjuist"), CARLA, AT)
    assert ("raised", key) in look(klein_engine, date(2025, 7, 2))


def test_an_exemption_needs_its_grounds(klein_engine: Engine):
    satisfied = ExemptionReason.SATISFACTION
    refused = (
        Asked(KWIKSTAART, ExemptionReason.SHORTAGE, note=""),
        Asked(KWIKSTAART, satisfied, note="zonder cijfer"),
        Asked(KWIKSTAART, satisfied, Decimal(11), date(2025, 1, 1), "te hoog"),
        Asked(KWIKSTAART, satisfied, Decimal(9), date(2027, 1, 1), "nog niet gemeten"),
    )
    with scope_of(klein_engine) as scope:
        for asked in refused:
            with pytest.raises(Refusal):
                service.exempt(scope, CONTRACT, asked, CARLA, AT)
        with pytest.raises(NotFound):
            service.exempt(scope, CONTRACT, Asked("12345678", ExemptionReason.SHORTAGE, note="x"), CARLA, AT)


def test_another_lead_contractor_sees_nothing(klein_engine: Engine):
    look(klein_engine, YEAR_END)
    with scope_of(klein_engine, lead=2) as scope:
        for use in (lambda: signals(scope, CONTRACT), lambda: evaluate(scope, CONTRACT, YEAR_END, AT)):
            with pytest.raises(NotFound):
                use()


def test_what_was_told_cannot_be_told_otherwise(klein_engine: Engine):
    look(klein_engine, YEAR_END)
    for statement in ("UPDATE signal_event SET stake_cents = 1", "DELETE FROM signal_event", "DELETE FROM signal_run"):
        with pytest.raises(DBAPIError), klein_engine.begin() as connection:
            connection.execute(text(statement))


def test_a_day_before_the_year_is_refused(klein_engine: Engine):
    with scope_of(klein_engine) as scope, pytest.raises(Refusal):
        evaluate(scope, CONTRACT, date(2024, 12, 31), AT)


def test_the_night_looks_at_years_that_can_still_change(klein_engine: Engine):
    done = jobs.evaluate_all(klein_engine, datetime(2026, 1, 10, 1, tzinfo=UTC))
    assert {key: [(one.as_of, one.looked) for one in looks] for key, looks in done.items()} == {
        (LEAD, CONTRACT): [(date(2026, 1, 9), True)]
    }
    assert jobs.evaluate_all(klein_engine, datetime(2025, 1, 1, 1, tzinfo=UTC)) == {}
    assert jobs.evaluate_all(klein_engine, datetime(2027, 1, 1, 1, tzinfo=UTC)) == {}


def test_what_was_frozen_is_looked_at_day_by_day_and_once(klein_engine: Engine):
    freeze(klein_engine, said(SEPTEMBER, 9_000_000, 0))
    freeze(klein_engine, said(AUGUST, 11_000_000, 0))
    looks = jobs.evaluate_frozen(klein_engine, LEAD, CONTRACT, AT)
    assert [(one.as_of, [made.kind.value for made in one.written]) for one in looks] == [
        (AUGUST, ["raised"]), (SEPTEMBER, ["cleared"]),
    ]  # fmt: skip
    assert jobs.evaluate_frozen(klein_engine, LEAD, CONTRACT, AT) == ()
