"""A forecast as JSON: the public layout of the command line, and the whole of it for keeping.

Whole cents as integers, days as ``YYYY-MM-DD``, months as ``YYYY-MM``. What is kept comes back as the same value:
``from_document(to_document(forecast)) == forecast``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from budgets.forecast.model import Band, Forecast, ForecastLine, LineKey, Method, MonthForecast, Reason, Standing
from lead_contractor.kernel.money import Cents, total
from lead_contractor.kernel.periods import Month
from subcontractors.agreements.model import FormCode

FORMAT = 1
"""Of the public layout."""
KEPT = 1
"""Of the document that is kept; a later one must still read the earlier."""

Json = dict[str, Any]


def realised_cost(what: Forecast | ForecastLine) -> Cents:
    """What was realised so far, without what of it lies above a ceiling: never more than the year will cost.

    Of a forecast it is the total of its lines.
    """
    if isinstance(what, Forecast):
        return total(realised_cost(line) for line in what.lines)
    return min(what.realised, what.point) if what.above_ceiling else what.realised


def late_cost(what: Forecast | ForecastLine) -> Cents:
    """What is still expected to be declared, as far as the ceiling leaves room to pay it.

    Of a forecast it is the total of its lines.
    """
    if isinstance(what, Forecast):
        return total(late_cost(line) for line in what.lines)
    room = what.point - realised_cost(what)
    return Cents(min(what.not_yet_declared, room)) if what.above_ceiling else what.not_yet_declared


def to_json(forecast: Forecast) -> Json:
    """The forecast as ``hoofdsom forecast --format json`` writes it."""
    return {
        "format": FORMAT,
        "as_of": forecast.as_of.isoformat(),
        "total": _amounts(forecast),
        "lines": [
            {
                "subcontractor": line.key.subcontractor,
                "product_code": line.key.product_code,
                "form": line.key.form.value,
                **_amounts(line),
                "method": line.method.value,
            }
            for line in forecast.lines
        ],
        "run_out": None if forecast.run_out is None else forecast.run_out.isoformat(),
    }


def _amounts(what: Forecast | ForecastLine) -> dict[str, int]:
    return {
        "realised": int(realised_cost(what)),
        "not_yet_declared": int(late_cost(what)),
        "point": int(what.point),
        "low80": int(what.band.low80),
        "high80": int(what.band.high80),
        "low95": int(what.band.low95),
        "high95": int(what.band.high95),
    }


def to_document(forecast: Forecast) -> Json:
    """The whole forecast as JSON, to be kept."""
    return {
        "kept": KEPT,
        "as_of": forecast.as_of.isoformat(),
        "realised": int(forecast.realised),
        "not_yet_declared": int(forecast.not_yet_declared),
        "point": int(forecast.point),
        "band": _band(forecast.band),
        "lines": [_line(line) for line in forecast.lines],
        "months": [[str(one.month), int(one.realised), int(one.point), *_band(one.band)] for one in forecast.months],
        "budget": None if forecast.budget is None else int(forecast.budget),
        "run_out": None if forecast.run_out is None else forecast.run_out.isoformat(),
        "exposure": int(forecast.exposure),
        "spread": int(forecast.spread),
    }


def _line(line: ForecastLine) -> Json:
    return {
        "subcontractor": line.key.subcontractor,
        "product_code": line.key.product_code,
        "form": line.key.form.value,
        "realised": int(line.realised),
        "not_yet_declared": int(line.not_yet_declared),
        "point": int(line.point),
        "band": _band(line.band),
        "months": [[str(one.month), int(one.realised), int(one.late), int(one.coming)] for one in line.months],
        "method": line.method.value,
        "reasons": [[one.code, dict(one.figures)] for one in line.reasons],
        "above_ceiling": int(line.above_ceiling),
        "price_effect": int(line.price_effect),
        "corrections": int(line.corrections),
    }


def _band(band: Band) -> list[int]:
    return [int(band.low80), int(band.high80), int(band.low95), int(band.high95)]


def from_document(document: Mapping[str, Any]) -> Forecast:
    """A kept forecast as the value that it was.

    Raises:
        ValueError: the document is of a later kind than this version knows.
    """
    if document.get("kept") != KEPT:
        raise ValueError(f"not a forecast that this version can read: {document.get('kept')!r}")
    budget, run_out = document["budget"], document["run_out"]
    return Forecast(
        as_of=date.fromisoformat(document["as_of"]),
        realised=Cents(document["realised"]),
        not_yet_declared=Cents(document["not_yet_declared"]),
        point=Cents(document["point"]),
        band=_read_band(document["band"]),
        lines=tuple(_read_line(line) for line in document["lines"]),
        months=tuple(
            Standing(Month.parse(month), Cents(realised), Cents(point), _read_band(band))
            for month, realised, point, *band in document["months"]
        ),
        budget=None if budget is None else Cents(budget),
        run_out=None if run_out is None else date.fromisoformat(run_out),
        exposure=Cents(document["exposure"]),
        spread=Cents(document["spread"]),
    )


def _read_line(line: Mapping[str, Any]) -> ForecastLine:
    return ForecastLine(
        key=LineKey(line["subcontractor"], line["product_code"], FormCode(line["form"])),
        realised=Cents(line["realised"]),
        not_yet_declared=Cents(line["not_yet_declared"]),
        point=Cents(line["point"]),
        band=_read_band(line["band"]),
        months=tuple(
            MonthForecast(Month.parse(month), Cents(realised), Cents(late), Cents(coming))
            for month, realised, late, coming in line["months"]
        ),
        method=Method(line["method"]),
        reasons=tuple(Reason(code, figures) for code, figures in line["reasons"]),
        above_ceiling=Cents(line["above_ceiling"]),
        price_effect=Cents(line["price_effect"]),
        corrections=Cents(line["corrections"]),
    )


def _read_band(band: Sequence[int]) -> Band:
    low80, high80, low95, high95 = map(Cents, band)
    return Band(low80, high80, low95, high95)


def digest(document: Mapping[str, Any]) -> str:
    """The SHA-256 of a document, the same whatever the order of its keys."""
    return hashlib.sha256(json.dumps(document, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
