"""The examples in ``docs/api.md`` are taken from the page and run against a server; its tables are held to the code."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Engine
from werkzeug.serving import make_server

from lead_contractor.access.tokens import TokenScope
from lead_contractor.web.rest_words import KINDS
from tests.api import Desk, new_desk
from tests.subcontractors.declarations.test_api import xml

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api.md"
TEXT = PAGE.read_text(encoding="utf-8")


def example(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)
    return str(found)


@pytest.fixture
def desk(sqlite_engine: Engine, tmp_path: Path) -> Desk:
    return new_desk(sqlite_engine, tmp_path)


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, desk.app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def run(command: list[str], desk: Desk, address: str, folder: Path) -> str:
    environment = {**os.environ, "HOOFDSOM_URL": address, "HOOFDSOM_TOKEN": desk.provider.text, "no_proxy": "127.0.0.1"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def test_the_python_example_sends_a_declaration_that_is_granted(desk: Desk, address: str, tmp_path: Path):
    code = example("python")
    assert len(code.strip().splitlines()) <= 12
    for _ in range(2):
        assert run([sys.executable, "-c", code], desk, address, tmp_path).strip() == "55800 [[]]"
    assert desk.provider.get("/declarations?period=2025-03").json["total"] == 1, "the same again changes nothing"


def test_the_curl_example_tries_a_declaration(desk: Desk, address: str, tmp_path: Path):
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed on this machine")
    (tmp_path / "declaratie.xml").write_bytes(xml())
    said = run(["bash", "-c", example("bash")], desk, address, tmp_path)
    assert '"dry_run": true' in said
    assert '"granted_cents": 55800' in said
    assert desk.provider.get("/declarations?period=2025-03").json["total"] == 0


def test_the_page_names_every_scope_and_every_problem():
    for scope in TokenScope:
        assert f"`{scope}`" in TEXT
    for slug, kind in KINDS.items():
        (row,) = [line for line in TEXT.splitlines() if line.startswith("|") and f"`{slug}`" in line]
        assert f"| {kind.status} |" in row, slug


def test_the_page_names_every_address(desk: Desk):
    told: Any = desk.app.test_client().get("/api/v1/openapi.json").json
    for path in told["paths"]:
        short = path.removeprefix("/api/v1").partition("/{")[0]
        assert short in TEXT, path
