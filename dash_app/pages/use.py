"""What the money was used for: by product, by subcontractor and by form of financing; and who waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

from budgets.use.model import BudgetSource, RowKind, UseRow, UseTable, UseTables, WaitingList, YearPosition
from budgets.use.standing import FORM_ACCOUNTS, cost_accounts
from budgets.use.suppress import THRESHOLD
from dash_app.figures import ACCENT, ACCENT_LIGHT, BUDGET, INK, LINE
from dash_app.formats import day, euro_whole, month_name, number, percent
from dash_app.language import gettext
from dash_app.pages import text
from dash_app.pages.sentence import share
from dash_app.sparkline import HEIGHT, WIDTH, sparkline
from lead_contractor.books import accounts
from lead_contractor.kernel.money import Cents, total
from subcontractors.agreements.products import product_name


def products_section(position: YearPosition, use: UseTables, *, controller: bool) -> html.Section:
    """Each product with its budget, use, room, months and clients."""
    codes = cost_accounts(position.terms)
    head = text.heading(gettext("Per product"), _under(use), text.why(position, codes, controller=controller))
    titles = (
        (gettext("Code"), False),
        (gettext("Product"), False),
        *_titles(),
    )
    rows = [_product_row(row, position, controller=controller) for row in use.products.rows]
    table = text.table(gettext("Gebruik per product"), text.header(*titles), rows, _foot(use.products, columns=2))
    return html.Section([*head, table, *_small_print(use, use.products)], className="section")


def subcontractors_section(position: YearPosition, use: UseTables, *, controller: bool) -> html.Section | None:
    """Each subcontractor, for who may see them."""
    if use.subcontractors is None:
        return None
    link = text.why(position, FORM_ACCOUNTS, controller=controller)
    titles = ((gettext("Onderaannemer"), False), *_titles())
    rows = [_subcontractor_row(row, position, controller=controller) for row in use.subcontractors.rows]
    foot = _foot(use.subcontractors, columns=1)
    table = text.table(gettext("Gebruik per onderaannemer"), text.header(*titles), rows, foot)
    shown = gettext("%(count)s onderaannemers", count=number(len(rows)))
    return html.Section(
        [
            *text.heading(gettext("Per onderaannemer"), _under(use), link),
            text.more(shown, table, *_small_print(use, use.subcontractors)),
        ],
        className="section",
    )


def financing_section(use: UseTables) -> html.Section:
    """The forms of financing as one bar, with each share in words."""
    parts = _forms(use.forms)
    whole = int(use.forms.used)
    bar = html.Div(
        [
            html.Span(style={"flexGrow": str(max(0, int(part.cents))), "background": part.colour})
            for part in parts
            if part.cents
        ],
        className="stacked",
        role="img",
        **_named("; ".join(f"{part.name} {percent(share(part.cents, whole), 0)}" for part in parts)),
    )
    words = html.Ul([_form_words(part, whole) for part in parts], className="legend")
    head = text.heading(gettext("Vormen van bekostiging"), _through(use, gettext("Aandeel in euro")))
    return html.Section([*head, bar, words, *_small_print(use, use.forms)], className="section")


def waiting_section(waiting: WaitingList | None) -> html.Section:
    """Who waits, by product."""
    title = gettext("Wachtenden")
    if waiting is None:
        return html.Section(text.heading(title, gettext("Er is geen wachtlijst bekend.")), className="section")
    titles = (
        (gettext("Product"), False),
        (gettext("Wachtend"), True),
        (gettext("Erbij"), True),
        (gettext("Mediaan in dagen"), True),
    )
    few = f"< {THRESHOLD}"
    rows = []
    for row in waiting.rows:
        none = text.DASH if row.waiting is not None else gettext("n.t.")
        added = few if row.few_added else (text.DASH if row.added is None else number(row.added))
        rows.append(
            html.Tr(
                [
                    html.Th(_product_words(row.product_code), scope="row"),
                    text.number_cell(few if row.waiting is None else number(row.waiting)),
                    text.number_cell(added),
                    text.number_cell(none if row.median_days is None else number(row.median_days)),
                ]
            )
        )
    under = gettext("Stand van %(day)s, alle gebieden samen.", day=day(waiting.day))
    return html.Section(
        [*text.heading(title, under), text.table(title, text.header(*titles), rows)], className="section narrow-table"
    )


def _under(use: UseTables) -> str:
    source = (
        gettext("Budget uit de begroting per product.")
        if use.source is BudgetSource.FILE
        else gettext("Budget afgeleid van de maandbedragen in de overeenkomsten; andere vormen hebben er geen.")
    )
    return f"{_through(use, gettext('Euro'))} {source} {gettext('Wat het meest afwijkt staat bovenaan.')}"


def _through(use: UseTables, unit: str) -> str:
    first, last = month_name(use.months[0]), month_name(use.months[-1])
    return gettext("%(unit)s, %(first)s tot en met %(last)s.", unit=unit, first=first, last=last)


def _titles() -> tuple[tuple[str, bool], ...]:
    return (
        (gettext("Budget"), True),
        (gettext("Gebruikt"), True),
        (gettext("Ruimte"), True),
        ("%", True),
        (gettext("Per maand"), False),
        (gettext("Cliënten"), True),
    )


def _product_row(row: UseRow, position: YearPosition, *, controller: bool) -> html.Tr:
    link = text.why(position, (row.code,), controller=controller) if row.kind is RowKind.OWN else None
    code = row.code if row.kind is RowKind.PRODUCT else ""
    name = _row_name(row)
    return html.Tr(
        [html.Td(code, className="muted"), html.Th([name, link], scope="row"), *_figures(row, name, position)]
    )


def _subcontractor_row(row: UseRow, position: YearPosition, *, controller: bool) -> html.Tr:
    link = text.why(position, FORM_ACCOUNTS, controller=controller, subcontractor=row.code)
    name = row.name or row.code or gettext("niet verdeeld")
    return html.Tr([html.Th([name, link if row.code else None], scope="row"), *_figures(row, name, position)])


def _row_name(row: UseRow) -> str:
    if row.kind is RowKind.PRODUCT:
        return gettext(row.name) if row.name else row.code
    if row.kind is RowKind.FORM:
        return (
            gettext("%(form)s, niet per product (plafonds, bijstellingen)", form=gettext(row.name))
            if row.name
            else gettext("niet verdeeld")
        )
    return gettext(row.name)


def _product_words(code: str) -> list[Any]:
    name = product_name(code)
    return [html.Span(code, className="muted code"), gettext(name) if name else ""]


def _figures(row: UseRow, name: str, position: YearPosition) -> list[html.Td]:
    """Budget, use, room, share, months and clients of a row."""
    budget = text.DASH if row.budget is None else euro_number(row.budget)
    if row.hidden:
        hidden = gettext("n.t.")
        out = [text.number_cell(hidden, "muted") for _ in range(3)]
        clients = f"< {THRESHOLD}" if row.few else hidden
        return [text.number_cell(budget), *out, html.Td(hidden, className="muted"), text.number_cell(clients)]
    used, room = row.used or Cents(0), row.room
    attention = "attention" if room is not None and room < 0 else ""
    return [
        text.number_cell(budget),
        text.number_cell(euro_number(used)),
        text.number_cell(text.DASH if room is None else euro_number(room, sign=True), attention),
        text.number_cell(text.DASH if room is None else percent(share(room, row.budget or 0), 1, sign=True), attention),
        html.Td(_spark(row, name, position), className="spark"),
        text.number_cell(text.DASH if row.clients is None else number(row.clients)),
    ]


def euro_number(cents: int, *, sign: bool = False) -> str:
    """An amount in whole euros without its mark, for columns that are all euros."""
    return euro_whole(cents, sign=sign).removeprefix("€ ")


def _spark(row: UseRow, name: str, position: YearPosition) -> html.Img | str:
    if not any(row.by_month) or len(row.by_month) < 2:  # noqa: PLR2004 - one month is no line
        return ""
    highest = max(range(len(row.by_month)), key=lambda place: row.by_month[place])
    lowest = min(range(len(row.by_month)), key=lambda place: row.by_month[place])
    words = gettext(
        "%(name)s per maand: het meest in %(highest)s, het minst in %(lowest)s",
        name=name,
        highest=month_name(position.year_months[highest]),
        lowest=month_name(position.year_months[lowest]),
    )
    address = sparkline(row.by_month, row.budget_by_month, len(position.year_months))
    return html.Img(src=address, alt=words, width=WIDTH, height=HEIGHT)


def _foot(table: UseTable, *, columns: int) -> html.Tr:
    room = table.room
    clients = f"< {THRESHOLD}" if table.clients is None else number(table.clients)
    label: dict[str, Any] = {"colSpan": columns} if columns > 1 else {}
    return html.Tr(
        [
            html.Th(gettext("Totaal"), scope="row", **label),
            text.number_cell(text.DASH if table.budget is None else euro_number(table.budget)),
            text.number_cell(euro_number(table.used)),
            text.number_cell(text.DASH if room is None else euro_number(room, sign=True)),
            text.number_cell(text.DASH if room is None else percent(share(room, table.budget or 0), 1, sign=True)),
            html.Td(""),
            text.number_cell(clients),
        ]
    )


def _small_print(use: UseTables, table: UseTable) -> list[html.P]:
    notes = []
    if table.suppressed:
        notes.append(
            gettext(
                "n.t. = niet getoond: minder dan %(threshold)s cliënten. Wat niet getoond wordt, is ook niet af te "
                "leiden; zo nodig valt een tweede regel weg.",
                threshold=THRESHOLD,
            )
        )
    if table is not use.forms and table.budget is not None and table.used != table.used_of_budget:
        notes.append(gettext("De ruimte in het totaal telt alleen regels met een budget."))
    return [html.P(note, className="small-print") for note in notes]


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    cents: Cents
    colour: str
    hidden: bool = False


def _forms(table: UseTable) -> Sequence[_Part]:
    """The forms in a fixed order; what may not be shown is one part of its own."""
    rows = {row.code: row for row in table.rows}
    groups = (
        (gettext("P×Q"), (accounts.COST_PXQ,), ACCENT),
        (gettext("lumpsum/fte"), (accounts.COST_LUMP_SUM, accounts.COST_FTE), ACCENT_LIGHT),
        (gettext("traject"), (accounts.COST_TRAJECTORY,), BUDGET),
        (gettext("beschikbaarheid"), (accounts.COST_AVAILABILITY,), INK),
        (gettext("eerdere jaren"), (accounts.COST_PRIOR_YEAR,), LINE),
    )
    parts = []
    for name, codes, colour in groups:
        found = [rows[code] for code in codes if code in rows]
        if found and not any(row.hidden for row in found):
            parts.append(_Part(name, total(row.used or 0 for row in found), colour))
    rest = table.used - total(part.cents for part in parts)
    if table.suppressed:
        names = [name for name, codes, _ in groups if any(code in rows and rows[code].hidden for code in codes)]
        parts.append(_Part(gettext("niet getoond (%(forms)s)", forms=text.joined(names)), rest, LINE, hidden=True))
    return parts


def _form_words(part: _Part, whole: int) -> html.Li:
    swatch = html.Span(className="swatch", style={"background": part.colour})
    return html.Li(
        [swatch, f"{part.name} ", html.Strong(percent(share(part.cents, whole), 0)), f" · {euro_whole(part.cents)}"]
    )


def _named(label: str) -> dict[str, Any]:
    return {"aria-label": label}
