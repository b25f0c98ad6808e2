"""The contract years in which a provider takes part, and the day that it is for them."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from lead_contractor.kernel.database import reading
from lead_contractor.kernel.tenancy import Scope
from subcontractors.portal import store
from subcontractors.portal.model import Provider, Year

_AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def chosen_year(engine: Engine, who: Provider, contract_id: int | None, now: datetime) -> Year | None:
    """The contract year named, else the newest of the provider that has begun."""
    with reading(engine) as connection:
        return chosen(years_of(Scope(connection, who.lead_contractor_id), who), contract_id, local_day(now))


def years_of(scope: Scope, who: Provider) -> tuple[Year, ...]:
    """The contract years in which the provider takes part, the newest first."""
    return tuple(_year_of(row) for row in store.contract_rows(scope, who.agb))


def year_of(scope: Scope, who: Provider, contract_id: int) -> Year | None:
    """A contract year of the provider, ``None`` if it has no such year."""
    return next((year for year in years_of(scope, who) if year.contract_id == contract_id), None)


def chosen(years: Sequence[Year], contract_id: int | None, today: date) -> Year | None:
    """Of the years of a provider the one named, else the newest that has begun."""
    if contract_id is not None:
        return next((year for year in years if year.contract_id == contract_id), None)
    begun = [year for year in years if year.year <= today.year]
    return next(iter([*begun, *years]), None)


def _year_of(row: Any) -> Year:
    cut_off, corrections_until = _year_end(row.terms)
    return Year(
        contract_id=int(row.id),
        year=row.year,
        municipality_name=row.municipality_name,
        municipality_code=row.municipality_code,
        cut_off=cut_off,
        corrections_until=corrections_until,
        final_at=row.final_at,
    )


@lru_cache(maxsize=64)
def _year_end(written: str) -> tuple[date, date]:
    """Until when lines and corrections count, as a ``contract.toml`` says it; the same text is read once."""
    said = tomllib.loads(written)["settlement"]
    return said["cut_off"], said["corrections_until"]


def local_day(now: datetime) -> date:
    """The day of a moment, as the calendar in the Netherlands has it."""
    return now.astimezone(_AMSTERDAM).date()
