"""Letting refused lines pass: two people, only what the agreement allows, and books that prove it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError

from budgets.settlement.store import latest
from lead_contractor.access.hand import Hand
from lead_contractor.books import accounts
from lead_contractor.books.tables import transfer
from lead_contractor.contract.tables import contract
from lead_contractor.kernel.refusals import Conflict, NotAllowed, NotFound, Refusal
from lead_contractor.kernel.tenancy import Scope
from subcontractors.decisions import service, store
from subcontractors.decisions.model import Decision, Kind, Proposed, State, not_passable
from subcontractors.decisions.tables import line_decision, line_decision_item, line_decision_verdict
from subcontractors.declarations import answers
from subcontractors.declarations.checks import codes_of
from subcontractors.declarations.tables import declaration_line, message
from subcontractors.payments import service as paying
from subcontractors.payments.model import Kind as Source
from tests.subcontractors.payments.scene import AT, CARLA, DIRK, Year

VOLUME, EARLY, TWICE, NOWHERE = "R2502-00011", "R2505-00030", "R2502-00008", "R2502-00007"
SENT_ANEW = "R2510-00069"
WHY = "Afgesproken met de aanbieder"


def line(scope: Scope, reference: str) -> int:
    rows = scope.rows(
        scope.select(declaration_line.c.id)
        .where(declaration_line.c.reference == reference)
        .order_by(declaration_line.c.id)
    )
    return int(rows[-1].id)


def codes(year: Year, reference: str) -> tuple[str, ...]:
    with year.writing() as scope:
        row = scope.one(scope.select(declaration_line).where(declaration_line.c.id == line(scope, reference)))
    return codes_of(int(row.codes))


def granted(year: Year, reference: str) -> int:
    with year.writing() as scope:
        row = scope.one(scope.select(declaration_line).where(declaration_line.c.id == line(scope, reference)))
        return int(scope.one(scope.select(message).where(message.c.id == row.message_id)).granted_cents)


def proposed(year: Year, *references: str, kind: Kind = Kind.OVERRIDE, by: Hand = CARLA) -> Proposed:
    with year.writing() as scope:
        ids = [line(scope, reference) for reference in references]
        return service.propose(scope, year.contract, kind, ids, WHY, by, AT)


def approved(year: Year, *references: str) -> Decision:
    made = proposed(year, *references).decision
    assert made is not None
    with year.writing() as scope:
        return service.approve(scope, made.id, DIRK, AT, "Akkoord")


def test_a_line_passes_counts_as_approved_and_becomes_payable(year: Year):
    before = {name: year.booked(name) for name in (accounts.REJECTED, accounts.APPROVED, accounts.COST_PXQ)}
    payable, stood = year.left(), granted(year, VOLUME)
    decision = approved(year, VOLUME)
    assert decision.state is State.APPROVED
    assert [one.outcome.done for one in decision.lines if one.outcome] == [True]
    assert decision.lines[0].codes == ("9321",)
    assert codes(year, VOLUME) == ()
    assert granted(year, VOLUME) == stood + 72_540
    assert year.booked(accounts.REJECTED) == before[accounts.REJECTED] - 72_540
    assert year.booked(accounts.APPROVED) == before[accounts.APPROVED] + 72_540
    assert year.booked(accounts.COST_PXQ) == before[accounts.COST_PXQ] + 72_540
    assert year.left() == payable + 72_540
    year.proved()


def test_the_settlement_follows_to_the_cent(year: Year):
    year.proved()
    with year.writing() as scope:
        before = latest(scope, year.contract)
    approved(year, VOLUME, EARLY)
    year.proved()
    with year.writing() as scope:
        after = latest(scope, year.contract)
    assert before is not None
    assert after is not None
    was, now = before.result["declarations"], after.result["declarations"]
    assert now["approved"] - was["approved"] == 72_540 + 5_580
    assert now["rejected"] - was["rejected"] == -(72_540 + 5_580)
    assert now["declared"] == was["declared"]


def test_transfers_name_the_decision_and_what_they_turn_back(year: Year):
    decision = approved(year, VOLUME)
    with year.writing() as scope:
        rows = scope.rows(scope.select(transfer).where(transfer.c.source.like("decision:%")).order_by(transfer.c.id))
        turned = scope.one(scope.select(transfer).where(transfer.c.id == rows[0].reverses_id))
    assert {row.source for row in rows} == {f"decision:{decision.id:09d}/{turned.source}"}
    assert (turned.debit_account, turned.credit_account) == (accounts.REJECTED, accounts.ASSESSMENT)
    assert [(row.debit_account, row.credit_account, row.cents) for row in rows] == [
        (accounts.ASSESSMENT, accounts.REJECTED, 72_540),
        (accounts.APPROVED, accounts.ASSESSMENT, 72_540),
        (accounts.COST_PXQ, accounts.PAYABLE, 72_540),
    ]


def test_a_decision_shortly_after_midnight_is_of_the_new_day_and_month(year: Year):
    """Half past midnight on 1 July, in UTC still 30 June: recorded in July, payable thirty days after 1 July."""
    made = proposed(year, VOLUME).decision
    assert made is not None
    with year.writing() as scope:
        service.approve(scope, made.id, DIRK, datetime(2026, 6, 30, 22, 30, tzinfo=UTC), "Akkoord")
        rows = scope.rows(scope.select(transfer).where(transfer.c.source.like("decision:%")))
        assert {row.recorded_month for row in rows} == {"2026-07"}
        due = [one for one in paying.payables(scope, year.contract) if one.kind is Source.DECISION]
        assert [(one.due_on, one.cents) for one in due] == [(date(2026, 7, 31), 72_540)]


def test_many_lines_in_one_decision_each_with_its_own_result(year: Year):
    made = proposed(year, VOLUME, EARLY, TWICE, NOWHERE)
    assert made.decision is not None
    assert (made.decision.count, made.decision.cents) == (2, 72_540 + 5_580)
    said = {one.line_id: one.why for one in made.refused}
    with year.writing() as scope:
        assert "9389 niet passeren" in said[line(scope, TWICE)]
        assert "hoort geen overeenkomst met toewijzing" in said[line(scope, NOWHERE)]


@pytest.mark.parametrize("reference", ["R2504-00030", "R2503-00016", "R2502-00009", "R2508-00054"])
def test_what_may_never_pass_does_not(year: Year, reference: str):
    made = proposed(year, reference)
    assert made.decision is None
    assert made.refused[0].why


def test_a_line_that_was_sent_anew_and_approved_is_not_passed_as_well(year: Year):
    made = proposed(year, SENT_ANEW)
    assert made.decision is None
    assert "9389" in made.refused[0].why


def test_an_agreement_that_allows_nothing_lets_nothing_pass(year: Year):
    with year.writing() as scope:
        scope.sql("UPDATE agreement SET terms = '' WHERE lead_contractor_id = :lead")
    made = proposed(year, VOLUME)
    assert made.decision is None
    assert "laat 9321 niet passeren" in made.refused[0].why


def test_codes_that_cannot_pass_stay_whatever_the_agreement_says():
    assert not_passable(("9321", "9389"), ("9321", "9389")) == ("9389",)
    assert not_passable(("9321",), ()) == ("9321",)
    assert not_passable(("9321",), ("9321",)) == ()


def test_the_maker_does_not_judge_and_the_database_refuses_it_too(year: Year):
    made = proposed(year, VOLUME).decision
    assert made is not None
    with year.writing() as scope, pytest.raises(NotAllowed, match="collega"):
        service.approve(scope, made.id, CARLA, AT, "ja")
    row = {
        "decision_id": made.id,
        "made_by": CARLA.user_id,
        "approved": True,
        "reason": "ja",
        "decided_by": CARLA.user_id,
        "decided_by_name": "Carla",
        "decided_at": AT,
    }
    with pytest.raises(IntegrityError), year.writing() as scope:
        scope.insert(line_decision_verdict, [row])
    with pytest.raises(IntegrityError), year.writing() as scope:
        scope.insert(line_decision_verdict, [{**row, "made_by": 9}])
    assert codes(year, VOLUME) == ("9321",)


def test_pressing_twice_does_one_thing(year: Year):
    approved(year, VOLUME)
    again = proposed(year, VOLUME)
    assert again.decision is None
    assert "al goedgekeurd" in again.refused[0].why
    waits = proposed(year, EARLY).decision
    assert waits is not None
    assert "ligt al een voorstel" in proposed(year, EARLY).refused[0].why
    with year.writing() as scope:
        service.approve(scope, waits.id, DIRK, AT, "Akkoord")
    with year.writing() as scope, pytest.raises(Conflict, match="al geoordeeld door Dirk"):
        service.approve(scope, waits.id, DIRK, AT, "Akkoord")
    year.proved()


def test_a_rejected_proposal_opens_its_lines_again(year: Year):
    made = proposed(year, VOLUME).decision
    assert made is not None
    with year.writing() as scope:
        service.reject(scope, made.id, DIRK, AT, "Niet nodig")
    assert codes(year, VOLUME) == ("9321",)
    assert proposed(year, VOLUME).decision is not None


def test_what_was_decided_is_never_changed(year: Year):
    made = approved(year, VOLUME)
    for table, where in (
        (line_decision, {"id": made.id}),
        (line_decision_item, {"decision_id": made.id}),
        (line_decision_verdict, {"decision_id": made.id}),
    ):
        with pytest.raises(DBAPIError, match="append-only"), year.writing() as scope:
            scope.delete(table, **where)


def test_a_line_whose_period_was_approved_meanwhile_does_not_pass(year: Year):
    """Between proposal and approval the provider sent the line anew, and that one was approved."""
    made = proposed(year, VOLUME).decision
    assert made is not None
    with year.writing() as scope:
        refused = line(scope, VOLUME)
        taken = scope.last_id(declaration_line) + 1
        names = [c.name for c in declaration_line.columns if c.name not in {"id", "reference", "codes"}]
        listed = ", ".join(names)
        scope.sql(
            f"INSERT INTO declaration_line (id, reference, codes, {listed}) "
            f"SELECT {taken}, 'OPNIEUW', 0, {listed} FROM declaration_line WHERE lead_contractor_id = :lead AND id = :id",
            id=refused,
        )
    with year.writing() as scope:
        done = service.approve(scope, made.id, DIRK, AT, "Akkoord")
        scope.delete(declaration_line, id=taken)
    outcome = done.lines[0].outcome
    assert outcome is not None
    assert (outcome.done, "9389" in outcome.why) == (False, True)
    assert codes(year, VOLUME) == ("9321",)
    year.proved()


def test_two_lines_of_one_allocation_and_period_do_not_both_pass(year: Year):
    """The second sees the first: the same period cannot be paid twice by one decision."""
    with year.writing() as scope:
        first = line(scope, VOLUME)
        second = scope.last_id(declaration_line) + 1
        names = [c.name for c in declaration_line.columns if c.name not in {"id", "reference", "position"}]
        listed = ", ".join(names)
        scope.sql(
            f"INSERT INTO declaration_line (id, reference, position, {listed}) SELECT {second}, 'TWEEDE', 999, {listed} "
            "FROM declaration_line WHERE lead_contractor_id = :lead AND id = :id",
            id=first,
        )
        made = service.propose(scope, year.contract, Kind.OVERRIDE, [first, second], WHY, CARLA, AT)
        assert made.decision is not None
        assert made.decision.count == 2
        done = service.approve(scope, made.decision.id, DIRK, AT, "Akkoord")
    found = {one.line_id: one.outcome for one in done.lines}
    assert [bool(found[n] and found[n].done) for n in (first, second)] == [True, False]  # type: ignore[union-attr]


def test_withdrawing_takes_two_people_and_turns_everything_back(year: Year):
    before = {name: year.booked(name) for name in accounts.ACCOUNTS}
    stood = granted(year, VOLUME)
    made = approved(year, VOLUME, EARLY)
    with year.writing() as scope:
        back = service.propose_withdrawal(scope, made.id, "Toch niet afgesproken", DIRK, AT).decision
        assert back is not None
        assert back.withdraws_id == made.id
    with year.writing() as scope, pytest.raises(NotAllowed):
        service.approve(scope, back.id, DIRK, AT, "ja")
    with year.writing() as scope:
        service.approve(scope, back.id, CARLA, AT, "Akkoord")
    assert codes(year, VOLUME) == ("9321",)
    assert codes(year, EARLY) == ("9307",)
    assert granted(year, VOLUME) == stood
    assert {name: year.booked(name) for name in accounts.ACCOUNTS} == before
    with year.writing() as scope, pytest.raises(Conflict, match="niets meer in te trekken"):
        service.propose_withdrawal(scope, made.id, "nog eens", DIRK, AT)
    year.proved()
    assert proposed(year, VOLUME).decision is not None, "a line that was taken back is open again"


def test_what_was_paid_before_a_withdrawal_is_set_off_afterwards(year: Year):
    made = approved(year, VOLUME)
    year.executed(until=AT.date() + timedelta(days=60))
    with year.writing() as scope:
        back = service.propose_withdrawal(scope, made.id, "Toch niet", CARLA, AT).decision
        assert back is not None
        service.approve(scope, back.id, DIRK, AT, "Akkoord")
        left = [one for one in paying.payables(scope, year.contract) if one.kind is Source.DECISION]
    assert sum(int(one.cents) for one in left) == -72_540
    year.proved()


def test_an_overridden_line_is_due_thirty_days_after_the_decision(year: Year):
    approved(year, VOLUME)
    with year.writing() as scope:
        row = scope.one(scope.select(declaration_line).where(declaration_line.c.id == line(scope, VOLUME)))
        own = [one for one in paying.payables(scope, year.contract) if one.kind is Source.DECISION]
        stands = paying.payment_of(scope, int(row.message_id))
        every = [one for one in paying.payables(scope, year.contract) if one.message_id == row.message_id]
    assert [(one.cents, one.due_on, one.message_id) for one in own] == [
        (72_540, AT.date() + timedelta(days=30), row.message_id)
    ]
    assert stands.payable == sum(int(one.cents) for one in every)


def test_asking_and_leaving_close_the_exception_and_change_nothing(year: Year):
    rejected = year.booked(accounts.REJECTED)
    asked = proposed(year, VOLUME, kind=Kind.ASK).decision
    left = proposed(year, TWICE, kind=Kind.LEAVE).decision
    assert asked is not None
    assert left is not None
    assert (asked.state, left.state) == (State.CLOSED, State.CLOSED)
    assert codes(year, VOLUME) == ("9321",)
    assert year.booked(accounts.REJECTED) == rejected
    with year.writing() as scope:
        about = asked.lines[0]
        assert service.asked_of(scope, about.message_id) == {about.line_id: WHY}
        with pytest.raises(Conflict, match="geen tweede persoon"):
            service.approve(scope, asked.id, DIRK, AT, "ja")
    assert proposed(year, VOLUME).decision is not None, "what was asked can still be passed"


def test_the_codes_of_before_are_kept_for_the_answer(year: Year):
    approved(year, VOLUME)
    with year.writing() as scope:
        assert store.overridden(scope, year.contract) == {line(scope, VOLUME): ("9321",)}


def test_after_a_final_settlement_nothing_passes(year: Year):
    made = proposed(year, VOLUME).decision
    assert made is not None
    with year.writing() as scope:
        scope.update(contract, {"id": year.contract}, final_at=AT)
    with year.writing() as scope, pytest.raises(Conflict, match="definitief"):
        service.approve(scope, made.id, DIRK, AT, "ja")


@pytest.mark.parametrize("reason", ["", "   ", "x" * 1001])
def test_a_decision_has_a_reason(year: Year, reason: str):
    with year.writing() as scope, pytest.raises(Refusal, match="reden"):
        service.propose(scope, year.contract, Kind.LEAVE, [1], reason, CARLA, AT)


def test_another_lead_contractor_sees_and_touches_nothing(year: Year):
    made = proposed(year, VOLUME).decision
    assert made is not None
    other = Year(year.engine, year.lead + 1, year.contract)
    with other.writing() as scope:
        for act in (
            lambda: service.get_decision(scope, made.id),
            lambda: service.approve(scope, made.id, DIRK, AT, "ja"),
            lambda: service.reject(scope, made.id, DIRK, AT, "nee"),
            lambda: service.propose_withdrawal(scope, made.id, "nee", DIRK, AT),
            lambda: service.propose(scope, year.contract, Kind.LEAVE, [made.lines[0].line_id], WHY, DIRK, AT),
        ):
            with pytest.raises(NotFound):
                act()


def test_the_325_stays_as_it_was_sent_and_our_own_answer_follows(year: Year):
    with year.writing() as scope:
        row = scope.one(scope.select(declaration_line).where(declaration_line.c.id == line(scope, EARLY)))
        (before,) = answers.answers(scope, year.contract, only=[int(row.message_id)])
    approved(year, EARLY)
    with year.writing() as scope:
        (after,) = answers.answers(scope, year.contract, only=[int(row.message_id)])
    told = {one["reference"]: one for one in answers.to_json([after])["declarations"][0]["lines"]}
    assert told[EARLY] == {
        "reference": EARLY,
        "allocation": told[EARLY]["allocation"],
        "accepted": True,
        "codes": [],
        "reasons": [],
        "overridden": ["9307"],
    }
    assert after.granted == before.granted + 5_580
    sent = {one.reference: one.codes for one in before.lines}
    assert {one.reference: one.overridden or one.codes for one in after.lines} == sent
    assert after.declaration_codes == before.declaration_codes
