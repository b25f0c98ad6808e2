"""Messages in a year folder: the official sample to the cent, and bad ones that are refused whole while the rest goes on."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from budgets.settlement.service import settle_contract
from budgets.year_folder.service import Loaded, load
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.tenancy import Scope
from subcontractors.declarations.answers import MessageAnswer, answers
from subcontractors.declarations.model import Status
from subcontractors.iwmo.walk import LIMIT
from tests.budgets.year_folder.sample import MESSAGES, write_sample

AT = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
KEY = b"k" * 32

CONTRACT_2023 = """\
format = 1
id = "OFFICIEEL-2023"
year = 2023
[municipality]
name = "Voorbeeld"
code = "0384"
[lead_contractor]
name = "Voorbeeld Hoofdaannemer"
agb = "42420001"
[lump_sum]
amount = "12000.00"
[settlement]
cut_off = 2024-03-31
corrections_until = 2024-05-31
"""
AGREEMENT_2023 = """\
[[agreement]]
id = "PXQ-1"
subcontractor = "65656055"
form = "pxq"
products = ["01A03", "01A04"]
"""
TARIFFS_2023 = """\
subcontractor,product_code,unit,tariff,valid_from,valid_to
65656055,01A03,04,12.50,2023-01-01,
65656055,01A04,04,15.00,2023-01-01,
"""
ALLOCATIONS_2023 = """\
number,bsn,subcontractor,category,product_code,start,end,volume,unit,frequency,budget,reason_change,flags
20072,999900006,65656055,01,01A03,2023-01-01,2023-12-31,4,04,4,,,
200730,999900006,65656055,01,01A04,2023-01-01,2023-12-31,4,04,2,,,
20074,999900018,65656055,01,01A03,2023-01-01,2023-12-31,4,04,4,,,
20073,999900018,65656055,01,01A04,2023-01-01,2023-12-31,4,04,2,,,
"""
SUBCONTRACTOR = "agb,name,kvk,iban,size,consent_date,active_from,active_to\n65656055,Zorgbureau De Linde,,,,,,\n"


def answered(engine: Engine, loaded: Loaded) -> dict[str, MessageAnswer]:
    with reading(engine) as connection:
        found = answers(Scope(connection, loaded.lead_contractor_id), loaded.contract_id)
    return {one.file: one for one in found}


def test_the_official_sample_comes_out_at_580_euros(engine: Engine, tmp_path: Path, iwmo_dir: Path) -> None:
    folder = tmp_path / "year"
    (folder / "messages").mkdir(parents=True)
    for name, content in (
        ("contract.toml", CONTRACT_2023),
        ("agreements.toml", AGREEMENT_2023),
        ("tariffs.csv", TARIFFS_2023),
        ("allocations.csv", ALLOCATIONS_2023),
        ("subcontractors.csv", SUBCONTRACTOR),
    ):
        (folder / name).write_text(content)
    (folder / "messages" / "sample.xml").write_bytes((iwmo_dir / "samples" / "WMO323.xml").read_bytes())
    loaded = load(engine, KEY, folder, AT)
    one = answered(engine, loaded)["sample.xml"]
    assert [line.amount for line in one.lines] == [5_000, 24_000, 5_000, 24_000]
    assert all(line.accepted for line in one.lines)
    assert (one.submitted, one.granted, one.declaration_codes) == (58_000, 58_000, ("8001",))
    with writing(engine) as connection:
        settled = settle_contract(Scope(connection, loaded.lead_contractor_id), loaded.contract_id, AT)
    assert settled.cost.subcontractors == 58_000


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("kapot.xml", b"<wmo323:Bericht", "XML"),
        ("bom.xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><a>&b;</a>', "DOCTYPE"),
        ("leeg.xml", b"", "leeg"),
        ("anders.xml", b"<html><body/></html>", "html"),
        ("kolommen.csv", b"declaration,wat\n1,2\n", "wat"),
        ("binair.csv", bytes(range(256)), "CSV"),
    ],
)
def test_a_broken_message_is_refused_whole_and_the_rest_goes_on(
    engine: Engine, tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    sound = load(engine, KEY, write_sample(tmp_path / "sound"), AT)
    before = {file: one.granted for file, one in answered(engine, sound).items()}
    write_sample(tmp_path / "broken", messages={**MESSAGES, name: content})
    broken = load(engine, KEY, tmp_path / "broken", AT, replace=True)
    found = answered(engine, broken)
    refused = found.pop(name)
    assert refused.status is Status.REFUSED_STRUCTURE
    assert any(says in fault for fault in refused.faults), refused.faults
    assert (refused.lines, refused.granted) == ((), 0)
    assert {file: one.granted for file, one in found.items()} == before


def test_a_file_of_a_hundred_megabytes_is_refused_without_being_read_whole(engine: Engine, tmp_path: Path) -> None:
    folder = write_sample(tmp_path / "year")
    with (folder / "messages" / "groot.csv").open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    one = answered(engine, load(engine, KEY, folder, AT))["groot.csv"]
    assert one.status is Status.REFUSED_STRUCTURE
    assert any(str(LIMIT // 1024 // 1024) in fault for fault in one.faults), one.faults
