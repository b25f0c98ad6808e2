"""Who sees what: one provider of one lead contractor, and nothing beside."""

from __future__ import annotations

import pytest

from tests.people import CONTROLLER, MUNICIPALITY, csrf
from tests.subcontractors.portal.desk import GOOD, NEIGHBOUR, SOUTH, Site, checked, csv_of, press, send


@pytest.fixture
def addresses(site: Site) -> list[str]:
    """What belongs to Thuis Verder with North, one with each kind of address."""
    arie = site.browser()
    stored = press(arie, checked(arie, csv_of(GOOD)) + "indienen").headers["Location"]
    waiting = checked(arie, csv_of(GOOD.replace("D003", "D004")))
    own = [stored, f"{stored}regels.csv", waiting, f"{waiting}redenen"]
    assert [arie.get(address).status_code for address in own] == [200] * 4
    return [*own, f"{stored}antwoord.xml", "/declaraties/1/1/", "/declaraties/1/2/"]


@pytest.mark.parametrize("email", [NEIGHBOUR, SOUTH], ids=["another provider", "with another lead contractor"])
def test_what_is_another_providers_is_not_there(site: Site, addresses: list[str], email: str):
    other = site.browser(email)
    if email == SOUTH:
        addresses = [address for address in addresses if address not in {"/declaraties/1/1/", "/declaraties/1/2/"}]
    for address in addresses:
        assert other.get(address).status_code == 404, address
    waiting = next(address for address in addresses if "voorcontrole" in address)
    before = (site.rows(), site.drafts())
    assert press(other, f"{waiting}indienen").status_code == 404
    press(other, f"{waiting}weg")
    assert (site.rows(), site.drafts()) == before


def test_the_same_code_with_another_lead_contractor_sees_its_own(site: Site, addresses: list[str]):
    zoe = site.browser(SOUTH)
    page = zoe.get("/declaraties/?maand=2025-03").text
    assert "D003" not in page
    assert "Februari" not in page
    assert zoe.get("/declaraties/1/2/").status_code == 200  # its own January, under its own lead contractor
    assert zoe.get("/declaraties/2/").status_code == 404


@pytest.mark.parametrize("email", [CONTROLLER, MUNICIPALITY], ids=["controller", "municipality"])
def test_the_page_is_for_providers_only(site: Site, addresses: list[str], email: str):
    other = site.browser(email)
    for address in ["/declaraties/", "/declaraties/1/", *addresses]:
        assert other.get(address).status_code == 403, address
    waiting = next(address for address in addresses if "voorcontrole" in address)
    token = csrf(other, "/rol")
    for address in ("/declaraties/1/bestand", f"{waiting}indienen", f"{waiting}weg"):
        assert other.post(address, data={"csrf_token": token}).status_code == 403, address
    assert "Mijn declaraties" not in other.get("/rol").text


def test_without_signing_in_there_is_nothing(site: Site, addresses: list[str]):
    stranger = site.app.test_client()
    for address in ["/declaraties/", *addresses]:
        assert stranger.get(address).headers["Location"].startswith("/aanmelden"), address


def test_a_file_cannot_be_sent_to_a_year_of_others(site: Site):
    assert send(site.browser(), csv_of(GOOD), contract_id=2).status_code == 404
    assert site.drafts() == 0


def test_a_token_that_was_never_given_out_is_not_there(site: Site):
    arie = site.browser()
    assert arie.get("/declaraties/voorcontrole/geraden/").status_code == 404
    assert press(arie, "/declaraties/voorcontrole/geraden/indienen").status_code == 404


def test_a_nul_is_no_text_on_any_database(site: Site):
    arie = site.browser()
    for address in ("/declaraties/voorcontrole/%00/", "/declaraties/voorcontrole/%00/redenen"):
        assert arie.get(address).status_code == 404, address
    assert press(arie, "/declaraties/voorcontrole/%00/weg").status_code == 404
    assert arie.get("/declaraties/?maand=%00").status_code == 400
    stranger = site.app.test_client()
    form = {"csrf_token": csrf(stranger), "email": "a\0@voorbeeld.nl", "password": "x"}
    assert stranger.post("/aanmelden", data=form).status_code == 400


def test_pages_carry_no_script_or_style_of_their_own(site: Site, addresses: list[str]):
    arie = site.browser()
    for address in ["/declaraties/", addresses[0], addresses[2]]:
        page = arie.get(address)
        assert "<style" not in page.text
        assert " style=" not in page.text
        assert "<script>" not in page.text
        assert "unsafe" not in page.headers["Content-Security-Policy"]
        assert page.headers["Cache-Control"] == "no-store"


def test_a_number_that_no_database_can_hold_names_nothing(site: Site):
    arie, large = site.browser(), 10**20
    for address in (f"/declaraties/{large}/", f"/declaraties/1/{large}/", f"/declaraties/1/{large}/antwoord.xml"):
        assert arie.get(address).status_code == 404, address
