"""The settlement in words: who pays whom, and figures that stand under one another."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgets.settlement.text import SUMMARY_LINES, WIDTH, statement_text, summary_text
from budgets.settlement.wording import clause_text, day_text, outcome, spaced
from lead_contractor.kernel.money import Cents, cents_from_euros
from tests.budgets.settlement.cases import (
    BANDS,
    COST,
    INVEST,
    NAMES,
    NO_CAP,
    REPAY,
    TERMS,
    TO_RESERVE,
    WITHIN,
    L,
    settled,
)
from tests.klein import settled_year

AMOUNT = re.compile(r"-?[0-9.]+,[0-9]{2}$")


def told(terms, cost=COST, **more):
    return " ".join(outcome(*settled(terms, cost, **more))).replace("\u00a0", " ")


def test_rule_24_what_lies_above_the_cap_goes_back():
    assert told(REPAY) == (
        "Voorbeeld Hoofdaannemer betaalt Hollands Kroon over 2025 € 220.965,43 terug: de aanspraak is € 8.091.491,92, "
        "ontvangen is € 8.312.457,35. Het resultaat is € 470.339,15, 5,6582 % van de opbrengst; boven de begrenzing van "
        "3 % (€ 249.373,72) ligt € 220.965,43, en dat gaat terug naar de gemeente en is in het saldo verrekend."
    )


def test_within_the_cap_nothing_goes_back():
    assert told(WITHIN) == (
        "Over 2025 hoeft niemand nog iets te betalen: de aanspraak is € 8.312.457,35, ontvangen is € 8.312.457,35. "
        "Het resultaat is € 470.339,15, 5,6582 % van de opbrengst; dat blijft binnen de begrenzing van 8 % "
        "(€ 664.996,59), zodat niets terug hoeft."
    )


def test_the_municipality_pays_what_it_has_not_paid():
    said = told(WITHIN, received=L - cents_from_euros("900.00"))
    assert said.startswith("Hollands Kroon betaalt Voorbeeld Hoofdaannemer over 2025 nog € 900,00: ")


def test_the_excess_may_be_invested_or_kept_in_the_reserve():
    assert told(INVEST).endswith("ligt € 220.965,43, en dat wordt geïnvesteerd.")
    assert told(TO_RESERVE).endswith(
        "5,9976 % van de meetellende kosten; boven de begrenzing van 3 % (€ 235.263,55) ligt € 235.075,60, en dat gaat "
        "voor € 83.114,57 naar de reserve; € 151.961,03 gaat terug naar de gemeente en is in het saldo verrekend. "
        "De egalisatiereserve gaat van € 10,00 naar € 83.124,57."
    )


def test_without_a_cap_the_contractor_keeps_its_result():
    assert told(NO_CAP).endswith("5,6582 % van de opbrengst; het contract begrenst de winst niet.")


def test_rule_27_a_deficit_is_divided():
    assert told(BANDS, L + cents_from_euros("300000.00")).endswith(
        "Het tekort is € 300.000,00, 3,6090 % van de opbrengst: de gemeente draagt € 66.875,43 en de hoofdaannemer "
        "draagt € 233.124,57."
    )


def test_neither_surplus_nor_deficit():
    assert "er is overschot noch tekort" in told(REPAY, L).lower()


def test_the_summary_calls_the_parties_by_their_part():
    assert outcome(*settled(REPAY), named=False)[0].startswith("De hoofdaannemer betaalt de gemeente over 2025 €")


@pytest.mark.parametrize("terms", TERMS.values(), ids=TERMS)
@pytest.mark.parametrize("cost", [COST, L, L + cents_from_euros("600000.00"), Cents(0)], ids=str)
def test_figures_stand_under_one_another(terms, cost):
    text = statement_text(*settled(terms, cost), NAMES)
    lines = text.splitlines()
    assert max(map(len, lines)) <= WIDTH
    figures = [line for line in lines if AMOUNT.search(line) and line.startswith("   ") and "€" not in line]
    assert len(figures) > 10
    assert {len(line) for line in figures} == {WIDTH}
    assert [line[0] for line in lines if re.match(r"[1-7]\. ", line)] == list("1234567")
    assert "Sluitend: 16 controles kloppen op de cent." in lines


def test_each_step_names_its_clause_and_each_agreement_its_figures():
    text = statement_text(*settled(REPAY), NAMES)
    assert re.search(r"^5\. Overschot +winstbegrenzing \(settlement\.margin\.cap_percent\)$", text, re.MULTILINE)
    assert re.search(r"^     PXQ-1  Zorg \"Thuis\" #let", text, re.MULTILINE)
    assert re.search(r"^   P×Q +3\.916\.059,10 +16\.200,00 +–$", text, re.MULTILINE)
    assert re.search(r"land +3\.916\.059,10 +– +-25\.872,00$", text, re.MULTILINE)
    assert re.search(r"^     waarvan na de sluitdatum \(telt niet mee\) +47,11$", text, re.MULTILINE)
    assert "\u00a0" not in text


@pytest.mark.parametrize("terms", TERMS.values(), ids=TERMS)
@given(
    cost=st.integers(0, 3 * int(L)),
    received=st.integers(0, 3 * int(L)),
    name=st.text(min_size=1, max_size=200),
)
def test_the_summary_fits_in_fifteen_lines(terms, cost, received, name):
    text = summary_text(*settled(terms, Cents(cost), received=Cents(received), municipality=name, contractor=name))
    lines = text.split("\n")[:-1]
    assert len(lines) <= SUMMARY_LINES
    assert max(map(len, lines)) <= WIDTH
    assert re.search(r"^   (Nog te betalen|Terug te betalen)[a-z ]* +[0-9.]+,[0-9]{2}$", lines[-1])


def test_words():
    assert clause_text("settlement.overhead.cap_percent") == "maximum voor overhead (settlement.overhead.cap_percent)"
    assert clause_text("settlement.new") == "settlement.new"
    assert spaced("12% van € 10,00") == "12\u00a0% van €\u00a010,00"


def test_the_example_is_told(engine):
    loaded, settlement = settled_year(engine)
    text = statement_text(loaded.contract, settlement, {})
    assert f"contract {loaded.contract.id}" in text
    assert all(agreement.subcontractor in text for agreement in settlement.agreements)
    assert day_text(loaded.contract.first_day) == "1 januari 2025"
