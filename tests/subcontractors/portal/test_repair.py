from __future__ import annotations

from tests.people import csrf
from tests.subcontractors.portal.desk import GOOD, NEIGHBOUR, TOO_MUCH, Site, checked, csv_of, press
from tests.subcontractors.portal.test_upload import an_xml

OLD_TARIFF = GOOD.replace("55.80,558.00", "56.80,568.00")
SLASHES = GOOD.replace("2025-03-01", "01-03-2025")


def change(arie, address: str, **form: str):
    data = {"csrf_token": csrf(arie, "/declaraties/"), "declaratie": "D003", "positie": "1", **form}
    return arie.post(f"{address}regel", data=data)


def test_tariff_and_amount_are_taken_over_together_and_the_volume_never(site: Site):
    arie, before = site.browser(), site.rows()
    address = checked(arie, csv_of(OLD_TARIFF, TOO_MUCH))
    page = arie.get(address).text
    assert "2 waarden kunt u in één keer overnemen" in page
    assert "€ 56,80" in page
    press(arie, f"{address}overnemen")
    page = arie.get(address).text
    assert "<strong>1 van de 2 regels</strong> in orde" in page
    assert "9.000 minuten" in page
    assert "overnemen" not in page.replace("waarden overgenomen", "")
    assert site.rows() == before


def test_a_message_stays_a_message_with_its_total_reckoned_anew(site: Site):
    arie = site.browser()
    wrong = an_xml(56800).replace(b">5580<", b">5680<").replace(b">55800<", b">56800<")
    address = checked(arie, wrong, "maart.xml")
    press(arie, f"{address}overnemen")
    answer = press(arie, f"{address}indienen")
    page = arie.get(answer.headers["Location"]).text
    assert "€\xa0558,00" in page
    assert "antwoord.xml" in page


def test_a_volume_changes_only_with_the_word_of_who_declares(site: Site):
    arie = site.browser()
    address = checked(arie, csv_of(TOO_MUCH))
    change(arie, address, volume="95")
    page = arie.get(address).text
    assert "Zet eerst een vinkje bij" in page
    assert "9.000 minuten" in page
    change(arie, address, volume="95", bevestigd="ja")
    page = arie.get(address).text
    assert "De regel is aangepast" in page
    assert "<strong>€\xa0138,30</strong>" in page  # rule 11: 95 minutes at 87.35
    assert "U hebt 1 waarde aangepast" in page


def test_a_wrong_number_is_named_and_changes_nothing(site: Site):
    arie = site.browser()
    address = checked(arie, csv_of(TOO_MUCH))
    change(arie, address, volume="1,5", bevestigd="ja")
    assert "Typ een heel getal." in arie.get(address).text
    change(arie, address, bevestigd="ja")
    assert "Er is niets gewijzigd" in arie.get(address).text


def test_the_draft_of_another_is_not_repaired(site: Site):
    arie, buur = site.browser(), site.browser(NEIGHBOUR)
    address = checked(arie, csv_of(OLD_TARIFF))
    assert press(buur, f"{address}overnemen").status_code == 404
    assert change(buur, address, volume="9", bevestigd="ja").status_code == 404
    assert "waarden kunt u in één keer overnemen" in arie.get(address).text
