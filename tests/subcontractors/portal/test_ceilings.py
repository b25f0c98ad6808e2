"""What a provider is told about its own ceilings on its first page."""

from __future__ import annotations

import pytest

from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.notices import CeilingNotice
from tests.people import browser_of, csrf
from tests.subcontractors.portal.desk import PROVIDER, Site, portal

CEILING, USED, UNPAID = Cents(45_000_000), Cents(46_620_000), Cents(1_620_000)
SAID = {
    "passed": ("ligt boven het plafond van € 450.000,00. Zonder addendum blijft € 16.200,00 onbetaald.", "lies above"),
    "almost_sure": ("komt dit jaar vrijwel zeker boven het plafond van € 450.000,00 uit.", "almost surely passes"),
    "may": ("kan dit jaar boven het plafond van € 450.000,00 uitkomen.", "may pass"),
    "signal": ("van € 466.200,00 heeft de signaalgrens van het plafond van € 450.000,00", "has reached the signal"),
}


@pytest.mark.parametrize("certainty", list(SAID))
def test_a_ceiling_asks_for_attention_in_both_languages(site: Site, certainty: str):
    asked = []

    def notices(_: Scope, contract_id: int, agb: str) -> tuple[CeilingNotice, ...]:
        asked.append((contract_id, agb))
        return (CeilingNotice("PXQ-1", certainty, CEILING, USED, UNPAID),)

    arie = browser_of(portal(site.engine, notices=notices), PROVIDER)
    dutch, english = SAID[certainty]
    assert dutch in arie.get("/declaraties/").text.replace("\xa0", " ")
    assert asked == [(1, "65656055")], "only its own are asked for"
    arie.post("/taal", data={"csrf_token": csrf(arie, "/declaraties/"), "language": "en", "next": "/declaraties/"})
    assert english in arie.get("/declaraties/").text


def test_without_anything_to_say_nothing_is_said(site: Site):
    assert "plafond" not in site.browser().get("/declaraties/").text
