"""Tokens at the command line: made, listed without their secret, revoked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from lead_contractor.access import tokens
from lead_contractor.access.commands import group
from lead_contractor.kernel.refusals import NotFound
from tests.people import populate

NOW = datetime(2025, 4, 1, 9, 30, tzinfo=UTC)


def run(engine: Engine, *words: str) -> Result:
    return CliRunner().invoke(group(lambda: engine, lambda: NOW), list(words), catch_exceptions=False)


def made(engine: Engine, *words: str) -> Any:
    return run(engine, "make", "--lead", "42420001", "--name", "Pakket X", *words)


def test_a_token_is_made_listed_and_revoked(sqlite_engine: Engine):
    populate(sqlite_engine)
    text = made(sqlite_engine, "--party", "65656055", "--scope", "declarations:read").stdout.strip().splitlines()[-1]
    found = tokens.resume_token(sqlite_engine, text, NOW)
    assert found is not None
    assert found.party == "65656055"
    listed = run(sqlite_engine, "list", "--lead", "42420001").stdout
    assert "Pakket X [declarations:read]" in listed
    assert text.rpartition("_")[2] not in listed
    assert "ingetrokken" in run(sqlite_engine, "revoke", "--lead", "42420001", str(found.id)).stdout
    assert tokens.resume_token(sqlite_engine, text, NOW) is None
    assert "ingetrokken" in run(sqlite_engine, "list", "--lead", "42420001").stdout


def test_without_party_it_is_of_the_lead_contractor(sqlite_engine: Engine):
    populate(sqlite_engine)
    found = tokens.resume_token(sqlite_engine, made(sqlite_engine).stdout.strip().splitlines()[-1], NOW)
    assert found is not None
    assert (found.party, sorted(found.scopes)) == ("", ["lead:read"])


def test_a_lead_contractor_that_is_not_there_has_no_tokens(sqlite_engine: Engine):
    with pytest.raises(NotFound):
        made(sqlite_engine)
