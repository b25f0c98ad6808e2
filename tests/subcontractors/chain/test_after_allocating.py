"""What the floors above do with allocations that were just made: they hear their numbers, and can stop them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pytest

from lead_contractor.kernel.refusals import Conflict
from lead_contractor.kernel.tenancy import Scope
from subcontractors.chain import service
from subcontractors.chain.model import Asked, AskedProduct, Product, Size
from subcontractors.chain.versions import Change
from tests.subcontractors.chain.scene import AT, THUIS_VERDER, TIM, Chain, allocated, asked
from tests.subcontractors.chain.test_service import HOME, WHO, asked_for

Make = Callable[..., Chain]


def hearing(heard: list[str]) -> service.AfterAllocating:
    def after(scope: Scope, contract_id: int, numbers: Sequence[str]) -> None:
        assert contract_id == 1
        heard.extend(numbers)

    return after


def refusing(scope: Scope, contract_id: int, numbers: Sequence[str]) -> None:
    raise Conflict("boven de begroting")


def test_granting_allocating_and_changing_tell_which_allocations_they_made(small: Make):
    made, heard = small(allocated("1001")), list[str]()
    request_id = asked_for(made, made.request(asked("R1")))
    service.grant(made.scope, made.vault, 1, request_id, AT, WHO, after_allocating=hearing(heard))
    assert heard == ["500000000"]
    wanted = AskedProduct(
        Asked.REQUESTED, product=Product("02", "02A05"), start=date(2026, 1, 1), size=Size(4, "04", "4")
    )
    service.allocate(made.scope, made.vault, 1, TIM, THUIS_VERDER, wanted, HOME, AT, after_allocating=hearing(heard))
    assert heard == ["500000000", "500000001"]
    shorter = Change(end=date(2025, 9, 30))
    service.change(made.scope, made.vault, 1, "1001", shorter, AT, after_allocating=hearing(heard))
    assert heard[-1] == "1001"


def test_what_is_stopped_answers_no_request(small: Make):
    made = small(allocated("1001"))
    request_id = asked_for(made, made.request(asked("R1")))
    trial = made.scope.connection.begin_nested()
    with pytest.raises(Conflict, match="boven de begroting"):
        service.grant(made.scope, made.vault, 1, request_id, AT, WHO, after_allocating=refusing)
    trial.rollback()
    (waits,) = service.worklist(made.scope, made.vault, 1, date(2025, 6, 2))
    assert waits.id == request_id
