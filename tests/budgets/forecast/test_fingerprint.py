"""The fingerprint of what a forecast was made from: blind to order, and to nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from budgets.forecast.fingerprint import fingerprint
from budgets.forecast.inputs import Flow, Inputs, LineInput
from lead_contractor.kernel.money import Cents
from tests.budgets.forecast.made import KREEK, LINDE, YEAR

FLOWS = (Flow(YEAR[0], YEAR[1], Cents(100)), Flow(YEAR[1], YEAR[2], Cents(200)))
LINE = LineInput(LINDE, YEAR, FLOWS, tariff_index={YEAR[6]: Fraction(11, 10)}, allocated={YEAR[0]: None})
INPUTS = Inputs(date(2025, 8, 31), YEAR, (LINE, LineInput(KREEK, YEAR)))


def test_the_order_of_rows_means_nothing():
    turned = replace(INPUTS, lines=(INPUTS.lines[1], replace(LINE, flows=FLOWS[::-1])))
    assert fingerprint(turned) == fingerprint(INPUTS)


@pytest.mark.parametrize(
    "other",
    [
        replace(INPUTS, as_of=date(2025, 8, 30)),
        replace(INPUTS, closed=True),
        replace(INPUTS, budget=Cents(1)),
        replace(INPUTS, lines=(LINE,)),
        replace(INPUTS, lines=(replace(LINE, corrections=Cents(-1)), INPUTS.lines[1])),
        replace(INPUTS, lines=(replace(LINE, flows=FLOWS[:1]), INPUTS.lines[1])),
        replace(INPUTS, lines=(replace(LINE, flows=(), history=FLOWS), INPUTS.lines[1])),
        replace(INPUTS, lines=(replace(LINE, allocated={YEAR[0]: Cents(0)}), INPUTS.lines[1])),
        replace(INPUTS, lines=(replace(LINE, tariff_index={}), INPUTS.lines[1])),
    ],
)
def test_whatever_changes_shows(other: Inputs):
    assert fingerprint(other) != fingerprint(INPUTS)
