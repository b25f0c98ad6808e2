"""The callbacks of the finance meeting with many transfers behind them, through Flask's test client.

The example year is loaded and its forecasts are frozen. Then its own transfers are added again, as often as it takes,
each time as they are and once the other way round, so that every balance keeps its net amount and the books stay
sound; agreements, products, areas and months are those of the example. Each size is measured on the same database as
it grows, every callback as every role, beside the floor: the one question over balances that the tables are made of.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from lead_contractor.kernel.database import make_engine, reading, writing
from lead_contractor.kernel.tenancy import Scope

MASTER_KEY = b"1" * 32
AT = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)
PASSWORD = "een-lang-wachtwoord-voor-de-meting"
MOST_AT_ONCE = 2_000_000
"""So many transfers are added in one transaction."""
LIMIT, GROWTH = 0.3, 1.5
"""What was promised: seconds at the 95th percentile, and how much slower with the most transfers."""
SEARCHES = ("?contract=1&until=2025-08", "?contract=1", "?contract=1&until=2025-11")


@dataclass(frozen=True, slots=True)
class Timed:
    """The seconds that something took, time after time."""

    what: str
    seconds: tuple[float, ...]

    @property
    def middle(self) -> float:
        """The median."""
        return statistics.median(self.seconds)

    @property
    def slowest(self) -> float:
        """The 95th percentile."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]


def measure(url: str, folder: Path, sizes: Sequence[int], rounds: int, log: Callable[[str], None]) -> bool:
    """Measure every callback at every size and print it; returns whether all came within what was promised.

    Args:
        url: an empty database with the newest schema.
        folder: the example, a year folder or more of them; the first is taken.
        sizes: numbers of transfers, growing.
        rounds: how often each callback is asked.
        log: where progress goes.
    """
    engine = make_engine(url)
    prepare(engine, folder)
    base = standing(engine)
    found: dict[int, list[Timed]] = {}
    for size in sizes:
        grown = grow(engine, base, size)
        log(f"{grown:,} transfers")
        found[grown] = list(timed(engine, rounds))
    engine.dispose()
    return show(found)


def prepare(engine: Engine, folder: Path) -> None:
    """Load the year, freeze its forecasts, and make a person of each role."""
    from budgets.forecast.service import freeze, month_ends
    from budgets.year_folder.service import folders_in, load
    from lead_contractor.access import passwords, service, store
    from lead_contractor.access.model import Language, Role

    loaded = load(engine, MASTER_KEY, folders_in(folder)[0], AT)
    for day in month_ends(loaded.contract):
        with writing(engine) as connection:
            freeze(Scope(connection, loaded.lead_contractor_id), loaded.contract_id, day, AT)
    hashed = passwords.hashed(PASSWORD)
    with reading(engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)
        provider = scope.sql("SELECT MIN(agb) AS agb FROM subcontractor WHERE lead_contractor_id = :lead").scalar_one()
    parties = {Role.CONTROLLER: "", Role.MUNICIPALITY: loaded.contract.municipality.code, Role.PROVIDER: str(provider)}
    for role, party in parties.items():
        with writing(engine) as connection:
            user = store.insert_user(connection, _address(role), role.value, hashed, Language.DUTCH)
        service.add_membership(engine, user.id, loaded.lead_contractor_id, role, party, role.value)


def standing(engine: Engine) -> int:
    """How many transfers there are."""
    with reading(engine) as connection:
        return int(
            Scope(connection, 1).sql("SELECT COUNT(*) FROM transfer WHERE lead_contractor_id = :lead").scalar_one()
        )


