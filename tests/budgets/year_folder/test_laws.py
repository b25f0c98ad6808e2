"""Laws: file names, row order, column order and separators change nothing; what is written reads back."""

from __future__ import annotations

import csv
import io
import random
import string
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from budgets.plan.model import BudgetLine, HistoryRow, WaitingRow
from budgets.year_folder.content import content_hash, message_hash
from budgets.year_folder.model import YearFolder
from budgets.year_folder.reader import read
from budgets.year_folder.writer import write
from lead_contractor.allocation.model import Allocation, Frequency, Unit
from lead_contractor.contract.model import CostKind, OwnCost, Receipt
from lead_contractor.kernel.findings import errors
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from tests.budgets.year_folder.sample import CLIENT_BSNS, FILES, MESSAGES, PXQ_AGB, write_sample


def shuffled(text: str, chance: random.Random) -> str:
    """The same table with rows and columns in another order, another separator and a BOM perhaps."""
    header, *rows = list(csv.reader(io.StringIO(text, newline="")))
    columns = list(range(len(header)))
    chance.shuffle(columns)
    chance.shuffle(rows)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=chance.choice(",;"), lineterminator=chance.choice(["\n", "\r\n"]))
    writer.writerows([line[at] for at in columns] for line in (header, *rows))
    return chance.choice(["", "\ufeff"]) + out.getvalue()


def values(folder: Path) -> tuple[YearFolder, str]:
    """The year without the names of its messages, and its hash."""
    year, findings = read(folder)
    assert year is not None, [str(finding) for finding in findings]
    hashed = content_hash(year, [message_hash(path.read_bytes()) for path in year.messages])
    return replace(year, messages=()), hashed


@settings(max_examples=25, deadline=None)
@given(st.integers(min_value=0))
def test_shuffled_rows_and_renamed_messages_change_nothing(seed: int):
    chance = random.Random(seed)
    tables = {name.removesuffix(".csv"): text for name, text in FILES.items() if name.endswith(".csv")}
    changes: Mapping[str, Any] = {stem: shuffled(text, chance) for stem, text in tables.items()}
    renamed = {f"{chance.randrange(10**9)}-{at}.csv": data for at, data in enumerate(MESSAGES.values())}
    with tempfile.TemporaryDirectory() as place:
        plain = write_sample(Path(place) / "plain")
        other = write_sample(Path(place) / "other", messages=renamed, **changes)
        assert values(other) == values(plain)


TEXT = st.text(st.sampled_from(string.ascii_letters + string.digits + " ,;\"'\n\r-=é€0"), max_size=12).map(str.strip)
CODE = st.from_regex(r"0[0-9]{1,7}", fullmatch=True)
AMOUNT = st.integers(-(10**12), 10**12).map(Cents)
PRODUCT = st.sampled_from(["02A03", "02A05", "00001"])
DAY = st.dates(date(2025, 1, 1), date(2025, 12, 31))
MONTH = st.builds(Month, st.just(2025), st.integers(1, 12))
NUMBER = st.decimals(0, 10**6, places=3, allow_nan=False)
EXTRA = st.dictionaries(st.sampled_from(["x_note", "x_0"]), TEXT.filter(bool), max_size=2)

