from __future__ import annotations

import threading

import pytest
from sqlalchemy.exc import OperationalError

from subcontractors.portal import overview_service, service
from subcontractors.portal.background import Job, Jobs
from tests.people import browser_of
from tests.subcontractors.portal.desk import GOOD, NEIGHBOUR, PROVIDER, Site, checked, csv_of, portal, press, send


def test_what_is_short_runs_anew_each_time():
    jobs: Jobs[int] = Jobs(patience=30)
    runs: list[int] = []

    def work(count) -> int:
        runs.append(1)
        return len(runs)

    assert [jobs.of("a", 0, work) for _ in range(2)] == [1, 2]


def test_what_is_long_is_begun_once_counts_and_its_result_waits():
    jobs: Jobs[str] = Jobs(patience=0.01)
    go, runs = threading.Event(), []

    def work(count) -> str:
        runs.append(1)
        count(7)
        go.wait(30)
        return "klaar"

    first = jobs.of("a", 10, work)
    assert isinstance(first, Job)
    assert first.total == 10
    assert isinstance(jobs.of("a", 10, work), Job)
    go.set()
    first.future.result(30)
    assert jobs.of("a", 10, work) == "klaar"
    assert len(runs) == 1
    assert first.read == 7
    jobs.forget("a")
    assert not jobs.running("a")


def test_a_failure_comes_out_and_is_not_kept():
    jobs: Jobs[int] = Jobs(patience=30)

    def work(count) -> int:
        raise ValueError("stuk")

    for _ in range(2):
        with pytest.raises(ValueError, match="stuk"):
            jobs.of("a", 0, work)


def test_a_long_check_shows_progress_and_can_be_left(site: Site, monkeypatch: pytest.MonkeyPatch):
    go, real = threading.Event(), service.pre_check

    def slow(*args, **kwargs):
        go.wait(30)
        return real(*args, **kwargs)

    monkeypatch.setattr(service, "pre_check", slow)
    arie = browser_of(portal(site.engine, patience=0.05), PROVIDER)
    address = checked(arie, csv_of(GOOD))
    page = arie.get(address)
    assert page.status_code == 202
    assert "Ongeveer <strong>1 regels</strong> worden gelezen." in page.text
    assert 'http-equiv="refresh"' in page.text
    assert "is gecontroleerd maar nog niet ingediend" in arie.get("/declaraties/").text
    go.set()
    while (page := arie.get(address)).status_code == 202:
        pass
    assert "<strong>De ene regel</strong> is in orde" in page.text


def test_what_another_is_submitting_cannot_be_looked_at(site: Site, monkeypatch: pytest.MonkeyPatch):
    go, real = threading.Event(), service.submit

    def slow(*args, **kwargs):
        go.wait(30)
        return real(*args, **kwargs)

    monkeypatch.setattr(service, "submit", slow)
    app = portal(site.engine, patience=0.05)
    arie, neighbour = browser_of(app, PROVIDER), browser_of(app, NEIGHBOUR)
    address = checked(arie, csv_of(GOOD))
    assert press(arie, address + "indienen").status_code == 302
    try:
        assert arie.get(address).status_code == 202
        assert neighbour.get(address).status_code == 404
        assert press(neighbour, address + "indienen").status_code == 404
    finally:
        go.set()
    while (page := arie.get(address)).status_code == 202:
        pass
    assert page.status_code == 302


def test_who_sends_too_much_is_asked_kindly_to_wait(site: Site):
    arie = browser_of(portal(site.engine, PORTAL_UPLOADS="2 per minute"), PROVIDER)
    answers = [send(arie, csv_of(GOOD)).status_code for _ in range(3)]
    assert answers == [302, 302, 429]
    assert "Wacht een minuut" in send(arie, csv_of(GOOD)).text


def test_a_database_that_is_away_is_told_as_such(site: Site, monkeypatch: pytest.MonkeyPatch):
    class Gone(Exception):
        pass

    def away(*args, **kwargs):
        error = OperationalError("SELECT 1", {}, Gone())
        error.connection_invalidated = True
        raise error

    arie = site.browser()
    monkeypatch.setattr(overview_service, "overview", away)
    answer = arie.get("/declaraties/")
    assert answer.status_code == 503
    assert "Er is niets half opgeslagen." in answer.text
    assert answer.headers["Retry-After"] == "30"
