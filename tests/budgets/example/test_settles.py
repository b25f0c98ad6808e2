"""The examples go all the way: every line gets the answer it was made for, and the year settles to what was aimed at."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from budgets.example.plan import YEAR
from budgets.example.world import World
from budgets.settlement.service import settle_contract
from budgets.year_folder.service import Loaded, load
from lead_contractor.kernel.database import writing
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.rounding import percent_of
from lead_contractor.kernel.tenancy import Scope
from subcontractors.declarations.checks import codes_of

KEY = bytes(range(32))
AT = datetime(YEAR + 1, 7, 1, tzinfo=UTC)
ANSWERS = {
    "cent_off": "9346",
    "somebody_else": "8187",
    "too_much": "9321",
    "twice": "9389",
    "unknown_number": "9338",
    "used_reference": "8021",
    "wrong_tariff": "0611",
    "wrong_unit": "9341",
}


def loaded(engine: Engine, folder: Path) -> Loaded:
    return load(engine, KEY, folder, AT)


def meant(world: World) -> Counter[tuple[str, str, bool, int, bool]]:
    """The judged lines by sender, reference, credit and amount, and whether they should be accepted."""
    return Counter(
        (parcel.provider.agb, draft.reference, draft.credit, int(draft.amount), draft.sound)
        for parcel in world.parcels
        if not parcel.claim_error and parcel.cut_percent == 100 and parcel.reuses is None
        for draft in parcel.lines
    )


@pytest.mark.parametrize("size", ["small", "large"])
def test_every_line_gets_the_answer_it_was_made_for(
    size: str, sqlite_engine: Engine, request: pytest.FixtureRequest
) -> None:
    loaded(sqlite_engine, request.getfixturevalue(f"{size}_folder"))
    with sqlite_engine.connect() as connection:
        rows = connection.execute(
            text("SELECT sender, reference, credit, amount_cents, codes FROM declaration_line WHERE assessed")
        ).all()
    judged = Counter((row.sender, row.reference, bool(row.credit), row.amount_cents, row.codes == 0) for row in rows)
    assert judged == meant(request.getfixturevalue(f"{size}_world"))


def test_each_mistake_has_its_return_code(sqlite_engine: Engine, small_folder: Path, small_world: World) -> None:
    loaded(sqlite_engine, small_folder)
    with sqlite_engine.connect() as connection:
        rows = connection.execute(text("SELECT sender, reference, codes FROM declaration_line WHERE codes <> 0")).all()
    given = {(row.sender, row.reference): codes_of(row.codes) for row in rows}
    for draft in small_world.drafts:
        if draft.slip in ANSWERS:
            assert given[draft.provider.agb, draft.reference] == (ANSWERS[draft.slip],), draft.slip


def test_the_small_year_meets_every_way_in_which_a_message_fails(sqlite_engine: Engine, small_folder: Path) -> None:
    heads = loaded(sqlite_engine, small_folder).heads
    assert Counter(head.status.value for head in heads if head.status.value != "answered") == {
        "refused_content": 1,
        "refused_structure": 1,
        "duplicate": 1,
    }
    assert Counter(code for head in heads for code in head.message_codes) == {"TR358": 1, "9056": 1}


@pytest.mark.parametrize("size", ["small", "large"])
def test_the_year_settles_to_what_was_aimed_at(
    size: str, sqlite_engine: Engine, request: pytest.FixtureRequest
) -> None:
    world: World = request.getfixturevalue(f"{size}_world")
    year = loaded(sqlite_engine, request.getfixturevalue(f"{size}_folder"))
    with writing(sqlite_engine) as connection:
        settlement = settle_contract(Scope(connection, year.lead_contractor_id), year.contract_id, AT)
    aim = world.targets
    assert settlement.revenue.total == aim.revenue
    assert {one.id: one.due for one in settlement.agreements} == dict(aim.due)
    cap = percent_of(aim.revenue, 5)
    assert settlement.surplus.margin_cap == cap
    assert settlement.surplus.repaid == Cents(settlement.result - cap)
    assert settlement.surplus.repaid > 0
    assert any(one.above_ceiling for one in settlement.agreements)
    assert {one.form for one in settlement.agreements if one.true_up} >= {"fte", "availability"}


def test_the_small_year_to_the_cent(sqlite_engine: Engine, small_folder: Path) -> None:
    year = loaded(sqlite_engine, small_folder)
    with writing(sqlite_engine) as connection:
        settlement = settle_contract(Scope(connection, year.lead_contractor_id), year.contract_id, AT)
    assert (
        settlement.revenue.total == 23283627
    )  # 220,000.00 indexed by 4.96 %, + 2,886.40 for volume, − 962.13 deducted
    assert settlement.result == 1379640
    assert settlement.surplus.margin_cap == 1164181
    assert settlement.surplus.repaid == 215459
    assert settlement.entitlement == 23068168
    assert settlement.received == 22984032
    assert settlement.balance_due == 84136
    assert {one.id: one.true_up for one in settlement.agreements if one.true_up} == {"FTE-03": -279898, "AV-06": -68880}
    assert {one.id: one.above_ceiling for one in settlement.agreements if one.above_ceiling} == {"PXQ-02": 120366}
