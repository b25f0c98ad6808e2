"""What each return code tells a sender, as the register of rules has it, in the order of the TR numbers.

Every entry names the rule of the standard, the control level (2 inside the message, 3 against earlier messages, 4
against an outside source), the code, and reason and remedy in Dutch and English. The general codes, without a rule of
their own, stand first.
"""

from __future__ import annotations

from typing import NamedTuple

from subcontractors.iwmo.rules.general import GENERAL
from subcontractors.iwmo.rules.model import Words
from subcontractors.iwmo.rules.register import RULES

Reason = Words
"""What a code tells: text and remedy, Dutch and English."""


INSIDE = 2
"""The rules up to this level have no return code of their own."""


class Code(NamedTuple):
    """One return code with the rule behind it; ``rule`` is empty for the four general codes."""

    rule: str
    level: int
    code: str
    reason: Words


CODES: tuple[Code, ...] = (
    *(Code("", level, code, words) for level, code, words in GENERAL),
    *(Code(rule.id, rule.level, rule.code, rule.words) for rule in RULES if rule.level > INSIDE and rule.code),
)
"""The codes that Hoofdsom gives or explains, in the order of the TR numbers."""
