"""The printable settlement: the same bytes for the same input, archival, and safe for any name."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from budgets.settlement import statement
from budgets.settlement.statement import TEMPLATE, statement_content, statement_pdf
from budgets.settlement.waterfall import WHOLE, waterfall
from lead_contractor.contract.model import Margin
from lead_contractor.kernel.money import Cents, cents_from_euros, total
from tests.budgets.settlement.cases import BANDS, COST, NAMES, NASTY, REPAY, TERMS, TO_RESERVE, L, settled

AT = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)  # past midnight in Amsterdam


def content(terms=REPAY, cost=COST, *, final=False):
    agreed, settlement = settled(terms, cost)
    return statement_content(agreed, settlement, NAMES, made_at=AT, version=2, final=final)


def printed(case, names=NAMES, *, at=AT, version=2, final=False):
    agreed, settlement = case
    return statement_pdf(agreed, settlement, names, made_at=at, version=version, final=final)


def page_count(pdf: bytes) -> int:
    (found,) = re.findall(rb"/Type/Pages/Count (\d+)", pdf)
    return int(found)


def test_it_is_an_archival_and_accessible_pdf_in_dutch():
    pdf = printed(settled(REPAY))
    assert pdf.startswith(b"%PDF-1.7")
    assert b"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert b"/Lang(nl-NL)" in pdf
    assert page_count(pdf) == 3


def test_equal_input_gives_equal_bytes_and_other_input_does_not():
    made = printed(settled(REPAY))
    assert made == printed(settled(REPAY), dict(reversed(NAMES.items())))
    assert made != printed(settled(REPAY), version=3)
    assert made != printed(settled(REPAY), final=True)


@pytest.mark.parametrize("terms", TERMS.values(), ids=TERMS)
@pytest.mark.parametrize("cost", [COST, L, L + cents_from_euros("600000.00"), Cents(0)], ids=str)
def test_every_outcome_can_be_set(terms, cost):
    assert page_count(printed(settled(terms, cost))) >= 3


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(NASTY, id="markup"),
        pytest.param('"); #panic("x") //', id="code"),
        pytest.param('\\", "version": "9', id="JSON"),
        pytest.param("Súdwest-Fryslân, ’s-Gravenhage, Łódź", id="letters"),
        pytest.param("Zorg 😀 漢字\x07\u202e\n", id="signs without a font"),
        pytest.param("", id="nothing"),
    ],
)
def test_a_name_is_only_text(name):
    agreed, settlement = settled(REPAY, municipality=name, contractor=name)
    agreed = replace(agreed, id=name)
    settlement = replace(settlement, agreements=tuple(replace(one, id=name or "X") for one in settlement.agreements))
    names = {"65656055": name, "41410002": name}
    assert page_count(printed((agreed, settlement), names)) == 3
    shown = statement_content(agreed, settlement, names, made_at=AT, version=2, final=False)
    assert shown["forms"]["forms"][0]["rows"][0]["name"] == name


def test_a_name_stands_in_the_document_as_it_is():
    pdf = printed(settled(REPAY, contractor='Zorg "Thuis" & Co #let'))
    assert b"Zorg &quot;Thuis&quot; &amp; Co #let" in pdf or b'Zorg "Thuis" &amp; Co #let' in pdf


def test_signs_that_cannot_be_shown_become_question_marks():
    assert statement._shown({"a": ["Zorg 漢 – €", 3]}) == {"a": ["Zorg ? – €", 3]}
    assert statement._printable("a\x07b\u00a0c\n") == "a b\u00a0c "


def test_the_template_holds_no_figures_and_uses_nothing_from_outside():
    source = TEMPLATE.read_text()
    assert "@preview" not in source
    assert "#import" not in source
    assert "eval(" not in source
    assert Path(TEMPLATE).suffix == ".typ"


def test_the_title_block():
    shown = content()
    assert shown["title"] == "Afrekening 2025"
    assert shown["running"] == "Afrekening 2025, contract HK-2025, concept, versie 2"
    assert shown["facts"] == [
        ["Gemeente", "Hollands Kroon (1911)"],
        ["Hoofdaannemer", "Voorbeeld Hoofdaannemer (AGB 42420001)"],
        ["Contract", "HK-2025"],
        ["Contractperiode", "1 januari 2025 tot en met 31 december 2025"],
        ["Versie", "2, opgemaakt op 1 juli 2026"],
        ["Status", "concept"],
    ]
    assert content(final=True)["status"] == "Definitief"
    assert shown["key"][2] == ["Resultaat", "€\u00a0470.339,15", "5,6582\u00a0% van de opbrengst"]
    assert shown["key"][3] == ["Terug te betalen door de hoofdaannemer", "€\u00a0220.965,43", ""]


def test_the_seven_steps_with_their_clause_and_postings():
    steps = content()["steps"]
    assert [step["number"] for step in steps] == [1, 2, 3, 4, 5, 6, 7]
    surplus = steps[4]
    assert (surplus["clause"], surplus["key"]) == ("winstbegrenzing", "settlement.margin.cap_percent")
    assert [(row["name"], row["amount"]) for row in surplus["figures"]] == [
        ("Resultaat", "470.339,15"),
        ("Begrenzing, 3\u00a0% van de opbrengst", "−249.373,72"),
        ("Boven de begrenzing", "220.965,43"),
    ]
    assert surplus["transfers"] == [
        {
            "debit": "Terug te betalen resultaat",
            "credit": "Te vorderen van de gemeente",
            "amount": "220.965,43",
            "explanation": "Resultaat boven de winstbegrenzing gaat terug naar de gemeente.",
            "key": "settlement.margin.cap_percent",
        }
    ]
    assert [(row["name"], row["amount"]) for row in steps[6]["figures"]][-1] == (
        "Terug te betalen door de hoofdaannemer",
        "−220.965,43",
    )
    assert steps[3]["remark"] == "Dat is 5,6582\u00a0% van de opbrengst."


def test_a_deficit_is_divided_in_its_step():
    figures = content(BANDS, L + cents_from_euros("300000.00"))["steps"][5]["figures"]
    assert [(row["name"], row["amount"]) for row in figures] == [
        ("Tekort", "300.000,00"),
        ("Door de gemeente", "−66.875,43"),
        ("Door de hoofdaannemer", "233.124,57"),
    ]


def test_agreements_per_form_add_up_and_every_check_is_shown():
    shown = content()
    assert [form["name"] for form in shown["forms"]["forms"]] == ["P×Q", "Lumpsum per fte"]
    assert (shown["forms"]["due"], shown["forms"]["above"], shown["forms"]["true_up"]) == (
        "7.832.118,20",
        "16.200,00",
        "−25.872,00",
    )
    assert len(shown["claims"]) == 16
    assert all(claim["expected"] == claim["found"] for claim in shown["claims"])
    assert json.loads(json.dumps(shown)) == shown


@pytest.mark.parametrize("terms", TERMS.values(), ids=TERMS)
@pytest.mark.parametrize("cost", [COST, L, L + cents_from_euros("600000.00"), Cents(0)], ids=str)
def test_the_waterfall_runs_from_lump_sum_to_what_stays(terms, cost):
    _, settlement = settled(terms, cost)
    bars = waterfall(settlement)
    running = Cents(0)
    for bar in bars:
        running = bar.cents if bar.is_total else running + bar.cents
        assert 0 <= bar.start <= bar.start + bar.length <= WHOLE
    named = {bar.name: bar.cents for bar in bars}
    assert total(bar.cents for bar in bars[: [bar.name for bar in bars].index("opbrengst")]) == named["opbrengst"]
    assert named["resultaat"] == settlement.result
    last = settlement.kept if settlement.result > 0 else -settlement.deficit.contractor
    assert bars[-1].cents == running == (last if settlement.result else 0)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        printed(settled(REPAY), at=datetime(2026, 6, 30))  # noqa: DTZ001


def test_a_broken_template_is_not_hidden(monkeypatch, tmp_path):
    import typst

    broken = tmp_path / "broken.typ"
    broken.write_text("#panic()")
    monkeypatch.setattr(statement, "TEMPLATE", broken)
    with pytest.raises(typst.TypstError):
        printed(settled(TO_RESERVE | {"margin": Margin(Decimal(3))}))
