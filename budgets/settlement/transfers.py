"""The postings that the settlement itself makes, as intents; each is above zero and names its clause."""

from __future__ import annotations

from collections.abc import Iterable

from budgets.settlement.model import CostParts, Deficit, Surplus, Transfer
from lead_contractor.books import accounts

OVERHEAD_CAP = "settlement.overhead.cap_percent"
MARGIN_CAP = "settlement.margin.cap_percent"
MARGIN_EXCESS = "settlement.margin.excess"
RESERVE_MAXIMUM = "settlement.reserve.max_percent"
RESERVE = "settlement.reserve"
DEFICIT_BANDS = "settlement.deficit.bands"


def cost_transfers(cost: CostParts) -> tuple[Transfer, ...]:
    """Overhead above its cap moves from overhead to cost that does not count."""
    return _above_zero(
        [
            Transfer(
                accounts.COST_NOT_ELIGIBLE,
                accounts.COST_OVERHEAD,
                cost.overhead_above_cap,
                OVERHEAD_CAP,
                "Overhead boven het maximum telt niet mee.",
            )
        ]
    )


def surplus_transfers(surplus: Surplus) -> tuple[Transfer, ...]:
    """What is repaid, set aside for investment and added to the reserve."""
    return _above_zero(
        [
            Transfer(
                accounts.SETTLEMENT_REPAID,
                accounts.MUNICIPALITY,
                surplus.repaid,
                MARGIN_CAP,
                "Resultaat boven de winstbegrenzing gaat terug naar de gemeente.",
            ),
            Transfer(
                accounts.SETTLEMENT_INVESTED,
                accounts.INVESTMENT_FUND,
                surplus.invested,
                MARGIN_EXCESS,
                "Resultaat boven de winstbegrenzing wordt geïnvesteerd.",
            ),
            Transfer(
                accounts.RESERVE_MOVEMENT,
                accounts.RESERVE,
                surplus.added_to_reserve,
                RESERVE_MAXIMUM,
                "Resultaat boven de winstbegrenzing gaat naar de egalisatiereserve.",
            ),
        ]
    )


def deficit_transfers(deficit: Deficit) -> tuple[Transfer, ...]:
    """What the reserve pays and what the municipality bears."""
    return _above_zero(
        [
            Transfer(
                accounts.RESERVE,
                accounts.RESERVE_MOVEMENT,
                deficit.reserve_used,
                RESERVE,
                "De egalisatiereserve vangt het tekort als eerste op.",
            ),
            Transfer(
                accounts.MUNICIPALITY,
                accounts.SETTLEMENT_DEFICIT_MUNICIPALITY,
                deficit.municipality,
                DEFICIT_BANDS,
                "De gemeente draagt haar deel van het tekort.",
            ),
        ]
    )


def _above_zero(transfers: Iterable[Transfer]) -> tuple[Transfer, ...]:
    return tuple(transfer for transfer in transfers if transfer.cents > 0)
