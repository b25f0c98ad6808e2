"""Laws of the forecast of a stored year: once all is known it is the settlement, and what came later never mattered."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from budgets.example.generate import generate
from budgets.forecast.evidence import inputs_of
from budgets.forecast.fingerprint import fingerprint
from budgets.forecast.forecast import forecast
from budgets.forecast.layout import to_json
from budgets.forecast.model import Band
from budgets.settlement.layout import to_json as settled_json
from budgets.settlement.service import settle_contract
from budgets.year_folder.service import Loaded, load
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.model import FormCode
from subcontractors.declarations.reader import read_file
from tests.budgets.laws.variants import edit, variant
from tests.budgets.year_folder.sample import write_sample
from tests.klein import AT, FOLDER, MASTER_KEY, loaded_year

CLOSED, LATER = date(2026, 5, 31), date(2026, 11, 20)
DAYS = (
    date(2025, 2, 28),
    date(2025, 6, 10),
    date(2025, 8, 31),
    date(2025, 11, 12),
    date(2026, 1, 31),
    date(2026, 4, 2),
)


def klein(_: Path) -> Path:
    return FOLDER


def sample(place: Path) -> Path:
    return write_sample(place / "sample")


def sample_that_takes_earlier_years(place: Path) -> Path:
    return write_sample(place / "earlier", contract=lambda text: text.replace(
        "corrections_until = 2026-05-31", 'corrections_until = 2026-05-31\nprior_year = "eligible"'
    ))  # fmt: skip


def another_small_year(place: Path) -> Path:
    return generate("klein-2025", place / "small", clients=40, seed=7)[0]


def a_larger_year(place: Path) -> Path:
    return generate("voorbeeldgemeente-2025", place / "large", clients=60, seed=3)[0]


YEARS = (klein, sample, sample_that_takes_earlier_years, another_small_year, a_larger_year)


def settled(engine: Engine, loaded: Loaded) -> dict[str, int]:
    with writing(engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)
        cost = settled_json(settle_contract(scope, loaded.contract_id, AT))["cost"]
    return {form.value: cost[form.value] for form in FormCode}


@pytest.mark.parametrize("year", YEARS)
def test_once_all_is_known_the_forecast_is_the_settlement(engine: Engine, tmp_path: Path, year):
    loaded = load(engine, MASTER_KEY, year(tmp_path), AT)
    said = {}
    for moment in ("before", "after"):
        for day in (CLOSED, LATER):
            with reading(engine) as connection:
                made = forecast(inputs_of(Scope(connection, loaded.lead_contractor_id), loaded.contract_id, day))
            said[moment, day] = made
        cost = settled(engine, loaded)
    for made in said.values():
        by_form = {form.value: sum(int(one.point) for one in made.lines if one.key.form is form) for form in FormCode}
        assert by_form == cost
        assert made.point == sum(cost.values())
        assert made.realised - sum(int(one.above_ceiling) for one in made.lines) == made.point
        assert made.not_yet_declared == 0
        assert all(one.not_yet_declared == 0 for one in made.lines)
        assert {made.point} == set(ends(made.band))
        assert all({one.point} == set(ends(one.band)) for one in made.lines)
        public = to_json(made)
        assert public["total"]["realised"] == public["total"]["point"] == sum(cost.values())
        assert all(one["realised"] == one["point"] for one in public["lines"])


def ends(band: Band) -> tuple[int, ...]:
    return band.low80, band.high80, band.low95, band.high95


def received_on(path: Path) -> date:
    (came,) = read_file(path.name, path, receiver="1999")
    return came.received or date.max


def test_as_of_a_day_is_as_if_nothing_came_later(engine: Engine, tmp_path: Path):
    whole = loaded_year(engine)
    received = {path.name: received_on(path) for path in (FOLDER / "messages").iterdir()}
    assert all(sum(day > cut for day in received.values()) > 0 for cut in DAYS), "something came after every day"
    for day in DAYS:
        folder = variant(tmp_path / f"until-{day}")
        for name, came in received.items():
            if came > day:
                (folder / "messages" / name).unlink()
        cut = load(engine, MASTER_KEY, folder, AT, settling=False)
        with reading(engine) as connection:
            then = inputs_of(Scope(connection, whole.lead_contractor_id), whole.contract_id, day)
            now = inputs_of(Scope(connection, cut.lead_contractor_id), cut.contract_id, day)
        assert then == now
        assert fingerprint(then) == fingerprint(now)
        assert forecast(then) == forecast(now)


def test_after_a_replacement_the_forecast_is_that_of_the_new_content(engine: Engine, tmp_path: Path):
    folder = variant(tmp_path / "year")
    loaded = load(engine, MASTER_KEY, folder, AT)
    declarations = sorted(path for path in (folder / "messages").iterdir() if b"wmo323" in path.read_bytes())
    declarations[1].unlink()
    fresh = variant(tmp_path / "fresh")
    (fresh / "messages" / declarations[1].name).unlink()
    load(engine, MASTER_KEY, folder, AT, replace=True)
    anew = load(engine, MASTER_KEY, fresh, AT)
    for day in (date(2025, 8, 31), date(2025, 8, 20), CLOSED):
        with reading(engine) as connection:
            replaced = inputs_of(Scope(connection, loaded.lead_contractor_id), loaded.contract_id, day)
            assert replaced == inputs_of(Scope(connection, anew.lead_contractor_id), anew.contract_id, day)


def test_the_order_of_rows_and_the_names_of_files_change_nothing(engine: Engine, tmp_path: Path):
    def backwards(text: str) -> str:
        header, *rows = text.splitlines()
        return "\n".join([header, *reversed(rows), ""])

    folder = variant(tmp_path / "year")
    for name in ("history", "tariffs", "budget", "waiting", "realised", "allocations"):
        edit(folder / f"{name}.csv", backwards)
    one, other = loaded_year(engine), load(engine, MASTER_KEY, folder, AT)
    with reading(engine) as connection:
        made = [
            inputs_of(Scope(connection, loaded.lead_contractor_id), loaded.contract_id, date(2025, 8, 31))
            for loaded in (one, other)
        ]
    assert fingerprint(made[0]) == fingerprint(made[1])
    assert forecast(made[0]) == forecast(made[1])
