"""What is suggested for a file under pre-check: gathers what the provider has agreed, and asks the rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from lead_contractor.allocation.model import number_key
from lead_contractor.clients.store import ClientIndex
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from subcontractors.agreements.model import Tariff
from subcontractors.agreements.standing import agreed_tariffs
from subcontractors.declarations.model import Status
from subcontractors.declarations.suggestions import Allocated, Known, Suggestion, format_suggestions, suggest
from subcontractors.portal.allocations import OwnAllocation, own_allocations
from subcontractors.portal.model import Draft, Provider, Verdict
from subcontractors.portal.repair import table_of

MOST = 5_000
"""For so many refused lines at most something is suggested; more is a file to repair where it was made."""


def suggested(
    scope: Scope, vault: Vault, who: Provider, draft: Draft, messages: Sequence[Verdict]
) -> tuple[Suggestion, ...]:
    """The right values where they can be known: of the writing when the file cannot be read, else of the lines."""
    if any(one.status is Status.REFUSED_STRUCTURE for one in messages):
        table = table_of(draft.name, draft.content)
        held = agreed_tariffs(scope, draft.contract_id, who.agb)
        return () if table is None else format_suggestions(table, held)[:MOST]
    if not any(one.refused for one in messages):
        return ()
    by_client: dict[str, list[Allocated]] = {}
    refused = {line.bsn for one in messages for line in one.refused}
    clients = set(ClientIndex(scope, vault).ids_of(refused).values())
    for own in own_allocations(scope, vault, draft.contract_id, who.agb, clients=clients):
        by_client.setdefault(own.bsn, []).append(_allocated(own))
    held = agreed_tariffs(scope, draft.contract_id, who.agb)
    return tuple(_of_lines(messages, by_client, held))


def _of_lines(
    messages: Sequence[Verdict], by_client: dict[str, list[Allocated]], held: tuple[Tariff, ...]
) -> Iterator[Suggestion]:
    asked = [(one, line) for one in messages for line in one.refused][:MOST]
    taken = {
        (one.number, number_key(x.allocation), x.product_code, x.period_from) for one in messages for x in one.lines
    }
    for one, line in asked:
        known = Known(tuple(by_client.get(line.bsn, ())), held)
        for found in suggest(line, line.codes, known):
            if found.column == "allocation" and (one.number, found.new, line.product_code, line.period_from) in taken:
                continue  # two lines for one allocation and period are refused together (TR416)
            yield replace(found, declaration=one.number, position=line.position)


def _allocated(own: OwnAllocation) -> Allocated:
    return Allocated(own.key, own.category, own.product_code, own.unit, own.start, own.end)
