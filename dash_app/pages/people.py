"""How care is financed, who came and left, who waits, and what of allocations is used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dash import html

from budgets.meeting.model import Flow, MeetingTable, MeetingTables
from budgets.use.model import RowKind, WaitingList
from dash_app.figures import ACCENT, ACCENT_LIGHT, BUDGET, GOOD, INK, LINE
from dash_app.formats import day, euro_whole, month_name, number, percent
from dash_app.language import gettext
from dash_app.pages import draw, text
from dash_app.pages.parts import Cell, Grid, Kind, Part, count, hidden, money, share_of, small_print, titles, words
from dash_app.pages.sentence import share
from dash_app.pages.use import row_name
from lead_contractor.books import accounts
from lead_contractor.contract.model import MeetingTerms
from lead_contractor.kernel.money import ZERO, Cents, total
from lead_contractor.kernel.rounding import Number, decimal_places, percent_of
from subcontractors.agreements.products import product_name


@dataclass(frozen=True, slots=True)
class Form:
    """A form of financing, or what of them may not be shown apart.

    ``agreed`` is the share that was agreed on, in percent; ``towards`` says in words whether the year moves there.
    """

    name: str
    used: Cents
    forecast: Cents | None
    clients: int | None
    colour: str
    hidden: bool = False
    agreed: Decimal | None = None
    towards: str = ""


def financing_part(made: MeetingTables, terms: MeetingTerms | None = None) -> tuple[Part, Sequence[Form]]:
    """The forms with their share in money and their clients, and where they should go by ``terms``."""
    table = made.forms
    direction = {} if terms is None else terms.direction
    forms = _forms(table, direction)
    whole, ahead = int(table.used), table.forecast
    named = [(gettext("Vorm"), False), (gettext("Gebruikt"), True), ("%", True)]
    named += [(gettext("Prognose"), True), ("%", True)] if ahead is not None else []
    if direction:
        named += [(gettext("Afgesproken"), True), (gettext("Verschil"), True), (gettext("Richting"), False)]
    rows = []
    for form in forms:
        row = [words(form.name), money(form.used), share_of(share(form.used, whole), decimals=0)]
        if ahead is not None:
            expected = form.forecast
            of_all = None if expected is None else share(expected, int(ahead))
            row += [money(expected), share_of(of_all, decimals=0)]
        if direction:
            row += _agreed_cells(form, table)
        rows.append((*row, hidden(Kind.COUNT) if form.hidden else count(form.clients, tens=table.tens)))
    grid = Grid(gettext("Vormen van bekostiging"), titles(*named, (gettext("Cliënten"), True)), tuple(rows))
    first, last = month_name(made.months[0]), month_name(made.months[-1])
    under = gettext("Aandeel in euro, %(first)s tot en met %(last)s.", first=first, last=last)
    if direction:
        agreed = gettext("Afgesproken is het aandeel in de kosten van onderaannemers waar partijen naartoe willen.")
    else:
        agreed = gettext("In welke richting dat gaat, leggen partijen vast als besluit.")
    notes = (small_print(),) if table.suppressed else ()
    title = gettext("Vormen van bekostiging")
    part = Part("financing", title, f"{under} {agreed}", _directions(forms), grids=(grid,), notes=notes)
    return part, forms


def _agreed_cells(form: Form, table: MeetingTable) -> list[Cell]:
    """The agreed share, what the form lies above or below it in euros (by forecast, else now), and the direction."""
    if form.agreed is None:
        return [share_of(None), money(None), words()]
    if form.hidden:
        return [share_of(form.agreed, decimals=0), hidden(), hidden(Kind.TEXT)]
    amount, whole = (form.used, table.used) if form.forecast is None else (form.forecast, table.forecast or ZERO)
    difference = amount - percent_of(whole, form.agreed)
    return [share_of(form.agreed, decimals=0), money(difference, sign=True), words(form.towards)]


def _directions(forms: Sequence[Form]) -> tuple[str, ...]:
    """In a sentence which forms go where was agreed, and which do not; none where no forecast tells."""
    by_words: dict[str, list[str]] = {}
    for form in forms:
        if form.towards:
            by_words.setdefault(form.towards, []).append(form.name)
    if not by_words:
        return ()
    said = "; ".join(f"**{text.joined(names)}** {towards}" for towards, names in by_words.items())
    return (gettext("Aan het einde van het jaar, naar verwachting: %(said)s.", said=said),)


def _towards(now: Number, end: Number, agreed: Decimal) -> str:
    """Whether a share moves to what was agreed, in whole percents, as they are shown."""
    before, after, goal = (decimal_places(value, 0) for value in (now, end, agreed))
    if after == goal:
        return gettext("op de afspraak")
    if abs(after - goal) < abs(before - goal):
        return gettext("naar de afspraak toe")
    if abs(after - goal) > abs(before - goal):
        return gettext("van de afspraak af")
    return gettext("even ver van de afspraak")


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
            count(flow.started, few=flow.started is None, tens=flow.tens),
            count(flow.stopped, few=flow.stopped is None, tens=flow.tens),
        )
        for flow in flows
    )
    named = ((gettext("Maand"), False), (gettext("Begonnen"), True), (gettext("Gestopt"), True))
    served = count(table.clients, few=table.clients is None, tens=table.tens).words
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


def waiting_part(waiting: WaitingList | None, terms: MeetingTerms | None = None) -> Part:
    """Who waits, by product, against the norm where one was agreed."""
    title = gettext("Wachtenden")
    if waiting is None:
        return Part("waiting", title, gettext("Er is geen wachtlijst bekend."))
    norms = {row.product_code: None if terms is None else terms.norm_of(row.product_code) for row in waiting.rows}
    agreed = any(norm is not None for norm in norms.values())
    named = [
        (gettext("Product"), False),
        (gettext("Wachtend"), True),
        (gettext("Erbij"), True),
        (gettext("Mediaan in dagen"), True),
    ]
    named += [(gettext("Norm"), True), (gettext("Tegen de norm"), False)] if agreed else []
    rows = []
    for row in waiting.rows:
        few = row.waiting is None
        median = hidden(Kind.COUNT) if few else count(row.median_days)
        cells = [_product(row.product_code), count(row.waiting, few=few), count(row.added, few=row.few_added), median]
        if agreed:
            norm = norms[row.product_code]
            cells += [count(norm), hidden(Kind.TEXT) if few and norm else _against(row.median_days, norm)]
        rows.append(tuple(cells))
    under = gettext("Stand van %(day)s, alle gebieden samen.", day=day(waiting.day))
    if agreed:
        under = f"{under} {gettext('De norm is het langste dat de mediaan mag zijn, in dagen.')}"
    return Part("waiting", title, under, grids=(Grid(title, titles(*named), tuple(rows)),))


def _against(median: int | None, norm: int | None) -> Cell:
    """How a median stands to its norm, in words."""
    if median is None or norm is None:
        return words()
    if median > norm:
        return words(gettext("%(days)s erboven", days=number(median - norm)), "attention", bold=True)
    return words(gettext("erbinnen"))


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


def _forms(table: MeetingTable, direction: Mapping[str, Decimal]) -> list[Form]:
    """The forms in a fixed order, those with an agreed share too; what may not be shown is one part of its own."""
    rows = {row.code: row for row in table.rows}
    agreed = {accounts.COST_OF_FORM[form]: share for form, share in direction.items()}
    fixed: list[tuple[str, tuple[str, ...], str]] = [
        (gettext("fte"), (accounts.COST_FTE,), ACCENT_LIGHT),
        (gettext("lumpsum"), (accounts.COST_LUMP_SUM,), GOOD),
    ]
    if not agreed:
        fixed = [(gettext("lumpsum/fte"), (accounts.COST_LUMP_SUM, accounts.COST_FTE), ACCENT_LIGHT)]
    groups = (
        (gettext("P×Q"), (accounts.COST_PXQ,), ACCENT),
        *fixed,
        (gettext("traject"), (accounts.COST_TRAJECTORY,), BUDGET),
        (gettext("beschikbaarheid"), (accounts.COST_AVAILABILITY,), INK),
        (gettext("eerdere jaren"), (accounts.COST_PRIOR_YEAR,), LINE),
    )
    found = []
    for name, codes, colour in groups:
        own, goal = [rows[code] for code in codes if code in rows], agreed.get(codes[0])
        if (own or goal is not None) and not any(row.hidden for row in own):
            used = total(row.used or ZERO for row in own)
            ahead = None if table.forecast is None else total(row.forecast or ZERO for row in own)
            people = own[0].clients if len(own) == 1 else None
            towards = ""
            if goal is not None and ahead is not None:
                towards = _towards(share(used, table.used), share(ahead, table.forecast or ZERO), goal)
            found.append(Form(name, used, ahead, people, colour, agreed=goal, towards=towards))
    if table.suppressed:
        out = [(name, codes) for name, codes, _ in groups if any(code in rows and rows[code].hidden for code in codes)]
        rest = table.used - total(form.used for form in found)
        ahead = None
        if table.forecast is not None:
            ahead = table.forecast - total(form.forecast or ZERO for form in found)
        name = gettext("niet getoond (%(forms)s)", forms=text.joined([name for name, _ in out]))
        goals = [agreed[codes[0]] for _, codes in out if codes[0] in agreed]
        together = sum(goals, Decimal(0)) if agreed and len(goals) == len(out) else None
        found.append(Form(name, rest, ahead, None, LINE, hidden=True, agreed=together))
    return found


def _words(form: Form, whole: int) -> html.Li:
    swatch = html.Span(className="swatch", style={"background": form.colour})
    shown = percent(share(form.used, whole), 0)
    said = f" · {euro_whole(form.used)}"
    if form.forecast is not None:
        said = f"{said} · {gettext('prognose')} {euro_whole(form.forecast)}"
    if form.agreed is not None:
        said = f"{said} · {gettext('afgesproken')} {percent(form.agreed, 0)}"
    if form.towards:
        said = f"{said}: {form.towards}"
    return html.Li([swatch, f"{form.name} ", html.Strong(shown), said])
