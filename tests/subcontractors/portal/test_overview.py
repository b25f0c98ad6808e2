from __future__ import annotations

import re
from pathlib import Path

from budgets.year_folder.service import load
from lead_contractor.kernel.database import writing
from tests.budgets.year_folder.sample import write_sample
from tests.people import csrf
from tests.subcontractors.portal.desk import AT, GOOD, KEY, NEIGHBOUR, NOT_YOURS, Site, checked, csv_of, press, send


def test_the_sentence_and_the_months_tell_the_same_to_the_cent(site: Site):
    page = site.browser().get("/declaraties/").text
    assert "Februari: alle <strong>2 regels</strong> zijn toegekend, samen <strong>€\xa0167,40</strong>." in page
    assert "€ 473" in page  # January: 334.80 + 138.30
    assert "€ 167" in page
    assert page.count(">ontbreekt<") == 10


def test_what_was_paid_and_what_comes_is_in_the_bar(site: Site):
    arie = site.browser()
    bar = arie.get("/declaraties/").text.partition("</nav>")[0]
    assert '<a href="/mijn-betalingen/">Betalingen</a>' in bar
    page = arie.get("/mijn-betalingen/").text
    assert page.count('aria-current="page"') == 1
    for month, cents in (("jan 2025", "473,10"), ("feb 2025", "167,40")):
        assert month in page
        assert f"€ {cents}" in page


def test_a_month_that_was_chosen_shows_its_own_declarations(site: Site):
    page = site.browser().get("/declaraties/1/?maand=2025-01").text
    assert "Declaraties over januari 2025" in page
    assert "D001" in page
    assert "D002" not in page
    assert "€ 473,10" in page
    assert "10 februari 2025" in page


def test_a_month_that_is_none_or_not_of_this_year_is_the_latest(site: Site):
    arie = site.browser()
    for month in ("geen", "2030-01", "2025-13"):
        assert "Declaraties over februari 2025" in arie.get(f"/declaraties/?maand={month}").text


def test_where_there_are_more_contract_years_one_is_chosen(site: Site, tmp_path: Path):
    arie = site.browser()
    assert 'aria-label="Contractjaar"' not in arie.get("/declaraties/").text
    folder = write_sample(
        tmp_path / "meer", contract=lambda text: text.replace("year = 2025", 'id = "SC-2025"\nyear = 2025').replace(
            "Hollands Kroon", "Schagen"), messages={},
    )  # fmt: skip
    more = load(site.engine, KEY, folder, AT)
    page = arie.get(f"/declaraties/{more.contract_id}/").text
    assert "Over 2025 is nog niets ingediend." in page
    assert "2025 · Hollands Kroon" in page
    assert 'aria-current="page">2025 · Schagen' in page


def test_it_is_the_first_page_and_has_its_item_in_the_bar(site: Site):
    arie = site.browser()
    assert arie.get("/").headers["Location"] == "/declaraties/"
    assert '<a href="/declaraties/" aria-current="page">Mijn declaraties</a>' in arie.get("/declaraties/").text


def test_the_page_of_a_declaration_has_every_line_with_a_masked_bsn(site: Site):
    page = site.browser().get("/declaraties/1/2/").text  # files are read by name: februari, januari, traject
    assert "Alle <strong>2 regels</strong> zijn toegekend, samen <strong>€\xa0473,10</strong>." in page
    assert "R001" in page
    assert "******006" in page
    assert "999900006" not in page
    assert "95 minuten" in page
    assert "6 uur" in page


def test_refused_lines_come_first_with_reason_and_remedy_and_can_be_shown_alone(site: Site):
    arie = site.browser()
    answer = press(arie, checked(arie, csv_of(GOOD, NOT_YOURS)) + "indienen")
    address = answer.headers["Location"]
    page = arie.get(address).text
    assert "<strong>1 van de 2 regels</strong> toegekend, <strong>1 afgewezen</strong>" in page
    assert "Van <strong>€\xa0613,80</strong> is <strong>€\xa0558,00</strong> toegekend." in page
    assert page.index("R012") < page.index("R010")
    assert "U hebt geen toewijzing met dit nummer." in page
    assert "Neem het nummer over uit uw toewijzing" in page
    alone = arie.get(f"{address}?tonen=afgewezen").text
    assert "R012" in alone
    assert "R010" not in alone
    month = arie.get("/declaraties/?maand=2025-03").text
    assert "1 van 2 regels afgewezen" in month
    assert "1 afgewezen" in month


def test_starts_and_stops_stand_by_themselves(site: Site):
    buur = site.browser(NEIGHBOUR)
    assert "Start- en stopmeldingen" not in buur.get("/declaraties/").text


def test_who_takes_part_in_no_year_is_told_so(site: Site):
    with writing(site.engine) as connection:
        connection.exec_driver_sql("DELETE FROM subcontractor WHERE agb = '65656055' AND lead_contractor_id = 1")
    arie = site.browser()
    assert "U hebt hier nog geen contractjaar." in arie.get("/declaraties/").text
    assert arie.get("/declaraties/1/").status_code == 404


def test_a_year_that_is_settled_shows_everything_and_takes_nothing(site: Site):
    arie = site.browser()
    waiting = checked(arie, csv_of(GOOD))
    with writing(site.engine) as connection:
        connection.exec_driver_sql("UPDATE contract SET final_at = '2026-06-15 10:00:00' WHERE lead_contractor_id = 1")
    before = site.rows()
    page = arie.get("/declaraties/").text
    assert "2025 is definitief afgerekend." in page
    assert 'type="file"' not in page
    refused = send(arie, csv_of(GOOD))
    assert refused.status_code == 422
    assert "Dit jaar is definitief afgerekend." in refused.text
    assert "Indienen</button>" not in arie.get(waiting).text
    assert press(arie, waiting + "indienen").status_code == 422
    assert site.rows() == before


def test_everything_speaks_english_at_a_click(site: Site):
    arie = site.browser()
    answer = press(arie, checked(arie, csv_of(GOOD, NOT_YOURS)) + "indienen")
    waiting = checked(arie, csv_of(GOOD.replace("D003", "D004").replace("R010", "R020")))
    arie.post("/taal", data={"csrf_token": csrf(arie, "/declaraties/"), "language": "en", "next": "/declaraties/"})
    for address in ("/declaraties/", answer.headers["Location"], waiting):
        page = arie.get(address).text
        assert '<html lang="en">' in page
        for dutch in ("toegekend", "afgewezen", "Regels", "Geleverd", "indienen", "declaraties", "Bestand"):
            assert dutch not in re.sub(r"<[^>]+>", "", page), (address, dutch)
    assert "You have no allocation with this number." in arie.get(answer.headers["Location"]).text
    assert "€ 558.00" in arie.get(answer.headers["Location"]).text
    assert "1 April" not in arie.get("/declaraties/?maand=2025-02").text
    assert "10 March 2025" in arie.get("/declaraties/?maand=2025-02").text
