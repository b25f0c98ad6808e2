"""What each form of financing takes in paperwork, counted, and what it would have cost for the same work, reckoned."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from dash import dcc, html

from budgets.scenarios.burden import Burden, Counted, by_form, by_subcontractor
from budgets.scenarios.forms import FormCost
from budgets.use.suppress import hidden_rows, is_small
from dash_app.formats import day, euro_whole, number, percent
from dash_app.language import gettext
from dash_app.pages import text
from dash_app.whatif import words
from lead_contractor.kernel.rounding import Number
from subcontractors.agreements.model import FormCode

_PXQ = FormCode.PXQ


def paper(
    counted: Counted | None,
    costs: Sequence[FormCost],
    names: Mapping[str, str],
    chosen: str,
    choices: Mapping[str, str],
    hidden: Collection[FormCode] | None = None,
) -> list[Any]:
    """The counts and the comparison.

    Args:
        counted: what was counted last; ``None`` before anybody asked.
        costs: each form for the same work.
        names: of subcontractors, by AGB code; empty for who may not see them.
        chosen: whose work is compared; empty for all.
        choices: the P×Q subcontractors to choose from.
        hidden: the forms that the meeting hides from who looks, what they cost follows from what an act costs;
            ``None`` for who sees small numbers too.
    """
    controller = hidden is None
    if counted is None:
        return [html.P(gettext("De administratie van dit jaar is nog niet geteld."), className="under")]
    until = gettext("Geteld tot en met %(day)s, uit onze eigen berichten.", day=day(counted.as_of))
    parts: list[Any] = [
        html.P(until, className="under"),
        _table(gettext("Administratie per vorm"), _shown(by_form(counted.rows), counted, hidden), {}),
    ]
    if controller:
        rows = [(one, False) for one in by_subcontractor(counted.rows)]
        parts.append(text.more(gettext("per onderaannemer"), _table(gettext("Per onderaannemer"), rows, names)))
    parts.append(
        html.P(
            gettext(
                "Een handeling is wat iemand moet doen: een bericht maken of beantwoorden, een afgekeurde regel, een "
                "correctie, een korte opgave, een betaling. Regels die vanzelf goed gaan tellen niet mee."
            ),
            className="small-print",
        )
    )
    if controller or not _few(counted):
        parts += _comparison(costs, chosen, choices)
    return parts


def _few(counted: Counted) -> bool:
    """Whether too few people stand behind the work that is compared."""
    return is_small(_people([row for row in counted.rows if row.form is _PXQ]))


def _people(rows: Sequence[Any]) -> int | None:
    """So many different people there are at least: those of the largest agreement; ``None`` where none are counted."""
    return max((row.clients for row in rows), default=0) or None


def _shown(found: Sequence[Burden], counted: Counted, hidden: Collection[FormCode] | None) -> list[tuple[Burden, bool]]:
    """Each form, and whether it is hidden: too few people, or a row that would give such a row away."""
    if hidden is None:
        return [(one, False) for one in found]
    people = [_people([row for row in counted.rows if row.form is one.form]) for one in found]
    out = hidden_rows(people)
    return [(one, place in out or one.form in hidden) for place, one in enumerate(found)]


def _table(label: str, rows: Sequence[tuple[Burden, bool]], names: Mapping[str, str]) -> html.Div:
    first = [(gettext("Onderaannemer"), False)] if names else []
    head = text.header(
        *first,
        (gettext("Vorm"), False),
        (gettext("Aantal"), True),
        (gettext("Berichten in"), True),
        (gettext("Berichten uit"), True),
        (gettext("Regels"), True),
        (gettext("Afgekeurd"), True),
        (gettext("Correcties"), True),
        (gettext("Opgaven"), True),
        (gettext("Dagen tot betaling"), True),
        (gettext("Handelingen"), True),
        (gettext("per onderaannemer"), True),
        (gettext("per € 100.000"), True),
    )
    return text.table(label, head, [_row(one, hidden, names) for one, hidden in rows])


def _row(one: Burden, hidden: bool, names: Mapping[str, str]) -> html.Tr:
    name = [html.Th(names.get(one.subcontractor, one.subcontractor), scope="row")] if names else []
    form = words.form_name(one.form)
    head = [*name, html.Td(form) if names else html.Th(form, scope="row")]
    if hidden:
        return html.Tr([*head, html.Td(gettext("te weinig cliënten om te tonen"), colSpan=11, className="muted")])
    counts = one.counts
    cells = [
        number(one.subcontractors),
        number(counts["declarations"] + counts["reports"]),
        number(counts["answers"]),
        number(counts["lines"]),
        _maybe_percent(one.refused_percent),
        number(counts["credits"] + counts["redone"] + counts["changed_returns"]),
        number(counts["short_returns"]),
        _maybe(one.days_to_payment, 0),
        number(one.acts),
        _maybe(one.per_subcontractor(), 1),
        _maybe(one.per_hundred_thousand(), 1),
    ]
    return html.Tr([*head, *[text.number_cell(cell) for cell in cells]])


def _maybe(value: Number | None, decimals: int) -> str:
    return text.DASH if value is None else number(value, decimals)


def _maybe_percent(value: Number | None) -> str:
    return text.DASH if value is None else percent(value, 1)


def _comparison(costs: Sequence[FormCost], chosen: str, choices: Mapping[str, str]) -> list[Any]:
    pxq = next((one for one in costs if one.form is _PXQ), None)
    if pxq is None or pxq.cost is None:
        return []
    head = text.header(
        (gettext("Vorm"), False),
        (gettext("Kosten van het jaar"), True),
        (gettext("Verschil met P×Q"), True),
        (gettext("Regels"), True),
        (gettext("Handelingen"), True),
        (gettext("Waarop het rust"), False),
    )
    rows = [
        html.Tr(
            [
                html.Th(words.form_name(one.form), scope="row"),
                text.number_cell(gettext("niet te bepalen") if one.cost is None else euro_whole(one.cost)),
                text.number_cell(_against(one, pxq)),
                text.number_cell(number(one.lines)),
                text.number_cell(number(one.acts)),
                html.Td([html.Strong(_basis(one)), " ", _how(one)], className="words"),
            ]
        )
        for one in costs
    ]
    whose = choices.get(chosen) or gettext("alle onderaannemers met P×Q samen")
    return [
        html.H3(gettext("Hetzelfde werk in een andere vorm: %(whose)s", whose=whose)),
        text.table(gettext("Wat elke vorm had gekost"), head, rows),
    ]


def chooser(choices: Mapping[str, str]) -> html.Details:
    """Whose work is compared: all together, or one subcontractor."""
    options: Any = [{"label": gettext("alle onderaannemers met P×Q samen"), "value": ""}]
    options += [{"label": name, "value": agb} for agb, name in choices.items()]
    return html.Details(
        [
            html.Summary(gettext("vergelijk voor één onderaannemer")),
            html.Fieldset(
                [
                    html.Legend(gettext("Van wie is het werk")),
                    dcc.RadioItems(id="wi-whose", options=options, value="", className="wi-options wi-many"),
                ]
            ),
        ],
        className="more",
        hidden=not choices,
    )


def _against(one: FormCost, pxq: FormCost) -> str:
    if one.cost is None or pxq.cost is None or one.form is _PXQ:
        return ""
    return euro_whole(one.cost - pxq.cost, sign=True)


def _basis(one: FormCost) -> str:
    return gettext("gemeten:") if one.measured else gettext("aangenomen:")


def _how(one: FormCost) -> str:
    known = dict(one.figures)
    says = {
        "as_forecast": gettext("de prognose van het jaar en wat er is geteld, doorgetrokken naar het hele jaar."),
        "hours_by_norm": gettext(
            "%(hours)s uur in het jaar, %(norm)s uur per fte volgens de fte-afspraken: %(fte)s fte; elke maand een "
            "opgave.",
            hours=known.get("hours", "").replace(".", ","),
            norm=known.get("norm", "").replace(".", ","),
            fte=known.get("fte", "").replace(".", ","),
        ),
        "no_norm": gettext("er is geen fte-afspraak met een urennorm om op te rekenen."),
        "no_hours": gettext("er zijn geen uren gedeclareerd."),
        "as_budgeted": gettext("wat er is begroot, in gelijke maanden; geen declaraties."),
        "no_budget": gettext("voor dit werk is niets begroot."),
        "average_client": gettext(
            "%(clients)s cliënten tegen de gemiddelde prijs van een cliënt met P×Q, %(price)s; een regel bij start en "
            "eind.",
            clients=known.get("clients", ""),
            price=euro_whole(int(known.get("price", "0"))),
        ),
        "average_client_all": gettext(
            "%(clients)s cliënten tegen de gemiddelde prijs van een cliënt met P×Q, %(price)s; een regel bij start en "
            "eind. Voor alle onderaannemers samen is dat per definitie wat P×Q kost; vergelijk daarom per "
            "onderaannemer.",
            clients=known.get("clients", ""),
            price=euro_whole(int(known.get("price", "0"))),
        ),
        "no_clients": gettext("er zijn geen cliënten geteld."),
        "busiest_month": gettext(
            "elke maand wat de drukste maand kost, %(month)s; elke maand een opgave.",
            month=euro_whole(int(known.get("month", "0"))),
        ),
    }
    return says[one.how]
