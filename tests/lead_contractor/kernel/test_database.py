"""Engines, transactions and bulk inserts behave the same on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Engine,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    func,
    select,
)
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from lead_contractor.kernel.database import (
    METADATA,
    Exact,
    Id,
    Moment,
    bulk_insert,
    default_url,
    make_engine,
    reading,
    throwaway_engine,
    total_cents,
    writing,
)
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.refusals import Refusal

NOON = datetime(2026, 7, 1, 12, 0, tzinfo=timezone(timedelta(hours=2)))

payment = Table(
    "payment_in_a_test",
    MetaData(naming_convention=METADATA.naming_convention),
    Column("id", Id, primary_key=True),
    Column("cents", BigInteger, nullable=False),
    Column("day", Date),
    Column("at", Moment),
    Column("rate", Exact),
    Column("final", Boolean),
    Column("order", String(20)),
    UniqueConstraint("cents", "order"),
)


@pytest.fixture
def db(bare_engine: Engine) -> Engine:
    with writing(bare_engine) as connection:
        payment.metadata.create_all(connection)
    return bare_engine


def count(engine: Engine) -> int:
    with reading(engine) as connection:
        return connection.execute(select(func.count()).select_from(payment)).scalar_one()


def test_a_bulk_insert_keeps_every_kind_of_value(db: Engine):
    rows = ((Cents(n), date(2026, 7, 1), NOON, Decimal("0.10"), True, f"r{n}") for n in range(1_000))
    with writing(db) as connection:
        assert bulk_insert(connection, payment, ["cents", "day", "at", "rate", "final", "order"], rows) == 1_000
    with reading(db) as connection:
        row = connection.execute(select(payment).where(payment.c.cents == 999)).one()
    assert (row.cents, row.day, row.final, row.order) == (999, date(2026, 7, 1), True, "r999")
    assert str(row.rate) == "0.10"
    assert row.at == NOON
    assert row.at.tzinfo is UTC


def test_a_bulk_insert_and_a_plain_insert_keep_the_same(db: Engine):
    names = ["cents", "day", "at", "rate", "final"]
    values = (1, date(2026, 7, 1), NOON, Decimal("1.5"), False)
    with writing(db) as connection:
        bulk_insert(connection, payment, names, [values])
        connection.execute(payment.insert().values(dict(zip(names, values, strict=True))))
    with reading(db) as connection:
        first, second = connection.execute(select(*(payment.c[name] for name in names))).all()
    assert first == second


def test_a_bulk_insert_reads_its_rows_as_a_stream(db: Engine):
    seen: list[int] = []

    def rows() -> Iterator[tuple[int]]:
        for n in range(3):
            seen.append(n)
            yield (n,)

    with writing(db) as connection:
        bulk_insert(connection, payment, ["cents"], rows())
    assert seen == [0, 1, 2]


def test_a_bulk_insert_that_breaks_a_constraint_leaves_nothing(db: Engine):
    with pytest.raises(IntegrityError), writing(db) as connection:
        bulk_insert(connection, payment, ["cents", "order"], [(1, "a"), (2, "a"), (1, "a")])
    assert count(db) == 0


def test_a_bulk_insert_wants_a_transaction(db: Engine):
    with db.connect() as connection, pytest.raises(RuntimeError, match="transaction"):
        bulk_insert(connection, payment, ["cents"], [(1,)])


def test_writing_that_raises_leaves_nothing(db: Engine):
    def write_and_fail() -> None:
        with writing(db) as connection:
            connection.execute(payment.insert().values(cents=1))
            raise Refusal("toch niet")

    with pytest.raises(Refusal):
        write_and_fail()
    assert count(db) == 0


def test_reading_refuses_writes(db: Engine):
    with pytest.raises(DBAPIError), reading(db) as connection:
        connection.execute(payment.insert().values(cents=1))
    with writing(db) as connection:  # and the connection can write again afterwards
        connection.execute(payment.insert().values(cents=1))
    assert count(db) == 1


def test_reading_sees_one_moment(db: Engine):
    with reading(db) as connection:
        before = connection.execute(select(func.count()).select_from(payment)).scalar_one()
        with writing(db) as other:
            other.execute(payment.insert().values(cents=1))
        after = connection.execute(select(func.count()).select_from(payment)).scalar_one()
    assert (before, after) == (0, 0)
    assert count(db) == 1


def test_writers_that_read_first_wait_for_one_another_on_sqlite(tmp_path: Path):
    engine = make_engine(f"sqlite:///{tmp_path / 'x.db'}")
    with writing(engine) as connection:
        payment.metadata.create_all(connection)

    def add_one(_number: int) -> None:
        with writing(engine) as connection:
            highest = connection.execute(select(func.coalesce(func.max(payment.c.cents), 0))).scalar_one()
            connection.execute(payment.insert().values(cents=highest + 1))

    with ThreadPoolExecutor(max_workers=4) as pool:
        list(pool.map(add_one, range(20)))
    with reading(engine) as connection:
        assert connection.execute(select(func.max(payment.c.cents))).scalar_one() == 20
    engine.dispose()


def test_sqlite_is_set_for_safety(tmp_path: Path):
    engine = make_engine(f"sqlite:///{tmp_path / 'x.db'}")
    with reading(engine) as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    engine.dispose()
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}


def test_the_sum_of_cents_is_a_whole_number(db: Engine):
    total = select(total_cents(payment.c.cents))
    with writing(db) as connection:
        assert connection.execute(total).scalar_one() == 0
        bulk_insert(connection, payment, ["cents"], [(150,), (-25,)])
        found = connection.execute(total).scalar_one()
    assert (type(found), found) == (int, 125)


def test_a_moment_without_a_zone_is_refused(db: Engine):
    with pytest.raises(StatementError, match="time zone"), writing(db) as connection:
        connection.execute(payment.insert().values(cents=1, at=datetime(2026, 7, 1)))  # noqa: DTZ001


@pytest.mark.parametrize("url", ["postgres://u:p@h/d", "postgresql://u:p@h/d", "postgresql+psycopg://u:p@h/d"])
def test_every_spelling_of_postgresql_is_taken(url: str):
    assert make_engine(url).url.drivername == "postgresql+psycopg"


def test_another_database_is_refused_without_telling_its_password():
    with pytest.raises(Refusal, match="SQLite en PostgreSQL") as refusal:
        make_engine("mysql://u:geheim@h/d")
    assert "geheim" not in str(refusal.value)


def test_the_default_database_is_a_file_under_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    assert default_url() == f"sqlite:///{tmp_path / 'var' / 'hoofdsom.db'}"
    assert (tmp_path / "var").is_dir()
    monkeypatch.setenv("HOOFDSOM_DATABASE_URL", "postgresql://h/d")
    assert default_url() == "postgresql://h/d"


def test_a_throwaway_database_leaves_no_file():
    with throwaway_engine() as engine:
        path = Path(str(engine.url.database))
        with writing(engine) as connection:
            payment.metadata.create_all(connection)
        assert path.exists()
    assert not path.parent.exists()


def test_a_long_name_is_cut_with_a_hash_of_the_whole():
    columns = [Column(f"a_rather_long_column_name_{n}", BigInteger) for n in range(4)]
    table = Table("x", MetaData(naming_convention=METADATA.naming_convention), *columns, UniqueConstraint(*columns))
    (unique,) = [item for item in table.constraints if isinstance(item, UniqueConstraint)]
    assert len(str(unique.name)) == 63
