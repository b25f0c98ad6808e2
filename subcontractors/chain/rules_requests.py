"""The rules of requests (WMO315, WMO317) against earlier messages and the allocations as they stand."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from subcontractors.chain.model import TOTAL, Asked, AskedProduct, Held, Request
from subcontractors.chain.overlap import Term, stacked
from subcontractors.chain.products import ProductList
from subcontractors.chain.rules import Rule

LAST_DAY_OLD_SIZES = date(2020, 12, 31)


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """A request and what it is held against.

    Attributes:
        request: the request.
        held: the allocations of this sender and client by number, removed ones too.
        client_known: whether the client has or had an allocation with this sender.
        used_references: the references of the sender's earlier requests.
        pending: whether an earlier request of this sender for this client waits for a final answer.
        today: the day that counts.
        products: the product list in use.
    """

    request: Request
    held: Mapping[str, Held]
    client_known: bool
    used_references: Collection[str]
    pending: bool
    today: date
    products: ProductList


@dataclass(frozen=True, slots=True)
class AskedFacts:
    """One product of a request."""

    whole: RequestFacts
    asked: AskedProduct

    @property
    def held(self) -> Held | None:
        """The allocation with its number, if this sender has it for this client and it holds or will hold."""
        found = self.whole.held.get(self.asked.number)
        return found if found is not None and found.actual_on(self.whole.today) else None


def tr304(facts: RequestFacts) -> bool:
    """The Bsn is one of a client of this sender."""
    return not facts.client_known


def tr347(facts: RequestFacts) -> bool:
    """The reference of a change was not used before by this sender."""
    return facts.request.reference in facts.used_references


def tr347_product(facts: AskedFacts) -> bool:
    """The reference of a requested product was not used before by this sender."""
    return facts.asked.reference in facts.whole.used_references


def tr349(facts: RequestFacts) -> bool:
    """A change names every allocation of the client that holds or will hold, as unchanged or as changed."""
    named = {one.number for one in (*facts.request.of(Asked.UNCHANGED), *facts.request.of(Asked.CHANGED))}
    return any(one.number not in named for one in facts.held.values() if one.actual_on(facts.today))


def tr350(facts: AskedFacts) -> bool:
    """An unchanged product is an allocation that holds or will hold."""
    return facts.held is None


tr351 = tr350
"""A changed product is an allocation that holds or will hold."""


def tr357(facts: AskedFacts) -> bool:
    """A change that does not lie in the future is one for the whole term: it begins where the allocation begins."""
    held, wished = facts.held, facts.asked.start
    return held is not None and wished is not None and wished <= facts.whole.request.dated and wished != held.start


def tr361(facts: RequestFacts) -> bool:
    """The products that result do not overlap with the same product."""
    terms = []
    for one in facts.request.products:
        held = facts.held.get(one.number)
        if one.asked is Asked.NEW and one.start is not None:
            terms.append(Term(one.product, one.start, one.end))
        elif held is not None and one.asked is Asked.UNCHANGED:
            terms.append(Term(held.product, held.start, held.end))
        elif held is not None and one.start is not None:
            terms.append(Term(held.product, one.start, one.end))
    return stacked(terms)


def tr373(facts: AskedFacts) -> bool:
    """A changed budget, or a changed total within the term, holds for the whole term."""
    held, asked = facts.held, facts.asked
    if held is None:
        return False
    budget = asked.budget is not None and asked.budget != held.budget
    total = (
        asked.size is not None
        and held.size is not None
        and TOTAL in (held.size.frequency, asked.size.frequency)
        and asked.size != held.size
    )
    return (budget or total) and asked.start != held.start


def tr374(facts: RequestFacts) -> bool:
    """No request while an earlier one for the same client waits for its final answer."""
    return facts.pending


def tr375(facts: AskedFacts) -> bool:
    """No size where the allocation names no product."""
    held = facts.held
    return held is not None and not held.product.category and facts.asked.size is not None and _recent(facts)


def tr381(facts: AskedFacts) -> bool:
    """The product code belongs to its category."""
    return facts.whole.products.fits(facts.asked.product) is False


def tr411(facts: AskedFacts) -> bool:
    """A size where the allocation names a product code."""
    held = facts.held
    return held is not None and bool(held.product.code) and facts.asked.size is None


def tr412(facts: AskedFacts) -> bool:
    """No size where the allocation names a category only."""
    held = facts.held
    return (
        held is not None
        and bool(held.product.category)
        and not held.product.code
        and facts.asked.size is not None
        and _recent(facts)
    )


def _recent(facts: AskedFacts) -> bool:
    """Until 2020 a size could stand without a code."""
    return facts.asked.end is None or facts.asked.end > LAST_DAY_OLD_SIZES


CLIENT_RULES_315: tuple[Rule[RequestFacts], ...] = (Rule("TR374", "9374", tr374),)
CLIENT_RULES_317: tuple[Rule[RequestFacts], ...] = (Rule("TR304", "8187", tr304), Rule("TR374", "9374", tr374))
"""The rules of Client in a WMO315 and a WMO317."""

WHOLE_RULES: tuple[Rule[RequestFacts], ...] = (
    Rule("TR347", "9347", tr347),
    Rule("TR349", "9349", tr349),
    Rule("TR361", "9361", tr361),
)
"""The rules of Verzoek (WMO317)."""

PRODUCT_RULES: dict[Asked, tuple[Rule[AskedFacts], ...]] = {
    Asked.REQUESTED: (Rule("TR347", "9347", tr347_product), Rule("TR381", "S329", tr381)),
    Asked.UNCHANGED: (Rule("TR350", "9350", tr350),),
    Asked.CHANGED: (
        Rule("TR351", "9351", tr351),
        Rule("TR357", "9357", tr357),
        Rule("TR373", "9373", tr373),
        Rule("TR375", "9375", tr375),
        Rule("TR411", "9411", tr411),
        Rule("TR412", "9412", tr412),
    ),
    Asked.NEW: (Rule("TR381", "S329", tr381),),
}
"""The rules of the products in a request, by the part in which they stand."""

RULES_315 = (*CLIENT_RULES_315, *PRODUCT_RULES[Asked.REQUESTED])
RULES_317 = (
    *CLIENT_RULES_317,
    *WHOLE_RULES,
    *(rule for asked in (Asked.UNCHANGED, Asked.CHANGED, Asked.NEW) for rule in PRODUCT_RULES[asked]),
)
RULES = (*RULES_315, *RULES_317)
