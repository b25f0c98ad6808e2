"""The settlement as the page shows it: the stored version step by step, what the books say under it, and what changed.

The stored version is the public layout, so that the page, the JSON and the command line show the same figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from budgets.settlement.model import Step
from budgets.settlement.prove import prove
from budgets.settlement.service import STEP_PREFIX
from budgets.settlement.store import StoredSettlement
from budgets.settlement.transfers import DEFICIT_BANDS, OVERHEAD_CAP, RESERVE
from budgets.settlement.wording import spaced
from dash_app.overview.ledger import explanations
from dash_app.overview.model import Change, StepTransfer, StepView
from lead_contractor.books import accounts
from lead_contractor.books.store import standing
from lead_contractor.kernel.refusals import BooksDiffer
from lead_contractor.kernel.tenancy import Scope
from subcontractors.agreements.postings import ADJUSTMENT_PREFIX

Inputs = tuple[tuple[str, int, tuple[str, ...]], ...]

SETTLEMENT_SOURCES = "settlement:"
_STEP_OF_CLAUSE = {OVERHEAD_CAP: Step.ELIGIBLE_COST, RESERVE: Step.DEFICIT, DEFICIT_BANDS: Step.DEFICIT}
_FORMS = tuple(accounts.COST_OF_FORM.values())
_REVENUE = (
    accounts.REVENUE_LUMP_SUM,
    accounts.REVENUE_INDEXATION,
    accounts.REVENUE_VOLUME,
    accounts.REVENUE_DEDUCTIONS,
)
_NAMED_BY = "id"
_WORDS_ONLY = ("format", "lines")


@dataclass(frozen=True, slots=True)
class YearEnd:
    """A settlement with its steps; ``current`` is false when the books have moved on since it was made."""

    result: Mapping[str, Any]
    steps: tuple[StepView, ...]
    current: bool


def year_end(scope: Scope, contract_id: int, stored: StoredSettlement) -> YearEnd:
    """The steps of a stored settlement, with the transfers that it made."""
    result = stored.result
    try:
        prove(scope, contract_id, result)
    except BooksDiffer:
        return YearEnd(result, steps(result, {}), current=False)
    return YearEnd(result, steps(result, _transfers(scope, contract_id)), current=True)


def steps(result: Mapping[str, Any], made: Mapping[str, Sequence[StepTransfer]]) -> tuple[StepView, ...]:
    """The seven steps of a settlement in its public layout."""
    inputs = _inputs(result)
    return tuple(
        StepView(
            step=line["step"],
            amount=line["amount"],
            clause=line["clause"],
            explanation=spaced(line["explanation"]),
            inputs=tuple(one for one in inputs[line["step"]] if one[1]),
            transfers=tuple(made.get(line["step"], ())),
            accounts=_accounts(line["step"], inputs[line["step"]]),
        )
        for line in result["lines"]
    )


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """The figures that differ between two versions, in the order of the layout; agreements by their id."""
    old, new = _flat(before), _flat(after)
    names = [*new, *(name for name in old if name not in new)]
    return [Change(name, old.get(name, 0), new.get(name, 0)) for name in names if old.get(name, 0) != new.get(name, 0)]


def _flat(value: Any, name: str = "") -> dict[str, int | str]:
    """Every figure of the layout by its path, ``cost.pxq`` or ``agreements.PXQ-1.due``."""
    if isinstance(value, Mapping):
        parts = [(str(key), part) for key, part in value.items() if name or key not in _WORDS_ONLY]
    elif isinstance(value, list):
        parts = [
            (str(part[_NAMED_BY]), {key: one for key, one in part.items() if isinstance(one, int)})
            if isinstance(part, Mapping)
            else (str(number), part)
            for number, part in enumerate(value, start=1)
        ]
    else:
        return {name: value}
    found: dict[str, int | str] = {}
    for key, part in parts:
        found |= _flat(part, f"{name}.{key}" if name else key)
    return found


def _transfers(scope: Scope, contract_id: int) -> dict[str, list[StepTransfer]]:
    """What the settlement posted and still stands, by step."""
    stands = standing(scope, contract_id, SETTLEMENT_SOURCES)
    words = explanations(scope, contract_id, [number for _, number in stands])
    found: dict[str, list[StepTransfer]] = {}
    for made, number in stands:
        transfer = StepTransfer(made.debit, made.credit, made.cents, made.about.agreement, words.get(number, ""))
        found.setdefault(_step_of(made.source), []).append(transfer)
    return found


def _step_of(source: str) -> str:
    if source.startswith(ADJUSTMENT_PREFIX):
        return Step.SUBCONTRACTORS.value
    clause = source.removeprefix(STEP_PREFIX).partition(":")[2]
    return _STEP_OF_CLAUSE.get(clause, Step.SURPLUS).value


def _accounts(step: str, inputs: Inputs) -> tuple[str, ...]:
    """The accounts of which the amount of a step is the balance."""
    if step == Step.BALANCE.value:
        return (accounts.MUNICIPALITY,)
    if step == Step.DEFICIT.value:
        return ()
    return tuple(dict.fromkeys(account for _, cents, codes in inputs if cents for account in codes))


def _inputs(result: Mapping[str, Any]) -> dict[str, Inputs]:
    """What goes into each step: name, signed cents, and the accounts of which it is the balance (none: a reckoning)."""
    revenue, cost, deficit, reserve = result["revenue"], result["cost"], result["deficit"], result["reserve"]
    together = sum(cost[form] for form in accounts.COST_OF_FORM)
    prior = (accounts.COST_PRIOR_YEAR,) if cost["prior_year"] else ()
    eligible = (*_FORMS, *accounts.COST_OF_KIND.values(), *prior)
    return {
        Step.REVENUE.value: (
            ("lump_sum", revenue["lump_sum"], (accounts.REVENUE_LUMP_SUM,)),
            ("indexation", revenue["indexation"], (accounts.REVENUE_INDEXATION,)),
            ("volume_adjustment", revenue["volume_adjustment"], (accounts.REVENUE_VOLUME,)),
            ("deductions", -revenue["deductions"], (accounts.REVENUE_DEDUCTIONS,)),
        ),
        Step.SUBCONTRACTORS.value: tuple(
            (form, cost[form], (account,)) for form, account in accounts.COST_OF_FORM.items()
        ),
        Step.ELIGIBLE_COST.value: (
            ("subcontractors", together, _FORMS),
            *((kind, cost[kind], (account,)) for kind, account in accounts.COST_OF_KIND.items()),
            ("prior_year", cost["prior_year"], (accounts.COST_PRIOR_YEAR,)),
        ),
        Step.RESULT.value: (
            ("revenue", revenue["total"], _REVENUE),
            ("eligible_cost", -cost["total"], eligible),
        ),
        Step.SURPLUS.value: (
            ("margin_cap", result["margin_cap"], ()),
            ("excess", result["excess"], ()),
            ("repaid", result["repaid"], (accounts.SETTLEMENT_REPAID,)),
            ("invested", result["invested"], (accounts.SETTLEMENT_INVESTED,)),
            ("added_to_reserve", reserve["added"], (accounts.RESERVE,)),
        ),
        Step.DEFICIT.value: (
            ("deficit", deficit["total"], ()),
            ("reserve_used", deficit["total"] - deficit["municipality"] - deficit["contractor"], (accounts.RESERVE,)),
            ("deficit_municipality", deficit["municipality"], (accounts.SETTLEMENT_DEFICIT_MUNICIPALITY,)),
            ("deficit_contractor", deficit["contractor"], ()),
        ),
        Step.BALANCE.value: (
            ("entitlement", result["entitlement"], ()),
            ("received", -result["received"], (accounts.BANK,)),
        ),
    }
