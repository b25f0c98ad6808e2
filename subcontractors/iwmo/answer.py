"""Make the answer to a declaration (WMO325) out of a verdict, as IV087 and TR342 lay down.

Pure: the verdict is decided elsewhere; here it only gets its place in the message.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from lead_contractor.kernel.money import ZERO
from subcontractors.declarations.model import Declaration, Line
from subcontractors.iwmo.codes import (
    FULLY_GRANTED,
    NO_REMARK,
    NOT_ASSESSED,
    REFUSED_CONTENT,
    RULES_VERSION,
    UNKNOWN_CLIENT,
    header_codes,
    in_order,
)
from subcontractors.iwmo.model import Answer, AnsweredClient, AnsweredDeclaration, RefusedLine
from subcontractors.iwmo.writer import by_client, claimed_total


def answer_325(
    declaration: Declaration,
    lines: Sequence[Line],
    *,
    identification: str,
    dated: date,
    line_codes: Mapping[int, Sequence[str]] | None = None,
    message_codes: Iterable[str] = (),
    declaration_codes: Iterable[str] = (),
    unknown_bsns: Collection[str] = (),
    municipality: str = "",
) -> Answer:
    """Make the answer to one declaration.

    Args:
        declaration: the declaration as it was read.
        lines: all its lines.
        identification: our own message identification, at most 12 characters.
        dated: the day of our answer.
        line_codes: return codes by the position of a line; a line without codes is accepted.
        message_codes: return codes of the header, or ids of level-2 rules, which all become 0001; then only
            the header is returned, with 0001 the version of our rules too (IV087).
        declaration_codes: codes that refuse the declaration class (9333, 8214); 8001 and 0200 refuse nothing.
        unknown_bsns: clients that the sender does not have: 8187 on the client, 0233 on each of its lines.
        municipality: the sending code, where the declaration itself names none (CSV).
    """
    wrong = header_codes(message_codes)
    refusing = in_order(code for code in declaration_codes if code not in (FULLY_GRANTED, NO_REMARK))
    part = None
    if not wrong:
        part = _part(declaration, lines, line_codes or {}, refusing, unknown_bsns)
    return Answer(
        sender=municipality or declaration.receiver,
        receiver=declaration.sender,
        identification=identification,
        dated=dated,
        declaration_identification=declaration.identification,
        declaration_dated=declaration.received,
        declaration_xsd_versions=declaration.xsd_versions,
        codes=wrong or (NO_REMARK,),
        declaration=part,
        xslt_version=RULES_VERSION if REFUSED_CONTENT in wrong else "",
    )


def _part(
    declaration: Declaration,
    lines: Sequence[Line],
    line_codes: Mapping[int, Sequence[str]],
    refusing: tuple[str, ...],
    unknown_bsns: Collection[str],
) -> AnsweredDeclaration:
    submitted = claimed_total(lines) if declaration.total is None else declaration.total
    if refusing:
        return AnsweredDeclaration(declaration.number, submitted, ZERO, refusing)
    clients = tuple(
        client
        for bsn, own in by_client(lines).items()
        if (client := _client(bsn, own, line_codes, unknown=bsn in unknown_bsns)).lines
    )
    refused = claimed_total(refused.line for client in clients for refused in client.lines)
    codes = (NO_REMARK,) if clients else (FULLY_GRANTED,)
    return AnsweredDeclaration(declaration.number, submitted, submitted - refused, codes, clients)


def _client(
    bsn: str, lines: Sequence[Line], line_codes: Mapping[int, Sequence[str]], *, unknown: bool
) -> AnsweredClient:
    if unknown:
        return AnsweredClient(bsn, (UNKNOWN_CLIENT,), tuple(RefusedLine(line, (NOT_ASSESSED,)) for line in lines))
    refused = tuple(RefusedLine(line, in_order(codes)) for line in lines if (codes := line_codes.get(line.position)))
    return AnsweredClient(bsn, (NO_REMARK,), refused)
