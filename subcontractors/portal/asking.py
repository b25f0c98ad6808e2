"""Who asks, and when: the two things that every page of the provider needs to know."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from flask import current_app

from lead_contractor.web import guard
from subcontractors.portal.model import Provider

ID = f"int(max={2**63 - 1})"
"""In an address: a number that no database can hold names nothing."""

PREFIX = "/declaraties"
"""Where the pages about declarations are."""


def who() -> Provider:
    """The provider for whom the person of this request acts."""
    acting = guard.acting()
    return Provider(acting.lead_contractor_id, acting.party)


def now() -> datetime:
    """The moment: of the clock, or of the one that a test or a demonstration sets (``CLOCK``)."""
    clock: Callable[[], datetime] | None = current_app.config.get("CLOCK")
    return datetime.now(UTC) if clock is None else clock()
