"""Return codes: complete, in order, and each with words of our own in two languages."""

from __future__ import annotations

import csv

import pytest

from subcontractors.iwmo.codes import RETURN_CODES, entry, in_order, reason
from subcontractors.iwmo.reasons import CODES

DECLARATION_CODES = [
    "0001",
    "0200",
    "0233",
    "8001",
    "9056",
    "8848",
    "8187",
    "9307",
    "9308",
    "8021",
    "8214",
    "9319",
    "9321",
    "9322",
    "8017",
    "9333",
    "9338",
    "9339",
    "9340",
    "9341",
    "9346",
    "9369",
    "S300",
    "S329",
    "9384",
    "9387",
    "9388",
    "9389",
    "9390",
    "0611",
]


@pytest.mark.parametrize("code", DECLARATION_CODES)
def test_every_code_of_a_declaration_is_explained(code):
    words = reason(code)
    assert all(text.endswith(".") for text in words)
    assert words.text_nl != words.text_en


def test_entries_stand_in_the_order_of_the_rules_and_once():
    rules = [code.rule for code in CODES if code.rule]
    assert rules == sorted(rules)
    assert len({code.code for code in CODES}) == len(CODES)
    assert {code.code for code in CODES} <= set(RETURN_CODES)


def test_codes_are_put_in_the_order_of_the_tr_numbers():
    assert in_order(["0611", "9338", "9321", "8021", "9338"]) == ("8021", "9321", "9338", "0611")


def test_a_rule_leads_to_its_code_and_a_rule_of_level_2_to_0001():
    assert entry("TR338").code == "9338"
    assert reason("TR338") == reason("9338")
    assert reason("TR358") == reason("CS002") == reason("0001")
    with pytest.raises(KeyError):
        reason("9999")


def test_the_list_is_that_of_the_standard(iwmo_dir):
    with (iwmo_dir / "codelists" / "LDT_RetourCode.csv").open(encoding="utf-8") as stream:
        assert tuple(row["code"] for row in csv.DictReader(stream)) == RETURN_CODES


def test_no_text_is_copied_from_the_standard(iwmo_dir):
    with (iwmo_dir / "codelists" / "LDT_RetourCode.csv").open(encoding="utf-8") as stream:
        official = {row["omschrijving"].strip().rstrip(".").lower() for row in csv.DictReader(stream)}
    assert not official & {code.reason.text_nl.rstrip(".").lower() for code in CODES}


def test_rules_levels_and_codes_are_those_of_the_standard(iwmo_dir):
    with (iwmo_dir / "rules" / "technische_regels_wmo.csv").open(encoding="utf-8-sig") as stream:
        official = {row["regel"]: (row["controleniveau"][:1], row["retourcode"]) for row in csv.DictReader(stream)}
    for code in CODES:
        if code.rule:
            assert (str(code.level), code.code) == official[code.rule]
