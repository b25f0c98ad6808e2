"""Both ways: what we send is read by who receives it, and the answer comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from subcontractors.chain import outbox, service
from subcontractors.chain.cards import save_card
from subcontractors.chain.parts import allotted_of
from subcontractors.chain.provider import answer_message
from subcontractors.iwmo.document import read_document, write_document
from tests.subcontractors.chain.receiving import (
    HOME,
    TODAY,
    had,
    knows,
)
from tests.subcontractors.chain.scene import AT, TIM, Chain, allocated, asked


def test_both_ways_what_we_send_is_accepted_by_who_receives_it(chain: Callable[..., Chain]):
    made = chain(allocated("1001"))
    made.one(made.request(asked("R1")))
    (one,) = service.worklist(made.scope, made.vault, 1, TODAY)
    save_card(made.scope, made.vault, made.client(TIM), HOME)
    sent = service.grant(made.scope, made.vault, 1, one.id, AT, "x")
    document = read_document(sent.content)
    loaded = allotted_of(document)[0]
    known = knows(references={"R1": TIM}, **had(replace(loaded, decided="2025-01-01T00:00:00")))
    answer = answer_message(document, known, TODAY, "RET1")
    assert answer.message is not None
    assert answer.root is not None
    made.take(write_document(answer.message, answer.root))
    assert outbox.troubles(made.scope, 1, date(2025, 7, 1)) == []
