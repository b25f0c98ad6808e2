"""Laws of the settlement on a whole year: whatever the terms, no cap is passed and every equation holds.

Each set of terms replaces the one before it in the same books, so that the books must also follow every change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from tests.budgets.laws.variants import Json, load_variant, outcome, variant


@dataclass(frozen=True)
class Terms:
    """The terms that decide what happens with a result."""

    amount: int
    cap: Decimal | None
    base: str
    excess: str
    overhead: Decimal | None
    bands: tuple[tuple[Decimal, Decimal], ...]
    open_share: Decimal
    reserve: Decimal | None
    opening: int
    prior_year: str

    def written(self, original: str) -> str:
        """``contract.toml`` with these terms."""
        head = original[: original.index("[settlement]")]
        head = head.replace('amount = "220000.00"', f'amount = "{Decimal(self.amount) / 100:.2f}"')
        return head + "\n".join(self._tables()) + "\n"

    def _tables(self) -> Iterator[str]:
        yield "[settlement]\ncut_off = 2026-03-31\ncorrections_until = 2026-05-31"
        yield f'prior_year = "{self.prior_year}"'
        if self.cap is not None:
            yield f'[settlement.margin]\ncap_percent = "{self.cap}"\nbase = "{self.base}"\nexcess = "{self.excess}"'
        if self.overhead is not None:
            yield f'[settlement.overhead]\ncap_percent = "{self.overhead}"'
        if self.bands:
            bands = [
                f'{{ up_to_percent = "{up_to}", municipality_percent = "{share}" }}' for up_to, share in self.bands
            ]
            yield f'[settlement.deficit]\nbands = [{", ".join(bands)}, {{ municipality_percent = "{self.open_share}" }}]'
        if self.reserve is not None:
            opening = Decimal(self.opening) / 100
            yield f'[settlement.reserve]\nmax_percent = "{self.reserve}"\nopening_balance = "{opening:.2f}"'


percents = st.decimals(0, 12, places=1)
shares = st.sampled_from([Decimal(0), Decimal("33.3"), Decimal(50), Decimal(100)])


@st.composite
def terms(draw: st.DrawFn) -> Terms:
    with_reserve = draw(st.booleans())
    kinds = ["repay", "invest", *(["reserve", "reserve"] if with_reserve else [])]
    limits = sorted(draw(st.sets(st.decimals(Decimal("0.1"), 9, places=1), max_size=3)))
    return Terms(
        amount=draw(st.integers(19_000_000, 25_000_000)),
        cap=draw(st.none() | percents),
        base=draw(st.sampled_from(["revenue", "cost"])),
        excess=draw(st.sampled_from(kinds)),
        overhead=draw(st.none() | percents),
        bands=tuple((limit, draw(shares)) for limit in limits),
        open_share=draw(shares),
        reserve=draw(percents) if with_reserve else None,
        opening=draw(st.integers(0, 1_500_000)),
        prior_year=draw(st.sampled_from(["eligible", "not_eligible"])),
    )


def percent_of(amount: int, percent: Decimal) -> int:
    return int((Decimal(amount) * percent / 100).quantize(Decimal(1), ROUND_HALF_UP))


def assert_lawful(said: Json, terms: Terms) -> None:
    revenue, cost, reserve, deficit = said["revenue"]["total"], said["cost"], said["reserve"], said["deficit"]
    parts = ("pxq", "fte", "lump_sum", "trajectory", "availability", "own_delivery", "overhead", "other", "prior_year")
    assert sum(said["instalments"]) == said["revenue"]["lump_sum"] + said["revenue"]["indexation"]
    assert cost["total"] == sum(cost[part] for part in parts)
    assert (cost["prior_year"] == 0) or terms.prior_year == "eligible"
    assert said["result"] == revenue - cost["total"]
    if terms.overhead is not None:
        assert cost["overhead"] <= max(0, percent_of(revenue, terms.overhead))
    assert_surplus(said, terms)
    assert_deficit(said, terms)
    kept = max(0, said["result"]) - said["excess"]
    stays = kept + said["invested"] + reserve["added"] - reserve["used"] - deficit["contractor"]
    assert said["entitlement"] + said["repaid"] == revenue + deficit["municipality"]
    assert said["entitlement"] == cost["total"] + stays
    assert said["balance_due"] == said["entitlement"] - said["received"]


def assert_surplus(said: Json, terms: Terms) -> None:
    surplus, reserve = max(0, said["result"]), said["reserve"]
    base = said["revenue"]["total"] if terms.base == "revenue" else said["cost"]["total"]
    cap = surplus if terms.cap is None else percent_of(base, terms.cap)
    assert said["excess"] == max(0, surplus - cap)
    assert said["excess"] == said["repaid"] + said["invested"] + reserve["added"]
    assert surplus - said["excess"] <= cap
    assert min(said["repaid"], said["invested"], reserve["added"], reserve["used"]) >= 0
    assert said["invested"] == (said["excess"] if terms.excess == "invest" else 0)
    most = 0 if terms.reserve is None else percent_of(said["revenue"]["total"], terms.reserve)
    if terms.excess == "reserve" and terms.cap is not None:
        assert reserve["added"] == min(said["excess"], max(0, most - reserve["opening"]))
    else:
        assert reserve["added"] == 0
    assert 0 <= reserve["closing"] <= max(most, reserve["opening"])
    assert reserve["closing"] == reserve["opening"] + reserve["added"] - reserve["used"]


def assert_deficit(said: Json, terms: Terms) -> None:
    short, reserve, deficit = max(0, -said["result"]), said["reserve"], said["deficit"]
    assert deficit["total"] == short == reserve["used"] + deficit["municipality"] + deficit["contractor"]
    assert reserve["used"] == min(short, reserve["opening"])
    assert min(deficit["municipality"], deficit["contractor"]) >= 0
    if not terms.bands:
        assert deficit["municipality"] == 0
    if short:
        assert said["repaid"] == said["invested"] == 0


def settle_under(engine: Engine, folder: Path, original: str, terms: Terms) -> Any:
    (folder / "contract.toml").write_text(terms.written(original))
    said, _ = outcome(engine, load_variant(engine, folder, replace=True))
    event("surplus" if said["result"] > 0 else "deficit")
    assert_lawful(said, terms)


SAME_BOOKS = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=25, suppress_health_check=SAME_BOOKS)
@given(terms())
def test_on_sqlite(sqlite_year: tuple[Engine, Path, str], drawn: Terms):
    settle_under(*sqlite_year, drawn)


@pytest.mark.postgresql
@settings(max_examples=6, suppress_health_check=SAME_BOOKS, database=None, derandomize=True)
@given(terms())
def test_on_postgresql(postgresql_year: tuple[Engine, Path, str], drawn: Terms):
    settle_under(*postgresql_year, drawn)


def _year(engine: Engine, tmp_path: Path) -> tuple[Engine, Path, str]:
    folder = variant(tmp_path / "year")
    load_variant(engine, folder)
    return engine, folder, (folder / "contract.toml").read_text()


@pytest.fixture
def sqlite_year(sqlite_engine: Engine, tmp_path: Path) -> tuple[Engine, Path, str]:
    return _year(sqlite_engine, tmp_path)


@pytest.fixture
def postgresql_year(postgresql_engine: Engine, tmp_path: Path) -> tuple[Engine, Path, str]:
    return _year(postgresql_engine, tmp_path)
