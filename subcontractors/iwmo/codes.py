"""Return codes of iWmo 3.2: the list of the standard, their order, and the way to what they tell."""

from __future__ import annotations

from collections.abc import Iterable

from subcontractors.iwmo.reasons import CODES, Code, Reason

_WJ001 = """
0001 0200 0233 0611 8001 8017 8021 8187 8214 8848 9019 9056 9063 9069 9071
9074 9307 9308 9319 9321 9322 9326 9332 9333 9338 9339 9340 9341 9346 9347
9349 9350 9351 9355 9357 9359 9360 9361 9365 9366 9367 9369 9373 9374 9375
9379 9384 9385 9387 9388 9389 9390 9411 9412 9413 9414 9415 S300 S329
"""

RETURN_CODES = tuple(_WJ001.split())
"""All return codes of the release (code list WJ001)."""

REFUSED_CONTENT = "0001"
NO_REMARK = "0200"
NOT_ASSESSED = "0233"
FULLY_GRANTED = "8001"
UNKNOWN_CLIENT = "8187"

_BY_CODE = {entry.code: entry for entry in CODES}
_BY_RULE = {entry.rule: entry for entry in CODES if entry.rule}
_ORDER = {entry.code: position for position, entry in enumerate(CODES)}


def entry(code_or_rule: str) -> Code:
    """The entry of a return code (``9338``) or of the rule behind it (``TR338``).

    Raises:
        KeyError: the code or rule is not one that Hoofdsom gives.
    """
    return _BY_CODE.get(code_or_rule) or _BY_RULE[code_or_rule]


def reason(code_or_rule: str) -> Reason:
    """Reason and remedy in Dutch and English: ``(text_nl, remedy_nl, text_en, remedy_en)``.

    A rule of level 2 (``TR358``, ``CS002``) has no code of its own and gets the words of 0001.

    Raises:
        KeyError: a return code that Hoofdsom does not give.
    """
    if code_or_rule[:2] in ("TR", "CS", "CD") and code_or_rule not in _BY_RULE:
        return _BY_CODE[REFUSED_CONTENT].reason
    return entry(code_or_rule).reason


def in_order(codes: Iterable[str]) -> tuple[str, ...]:
    """Codes without doubles in the order of the TR numbers."""
    return tuple(sorted(set(codes), key=lambda code: (_ORDER.get(code, len(_ORDER)), code)))
