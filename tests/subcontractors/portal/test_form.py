from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from subcontractors.declarations.model import Line
from subcontractors.portal.form import Mistake, free_number, typed_volume, undoing
from tests.people import csrf
from tests.subcontractors.portal.desk import Site, press

MARCH = Month(2025, 3)
GRANTED = Line(
    1, "R001", "999900006", "1001", "02", "02A03", date(2025, 1, 1), date(2025, 1, 31), 6, "04", Cents(33480),
    credit=False, tariff=Cents(5580),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "unit", "volume"),
    [
        ("12", "04", 12),
        (" 1 200 ", "01", 1200),
        ("", "04", None),
        ("12,5", "04", Mistake.NOT_WHOLE),
        ("1.200", "04", Mistake.NOT_WHOLE),
        ("tien", "04", Mistake.NOT_A_NUMBER),
        ("-3", "04", Mistake.NOT_A_NUMBER),
        ("٣", "04", Mistake.NOT_A_NUMBER),
        ("0", "04", Mistake.ZERO),
        ("123456789", "04", Mistake.TOO_LARGE),
        ("€ 1.234,56", "83", 123456),
        ("1234", "83", 123400),
        ("12.34", "83", Mistake.NOT_EUROS),
    ],
)
def test_what_is_typed_is_read_or_named_and_never_rounded(text: str, unit: str, volume: object):
    assert typed_volume(text, unit) == volume


@given(st.text(max_size=12), st.sampled_from(["01", "04", "16", "83"]))
def test_whatever_is_typed_gives_a_volume_above_zero_or_a_mistake(text: str, unit: str):
    found = typed_volume(text, unit)
    assert found is None or isinstance(found, Mistake) or 0 < found < 10**8


def test_a_number_was_never_used_and_fits_the_standard():
    assert free_number(MARCH, set()) == "F2503N1"
    assert free_number(MARCH, {"F2503N1", "F2503N2"}) == "F2503N3"
    assert re.fullmatch(r"[A-Za-z0-9]{1,12}", free_number(MARCH, set()))


def test_taking_back_is_a_credit_that_equals_its_debit_and_then_the_new_line():
    credit, again = undoing(GRANTED, replace(GRANTED, volume=9, amount=Cents(50220)), "F2501N1")
    assert credit == replace(GRANTED, reference="F2501N1-0001", previous_reference="R001", credit=True)
    assert (again.reference, again.credit, again.amount) == ("F2501N1-0002", False, 50220)
    assert undoing(GRANTED, None, "F2501N1") == (credit,)


def filled(site: Site, **typed: str):
    arie = site.browser()
    place = "/declaraties/1/formulier?maand=2025-03"
    data = {"csrf_token": csrf(arie, place), "maand": "2025-03", "controleren": "ja"}
    data |= {f"volume-{key}": value for key, value in typed.items()}
    return arie, arie.post(place, data=data)


def test_the_form_shows_what_is_left_and_reckons_by_the_tariff_of_the_day(site: Site):
    page = site.browser().get("/declaraties/1/formulier?maand=2025-03").text
    assert "40 uur" in page
    assert "€ 55,80 per uur" in page
    assert "******006" in page
    assert "999900006" not in page
    july = site.browser().get("/declaraties/1/formulier?maand=2025-07").text
    assert "€ 58,57 per uur" in july


def test_a_form_goes_through_the_same_check_and_stores_nothing_until_submitted(site: Site):
    before = site.rows()
    arie, answer = filled(site, **{"1001-02A03": "10", "1002-02A05": "95"})
    page = arie.get(answer.headers["Location"]).text
    assert "Alle <strong>2 regels</strong> zijn in orde, samen <strong>€\xa0696,30</strong>." in page  # 558,00 + 138,30
    assert site.rows() == before
    stored = press(arie, answer.headers["Location"] + "indienen").headers["Location"]
    assert "alle 2 regels toegekend" in arie.get(stored).text
    again = arie.get("/declaraties/1/formulier?maand=2025-03").text
    assert "is al gedeclareerd en toegekend" in again


def test_what_is_wrong_in_a_form_is_told_at_its_row_and_makes_no_draft(site: Site):
    _, answer = filled(site, **{"1001-02A03": "7,5"})
    assert answer.status_code == 422
    assert "Typ een heel getal." in answer.text
    assert filled(site)[1].status_code == 422
    assert site.drafts() == 0


def test_a_granted_line_is_taken_back_once_and_declared_again(site: Site):
    arie = site.browser()
    page = arie.get("/declaraties/1/2/").text
    place = re.findall(r'href="([^"]+/terugnemen)"', page)[-1]
    token = csrf(arie, place)
    answer = arie.post(place, data={"csrf_token": token, "wat": "opnieuw", "volume": "5"})
    waiting = answer.headers["Location"]
    assert "Alle <strong>2 regels</strong> zijn in orde" in arie.get(waiting).text
    press(arie, waiting + "indienen")
    assert arie.get(place).status_code == 404
    assert "teruggenomen" in arie.get("/declaraties/1/2/").text


def test_a_line_that_is_no_granted_debit_cannot_be_taken_back(site: Site):
    arie = site.browser()
    assert arie.get("/declaraties/1/1/regel/99/terugnemen").status_code == 404


def test_a_mark_is_kept_encrypted_shown_again_and_never_a_bsn(site: Site):
    arie = site.browser()
    page = arie.get("/afspraken/").text
    field = re.findall(r'name="(kenmerk-\d+)"', page)[0]
    for given_mark, shown in (("L-117", "L-117"), ("999900006", "")):
        arie.post("/afspraken/1/kenmerken", data={"csrf_token": csrf(arie, "/afspraken/"), field: given_mark})
        page = arie.get("/afspraken/").text
        assert f'name="{field}" value="{shown}"' in page
