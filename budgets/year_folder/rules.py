"""The rules of the year folder: one id per kind of finding, with what it is about in Dutch."""

from __future__ import annotations

from enum import StrEnum


class Rule(StrEnum):
    """The id that a finding carries; ``docs/year-folder.md`` lists them all."""

    FOLDER = "YF-FOLDER"
    FILE = "YF-FILE"
    SIZE = "YF-SIZE"
    ENCODING = "YF-ENCODING"
    TOML = "YF-TOML"
    FORMAT = "YF-FORMAT"
    KEY_UNKNOWN = "YF-KEY-UNKNOWN"
    KEY_MISSING = "YF-KEY-MISSING"
    VALUE = "YF-VALUE"
    TERMS = "YF-TERMS"
    HEADER = "YF-HEADER"
    COLUMN_UNKNOWN = "YF-COLUMN-UNKNOWN"
    COLUMN_MISSING = "YF-COLUMN-MISSING"
    ROW = "YF-ROW"
    CELL = "YF-CELL"
    DUPLICATE = "YF-DUPLICATE"
    REFERENCE = "YF-REFERENCE"
    OVERLAP = "YF-OVERLAP"
    DATES = "YF-DATES"
    ALLOCATION = "YF-ALLOCATION"
    TARIFF = "YF-TARIFF"
    PRODUCTS = "YF-PRODUCTS"
    OUTSIDE_YEAR = "YF-OUTSIDE-YEAR"
    CONSENT = "YF-CONSENT"
    ACTIVE = "YF-ACTIVE"
    MORE = "YF-MORE"
