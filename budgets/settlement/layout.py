"""The public JSON layout of a settlement, format 1: whole cents, keys that do not apply are 0."""

from __future__ import annotations

from typing import Any

from budgets.settlement.model import CostParts, RevenueParts, Settlement
from subcontractors.agreements.model import FormCode

FORMAT = 1


def to_json(settlement: Settlement) -> dict[str, Any]:
    """The settlement as ``hoofdsom settle --format json`` writes it."""
    surplus, deficit, reserve = settlement.surplus, settlement.deficit, settlement.reserve
    declarations = settlement.declarations
    return {
        "format": FORMAT,
        "year": settlement.year,
        "municipality": settlement.municipality,
        "revenue": _revenue(settlement.revenue),
        "instalments": [int(amount) for amount in settlement.instalments],
        "cost": _cost(settlement.cost),
        "result": int(settlement.result),
        "margin_percent": settlement.margin_percent,
        "margin_cap": int(surplus.margin_cap),
        "excess": int(surplus.excess),
        "repaid": int(surplus.repaid),
        "invested": int(surplus.invested),
        "reserve": {
            "opening": int(reserve.opening),
            "added": int(reserve.added),
            "used": int(reserve.used),
            "closing": int(reserve.closing),
        },
        "deficit": {
            "total": int(deficit.total),
            "municipality": int(deficit.municipality),
            "contractor": int(deficit.contractor),
        },
        "entitlement": int(settlement.entitlement),
        "received": int(settlement.received),
        "balance_due": int(settlement.balance_due),
        "declarations": {
            "declared": int(declarations.declared),
            "approved": int(declarations.approved),
            "rejected": int(declarations.rejected),
            "after_cut_off": int(declarations.after_cut_off),
            "prior_year": int(declarations.prior_year),
        },
        "agreements": [
            {
                "id": agreement.id,
                "subcontractor": agreement.subcontractor,
                "form": agreement.form.value,
                "due": int(agreement.due),
                "above_ceiling": int(agreement.above_ceiling),
                "true_up": int(agreement.true_up),
            }
            for agreement in settlement.agreements
        ],
        "lines": [
            {
                "step": line.step.value,
                "amount": int(line.amount),
                "clause": line.clause,
                "explanation": line.explanation,
            }
            for line in settlement.lines
        ],
    }


def _revenue(revenue: RevenueParts) -> dict[str, int]:
    return {
        "lump_sum": int(revenue.lump_sum),
        "indexation": int(revenue.indexation),
        "volume_adjustment": int(revenue.volume_adjustment),
        "deductions": int(revenue.deductions),
        "total": int(revenue.total),
    }


def _cost(cost: CostParts) -> dict[str, int]:
    return {form.value: int(cost.by_form.get(form, 0)) for form in FormCode} | {
        "own_delivery": int(cost.own_delivery),
        "overhead": int(cost.overhead),
        "other": int(cost.other),
        "prior_year": int(cost.prior_year),
        "not_eligible": int(cost.not_eligible),
        "total": int(cost.total),
    }
