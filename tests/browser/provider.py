"""A two-person provider in September 2025, out of the small invented year: what its browser tests and pictures show."""

from __future__ import annotations

import csv
import io
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import Engine
from werkzeug.serving import make_server

from budgets.year_folder.service import load
from hoofdsom import create_app
from lead_contractor.access import service as access
from lead_contractor.access.hand import Hand
from lead_contractor.access.model import Role
from lead_contractor.kernel.database import writing
from lead_contractor.kernel.tenancy import Scope
from subcontractors.payments import service as payments
from tests.people import SETTINGS, person

CHROMIUM = Path("/usr/bin/chromium")
FOLDER = Path(__file__).resolve().parents[2] / "examples" / "klein-2025"
KEY = b"1" * 32
AGB, FTE_AGB = "99990102", "99990103"
ANNA, BART = "anna@voorbeeld.example", "bart@voorbeeld.example"
MONDAY = datetime(2025, 9, 8, 7, 30, tzinfo=UTC)
PAID = datetime(2025, 8, 29, 12, 0, tzinfo=UTC)
COLUMNS = (
    "declaratie;periode;ontvangen;agb-code;referentie;vorige referentie;bsn;toewijzing;categorie;productcode;"
    "van;tot en met;volume;eenheid;tarief;bedrag;debet/credit"
)


def line(reference: str, bsn: str, number: str, product: str, volume: int, tariff: str, amount: str) -> tuple[str, ...]:
    """A line for August 2025, as a Dutch spreadsheet has it."""
    fixed = ("D2508900", "2025-08", "2025-09-08", AGB)
    days = ("2025-08-01", "2025-08-31")
    return (*fixed, reference, "", bsn, number, "02", product, *days, str(volume), "04", tariff, amount, "D")


GOOD = line("B-0801", "999900018", "4100002", "02A05", 9, "89,42", "804,78")
OLD_TARIFF = line("B-0802", "999900079", "4100010", "02A03", 11, "55,80", "613,80")
TOO_MUCH = line("B-0801", "999900018", "4100002", "02A05", 14, "89,42", "1251,88")


def csv_of(*lines: tuple[str, ...]) -> bytes:
    return "\r\n".join([COLUMNS, *(";".join(one) for one in lines), ""]).encode("utf-8-sig")


def until_september(place: Path) -> Path:
    """The year as it stood in the middle of September: what came later is not there yet."""
    folder = place / "klein-2025"
    shutil.copytree(FOLDER, folder)
    for message in (folder / "messages").iterdir():
        if message.name[:10] > "2025-08-31":
            message.unlink()
    path = folder / "realised.csv"
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    at = rows[0].index("month")
    out = io.StringIO()
    csv.writer(out).writerows([rows[0], *(row for row in rows[1:] if row[at] <= "2025-07")])
    path.write_text(out.getvalue())
    return folder


def furnish(engine: Engine, place: Path) -> int:
    """Load it, pay what fell due by the end of August, and let Anna and Bart in; gives the contract."""
    loaded = load(engine, KEY, until_september(place), datetime(2025, 9, 1, 8, 0, tzinfo=UTC), settling=False)
    lead = loaded.lead_contractor_id
    for email, name, agb, party in (
        (ANNA, "Anna", AGB, "Bureau Baardmannetje"),
        (BART, "Bart", FTE_AGB, "Maatschappelijk Werk Meerkoet"),
    ):
        access.add_membership(engine, person(engine, email, name).id, lead, Role.PROVIDER, agb, party)
    maker, checker = (Hand(person(engine, f"{name}@hoofd.example", name).id, name) for name in ("carla", "dirk"))
    with writing(engine) as connection:
        scope = Scope(connection, lead)
        run = payments.propose_run(scope, loaded.contract_id, date(2025, 8, 31), maker, PAID)
        payments.approve_run(scope, run.id, checker, PAID)
        payments.execute_run(scope, run.id, PAID.date(), maker, PAID)
    return loaded.contract_id


@contextmanager
def served(engine: Engine, at: datetime = MONDAY) -> Iterator[str]:
    """The whole site at an address, as of a moment."""
    app = create_app(engine, KEY, {**SETTINGS, "CLOCK": lambda: at})
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
