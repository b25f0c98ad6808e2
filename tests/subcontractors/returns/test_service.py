"""Short returns: handed in by form, file or interface, answered per line, and counted as what was realised."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from budgets.year_folder.service import Loaded, export, load
from budgets.year_folder.stored import agreements_of
from lead_contractor.kernel.database import writing
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.refusals import Conflict, NotFound, Unsound
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.service import dues, evidence
from subcontractors.agreements.store import realised_of
from subcontractors.returns import service
from subcontractors.returns.model import Channel
from subcontractors.returns.service import due, history, submit, submit_file
from tests.budgets.year_folder.sample import AVAILABILITY_AGB, FTE_AGB, LUMP_SUM_AGB, PXQ_AGB, write_sample

KEY = b"1" * 32
LOADED = datetime(2025, 2, 3, 9, tzinfo=UTC)
AT = datetime(2025, 4, 10, 9, 30, tzinfo=UTC)
BY = "arie@voorbeeld.nl"


@pytest.fixture
def year(sqlite_engine: Engine, tmp_path) -> Loaded:
    """The sample as a running year, in which nothing was returned yet."""
    return load(sqlite_engine, KEY, write_sample(tmp_path / "jaar", realised=None), LOADED, settling=False)


@pytest.fixture
def scope(sqlite_engine: Engine, year: Loaded) -> Iterator[Scope]:
    with writing(sqlite_engine) as connection:
        yield Scope(connection, year.lead_contractor_id)


def rules(answer):
    return [one.rule.removeprefix("RETURN-") for one in answer.findings]


def fte(scope, month="2025-01", value="6,12", at=AT, **more):
    return submit(scope, 1, FTE_AGB, month, {"FTE-1": {"fte": value}}, at, BY, **more)


# -- what is taken ----------------------------------------------------------------------------------------------------


def test_a_return_is_what_was_realised(scope):
    (answer,) = fte(scope)
    assert (answer.accepted, answer.changed, answer.findings) == (True, True, ())
    (row,) = realised_of(scope, 1)
    assert (row.agreement, row.month, row.fte, row.hours) == ("FTE-1", Month(2025, 1), Decimal("6.12"), None)


def test_a_later_return_replaces_and_every_version_stays(scope):
    fte(scope)
    fte(scope, value="6,00", at=AT + timedelta(days=1))
    assert realised_of(scope, 1)[0].fte == Decimal("6.00")
    found = history(scope, 1, FTE_AGB)
    assert [(one.version, one.values.fte, one.submitted_by, one.channel) for one in found] == [
        (1, Decimal("6.12"), BY, Channel.FORM),
        (2, Decimal("6.00"), BY, Channel.FORM),
    ]
    assert found[1].submitted_at == AT + timedelta(days=1)


def test_the_same_return_again_is_no_new_version(scope):
    fte(scope)
    (again,) = fte(scope, value="6.1200")
    assert (again.accepted, again.changed) == (True, False)
    assert len(history(scope, 1, FTE_AGB)) == 1


def test_three_decimals_are_plain_in_the_interface_and_doubtful_in_a_form(scope):
    assert fte(scope, value="6.125", channel=Channel.API)[0].values.fte == Decimal("6.125")
    assert rules(fte(scope, value="6.125")[0]) == ["VALUE"]


def test_a_dry_run_gives_the_same_answer_and_stores_nothing(scope):
    tried = fte(scope, dry_run=True)
    assert history(scope, 1, FTE_AGB) == ()
    assert fte(scope) == tried


def test_the_database_keeps_every_version_as_it_is(sqlite_engine, scope):
    fte(scope)
    for statement in ("UPDATE short_return SET fte = 1", "DELETE FROM short_return"):
        with pytest.raises(DBAPIError, match="append-only"):
            scope.connection.exec_driver_sql(statement)


def test_good_lines_are_taken_beside_bad_ones(scope):
    content = b"Afspraak;Maand;FTE;Uren;Bezetting\nFTE-1;2025-01;6,12;;\nFTE-1;2025-13;6;;\nFTE-1;2025-02;6,4;900;\n"
    answers = submit_file(scope, 1, FTE_AGB, "opgave.csv", content, AT, BY)
    assert [(one.row, one.accepted, rules(one)) for one in answers] == [
        (2, True, []),
        (3, False, ["VALUE"]),
        (4, True, []),
    ]
    assert [str(one.month) for one in history(scope, 1, FTE_AGB)] == ["2025-01", "2025-02"]
    assert {one.channel for one in history(scope, 1, FTE_AGB)} == {Channel.CSV}


# -- what is refused or remarked upon -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("agb", "agreement", "month", "values", "rule"),
    [
        (FTE_AGB, "AV-1", "2025-01", {"fte": "1"}, "AGREEMENT"),
        (PXQ_AGB, "PXQ-1", "2025-01", {"hours": "1"}, "AGREEMENT"),
        (FTE_AGB, "FTE-1", "2024-12", {"fte": "1"}, "MONTH"),
        (FTE_AGB, "FTE-1", "2025-04", {"fte": "1"}, "RUNNING"),
        (FTE_AGB, "FTE-1", "2025-05", {"fte": "1"}, "FUTURE"),
        (FTE_AGB, "FTE-1", "april", {"fte": "1"}, "VALUE"),
        (FTE_AGB, "FTE-1", "2025-01", {}, "EMPTY"),
        (FTE_AGB, "FTE-1", "2025-01", {"fte": "-1"}, "VALUE"),
        (FTE_AGB, "FTE-1", "2025-01", {"fte": "zes"}, "VALUE"),
        (FTE_AGB, "FTE-1", "2025-01", {"fte": "6,12345"}, "VALUE"),
        (FTE_AGB, "FTE-1", "2025-01", {"hours": "1.234"}, "VALUE"),
        (FTE_AGB, "FTE-1", "2025-01", {"hours": "1.234,5"}, "VALUE"),
        (FTE_AGB, "FTE-1", "2025-01", {"hours": "=1+1"}, "VALUE"),
        (AVAILABILITY_AGB, "AV-1", "2025-01", {"occupancy_percent": "100,1"}, "OCCUPANCY"),
    ],
)
def test_each_wrong_line_says_why_and_what_to_do(scope, agb, agreement, month, values, rule):
    (answer,) = submit(scope, 1, agb, month, {agreement: values}, AT, BY)
    assert not answer.accepted
    assert rule in rules(answer)
    assert all(one.remedy for one in answer.findings)
    assert history(scope, 1, agb) == ()


def test_every_reason_is_told_at_once(scope):
    (answer,) = submit(scope, 1, FTE_AGB, "2026-01", {"AV-1": {"fte": "-1", "occupancy_percent": "101"}}, AT, BY)
    assert rules(answer) == ["VALUE", "OCCUPANCY", "AGREEMENT", "FUTURE"]


def test_the_day_is_the_dutch_day(scope):
    late = datetime(2025, 1, 31, 22, 59, tzinfo=UTC)
    assert rules(fte(scope, at=late)[0]) == ["RUNNING"]
    assert rules(fte(scope, at=late + timedelta(minutes=1))[0]) == []


def test_what_is_striking_is_taken_and_remarked_upon(scope):
    (answer,) = fte(scope, value="8,01")
    assert (answer.accepted, rules(answer)) == (True, ["FTE-FAR"])
    assert rules(fte(scope, value="8,00")[0]) == []
    (answer,) = submit(scope, 1, FTE_AGB, "2025-02", {"FTE-1": {"fte": "6", "hours": "1501"}}, AT, BY)
    assert (answer.accepted, rules(answer)) == (True, ["HOURS-FAR"])
    (answer,) = submit(scope, 1, AVAILABILITY_AGB, "2025-02", {"AV-1": {"hours": "10"}}, AT, BY)
    assert (answer.accepted, rules(answer)) == (True, ["INCOMPLETE"])


def test_one_month_twice_in_a_file_is_named(scope):
    content = b"agreement,month,fte,hours,occupancy_percent\nFTE-1,2025-01,6,,\nFTE-1,2025-01,6,,\n"
    first, second = submit_file(scope, 1, FTE_AGB, "a.csv", content, AT, BY)
    assert (first.accepted, rules(second)) == (True, ["TWICE"])


def test_a_file_that_cannot_be_read_changes_nothing(scope):
    with pytest.raises(Unsound):
        submit_file(scope, 1, FTE_AGB, "a.csv", b"agreement,month\n", AT, BY)
    with pytest.raises(Unsound):
        submit_file(scope, 1, FTE_AGB, "a.xlsx", b"PK\x03\x04", AT, BY)


def test_a_settled_year_and_a_strange_contract_take_nothing(scope):
    with pytest.raises(NotFound):
        submit(scope, 2, FTE_AGB, "2025-01", {"FTE-1": {"fte": "6"}}, AT, BY)
    scope.connection.exec_driver_sql("UPDATE contract SET final_at = '2026-06-01 00:00:00.000000'")
    with pytest.raises(Conflict, match="definitief"):
        fte(scope)


def test_lead_contractors_do_not_see_each_other(scope):
    fte(scope)
    other = Scope(scope.connection, scope.lead_contractor_id + 1)
    with pytest.raises(NotFound):
        history(other, 1, FTE_AGB)
    assert realised_of(other, 1) == ()


# -- what is due ------------------------------------------------------------------------------------------------------


def test_the_months_that_have_passed_are_due_until_the_end_of_the_next(scope):
    fte(scope)
    found = due(scope, 1, FTE_AGB, date(2025, 4, 10))
    assert [(str(one.month), one.fields, one.until, one.late) for one in found] == [
        ("2025-02", ("fte",), date(2025, 3, 31), True),
        ("2025-03", ("fte",), date(2025, 4, 30), False),
    ]
    assert [one.fields for one in due(scope, 1, AVAILABILITY_AGB, date(2025, 2, 1))] == [("occupancy_percent",)]
    assert due(scope, 1, AVAILABILITY_AGB, date(2025, 1, 31)) == ()
    assert due(scope, 1, LUMP_SUM_AGB, date(2025, 12, 31)) == ()
    assert due(scope, 1, PXQ_AGB, date(2025, 12, 31)) == ()


def test_a_form_knows_which_agreements_ask_what(scope):
    (one,) = service.asked(scope, 1, FTE_AGB)
    assert (one.agreement, one.fields, one.fte, len(one.months)) == ("FTE-1", ("fte",), Decimal("6.40"), 12)
    assert [one.agreement for one in service.asked(scope, 1, LUMP_SUM_AGB)] == ["LS-1"]
    assert service.asked(scope, 1, PXQ_AGB) == ()


# -- what it costs ----------------------------------------------------------------------------------------------------


def test_returns_true_the_year_up_to_the_cent(sqlite_engine, tmp_path):
    loaded = load(sqlite_engine, KEY, write_sample(tmp_path / "jaar"), LOADED)
    after = datetime(2026, 1, 5, tzinfo=UTC)
    with writing(sqlite_engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)

        def true_up():
            agreements = agreements_of(scope, 1, loaded.contract)
            made, missing = dues(agreements, evidence(scope, 1, loaded.contract, agreements))
            assert missing == ()
            return next(one.true_up for agreement, one in made if agreement.id == "FTE-1")

        assert true_up() == Cents(-2587200), "12 × 6.12 FTE against 6.40, at 92,400.00"
        fte(scope, value="6,00", at=after)
        assert true_up() == Cents(-2679600), "11 × 6.12 and 6.00 FTE is 6.11 on average"


def test_of_a_loaded_row_and_a_return_the_later_holds(sqlite_engine, tmp_path):
    folder = write_sample(tmp_path / "jaar")
    loaded = load(sqlite_engine, KEY, folder, LOADED)
    with writing(sqlite_engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)
        submit(scope, 1, FTE_AGB, "2025-01", {"FTE-1": {"fte": "5", "hours": "700"}}, AT, BY)
        january = next(row for row in realised_of(scope, 1) if (row.agreement, str(row.month)) == ("FTE-1", "2025-01"))
        assert (january.fte, january.hours) == (Decimal(5), Decimal(700))
    realised = (folder / "realised.csv").read_text().replace("FTE-1,2025-01,6.12", "FTE-1,2025-01,6.30")
    (folder / "realised.csv").write_text(realised)
    load(sqlite_engine, KEY, folder, AT + timedelta(days=1), replace=True)
    with writing(sqlite_engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)
        january = next(row for row in realised_of(scope, 1) if (row.agreement, str(row.month)) == ("FTE-1", "2025-01"))
        assert (january.fte, january.hours) == (Decimal("6.30"), Decimal(700)), "an empty cell takes nothing away"


def test_an_export_writes_what_holds_and_loads_the_same(sqlite_engine, new_database, year, tmp_path):
    with writing(sqlite_engine) as connection:
        scope = Scope(connection, year.lead_contractor_id)
        fte(scope)
        submit(scope, 1, AVAILABILITY_AGB, "2025-02", {"AV-1": {"occupancy_percent": "79.4"}}, AT, BY)
        before = realised_of(scope, 1)
    export(sqlite_engine, KEY, year.lead_contractor_id, year.contract_id, tmp_path / "uit")
    assert (tmp_path / "uit" / "realised.csv").read_text().splitlines()[1:] == [
        "AV-1,2025-02,,,79.4",
        "FTE-1,2025-01,6.12,,",
    ]
    other = new_database()
    again = load(other, KEY, tmp_path / "uit", AT, settling=False)
    with writing(other) as connection:
        assert realised_of(Scope(connection, again.lead_contractor_id), 1) == before
    export(other, KEY, again.lead_contractor_id, again.contract_id, tmp_path / "weer")
    assert (tmp_path / "weer" / "realised.csv").read_bytes() == (tmp_path / "uit" / "realised.csv").read_bytes()
