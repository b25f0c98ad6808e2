from __future__ import annotations

from decimal import Decimal

import pytest
from flask import Flask, session
from sqlalchemy import Engine

from dash_app import formats
from lead_contractor.kernel.periods import Month
from tests.people import shell


@pytest.fixture
def app(sqlite_engine: Engine) -> Flask:
    return shell(sqlite_engine)


@pytest.mark.parametrize(("language", "figures", "axis", "separators"), [
    ("nl", ["€ 8,05 mln", "€ +262 dzd", "3,2 %", "1.240", "mrt 2025", "augustus"], ["mrt", "aug"], ",."),
    ("en", ["€ 8.05m", "€ +262k", "3.2%", "1,240", "Mar 2025", "August"], ["Mar", "Aug"], ".,"),
], ids=["nl", "en"])  # fmt: skip
def test_charts_and_tables_write_as_the_pages_do(app: Flask, language, figures, axis, separators):
    march, august = Month(2025, 3), Month(2025, 8)
    with app.test_request_context():
        session["language"] = language
        assert [
            formats.euro_short(804_957_312),
            formats.euro_short(26_200_000, sign=True),
            formats.percent(Decimal("3.2")),
            formats.number(1240),
            formats.month(march),
            formats.month_name(august),
        ] == figures
        assert formats.month_axis([march, august]) == axis
        assert formats.plotly_separators() == separators


def test_outside_a_request_it_is_dutch():
    assert formats.euro(123456) == "€ 1.234,56"
    assert formats.euro_whole(123456) == "€ 1.235"
    assert formats.day(Month(2025, 9).first) == "1 september 2025"
