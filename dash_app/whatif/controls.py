"""The controls of a scenario: native sliders, radios and boxes, each with its name, its value and a word of meaning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dash import dcc, html

from budgets.scenarios.model import MOVES_TO, Grounds, Scenario
from dash_app.formats import euro_whole, month_axis, number, percent
from dash_app.language import gettext
from dash_app.whatif.words import form_name
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month

SLIDERS = ("wi-inflow", "wi-index", "wi-waiting", "wi-own", "wi-cap", "wi-corridor")


def controls(
    scenario: Scenario,
    grounds: Grounds,
    exposure: Cents,
    movable: Mapping[str, str],
    running: str,
    *,
    forms: bool = True,
) -> html.Div:
    """All controls, set to a scenario.

    Args:
        scenario: what they are set to.
        grounds: what the year stands on.
        exposure: what the whole waiting list would still cost.
        movable: subcontractors that may be moved, by AGB code with their names.
        running: what is said while a scenario is being drawn.
        forms: whether what works on some forms of financing and not on others may be changed.
    """
    months = [month for month in grounds.contract.months if month >= grounds.first_to_come]
    known = zip(SLIDERS, _sliders(scenario, grounds, exposure, forms=forms), strict=True)
    sliders = [_slider(name, slider) for name, slider in known]
    return html.Div(
        [
            html.Div([_months(months, scenario, shown=forms), *sliders], className="wi-sliders"),
            _moves(scenario, movable, over=not months),
            html.P(running, className="wi-running", role="status"),
        ]
    )


@dataclass(frozen=True, slots=True)
class _Slider:
    """A slider: name, lowest and highest value and step, where it stands, what it means, and whether it is shown."""

    label: str
    bounds: tuple[float, float, float]
    value: Decimal
    meaning: str = ""
    shown: bool = True


def _sliders(scenario: Scenario, grounds: Grounds, exposure: Cents, *, forms: bool) -> list[_Slider]:
    """The sliders in the order of :data:`SLIDERS`."""
    coming = not grounds.closed
    margin, volume = grounds.contract.settlement.margin, grounds.contract.lump_sum.volume
    agreed_cap = Decimal(0) if margin is None else margin.cap_percent
    agreed_corridor = Decimal(0) if volume is None else volume.corridor_percent or Decimal(0)
    cap = agreed_cap if scenario.cap_percent is None else scenario.cap_percent
    corridor = agreed_corridor if scenario.corridor_percent is None else scenario.corridor_percent
    waits = gettext("Alles opnemen kost dit jaar nog %(sum)s.", sum=euro_whole(exposure))
    tariffs = gettext("Van P×Q en trajecten.")
    return [
        _Slider(gettext("Instroom"), (-50, 50, 1), scenario.inflow_percent, _stay(grounds), coming and forms),
        _Slider(gettext("Tarieven"), (-10, 15, 0.5), scenario.index_percent, tariffs, coming and forms),
        _Slider(
            gettext("Wachtlijst opgelost"), (0, 100, 5), scenario.waiting_percent, waits, coming and bool(exposure)
        ),
        _Slider(gettext("Eigen kosten"), (-30, 30, 1), scenario.own_cost_percent, shown=coming),
        _Slider(gettext("Maximale marge"), (0, 15, 0.5), cap, _agreed(agreed_cap), margin is not None),
        _Slider(
            gettext("Bandbreedte van het volume"), (0, 25, 0.5), corridor, _agreed(agreed_corridor), volume is not None
        ),
    ]


def _agreed(share: Decimal) -> str:
    return gettext("Volgens het contract %(share)s.", share=percent(share, 1 if share % 1 else 0))


def _stay(grounds: Grounds) -> str:
    if grounds.stay_months is None:
        return gettext("Meer of minder nieuwe cliënten.")
    return gettext(
        "Een toewijzing duurt gemiddeld %(months)s maanden; andere instroom werkt dus langzaam door.",
        months=number(Decimal(str(round(grounds.stay_months, 1))), 1),
    )


def _slider(name: str, slider: _Slider) -> html.Div:
    low, high, step = slider.bounds
    marks: Any = {bound: number(Decimal(str(bound)), 0) for bound in sorted({low, 0, high})}
    drawn = dcc.Slider(
        id=name,
        min=low,
        max=high,
        step=step,
        value=float(slider.value),
        marks=marks,
        included=False,
        updatemode="mouseup",
        allow_direct_input=False,
    )
    return html.Div(
        [
            html.Label(slider.label, htmlFor=name),
            html.Output(id=f"{name}-said", className="wi-said", htmlFor=name),
            drawn,
            html.P(slider.meaning, className="small-print") if slider.meaning else None,
        ],
        className="wi-control",
        hidden=not slider.shown,
    )


def _months(months: list[Month], scenario: Scenario, *, shown: bool) -> html.Fieldset:
    known = (scenario.inflow_from, scenario.index_from, scenario.waiting_from, *(move.month for move in scenario.moves))
    start = next((month for month in known if month is not None), months[0] if months else None)
    options: Any = [
        {"label": label, "value": str(month)} for label, month in zip(month_axis(months), months, strict=True)
    ]
    return html.Fieldset(
        [
            html.Legend(gettext("Vanaf")),
            dcc.RadioItems(
                id="wi-from", options=options, value=None if start is None else str(start), className="wi-options"
            ),
        ],
        className="wi-control wi-wide",
        hidden=not (months and shown),
    )


def _moves(scenario: Scenario, movable: Mapping[str, str], *, over: bool) -> html.Details:
    chosen = [move.subcontractor for move in scenario.moves if move.subcontractor in movable]
    form = scenario.moves[0].form.value if chosen else MOVES_TO[0].value
    amount = scenario.moves[0].amount if len(chosen) == 1 else None
    names: Any = [{"label": name, "value": agb} for agb, name in movable.items()]
    forms: Any = [{"label": form_name(one), "value": one.value} for one in MOVES_TO]
    neutral = gettext(
        "Leeg is budgetneutraal: wat van die maanden werd verwacht. Een bedrag geldt voor één onderaannemer."
    )
    return html.Details(
        [
            html.Summary(gettext("Onderaannemers van P×Q naar een andere vorm")),
            html.Fieldset(
                [
                    html.Legend(gettext("Wie gaat over")),
                    dcc.Checklist(id="wi-subs", options=names, value=chosen, className="wi-options wi-many"),
                ]
            ),
            html.Fieldset(
                [
                    html.Legend(gettext("Waarheen")),
                    dcc.RadioItems(id="wi-form", options=forms, value=form, className="wi-options"),
                ]
            ),
            html.Label(gettext("Afgesproken bedrag per maand, in euro"), htmlFor="wi-amount"),
            dcc.Input(
                id="wi-amount",
                type="number",
                min=0,
                step=0.01,
                value=None if amount is None else int(amount) / 100,
                debounce=True,
                className="form-control wi-amount",
            ),
            html.P(neutral, className="small-print"),
        ],
        className="more",
        open=bool(chosen),
        hidden=over or not movable,
    )
