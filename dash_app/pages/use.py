"""What the money is used for and expected to be used for, by product and by subcontractor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html

from budgets.meeting.ground import Looked
from budgets.meeting.model import MeetingRow, MeetingTable, MeetingTables
from budgets.meeting.service import areas
from budgets.use.model import BudgetSource, RowKind, YearPosition
from budgets.use.standing import FORM_ACCOUNTS, cost_accounts
from dash_app.formats import month_axis, month_name, number
from dash_app.language import gettext
from dash_app.pages import draw, methods, text
from dash_app.pages.parts import (
    Cell,
    Grid,
    Image,
    Kind,
    Part,
    count,
    hidden,
    in_tens,
    money,
    share_of,
    small_print,
    titles,
    words,
)
from dash_app.pages.sentence import share
from dash_app.sparkline import sparkline
from dash_app.still import still
from lead_contractor.kernel.tenancy import Scope


def products_part(position: YearPosition, made: MeetingTables, *, controller: bool) -> Part:
    """Each product with its budget, use, forecast, room, months, who waits and clients."""
    table = made.products
    rows = [(_product_head(row, position, controller=controller), row) for row in table.rows]
    waits = any(row.waiting is not None or row.few_waiting for row in table.rows)
    grid = _grid(gettext("Gebruik per product"), gettext("Product"), rows, made, table, position, waits=waits)
    return Part("products", gettext("Per product"), _under(made), grids=(grid,), notes=tuple(_notes(table)))


def products_section(position: YearPosition, made: MeetingTables, part: Part, *, controller: bool) -> html.Section:
    """The table of products, with how each forecast came about below it."""
    link = text.why(position, cost_accounts(position.terms), controller=controller)
    return draw.section(part, _narrow(), *draw.plain_tables(part), _explained(made.products), beside=link)


def subcontractors_part(position: YearPosition, made: MeetingTables, *, controller: bool) -> Part | None:
    """Each subcontractor, for who may see them."""
    table = made.subcontractors
    if table is None:
        return None
    rows = [(_subcontractor_head(row, position, controller=controller), row) for row in table.rows]
    grid = _grid(gettext("Gebruik per onderaannemer"), gettext("Onderaannemer"), rows, made, table, position)
    return Part("subcontractors", gettext("Per onderaannemer"), _under(made), grids=(grid,), notes=tuple(_notes(table)))


def subcontractors_section(position: YearPosition, made: MeetingTables, part: Part, *, controller: bool) -> Any:
    """The table of subcontractors, one click away."""
    link = text.why(position, FORM_ACCOUNTS, controller=controller)
    count_of = len(part.grids[0].rows)
    shown = gettext("%(count)s onderaannemers", count=number(count_of))
    table = made.subcontractors
    explained = None if table is None else _explained(table)
    return draw.section(part, text.more(shown, *draw.plain_tables(part)), explained, beside=link)


def _narrow() -> html.Div:
    """A place in which the script of the page puts the field that narrows the table down."""
    said: dict[str, Any] = {"data-label": gettext("Zoek in de tabel"), "data-none": gettext("Geen regel gevonden.")}
    return html.Div(className="narrow-down", **said)


def _under(made: MeetingTables) -> str:
    source = (
        gettext("Budget uit de begroting per product.")
        if made.source is BudgetSource.FILE
        else gettext("Budget afgeleid van de maandbedragen in de overeenkomsten; andere vormen hebben er geen.")
    )
    first, last = month_name(made.months[0]), month_name(made.months[-1])
    used = gettext("Euro; gebruikt is %(first)s tot en met %(last)s.", first=first, last=last)
    if made.forecasted:
        room = gettext("Ruimte is het jaarbudget min de prognose.")
    else:
        room = gettext("Ruimte is het budget van die maanden min het gebruik.")
    return f"{used} {room} {source} {gettext('Wat het meest afwijkt staat bovenaan.')}"


def _grid(
    name: str,
    first: str,
    rows: Sequence[tuple[Cell, MeetingRow]],
    made: MeetingTables,
    table: MeetingTable,
    position: YearPosition,
    *,
    waits: bool = False,
) -> Grid:
    ahead = made.forecasted
    named = [(first, False), (gettext("Jaarbudget"), True), (gettext("Gebruikt"), True)]
    named += [(gettext("Over"), True), (gettext("Prognose"), True)] if ahead else []
    named += [(gettext("Ruimte"), True), ("%", True), (gettext("Per maand"), False), (gettext("Cliënten"), True)]
    named += [(gettext("Wachtend"), True)] if waits else []
    cells = [(head, *_figures(row, head.words, position, ahead=ahead, waits=waits)) for head, row in rows]
    keys = tuple(row_key(row, place) for place, (_, row) in enumerate(rows))
    return Grid(name, titles(*named), tuple(cells), _foot(table, ahead=ahead, waits=waits), keys=keys)


def row_key(row: MeetingRow, place: int) -> str:
    """What a row is known by on the page; of a subcontractor only its place, for its code is not for everybody."""
    return f"{row.kind.value}:{row.code if row.kind is RowKind.PRODUCT else place}"


def _product_head(row: MeetingRow, position: YearPosition, *, controller: bool) -> Cell:
    href = text.why_address(position, (row.code,), controller=controller) if row.kind is RowKind.OWN else None
    code = row.code if row.kind is RowKind.PRODUCT else ""
    return Cell(row_name(row), href=href or "", link=gettext("waarom?") if href else "", before=code)


def _subcontractor_head(row: MeetingRow, position: YearPosition, *, controller: bool) -> Cell:
    href = text.why_address(position, FORM_ACCOUNTS, controller=controller, subcontractor=row.code)
    name = row.name or row.code or gettext("niet verdeeld")
    return Cell(name, href=href if href and row.code else "", link=gettext("waarom?") if href and row.code else "")


def row_name(row: MeetingRow) -> str:
    """The name of a row in the language of the request."""
    if row.kind is RowKind.PRODUCT:
        return gettext(row.name) if row.name else row.code
    if row.kind is RowKind.FORM:
        if not row.name:
            return gettext("niet verdeeld")
        return gettext("%(form)s, niet per product (plafonds, bijstellingen)", form=gettext(row.name))
    return gettext(row.name) if row.kind is RowKind.OWN else row.name


def _figures(row: MeetingRow, name: str, position: YearPosition, *, ahead: bool, waits: bool) -> list[Cell]:
    """Budget, use, what is left, forecast, room, share, months and clients of a row."""
    waiting = [count(row.waiting, few=row.few_waiting)] if waits else []
    if row.hidden:
        out = [hidden() for _ in range(5 if ahead else 3)]
        clients = count(None, few=True) if row.few else hidden(Kind.COUNT)
        return [money(row.budget), *out, hidden(Kind.TEXT), clients, *waiting]
    room, measure = row.room, row.measure
    tone = "attention" if room is not None and room < 0 else ""
    return [
        money(row.budget),
        money(row.used),
        *([money(row.left), money(row.forecast, bold=True)] if ahead else []),
        money(room, tone, sign=True),
        share_of(None if room is None or not measure else share(room, measure), tone, sign=True),
        _spark(row, name, position),
        count(row.clients, tens=row.tens),
        *waiting,
    ]


def _spark(row: MeetingRow, name: str, position: YearPosition) -> Cell:
    if not any(row.by_month) or len(row.by_month) < 2:  # noqa: PLR2004 - one month is no line
        return words()
    highest = max(range(len(row.by_month)), key=lambda place: row.by_month[place])
    lowest = min(range(len(row.by_month)), key=lambda place: row.by_month[place])
    said = gettext(
        "%(name)s per maand: het meest in %(highest)s, het minst in %(lowest)s",
        name=name,
        highest=month_name(position.year_months[highest]),
        lowest=month_name(position.year_months[lowest]),
    )
    drawn = sparkline(row.by_month, row.budget_by_month, len(position.year_months))
    return Cell(image=Image(drawn, said))


def _foot(table: MeetingTable, *, ahead: bool, waits: bool) -> tuple[Cell, ...]:
    room, measure = table.room, table.measure
    return (
        words(gettext("Totaal")),
        money(table.budget),
        money(table.used),
        *([words(), money(table.forecast)] if ahead else []),
        money(room, sign=True),
        share_of(None if room is None or not measure else share(room, measure), sign=True),
        words(),
        count(table.clients, few=table.clients is None, tens=table.tens),
        *([words()] if waits else []),
    )


def _notes(table: MeetingTable) -> list[str]:
    notes = [small_print()] if table.suppressed else []
    notes += [in_tens()] if table.tens else []
    if table.partly and table.room is not None:
        notes.append(gettext("De ruimte in het totaal telt alleen regels met een budget."))
    return notes


def drill_down(scope: Scope, looked: Looked, made: MeetingTables) -> html.Details:
    """The use of each product by month and by area, one click away; for the lead contractor only."""
    products = [row for row in made.products.rows if row.kind is RowKind.PRODUCT]
    months = tuple((name, True) for name in month_axis(made.months))
    by_month = Grid(
        gettext("Gebruik per product en maand"),
        titles((gettext("Product"), False), *months),
        tuple((words(row_name(row), before=row.code), *(money(cents) for cents in row.by_month)) for row in products),
    )
    found = areas(scope, looked)
    named = sorted({area for _, area in found if area})
    by_area = Grid(
        gettext("Gebruik per product en gebied"),
        titles((gettext("Product"), False), *((area, True) for area in named), (gettext("zonder gebied"), True)),
        tuple(
            (words(row_name(row), before=row.code), *(money(found.get((row.code, area))) for area in (*named, "")))
            for row in products
        ),
    )
    tables: list[Any] = [draw.table(by_month)]
    if named:
        tables += [html.P(gettext("Per gebied, zoals geboekt."), className="under"), draw.table(by_area)]
    return html.Details([html.Summary(gettext("per maand en gebied")), *tables], className="more drill")


def _explained(table: MeetingTable) -> html.Details | None:
    """How each forecast came about, for who sees lines."""
    told = [(row, row.told) for row in table.rows if row.told]
    if not told:
        return None
    inside = [html.Details([html.Summary(row_name(row)), methods.list_of(lines)]) for row, lines in told]
    return text.more(gettext("hoe elke prognose tot stand komt"), still(html.Div(inside, className="told")))
