"""Rule 41: a cost that comes after the settlement lowers what is repaid; outside the window it does not count."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from budgets.settlement.model import AgreementCost, RevenueParts, SettlementInput
from budgets.settlement.settle import settle
from lead_contractor.contract.model import Margin, SettlementTerms
from lead_contractor.kernel.money import Cents, cents_from_euros
from lead_contractor.kernel.rounding import split_evenly
from subcontractors.agreements.model import FormCode
from subcontractors.corrections.window import correction_window
from tests.budgets.settlement.cases import COST, L

LATE = cents_from_euros("18420.60")
UNTIL = date(2026, 5, 31)


def repaid(cost):
    return settle(
        SettlementInput(
            year=2025,
            municipality="1911",
            revenue=RevenueParts(L),
            instalments=split_evenly(L, 12),
            terms=SettlementTerms(date(2026, 3, 31), UNTIL, margin=Margin(Decimal(3))),
            agreements=(AgreementCost("PXQ-1", "65656055", FormCode.PXQ, Cents(cost)),),
            own={},
            prior_year=Cents(0),
            received=L,
        )
    ).surplus.repaid


@pytest.mark.parametrize(
    ("approved", "corrected", "counts", "comes_back"),
    [
        (date(2026, 3, 31), date(2026, 5, 31), True, "202544.83"),
        (date(2026, 4, 15), date(2026, 6, 1), False, "220965.43"),
    ],
)
def test_rule_41_a_late_cost_counts_until_the_last_day_for_corrections(approved, corrected, counts, comes_back):
    window = correction_window(approved, UNTIL, corrected)
    assert (not window.outside) is counts
    assert repaid(COST + (LATE if not window.outside else 0)) == cents_from_euros(comes_back)
