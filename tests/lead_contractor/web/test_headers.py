from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import Engine

from tests.people import CONTROLLER, browser_of, shell

PAGES = ["/aanmelden", "/", "/rol", "/nergens"]


def references(markup: str) -> list[str]:
    """Every address that a browser would fetch or follow."""
    return re.findall(r'(?:src|href|action|poster|data-src)\s*=\s*"([^"]*)"', markup)


@pytest.mark.parametrize("path", PAGES, ids=str)
def test_a_page_is_held_to_our_own_files(app: Flask, path):
    answer = browser_of(app, CONTROLLER).get(path)
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", PAGES, ids=str)
def test_a_page_has_no_script_or_style_of_its_own(app: Flask, path):
    page = browser_of(app, CONTROLLER).get(path).text
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page)


@pytest.mark.parametrize("path", PAGES, ids=str)
def test_nothing_is_asked_from_another_site_down_to_the_style_sheets(app: Flask, path):
    client = browser_of(app, CONTROLLER)
    found = references(client.get(path).text)
    assert found
    for address in found:
        assert re.match(r"[/#](?!/)", address), address
        if address.startswith(("/static", "/bootstrap")):
            answer = client.get(address, buffered=True)
            assert answer.status_code == 200
            asked = re.findall(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)", answer.text)
            assert all(url.startswith("data:") for pair in asked for url in pair if url), address


def test_over_https_the_browser_is_told_to_stay_there(sqlite_engine: Engine):
    client = shell(sqlite_engine).test_client()
    assert "Strict-Transport-Security" not in client.get("/aanmelden").headers
    assert (
        "max-age=31536000" in client.get("/aanmelden", base_url="https://h.test").headers["Strict-Transport-Security"]
    )


def test_behind_our_own_proxy_its_word_is_taken_and_otherwise_not(sqlite_engine: Engine):
    said = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
    behind = shell(sqlite_engine, TRUSTED_PROXIES=1).test_client().get("/aanmelden", headers=said)
    bare = shell(sqlite_engine).test_client().get("/aanmelden", headers=said)
    assert "Strict-Transport-Security" in behind.headers
    assert "Strict-Transport-Security" not in bare.headers
