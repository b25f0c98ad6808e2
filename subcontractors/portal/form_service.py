"""Use cases of typed lines: the form for a month, and taking a granted line back.

Both end in a draft that is checked by the very code that checks a file; nothing is stored until it is submitted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Engine

from lead_contractor.kernel.database import reading
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from subcontractors.declarations.model import Line
from subcontractors.portal import marks, overview_service, service, store, years
from subcontractors.portal.allocations import Fillable, fillable, labelled
from subcontractors.portal.form import Filled, Mistake, draft_csv, filled, free_number, typed_volume, undoing
from subcontractors.portal.model import Problem, Provider, ShownLine, UploadRefused, Year, months_of

_EXTENSION = ".csv"


@dataclass(frozen=True, slots=True)
class FormPage:
    """The form for a month, with what was typed and what is wrong with it."""

    year: Year
    month: Month
    months: tuple[Month, ...]
    rows: tuple[Fillable, ...]
    typed: Mapping[str, str]
    mistakes: Mapping[str, Mistake]
    lines: Mapping[str, Line]

    @property
    def open_rows(self) -> tuple[Fillable, ...]:
        """The rows in which something may still be typed."""
        return tuple(row for row in self.rows if row.granted is None)

    @property
    def done_rows(self) -> tuple[Fillable, ...]:
        """The rows for which a line was granted."""
        return tuple(row for row in self.rows if row.granted is not None)


def form_page(
    engine: Engine,
    master_key: bytes,
    who: Provider,
    contract_id: int,
    month: Month | None,
    typed: Mapping[str, str],
    now: datetime,
) -> FormPage | None:
    """The form for a month, the last one that is over when none is named; ``None`` without such a contract year."""
    with reading(engine) as connection:
        scope = Scope(connection, who.lead_contractor_id)
        year = years.year_of(scope, who, contract_id)
        if year is None:
            return None
        chosen = _month(year, month, now)
        rows = _rows(scope, Vault(master_key, who.lead_contractor_id), who, year, chosen)
    made = filled(rows, typed, "F")
    by_key = {row.key: row for row in rows}
    lines = {
        key: line
        for key, row in by_key.items()
        for line in made.lines
        if (line.allocation, line.product_code) == (row.allocation.key, row.product_code)
    }
    return FormPage(year, chosen, months_of(year.year), rows, typed, made.mistakes, lines)


def keep_form(
    engine: Engine,
    master_key: bytes,
    who: Provider,
    contract_id: int,
    month: Month,
    typed: Mapping[str, str],
    now: datetime,
) -> str | Filled | None:
    """Make a draft of what was typed.

    Returns:
        the token of the draft; what is wrong, or that nothing was typed; ``None`` without such a contract year.

    Raises:
        UploadRefused: the year is settled for good.
    """
    with reading(engine) as connection:
        scope = Scope(connection, who.lead_contractor_id)
        year = years.year_of(scope, who, contract_id)
        if year is None:
            return None
        rows = _rows(scope, Vault(master_key, who.lead_contractor_id), who, year, month)
        number = free_number(month, store.numbers(scope, contract_id, who.agb))
    made = filled(rows, typed, number)
    if made.mistakes or not made.lines:
        return made
    content = draft_csv(number, month, years.local_day(now), who.agb, made.lines)
    return service.keep_draft(
        engine, master_key, who, contract_id, f"formulier-{month}{_EXTENSION}", content, now, channel="form"
    )


@dataclass(frozen=True, slots=True)
class UndoPage:
    """A granted line that its provider wants to take back, and where it stands."""

    year: Year
    line: ShownLine
    message_id: int
    row: Fillable | None


def undo_page(
    engine: Engine, master_key: bytes, who: Provider, contract_id: int, message_id: int, line_id: int
) -> UndoPage | None:
    """The line that is to be taken back; ``None`` if it is not there, not granted, a credit, or taken back already."""
    found = overview_service.verdict(engine, master_key, who, contract_id, message_id)
    line = None if found is None else next((one for one in found.lines if one.id == line_id), None)
    if line is None or not line.can_be_undone:
        return None
    with reading(engine) as connection:
        scope = Scope(connection, who.lead_contractor_id)
        year = years.year_of(scope, who, contract_id)
        if year is None:
            return None
        rows = _rows(scope, Vault(master_key, who.lead_contractor_id), who, year, Month.of(line.period_from))
    row = next((one for one in rows if one.granted is not None and one.granted.reference == line.reference), None)
    return UndoPage(year, line, message_id, row)


def keep_undo(
    engine: Engine, master_key: bytes, who: Provider, contract_id: int, page: UndoPage, typed: str, now: datetime
) -> str | Mistake | None:
    """Make a draft with the credit and, where a volume was typed, the line that comes instead of it.

    Raises:
        UploadRefused: the year is settled for good.
    """
    line, month = page.line, Month.of(page.line.period_from)
    again: Line | None = None
    if typed.strip():
        volume = typed_volume(typed, line.unit)
        if isinstance(volume, Mistake):
            return volume
        if page.row is None or not page.row.priced:
            return Mistake.NO_TARIFF
        if volume is not None:
            again = replace(
                _declared(line),
                volume=volume,
                tariff=page.row.tariff,
                amount=page.row.amount(volume),
            )
    if page.year.closed:
        raise UploadRefused(Problem.CLOSED)
    with reading(engine) as connection:
        scope = Scope(connection, who.lead_contractor_id)
        number = free_number(month, store.numbers(scope, contract_id, who.agb))
    lines = undoing(_declared(line), again, number)
    content = draft_csv(number, month, years.local_day(now), who.agb, lines)
    return service.keep_draft(
        engine, master_key, who, contract_id, f"correctie-{month}{_EXTENSION}", content, now, channel="form"
    )


def _declared(line: ShownLine) -> Line:
    return Line(
        position=1,
        reference=line.reference,
        bsn=line.bsn,
        allocation=line.allocation,
        category=line.category,
        product_code=line.product_code,
        period_from=line.period_from,
        period_to=line.period_to,
        volume=line.volume,
        unit=line.unit,
        amount=line.amount,
        credit=line.credit,
        previous_reference=line.previous_reference,
        tariff=line.tariff,
    )


def _rows(scope: Scope, vault: Vault, who: Provider, year: Year, month: Month) -> tuple[Fillable, ...]:
    rows = fillable(scope, vault, year.contract_id, who.agb, month)
    known = marks.known(scope, vault, who.agb)
    own = labelled((row.allocation for row in rows), known)
    return tuple(replace(row, allocation=allocation) for row, allocation in zip(rows, own, strict=True))


def _month(year: Year, month: Month | None, now: datetime) -> Month:
    """The month asked for, inside the year; else the last that is over today, or the first or last of the year."""
    first, last = Month(year.year, 1), Month(year.year, 12)
    before = Month.of(years.local_day(now)).plus(-1)
    return min(max(month or before, first), last)
