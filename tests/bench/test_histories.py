"""The generated histories that a forecast is held against: the same for everybody, sound by the rules, nothing told early."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import UTC, date, datetime

import numpy as np
import pytest

from bench.histories.folder import write
from bench.histories.histories import further, history, rows
from bench.histories.inputs import inputs
from bench.histories.setting import PARAMETERS, setting
from budgets.forecast.evidence import inputs_of
from budgets.settlement.service import settle_contract
from budgets.year_folder.service import load
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope

SEED = 3
AUGUST = Month(2025, 8)
SOME = frozenset({2, 5, 13, 14, 25, 26})
"""Subcontractors by number: with a ceiling, within the month, by quarter, very slow, by the month, respite."""
MASTER_KEY = b"1" * 32
AT = datetime(2026, 6, 15, 9, 30, tzinfo=UTC)


def test_the_parameters_are_those_of_the_figures_that_were_published():
    """Other parameters are another measurement: take all figures of the forecast anew, and then change this one."""
    assert hashlib.sha256(PARAMETERS.read_bytes()).hexdigest().startswith("f794b03c75dd")


def test_a_history_is_three_years_of_45_subcontractors_in_every_form():
    made = history(SEED)
    lines = made.truth(2025)
    assert len({agb for agb, _, _ in lines}) == 45
    forms = {agb: form for agb, _, form in lines}
    assert Counter(forms.values()) == {"pxq": 28, "fte": 8, "lump_sum": 6, "trajectory": 2, "availability": 1}
    assert [str(made.given.months[at]) for at in (0, -1)] == ["2023-01", "2025-12"]


def test_the_same_seed_gives_the_same_history_and_another_another():
    one, again, other = history.__wrapped__(SEED), history.__wrapped__(SEED), history.__wrapped__(SEED + 1)
    assert np.array_equal(rows(one), rows(again))
    assert one.truth(2025) == again.truth(2025)
    assert one.truth(2025) != other.truth(2025)


def test_all_that_was_delivered_comes_in_by_march_and_credits_by_may():
    made = history(SEED)
    received = rows(made)
    total = np.zeros_like(made.delivered)
    np.add.at(total, (received[:, 0], received[:, 1]), received[:, 3])
    assert np.array_equal(total, made.delivered)
    assert (received[:, 2] >= received[:, 1]).all()
    march = (received[:, 1] // 12 + 1) * 12 + 2
    assert (received[:, 2] <= march + 2).all()
    assert (received[:, 2] <= march)[received[:, 3] > 0].mean() > 0.99


def test_other_continuations_share_the_past_and_lie_on_both_sides_of_what_happened():
    made = history(SEED)
    truth = sum(made.truth(2025).values())
    late = [sum(one.values()) for one in further(made, Month(2025, 12), 3)]
    assert late == [truth] * 3
    early = [sum(one.values()) for one in further(made, AUGUST, 40)]
    assert min(early) < truth < max(early)
    assert len(set(early)) == 40


def test_what_is_known_in_august_was_received_by_august():
    known = inputs(history(SEED), AUGUST)
    flows = [flow for line in known.lines for flow in (*line.flows, *line.history)]
    assert max(flow.received for flow in flows) == AUGUST
    assert {flow.service.year for line in known.lines for flow in line.history} == {2023, 2024}
    assert all(month <= AUGUST for line in known.lines for month in line.allocated_at)
    later = inputs(history(SEED), Month(2025, 11))
    assert sum(flow.cents for line in later.lines for flow in line.flows) > sum(
        flow.cents for line in known.lines for flow in line.flows
    )


@pytest.mark.parametrize("year", [2024, 2025])
def test_the_truth_is_what_the_settlement_of_the_written_year_says(engine, tmp_path, year):
    made = history(SEED)
    write(made, year, Month(year + 1, 5), tmp_path / "year", SOME)
    loaded = load(engine, MASTER_KEY, tmp_path / "year", AT)
    with writing(engine) as connection:
        settled = settle_contract(Scope(connection, loaded.lead_contractor_id), loaded.contract_id, AT)
    agbs = {line.agb for line in made.given.lines if line.owner in SOME}
    expected: Counter[str] = Counter()
    for (agb, _, form), cents in made.truth(year).items():
        if form != "pxq" or agb in agbs:
            expected[form] += int(cents)
    due: Counter[str] = Counter()
    for one in settled.agreements:
        due[one.form.value] += int(one.due)
    assert due == expected


def test_the_database_gives_the_forecast_the_same_values_as_the_generator(engine, tmp_path):
    made = history(SEED)
    write(made, 2025, AUGUST, tmp_path / "year", SOME)
    loaded = load(engine, MASTER_KEY, tmp_path / "year", AT, settling=False)
    with reading(engine) as connection:
        found = inputs_of(Scope(connection, loaded.lead_contractor_id), loaded.contract_id, date(2025, 8, 31))
    agbs = {line.agb for line in setting().lines if line.owner in SOME}
    expected = {
        line.key: line
        for line in inputs(made, AUGUST).lines
        if line.key.form.value != "pxq" or line.key.subcontractor in agbs
    }
    assert {line.key for line in found.lines} == set(expected)
    for line in found.lines:
        own = expected[line.key]
        assert _sums(line.flows) == _sums(own.flows)
        assert _sums(line.history) == _sums(own.history)
        assert dict(line.allocated) == dict(own.allocated)
        assert {month: line.tariff_index[month] for month in found.months if line.flows} == {
            month: own.tariff_index[month] for month in found.months if line.flows
        }
        assert (line.months, line.corrections, line.agreed, line.trajectories) == (
            own.months,
            own.corrections,
            own.agreed,
            own.trajectories,
        )


def _sums(flows):
    found: Counter[tuple[Month, Month]] = Counter()
    for flow in flows:
        found[flow.service, flow.received] += int(flow.cents)
    return {key: cents for key, cents in found.items() if cents}
