"""``hoofdsom check``: any message file, every fault with place, remedy and rule, and an exit code."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from hoofdsom import main
from subcontractors.iwmo.messages import MESSAGES
from tests.subcontractors.iwmo.documents import as_bytes, changed, sound


def check(folder, *contents):
    """The exit code and what is printed about files with these contents."""
    names = []
    for number, content in enumerate(contents, start=1):
        path = folder / f"bericht{number}.xml"
        path.write_bytes(content)
        names.append(str(path))
    result = CliRunner().invoke(main, ["check", *names])
    return result.exit_code, result.output


@pytest.mark.parametrize("number", MESSAGES)
def test_a_sound_message_of_every_kind_gives_0(tmp_path, number):
    code, text = check(tmp_path, as_bytes(sound(number)))
    assert code == 0
    assert text == f"bericht1.xml: WMO{number} ({MESSAGES[number].title}), geen fouten\n"


def test_level_1_is_told_with_line_place_remedy_and_rule(tmp_path):
    code, text = check(tmp_path, as_bytes(sound("301")).replace(b">1911<", b">191<"))
    assert code == 1
    assert "bericht1.xml: WMO301 (toewijzing), 1 fout" in text
    assert "regel 7, Bericht/Header/Afzender: Afzender heeft 3 cijfers in plaats van 4." in text
    assert "[RS035]" in text


def test_level_2_is_told_of_each_file_and_one_wrong_file_is_enough(tmp_path):
    wrong = changed(sound("307"), "StopProduct", Einddatum="2025-04-02", StatusAanlevering="9")
    code, text = check(tmp_path, as_bytes(wrong), as_bytes(sound("323")))
    assert code == 1
    assert "bericht1.xml: WMO307 (stopbericht), 2 fouten" in text
    assert "StopProduct[1]/StatusAanlevering, referentie 101: De status van de aanlevering is niet 1 of 3." in text
    assert "[TR018]" in text
    assert "bericht2.xml: WMO323 (declaratie), geen fouten" in text


def test_the_level_2_rules_of_a_declaration_are_those_of_the_upload(tmp_path):
    wrong = changed(sound("323"), "", Declaratie__TotaalIngediendBedrag__TotaalBedrag="57999")
    code, text = check(tmp_path, as_bytes(wrong))
    assert code == 1
    assert "verschil € -0,01" in text
    assert "[TR358]" in text


def test_what_is_no_message_is_told_and_no_bsn_is(tmp_path):
    code, text = check(tmp_path, b"PK\x03\x04", changed_bsn())
    assert code == 1
    assert "geen XML maar een zip-bestand" in text
    assert "[CS002]" in text
    assert "999900007" not in text


def changed_bsn():
    return as_bytes(changed(sound("317"), "", Client__Bsn="999900007"))


def test_a_file_that_is_not_there_is_a_wrong_command():
    assert CliRunner().invoke(main, ["check", "nergens.xml"]).exit_code == 2
