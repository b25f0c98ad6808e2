"""Return codes of iWmo 3.2: the list of the standard, their order, and the way to what they tell."""

from __future__ import annotations

from collections.abc import Iterable

from subcontractors.iwmo.code_lists import RETURN_CODES as _ALL
from subcontractors.iwmo.reasons import CODES, Code, Reason

RETURN_CODES = _ALL
"""All return codes of the release (code list WJ001)."""

REFUSED_CONTENT = "0001"
NO_REMARK = "0200"
NOT_ASSESSED = "0233"
FULLY_GRANTED = "8001"
UNKNOWN_CLIENT = "8187"

RULES_VERSION = "1.0.0"
"""The version of our own rules of level 2, told as XsltVersie where they refuse a message (IV028, IV033, IV087)."""

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


def header_codes(codes: Iterable[str]) -> tuple[str, ...]:
    """The codes of a header that is returned alone; empty where nothing is wrong with it.

    The id of a broken rule of level 2 becomes 0001, which stands by itself: what breaks that level is not held against
    later ones (IV032, IV088). 0200 and 0233 refuse nothing.
    """
    wrong = in_order(
        code if code in RETURN_CODES else REFUSED_CONTENT for code in codes if code not in (NO_REMARK, NOT_ASSESSED)
    )
    return (REFUSED_CONTENT,) if REFUSED_CONTENT in wrong else wrong


def in_order(codes: Iterable[str]) -> tuple[str, ...]:
    """Codes without doubles in the order of the TR numbers."""
    return tuple(sorted(set(codes), key=lambda code: (_ORDER.get(code, len(_ORDER)), code)))
