"""A tariff that changes afterwards: the dry run, the run, and what it leaves in lines, answers and books."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.exc import IntegrityError

from lead_contractor.access.hand import Hand
from lead_contractor.allocation.tables import allocation
from lead_contractor.books import accounts
from lead_contractor.books.prove import check_books
from lead_contractor.contract.tables import contract as contract_table
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.refusals import Conflict, NotAllowed, NotFound, Refusal
from subcontractors.agreements.store import tariffs
from subcontractors.corrections import service, store
from subcontractors.corrections.model import Kind, Outside, TakenBack, TariffChange
from subcontractors.declarations.answers import answers
from subcontractors.declarations.prove import check_lines
from tests.subcontractors.declarations.scene import ANNA, THUIS_VERDER, WIJKTEAM, allocated, credit, debit

CARLA, DIRK = Hand(1, "Carla"), Hand(2, "Dirk")
JUNE = date(2025, 6, 16)
AT = datetime(2025, 6, 16, 9, tzinfo=UTC)
BETTER = TariffChange(THUIS_VERDER, "02A03", "04", Cents(5857), date(2025, 1, 1), date(2025, 6, 30), "addendum 3")
HOURLY = TariffChange(THUIS_VERDER, "02A05", "04", Cents(9000), date(2025, 1, 1), None, "addendum 4")


def minutes(reference, many=95, **changes):
    """Minutes of 02A05 at 87.35 an hour, shown as 1.46 a minute: 95 minutes are 138.30 (rule 11)."""
    own = {"allocation": "1002", "product_code": "02A05", "unit": "01", "tariff": "1.46", "amount": "138.30", **changes}
    return debit(reference, many, **own)


def by_the_minute():
    return allocated("1002", "600 minutes a month", product_code="02A05")


def changed(contract, change=BETTER):
    made = service.propose_tariff(contract.scope, 1, change, CARLA, AT, "herziening met terugwerkende kracht")
    return service.approve_tariff(contract.scope, 1, made.id, DIRK, AT)


def tried(contract, kind=Kind.DIFFERENCE, day=JUNE):
    return service.dry_run(contract.scope, contract.vault, contract.intake, kind, day, AT)


def proposed(contract, kind=Kind.DIFFERENCE, day=JUNE, reason=""):
    made, _ = service.propose_run(contract.scope, contract.vault, contract.intake, kind, CARLA, day, AT, reason)
    return made


def done(contract, kind=Kind.DIFFERENCE, day=JUNE, reason=""):
    made = proposed(contract, kind, day, reason)
    return service.approve_run(contract.scope, contract.vault, contract.intake, made.id, DIRK, day, AT)


def proved(contract):
    check_books(contract.scope, 1)
    check_lines(contract.scope, 1)


def test_the_dry_run_shows_old_new_and_difference_to_the_cent(contract):
    year = contract(allocated("1001"), by_the_minute())
    year.send(debit("A1"), minutes("A2"))  # 334.80 and 138.30
    assert tried(year).changes == ()
    changed(year)
    changed(year, HOURLY)
    found = tried(year)
    told = {
        one.line.reference: (one.line.tariff, one.new_tariff, one.line.amount, one.new_amount, one.difference)
        for one in found.changes
    }
    assert told == {
        "A1": (5580, 5857, 334_80, 351_42, 16_62),
        "A2": (146, 150, 138_30, 142_50, 4_20),
    }
    assert found.by_agreement == {"PXQ-1": 20_82}
    assert found.difference == 20_82
    assert year.booked(accounts.COST_PXQ) == 473_10, "nothing was kept"


def test_a_small_change_of_the_hour_shows_in_minutes_though_their_tariff_is_the_same(contract):
    year = contract(by_the_minute())
    year.send(minutes("A2"))
    # 87.36 an hour is 1.456 a minute, still shown as 1.46; 95 minutes are 138.32.
    changed(year, TariffChange(THUIS_VERDER, "02A05", "04", Cents(8736), date(2025, 1, 1), None, "addendum"))
    (found,) = tried(year).changes
    assert (found.new_tariff, found.new_amount, found.difference) == (146, 138_32, 2)
    done(year)
    assert year.booked(accounts.PAYABLE) == 138_32
    proved(year)


def test_the_run_credits_and_declares_anew_through_the_engine(contract):
    year = contract(allocated("1001"), allocated("1003", bsn=ANNA))
    year.send(debit("A1"), debit("A2", 10, allocation="1003", bsn=ANNA))  # 334.80 + 558.00
    changed(year)
    outcome = done(year)
    assert outcome.difference == 16_62 + 27_70
    assert year.booked(accounts.COST_PXQ) == 351_42 + 585_70
    assert year.booked(accounts.PAYABLE) == 351_42 + 585_70
    assert year.booked(accounts.DECLARED) == 351_42 + 585_70
    assert year.booked(accounts.REJECTED) == 0
    proved(year)
    (message,) = answers(year.scope, 1, only=outcome.messages)
    assert (message.channel, message.sender, message.declaration_codes) == ("correction", THUIS_VERDER, ("8001",))
    assert (message.submitted, message.granted) == (44_32, 44_32)
    told = [(line.reference, line.previous_reference, line.credit, line.volume, line.amount) for line in message.lines]
    assert told == [
        ("HS-DR-0002-0000001", "A1", True, 6, 334_80),
        ("HS-DR-0002-0000002", "", False, 6, 351_42),
        ("HS-DR-0002-0000003", "A2", True, 10, 558_00),
        ("HS-DR-0002-0000004", "", False, 10, 585_70),
    ]
    assert {(line.period_from, line.period_to) for line in message.lines} == {(date(2025, 4, 1), date(2025, 4, 30))}
    assert message.received == JUNE


def test_running_again_changes_nothing(contract):
    year = contract(allocated("1001"))
    year.send(debit("A1"))
    changed(year)
    done(year)
    assert tried(year).changes == ()
    with pytest.raises(Refusal, match="niets te corrigeren"):
        proposed(year)
    assert year.booked(accounts.COST_PXQ) == 351_42


def test_the_tariff_may_change_twice(contract):
    year = contract(allocated("1001"))
    year.send(debit("A1"))
    changed(year)
    done(year)
    changed(year, TariffChange(THUIS_VERDER, "02A03", "04", Cents(5600), date(2025, 4, 1), date(2025, 4, 30), "b"))
    assert done(year).difference == 336_00 - 351_42
    assert year.booked(accounts.PAYABLE) == 336_00
    proved(year)


def test_what_was_refused_credited_or_priced_otherwise_is_left_alone(contract):
    year = contract(allocated("1001"), allocated("1003", bsn=ANNA))
    year.send(debit("A1"), debit("A2", 6, "60.00", allocation="1003", bsn=ANNA))  # A2: wrong tariff, refused
    year.send(debit("A3", 6, "58.57", month=Month(2025, 7)), month=Month(2025, 7))
    year.send(credit("A4", debit("A1")), month=Month(2025, 7))
    changed(year)
    assert tried(year).changes == ()


def test_the_provider_can_credit_the_new_line_itself(contract):
    year = contract(allocated("1001"))
    year.send(debit("A1"))
    changed(year)
    done(year)
    assert store.lines_that_differ(year.scope, 1) == []
    new = debit("HS-DR-0002-0000002", 6, "58.57")
    assert year.codes(credit("A9", new), month=Month(2025, 5), received=date(2025, 6, 20)) == {"A9": ()}
    assert year.booked(accounts.PAYABLE) == 0
    proved(year)


def test_a_line_that_the_engine_would_refuse_is_left_and_named(contract):
    year = contract(allocated("1001", "", budget=Cents(340_00)), allocated("1003", bsn=ANNA))
    year.send(debit("A1"), debit("A2", allocation="1003", bsn=ANNA))
    changed(year)
    found = tried(year)
    assert [change.line.reference for change in found.changes] == ["A2"]
    assert [(change.line.reference, change.codes) for change in found.blocked] == [("A1", ("9369",))]
    done(year)
    assert year.booked(accounts.PAYABLE) == 334_80 + 351_42
    proved(year)


def test_two_people(contract):
    year = contract(allocated("1001"))
    year.send(debit("A1"))
    own = service.propose_tariff(year.scope, 1, BETTER, CARLA, AT, "addendum")
    with pytest.raises(NotAllowed, match="Een ander dan de maker"):
        service.approve_tariff(year.scope, 1, own.id, CARLA, AT)
    service.approve_tariff(year.scope, 1, own.id, DIRK, AT)
    run = proposed(year)
    with pytest.raises(NotAllowed, match="Een ander dan de maker"):
        service.approve_run(year.scope, year.vault, year.intake, run.id, CARLA, JUNE, AT)
    with pytest.raises(Conflict, match="wacht al een voorstel"):
        proposed(year)
    with pytest.raises(IntegrityError), year.scope.connection.begin_nested():
        store.decide(year.scope, run, CARLA, AT, "", approved=True)
    service.reject(year.scope, 1, run.id, CARLA, AT, "toch niet")
    with pytest.raises(Conflict, match="al beslist"):
        service.approve_run(year.scope, year.vault, year.intake, run.id, DIRK, JUNE, AT)
    assert year.booked(accounts.PAYABLE) == 334_80


def test_an_approval_is_of_what_was_proposed(contract):
    year = contract(allocated("1001"), allocated("1003", bsn=ANNA))
    year.send(debit("A1"), debit("A2", allocation="1003", bsn=ANNA))
    changed(year)
    run = proposed(year)
    year.send(credit("A3", debit("A1")), month=Month(2025, 5), received=date(2025, 6, 17))
    with pytest.raises(Conflict, match="iets veranderd"):
        service.approve_run(year.scope, year.vault, year.intake, run.id, DIRK, JUNE, AT)


def test_outside_the_window_a_reason_is_asked(contract):
    year = contract(allocated("1001"))
    year.send(debit("A1"))  # approved on 6 May 2025: until 6 July
    changed(year)
    late = date(2025, 7, 7)
    (found,) = tried(year, day=late).changes
    assert (found.window.until, found.window.outside) == (date(2025, 7, 6), (Outside.TWO_MONTHS,))
    with pytest.raises(Refusal, match="buiten de correctietermijn"):
        proposed(year, day=late)
    done(year, day=late, reason="addendum 3 werkt terug tot 1 januari")
    assert year.booked(accounts.COST_PXQ) == 351_42


def test_after_the_last_day_for_corrections_it_counts_in_no_settlement(contract):
    year = contract(allocated("1001"))
    year.send(debit("A1"))
    changed(year)
    late = date(2026, 6, 1)
    (found,) = tried(year, day=late).changes
    assert found.window.outside == (Outside.TWO_MONTHS, Outside.YEAR_CLOSED)
    done(year, day=late, reason="uitspraak van de rechter")
    assert year.booked(accounts.COST_PXQ) == 334_80
    assert year.booked(accounts.COST_AFTER_CUT_OFF) == 16_62
    assert year.booked(accounts.PAYABLE) == 351_42
    proved(year)


def test_between_cut_off_and_the_last_day_for_corrections_it_counts(contract):
    year = contract(allocated("1001"))
    year.send(debit("A1"))
    changed(year)
    done(year, day=date(2026, 5, 31), reason="laatste correctiedag")
    assert year.booked(accounts.COST_PXQ) == 351_42
    proved(year)


def test_a_year_that_is_settled_for_good_is_not_corrected(contract):
    year = contract(allocated("1001"))
    year.send(debit("A1"))
    changed(year)
    year.scope.update(contract_table, {"id": 1}, final_at=AT)
    with pytest.raises(Conflict, match="definitief afgerekend"):
        proposed(year)
    with pytest.raises(Conflict, match="definitief afgerekend"):
        service.propose_tariff(year.scope, 1, HOURLY, CARLA, AT, "addendum")


def test_the_series_passes_over_names_that_the_provider_used(contract):
    year = contract(allocated("1001"), allocated("1003", bsn=ANNA))
    year.send(debit("HS-DR-0002-0000001"), debit("A2", allocation="1003", bsn=ANNA))
    changed(year)
    outcome = done(year)
    (message,) = answers(year.scope, 1, only=outcome.messages)
    assert {line.reference[:11] for line in message.lines} == {"HS-DR-0002A"}
    proved(year)


def test_a_new_tariff_keeps_the_old_one_in_history(contract):
    year = contract(allocated("1001"))
    made = changed(
        year,
        TariffChange(THUIS_VERDER, "02A03", "04", Cents(5700), date(2025, 3, 1), date(2025, 8, 31), "addendum 3"),
    )
    now = [
        (one.valid_from, one.valid_to, int(one.tariff))
        for one in tariffs(year.scope, 1)
        if (one.product_code, one.unit) == ("02A03", "04")
    ]
    assert now == [
        (date(2025, 1, 1), date(2025, 2, 28), 5580),
        (date(2025, 3, 1), date(2025, 8, 31), 5700),
        (date(2025, 9, 1), None, 5857),
    ]
    old = [(one.valid_from, one.valid_to, int(one.tariff)) for one in store.replaced_tariffs(year.scope, made.id)]
    assert old == [(date(2025, 1, 1), date(2025, 6, 30), 5580), (date(2025, 7, 1), None, 5857)]
    assert (made.reason, made.tariff and made.tariff.source) == ("herziening met terugwerkende kracht", "addendum 3")


def test_a_tariff_that_makes_no_sense_is_refused(contract):
    year = contract(allocated("1001"))
    first, last = date(2025, 1, 1), date(2025, 12, 31)
    stories = {
        "bron": TariffChange(THUIS_VERDER, "02A03", "04", Cents(1), first, last, " "),
        "nul of meer": TariffChange(THUIS_VERDER, "02A03", "04", Cents(-1), first, last, "a"),
        "vóór de begindatum": TariffChange(THUIS_VERDER, "02A03", "04", Cents(1), last, first, "a"),
        "heeft geen tarief": TariffChange(THUIS_VERDER, "02A03", "83", Cents(1), first, last, "a"),
        "geldt al": TariffChange(THUIS_VERDER, "02A03", "04", Cents(5857), last, None, "a"),
    }
    for said, change in stories.items():
        with pytest.raises(Refusal, match=said):
            service.propose_tariff(year.scope, 1, change, CARLA, AT, "reden")
    with pytest.raises(Refusal, match="reden"):
        service.propose_tariff(year.scope, 1, BETTER, CARLA, AT, "")
    with pytest.raises(NotFound, match="geen overeenkomst"):
        service.propose_tariff(
            year.scope, 1, TariffChange("41410009", "02A03", "04", Cents(1), first, last, "a"), CARLA, AT, "reden"
        )
    assert WIJKTEAM != "41410009"


def test_a_withdrawn_allocation_asks_to_take_back_what_was_approved_on_it(contract):
    year = contract(allocated("1001"), allocated("1003", bsn=ANNA))
    year.send(debit("A1"), debit("A2", allocation="1003", bsn=ANNA))
    year.scope.update(allocation, {"number": "1001"}, reason_change="13")
    (found,) = service.changes_of(year.scope, year.intake, Kind.TAKE_BACK, JUNE)
    assert (found.line.reference, found.why, found.difference) == ("A1", TakenBack.WITHDRAWN, -334_80)
    outcome = done(year, Kind.TAKE_BACK)
    assert outcome.difference == -334_80
    assert year.booked(accounts.PAYABLE) == 334_80
    (message,) = answers(year.scope, 1, only=outcome.messages)
    assert [(line.reference, line.previous_reference, line.accepted) for line in message.lines] == [
        ("HS-TB-0001-0000001", "A1", True)
    ]
    proved(year)
    assert tried(year, Kind.TAKE_BACK).changes == ()


def test_a_shortened_allocation_asks_to_take_back_what_lies_behind_its_new_end(contract):
    year = contract(allocated("1001"))
    year.send(debit("A1"))
    year.send(debit("A2", month=Month(2025, 5)), month=Month(2025, 5), received=date(2025, 6, 5))
    end = date(2025, 4, 30)
    year.scope.update(allocation, {"number": "1001"}, end_date=end, end_day=end.toordinal(), reason_change="12")
    (found,) = service.changes_of(year.scope, year.intake, Kind.TAKE_BACK, JUNE)
    assert (found.line.reference, found.why) == ("A2", TakenBack.SHORTENED)
    assert service.changes_of(year.scope, year.intake, Kind.TAKE_BACK, JUNE, sender=WIJKTEAM) == ()


def test_the_provider_itself_may_credit_a_line_on_a_withdrawn_allocation_or_an_old_tariff(contract):
    year = contract(allocated("1001"), allocated("1003", bsn=ANNA))
    one, two = debit("A1"), debit("A2", allocation="1003", bsn=ANNA)
    year.send(one, two)
    year.scope.update(allocation, {"number": "1001"}, reason_change="13")
    changed(year)
    later = {"month": Month(2025, 5), "received": date(2025, 6, 20)}
    assert year.codes(credit("A3", one), credit("A4", two), **later) == {"A3": (), "A4": ()}
    assert year.booked(accounts.PAYABLE) == 0
    proved(year)
    # What equals no approved line is judged as always.
    strange = credit("A5", debit("A9", 5, "50.00"))
    assert year.codes(strange, month=Month(2025, 5), received=date(2025, 6, 21))["A5"] == ("8017", "9384", "0611")


def test_another_lead_contractor_sees_nothing_of_it(engine):
    from lead_contractor.kernel.database import writing
    from tests.subcontractors.declarations.books import tenant
    from tests.subcontractors.declarations.scene import Contract

    with writing(engine) as connection:
        year = Contract(tenant(connection), allocated("1001"))
        year.send(debit("A1"))
        other = Contract(tenant(connection, "42420002"), allocated("1001"))
        changed(year)
        proposed(year)
        assert tried(other).changes == ()
        assert store.proposals(other.scope, 1) == ()
