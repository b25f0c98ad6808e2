"""The egalisation reserve from one year to the next: the opening balance is the closing balance of the year before."""

from __future__ import annotations

from budgets.settlement.store import latest
from lead_contractor.contract.model import Contract
from lead_contractor.contract.store import contracts
from lead_contractor.kernel.findings import Finding
from lead_contractor.kernel.money import Cents, euros_nl, euros_text
from lead_contractor.kernel.tenancy import Scope


def opening_balance_findings(scope: Scope, contract: Contract) -> tuple[Finding, ...]:
    """An error when the opening balance differs from the known closing balance of the year before (rule 28)."""
    reserve = contract.settlement.reserve
    if reserve is None:
        return ()
    for earlier in contracts(scope):
        if earlier.year != contract.year - 1 or earlier.municipality_code != contract.municipality.code:
            continue
        settled = latest(scope, earlier.id)
        if settled is None:
            continue
        closing = Cents(int(settled.result["reserve"]["closing"]))
        if closing != reserve.opening_balance:
            return (
                Finding(
                    "settlement.reserve.opening_balance",
                    f"De beginstand van de reserve is {euros_nl(reserve.opening_balance)}, maar "
                    f"{earlier.code} sloot op {euros_nl(closing)}.",
                    f'Zet opening_balance = "{euros_text(closing)}", of reken {earlier.code} opnieuw af.',
                    file="contract.toml",
                    column="settlement.reserve.opening_balance",
                ),
            )
    return ()
