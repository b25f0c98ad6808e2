"""The year as a whole: the corridor between shortage and cap, and the road from lump sum to result."""

from __future__ import annotations

from typing import Any

from dash import html

from budgets.use.model import Outcome, Standing, YearPosition
from budgets.use.standing import REVENUE_ACCOUNTS, cost_accounts
from dash_app.figures import Bar, Point, corridor, waterfall
from dash_app.formats import euro, euro_short, euro_whole, month_axis, month_name, percent, plotly_separators
from dash_app.graph import graph
from dash_app.language import gettext
from dash_app.pages import text
from dash_app.pages.sentence import answer, cap_percent, destination, margin
from dash_app.pages.steps import Step, StepName, steps_of
from lead_contractor.books import accounts
from lead_contractor.kernel.rounding import percent_of


def corridor_section(position: YearPosition, *, controller: bool) -> html.Section:
    """The chart of the room by month, with its table one click away."""
    codes = (*REVENUE_ACCOUNTS, *cost_accounts(position.terms))
    link = text.why(position, codes, controller=controller)
    first = month_name(position.year_months[0])
    under = gettext("Ruimte in duizend euro, opgeteld vanaf %(month)s, naar de maand van de zorg.", month=first)
    drawn = graph("overleg-corridor", _corridor(position), text.plain(answer(position)))
    table = text.more(gettext("bedragen in totaal en tabel"), _months_table(position))
    head = text.heading(gettext("Waar staan we, ten opzichte van het budget"), under, link)
    return html.Section([*head, drawn, table, *_notes(position)], className="section")


def settlement_section(position: YearPosition, *, controller: bool) -> html.Section:
    """The road from lump sum to result, with its table one click away."""
    steps = steps_of(position)
    until = month_name(position.standing.month)
    if position.outcome is None:
        title, under = (
            gettext("Van lumpsum naar resultaat"),
            gettext("Miljoenen en duizenden euro, tot en met %(month)s.", month=until),
        )
    else:
        title, under = gettext("De afrekening"), gettext("Miljoenen en duizenden euro, het hele contractjaar.")
    bars = [
        Bar(_label(step, position), step.start, step.end, euro_short(step.amount), total=step.total) for step in steps
    ]
    spoken = "; ".join(f"{bar.name} {bar.words}" for bar in bars)
    drawn = graph("overleg-waterfall", waterfall(bars, plotly_separators()), spoken, class_name="chart steps")
    table = text.more(gettext("tabel"), _steps_table(position, steps, controller=controller))
    return html.Section([*text.heading(title, under), drawn, table], className="section")


def _corridor(position: YearPosition) -> Any:
    complete = len(position.months) - len(position.coming_in)
    points = [
        Point(
            standing.month.number,
            standing.room,
            standing.cap,
            standing.awaiting,
            place < complete,
            f"{month_name(standing.month)}: {_room_words(standing)}",
        )
        for place, standing in enumerate(position.months)
    ]
    months = list(zip((m.number for m in position.year_months), month_axis(position.year_months), strict=True))
    coming = text.in_months([standing.month for standing in position.coming_in], month_name)
    labels = {
        "above": gettext("boven de maximale marge: %(whereto)s", whereto=destination(position)),
        "budget": gettext("budget"),
        "cap": gettext("maximum %(cap)s", cap=cap_percent(position)),
        "coming_in": gettext("%(months)s:<br>declaraties<br>komen nog binnen", months=coming),
        "latest": euro_short(position.standing.room, sign=True).removeprefix("€ ") if complete else "",
        "awaiting": gettext("ingediend, nog niet beoordeeld"),
        "shortage": gettext("tekort: meer gebruikt dan het budget"),
    }
    if position.terms.margin is None:
        labels["above"] = ""
    return corridor(points, months, labels, plotly_separators())


def _room_words(standing: Standing) -> str:
    if standing.room < 0:
        return gettext("%(room)s tekort", room=euro_whole(abs(standing.room)))
    return gettext("%(room)s ruimte", room=euro_whole(standing.room))


