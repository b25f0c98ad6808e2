"""Scenarios and what comes out of them as JSON: for keeping and for the command line.

Whole cents as integers, days ``YYYY-MM-DD``, months ``YYYY-MM``, percentages as decimal text, chances as shares of one.
What is kept comes back as the same value.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from budgets.scenarios.model import Ending, Histogram, Move, Quantiles, Scenario, Simulation
from budgets.settlement.model import RevenueParts
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month
from subcontractors.agreements.model import FormCode

FORMAT = 1
"""Of the public layout."""
KEPT = 2
"""Of what is kept. The first kind had no middle expectations: there the median stands for the middle."""
_READABLE = (1, KEPT)

Json = dict[str, Any]
_CHANCES = ("chance_repaid", "chance_excess", "chance_shortage", "chance_run_out")
_SPREADS = ("subcontractors", "result", "margin", "repaid", "deficit_municipality", "entitlement")


def scenario_json(scenario: Scenario) -> Json:
    """A scenario."""
    return {
        "inflow_percent": str(scenario.inflow_percent),
        "inflow_from": _month(scenario.inflow_from),
        "index_percent": str(scenario.index_percent),
        "index_from": _month(scenario.index_from),
        "moves": [
            {
                "subcontractor": move.subcontractor,
                "form": move.form.value,
                "month": str(move.month),
                "amount": None if move.amount is None else int(move.amount),
            }
            for move in scenario.moves
        ],
        "waiting_percent": str(scenario.waiting_percent),
        "waiting_from": _month(scenario.waiting_from),
        "cap_percent": _decimal(scenario.cap_percent),
        "corridor_percent": _decimal(scenario.corridor_percent),
        "own_cost_percent": str(scenario.own_cost_percent),
    }


def scenario_from(document: Mapping[str, Any]) -> Scenario:
    """A scenario as it was kept."""
    return Scenario(
        inflow_percent=Decimal(document["inflow_percent"]),
        inflow_from=_read_month(document["inflow_from"]),
        index_percent=Decimal(document["index_percent"]),
        index_from=_read_month(document["index_from"]),
        moves=tuple(
            Move(
                move["subcontractor"],
                FormCode(move["form"]),
                Month.parse(move["month"]),
                None if move["amount"] is None else Cents(move["amount"]),
            )
            for move in document["moves"]
        ),
        waiting_percent=Decimal(document["waiting_percent"]),
        waiting_from=_read_month(document["waiting_from"]),
        cap_percent=_read_decimal(document["cap_percent"]),
        corridor_percent=_read_decimal(document["corridor_percent"]),
        own_cost_percent=Decimal(document["own_cost_percent"]),
    )


def simulation_json(made: Simulation) -> Json:
    """All that came out, to be kept."""
    return {
        "kept": KEPT,
        "as_of": made.as_of.isoformat(),
        "scenario": scenario_json(made.scenario),
        "draws": made.draws,
        "seed": made.seed,
        "base": _ending(made.base),
        "ending": _ending(made.ending),
        "difference": _spread(made.difference),
        "result_difference": _spread(made.result_difference),
        "histogram": [list(map(int, made.histogram.edges)), list(made.histogram.base), list(made.histogram.scenario)],
        "parts": {name: int(amount) for name, amount in made.parts.items()},
        "notes": list(made.notes),
    }


def simulation_from(document: Mapping[str, Any]) -> Simulation:
    """What came out, as it was kept.

    Raises:
        ValueError: the document is of a later kind than this version knows.
    """
    if document.get("kept") not in _READABLE:
        raise ValueError(f"not a simulation that this version can read: {document.get('kept')!r}")
    edges, base, scenario = document["histogram"]
    return Simulation(
        as_of=date.fromisoformat(document["as_of"]),
        scenario=scenario_from(document["scenario"]),
        draws=document["draws"],
        seed=document["seed"],
        base=_read_ending(document["base"]),
        ending=_read_ending(document["ending"]),
        difference=_read_spread(document["difference"]),
        result_difference=_read_spread(document["result_difference"]),
        histogram=Histogram(tuple(map(Cents, edges)), tuple(base), tuple(scenario)),
        parts={name: Cents(amount) for name, amount in document["parts"].items()},
        notes=tuple(document["notes"]),
    )


def to_json(made: Simulation) -> Json:
    """What ``hoofdsom what-if --format json`` writes: both endings at their middle and three percentiles."""
    return {
        "format": FORMAT,
        "as_of": made.as_of.isoformat(),
        "draws": made.draws,
        "seed": made.seed,
        "scenario": scenario_json(made.scenario),
        "base": _short(made.base),
        "ending": _short(made.ending),
        "difference": {
            "subcontractors": _three(made.difference),
            "result": _three(made.result_difference),
            "parts": {name: int(amount) for name, amount in made.parts.items()},
        },
        "notes": list(made.notes),
    }


def _short(ending: Ending) -> Json:
    return {
        "revenue": int(ending.revenue.total),
        "point": int(ending.point),
        **{name: _three(getattr(ending, name)) for name in _SPREADS},
        "cap": None if ending.cap is None else int(ending.cap),
        **{name: getattr(ending, name) for name in _CHANCES},
    }


def _three(spread: Quantiles) -> Json:
    return {"middle": spread.middle, "p10": spread.p10, "p50": spread.p50, "p90": spread.p90}


def _spread(spread: Quantiles) -> Json:
    return {"values": list(spread.values), "point": spread.point}


def _read_spread(kept: Any) -> Quantiles:
    """A distribution as it was kept; at first only its percentiles were."""
    if isinstance(kept, list):
        return Quantiles(tuple(kept))
    return Quantiles(tuple(kept["values"]), kept["point"])


def _ending(ending: Ending) -> Json:
    parts = ending.revenue
    return {
        "revenue": [
            int(parts.lump_sum),
            int(parts.indexation),
            int(parts.volume_adjustment),
            int(parts.deductions),
        ],
        "point": int(ending.point),
        **{name: _spread(getattr(ending, name)) for name in _SPREADS},
        "cap": None if ending.cap is None else int(ending.cap),
        **{name: getattr(ending, name) for name in _CHANCES},
    }


def _read_ending(document: Mapping[str, Any]) -> Ending:
    read: Json = {name: _read_spread(document[name]) for name in _SPREADS}
    read |= {name: document[name] for name in _CHANCES}
    return Ending(
        revenue=RevenueParts(*map(Cents, document["revenue"])),
        point=Cents(document["point"]),
        cap=None if document["cap"] is None else Cents(document["cap"]),
        **read,
    )


def _month(month: Month | None) -> str | None:
    return None if month is None else str(month)


def _read_month(text: str | None) -> Month | None:
    return None if text is None else Month.parse(text)


def _decimal(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _read_decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
