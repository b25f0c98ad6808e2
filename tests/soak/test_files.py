"""The long form of hostile CSV files and workbooks, with fresh dice each time (the seed is in the message)."""

from __future__ import annotations

import os
import random
import resource
import time
from collections.abc import Callable

import pytest

from tests.subcontractors.declarations import test_hostile_files as hostile

SEED = os.environ.get("HOOFDSOM_SOAK_SEED") or str(int(time.time()))
MOST_MEMORY_KB = 1_000_000
pytestmark = pytest.mark.soak


@pytest.mark.parametrize(
    ("part", "times"),
    [
        (hostile.noise, 10_000),
        (hostile.disturb_csv, 5_000),
        (hostile.disturb_cells, 2_000),
        (hostile.disturb_parts, 3_000),
        (hostile.disturb_zip, 3_000),
    ],
    ids=lambda one: getattr(one, "__name__", str(one)),
)
def test_whatever_arrives_is_answered_within_bounds(part: Callable[[random.Random, int], None], times: int):
    part(random.Random(f"{SEED} {part.__name__}"), times)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < MOST_MEMORY_KB, f"seed {SEED}"
