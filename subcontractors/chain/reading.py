"""Read the messages of the chain that are no declaration, start or stop: requests, and returns on what we sent."""

from __future__ import annotations

import re
from datetime import date
from typing import BinaryIO

from subcontractors.chain.parts import envelope_of, texts_of
from subcontractors.declarations.incoming import STRUCTURE, Incoming, hash_of_bytes
from subcontractors.iwmo.document import Document, read_document
from subcontractors.iwmo.level2.check import check_document
from subcontractors.iwmo.messages import ALL, RECEIVED, WMO302, WMO315, WMO317, WMO320
from subcontractors.iwmo.model import Fault
from subcontractors.iwmo.simple import day_from
from subcontractors.iwmo.walk import LIMIT

REQUESTS = (WMO315, WMO317)
OUR_RETURNS = (WMO302, WMO320)
"""Returns on what we sent."""

_NAMESPACE = re.compile(rb"/iwmo/[0-9_]+/wmo([0-9]{3})/schema", re.IGNORECASE)
_OTHERS = {message.number: message for message in ALL if message not in RECEIVED}


def is_chain_message(start: bytes) -> bool:
    """Whether a file that begins so holds another message of the chain than a declaration, start or stop."""
    return any(found.decode() in _OTHERS for found in _NAMESPACE.findall(start))


def read_chain_message(source: BinaryIO | bytes, *, limit: int = LIMIT) -> Incoming:
    """Read a WMO302, 315, 317 or 320; nothing is raised for bad content.

    A message that goes the other way (WMO301, 306, 325 …) is refused: it is not ours to receive.
    """
    document = read_document(source, limit=limit)
    kind = "" if document.message is None else document.message.number
    if document.root is None:
        return Incoming(kind=kind, faults=document.faults, content_hash=document.sha256, remarks=document.remarks)
    envelope = envelope_of(document)
    ours = document.message in (*REQUESTS, *OUR_RETURNS)
    returned = document.message in OUR_RETURNS
    return Incoming(
        kind=kind,
        faults=check_document(document) if ours else (_wrong_way(kind),),
        sender=envelope.receiver if returned else envelope.sender,
        identification=document.root.get("Header/IdentificatieRetour") if returned else envelope.identification,
        received=_day_of(document, returned=returned),
        content_hash=hash_of_bytes("\x1f".join(texts_of(document.root)).encode()),
        remarks=document.remarks,
        document=document if ours else None,
    )


def _day_of(document: Document, *, returned: bool) -> date:
    assert document.root is not None
    day = document.root.get("Header/DagtekeningRetour") if returned else ""
    return day_from(day) if day else envelope_of(document).dated


def _wrong_way(kind: str) -> Fault:
    return Fault(
        "RICHTING",
        STRUCTURE,
        f"Een WMO{kind} gaat van de hoofdaannemer naar de aanbieder, niet andersom.",
        "Stuur een declaratie (323), start (305), stop (307), verzoek (315, 317) of retour op ons bericht (302, 320).",
    )
