"""Returns (WMO302, WMO320) on what we sent: which message they answer, and what they say."""

from __future__ import annotations

from datetime import date

from lead_contractor.kernel.tenancy import Scope
from subcontractors.chain.tables import sent_message
from subcontractors.iwmo.document import Document
from subcontractors.iwmo.returns import read_return

ANSWERS = {"302": "301", "320": "319"}


def match_return(scope: Scope, contract_id: int, document: Document, received: date) -> str:
    """Note a return with the message that it answers; empty text, or in Dutch why that cannot be done."""
    assert document.message is not None
    assert document.root is not None
    kind = ANSWERS[document.message.number]
    name = document.root.get("Header/BerichtIdentificatie/Identificatie")
    receiver = document.root.get("Header/Ontvanger")
    row = scope.one(
        scope.select(sent_message.c.id, sent_message.c.returned_on).where(
            sent_message.c.contract_id == contract_id,
            sent_message.c.kind == kind,
            sent_message.c.receiver == receiver,
            sent_message.c.identification == name,
        )
    )
    if row is None:
        return f"retour op een WMO{kind} met kenmerk {name} dat wij niet hebben verstuurd"
    if row.returned_on is not None:
        return f"tweede retour op WMO{kind} {name}; de eerste telt (IV028)"
    said = read_return(document)
    codes = {"Header": list(said.header), **{place: list(own) for place, own in said.classes.items()}}
    scope.update(
        sent_message,
        {"id": row.id},
        returned_on=received,
        approved=said.approved,
        return_codes={place: own for place, own in codes.items() if own},
    )
    return ""
