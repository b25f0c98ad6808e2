"""The year as a whole: the corridor between shortage and cap with what is expected, and the settlement ahead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from dash import html

from budgets.forecast.layout import late_cost
from budgets.meeting.crossing import Passes, crossings
from budgets.meeting.ground import Looked
from budgets.scenarios.outlook import Outlook, OutlookMonth, Range
from budgets.use.model import Outcome, Standing, YearPosition
from budgets.use.standing import REVENUE_ACCOUNTS, cost_accounts
from dash_app.choice import WHAT_IF, query
from dash_app.corridor import Ahead, Crossing, Drawn, Point, corridor
from dash_app.figures import Bar, waterfall
from dash_app.formats import day, euro_short, euro_whole, month_axis, month_name, percent, plotly_separators
from dash_app.graph import graph
from dash_app.language import gettext
from dash_app.pages import draw, text
from dash_app.pages.parts import Cell, Grid, Part, money, titles, words
from dash_app.pages.sentence import answer, cap_percent, destination, margin
from dash_app.pages.steps import Step, StepName, steps_ahead, steps_of
from lead_contractor.books import accounts
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.periods import Month, local_day
from lead_contractor.kernel.rounding import percent_of


def corridor_part(looked: Looked) -> Part:
    """What the chart of the room says, with every month in a table."""
    position = looked.position
    first = month_name(position.year_months[0])
    under = gettext("Ruimte in duizend euro, opgeteld vanaf %(month)s, naar de maand van de zorg.", month=first)
    title = gettext("Waar staan we, ten opzichte van het budget")
    if looked.outlook is not None:
        title = gettext("Waar komen we uit, ten opzichte van het budget")
        under = f"{under} {gettext('Band: 80 % zekerheid.')}"
    return Part(
        "corridor",
        title,
        under,
        sentences=tuple(_crossing_words(looked)),
        grids=(_months_table(looked),),
        notes=tuple(_notes(looked)),
    )


def corridor_section(looked: Looked, part: Part, *, controller: bool) -> html.Section:
    """The chart of the room by month, with its table one click away."""
    codes = (*REVENUE_ACCOUNTS, *cost_accounts(looked.position.terms))
    link = text.why(looked.position, codes, controller=controller)
    drawn = graph("overleg-corridor", _corridor(looked), text.plain(answer(looked)))
    table = text.more(gettext("bedragen in totaal en tabel"), *draw.plain_tables(part))
    return draw.section(part, table, beside=link, first=drawn)


def settlement_part(looked: Looked, *, controller: bool) -> Part:
    """The road from lump sum to result, as it stands or as it is expected to be."""
    position = looked.position
    if position.outcome is not None:
        title, under = gettext("De afrekening"), gettext("Miljoenen en duizenden euro, het hele contractjaar.")
    elif looked.outlook is not None:
        title = gettext("Zo komt de afrekening eruit te zien")
        under = gettext("Middelste verwachting van het hele jaar; tussen haakjes wat met 80 % zekerheid volgt.")
    else:
        title = gettext("Van lumpsum naar resultaat")
        until = month_name(position.standing.month)
        under = gettext("Miljoenen en duizenden euro, tot en met %(month)s.", month=until)
    return Part("settlement", title, under, grids=(_steps_table(looked, controller=controller),))


def settlement_section(looked: Looked, part: Part) -> html.Section:
    """The road as bars, with its table one click away."""
    bars = [
        Bar(_label(step, looked), step.start, step.end, _step_words(step), total=step.total) for step in _steps(looked)
    ]
    spoken = "; ".join(f"{bar.name} {bar.words.replace('<br>', ' ')}" for bar in bars)
    drawn = graph("overleg-waterfall", waterfall(bars, plotly_separators()), spoken, class_name="chart steps")
    return draw.section(part, text.more(gettext("tabel"), *draw.plain_tables(part)), _what_if(looked), first=drawn)


def _what_if(looked: Looked) -> html.P | None:
    """The way to what happens when the year goes otherwise, for who may look there; it stands on a forecast."""
    if looked.frozen is None or looked.provider:
        return None
    asked = query(looked.position.contract_id, Month.of(looked.frozen.as_of))
    return html.P(html.A(gettext("Wat als het anders loopt?"), href=f"{WHAT_IF}?{asked}"))


def _steps(looked: Looked) -> Sequence[Step]:
    if looked.outlook is not None:
        return steps_ahead(looked.outlook, looked.position.year_months[-1])
    return steps_of(looked.position)


def _step_words(step: Step) -> str:
    if step.between is None:
        return euro_short(step.amount)
    low, high = (euro_short(cents).removeprefix("€ ") for cents in step.between)
    return f"{euro_short(step.amount)}<br>({low} – {high})"


@dataclass(frozen=True, slots=True)
class _Passing:
    """Where the year is expected to pass its cap or its budget, in words."""

    crossing: Crossing
    sentence: str


def _passings(looked: Looked) -> list[_Passing]:
    if looked.outlook is None:
        return []
    found = []
    for one in crossings(looked.outlook.months):
        on = _short_day(one.day)
        if one.passes is Passes.CAP:
            label = gettext("rond %(day)s boven het maximum", day=on)
            sentence = gettext(
                "Naar verwachting komt de ruimte rond **%(day)s** boven het maximum van %(cap)s.",
                day=day(one.day),
                cap=cap_percent(looked.position),
            )
        else:
            label = gettext("rond %(day)s is het geld op", day=on)
            sentence = gettext("Naar verwachting is de ruimte rond **%(day)s** op.", day=day(one.day))
        found.append(_Passing(Crossing(one.month - 1 + float(one.share), one.room, label), sentence))
    return found


def _short_day(value: date) -> str:
    return f"{value.day} {month_name(value)}"


def _crossing_words(looked: Looked) -> list[str]:
    said = [one.sentence for one in _passings(looked)]
    made = looked.frozen
    if made is not None and made.forecast.run_out is not None and made.forecast.budget is not None:
        said.append(
            gettext(
                "Het budget voor onderaannemers (%(budget)s) is naar verwachting op **%(day)s** op.",
                budget=euro_short(made.forecast.budget),
                day=day(made.forecast.run_out),
            )
        )
    return said


def _corridor(looked: Looked) -> Any:
    position, outlook = looked.position, looked.outlook
    complete = len(position.months) - len(position.coming_in)
    points = [
        Point(
            standing.month.number,
            standing.room,
            standing.cap,
            standing.awaiting,
            place < complete,
            f"{month_name(standing.month)}: {_room_words(standing.room)}",
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
        "latest": _short(position.standing.room) if complete else "",
        "awaiting": gettext("ingediend, nog niet beoordeeld"),
        "shortage": gettext("tekort: meer gebruikt dan het budget"),
    }
    if position.terms.margin is None:
        labels["above"] = ""
    ahead: list[Ahead] = []
    if outlook is not None:
        known = {point.number for point in points if point.complete}
        ahead = [_ahead(one) for one in outlook.months if one.month.number not in known]
        end = outlook.months[-1].room
        labels |= {"end": _short(end.point), "low": _short(end.low80), "high": _short(end.high80)}
        labels["late"] = _late_words(looked)
    drawn = Drawn(points, ahead, [one.crossing for one in _passings(looked)] if ahead else [])
    return corridor(drawn, months, labels, plotly_separators())


def _late_words(looked: Looked) -> str:
    """What is still expected over months that are over, in the drawing; nothing where nothing is."""
    late = late_cost(looked.frozen.forecast) if looked.frozen is not None else Cents(0)
    return gettext("nog verwachte<br>declaraties (%(sum)s)", sum=euro_short(late)) if late > 0 else ""


def _ahead(month: OutlookMonth) -> Ahead:
    said = gettext(
        "%(month)s: verwacht %(room)s (tussen %(low)s en %(high)s)",
        month=month_name(month.month),
        room=_room_words(month.room.point),
        low=_short(month.room.low80),
        high=_short(month.room.high80),
    )
    room = month.room
    return Ahead(month.month.number, room.point, room.low80, room.high80, month.cap, month.known, said)


def _short(cents: Cents) -> str:
    return euro_short(cents, sign=True).removeprefix("€ ")


def _room_words(room: Cents) -> str:
    if room < 0:
        return gettext("%(room)s tekort", room=euro_whole(abs(room)))
    return gettext("%(room)s ruimte", room=euro_whole(room))


def _months_table(looked: Looked) -> Grid:
    """Every month added up: what came in, what was used, the room and the cap; and what is expected."""
    position = looked.position
    checks = any(standing.awaiting for standing in position.months)
    capped = position.terms.margin is not None
    ahead = {one.month: one for one in looked.outlook.months} if looked.outlook is not None else {}
    named = [
        (gettext("Tot en met"), False),
        (gettext("Inkomsten"), True),
        (gettext("Gebruikt"), True),
        (gettext("Ruimte"), True),
        (gettext("Marge"), True),
    ]
    named += [(gettext("Maximum"), True)] if capped else []
    named += [(gettext("Nog te beoordelen"), True)] if checks else []
    named += [(gettext("Verwachte ruimte"), True), (gettext("laag"), True), (gettext("hoog"), True)] if ahead else []
    named.append((gettext("Declaraties"), False))
    begun = {standing.month: (place, standing) for place, standing in enumerate(position.months)}
    rows = []
    for month in position.year_months if ahead else [standing.month for standing in position.months]:
        place, standing = begun.get(month, (-1, None))
        cells = [words(month_name(month)), *_standing_cells(standing, capped=capped, checks=checks)]
        expected = ahead.get(month)
        if ahead:
            show = place < 0 or place >= position.complete
            cells += _range_cells(expected.room if expected is not None and show else None)
        cells.append(words(_state(place, position.complete)))
        rows.append(tuple(cells))
    return Grid(gettext("Ruimte per maand"), titles(*named), tuple(rows))


def _state(place: int, complete: int) -> str:
    if place < 0:
        return gettext("verwacht")
    return gettext("volledig") if place < complete else gettext("komen nog binnen")


def _standing_cells(standing: Standing | None, *, capped: bool, checks: bool) -> list[Cell]:
    if standing is None:
        return [money(None) for _ in range(4 + capped + checks)]
    tone = "attention" if standing.room < 0 else ""
    cells = [
        money(standing.revenue.total, exact=True),
        money(standing.cost.total, exact=True),
        money(standing.room, tone, sign=True, exact=True),
        Cell(margin(standing), kind=money(None).kind),
    ]
    cells += [money(standing.cap, exact=True)] if capped else []
    cells += [money(standing.awaiting, exact=True)] if checks else []
    return cells


def _range_cells(room: Range | None) -> list[Cell]:
    if room is None:
        return [money(None) for _ in range(3)]
    tone = "attention" if room.point < 0 else ""
    return [money(room.point, tone, sign=True), money(room.low80, sign=True), money(room.high80, sign=True)]


def _notes(looked: Looked) -> list[str]:
    """What the reader must know to read the figures, and no more."""
    position, notes = looked.position, []
    if looked.frozen is not None:
        notes.append(_made(looked))
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
    if looked.outlook is not None:
        notes += _left_out(looked.outlook)
    return notes


def _made(looked: Looked) -> str:
    made = looked.frozen
    assert made is not None
    late = late_cost(made.forecast)
    said = gettext(
        "Prognose per %(day)s, bevroren op %(made)s; daarin zit %(late)s aan declaraties die nog verwacht worden over "
        "maanden die voorbij zijn (gearceerd).",
        day=day(made.as_of),
        made=day(local_day(made.made_at)),
        late=euro_short(late),
    )
    if made.afterwards:
        said = f"{said} {gettext('Zij is achteraf gemaakt, uit wat er op die dag was.')}"
    return said


def _left_out(outlook: Outlook) -> list[str]:
    named = {
        "no_index_figures": gettext("Er is een indexcijfer nog niet bekend; de lumpsum is niet geïndexeerd."),
        "no_counts": gettext("Er zijn nog geen aantallen beschikkingen; een volumebijstelling zit er niet in."),
        "no_own_cost": gettext("Er is nog geen eigen inzet of overhead geboekt; die zit niet in de verwachting."),
        "no_complete_month": gettext("Er is nog geen maand voorbij; eigen kosten zijn wat er nu geboekt is."),
    }
    return [named[note] for note in outlook.notes if note in named]


def _label(step: Step, looked: Looked) -> str:
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
    if step.name is StepName.KEPT and looked.position.terms.margin is None:
        return gettext("blijft over")
    return names[step.name]


def _steps_table(looked: Looked, *, controller: bool) -> Grid:
    position = looked.position
    between = looked.outlook is not None
    rows = []
    for step in _steps(looked):
        row = [words(_label(step, looked), bold=step.total), money(step.amount, bold=step.total, exact=True)]
        if between:
            row += [money(step.between[place] if step.between else None) for place in range(2)]
        rows.append((*row, _why(position, step.accounts, controller=controller)))
    rows += [
        (words(name), amount, *([words(), words()] if between else []), _why(position, codes, controller=controller))
        for name, amount, codes in _below(looked)
    ]
    named = [(gettext("Stap"), False), (gettext("Bedrag"), True)]
    named += [(gettext("laag"), True), (gettext("hoog"), True)] if between else []
    return Grid(gettext("Van lumpsum tot resultaat"), titles(*named, ("", False)), tuple(rows))


def _why(position: YearPosition, codes: tuple[str, ...], *, controller: bool) -> Cell:
    href = text.why_address(position, codes, controller=controller) if codes else None
    return Cell("", href=href or "", link=gettext("waarom?") if href else "")


def _below(looked: Looked) -> list[tuple[str, Cell, tuple[str, ...]]]:
    """What stands under the result: margin and cap, and of a settled year who still pays what."""
    position, outlook = looked.position, looked.outlook
    percentage = margin(position.standing) if outlook is None else percent(Decimal(outlook.margin.point))
    cap = position.standing.cap if outlook is None else outlook.cap
    kind = money(None).kind
    found: list[tuple[str, Cell, tuple[str, ...]]] = [(gettext("marge"), Cell(percentage, kind=kind), ())]
    if cap is not None:
        name = gettext("maximale marge %(cap)s", cap=cap_percent(position))
        found.append((name, money(cap, exact=True), ()))
    if position.outcome is not None:
        found += _balance(position.outcome)
    return found


def _balance(outcome: Outcome) -> list[tuple[str, Cell, tuple[str, ...]]]:
    due = outcome.balance_due
    name = gettext("gemeente betaalt nog") if due >= 0 else gettext("hoofdaannemer betaalt terug")
    return [
        (gettext("de hoofdaannemer komt toe"), money(outcome.entitlement, exact=True), ()),
        (gettext("ontvangen"), money(outcome.received, exact=True), (accounts.BANK,)),
        (name, money(Cents(abs(due)), exact=True), (accounts.MUNICIPALITY,)),
    ]
