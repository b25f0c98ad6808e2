"""The tables of the meeting as a workbook: what is on screen, to the cent, and never more."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import Engine

from budgets.use.service import year_position
from lead_contractor.kernel.database import reading
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.web.formats import month_name
from tests.dash_app.meeting import FAR_MUNICIPALITY, NEIGHBOUR, add_neighbour, furnish, site
from tests.dash_app.test_meeting import secrets_of
from tests.people import CONTROLLER, MUNICIPALITY, browser_of

TABLES = "/overleg/tabellen.xlsx"


def sheets(client: FlaskClient, query: str = "") -> dict[str, list[list[Any]]]:
    answer = client.get(TABLES + query)
    assert answer.status_code == 200, answer.text
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_the_sheets_hold_what_the_books_say_to_the_cent(engine: Engine) -> None:
    furnish(engine, settled=True)
    found = sheets(browser_of(site(engine), CONTROLLER))
    with reading(engine) as connection:
        position = year_position(Scope(connection, 1), 1)
    assert list(found)[1:] == [
        "Waar staan we, ten opzichte van", "De afrekening", "Per product", "Per onderaannemer",
        "Vormen van bekostiging", "Cliënten, in- en uitstroom", "Wachtenden",
    ]  # fmt: skip
    months = found["Waar staan we, ten opzichte van"][1:]
    assert [row[0] for row in months] == [month_name(one.month) for one in position.months]
    for row, one in zip(months, position.months, strict=True):
        assert [round(value * 100) for value in row[1:4]] == [one.revenue.total, one.cost.total, one.room]
    assert round(found["Per product"][-1][3] * 100) == position.standing.cost.total


def test_the_municipality_takes_no_more_along_than_it_sees(engine: Engine) -> None:
    furnish(engine)
    client, hidden = browser_of(site(engine), MUNICIPALITY), secrets_of(engine)
    for query in ("", "?contract=1&until=2025-08"):
        found = sheets(client, query)
        assert "Per onderaannemer" not in found
        cells = {str(cell) for rows in found.values() for row in rows for cell in row}
        for what, words in hidden.items():
            assert not cells & words, what
        for row in found["Per product"][1:-1]:
            if row[6] == "< 10":
                assert row[3:6] == ["n.t.", "n.t.", "n.t."]


def test_subcontractors_are_in_it_only_where_the_contract_says_so(engine: Engine) -> None:
    furnish(engine, sees="subcontractors")
    assert "Per onderaannemer" in sheets(browser_of(site(engine), MUNICIPALITY))


def test_it_is_there_for_nobody_else(engine: Engine, tmp_path: Any) -> None:
    furnish(engine)
    add_neighbour(engine, tmp_path / "neighbour")
    app = site(engine)
    assert browser_of(app, FAR_MUNICIPALITY).get(TABLES).status_code == 404
    assert browser_of(app, CONTROLLER).get(f"{TABLES}?contract=2").status_code == 404
    assert app.test_client().get(TABLES).status_code in (302, 401)
    own = sheets(browser_of(app, CONTROLLER))["Waar staan we, ten opzichte van"]
    other = sheets(browser_of(app, NEIGHBOUR))["Waar staan we, ten opzichte van"]
    assert own[1][1] != other[1][1]


@pytest.mark.parametrize(("language", "first"), [("nl", "Samenvatting"), ("en", "Summary")])
def test_it_speaks_the_language_of_the_person(sqlite_engine: Engine, language: str, first: str) -> None:
    furnish(sqlite_engine)
    client = browser_of(site(sqlite_engine), CONTROLLER)
    with client.session_transaction() as session:
        session["language"] = language
    assert next(iter(sheets(client))) == first
