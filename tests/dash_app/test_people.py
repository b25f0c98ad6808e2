"""How care is financed and who waits, against what was agreed, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from budgets.meeting.model import Flow, MeetingRow, MeetingTable, MeetingTables
from budgets.use.model import BudgetSource, RowKind, Waiting, WaitingList
from dash_app.pages.people import financing_part, financing_section, flows_part, waiting_part
from lead_contractor.books import accounts
from lead_contractor.contract.model import MeetingTerms
from lead_contractor.kernel.money import Cents, total
from lead_contractor.kernel.periods import Month
from tests.dash_app.meeting import words
from tests.people import shell

DIRECTION = MeetingTerms({"pxq": Decimal(60), "fte": Decimal(20), "lump_sum": Decimal(10), "availability": Decimal(5)})


@pytest.fixture(autouse=True)
def request_in_dutch(sqlite_engine: Engine) -> Iterator[None]:
    with shell(sqlite_engine).test_request_context():
        yield


def form(account: str, used: int, forecast: int, clients: int | None, *, hidden: bool = False) -> MeetingRow:
    if hidden:
        return MeetingRow(RowKind.FORM, account, "", None, hidden=True)
    return MeetingRow(RowKind.FORM, account, "", Cents(used * 100), forecast=Cents(forecast * 100), clients=clients)


def tables(*rows: MeetingRow, used: int, forecast: int | None) -> MeetingTables:
    ahead = None if forecast is None else Cents(forecast * 100)
    table = MeetingTable(rows, Cents(used * 100), None, ahead, None, None, None)
    return MeetingTables(
        (Month(2025, 1), Month(2025, 6)), BudgetSource.FILE, forecasted=True, products=table, forms=table
    )


def rows_of(made: MeetingTables, terms: MeetingTerms) -> dict[str, list[str]]:
    part, _ = financing_part(made, terms)
    assert part.grids[0].titles[5:8] == (("Afgesproken", True), ("Verschil", True), ("Richting", False))
    return {row[0].words: [cell.words for cell in row[1:]] for row in part.grids[0].rows}


MIX = (
    form(accounts.COST_PXQ, 700, 1300, 30),
    form(accounts.COST_FTE, 200, 300, None),
    form(accounts.COST_LUMP_SUM, 60, 140, None),
    form(accounts.COST_TRAJECTORY, 40, 260, 12),
)


def test_each_form_shows_its_share_now_at_the_end_of_the_year_and_as_agreed_and_where_it_goes():
    rows = rows_of(tables(*MIX, used=1000, forecast=2000), DIRECTION)
    assert rows["P×Q"] == ["700", "70 %", "1.300", "65 %", "60 %", "+100", "naar de afspraak toe", "30"]
    assert rows["fte"] == ["200", "20 %", "300", "15 %", "20 %", "-100", "van de afspraak af", "–"]
    assert rows["lumpsum"] == ["60", "6 %", "140", "7 %", "10 %", "-60", "naar de afspraak toe", "–"]
    assert rows["traject"] == ["40", "4 %", "260", "13 %", "–", "–", "", "12"]
    assert rows["beschikbaarheid"] == ["0", "0 %", "0", "0 %", "5 %", "-100", "even ver van de afspraak", "–"]


def test_the_municipality_reads_clients_in_tens():
    made = tables(*MIX, used=1000, forecast=2000)
    forms = replace(made.forms, rows=tuple(replace(row, tens=True) for row in MIX[:1]), clients=40, tens=True)
    part, _ = financing_part(replace(made, forms=forms))
    assert part.grids[0].rows[0][-1].words == "30+"
    assert part.grids[0].rows[0][-1].value is None, "nor in the workbook"
    flows = (Flow(Month(2025, 1), 20, None, tens=True), Flow(Month(2025, 2), 0, 10, tens=True))
    shown = flows_part(flows, forms)
    assert "**40+ cliënten**" in shown.sentences[0]
    assert [[cell.words for cell in row[1:]] for row in shown.grids[0].rows] == [["20+", "< 10"], ["0", "10+"]]


def test_the_direction_is_a_sentence_and_stands_beside_each_form_too():
    part, forms = financing_part(tables(*MIX, used=1000, forecast=2000), DIRECTION)
    (said,) = part.sentences
    assert said == (
        "Aan het einde van het jaar, naar verwachting: **P×Q en lumpsum** naar de afspraak toe; "
        "**fte** van de afspraak af; **beschikbaarheid** even ver van de afspraak."
    )
    assert "afgesproken 60 %: naar de afspraak toe" in words(financing_section(part, forms).to_plotly_json())


def test_what_may_not_be_shown_has_no_direction_of_its_own():
    hidden = (
        MIX[0],
        form(accounts.COST_FTE, 0, 0, None, hidden=True),
        form(accounts.COST_LUMP_SUM, 0, 0, None, hidden=True),
    )
    rows = rows_of(tables(*hidden, used=1000, forecast=2000), DIRECTION)
    assert rows["niet getoond (fte en lumpsum)"] == ["300", "30 %", "700", "35 %", "30 %", "n.t.", "n.t.", "n.t."]
    assert "fte" not in rows


def test_without_a_forecast_nothing_is_said_about_where_it_goes():
    made = tables(form(accounts.COST_PXQ, 700, 0, 30), used=1000, forecast=None)
    part, forms = financing_part(made, DIRECTION)
    assert part.sentences == ()
    assert [cell.words for cell in part.grids[0].rows[0]] == ["P×Q", "700", "70 %", "60 %", "+100", "", "30"]
    assert {one.towards for one in forms} == {""}


def test_without_an_agreed_direction_lump_sum_and_fte_stay_together():
    part, _ = financing_part(tables(*MIX, used=1000, forecast=2000), MeetingTerms())
    assert [row[0].words for row in part.grids[0].rows] == ["P×Q", "lumpsum/fte", "traject"]
    assert total(row[1].value for row in part.grids[0].rows) == Cents(100_000)  # type: ignore[misc]


WAITING = WaitingList(
    date(2025, 6, 30),
    (
        Waiting("01A03", waiting=15, added=12, few_added=False, median_days=56),
        Waiting("02A05", waiting=20, added=None, few_added=True, median_days=28),
        Waiting("06A00", waiting=None, added=None, few_added=True, median_days=None),
    ),
)


def test_who_waits_longer_than_the_norm_is_marked_in_words():
    part = waiting_part(WAITING, MeetingTerms(waiting_norm_days=42, waiting_norms={"02": 28}))
    assert [[cell.words for cell in row[3:]] for row in part.grids[0].rows] == [
        ["56", "42", "14 erboven"],
        ["28", "28", "erbinnen"],
        ["n.t.", "42", "n.t."],
    ]
    assert "De norm is het langste" in part.under


def test_a_norm_for_one_category_says_nothing_of_the_others():
    part = waiting_part(WAITING, MeetingTerms(waiting_norms={"02": 27}))
    assert [row[5].words for row in part.grids[0].rows] == ["", "1 erboven", ""]


def test_without_a_norm_there_is_no_column_for_it():
    part = waiting_part(WAITING, MeetingTerms())
    assert len(part.grids[0].titles) == 4
    assert "norm" not in part.under
