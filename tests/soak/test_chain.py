"""Thousands of messages of every kind through the whole intake, on both databases and in both modes."""

from __future__ import annotations

import os
import time
from random import Random

import pytest
from sqlalchemy import Engine

from lead_contractor.kernel.database import writing
from subcontractors.declarations.model import Status
from tests.subcontractors.chain.scene import ANNA, Chain, allocated
from tests.subcontractors.chain.test_every_document import run
from tests.subcontractors.declarations.books import tenant

pytestmark = pytest.mark.soak
SECONDS = int(os.environ.get("HOOFDSOM_SOAK_SECONDS", "300"))


@pytest.mark.parametrize("mode", ["dialect", "strict"])
def test_no_document_brings_the_intake_down(engine: Engine, mode: str):
    """A new lead contractor every few rounds, so that each history stays short; a failure names its seed."""
    until, seed, found = time.monotonic() + SECONDS, 0, set[tuple[str, Status]]()
    while time.monotonic() < until:
        seed += 1
        with writing(engine) as connection:
            scope = tenant(connection, f"{42420000 + seed}")
            made = Chain(
                scope,
                allocated("1001"),
                allocated("1002", product_code="02A17"),
                allocated("1003", bsn=ANNA),
                mode=mode,
            )
            try:
                found |= run(made, Random(f"{mode}-{seed}"), rounds=8)
            except Exception as error:
                error.add_note(f"seed {mode}-{seed}")
                raise
    assert {kind for kind, status in found if status is Status.ANSWERED} >= {"305", "307", "315", "317", "323"}
