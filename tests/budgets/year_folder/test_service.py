"""Loading: whole or not at all; again changes nothing; changed content only on request; never after a final settlement."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from budgets.settlement.layout import to_json
from budgets.settlement.service import settle_contract
from budgets.year_folder.service import Loaded, export, folders_in, intake_of, load
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.refusals import Conflict, Unsound
from lead_contractor.kernel.schema import throwaway_database
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from subcontractors.declarations.intake import take_in
from tests.budgets.year_folder.sample import MESSAGES, write_sample

AT = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
KEY = b"k" * 32
TABLES = "lead_contractor contract subcontractor agreement tariff allocation client message declaration_line transfer balance"


def counts(engine: Engine) -> dict[str, int]:
    with reading(engine) as connection:
        return {
            name: int(connection.execute(text(f"SELECT COUNT(*) FROM {name}")).scalar_one()) for name in TABLES.split()
        }


def settled(engine: Engine, loaded: Loaded, *, final: bool = False) -> dict[str, object]:
    with writing(engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)
        return to_json(settle_contract(scope, loaded.contract_id, AT, final=final))


def test_a_folder_with_an_error_changes_nothing(engine: Engine, tmp_path: Path) -> None:
    write_sample(tmp_path / "year", allocations=lambda content: content.replace("999900006", "999900007"))
    with pytest.raises(Unsound) as refused:
        load(engine, KEY, tmp_path / "year", AT)
    assert any(finding.file == "allocations.csv" and finding.column == "bsn" for finding in refused.value.findings)
    assert set(counts(engine).values()) == {0}


def test_the_same_content_again_changes_nothing_and_says_so(engine: Engine, tmp_path: Path) -> None:
    write_sample(tmp_path / "year")
    first = load(engine, KEY, tmp_path / "year", AT)
    before = counts(engine)
    again = load(engine, KEY, tmp_path / "year", AT)
    assert not first.unchanged
    assert again.unchanged
    assert counts(engine) == before


def test_settling_again_books_nothing_more(engine: Engine, tmp_path: Path) -> None:
    write_sample(tmp_path / "year")
    loaded = load(engine, KEY, tmp_path / "year", AT)
    first, before = settled(engine, loaded), counts(engine)
    assert settled(engine, loaded) == first
    assert counts(engine) == before


def test_changed_content_asks_for_replace_and_the_books_only_grow(engine: Engine, tmp_path: Path) -> None:
    write_sample(tmp_path / "old")
    loaded = load(engine, KEY, tmp_path / "old", AT)
    settled(engine, loaded)
    before = counts(engine)
    write_sample(tmp_path / "new", receipts=lambda content: content.replace("100000.00", "100000.01", 1))
    with pytest.raises(Conflict, match="--replace"):
        load(engine, KEY, tmp_path / "new", AT)
    assert counts(engine) == before
    replaced = load(engine, KEY, tmp_path / "new", AT, replace=True)
    assert any(made.source.startswith("contract:receipt:") for made in replaced.reversed)
    assert counts(engine)["transfer"] > before["transfer"]
    assert settled(engine, replaced)["received"] == 1 + int(str(settled_received(tmp_path / "old")))


def settled_received(folder: Path) -> int:
    with throwaway_database() as engine:
        return int(str(settled(engine, load(engine, KEY, folder, AT))["received"]))


def test_after_a_final_settlement_nothing_is_replaced(engine: Engine, tmp_path: Path) -> None:
    write_sample(tmp_path / "old")
    settled(engine, load(engine, KEY, tmp_path / "old", AT), final=True)
    write_sample(tmp_path / "new", receipts=lambda content: content.replace("100000.00", "100000.01", 1))
    with pytest.raises(Conflict, match="definitief"):
        load(engine, KEY, tmp_path / "new", AT, replace=True)


def test_out_and_in_again_gives_the_same_settlement(engine: Engine, tmp_path: Path) -> None:
    write_sample(tmp_path / "year")
    loaded = load(engine, KEY, tmp_path / "year", AT)
    export(engine, KEY, loaded.lead_contractor_id, loaded.contract_id, tmp_path / "out")
    with throwaway_database() as other:
        assert settled(other, load(other, KEY, tmp_path / "out", AT)) == settled(engine, loaded)


def test_the_opening_balance_of_the_reserve_is_the_closing_balance_of_the_year_before(
    engine: Engine, tmp_path: Path
) -> None:
    reserve = '\n[settlement.reserve]\nmax_percent = "5"\nopening_balance = "0.00"\n'
    excess = {
        "contract.toml": lambda content: (
            content.replace('cap_percent = "5"', 'cap_percent = "0"\nexcess = "reserve"') + reserve
        )
    }
    write_sample(tmp_path / "first", **excess)
    first = settled(engine, load(engine, KEY, tmp_path / "first", AT))
    closing = first["reserve"]["closing"]  # type: ignore[index]
    assert closing > 0
    next_year = tmp_path / "second"
    write_sample(next_year, **excess)
    for path in next_year.rglob("*"):
        if path.is_file():
            path.write_text(path.read_text().replace("2026-", "2027-").replace("2025", "2026"))
    with pytest.raises(Unsound) as refused:
        load(engine, KEY, next_year, AT)
    assert [finding.column for finding in refused.value.findings] == ["settlement.reserve.opening_balance"]
    assert f'"{closing // 100}.{closing % 100:02d}"' in str(refused.value)


def test_bsns_are_nowhere_in_the_database_in_the_clear(engine: Engine, tmp_path: Path) -> None:
    write_sample(tmp_path / "year")
    load(engine, KEY, tmp_path / "year", AT)
    with reading(engine) as connection:
        for name in [*TABLES.split(), "message_file", "start_stop_report"]:
            for row in connection.execute(text(f"SELECT * FROM {name}")):
                seen = " ".join(value.hex() if isinstance(value, bytes | memoryview) else str(value) for value in row)
                assert "999900006" not in seen, name
                assert b"999900006".hex() not in seen, name


def test_a_folder_of_year_folders_is_each_of_them(tmp_path: Path) -> None:
    for name in ("b", "a"):
        write_sample(tmp_path / name)
    assert [path.name for path in folders_in(tmp_path)] == ["a", "b"]
    assert folders_in(tmp_path / "a") == [tmp_path / "a"]


def test_allocation_numbers_that_messages_cannot_tell_apart_are_named(engine: Engine, tmp_path: Path) -> None:
    def twice(content: str) -> str:
        head, first, *rest = content.splitlines()
        number, _, others = first.partition(",")
        return "\n".join([head, first, f"00{number},{others}", *rest]) + "\n"

    write_sample(tmp_path / "year", allocations=twice)
    with pytest.raises(Unsound, match="voorloopnullen"):
        load(engine, KEY, tmp_path / "year", AT)


def test_a_message_finds_its_allocation_whatever_zeros_stand_before_the_number(engine: Engine, tmp_path: Path) -> None:
    plain = settled(engine, load(engine, KEY, write_sample(tmp_path / "plain"), AT))

    def zeros(content: str) -> str:
        head, *rows = content.splitlines()
        return "\n".join([head, *(f"00{row}" for row in rows)]) + "\n"

    write_sample(tmp_path / "zeros", allocations=zeros)
    assert settled(engine, load(engine, KEY, tmp_path / "zeros", AT, replace=True)) == plain


def test_what_providers_sent_in_themselves_is_never_replaced_away(engine: Engine, tmp_path: Path) -> None:
    loaded = load(engine, KEY, write_sample(tmp_path / "old", messages={}), AT)
    with writing(engine) as connection:
        scope, vault = Scope(connection, loaded.lead_contractor_id), Vault(KEY, loaded.lead_contractor_id)
        files = list(MESSAGES.items())
        take_in(scope, vault, intake_of(loaded.contract_id, loaded.contract), files, AT, received=AT.date())
    before = counts(engine)
    write_sample(tmp_path / "new", messages={}, receipts=lambda content: content.replace("100000.00", "100000.01", 1))
    with pytest.raises(Conflict, match="zelf hebben ingediend"):
        load(engine, KEY, tmp_path / "new", AT, replace=True)
    assert counts(engine) == before


def test_shuffled_rows_of_csv_declarations_are_the_same_content(engine: Engine, tmp_path: Path) -> None:
    load(engine, KEY, write_sample(tmp_path / "plain"), AT)
    before = counts(engine)

    def shuffled(content: bytes) -> bytes:
        head, *rows = content.decode().splitlines()
        return "\n".join([head, *reversed(rows)]).encode() + b"\n"

    messages = {f"z-{name}": shuffled(content) for name, content in MESSAGES.items()}
    assert messages != {f"z-{name}": content for name, content in MESSAGES.items()}
    write_sample(tmp_path / "shuffled", messages=messages)
    assert load(engine, KEY, tmp_path / "shuffled", AT).unchanged
    assert counts(engine) == before


def test_a_bsn_in_the_wrong_column_is_not_repeated_in_a_finding(engine: Engine, tmp_path: Path) -> None:
    def shifted(content: str) -> str:
        return content.replace(",02A03,", ",999900006,", 1)

    write_sample(tmp_path / "year", allocations=shifted)
    with pytest.raises(Unsound) as refused:
        load(engine, KEY, tmp_path / "year", AT)
    assert "product_code" in str(refused.value)
    assert "999900006" not in str(refused.value)
