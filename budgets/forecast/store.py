"""Queries of forecasts as they were frozen; none of them is ever changed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock
from typing import Any

from budgets.forecast.layout import digest, from_document, to_document
from budgets.forecast.model import Forecast
from budgets.forecast.tables import forecast_frozen
from lead_contractor.kernel.tenancy import Scope

_MOST_READ = 48
_read: OrderedDict[str, Forecast] = OrderedDict()
"""Forecasts read lately, by the hash of their document: the same text is the same forecast in any database."""
_lock = Lock()

_HEAD = (
    forecast_frozen.c.id,
    forecast_frozen.c.contract_id,
    forecast_frozen.c.as_of,
    forecast_frozen.c.version,
    forecast_frozen.c.made_at,
    forecast_frozen.c.afterwards,
    forecast_frozen.c.inputs_hash,
    forecast_frozen.c.document_hash,
)


@dataclass(frozen=True, slots=True)
class Frozen:
    """A forecast as it was frozen.

    Attributes:
        id: its number under the lead contractor.
        contract_id: its contract year.
        as_of: the day of the forecast.
        made_at: when it was made and kept.
        afterwards: made so long after its day that it is a reconstruction, not what was said then.
        forecast: what it said.
    """

    id: int
    contract_id: int
    as_of: date
    made_at: datetime
    afterwards: bool
    forecast: Forecast


def frozen(scope: Scope, contract_id: int, as_of: date | None = None) -> Frozen | None:
    """The newest frozen forecast on or before a day; of any day where none is given.

    Returns:
        ``None`` where there is none.
    """
    statement = (
        scope.select(*_HEAD)
        .where(forecast_frozen.c.contract_id == contract_id)
        .order_by(forecast_frozen.c.as_of.desc(), forecast_frozen.c.version.desc())
        .limit(1)
    )
    if as_of is not None:
        statement = statement.where(forecast_frozen.c.as_of <= as_of)
    found = _with_forecasts(scope, scope.rows(statement))
    return found[0] if found else None


def all_frozen(scope: Scope, contract_id: int) -> tuple[Frozen, ...]:
    """The frozen forecasts of a contract year, the newest of each day, in order of day."""
    return _with_forecasts(scope, _newest_heads(scope, contract_id))


def frozen_days(scope: Scope, contract_id: int) -> tuple[date, ...]:
    """The days of which a forecast was frozen, in order; reads no forecast."""
    return tuple(row.as_of for row in _newest_heads(scope, contract_id))


def _newest_heads(scope: Scope, contract_id: int) -> Sequence[Any]:
    rows = scope.rows(
        scope.select(*_HEAD)
        .where(forecast_frozen.c.contract_id == contract_id)
        .order_by(forecast_frozen.c.as_of, forecast_frozen.c.version)
    )
    return list({row.as_of: row for row in rows}.values())


def _with_forecasts(scope: Scope, heads: Sequence[Any]) -> tuple[Frozen, ...]:
    forecasts = _forecasts(scope, heads)
    return tuple(
        Frozen(
            int(head.id),
            int(head.contract_id),
            head.as_of,
            head.made_at,
            head.afterwards,
            forecasts[head.document_hash],
        )
        for head in heads
    )


def _forecasts(scope: Scope, heads: Sequence[Any]) -> dict[str, Forecast]:
    """The forecasts of these rows by the hash of their document; only what was not read lately is asked for."""
    wanted = {head.document_hash: int(head.id) for head in heads}
    with _lock:
        found = {known: _read[known] for known in wanted if known in _read}
    absent = [identity for known, identity in wanted.items() if known not in found]
    if absent:
        columns = (forecast_frozen.c.document_hash, forecast_frozen.c.document)
        rows = scope.rows(scope.select(*columns).where(forecast_frozen.c.id.in_(absent)))
        found |= {row.document_hash: from_document(row.document) for row in rows}
    with _lock:
        for known in wanted:
            _read[known] = found[known]
            _read.move_to_end(known)
        while len(_read) > _MOST_READ:
            _read.popitem(last=False)
    return found


def save(
    scope: Scope, contract_id: int, forecast: Forecast, inputs_hash: str, at: datetime, *, afterwards: bool
) -> Frozen:
    """Keep a forecast; where the newest of its day says the same of the same inputs, that one stands.

    Raises:
        sqlalchemy.exc.IntegrityError: another process kept one of this day at the same moment.
    """
    document = to_document(forecast)
    said = digest(document)
    standing = scope.rows(
        scope.select(*_HEAD)
        .where(forecast_frozen.c.contract_id == contract_id, forecast_frozen.c.as_of == forecast.as_of)
        .order_by(forecast_frozen.c.version.desc())
        .limit(1)
    )
    if standing and (standing[0].document_hash, standing[0].inputs_hash) == (said, inputs_hash):
        return _with_forecasts(scope, standing)[0]
    identity = scope.last_id(forecast_frozen) + 1
    row: dict[str, Any] = {
        "id": identity,
        "contract_id": contract_id,
        "as_of": forecast.as_of,
        "version": standing[0].version + 1 if standing else 1,
        "made_at": at,
        "afterwards": afterwards,
        "inputs_hash": inputs_hash,
        "document_hash": said,
        "document": document,
    }
    scope.insert(forecast_frozen, [row])
    return Frozen(identity, contract_id, forecast.as_of, at, afterwards, forecast)
