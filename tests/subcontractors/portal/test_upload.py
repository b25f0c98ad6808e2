from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.money import Cents
from subcontractors.declarations.model import Channel, Declaration, Line
from subcontractors.declarations.tables import message
from subcontractors.iwmo.rules.register import BY_ID
from subcontractors.iwmo.walk import LIMIT
from subcontractors.iwmo.writer import write_305, write_323
from subcontractors.portal import service
from subcontractors.portal.tables import upload_draft
from tests.people import csrf
from tests.subcontractors.iwmo.examples import TIM_HIMSELF, a_start
from tests.subcontractors.portal.desk import (
    GOOD,
    HEADER,
    NEIGHBOUR,
    NOT_YOURS,
    TOO_MUCH,
    Site,
    checked,
    csv_of,
    press,
    send,
)


def an_xml(total: int = 55800, **values) -> bytes:
    """March for Thuis Verder as a WMO323: ten hours at 55.80."""
    declaration = Declaration(
        **{
            "channel": Channel.XML,
            "sender": "65656055",
            "receiver": "1911",
            "identification": "B003",
            "number": "D003",
            "period_from": date(2025, 3, 1),
            "period_to": date(2025, 3, 31),
            "received": date(2025, 4, 2),
            "dated": date(2025, 4, 1),
            "total": Cents(total),
            **values,
        }
    )
    line = Line(
        1, "R010", "999900006", "1001", "02", "02A03", date(2025, 3, 1), date(2025, 3, 31), 10, "04", Cents(55800),
        credit=False, tariff=Cents(5580),
    )  # fmt: skip
    return write_323(declaration, [line])


def test_a_pre_check_tells_all_and_stores_nothing(site: Site):
    arie, before = site.browser(), site.rows()
    address = checked(arie, csv_of(GOOD, TOO_MUCH, NOT_YOURS))
    page = arie.get(address).text
    assert "<strong>1 van de 3 regels</strong> in orde, <strong>2 vragen om herstel</strong>" in page
    assert "Van <strong>€\xa013.716,30</strong> is <strong>€\xa0558,00</strong> in orde." in page
    assert "Het volume is meer dan er voor deze periode is toegewezen." in page
    assert "U hebt geen toewijzing met dit nummer." in page
    assert page.index("R011") < page.index("R010")
    assert "******018" in page
    assert "9999000" not in page
    assert site.rows() == before
    assert site.drafts() == 1


def test_what_waits_is_unreadable_in_the_database(site: Site):
    checked(site.browser(), csv_of(GOOD))
    with reading(site.engine) as connection:
        row = connection.execute(select(upload_draft)).one()
    assert (row.lead_contractor_id, row.party, row.name) == (1, "65656055", "maart.csv")
    assert b"999900006" not in bytes(row.content_encrypted)
    assert b"R010" not in bytes(row.content_encrypted)


def test_submitting_stores_it_as_of_today_and_the_file_is_gone(site: Site):
    arie, before = site.browser(), site.rows()
    answer = press(arie, checked(arie, an_xml(), "maart.xml") + "indienen")
    page = arie.get(answer.headers["Location"]).text
    assert "Ingediend: de regel is toegekend." in page
    assert "<strong>De ene regel</strong> is toegekend, <strong>€\xa0558,00</strong>." in page
    after = site.rows()
    added = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert (added["message_file"], added["message"], added["declaration_line"]) == (1, 1, 1)
    assert added["transfer"] == 3  # declared, approved, payable
    assert site.drafts() == 0
    with reading(site.engine) as connection:
        row = connection.execute(select(message).where(message.c.number == "D003")).one()
    assert abs(row.received - datetime.now(UTC).date()) <= timedelta(days=1)
    assert (row.message_dated, row.dated) == (date(2025, 4, 2), date(2025, 4, 1))


def test_the_325_repeats_the_date_of_the_message_and_says_what_was_granted(site: Site):
    arie = site.browser()
    address = press(arie, checked(arie, an_xml(), "maart.xml") + "indienen").headers["Location"]
    assert "antwoord.xml" in arie.get(address).text
    answer = arie.get(f"{address}antwoord.xml")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == "attachment; filename=325-65656055-B003.xml"
    words = re.sub(r"\s+", "", answer.text)
    assert "<iwmo:Identificatie>B003</iwmo:Identificatie><iwmo:Dagtekening>2025-04-02</iwmo:Dagtekening>" in words
    assert "<iwmo:TotaalBedrag>55800</iwmo:TotaalBedrag>" in words
    assert "<wmo325:RetourCode>8001</wmo325:RetourCode>" in words
    assert arie.get("/declaraties/1/1/antwoord.xml").status_code == 404  # a declaration in CSV has none


