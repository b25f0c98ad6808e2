"""The two TOML files: the contract with the municipality and the agreements with the subcontractors, as text."""

from __future__ import annotations

from budgets.example import names, outcome
from budgets.example.outcome import Targets
from budgets.example.plan import YEAR, Plan
from budgets.example.providers import Provider
from budgets.example.realised import contracted_fte
from budgets.example.trajectories import EARLY_STOP, GUARANTEE_DAYS, PERCENTS
from lead_contractor.kernel.money import Cents, euros_text
from subcontractors.agreements.model import FormCode

CUT_OFF = f"{YEAR + 1}-03-31"
CORRECTIONS_UNTIL = f"{YEAR + 1}-05-31"


_MEETING = """
[meeting]
direction = { pxq = "70", fte = "10", lump_sum = "10", trajectory = "10" }
waiting_norm_days = 42
waiting_norms = { "01" = 28 }
"""


def contract_toml(plan: Plan, targets: Targets) -> str:
    """The text of ``contract.toml``."""
    wanted = plan.calibration
    price = "" if wanted.price_per_unit is None else f'price_per_unit = "{euros_text(wanted.price_per_unit)}"\n'
    return f"""\
# Verzonnen gegevens: geen bestaande gemeente, organisatie of persoon.
format = 1
id = "{plan.contract_id}"
year = {YEAR}

[municipality]
name = "{names.MUNICIPALITY_NAME}"
code = "{names.MUNICIPALITY_CODE}"
sees = "products"

[lead_contractor]
name = "{plan.lead_name}"
agb = "{plan.lead_agb}"
kvk = "{names.kvk(plan.index)}"

[lump_sum]
amount = "{euros_text(plan.scaled(wanted.lump_sum))}"
first_month = 1
last_month = 12
proration = "months"

[lump_sum.indexation]
method = "difference"
weights = {{ OVA = "0.90", PPC = "0.10" }}
decimals = 2
first_contract_year = false

[lump_sum.volume]
baseline = {targets.baseline}
{price}measure = "average_of_quarter_ends"
corridor_percent = "{wanted.corridor_percent}"
corridor_mode = "excess"

[[lump_sum.deductions]]
month = {outcome.DEDUCTION_MONTH}
percent = "{outcome.DEDUCTION_PERCENT}"
reason = "kwartaalrapportage te laat"

[settlement]
cut_off = {CUT_OFF}
corrections_until = {CORRECTIONS_UNTIL}
prior_year = "not_eligible"

[settlement.margin]
cap_percent = "{wanted.cap_percent}"
base = "revenue"
excess = "repay"

[settlement.overhead]
cap_percent = "{wanted.overhead_cap_percent}"

[settlement.deficit]
bands = [
    {{ up_to_percent = "2", municipality_percent = "0" }},
    {{ up_to_percent = "5", municipality_percent = "50" }},
    {{ municipality_percent = "0" }},
]
{"" if plan.small else _MEETING}"""


def agreements_toml(plan: Plan, targets: Targets) -> str:
    """The text of ``agreements.toml``: one agreement for every subcontractor."""
    parts = ["# Verzonnen gegevens. Per onderaannemer een afspraak.\n"]
    parts += [_agreement(plan, provider, targets.ceilings.get(provider.agreement)) for provider in plan.providers]
    return "\n".join(parts)


def _agreement(plan: Plan, provider: Provider, ceiling: Cents | None) -> str:
    codes = ", ".join(f'"{code}"' for code in sorted({product.code for product in provider.products}))
    lines = [
        "[[agreement]]",
        f'id = "{provider.agreement}"',
        f'subcontractor = "{provider.agb}"  # {provider.sketch.name}',
        f'form = "{provider.sketch.form}"',
        f"products = [{codes}]",
        *_terms(plan, provider, ceiling),
    ]
    first, last = (YEAR - 1, YEAR + 1) if provider.sketch.multi_year else (YEAR, YEAR)
    lines += [f"valid_from = {first}-01-01", f"valid_to = {last}-12-31", ""]
    return "\n".join(lines)


def _terms(plan: Plan, provider: Provider, ceiling: Cents | None) -> list[str]:
    form = provider.sketch.form
    if form is FormCode.PXQ:
        return [] if ceiling is None else [_ceiling(provider, ceiling)]
    if form is FormCode.FTE:
        return _fte(plan, provider)
    if form is FormCode.LUMP_SUM:
        return [f'amount = "{euros_text(plan.scaled(provider.sketch.amount))}"']
    if form is FormCode.TRAJECTORY:
        parts = zip(("start", "end"), PERCENTS, strict=True)
        steps = ", ".join(f'{{ at = "{at}", percent = "{part}" }}' for at, part in parts)
        stops = ", ".join(f'"{reason}" = "{rule}"' for reason, rule in EARLY_STOP.items())
        return [
            f'price = "{euros_text(provider.products[0].tariff)}"',
            f"milestones = [{steps}]",
            f"early_stop = {{ {stops} }}",
            f"guarantee_days = {GUARANTEE_DAYS}",
        ]
    norm, malus = outcome.OCCUPANCY_NORM, outcome.MALUS_PERCENT
    return [
        f'month_amount = "{euros_text(plan.scaled(provider.sketch.amount, 1000))}"',
        f'occupancy = {{ norm_percent = "{norm}", malus_percent_per_point = "{malus}" }}',
    ]


def _ceiling(provider: Provider, ceiling: Cents) -> str:
    always = ', always_paid = ["crisis", "specific"]' if provider.sketch.always_paid else ""
    return f'ceiling = {{ amount = "{euros_text(ceiling)}", signal_percent = "70"{always} }}'


def _fte(plan: Plan, provider: Provider) -> list[str]:
    lines = [
        f'true_up = "{"both" if provider.sketch.both_ways else "down_only"}"',
        f'fte = "{contracted_fte(plan, provider)}"',
        f'price_per_fte = "{euros_text(plan.calibration.price_per_fte)}"',
    ]
    if provider.sketch.hours is not None:
        norm, tolerance = outcome.NORM_PERCENT, outcome.TOLERANCE_PERCENT
        hours = f'gross = "{outcome.GROSS_HOURS}", norm_percent = "{norm}", tolerance_percent = "{tolerance}"'
        lines.append(f"hours = {{ {hours} }}")
    return lines
