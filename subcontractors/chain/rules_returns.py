"""The rules by which who declared reads the answer (WMO325), and by which ours is guarded before it leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from subcontractors.chain.rules import Rule
from subcontractors.declarations.model import Declaration, Line
from subcontractors.iwmo.model import Answer


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration as it was sent, with its lines."""

    declaration: Declaration
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """An answer, and the declarations that were sent, by their message identification."""

    answer: Answer
    sent: Mapping[str, Declared]

    @property
    def declared(self) -> Declared | None:
        """The declaration that it answers; the day of the message has to be the same too."""
        found = self.sent.get(self.answer.declaration_identification)
        return found if found and found.declaration.received == self.answer.declaration_dated else None

    @property
    def refused(self) -> tuple[Line, ...]:
        """The refused lines in the answer."""
        part = self.answer.declaration
        return tuple(one.line for client in part.clients for one in client.lines) if part else ()


def tr304(facts: AnswerFacts) -> bool:
    """Every client in the answer is one of the declaration."""
    declared = facts.declared
    known = {line.bsn for line in declared.lines} if declared else set()
    return declared is not None and any(line.bsn not in known for line in facts.refused)


def tr337(facts: AnswerFacts) -> bool:
    """The answer is about a declaration message that was sent."""
    return facts.declared is None


def tr366(facts: AnswerFacts) -> bool:
    """Every refused line is one of the declaration, by its reference."""
    declared = facts.declared
    known = {line.reference for line in declared.lines} if declared else set()
    return declared is not None and any(line.reference not in known for line in facts.refused)


def tr367(facts: AnswerFacts) -> bool:
    """A refused line repeats what was declared."""
    declared = facts.declared
    if declared is None:
        return False
    known = {line.reference: _content(line) for line in declared.lines}
    return any(known.get(line.reference, _content(line)) != _content(line) for line in facts.refused)


def _content(line: Line) -> tuple[object, ...]:
    return (
        line.bsn,
        line.previous_reference,
        line.allocation,
        line.category,
        line.product_code,
        line.period_from,
        line.period_to,
        line.volume,
        line.unit,
        line.tariff,
        line.amount,
        line.credit,
    )


def tr371(facts: AnswerFacts) -> bool:
    """The versions are those of the declaration message."""
    declared = facts.declared
    return declared is not None and declared.declaration.xsd_versions != facts.answer.declaration_xsd_versions


def tr376(facts: AnswerFacts) -> bool:
    """The declaration number is that of the declaration."""
    declared, part = facts.declared, facts.answer.declaration
    return declared is not None and part is not None and declared.declaration.number != part.number


RULES: tuple[Rule[AnswerFacts], ...] = (
    Rule("TR304", "8187", tr304),
    Rule("TR337", "", tr337),
    Rule("TR366", "9366", tr366),
    Rule("TR367", "9367", tr367),
    Rule("TR371", "", tr371),
    Rule("TR376", "", tr376),
)
"""The rules of a WMO325 against what was declared."""