OWN_COST = st.builds(
    OwnCost,
    date=DAY,
    kind=st.sampled_from(CostKind),
    amount=AMOUNT,
    description=TEXT,
    disallowed=st.booleans(),
    extra=EXTRA,
)
RECEIPT = st.builds(
    Receipt, date=st.dates(date(2020, 1, 1), date(2030, 1, 1)), amount=AMOUNT, reference=TEXT, extra=EXTRA
)
BUDGET = st.builds(
    BudgetLine, product_code=PRODUCT, subcontractor=st.sampled_from(["", PXQ_AGB]), month=st.none() | MONTH,
    amount=AMOUNT.map(abs), extra=EXTRA,
)  # fmt: skip
HISTORY = st.builds(
    HistoryRow, service_month=MONTH, received_month=MONTH, subcontractor=st.just(PXQ_AGB), product_code=PRODUCT,
    amount=AMOUNT, extra=EXTRA,
)  # fmt: skip
WAITING = st.builds(
    WaitingRow, date=DAY, product_code=PRODUCT, area=TEXT, waiting=st.integers(0, 999),
    added=st.none() | st.integers(0, 99), median_days=st.none() | NUMBER, extra=EXTRA,
)  # fmt: skip
ALLOCATION = st.builds(
    Allocation, number=CODE, bsn=st.sampled_from(CLIENT_BSNS), subcontractor=st.just(PXQ_AGB), category=st.just("02"),
    start=st.just(date(2025, 1, 1)), product_code=PRODUCT | st.just(""), end=st.none() | DAY,
    volume=st.integers(0, 10**6), unit=st.sampled_from(Unit), frequency=st.sampled_from(Frequency),
    budget=st.none() | AMOUNT.map(abs), reason_change=st.sampled_from(["", "01", "13"]),
    flags=st.frozensets(st.sampled_from(["crisis", "specific"])), area=TEXT, client_group=TEXT,
    decided_on=st.none() | DAY, extra=EXTRA,
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(
    st.lists(OWN_COST, max_size=4),
    st.lists(RECEIPT, max_size=4),
    st.lists(BUDGET, max_size=4, unique_by=lambda row: (row.product_code, row.subcontractor, row.month)),
    st.lists(HISTORY, max_size=4, unique_by=lambda row: (row.service_month, row.received_month, row.product_code)),
    st.lists(WAITING, max_size=4, unique_by=lambda row: (row.date, row.product_code, row.area)),
    st.lists(ALLOCATION, max_size=4, unique_by=lambda row: row.number),
)
def test_what_is_written_reads_back(costs, receipts, budget, history, waiting, allocations):
    with tempfile.TemporaryDirectory() as place:
        start, _ = values(write_sample(Path(place) / "start"))
        year = replace(
            start,
            costs=tuple(costs),
            receipts=tuple(receipts),
            budget=tuple(budget),
            history=tuple(history),
            waiting=tuple(waiting),
            allocations=tuple(allocations),
        )
        messages = [(f"{at}.csv", data) for at, data in enumerate(MESSAGES.values())]
        write(Path(place) / "first", year, messages)
        write(Path(place) / "second", values(Path(place) / "first")[0], reversed(messages))
        first, first_hash = values(Path(place) / "first")
        second, second_hash = values(Path(place) / "second")
        assert first == second
        assert first_hash == second_hash
        assert content_hash(year, [message_hash(data) for data in MESSAGES.values()]) == first_hash
        assert len(first.allocations) == len(year.allocations)
        assert all(row in first.allocations for row in year.allocations)
        assert all(first.costs.count(row) == year.costs.count(row) for row in year.costs)
        assert all(first.receipts.count(row) == year.receipts.count(row) for row in year.receipts)
        for name in FILES:
            assert (Path(place) / "first" / name).exists() == (Path(place) / "second" / name).exists()


def test_the_sample_reads_back_with_its_leading_zeros(tmp_path: Path):
    year, hashed = values(write_sample(tmp_path / "start"))
    write(tmp_path / "written", year, MESSAGES.items())
    assert values(tmp_path / "written") == (year, hashed)
    assert year.contract.lump_sum.amount == Cents(120000000)
    assert Decimal("79.4") in {row.occupancy_percent for row in year.realised}


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(FILES)),
    st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6), st.integers(0, 20)), min_size=1, max_size=6),
)
def test_damage_of_any_kind_is_a_finding_and_never_a_crash(name: str, damage: list[tuple[float, bytes, int]]):
    data = FILES[name].encode()
    for where, put, drop in damage:
        at = int(where * len(data))
        data = data[:at] + put + data[at + drop :]
    with tempfile.TemporaryDirectory() as place:
        year, findings = read(write_sample(Path(place) / "year", **{name: data}))
    assert (year is None) == bool(errors(findings))
    assert all(finding.message and finding.remedy and finding.file for finding in findings)
