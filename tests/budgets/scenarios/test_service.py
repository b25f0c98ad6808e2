"""What if on the small example year: frozen forecasts, scenarios kept by name, and who sees which."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from budgets.forecast.service import freeze
from budgets.meeting.service import look
from budgets.scenarios import service, store
from budgets.scenarios.layout import simulation_from, simulation_json
from budgets.scenarios.model import BASE, Move, Scenario
from budgets.scenarios.outcomes import margin_text
from budgets.settlement.service import settle_contract
from lead_contractor.access.hand import Hand
from lead_contractor.contract.store import find_contract
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.refusals import NotFound, Refusal
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.model import FormCode
from tests.klein import AT

NOW = datetime(2026, 6, 20, 10, 0, tzinfo=UTC)
CARLA = Hand(7, "Carla")
KWIKSTAART = "99990101"
MORE = Scenario(inflow_percent=Decimal(10), waiting_percent=Decimal(50))
MOVED = Scenario(moves=(Move(KWIKSTAART, FormCode.LUMP_SUM, Month(2025, 10)),))


class Year:
    """The year with a frozen forecast."""

    def __init__(self, engine, day: date = date(2025, 8, 31)):
        self.engine = engine
        with reading(engine) as connection:
            self.lead, self.contract = find_contract(connection, "KL-2025")
        with writing(engine) as connection:
            self.frozen = freeze(Scope(connection, self.lead), self.contract, day, NOW)

    def what_if(self, scenario: Scenario = BASE):
        with reading(self.engine) as connection:
            return service.what_if(Scope(connection, self.lead), self.contract, self.frozen, scenario, 500)

    def save(self, name: str, scenario: Scenario = MORE, **others):
        made = self.what_if(scenario)
        with writing(self.engine) as connection:
            scope = Scope(connection, self.lead)
            return service.save(scope, self.contract, self.frozen, name, made, CARLA, NOW, **others)

    def archive(self, identity: int, **others):
        with writing(self.engine) as connection:
            return service.archive(Scope(connection, self.lead), self.contract, identity, CARLA, NOW, **others)

    def newest(self, **others):
        with reading(self.engine) as connection:
            return store.newest(Scope(connection, self.lead), self.contract, **others)


@pytest.fixture
def year(klein_engine):
    return Year(klein_engine)


def test_the_base_is_the_frozen_forecast(year):
    found, forecast = year.what_if().base, year.frozen.forecast
    assert found.point == forecast.point
    assert (found.subcontractors.p10, found.subcontractors.p90) == (forecast.band.low80, forecast.band.high80)


def test_nothing_changed_says_what_the_meeting_says_to_the_cent(year):
    with reading(year.engine) as connection:
        meeting = look(Scope(connection, year.lead), year.contract, Month(2025, 8)).outlook
    base = year.what_if().base
    assert meeting is not None
    assert base.subcontractors.middle == meeting.subcontractors.point
    assert base.result.middle == meeting.result.point
    assert margin_text(base.margin.middle) == meeting.margin.point
    assert base.repaid.middle == meeting.repaid.point
    assert base.cap == meeting.cap


def test_what_was_kept_before_there_was_a_middle_shows_its_median(year):
    made = simulation_json(year.what_if(MORE))
    for ending in (made["base"], made["ending"]):
        ending |= {name: one["values"] for name, one in ending.items() if isinstance(one, dict)}
    made |= {"kept": 1} | {name: made[name]["values"] for name in ("difference", "result_difference")}
    found = simulation_from(made)
    assert found.ending.result.middle == found.ending.result.p50 == found.ending.result.values[49]


def test_a_closed_year_comes_out_as_it_was_settled(klein_engine):
    year = Year(klein_engine, date(2026, 5, 31))
    with writing(klein_engine) as connection:
        scope = Scope(connection, year.lead)
        settled = settle_contract(scope, year.contract, AT)
        outlook = service.outlook_of(scope, year.contract, year.frozen)
    assert outlook.settlement.result == settled.result == Cents(13_796_40)
    assert outlook.settlement.revenue == settled.revenue
    assert outlook.settlement.cost.by_form == settled.cost.by_form
    assert outlook.repaid.point == settled.surplus.repaid == Cents(2_154_59)
    assert outlook.settlement.balance_due == settled.balance_due
    base = year.what_if().base
    assert set(base.result.values) == {int(settled.result)}
    assert set(base.entitlement.values) == {int(settled.entitlement)}
    assert base.chance_repaid == 1.0


def test_only_what_was_known_on_the_day_counts(year):
    with reading(year.engine) as connection:
        grounds = service.grounds_of(Scope(connection, year.lead), year.contract, year.frozen, scenarios=True)
    assert max(cost.date for cost in grounds.own_costs) <= date(2025, 8, 31)
    assert max(count.date for count in grounds.counts) == date(2025, 8, 31)
    assert grounds.received == Cents(19_233_50 * 7 + 18_271_82)
    assert grounds.ceilings[0].cents == Cents(16_500_00)
    assert grounds.stay_months == pytest.approx(23.7, abs=0.1)


def test_a_scenario_is_kept_with_what_came_out_and_comes_back_the_same(year):
    made = year.what_if(MORE)
    saved = year.save("  Meer   instroom ")
    assert (saved.name, saved.version, saved.frozen_id) == ("Meer instroom", 1, year.frozen.id)
    assert saved.scenario == MORE
    assert saved.result == made


def test_saving_under_the_same_name_adds_a_version_and_archiving_keeps_them_all(year):
    year.save("Meer instroom")
    second = year.save("Meer instroom", MOVED)
    assert second.version == 2
    assert [one.scenario for one in year.newest()] == [MOVED]
    year.archive(second.id)
    assert year.newest() == ()
    assert [one.version for one in year.newest(archived=True)] == [3]
    with pytest.raises(NotFound):
        year.archive(second.id)
    assert year.save("Meer instroom").version == 4
    assert len(year.newest()) == 1


def test_what_was_kept_can_not_be_changed_or_deleted(year):
    year.save("Meer instroom")
    for statement in ("UPDATE scenario SET name = 'anders'", "DELETE FROM scenario"):
        with pytest.raises(DatabaseError, match="append-only"), writing(year.engine) as connection:
            connection.execute(text(statement))


def test_each_side_sees_its_own_and_what_is_shared_and_no_moves_without_names(year):
    year.save("Onderhandeling", MOVED)
    year.save("Gedeeld", MORE, shared=True)
    year.save("Gedeeld met namen", MOVED, shared=True)
    year.save("Gemeente", MORE, party="1999", shared=True)
    known = year.newest()

    def names(party: str, *, sees: bool) -> set[str]:
        return {one.name for one in store.seen_by(known, party, sees_subcontractors=sees)}

    assert names("", sees=True) == {"Onderhandeling", "Gedeeld", "Gedeeld met namen", "Gemeente"}
    assert names("1999", sees=False) == {"Gedeeld", "Gemeente"}
    assert names("1999", sees=True) == {"Gedeeld", "Gedeeld met namen", "Gemeente"}
    theirs = next(one for one in known if one.party == "1999")
    with pytest.raises(NotFound):
        year.archive(theirs.id)
    assert year.archive(theirs.id, party="1999").archived


@pytest.mark.parametrize(
    ("scenario", "said"),
    [
        (Scenario(inflow_percent=Decimal(101)), "tussen -100 en 100"),
        (Scenario(cap_percent=Decimal(-1)), "tussen 0 en 100"),
        (Scenario(inflow_percent=Decimal(5), inflow_from=Month(2025, 8)), "nog niet voorbij"),
        (Scenario(waiting_percent=Decimal(5), waiting_from=Month(2026, 1)), "nog niet voorbij"),
        (Scenario(moves=(Move(KWIKSTAART, FormCode.PXQ, Month(2025, 10)),)), "Kies er een"),
        (Scenario(moves=(Move("99990104", FormCode.FTE, Month(2025, 10)),)), "geen P×Q"),
        (Scenario(moves=(Move(KWIKSTAART, FormCode.FTE, Month(2025, 10), Cents(-1)),)), "nul of meer"),
        (Scenario(moves=MOVED.moves * 2), "maar één keer"),
    ],
    ids=["inflow", "cap", "past", "next-year", "to-pxq", "no-pxq", "below-zero", "twice"],
)
def test_what_cannot_be_is_refused_in_words(klein_engine, scenario, said):
    year = Year(klein_engine)
    with pytest.raises(Refusal, match=said):
        year.what_if(scenario)


def test_a_scenario_needs_a_name_and_something_in_it(year):
    for name, scenario in (("", MORE), ("x" * 81, MORE), ("Basis", BASE)):
        with pytest.raises(Refusal):
            year.save(name, scenario)


def test_another_lead_contractor_sees_nothing_of_it(year):
    saved = year.save("Meer instroom", shared=True)
    with reading(year.engine) as connection:
        other = Scope(connection, year.lead + 1)
        assert store.newest(other, year.contract) == ()
        assert store.by_id(other, year.contract, saved.id) is None
        with pytest.raises(NotFound):
            service.what_if(other, year.contract, year.frozen, BASE)