def test_the_same_file_again_says_so_and_changes_nothing(site: Site):
    arie = site.browser()
    content = csv_of(GOOD)
    first, second = checked(arie, content), checked(arie, content, "nogmaals.csv")
    press(arie, first + "indienen")
    before = site.rows()
    page = arie.get(second).text
    assert "Dit bestand is al eerder ingediend. Er is niets veranderd." in page
    assert "Indienen</button>" not in page
    again = press(arie, second + "indienen")
    assert again.status_code == 422
    assert "Dit bestand is al eerder ingediend." in again.text
    assert site.rows() == before


def test_a_button_pressed_twice_submits_once(site: Site):
    arie = site.browser()
    address = checked(arie, csv_of(GOOD)) + "indienen"
    assert press(arie, address).status_code == 302
    before = site.rows()
    assert press(arie, address).status_code == 404
    assert site.rows() == before


def test_a_number_that_was_used_before_is_answered_and_grants_nothing(site: Site):
    arie = site.browser()
    address = checked(arie, csv_of(GOOD.replace("D003", "D001")))
    page = arie.get(address).text
    assert "Geen van" in page or "is niet in orde" in page
    assert "Toch indienen" in page
    stored = arie.get(press(arie, address + "indienen").headers["Location"]).text
    assert "<strong>De ene regel</strong> is afgewezen." in stored
    assert "Deze regel is niet beoordeeld, omdat de declaratie in haar geheel is afgewezen." in stored


NOT_TAKEN = (
    (None, "", "Er is geen bestand gekozen."),
    (b"", "leeg.csv", "Dit bestand is leeg."),
    (b" \r\n ", "leeg.xml", "Dit bestand is leeg."),
    (b"%PDF-1.7", "declaratie.pdf", "Dit soort bestand wordt hier niet gelezen."),
    (b"tekst", "zonder", "Dit soort bestand wordt hier niet gelezen."),
    (
        csv_of(GOOD.replace("65656055", "41410004")),
        "a.csv",
        "Dit bestand noemt als afzender 41410004, niet uw AGB-code.",
    ),
    (csv_of(GOOD, GOOD.replace("65656055", "41410004")), "a.csv", "Dit bestand noemt als afzender 41410004"),
    (an_xml(sender="41410004"), "a.xml", "Dit bestand noemt als afzender 41410004, niet uw AGB-code."),
    (an_xml(sender="41410004", total=1), "a.xml", "Dit bestand noemt als afzender 41410004, niet uw AGB-code."),
)


def test_what_is_not_taken_is_told_on_the_same_page_and_nothing_is_kept(site: Site):
    arie, before = site.browser(), site.rows()
    for content, name, words in NOT_TAKEN:
        answer = send(arie, content, name)
        assert answer.status_code == 422, name
        assert words in answer.text, name
        assert 'role="alert"' in answer.text
        assert "Declaraties over februari 2025" in answer.text
    assert (site.rows(), site.drafts()) == (before, 0)


def test_a_file_beyond_the_limit_is_not_taken(site: Site, monkeypatch: pytest.MonkeyPatch):
    assert LIMIT == 25 * 1024 * 1024
    monkeypatch.setattr(service, "LIMIT", 1000)
    arie, before = site.browser(), site.rows()
    answer = send(arie, b"x" * 1001, "groot.csv")
    assert answer.status_code == 422
    assert "Dit bestand is groter dan 25 MB." in answer.text
    assert (site.rows(), site.drafts()) == (before, 0)


def test_far_too_large_is_refused_by_what_the_request_says_of_itself(site: Site):
    arie = site.browser()
    token = re.findall(r'name="csrf_token" value="([^"]+)"', arie.get("/declaraties/").text)[0]
    answer = arie.post(
        "/declaraties/1/bestand",
        data={"csrf_token": token},
        content_type="multipart/form-data",
        environ_overrides={"CONTENT_LENGTH": str(10**10)},
    )
    assert answer.status_code == 422
    assert "Dit bestand is groter dan 25 MB." in answer.text


CANNOT_BE_PROCESSED = (
    (b"<brief>hallo</brief>", "brief.xml", "De opbouw van dit bericht klopt niet"),
    (b"zomaar tekst", "brief.xml", "De opbouw van dit bericht klopt niet"),
    (b"PK\x03\x04", "declaratie.xlsx", "De opbouw van dit bericht klopt niet"),
    (b"PK\x03\x04", "werkblad.csv", "Dit is een werkblad of zip-bestand, geen CSV."),
    (f"{HEADER}\n".encode(), "kop.csv", "heeft geen enkele regel"),
    (csv_of(GOOD.replace("55.80", "vijftig")), "tarief.csv", "is geen bedrag"),
    (an_xml(total=1), "totaal.xml", "De inhoud van dit bericht klopt in zichzelf niet"),
)


def test_what_cannot_be_processed_tells_why_and_cannot_be_submitted(site: Site):
    arie, before = site.browser(), site.rows()
    for content, name, words in CANNOT_BE_PROCESSED:
        address = checked(arie, content, name)
        page = arie.get(address).text
        assert "Dit bestand kan zo niet worden ingediend" in page, name
        assert words in page, name
        assert "Indienen</button>" not in page
        assert press(arie, address + "indienen").status_code == 422
    assert site.rows() == before


