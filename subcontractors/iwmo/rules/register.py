"""The one register of rules: what each tells people, where it is implemented and which test proves it."""

from __future__ import annotations

from dataclasses import replace

from subcontractors.iwmo.rules import (
    earlier_first,
    earlier_later,
    formats,
    inside_conditions,
    inside_technical,
)
from subcontractors.iwmo.rules.model import Rule
from subcontractors.iwmo.rules.proof import PROOFS


def _proved(rule: Rule) -> Rule:
    proof = PROOFS.get(rule.id)
    return rule if proof is None else replace(rule, where=proof.where, test=proof.test)


RULES: tuple[Rule, ...] = tuple(
    _proved(rule)
    for rule in (
        *formats.RULES,
        *inside_conditions.RULES,
        *inside_technical.RULES,
        *earlier_first.RULES,
        *earlier_later.RULES,
    )
)
"""Every rule, level 1 first; within levels 2 and beyond in the order of their ids."""

BY_ID = {rule.id: rule for rule in RULES}
"""Every rule by its id."""
