"""What changed since the last meeting: forecast then and now, and the causes that lead from the one to the other."""

from __future__ import annotations

from collections.abc import Mapping

from dash import html

from budgets.variance.model import Cause, Change, LineChange
from dash_app.figures import Bar, changes
from dash_app.formats import euro_short, month_name, plotly_separators
from dash_app.graph import graph
from dash_app.language import gettext
from dash_app.pages import draw, text
from dash_app.pages.parts import Grid, Part, money, titles, words
from lead_contractor.kernel.money import ZERO, Cents, total

_MOST = 3


def changed_part(change: Change | None, names: Mapping[str, str]) -> Part:
    """The change with its causes; ``names`` are subcontractors by AGB code, for who sees lines."""
    if change is None or change.then_day is None:
        return Part(
            "change",
            gettext("Wat is er veranderd"),
            gettext("Er zijn geen twee bevroren prognoses om te vergelijken."),
        )
    then, now = month_name(change.then_day), month_name(change.now_day)
    sentence = gettext(
        "%(then)s in %(month)s, nu **%(now)s**: **%(change)s**.",
        then=euro_short(change.total_then),
        month=then,
        now=euro_short(change.total_now),
        change=euro_short(change.change, sign=True),
    )
    if not change.parts:
        why = gettext(
            "Waardoor is hier niet te tonen: er is een vorm van financiering niet getoond, en die zou uit de oorzaken "
            "af te leiden zijn."
        )
        title = gettext("Wat is er veranderd sinds %(month)s", month=then)
        under = gettext("Prognose van de kosten van onderaannemers, %(then)s en %(now)s.", then=then, now=now)
        return Part("change", title, under, sentences=(sentence,), notes=(why,))
    return Part(
        "change",
        gettext("Wat is er veranderd sinds %(month)s", month=then),
        gettext("Prognose van de kosten van onderaannemers, %(then)s en %(now)s.", then=then, now=now),
        sentences=(sentence,),
        grids=(_causes(change, then, now), *_lines(change, names)),
    )


def changed_section(change: Change | None, part: Part) -> html.Section:
    """The causes as bars, with the table one click away."""
    if not part.grids or change is None:
        return draw.section(part)
    bars = [
        Bar(cause_name(one.cause), ZERO, one.cents, euro_short(one.cents, sign=True).removeprefix("€ "))
        for one in change.parts
    ]
    spoken = "; ".join(f"{bar.name} {bar.words}" for bar in bars)
    drawn = graph("overleg-change", changes(bars, plotly_separators()), spoken, class_name="chart steps")
    tables = draw.plain_tables(part)
    return draw.section(part, drawn, text.more(gettext("tabel"), tables[0]), *(_told(tables[1:])))


def cause_name(cause: Cause) -> str:
    """A cause in a word."""
    names = {
        Cause.VOLUME: gettext("volume"),
        Cause.MIX: gettext("mix"),
        Cause.PRICE: gettext("prijs"),
        Cause.LATE: gettext("late declaraties"),
        Cause.CONTRACT: gettext("contract"),
        Cause.CORRECTION: gettext("correctie"),
    }
    return names[cause]


def _told(tables: list[html.Div]) -> list[html.Details]:
    return [text.more(gettext("welke regels het meest bijdroegen"), *tables)] if tables else []


def _causes(change: Change, then: str, now: str) -> Grid:
    rows = [(words(gettext("prognose eind %(month)s", month=then), bold=True), money(change.total_then, exact=True))]
    rows += [(words(cause_name(one.cause)), money(one.cents, sign=True, exact=True)) for one in change.parts]
    checked = change.total_then + total(one.cents for one in change.parts)
    assert checked == change.total_now, "the causes are the whole difference"
    rows.append(
        (
            words(gettext("prognose eind %(month)s", month=now), bold=True),
            money(change.total_now, bold=True, exact=True),
        )
    )
    return Grid(
        gettext("Van prognose naar prognose"), titles((gettext("Oorzaak"), False), (gettext("Euro"), True)), tuple(rows)
    )


def _lines(change: Change, names: Mapping[str, str]) -> list[Grid]:
    """The lines that contributed most to each cause; none for who may not see lines."""
    rows = [
        (words(cause_name(part.cause)), words(_line_name(line, names)), money(_part(line, part.cause), sign=True))
        for part in change.parts
        for line in change.most(part.cause, _MOST)
    ]
    named = ((gettext("Oorzaak"), False), (gettext("Regel"), False), (gettext("Euro"), True))
    return [Grid(gettext("Wat het meest bijdroeg"), titles(*named), tuple(rows))] if rows else []


def _part(line: LineChange, cause: Cause) -> Cents:
    return line.part(cause)


def _line_name(line: LineChange, names: Mapping[str, str]) -> str:
    name = names.get(line.subcontractor, line.subcontractor) or gettext("niet verdeeld")
    return f"{name}, {line.product_code}" if line.product_code else name
