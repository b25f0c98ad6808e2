"""A lead contractor with its providers, signed in; and a second lead contractor next door."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from budgets.year_folder.service import load
from lead_contractor.access import service as access
from lead_contractor.access.model import Role
from tests.budgets.year_folder.sample import PXQ_AGB, TRAJECTORY_AGB, write_sample
from tests.people import CONTROLLER, MUNICIPALITY, person
from tests.subcontractors.portal.site import AT, KEY, NEIGHBOUR, PROVIDER, SOUTH, Site, portal


@pytest.fixture
def site(engine: Engine, tmp_path: Path) -> Site:
    """Thuis Verder and Herstel, samen deliver to North; Thuis Verder delivers to South too, by somebody else."""
    north = load(engine, KEY, write_sample(tmp_path / "noord"), AT)
    south = load(engine, KEY, write_sample(tmp_path / "zuid", contract=_southern), AT)
    for email, lead, role, party in (
        (PROVIDER, north, Role.PROVIDER, PXQ_AGB),
        (NEIGHBOUR, north, Role.PROVIDER, TRAJECTORY_AGB),
        (SOUTH, south, Role.PROVIDER, PXQ_AGB),
        (CONTROLLER, north, Role.CONTROLLER, ""),
        (MUNICIPALITY, north, Role.MUNICIPALITY, "1911"),
    ):
        user = person(engine, email, email.partition("@")[0].title())
        access.add_membership(engine, user.id, lead.lead_contractor_id, role, party)
    return Site(engine, portal(engine), north, south)


def _southern(text: str) -> str:
    return text.replace("42420001", "42420002").replace("Voorbeeld Hoofdaannemer", "Hoofdaannemer Zuid")
