"""The rules of an answer to a request (WMO319): a guard before ours leaves, and what a subcontractor reads it by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from subcontractors.chain.model import INVESTIGATED, Reply
from subcontractors.chain.rules import Rule


@dataclass(frozen=True, slots=True)
class ReplyFacts:
    """An answer and what is known of its reference: whether a request has it, earlier answers, an allocation."""

    reply: Reply
    requested: bool
    earlier: Sequence[Reply]
    allocated: bool


def tr355(facts: ReplyFacts) -> bool:
    """The reference is one of an earlier request."""
    return not facts.requested


def tr359(facts: ReplyFacts) -> bool:
    """No answer once an allocation was sent with the same reference."""
    return facts.allocated


def tr360(facts: ReplyFacts) -> bool:
    """'Under investigation' is said only as the first answer."""
    return facts.reply.answer == INVESTIGATED and bool(facts.earlier)


def tr365(facts: ReplyFacts) -> bool:
    """A second answer follows only on 'under investigation'."""
    return any(one.answer != INVESTIGATED for one in facts.earlier)


RULES: tuple[Rule[ReplyFacts], ...] = (
    Rule("TR355", "9355", tr355),
    Rule("TR359", "9359", tr359),
    Rule("TR360", "9360", tr360),
    Rule("TR365", "9365", tr365),
)
"""The rules of Antwoord (WMO319)."""
