"""Municipalities beside each other: the same figures as on the page of each, for who may see them all and nobody else."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pandas as pd
import pytest
from flask import Flask
from sqlalchemy import Engine

from lead_contractor.access import service
from lead_contractor.access.model import Role
from tests.dash_app.meeting import (
    FAR_MUNICIPALITY,
    NEIGHBOUR,
    Looker,
    add_neighbour,
    frozen_year,
    furnish,
    second_year,
    site,
)
from tests.people import CONTROLLER, MUNICIPALITY, PROVIDER, browser_of, csrf, person

PAGE = "/overleg/gemeenten"
BUYER = "inkoop@voorbeeld.nl"


@pytest.fixture
def app(engine: Engine, tmp_path: Path) -> Flask:
    """Two municipalities of one lead contractor, and a buyer for both; a neighbour with one of its own."""
    first = furnish(engine)
    second = second_year(engine, tmp_path / "tweede")
    assert second.lead_contractor_id == first.lead_contractor_id
    for loaded in (first, second):
        frozen_year(engine, loaded, range(8, 9))
    add_neighbour(engine, tmp_path / "buren")
    buyer = person(engine, BUYER, "Ina")
    for code, name in ((first.contract.municipality.code, "Eerste"), ("2001", "Tweede Gemeente")):
        service.add_membership(engine, buyer.id, first.lead_contractor_id, Role.MUNICIPALITY, code, name)
    return site(engine)


def rows_of(html: str) -> list[list[str]]:
    """The cells of the table in words, row by row."""
    table = html.partition("<tbody>")[2].partition("</table>")[0]
    found = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in found]
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in row] for row in cells]


def test_a_row_says_what_the_page_of_that_municipality_says(app: Flask):
    looker = Looker(app, CONTROLLER)
    html = looker.client.get(f"{PAGE}?until=2025-08").text
    first, second, foot = rows_of(html)
    assert (first[0], second[0]) == ("Tweede Gemeente", "Voorbeeldgemeente (verzonnen)")
    for contract, row in ((2, first), (1, second)):
        said = looker.sentence(f"?contract={contract}&until=2025-08")
        assert row[3] in said, (row, said)
        assert row[7] in said
        settlement = looker.everything(f"?contract={contract}&until=2025-08")
        assert row[4] in settlement, "what is expected, in whole euros"
        assert f"/overleg/?contract={contract}&amp;until=2025-08" in html
    assert foot[0] == "Totaal"
    for column in (1, 2, 4, 6):
        whole = sum(_euros(row[column]) for row in (first, second))
        assert abs(_euros(foot[column]) - whole) <= 1, "whole euros, each rounded"
    assert [foot[column] for column in (5, 7, 8, 9, 10)] == [""] * 5, "bounds, chances and people do not add up"


def _euros(text: str) -> int:
    return int(text.replace(".", "").replace("+", "").replace("−", "-"))


def test_what_deviates_most_stands_on_top_and_the_sentence_counts_the_shortages(app: Flask):
    html = browser_of(app, CONTROLLER).get(f"{PAGE}?until=2025-08").text
    rooms = [abs(_euros(row[6])) for row in rows_of(html)[:-1]]
    assert rooms == sorted(rooms, reverse=True)
    assert "bij 2 gemeenten samen" in html


def test_who_buys_for_two_sees_both_in_tens_and_goes_to_the_page_of_each(app: Flask):
    client = browser_of(app, BUYER)
    token = csrf(client, "/rol")
    keys = re.findall(r'name="membership" value="([^"]+)"', client.get("/rol").text)
    client.post("/rol", data={"csrf_token": token, "membership": keys[0]})
    html = client.get(f"{PAGE}?until=2025-08").text
    rows = rows_of(html)
    assert {row[0] for row in rows} == {"Tweede Gemeente", "Voorbeeldgemeente (verzonnen)", "Totaal"}
    assert all(re.fullmatch(r"\d+\+|&lt; 10", row[10]) for row in rows[:-1]), "clients in tens, or too few"
    form = re.search(r'name="membership" value="([^"]+)"><input type="hidden" name="next" value="([^"]+)"', html)
    assert form is not None, "the way to the page of the other municipality"
    after = client.post(
        "/rol",
        data={"csrf_token": token, "membership": form[1], "next": form[2].replace("&amp;", "&")},
    )
    assert after.headers["Location"].startswith("/overleg/?contract=")
    assert client.get(PAGE).status_code == 200


def test_the_workbook_holds_the_same_to_the_cent(app: Flask):
    answer = browser_of(app, CONTROLLER).get(f"{PAGE}.xlsx?until=2025-08")
    assert answer.status_code == 200
    table = pd.read_excel(io.BytesIO(answer.data), sheet_name="Per gemeente", engine="calamine")
    assert list(table.columns[:3]) == ["Gemeente", "Jaarbudget", "Gebruikt"]
    first, second, together = (round(100 * euros) for euros in table["Gebruikt"])
    assert first + second == together


@pytest.mark.parametrize("email", [MUNICIPALITY, FAR_MUNICIPALITY, NEIGHBOUR])
def test_who_has_one_or_none_finds_nothing_and_no_way_there(app: Flask, email: str):
    looker = Looker(app, email)
    for path in (PAGE, f"{PAGE}.xlsx", f"{PAGE}?year=2025"):
        assert looker.client.get(path).status_code == 404
    assert PAGE not in looker.everything()


def test_a_provider_is_refused(app: Flask):
    assert browser_of(app, PROVIDER).get(PAGE).status_code == 403


def test_who_has_more_is_led_there_from_the_meeting(app: Flask):
    assert PAGE in Looker(app, CONTROLLER).everything("?contract=1&until=2025-08")


def test_another_lead_contractor_is_never_among_them(app: Flask, engine: Engine):
    """Somebody who looks for one municipality with each of two lead contractors sees them apart."""
    both = person(engine, "beide@voorbeeld.nl", "Bea")
    for lead in (1, 2):
        service.add_membership(engine, both.id, lead, Role.MUNICIPALITY, "1999", "Voorbeeldgemeente")
    client = browser_of(app, "beide@voorbeeld.nl")
    token = csrf(client, "/rol")
    for key in re.findall(r'name="membership" value="([^"]+)"', client.get("/rol").text):
        client.post("/rol", data={"csrf_token": token, "membership": key})
        assert client.get(PAGE).status_code == 404
    assert "Kluut" not in browser_of(app, CONTROLLER).get(PAGE).text


@pytest.mark.parametrize("query", ["year=2024", "year=x", "until=2031-01", "until=x", "year=2025&year=2025"])
def test_an_address_that_names_what_is_not_there(app: Flask, query: str):
    assert browser_of(app, CONTROLLER).get(f"{PAGE}?{query}").status_code == 404


def test_without_a_forecast_there_is_no_expectation_and_no_total_of_it(app: Flask):
    *rows, foot = rows_of(browser_of(app, CONTROLLER).get(f"{PAGE}?until=2025-07").text)
    for row in (*rows, foot):
        assert [row[4], row[6]] == ["–", "–"]
    assert re.fullmatch(r"[\d.]+", foot[2])


def test_it_speaks_english_too(app: Flask):
    client = browser_of(app, CONTROLLER)
    client.post("/taal", data={"csrf_token": csrf(client, "/rol"), "language": "en"})
    html = client.get(f"{PAGE}?until=2025-08").text
    for words in ("Municipalities side by side", "Chance of repayment", "80% certain between", "we expect"):
        assert words in html
    assert "gemeenten" not in re.sub(r"/overleg/gemeenten|per-gemeente", "", html)
