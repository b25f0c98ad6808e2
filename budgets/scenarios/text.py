"""A scenario beside the base as text for a terminal, in Dutch."""

from __future__ import annotations

from collections.abc import Callable

from budgets.scenarios.model import Ending, Quantiles, Simulation
from lead_contractor.kernel.money import Cents, euros_nl

PARTS = {"inflow": "instroom", "index": "tarieven", "moves": "andere financiering", "waiting": "wachtlijst"}
NOTES = {
    "no_index_figures": "Een indexcijfer ontbreekt: de lumpsum is niet geïndexeerd.",
    "no_counts": "Er is geen aantal beschikkingen bekend: er is geen volumebijstelling.",
    "no_own_cost": "Er zijn geen eigen kosten geboekt.",
    "no_complete_month": "Er is nog geen hele maand voorbij: eigen kosten zijn wat er geboekt is.",
}
_NAME, _CELL = 30, 22


def what_if_text(made: Simulation) -> str:
    """The two endings side by side, with what each part of the scenario does."""
    lines = [
        f"Wat als, op de prognose per {made.as_of:%d-%m-%Y} ({made.draws} trekkingen, zaad {made.seed})",
        "",
        f"{'':<{_NAME}}{'basis':>{_CELL}}{'scenario':>{_CELL}}",
        *_spread("kosten onderaannemers", made, lambda one: one.subcontractors),
        _row("opbrengst", made, lambda one: euros_nl(one.revenue.total)),
        *_spread("resultaat", made, lambda one: one.result),
        _row("maximale marge", made, lambda one: "-" if one.cap is None else euros_nl(one.cap)),
        *_spread("terug te betalen", made, lambda one: one.repaid),
        _row("kans op terugbetalen", made, lambda one: _percent(one.chance_repaid)),
        _row("kans op een tekort", made, lambda one: _percent(one.chance_shortage)),
        _row("kans dat het geld op is", made, lambda one: _percent(one.chance_run_out)),
    ]
    changed = [f"  {PARTS[name]:<{_NAME - 2}}{_signed(cents):>{_CELL}}" for name, cents in made.parts.items() if cents]
    if changed:
        lines += ["", "Wat het scenario aan de kosten verandert (midden):", *changed]
    lines += ["", *(NOTES[note] for note in made.notes)] if made.notes else []
    return "\n".join(lines)


def _row(name: str, made: Simulation, told: Callable[[Ending], str]) -> str:
    return f"{name:<{_NAME}}{told(made.base):>{_CELL}}{told(made.ending):>{_CELL}}"


def _spread(name: str, made: Simulation, chosen: Callable[[Ending], Quantiles]) -> list[str]:
    return [
        _row(name, made, lambda one: euros_nl(Cents(chosen(one).middle))),
        _row("  1 op 10 eindigt onder", made, lambda one: euros_nl(Cents(chosen(one).low))),
        _row("  1 op 10 eindigt boven", made, lambda one: euros_nl(Cents(chosen(one).high))),
    ]


def _signed(cents: Cents) -> str:
    return euros_nl(cents, sign=True)


def _percent(chance: float | None) -> str:
    return "-" if chance is None else f"{round(chance * 100)} %"
