"""Names and marks of what is written and stored: nothing that a sender writes leads elsewhere or gives a BSN away."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date

from subcontractors.declarations.answers import messages_325
from subcontractors.declarations.reader import read_file
from subcontractors.declarations.tables import message, message_file
from tests.subcontractors.declarations.scene import Contract, allocated, debit, declared


def names(of: Contract) -> list[str]:
    return [name for name, _ in messages_325(of.scope, of.vault, of.contract_id, "1911", date(2026, 6, 30))]


def test_an_identification_with_a_slash_stays_in_its_folder(contract):
    thuis_verder = contract(allocated("1001"))
    thuis_verder.take_in([("a.xml", declared("D1", debit("R1"), identification="../../x"))])
    assert names(thuis_verder) == ["325-65656055-______x.xml"]


def test_an_identification_that_was_refused_and_sent_again_gives_two_answers(contract):
    thuis_verder = contract(allocated("1001"))
    wrong = declared("D1", replace(debit("R1"), bsn="999900007"), identification="B1")
    thuis_verder.take_in([("a.xml", wrong), ("b.xml", declared("D1", debit("R1"), identification="B1"))])
    assert sorted(names(thuis_verder)) == ["325-65656055-B1-2.xml", "325-65656055-B1.xml"]


def test_no_hash_that_can_be_made_without_the_key_is_stored(contract):
    thuis_verder = contract(allocated("1001"))
    content = declared("D1", debit("R1"))
    thuis_verder.take_in([("a.xml", content)])
    (came,) = read_file("a.xml", content)
    scope = thuis_verder.scope
    assert scope.one(scope.select(message.c.content_hash)).content_hash == thuis_verder.vault.fingerprint(
        came.content_hash
    )
    assert scope.one(scope.select(message_file.c.sha256)).sha256 != hashlib.sha256(content).hexdigest()
