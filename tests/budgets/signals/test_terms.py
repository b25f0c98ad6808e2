"""What a contract may agree on inactivity (rule 45)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from marshmallow import ValidationError

from budgets.year_folder.terms import InactivityTable
from lead_contractor.contract.model import InactivityTerms


def read(**given: Any) -> InactivityTerms:
    found: InactivityTerms = InactivityTable().load(given)
    return found


def test_what_is_not_agreed_is_as_the_rule_has_it():
    assert read() == InactivityTerms(months=12, satisfaction=Decimal("8.5"), window_months=12)


def test_each_can_be_agreed_otherwise():
    assert read(months=6, satisfaction="8.0", window_months=24) == InactivityTerms(6, Decimal("8.0"), 24)


@pytest.mark.parametrize("given", [{"months": 0}, {"satisfaction": "10.1"}, {"window_months": 121}, {"maanden": 6}])
def test_what_cannot_be_is_refused(given: dict[str, Any]):
    with pytest.raises(ValidationError):
        read(**given)