def test_what_the_standard_refuses_inside_a_message_is_told_in_english_too(site: Site):
    arie = site.browser()
    address = checked(arie, an_xml(total=1), "totaal.xml")
    assert '<li lang="nl">' in arie.get(address).text
    arie.post("/taal", data={"csrf_token": csrf(arie, address), "language": "en", "next": "/declaraties/"})
    page = arie.get(address).text
    assert '<li lang="en">' in page
    assert BY_ID["TR358"].words.text_en in page
    assert '<li lang="nl">' not in page


def test_a_file_can_be_thrown_away(site: Site):
    arie = site.browser()
    address = checked(arie, csv_of(GOOD))
    answer = press(arie, address + "weg")
    assert "Er is niets ingediend." in arie.get(answer.headers["Location"]).text
    assert site.drafts() == 0
    assert arie.get(address).status_code == 404


def test_after_a_day_a_file_is_gone(site: Site):
    arie = site.browser()
    address = checked(arie, csv_of(GOOD))
    with writing(site.engine) as connection:
        moment = connection.execute(select(upload_draft.c.arrived_at)).scalar_one() - timedelta(days=1, minutes=1)
        connection.execute(upload_draft.update().values(arrived_at=moment))
    assert arie.get(address).status_code == 404
    assert press(arie, address + "indienen").status_code == 404
    checked(arie, csv_of(GOOD))
    assert site.drafts() == 1


def test_nobody_keeps_more_than_twenty_files_waiting(site: Site):
    arie = site.browser()
    addresses = [checked(arie, csv_of(GOOD)) for _ in range(22)]
    assert site.drafts() == 20
    assert arie.get(addresses[0]).status_code == 404
    assert arie.get(addresses[-1]).status_code == 200


def test_a_form_without_its_token_does_nothing(site: Site):
    arie = site.browser()
    address = checked(arie, csv_of(GOOD))
    before = site.rows()
    assert arie.post(address + "indienen").status_code == 400
    assert arie.post("/declaraties/1/bestand").status_code == 400
    assert site.rows() == before


def test_a_start_is_taken_in_and_the_trajectory_follows_it(site: Site):
    buur, before = site.browser(NEIGHBOUR), site.rows()
    start = a_start(
        sender="41410004", bsn="999900031", person=TIM_HIMSELF, allocation="3", category="02", product_code="02A17",
        begin=date(2025, 3, 3), allocation_start=date(2025, 2, 1),
    )  # fmt: skip
    address = checked(buur, write_305([start]), "start.xml")
    page = buur.get(address).text
    assert "<strong>1 melding</strong> is goed leesbaar en kan worden ingediend." in page
    assert "******031" in page
    assert site.rows() == before
    answer = press(buur, address + "indienen")
    page = buur.get(answer.headers["Location"]).text
    assert "Ingediend. De meldingen zijn verwerkt." in page
    assert "Start- en stopmeldingen" in page
    after = site.rows()
    assert after["start_stop_report"] == before["start_stop_report"] + 1
    # 6825.00 fell due in February on the allocation's start; it moves to March with the start that came in
    assert after["transfer"] > before["transfer"]


def test_a_start_that_would_be_refused_is_told_so_before_it_is_submitted(site: Site):
    buur = site.browser(NEIGHBOUR)
    start = a_start(
        sender="41410004", bsn="999900031", person=TIM_HIMSELF, allocation="9999", category="02", product_code="02A17",
        begin=date(2025, 3, 3), allocation_start=date(2025, 2, 1),
    )  # fmt: skip
    address = checked(buur, write_305([start]), "start.xml")
    page = buur.get(address).text
    assert "<strong>1 melding</strong> zou zo worden geweigerd." in page
    assert "noemt geen toewijzing die wij van u kennen" in page
    answer = press(buur, address + "indienen")
    assert "1 melding is geweigerd" in buur.get(answer.headers["Location"]).text


def test_a_file_name_loses_its_folders_and_stays_a_name(site: Site):
    arie = site.browser()
    page = arie.get(checked(arie, csv_of(GOOD), "..\\..\\map/<b>maart</b>.csv")).text
    assert "b&gt;.csv" in page
    assert "<b>maart" not in page
    assert "map/" not in page


def test_a_line_that_was_granted_before_leads_to_that_line_and_offers_no_repair(site: Site):
    arie = site.browser()
    press(arie, f"{checked(arie, csv_of(GOOD))}indienen")
    again = GOOD.replace("D003", "D004").replace("R010", "R020")
    page = arie.get(checked(arie, csv_of(again))).text
    assert "is al een regel goedgekeurd" in page
    link = re.search(r'href="([^"]+)">naar de toegekende regel', page)
    assert link is not None
    assert "Regel R010" in arie.get(link[1]).text
    assert "Regel aanpassen" not in page
