"""The forecasts of before, in the open: what each said, how far off it was, and what the naive ways would have said."""

from __future__ import annotations

from dash import html

from budgets.forecast.back_test import BackTest, BackTestRow, Guess, Held, Score
from dash_app.formats import day, euro_short, percent
from dash_app.language import gettext
from dash_app.pages import draw, text
from dash_app.pages.parts import Cell, Grid, Kind, Part, money, share_of, titles, words


def proof_part(tested: BackTest | None) -> Part:
    """Every frozen forecast held against what is known since."""
    title = gettext("Hoe goed waren de prognoses")
    if tested is None or not tested.rows:
        return Part("proof", title, gettext("Er zijn nog geen eerdere prognoses om te toetsen."))
    known = gettext("wat het jaar kostte") if tested.final else gettext("wat nu verwacht wordt")
    under = gettext(
        "Elke prognose naast %(known)s: %(sum)s (%(day)s). Boven nul was te hoog.",
        known=known,
        sum=euro_short(tested.known),
        day=day(tested.known_on),
    )
    named = (
        (gettext("Prognose per"), False),
        (gettext("Prognose"), True),
        (gettext("Fout"), True),
        ("%", True),
        (gettext("80 % hield"), False),
        (gettext("Regels binnen 80 %"), True),
        (gettext("Naïef: tempo"), True),
        (gettext("Naïef: vorig jaar"), True),
    )
    rows = tuple(_row(row) for row in tested.rows)
    grid = Grid(gettext("Prognoses en hun fout"), titles(*named), rows)
    return Part("proof", title, under, tuple(_sentences(tested)), (grid,), _notes(tested))


def proof_section(part: Part) -> html.Section:
    """The sentences, with the table one click away."""
    if not part.grids:
        return draw.section(part)
    return draw.section(part, text.more(gettext("elke prognose met haar fout"), *draw.plain_tables(part)))


def _row(row: BackTestRow) -> tuple[Cell, ...]:
    marked = f"{day(row.as_of)} *" if row.afterwards else day(row.as_of)
    return (
        words(marked),
        money(row.forecast.point),
        money(row.forecast.error, sign=True),
        share_of(row.forecast.percent, sign=True),
        words(gettext("ja")) if row.in80 else words(gettext("nee"), "attention"),
        share_of(row.lines.percent80, decimals=0),
        _naive(row.run_rate),
        _naive(row.last_year),
    )


def _naive(guess: Guess | None) -> Cell:
    if guess is None:
        return Cell("–", Kind.PERCENT, tone="muted")
    return share_of(guess.percent, sign=True)


def _sentences(tested: BackTest) -> list[str]:
    if tested.forecast is None:
        return []
    said = [
        gettext(
            "De prognose zat er gemiddeld **%(error)s** naast (%(bias)s); het tempo doortrekken %(rate)s, vorig jaar "
            "herhalen %(last)s.",
            error=_mean(tested.forecast),
            bias=_bias(tested.forecast),
            rate=_mean(tested.run_rate),
            last=_mean(tested.last_year),
        )
    ]
    said.append(
        gettext(
            "Van de %(count)s prognoses hield de band van 80 %% er **%(held)s**; van de regels was dat %(lines)s.",
            count=tested.totals.lines,
            held=tested.totals.in80,
            lines=_share(tested.lines),
        )
    )
    return said


def _mean(score: Score | None) -> str:
    if score is None:
        return gettext("(niet bekend)")
    return euro_short(score.mean_error) if score.mean_percent is None else percent(score.mean_percent, 1)


def _bias(score: Score) -> str:
    shown = euro_short(abs(score.bias))
    if score.bias > 0:
        return gettext("doorgaans %(sum)s te hoog", sum=shown)
    if score.bias < 0:
        return gettext("doorgaans %(sum)s te laag", sum=shown)
    return gettext("niet te hoog en niet te laag")


def _share(held: Held) -> str:
    return "–" if held.percent80 is None else percent(held.percent80, 0)


def _notes(tested: BackTest) -> tuple[str, ...]:
    if not any(row.afterwards for row in tested.rows):
        return ()
    return (gettext("* achteraf gemaakt, uit wat er op die dag was."),)
