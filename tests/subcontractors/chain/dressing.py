"""Structurally valid messages as nobody would write them: at random, and our own in other clothes. Dice are seeded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random

from subcontractors.iwmo.document import Record, read_document, write_document
from subcontractors.iwmo.messages import MESSAGES
from subcontractors.iwmo.simple import Clock, Day, Simple, Whole
from subcontractors.iwmo.structure import Node, compiled
from tests.subcontractors.chain.scene import (
    ANNA,
    STRANGER,
    TIM,
    WIJKTEAM,
    Chain,
    asked,
    changed,
    new,
    size,
    start,
    stop,
    unchanged,
)
from tests.subcontractors.declarations.scene import debit, declared
from tests.subcontractors.iwmo.generator import record

RECEIVABLE = ("302", "305", "307", "315", "317", "320", "323")
SPACES = ("", "", " ", "\n\t ")
DAYS = ("0001-01-01", "0001-01-03", "9999-12-01", "9999-12-30", "9999-12-31", "2025-01-01", "2025-06-02", "2025-12-31")
MESSAGES_DATED = ("Header/BerichtIdentificatie/Dagtekening", "Header/DagtekeningRetour")


def at_random(dice: Random) -> bytes:
    """A message of any kind that may come in, with anything that its structure allows."""
    message = MESSAGES[dice.choice(RECEIVABLE)]
    made = record(message, dice)
    return write_document(message, dressed(compiled(message), made, dice, shaken=0.3))


def in_other_clothes(content: bytes, dice: Random, shaken: float = 0.0) -> bytes:
    """The same message with its values written otherwise, and now and then another day or number in it."""
    document = read_document(content)
    assert document.message is not None
    assert document.root is not None
    return write_document(document.message, dressed(compiled(document.message), document.root, dice, shaken))


def dressed(node: Node, made: Record, dice: Random, shaken: float) -> Record:
    """A record of a message with its values written otherwise; every so many of them is changed too."""
    kinds = {leaf.key: leaf.simple for leaf in node.leaves() if leaf.simple is not None}
    parts = {part.name: part for part in node.records()}
    values = {key: _written(key, kinds[key], text, dice, shaken) for key, text in made.values.items() if key in kinds}
    other = {key: text for key, text in made.values.items() if key not in kinds}
    records = tuple(dressed(parts[one.name], one, dice, shaken) for one in made.records)
    return Record(made.name, {**other, **values}, records)


def _written(key: str, kind: Simple, text: str, dice: Random, shaken: float) -> str:
    if not isinstance(kind, (Whole, Day, Clock)) or " " in text:
        return text
    if dice.random() < shaken:
        text = _another(key, kind, text, dice)
    if isinstance(kind, Whole) and not kind.written:
        text = (
            "-0" if not int(text) and dice.random() < 0.3 else dice.choice(("", "+", "000", "+0")) + text.lstrip("+-")
        )
    elif isinstance(kind, Clock) and "." not in text:
        text = text.strip() + dice.choice(("", ".0", ".123456789123"))
    dressed_text = dice.choice(SPACES) + text + dice.choice(SPACES)
    assert kind.wrong(dressed_text) is None, (kind.name, dressed_text)
    return dressed_text


def _another(key: str, kind: Simple, text: str, dice: Random) -> str:
    if isinstance(kind, Day):
        past = [day for day in DAYS if day < "2025-06-03"]
        return dice.choice(past if key in MESSAGES_DATED and dice.random() < 0.8 else DAYS)
    if isinstance(kind, Whole) and not kind.written:
        return str(dice.choice((kind.low, kind.high)))
    return text


def likely(made: Chain, dice: Random) -> Iterator[bytes]:
    """A message of each kind from a provider that means well, about who it knows."""
    bsn, number = dice.choice((TIM, TIM, ANNA, STRANGER)), dice.choice(("1001", "1001", "1002", ""))
    begin = dice.choice(("2025-03-01", "2025-04-01", "2025-01-01"))
    who = dice.choice(({}, {}, {"sender": WIJKTEAM}))
    name = f"X{dice.randrange(10**9)}"
    yield made.starts(start(begin, number, status=dice.choice("1113")), bsn=bsn, name=name, **who)
    yield made.stops(stop(begin, "2025-05-01", dice.choice(("19", "20")), number), bsn=bsn, name=name, **who)
    yield made.request(*(asked(f"{name}-{n}") for n in range(dice.randint(1, 3))), bsn=bsn, name=name, **who)
    own = [changed("1001", "2025-07-01", "2025-12-31", size(dice.choice((40, 60)))), new("02/02A05", "2025-07-01")]
    yield made.wish(name, unchanged("1002"), *own, bsn=bsn, name=name, **who)
    yield declared(f"D{name}"[:12], debit(f"L{name}"), identification=name, received=date(2025, 5, 6))
