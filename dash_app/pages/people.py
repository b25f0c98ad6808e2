"""How care is financed, who came and left, who waits, and what of allocations is used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from budgets.meeting.model import Flow, MeetingTable, MeetingTables
from budgets.use.model import RowKind, WaitingList
from dash_app.figures import ACCENT, ACCENT_LIGHT, BUDGET, INK, LINE
from dash_app.formats import day, euro_whole, month_name, percent
from dash_app.language import gettext
from dash_app.pages import draw, text
from dash_app.pages.parts import Cell, Grid, Kind, Part, count, hidden, money, share_of, small_print, titles, words
from dash_app.pages.sentence import share
from dash_app.pages.use import row_name
from lead_contractor.books import accounts
from lead_contractor.kernel.money import ZERO, Cents, total
from subcontractors.agreements.products import product_name


@dataclass(frozen=True, slots=True)
class Form:
    """A form of financing, or what of them may not be shown apart."""

    name: str
    used: Cents
    forecast: Cents | None
    clients: int | None
    colour: str
    hidden: bool = False


def financing_part(made: MeetingTables) -> tuple[Part, Sequence[Form]]:
    """The forms with their share in money and their clients."""
    table = made.forms
    forms = _forms(table)
    whole, ahead = int(table.used), table.forecast
    named = [(gettext("Vorm"), False), (gettext("Gebruikt"), True), ("%", True)]
    named += [(gettext("Prognose"), True), ("%", True)] if ahead is not None else []
    rows = []
    for form in forms:
        row = [words(form.name), money(form.used), share_of(share(form.used, whole), decimals=0)]
        if ahead is not None:
            expected = form.forecast
            of_all = None if expected is None else share(expected, int(ahead))
            row += [money(expected), share_of(of_all, decimals=0)]
        rows.append((*row, hidden(Kind.COUNT) if form.hidden else count(form.clients)))
    grid = Grid(gettext("Vormen van bekostiging"), titles(*named, (gettext("Cliënten"), True)), tuple(rows))
    first, last = month_name(made.months[0]), month_name(made.months[-1])
    under = gettext("Aandeel in euro, %(first)s tot en met %(last)s.", first=first, last=last)
    agreed = gettext("In welke richting dat gaat, leggen partijen vast als besluit.")
    notes = (small_print(),) if table.suppressed else ()
    part = Part("financing", gettext("Vormen van bekostiging"), f"{under} {agreed}", grids=(grid,), notes=notes)
    return part, forms


def financing_section(part: Part, forms: Sequence[Form]) -> html.Section:
    """The forms as one bar, with each share in words and the table one click away."""
    whole = int(total(form.used for form in forms))
    spoken = "; ".join(f"{form.name} {percent(share(form.used, whole), 0)}" for form in forms)
    named: dict[str, Any] = {"aria-label": spoken}
    bar = html.Div(
        [
            html.Span(style={"flexGrow": str(max(0, int(form.used))), "background": form.colour})
            for form in forms
            if form.used
        ],
        className="stacked",
        role="img",
        **named,
    )
    legend = html.Ul([_words(form, whole) for form in forms], className="legend")
    return draw.section(part, bar, legend, text.more(gettext("tabel"), *draw.plain_tables(part)))


def flows_part(flows: Sequence[Flow], table: MeetingTable) -> Part:
    """Who came and who left by month, and how many clients there are."""
    rows = tuple(
        (
            words(month_name(flow.month)),
            count(flow.started, few=flow.started is None),
            count(flow.stopped, few=flow.stopped is None),
        )
        for flow in flows
    )
    named = ((gettext("Maand"), False), (gettext("Begonnen"), True), (gettext("Gestopt"), True))
    served = count(table.clients, few=table.clients is None).words
    said = gettext(
        "Tot nu toe **%(clients)s cliënten**; gebruikt is **%(used)s**.", clients=served, used=euro_whole(table.used)
    )
    grid = Grid(gettext("In- en uitstroom per maand"), titles(*named), rows)
    under = gettext("Naar de maand van begin en einde in de start- en stopberichten.")
    return Part("clients", gettext("Cliënten, in- en uitstroom"), under, (said,), (grid,))


def flows_section(part: Part) -> html.Section:
    """Who came and left, the months one click away."""
    return draw.section(part, text.more(gettext("per maand"), *draw.plain_tables(part)))


def waiting_section(part: Part) -> html.Section:
    """A short table beside others."""
    return draw.section(part, *draw.plain_tables(part), class_name="section narrow-table")


def waiting_part(waiting: WaitingList | None, norm_days: int | None = None) -> Part:
    """Who waits, by product, against the norm where one was agreed."""
    title = gettext("Wachtenden")
    if waiting is None:
        return Part("waiting", title, gettext("Er is geen wachtlijst bekend."))
    named = (
        (gettext("Product"), False),
        (gettext("Wachtend"), True),
        (gettext("Erbij"), True),
        (gettext("Mediaan in dagen"), True),
    )
    rows = []
    for row in waiting.rows:
        late = norm_days is not None and row.median_days is not None and row.median_days > norm_days
        median = count(row.median_days) if row.waiting is not None else hidden(Kind.COUNT)
        if late:
            median = Cell(median.words, Kind.COUNT, median.value, "attention", bold=True)
        few = row.waiting is None
        added = count(row.added, few=row.few_added)
        rows.append((_product(row.product_code), count(row.waiting, few=few), added, median))
    under = gettext("Stand van %(day)s, alle gebieden samen.", day=day(waiting.day))
    if norm_days is not None:
        under = f"{under} {gettext('Norm: %(days)s dagen.', days=norm_days)}"
    return Part("waiting", title, under, grids=(Grid(title, titles(*named), tuple(rows)),))


def utilisation_part(table: MeetingTable) -> Part | None:
    """What of the allocations is used, by product; ``None`` where no forecast tells."""
    rows = tuple(
        (
            words(row_name(row), before=row.code),
            share_of(row.utilisation),
            money(row.used),
        )
        for row in table.rows
        if row.kind is RowKind.PRODUCT and row.utilisation is not None and not row.hidden
    )
    if not rows:
        return None
    named = ((gettext("Product"), False), (gettext("Verzilvering"), True), (gettext("Gebruikt"), True))
    under = gettext("Wat er van de toegewezen zorg tot nu toe wordt gebruikt, gewogen naar bedrag.")
    return Part(
        "utilisation",
        gettext("Verzilvering van toewijzingen"),
        under,
        grids=(Grid(gettext("Verzilvering"), titles(*named), rows),),
    )


def _product(code: str) -> Cell:
    name = product_name(code)
    return words(gettext(name) if name else code, before=code if name else "")


def _forms(table: MeetingTable) -> list[Form]:
    """The forms in a fixed order; what may not be shown is one part of its own."""
    rows = {row.code: row for row in table.rows}
    groups = (
        (gettext("P×Q"), (accounts.COST_PXQ,), ACCENT),
        (gettext("lumpsum/fte"), (accounts.COST_LUMP_SUM, accounts.COST_FTE), ACCENT_LIGHT),
        (gettext("traject"), (accounts.COST_TRAJECTORY,), BUDGET),
        (gettext("beschikbaarheid"), (accounts.COST_AVAILABILITY,), INK),
        (gettext("eerdere jaren"), (accounts.COST_PRIOR_YEAR,), LINE),
    )
    found = []
    for name, codes, colour in groups:
        own = [rows[code] for code in codes if code in rows]
        if own and not any(row.hidden for row in own):
            used = total(row.used or ZERO for row in own)
            ahead = None if table.forecast is None else total(row.forecast or ZERO for row in own)
            people = own[0].clients if len(own) == 1 else None
            found.append(Form(name, used, ahead, people, colour))
    if table.suppressed:
        out = [name for name, codes, _ in groups if any(code in rows and rows[code].hidden for code in codes)]
        rest = table.used - total(form.used for form in found)
        ahead = None
        if table.forecast is not None:
            ahead = table.forecast - total(form.forecast or ZERO for form in found)
        name = gettext("niet getoond (%(forms)s)", forms=text.joined(out))
        found.append(Form(name, rest, ahead, None, LINE, hidden=True))
    return found


def _words(form: Form, whole: int) -> html.Li:
    swatch = html.Span(className="swatch", style={"background": form.colour})
    shown = percent(share(form.used, whole), 0)
    expected = "" if form.forecast is None else f" · {gettext('prognose')} {euro_whole(form.forecast)}"
    return html.Li([swatch, f"{form.name} ", html.Strong(shown), f" · {euro_whole(form.used)}{expected}"])