def grow(engine: Engine, base: int, wanted: int) -> int:
    """Add the first ``base`` transfers again, each both ways round; returns how many there are."""
    have = standing(engine)
    pairs = max(0, -(-(wanted - have) // (2 * base)))
    while pairs:
        now = min(pairs, max(1, MOST_AT_ONCE // (2 * base)))
        with writing(engine) as connection:
            scope = Scope(connection, 1)
            scope.sql(_AGAIN, base=base, first=standing_in(scope), copies=2 * now)
            scope.sql(_BALANCES, pairs=now, copies=(have - base) // (2 * base))
        have += 2 * now * base
        pairs -= now
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE transfer"))  # what the server does by itself a minute later
            connection.execute(text("VACUUM ANALYZE balance"))
    return standing(engine)


def standing_in(scope: Scope) -> int:
    """The highest id of a transfer."""
    return int(scope.sql("SELECT MAX(id) FROM transfer WHERE lead_contractor_id = :lead").scalar_one())


_DIMENSIONS = "t.agreement, t.subcontractor, t.product_code, t.area, t.service_month, t.recorded_month"
_AGAIN = f"""
INSERT INTO transfer (lead_contractor_id, id, contract_id, debit_account, credit_account, cents, agreement,
    subcontractor, product_code, area, service_month, recorded_month, source, reverses_id, explanation, booked_at)
WITH RECURSIVE copy(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM copy WHERE n + 1 < :copies)
SELECT :lead, :first + copy.n * :base + t.id, t.contract_id,
    CASE WHEN copy.n % 2 = 0 THEN t.debit_account ELSE t.credit_account END,
    CASE WHEN copy.n % 2 = 0 THEN t.credit_account ELSE t.debit_account END,
    t.cents, {_DIMENSIONS}, t.source, CAST(NULL AS BIGINT), t.explanation, t.booked_at
FROM transfer AS t CROSS JOIN copy
WHERE t.lead_contractor_id = :lead AND t.id <= :base
"""
_BALANCES = """
UPDATE balance SET
    debit_cents = debit_cents + :pairs * ((debit_cents + credit_cents) / (1 + 2 * :copies)),
    credit_cents = credit_cents + :pairs * ((debit_cents + credit_cents) / (1 + 2 * :copies))
WHERE lead_contractor_id = :lead
"""
"""A balance of the first transfers is what stands now, both sides together, by how often they were added."""


def timed(engine: Engine, rounds: int) -> Iterator[Timed]:
    """The floor, then every callback as every role; the first round warms up and does not count."""
    yield Timed("floor: balances", tuple(_floor(engine) for _ in range(rounds + 1))[1:])
    app = _site(engine)
    from lead_contractor.access.model import Role

    for role in Role:
        client, token = _browser(app, role)
        for callback in client.get("/overleg/_dash-dependencies").get_json():
            took = []
            for number in range(rounds + 1):
                for search in SEARCHES:
                    start = time.perf_counter()
                    answer = client.post(
                        "/overleg/_dash-update-component", json=_asked(callback, search), headers={"X-CSRFToken": token}
                    )
                    if number:
                        took.append(time.perf_counter() - start)
                    if answer.status_code != 200:
                        raise SystemExit(f"{callback['output']} as {role.value}: {answer.status_code}")
            name = callback["output"].strip(".").partition(".")[0].removeprefix("overleg-")
            yield Timed(f"{role.value}: {name}", tuple(took))


def _floor(engine: Engine) -> float:
    """One question over the balances of a contract year, by the dimensions of the tables."""
    from budgets.use.standing import FORM_ACCOUNTS
    from lead_contractor.books.store import account_balance

    dimensions = ("product_code", "subcontractor", "agreement", "service_month")
    with reading(engine) as connection:
        start = time.perf_counter()
        account_balance(Scope(connection, 1), 1, FORM_ACCOUNTS, *dimensions)
        return time.perf_counter() - start


def _site(engine: Engine) -> Any:
    from dash_app.mount import mount
    from lead_contractor.web.shell import build_shell

    server = build_shell({"SECRET_KEY": "s" * 32, "SESSION_COOKIE_SECURE": False, "TESTING": True}, engine)
    mount(server, engine)
    gc.collect()
    gc.freeze()  # as the server does before it answers
    return server


def _browser(app: Any, role: Any) -> tuple[Any, str]:
    """A signed-in test client and the token of its session."""
    client = app.test_client()
    form = {"email": _address(role), "password": PASSWORD, "csrf_token": _token(client, "/aanmelden")}
    if client.post("/aanmelden", data=form).status_code != 302:
        raise SystemExit(f"{role.value} cannot sign in")
    return client, _token(client, "/rol")


def _token(client: Any, page: str) -> str:
    found: str = client.get(page).text.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
    return found


def _asked(callback: dict[str, Any], search: str) -> dict[str, Any]:
    """What the browser sends when the address changes."""
    output = callback["output"]
    parts = [part.rpartition(".") for part in output.strip(".").split("...")]
    outputs: Any = [{"id": name, "property": what} for name, _, what in parts]
    return {
        "output": output,
        "outputs": outputs if output.startswith("..") else outputs[0],
        "inputs": [{**one, "value": search} for one in callback["inputs"]],
        "state": [],
        "changedPropIds": [f"{one['id']}.{one['property']}" for one in callback["inputs"]],
    }


def _address(role: Any) -> str:
    return f"{role.value}@voorbeeld.nl"


def show(found: dict[int, list[Timed]]) -> bool:
    """Print the figures in milliseconds; returns whether they came within what was promised."""
    sizes = list(found)
    floors = {size: found[size][0] for size in sizes}
    print(f"\n{'callback':<26}" + "".join(f"{size:>14,} p50   p95  /floor" for size in sizes) + "   growth")
    sound = True
    for place, first in enumerate(found[sizes[0]]):
        row = f"{first.what:<26}"
        for size in sizes:
            one = found[size][place]
            row += f"{1000 * one.middle:>18.1f} {1000 * one.slowest:>5.0f} {one.middle / floors[size].middle:>7.1f}"
        growth = found[sizes[-1]][place].middle / first.middle
        within = place == 0 or (found[sizes[-1]][place].slowest <= LIMIT and growth <= GROWTH)
        sound = sound and within
        print(f"{row} {growth:>8.2f}{'' if within else '  above what was promised'}")
    print(f"\npromised: at most {1000 * LIMIT:.0f} ms at p95, growth at most {GROWTH}")
    return sound
