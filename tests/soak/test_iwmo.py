"""The long form of the tests of level 1 and of hostile input, with fresh dice each time (the seed is in the id)."""

from __future__ import annotations

import os
import random
import time

import pytest

from subcontractors.iwmo.messages import MESSAGES
from tests.subcontractors.iwmo.test_hostile import disturb, noise
from tests.subcontractors.iwmo.test_level1 import disagreements, judge_of

SEED = os.environ.get("HOOFDSOM_SOAK_SEED") or str(int(time.time()))
pytestmark = pytest.mark.soak


@pytest.mark.parametrize("number", MESSAGES)
def test_level_1_agrees_with_the_schema_on_ten_thousand_changes(iwmo_dir, number):
    verdicts = disagreements(judge_of(iwmo_dir, number), MESSAGES[number], random.Random(f"{SEED} {number}"), 10_000)
    assert any(verdicts), f"seed {SEED}"


@pytest.mark.parametrize("number", MESSAGES)
def test_disturbed_bytes_never_raise(number):
    disturb(number, random.Random(f"{SEED} {number}"), 5_000)


def test_noise_never_raises():
    noise(random.Random(SEED), 20_000)
