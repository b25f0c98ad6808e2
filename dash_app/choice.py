"""What the address of the page chooses: a contract year, and the month up to which one looks at it.

An address is what a browser sent. It chooses among what the person may see; anything else is answered as not there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode

from flask import abort

from lead_contractor.access.model import Acting, Role
from lead_contractor.contract.store import StoredContract, contracts
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.parties.store import subcontractors

PREFIX = "/overleg/"
TABLES = f"{PREFIX}tabellen.xlsx"
WHAT_IF = f"{PREFIX}wat-als/"
MUNICIPALITIES = f"{PREFIX}gemeenten"
"""Where municipalities stand beside each other, for who may see more than one."""
FREEZE, ITEM, PACK = f"{PREFIX}prognose", f"{PREFIX}besluit", f"{PREFIX}vergaderstuk"
"""Where the page does something: freeze the forecast of a month, record what was decided, make a pack."""
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """A contract out of those that this person may see; ``until`` is ``None`` for the newest state.

    ``topic`` is the place in the agenda of the meeting itself; ``None`` looks at the whole page.
    """

    contract: StoredContract
    contracts: Sequence[StoredContract]
    until: Month | None
    topic: int | None = None


def visible_contracts(scope: Scope, person: Acting) -> list[StoredContract]:
    """The contracts of the lead contractor that this person may see.

    For a municipality only its own, for a provider those in which it is a subcontractor.
    """
    known = contracts(scope)
    if person.role is Role.MUNICIPALITY:
        return [one for one in known if one.municipality_code == person.party]
    if person.role is Role.PROVIDER:
        return [one for one in known if any(own.agb == person.party for own in subcontractors(scope, one.id))]
    return known


def chosen(scope: Scope, person: Acting, search: str | None) -> Choice | None:
    """What the query part of an address chooses; ``None`` where the person has no contract to see.

    Raises:
        NotFound: the address names a contract that is not theirs, or no month.
    """
    known = visible_contracts(scope, person)
    asked = _asked(search)
    if not known:
        return None if "contract" not in asked else abort(404)
    by_id = {str(one.id): one for one in known}
    contract = by_id.get(asked["contract"]) if "contract" in asked else known[0]
    if contract is None:
        abort(404)
    try:
        until = Month.parse(asked["until"]) if "until" in asked else None
    except ValueError:
        abort(404)
    topic = asked.get("agenda")
    if topic is not None and not (topic.isascii() and topic.isdigit() and len(topic) <= 2):  # noqa: PLR2004
        abort(404)
    if topic is None or person.role is Role.PROVIDER:  # who is not at the meeting has no agenda of it
        return Choice(contract, known, until)
    return Choice(contract, known, until, int(topic))


def address(contract_id: int, until: Month | None = None, topic: int | None = None) -> str:
    """The address of the page for a contract and a month, or of a subject of its meeting."""
    return f"{PREFIX}?{query(contract_id, until, topic)}"


def query(contract_id: int, until: Month | None = None, topic: int | None = None) -> str:
    """The query part of such an address."""
    asked = {"contract": str(contract_id)} | ({} if until is None else {"until": str(until)})
    return urlencode(asked | ({} if topic is None else {"agenda": str(topic)}))


def _asked(search: object) -> dict[str, str]:
    """The parameters of an address; each may stand in it once."""
    if search is None:
        return {}
    if not isinstance(search, str) or len(search) > _LONGEST:
        abort(404)
    found = parse_qs(search.removeprefix("?"), max_num_fields=10)
    if any(len(values) > 1 for values in found.values()):
        abort(404)
    return {name: values[0] for name, values in found.items()}
