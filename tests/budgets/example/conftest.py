"""The examples, written once for all tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from budgets.example.generate import generate
from budgets.example.plan import LARGE, SMALL, plans
from budgets.example.world import World, world


@pytest.fixture(scope="session")
def large_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The large year, written."""
    return generate(LARGE, tmp_path_factory.mktemp("example") / LARGE)[0]


@pytest.fixture(scope="session")
def small_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small year, written."""
    return generate(SMALL, tmp_path_factory.mktemp("example") / SMALL)[0]


@pytest.fixture(scope="session")
def large_world() -> World:
    """The large year as values."""
    return world(plans(LARGE, None, 1)[0])


@pytest.fixture(scope="session")
def small_world() -> World:
    """The small year as values."""
    return world(plans(SMALL, None, 1)[0])
