"""What the browser sent as a scenario, read as strictly as an address: what does not fit is a bad request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import abort

from budgets.scenarios.model import MOVES_TO, Grounds, Move, Scenario
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.rounding import to_cents
from subcontractors.agreements.model import FormCode

LARGEST_EUROS = 10**9
_MOST_SUBCONTRACTORS = 200


@dataclass(frozen=True, slots=True)
class Controls:
    """The values of the controls, in the order in which they are sent."""

    inflow: Any
    index: Any
    waiting: Any
    own: Any
    cap: Any
    corridor: Any
    month: Any
    subcontractors: Any
    form: Any
    amount: Any


def scenario_of(controls: Controls, grounds: Grounds, movable: Mapping[str, str]) -> Scenario:
    """The scenario that the controls say.

    Raises:
        BadRequest: a value that no control can have.
        Forbidden: a subcontractor that this person may not move.
    """
    month = _month(controls.month)
    margin, volume = grounds.contract.settlement.margin, grounds.contract.lump_sum.volume
    cap, corridor = _percent(controls.cap), _percent(controls.corridor)
    standing_corridor = Decimal(0) if volume is None else volume.corridor_percent or Decimal(0)
    inflow, index, waiting = (_percent(value) for value in (controls.inflow, controls.index, controls.waiting))
    return Scenario(
        inflow_percent=inflow,
        inflow_from=month if inflow else None,
        index_percent=index,
        index_from=month if index else None,
        moves=_moves(controls, month, grounds, movable),
        waiting_percent=waiting,
        waiting_from=month if waiting else None,
        cap_percent=None if margin is None or cap == margin.cap_percent else cap,
        corridor_percent=None if volume is None or corridor == standing_corridor else corridor,
        own_cost_percent=_percent(controls.own),
    )


def _percent(value: Any) -> Decimal:
    """A percentage of a slider; nothing is zero."""
    if value is None:
        return Decimal(0)
    if isinstance(value, bool) or not isinstance(value, int | float) or not -100 <= value <= 100:  # noqa: PLR2004
        abort(400)
    return Decimal(str(value)).normalize()


def _month(value: Any) -> Month | None:
    if value is None:
        return None
    try:
        return Month.parse(str(value))
    except ValueError:
        abort(400)


def _moves(controls: Controls, month: Month | None, grounds: Grounds, movable: Mapping[str, str]) -> tuple[Move, ...]:
    chosen = controls.subcontractors or []
    if not isinstance(chosen, list) or len(chosen) > _MOST_SUBCONTRACTORS:
        abort(400)
    if not chosen:
        return ()
    if any(not isinstance(agb, str) or agb not in movable for agb in chosen):
        abort(403)
    if controls.form not in {form.value for form in MOVES_TO}:
        abort(400)
    form, amount = FormCode(controls.form), _amount(controls.amount) if len(chosen) == 1 else None
    first = month or grounds.first_to_come
    return tuple(Move(agb, form, first, amount) for agb in sorted(set(chosen)))


def _amount(value: Any) -> Cents | None:
    """Euros per month; nothing is budget-neutral."""
    if value in (None, ""):
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= LARGEST_EUROS:
        abort(400)
    return to_cents(Decimal(str(value)) * 100)
