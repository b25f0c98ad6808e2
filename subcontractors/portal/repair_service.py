"""Use cases of repairing a file under pre-check; nothing is stored but the draft, which is then checked again.

Format and tariff are taken over together. Volume and dates are changed on one line at a time, after whoever declares
has said that it is what was delivered.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Engine

from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.refusals import Refusal
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from subcontractors.agreements.standing import agreed_tariffs
from subcontractors.declarations.annotated import Judged, JudgedLine, annotated
from subcontractors.declarations.reader import read_file
from subcontractors.declarations.suggestions import IN_BULK, Suggestion, priced, take_over
from subcontractors.portal import service, store
from subcontractors.portal.form import Mistake, typed_volume
from subcontractors.portal.model import Change, Draft, PreCheck, Provider, Verdict
from subcontractors.portal.repair import changed_line, changes_of, table_of, with_lines, with_rows


class NotConfirmed(Refusal):
    """A volume or a date was changed without the word of whoever declares."""

    http_status = 422


def take_together(engine: Engine, master_key: bytes, who: Provider, token: str, now: datetime) -> int | None:
    """Take over the suggestions for format and tariff of all lines; returns how many, ``None`` without such a file."""
    found = _found(engine, master_key, who, token, now)
    if found is None:
        return None
    draft, seen = found
    chosen = take_over(seen.offered, together=IN_BULK)
    if chosen:
        _write(engine, master_key, who, seen, draft, chosen)
    return len(chosen)


def change_line(
    engine: Engine,
    master_key: bytes,
    who: Provider,
    token: str,
    now: datetime,
    place: tuple[str, int | None, int | None],
    columns: Collection[str],
    volume: str,
    *,
    confirmed: bool,
) -> int | Mistake | None:
    """Change one line: the named suggestions for it, and a volume that was typed.

    Args:
        engine: the database.
        master_key: the key of the vault.
        who: the provider.
        token: of the draft.
        now: the moment.
        place: the line: declaration number and position, or its row in a file that could not be read.
        columns: the columns of which the suggestion is taken over.
        volume: what was typed as delivered; empty leaves it.
        confirmed: whether it was said that this is what was delivered.

    Returns:
        how much was changed, or what is wrong with the volume; ``None`` without such a file.

    Raises:
        NotConfirmed: it was not.
    """
    found = _found(engine, master_key, who, token, now)
    if found is None:
        return None
    if not confirmed:
        raise NotConfirmed("Bevestig eerst dat dit is wat u hebt geleverd.")
    draft, seen = found
    chosen = take_over(seen.offered, confirmed=[o for o in seen.offered if o.line == place and o.column in columns])
    if place[1] is None or not volume.strip():
        if chosen:
            _write(engine, master_key, who, seen, draft, chosen)
        return len(chosen)
    return _with_volume(engine, master_key, who, seen, draft, (place[0], place[1]), chosen, volume)


def file_with_reasons(
    engine: Engine, master_key: bytes, who: Provider, token: str, now: datetime
) -> tuple[str, bytes] | None:
    """The same file with a verdict, reasons and right values in each row; ``None`` without such a file."""
    found = _found(engine, master_key, who, token, now)
    if found is None:
        return None
    draft, seen = found
    return annotated(draft.name, draft.content, [_judged(one, seen) for one in seen.messages if one.lines])


def _judged(one: Verdict, seen: PreCheck) -> Judged:
    lines = tuple(
        JudgedLine(line.codes, {found.column: found.new for found in seen.for_line(one.number, line.position)})
        for line in one.lines
    )
    return Judged(one.number, one.codes, lines)


def _found(
    engine: Engine, master_key: bytes, who: Provider, token: str, now: datetime
) -> tuple[Draft, PreCheck] | None:
    draft = service.draft_of(engine, master_key, who, token, now)
    seen = None if draft is None else service.pre_check(engine, master_key, who, token, now)
    return None if draft is None or seen is None else (draft, seen)


def _with_volume(
    engine: Engine,
    master_key: bytes,
    who: Provider,
    seen: PreCheck,
    draft: Draft,
    place: tuple[str, int],
    chosen: tuple[Suggestion, ...],
    typed: str,
) -> int | Mistake | None:
    number, position = place
    line = next((x for one in seen.messages if one.number == number for x in one.lines if x.position == position), None)
    if line is None or line.credit:
        return None
    unit = next((one.new for one in chosen if one.column == "unit"), line.unit)
    volume = typed_volume(typed, unit)
    if volume is None or isinstance(volume, Mistake):
        return volume or 0
    with reading(engine) as connection:
        held = agreed_tariffs(Scope(connection, who.lead_contractor_id), draft.contract_id, who.agb)
    right = priced(line.product_code, unit, volume, line.period_from, held)
    amount = right[1] if right is not None else None
    found = read_file(draft.name, draft.content, receiver=seen.year.municipality_code)
    name, content = with_lines(draft.name, draft.content, found, changed_line(position, number, chosen, volume, amount))
    made = (
        *changes_of(chosen, lambda _: line.reference),
        Change(line.reference, "volume", str(line.volume), str(volume)),
    )
    _keep(engine, master_key, who, replace(draft, name=name, content=content, changes=(*draft.changes, *made)))
    return len(made)


def _write(
    engine: Engine, master_key: bytes, who: Provider, seen: PreCheck, draft: Draft, chosen: tuple[Suggestion, ...]
) -> None:
    """The draft with the chosen values."""
    if any(one.row is not None for one in chosen):
        table = table_of(draft.name, draft.content)
        assert table is not None
        rows = dict(table.rows)
        name, content = with_rows(draft.name, table, chosen)
        made = changes_of(chosen, lambda one: rows[one.row or 0].get("reference", ""))
    else:
        found = read_file(draft.name, draft.content, receiver=seen.year.municipality_code)
        references = {(one.number, x.position): x.reference for one in seen.messages for x in one.lines}
        name, content = draft.name, draft.content
        for number in {one.declaration for one in chosen}:
            own = tuple(one for one in chosen if one.declaration == number)
            name, content = with_lines(name, content, found, changed_line(0, number, own, None, None))
            found = read_file(name, content, receiver=seen.year.municipality_code)
        made = changes_of(chosen, lambda one: references[one.declaration, one.position or 0])
    _keep(engine, master_key, who, replace(draft, name=name, content=content, changes=(*draft.changes, *made)))


def _keep(engine: Engine, master_key: bytes, who: Provider, draft: Draft) -> None:
    with writing(engine) as connection:
        scope = Scope(connection, who.lead_contractor_id)
        store.change_draft(scope, Vault(master_key, who.lead_contractor_id), draft, who.agb)
