from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from tests.people import populate, shell


@pytest.fixture
def app(sqlite_engine: Engine) -> Flask:
    populate(sqlite_engine)
    return shell(sqlite_engine)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
