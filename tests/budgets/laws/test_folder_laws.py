"""Laws of a whole year: how it is told, in what order and in how many steps, does not matter; what it says does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from budgets.year_folder.service import export, intake_of
from lead_contractor.kernel.database import writing
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from subcontractors.declarations.intake import take_in
from tests.budgets.laws.variants import (
    disorder,
    edit,
    in_order,
    load_in_steps,
    load_variant,
    outcome,
    outcome_of,
    transfers,
    variant,
)
from tests.budgets.year_folder.sample import MESSAGES, write_sample
from tests.klein import AT, MASTER_KEY

MONTHS_LATER = AT + timedelta(days=60)


def test_names_of_files_and_order_of_rows_change_nothing(engine: Engine, tmp_path: Path):
    as_written = outcome_of(engine, variant(tmp_path / "as-written"))
    for seed in (1, 2, 3):
        folder = variant(tmp_path / f"disorder-{seed}")
        disorder(folder, seed)
        assert outcome_of(engine, folder) == as_written


@pytest.mark.parametrize(
    "sizes", [[1] * 80, [3, 20, 1, 5], [0, 40]], ids=["one by one", "some at a time", "two halves"]
)
def test_all_at_once_or_in_steps_is_the_same(engine: Engine, tmp_path: Path, sizes: list[int]):
    at_once = outcome_of(engine, variant(tmp_path / "at-once"))
    in_steps = load_in_steps(engine, variant(tmp_path / "in-steps"), sizes)
    assert outcome(engine, in_steps) == at_once


def test_loading_and_settling_again_changes_nothing(engine: Engine, tmp_path: Path):
    folder = variant(tmp_path / "year")
    first = load_variant(engine, folder)
    before, booked = outcome(engine, first), transfers(engine, first)
    again = load_variant(engine, folder)
    assert again.unchanged
    assert (outcome(engine, again), transfers(engine, again)) == (before, booked)


def test_replacing_a_year_by_the_same_year_in_another_order_books_nothing(engine: Engine, tmp_path: Path):
    folder = variant(tmp_path / "year")
    booked = transfers(engine, first := load_variant(engine, folder))
    disorder(folder, 4)
    replaced = load_variant(engine, folder, replace=True)
    assert (replaced.reversed, replaced.added) == ((), ())
    assert transfers(engine, replaced) == booked
    assert outcome(engine, replaced) == outcome(engine, first)


def test_messages_that_come_again_change_nothing(engine: Engine, tmp_path: Path):
    folder = variant(tmp_path / "year")
    loaded = load_variant(engine, folder)
    (settlement, answered), booked = outcome(engine, loaded), transfers(engine, loaded)
    with writing(engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)
        vault = Vault(MASTER_KEY, scope.lead_contractor_id)
        files = [(f"weer-{path.name}", path) for path in in_order(folder)]
        taken = take_in(scope, vault, intake_of(loaded.contract_id, loaded.contract), files, MONTHS_LATER)
    assert {head.status.value for head in taken.heads} == {"duplicate"}
    after, answers = outcome(engine, loaded)
    assert (after, transfers(engine, loaded)) == (settlement, booked)
    assert [one for one in answers if one["status"] != "duplicate"] == [
        one for one in answered if one["status"] != "duplicate"
    ]


def test_out_and_in_again_is_the_same_year(engine: Engine, tmp_path: Path):
    loaded = load_variant(engine, variant(tmp_path / "year"))
    before = outcome(engine, loaded)
    written = tmp_path / "written"
    export(engine, MASTER_KEY, loaded.lead_contractor_id, loaded.contract_id, written)
    assert load_variant(engine, written).unchanged
    agb = next(line for line in (written / "contract.toml").read_text().splitlines() if line.startswith("agb"))
    edit(written / "contract.toml", lambda text: text.replace(agb, 'agb = "99970001"'))
    assert outcome_of(engine, written) == before


def a_correction_is_withdrawn(folder: Path) -> None:
    in_order(folder)[-2].unlink()


def a_tariff_goes_up(folder: Path) -> None:
    edit(folder / "tariffs.csv", lambda text: text.replace("34.01", "34.02"))


def a_message_is_withdrawn(folder: Path) -> None:
    declarations = [path for path in in_order(folder) if b"wmo323" in path.read_bytes()]
    declarations[1].unlink()


def an_agreement_costs_more(folder: Path) -> None:
    edit(folder / "agreements.toml", lambda text: text.replace('amount = "24000.00"', 'amount = "24001.00"'))


def the_cut_off_is_earlier(folder: Path) -> None:
    edit(folder / "contract.toml", lambda text: text.replace("cut_off = 2026-03-31", "cut_off = 2025-12-31"))


def an_allocation_is_deleted(folder: Path) -> None:
    def deleted(text: str) -> str:
        header, first, *rest = text.splitlines()
        cells = dict(zip(header.split(","), first.split(","), strict=True))
        cells["reason_change"] = "13"
        return "\n".join([header, ",".join(cells.values()), *rest, ""])

    edit(folder / "allocations.csv", deleted)


def a_product_leaves_its_agreement(folder: Path) -> None:
    edit(folder / "agreements.toml", lambda text: text.replace('products = ["02A03", "02A05"]', 'products = ["02A03"]'))


CHANGES: tuple[Callable[[Path], None], ...] = (
    a_tariff_goes_up,
    a_message_is_withdrawn,
    a_correction_is_withdrawn,
    an_agreement_costs_more,
    the_cut_off_is_earlier,
    an_allocation_is_deleted,
    a_product_leaves_its_agreement,
)


def test_a_replaced_year_is_the_changed_year_and_the_books_only_grew(engine: Engine, tmp_path: Path):
    original = variant(tmp_path / "year")
    loaded = load_variant(engine, original)
    at_first = outcome(engine, loaded)
    booked = transfers(engine, loaded)
    for change in CHANGES:
        fresh = variant(tmp_path / f"fresh-{change.__name__}")
        change(fresh)
        changed = variant(tmp_path / f"changed-{change.__name__}")
        change(changed)
        (changed / "contract.toml").write_text(
            (original / "contract.toml").read_text().replace("cut_off = 2026-03-31", cut_off_of(changed))
        )
        assert outcome(engine, load_variant(engine, changed, replace=True)) == outcome_of(engine, fresh) != at_first
        grown = transfers(engine, loaded)
        assert grown[: len(booked)] == booked
        assert len(grown) > len(booked)
        booked = grown
    assert outcome(engine, load_variant(engine, original, replace=True)) == at_first
    assert transfers(engine, loaded)[: len(booked)] == booked


def test_a_withdrawn_credit_is_reversed_by_a_transfer_that_names_it(engine: Engine, tmp_path: Path):
    header, credit, _ = MESSAGES["februari.csv"].decode().splitlines(keepends=True)
    only_credit = {**MESSAGES, "februari.csv": (header + credit).encode()}
    loaded = load_variant(engine, write_sample(tmp_path / "year", messages=only_credit))
    credited = outcome(engine, loaded)[0]["cost"]["pxq"]
    kept = {name: content for name, content in MESSAGES.items() if name != "februari.csv"}
    without = write_sample(tmp_path / "without", messages=kept)
    replaced = load_variant(engine, without, replace=True)
    assert outcome(engine, replaced)[0]["cost"]["pxq"] == credited + 33480


def cut_off_of(folder: Path) -> str:
    return next(line for line in (folder / "contract.toml").read_text().splitlines() if line.startswith("cut_off"))
