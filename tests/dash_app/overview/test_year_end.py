from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from budgets.settlement.store import versions
from dash_app.overview import csv_file, words, year_end
from lead_contractor.kernel.database import reading
from lead_contractor.kernel.tenancy import Scope
from tests.dash_app.overview.conftest import Site


def test_the_inputs_of_each_step_add_up_to_it(site: Site, settle: Callable[[FlaskClient, int], None]):
    settle(site.browser(), site.contract)
    with reading(site.engine) as connection:
        scope = Scope(connection, site.lead)
        ended = year_end.year_end(scope, site.contract, versions(scope, site.contract)[0])
    assert ended.current
    by_step = {step.step: step for step in ended.steps}
    assert list(by_step) == ["revenue", "subcontractors", "eligible_cost", "result", "surplus", "deficit", "balance"]
    for name in ("revenue", "subcontractors", "eligible_cost", "result", "balance"):
        step = by_step[name]
        assert sum(cents for _, cents, _ in step.inputs) == step.amount, name
    posted = sum(int(made.cents) for made in by_step["surplus"].transfers)
    assert posted == by_step["surplus"].amount


def test_changes_name_figures_by_their_path_and_agreements_by_their_id():
    before = {
        "format": 1,
        "result": 100,
        "margin_percent": "5.6582",
        "cost": {"pxq": 10, "fte": 5},
        "agreements": [{"id": "A", "form": "pxq", "due": 10}],
        "instalments": [1, 2],
        "lines": [{"step": "result", "amount": 100}],
    }
    after = {
        **before,
        "format": 2,
        "result": 90,
        "margin_percent": "5.1000",
        "cost": {"pxq": 20, "fte": 5},
        "agreements": [{"id": "A", "form": "pxq", "due": 20}, {"id": "B", "form": "fte", "due": 1}],
        "instalments": [1, 3],
        "lines": [],
    }
    found = [(one.name, one.before, one.after) for one in year_end.changes(before, after)]
    assert found == [
        ("result", 100, 90),
        ("margin_percent", "5.6582", "5.1000"),
        ("cost.pxq", 10, 20),
        ("agreements.A.due", 10, 20),
        ("agreements.B.due", 0, 1),
        ("instalments.2", 2, 3),
    ]
    assert year_end.changes(before, before) == []


def test_what_an_earlier_version_had_and_a_later_has_not_is_a_change_to_nothing():
    found = year_end.changes({"agreements": [{"id": "A", "due": 7}]}, {"agreements": []})
    assert [(one.name, one.before, one.after, one.cents) for one in found] == [("agreements.A.due", 7, 0, True)]


@pytest.mark.parametrize("text", ["=1+1", "+31", "-1", "@sum", "\t=1", "\r=1", " =1", "\n@x"])
def test_no_text_of_a_sender_becomes_a_formula(text: str):
    assert csv_file.safe(text) == f"'{text}"


def test_our_own_amounts_keep_their_sign_and_texts_their_quotes():
    made = csv_file.table(("A", "B"), [('zeg "ja"; nee', -123_456), ("R-1", 5)], comma=True).decode("utf-8-sig")
    assert made == 'A;B\r\n"zeg ""ja""; nee";-1234,56\r\nR-1;0,05\r\n'
    assert csv_file.table(("A",), [(100,)], comma=False).decode("utf-8-sig") == "A\r\n1.00\r\n"


def test_a_bsn_in_a_text_of_a_sender_is_blotted_out():
    assert words.without_bsn("cliënt 999900006 en 123456789, regel 9999000061") == (
        "cliënt ••••••••• en 123456789, regel 9999000061"
    )
