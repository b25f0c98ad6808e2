"""Hold any message against the rules of level 2, by the register.

The rules of declared lines (WMO323) are those of :mod:`subcontractors.iwmo.content`, which serve CSV and a million
lines as well; those of every other message are small functions over its classes. Return messages have no rules of this
level: what they repeat was checked when it came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from itertools import islice

from subcontractors.iwmo.content import LEVEL, MOST_PER_RULE, check_content
from subcontractors.iwmo.document import Document, Record, write_document
from subcontractors.iwmo.level2 import messages, people, products
from subcontractors.iwmo.level2.view import Place, Spot, Subject, subject
from subcontractors.iwmo.messages import RETURNS, WMO323
from subcontractors.iwmo.model import Fault
from subcontractors.iwmo.reader import read_by_walking
from subcontractors.iwmo.rules.model import Rule
from subcontractors.iwmo.rules.register import RULES
from subcontractors.iwmo.structure import Message

Check = Callable[[Place, Subject], Iterator[Spot]]
_MODULES = (people, products, messages)


def check_document(document: Document) -> tuple[Fault, ...]:
    """The faults of level 2 of a message that was read; none when its structure is wrong or it is a return message."""
    if document.message is None or document.root is None:
        return ()
    return check_root(document.message, document.root)


def check_root(message: Message, root: Record) -> tuple[Fault, ...]:
    """The faults of level 2 of a message by its records, in the order of the register."""
    if message in RETURNS.values():
        return ()
    if message is WMO323:
        incoming = read_by_walking(write_document(message, root))
        assert incoming.declaration is not None
        return (*incoming.faults, *check_content(incoming.declaration, incoming.lines))
    seen = subject(message, root)
    return tuple(
        Fault(rule.id, LEVEL, rule.words.text_nl, rule.words.remedy_nl, spot.path, reference=spot.reference)
        for rule, check in _checks(message)
        for spot in islice(_broken(rule, check, seen), MOST_PER_RULE)
    )


def _broken(rule: Rule, check: Check, seen: Subject) -> Iterator[Spot]:
    for name in rule.classes(seen.message.number):
        once = name in _ONCE.get(rule.id, ())
        for place in seen.all(name)[: 1 if once else None]:
            yield from check(place, seen)


_ONCE = {
    "TR302": ("ToegewezenProduct",),
    "TR386": ("AangevraagdProduct",),
    "TR410": ("NieuwProduct",),
}
"""Rules that compare all classes of a name with each other, so that one look is enough."""


@cache
def _checks(message: Message) -> tuple[tuple[Rule, Check], ...]:
    rules = [rule for rule in RULES if rule.level == LEVEL and message.number in rule.messages]
    return tuple((rule, implementation(rule)) for rule in rules)


def implementation(rule: Rule) -> Check:
    """The function over classes that the register names for a rule of level 2.

    Raises:
        LookupError: the rule has none; it is one of declared lines only.
    """
    for name in rule.where:
        module, _, function = name.rpartition(".")
        if any(module == one.__name__ for one in _MODULES):
            check: Check = getattr(import_module(module), function)
            return check
    raise LookupError(rule.id)
