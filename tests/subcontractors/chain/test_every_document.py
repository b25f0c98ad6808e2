"""Whatever fits the structure of the standard is judged, stored and answered: no value in it brings the intake down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from random import Random

import pytest

from lead_contractor.kernel.refusals import Refusal
from subcontractors.chain import outbox, service
from subcontractors.declarations.model import Status
from subcontractors.iwmo.document import read_document, write_document
from subcontractors.iwmo.returns import make_return
from tests.subcontractors.chain.dressing import RECEIVABLE, at_random, in_other_clothes, likely
from tests.subcontractors.chain.receiving import HOME
from tests.subcontractors.chain.scene import ANNA, AT, Chain, allocated

WHO = "regie@voorbeeld.example"
DAY = date(2025, 6, 2)


def documents(made: Chain, dice: Random, shaken: float) -> Iterator[bytes]:
    """Messages at random, likely ones in other clothes, and returns on what we sent."""
    yield from (at_random(dice) for _ in range(4))
    yield from (in_other_clothes(content, dice, shaken) for content in likely(made, dice))
    for n, (_, content) in enumerate(outbox.sent_messages(made.scope, made.vault, made.contract_id)):
        if dice.random() < 0.2:
            answer = make_return(read_document(content), {}, identification=f"R{dice.randrange(9**9)}", dated=DAY)
            assert answer.message is not None
            assert answer.root is not None
            yield in_other_clothes(write_document(answer.message, answer.root), dice, shaken / 10 if n else 0)


def decide(made: Chain, dice: Random) -> None:
    """Answer a request that waits; what refuses is undone, as its transaction would be."""
    for one in service.worklist(made.scope, made.vault, made.contract_id, DAY)[:2]:
        step = made.scope.connection.begin_nested()
        try:
            service.fill_card(made.scope, made.vault, made.contract_id, one.id, HOME)
            if dice.random() < 0.6:
                service.grant(
                    made.scope, made.vault, made.contract_id, one.id, AT, WHO, numbers=[str(dice.randrange(10**9))] * 9
                )
            else:
                service.reject(made.scope, made.vault, made.contract_id, one.id, AT, WHO, "2")
            step.commit()
        except Refusal:
            step.rollback()


def run(made: Chain, dice: Random, rounds: int) -> set[tuple[str, Status]]:
    """Rounds of a handful of messages in one upload; what became of each kind."""
    found: set[tuple[str, Status]] = set()
    for _ in range(rounds):
        live = dice.choice((None, DAY))
        contents = list(documents(made, dice, dice.choice((0.0, 0.05, 0.3))))
        heads = made.take(*contents, received=live)
        assert len(heads) == len(contents)
        found |= {(head.came.kind, head.status) for head in heads}
        mine = [head.id for head in heads]
        for _, content in outbox.return_messages(made.scope, made.vault, made.contract_id, DAY, only=mine):
            assert read_document(content).faults == ()
        decide(made, dice)
        outbox.troubles(made.scope, made.contract_id, DAY)
    return found


@pytest.mark.parametrize("mode", ["dialect", "strict"])
def test_every_document_is_judged_stored_and_answered(chain: Callable[..., Chain], mode: str):
    made = chain(allocated("1001"), allocated("1002", product_code="02A17"), allocated("1003", bsn=ANNA), mode=mode)
    found = run(made, Random(mode), rounds=12)
    assert {kind for kind, _ in found} >= set(RECEIVABLE)
    assert {kind for kind, status in found if status is Status.ANSWERED} >= {"305", "307", "315", "317", "323"}
