"""Small parts of the page: text with bold figures, tables, links down to the books."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from dash import html

from budgets.use.model import YearPosition
from dash_app.language import gettext
from lead_contractor.kernel.periods import Month

DASH = "–"


def bold(text: str) -> list[Any]:
    """A text in which ``**…**`` stands for bold."""
    return [html.Strong(part) if place % 2 else part for place, part in enumerate(text.split("**")) if part]


def plain(text: str) -> str:
    """The same text without marks, for who hears it."""
    return text.replace("**", "")


def heading(title: str, under: str, *beside: Any) -> list[Any]:
    """The head of a section, with a line that says what it shows."""
    return [html.H2([title, *[part for part in beside if part is not None]]), html.P(under, className="under")]


def number_cell(text: Any, class_name: str = "") -> html.Td:
    """A cell of figures, on the decimal comma."""
    return html.Td(text, className=f"num {class_name}".strip())


def header(*titles: tuple[str, bool]) -> html.Thead:
    """The head of a table: title, and whether figures stand under it."""
    cells = [html.Th(title, scope="col", className="num" if figures else None) for title, figures in titles]
    return html.Thead(html.Tr(cells))


def table(label: str, head: html.Thead, rows: Sequence[html.Tr], foot: html.Tr | None = None) -> html.Div:
    """A table that scrolls inside its own frame on a narrow screen, by keyboard too."""
    parts: list[Any] = [head, html.Tbody(list(rows))]
    if foot is not None:
        parts.append(html.Tfoot(foot))
    named: dict[str, Any] = {"aria-label": label}
    return html.Div(
        html.Table(parts, className="calm", **named), className="scroll", tabIndex=0, role="region", **named
    )


def more(title: str, *content: Any) -> html.Details:
    """What stands one click away."""
    return html.Details([html.Summary(title), *content], className="more")


def why(
    position: YearPosition, accounts: Iterable[str], *, controller: bool, title: str = "", **narrowed: str
) -> html.A | None:
    """The link from a figure to the postings under it, for who may see those."""
    href = why_address(position, accounts, controller=controller, **narrowed)
    return None if href is None else html.A(gettext("waarom?"), href=href, className="why", title=title or None)


def why_address(position: YearPosition, accounts: Iterable[str], *, controller: bool, **narrowed: str) -> str | None:
    """Where the postings under a figure are shown; ``None`` for who may not see those.

    The figure is what was recorded on these accounts for service months up to the last month shown.
    """
    if not controller or not position.recorded:
        return None
    asked = [("contract", str(position.contract_id)), *(("account", account) for account in accounts)]
    if position.outcome is None:
        asked.append(("service_until", str(position.standing.month)))
    if position.until is not None:
        asked.append(("until", str(position.until)))
    asked += [(name, value) for name, value in narrowed.items() if value]
    return f"/waarom?{urlencode(asked)}"


def joined(names: Sequence[str]) -> str:
    """Names in a row: "juni, juli en augustus"."""
    if len(names) < 2:  # noqa: PLR2004 - one name needs no "and"
        return "".join(names)
    return gettext("%(first)s en %(last)s", first=", ".join(names[:-1]), last=names[-1])


def in_months(months: Sequence[Month], name: Any) -> str:
    """The names of months in a row."""
    return joined([str(name(month)) for month in months])
