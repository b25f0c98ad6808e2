"""What a scenario does: a sentence, the year side by side with the base and saved scenarios, and the distribution."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from dash import html

from budgets.scenarios.model import Ending, Simulation
from budgets.scenarios.store import Saved
from dash_app.formats import euro, euro_whole, percent, plotly_separators
from dash_app.graph import graph
from dash_app.language import gettext
from dash_app.pages import text
from dash_app.whatif import words
from dash_app.whatif.chart import distribution
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.rounding import half_up

SHOWN = (5, 10, 25, 50, 75, 90, 95)
_Cell = Callable[[Ending], str]


def results(made: Simulation, beside: Sequence[Saved], names: dict[str, str]) -> list[Any]:
    """All that comes out, with the saved scenarios that are put beside it."""
    said = sentence(made)
    drawn = _drawn(made, said)
    return [
        html.P(text.bold(said), className="wi-answer", role="status"),
        html.Section(
            [
                *text.heading(
                    gettext("Het jaar naast elkaar"),
                    gettext("Midden: wat de prognose verwacht, door de afrekening gerekend. Bedragen in hele euro's."),
                ),
                _side_by_side(made, beside),
                _parts(made, names),
                *[html.P(words.note(code), className="small-print") for code in made.notes],
            ],
            className="section",
        ),
        html.Section(
            [
                *text.heading(
                    gettext("Waar het resultaat op uit kan komen"),
                    gettext("Hoe vaak elk resultaat voorkomt in %(draws)s getrokken jaren.", draws=made.draws),
                ),
                drawn,
                text.more(gettext("tabel"), _percentiles(made)),
            ],
            className="section",
        ),
    ]


def _drawn(made: Simulation, said: str) -> Any:
    """The distribution; a sentence instead where all is known and every draw ends the same."""
    if made.base.result.p10 == made.base.result.p90 and made.ending.result.p10 == made.ending.result.p90:
        return html.P(gettext("Van dit jaar is alles bekend: elk getrokken jaar eindigt gelijk."))
    return graph("wi-distribution", distribution(made, _labels(made), plotly_separators()), text.plain(said))


def sentence(made: Simulation) -> str:
    """What the scenario comes to, against the base."""
    base, ending = made.base, made.ending
    if made.scenario.is_base:
        return gettext(
            "Nog niets veranderd: naar verwachting is er aan het eind %(result)s, een marge van **%(margin)s**. "
            "Kans dat er geld terug moet: **%(repaid)s**; kans op een tekort: **%(shortage)s**.",
            result=words.result(base.result.middle),
            margin=words.margin(base.margin.middle),
            repaid=words.chance(base.chance_repaid),
            shortage=words.chance(base.chance_shortage),
        )
    return gettext(
        "Zo is er aan het eind naar verwachting %(result)s, zonder deze veranderingen %(base)s. De marge wordt "
        "**%(margin)s**. Kans dat er geld terug moet: **%(repaid)s** (was %(repaid_base)s); kans op een tekort: "
        "**%(shortage)s** (was %(shortage_base)s).",
        result=words.result(ending.result.middle),
        base=words.result(base.result.middle),
        margin=words.margin(ending.margin.middle),
        repaid=words.chance(ending.chance_repaid),
        repaid_base=words.chance(base.chance_repaid),
        shortage=words.chance(ending.chance_shortage),
        shortage_base=words.chance(base.chance_shortage),
    )


def _labels(made: Simulation) -> dict[str, str]:
    cap = "" if made.ending.cap is None else euro_whole(made.ending.cap)
    return {
        "base": gettext("basis"),
        "scenario": gettext("dit scenario"),
        "nothing": gettext("← tekort | over →"),
        "cap": gettext("maximale marge %(cap)s", cap=cap),
        "axis": gettext("resultaat in duizend euro"),
    }


def _rows() -> list[tuple[str, _Cell, Callable[[Ending], int | None] | None]]:
    """Name, words, and the figure of which a difference can be told."""

    def band(chosen: Callable[[Ending], Any]) -> _Cell:
        return lambda one: f"{euro_whole(Cents(chosen(one).low))} – {euro_whole(Cents(chosen(one).high))}"

    def money(chosen: Callable[[Ending], int]) -> _Cell:
        return lambda one: euro_whole(Cents(chosen(one)))

    return [
        (
            gettext("Kosten van onderaannemers"),
            money(lambda e: e.subcontractors.middle),
            lambda e: e.subcontractors.middle,
        ),
        (gettext("– acht van de tien keer tussen"), band(lambda e: e.subcontractors), None),
        (gettext("Opbrengst"), money(lambda e: int(e.revenue.total)), lambda e: int(e.revenue.total)),
        (gettext("Resultaat"), money(lambda e: e.result.middle), lambda e: e.result.middle),
        (gettext("– acht van de tien keer tussen"), band(lambda e: e.result), None),
        (gettext("Marge"), lambda e: words.margin(e.margin.middle), None),
        (
            gettext("Maximale marge"),
            lambda e: gettext("geen") if e.cap is None else euro_whole(e.cap),
            lambda e: None if e.cap is None else int(e.cap),
        ),
        (gettext("Terug naar de gemeente"), money(lambda e: e.repaid.middle), lambda e: e.repaid.middle),
        (gettext("– in één op de tien jaren meer dan"), money(lambda e: e.repaid.high), None),
        (
            gettext("Gemeente draagt van een tekort"),
            money(lambda e: e.deficit_municipality.middle),
            lambda e: e.deficit_municipality.middle,
        ),
        (gettext("Kans dat er geld terug moet"), _chance(lambda e: e.chance_repaid), None),
        (gettext("Kans op een tekort"), _chance(lambda e: e.chance_shortage), None),
        (gettext("Kans dat het budget voor onderaannemers op is"), _chance(lambda e: e.chance_run_out), None),
    ]


def _chance(chosen: Callable[[Ending], float | None]) -> _Cell:
    def said(ending: Ending) -> str:
        share = chosen(ending)
        if share is None:
            return words.chance(None)
        return f"{words.chance(share)} ({percent(half_up(Decimal(str(share)) * 100), 0)})"

    return said


def _side_by_side(made: Simulation, beside: Sequence[Saved]) -> html.Div:
    titles = [("", False), (gettext("Basis"), True), (gettext("Dit scenario"), True), (gettext("Verschil"), True)]
    titles += [(one.name, True) for one in beside]
    rows = []
    for name, said, figure in _rows():
        cells = [html.Th(name, scope="row"), text.number_cell(said(made.base)), text.number_cell(said(made.ending))]
        cells.append(text.number_cell(_difference(made, figure)))
        cells += [text.number_cell(said(one.result.ending)) for one in beside]
        rows.append(html.Tr(cells, className="wi-sub" if name.startswith("–") else None))
    return text.table(gettext("Basis en scenario naast elkaar"), text.header(*titles), rows)


def _difference(made: Simulation, figure: Callable[[Ending], int | None] | None) -> str:
    if figure is None:
        return ""
    base, ending = figure(made.base), figure(made.ending)
    return "" if base is None or ending is None else euro_whole(Cents(ending - base), sign=True)


def _parts(made: Simulation, names: dict[str, str]) -> html.Details | None:
    """What each part of the scenario does to the cost of subcontractors."""
    found = [(name, cents) for name, cents in made.parts.items() if cents]
    if not found:
        return None
    rows = [html.Tr([html.Th(words.part_name(name), scope="row"), text.number_cell(euro(cents, sign=True))])
            for name, cents in found]  # fmt: skip
    whole = html.Tr(
        [
            html.Th(gettext("samen"), scope="row"),
            text.number_cell(euro(Cents(sum(int(cents) for _, cents in found)), sign=True)),
        ]
    )
    head = text.header((gettext("Door"), False), (gettext("Verandering van de kosten"), True))
    moved = [names.get(move.subcontractor, move.subcontractor) for move in made.scenario.moves]
    who = html.P(gettext("Gaat over: %(names)s.", names=", ".join(moved)), className="small-print") if moved else None
    label = gettext("Wat elk deel aan de kosten verandert")
    return text.more(gettext("waardoor"), text.table(label, head, rows, whole), who)


def _percentiles(made: Simulation) -> html.Div:
    head = text.header(
        (gettext("Van de honderd jaren eindigen er onder"), False),
        (gettext("Basis"), True),
        (gettext("Dit scenario"), True),
    )
    rows = [
        html.Tr(
            [
                html.Th(str(place), scope="row"),
                text.number_cell(euro_whole(Cents(made.base.result.values[place - 1]))),
                text.number_cell(euro_whole(Cents(made.ending.result.values[place - 1]))),
            ]
        )
        for place in SHOWN
    ]
    return text.table(gettext("Verdeling van het resultaat"), head, rows)