def _months_table(position: YearPosition) -> html.Div:
    """Every month added up: what came in, what was used, the room and the cap."""
    checks = any(standing.awaiting for standing in position.months)
    capped = position.terms.margin is not None
    titles = [
        (gettext("Tot en met"), False),
        (gettext("Inkomsten"), True),
        (gettext("Gebruikt"), True),
        (gettext("Ruimte"), True),
        (gettext("Marge"), True),
    ]
    titles += [(gettext("Maximum"), True)] if capped else []
    titles += [(gettext("Nog te beoordelen"), True)] if checks else []
    titles.append((gettext("Declaraties"), False))
    rows = []
    for place, standing in enumerate(position.months):
        cells = [
            html.Th(month_name(standing.month), scope="row"),
            text.number_cell(euro(standing.revenue.total)),
            text.number_cell(euro(standing.cost.total)),
            text.number_cell(euro(standing.room, sign=True), "attention" if standing.room < 0 else ""),
            text.number_cell(margin(standing)),
        ]
        cells += [text.number_cell(euro(standing.cap or 0))] if capped else []
        cells += [text.number_cell(euro(standing.awaiting))] if checks else []
        cells.append(html.Td(gettext("volledig") if place < position.complete else gettext("komen nog binnen")))
        rows.append(html.Tr(cells))
    return text.table(gettext("Ruimte per maand"), text.header(*titles), rows)


def _notes(position: YearPosition) -> list[Any]:
    """What the reader must know to read the figures, and no more."""
    notes = []
    cap = position.terms.overhead_cap_percent
    standing = position.standing
    if cap is not None and position.outcome is None:
        most = percent_of(standing.revenue.total, cap)
        if standing.cost.overhead > most:
            notes.append(
                gettext(
                    "De overhead ligt %(above)s boven het maximum van %(cap)s van de inkomsten; bij de afrekening telt "
                    "dat niet mee.",
                    above=euro_short(standing.cost.overhead - most),
                    cap=percent(cap, 0 if cap == int(cap) else 1),
                )
            )
    waiting = position.months[-1].awaiting
    if waiting:
        notes.append(
            gettext("%(sum)s is ingediend en nog niet beoordeeld; dat telt nog niet mee.", sum=euro_short(waiting))
        )
    return [html.P(note, className="small-print") for note in notes]


def _label(step: Step, position: YearPosition) -> str:
    names: dict[StepName, str] = {
        StepName.LUMP_SUM: gettext("lumpsum"),
        StepName.VOLUME: gettext("volume"),
        StepName.DEDUCTIONS: gettext("kortingen"),
        StepName.SUBCONTRACTORS: gettext("onderaannemers"),
        StepName.OWN_DELIVERY: gettext("eigen inzet"),
        StepName.OVERHEAD: gettext("overhead"),
        StepName.OTHER: gettext("overige kosten"),
        StepName.PRIOR_YEAR: gettext("eerdere jaren"),
        StepName.RESULT: gettext("resultaat"),
        StepName.KEPT: gettext("binnen de marge"),
        StepName.REPAID: gettext("terug te betalen"),
        StepName.INVESTED: gettext("te investeren"),
        StepName.TO_RESERVE: gettext("naar de reserve"),
        StepName.FROM_RESERVE: gettext("uit de reserve"),
        StepName.MUNICIPALITY: gettext("draagt gemeente"),
        StepName.CONTRACTOR: gettext("draagt aannemer"),
    }
    if step.name is StepName.KEPT and position.terms.margin is None:
        return gettext("blijft over")
    return names[step.name]


def _steps_table(position: YearPosition, steps: tuple[Step, ...], *, controller: bool) -> html.Div:
    rows = [
        html.Tr(
            [
                html.Th(html.Strong(_label(step, position)) if step.total else _label(step, position), scope="row"),
                text.number_cell(html.Strong(euro(step.amount)) if step.total else euro(step.amount)),
                html.Td(text.why(position, step.accounts, controller=controller) if step.accounts else None),
            ]
        )
        for step in steps
    ]
    standing = position.standing
    result: list[tuple[str, str, tuple[str, ...]]] = [(gettext("marge"), margin(standing), ())]
    if standing.cap is not None:
        result.append((gettext("maximale marge %(cap)s", cap=cap_percent(position)), euro(standing.cap), ()))
    if position.outcome is not None:
        result += _balance(position.outcome)
    rows += [
        html.Tr(
            [
                html.Th(name, scope="row"),
                text.number_cell(amount),
                html.Td(text.why(position, codes, controller=controller) if codes else None),
            ]
        )
        for name, amount, codes in result
    ]
    head = text.header((gettext("Stap"), False), (gettext("Bedrag"), True), ("", False))
    return text.table(gettext("Van lumpsum tot resultaat"), head, rows)


def _balance(outcome: Outcome) -> list[tuple[str, str, tuple[str, ...]]]:
    due = outcome.balance_due
    name = gettext("gemeente betaalt nog") if due >= 0 else gettext("hoofdaannemer betaalt terug")
    return [
        (gettext("de hoofdaannemer komt toe"), euro(outcome.entitlement), ()),
        (gettext("ontvangen"), euro(outcome.received), (accounts.BANK,)),
        (name, euro(abs(due)), (accounts.MUNICIPALITY,)),
    ]
