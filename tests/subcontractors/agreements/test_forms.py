"""The forms of financing read their own terms, and refuse what they do not know by name."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from marshmallow import ValidationError

from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.refusals import NotFound
from subcontractors.agreements.forms import all_forms, form
from subcontractors.agreements.fte import FteTerms, HoursNorm, TrueUp
from subcontractors.agreements.model import FormCode
from subcontractors.agreements.pxq import Ceiling, PxqTerms
from subcontractors.agreements.trajectory import Milestone, MilestoneAt, StopRule, TrajectoryTerms

MILESTONES = [{"at": "start", "percent": "70"}, {"at": "end", "percent": "30"}]


def test_every_form_is_found_in_the_order_of_a_settlement():
    assert [found.code for found in all_forms()] == list(FormCode)
    assert [found.code for found in all_forms() if found.lines_cost] == [FormCode.PXQ]
    assert [found.code for found in all_forms() if found.needs_products] == [FormCode.PXQ, FormCode.TRAJECTORY]
    assert form("fte").code is FormCode.FTE


def test_a_form_that_does_not_exist_is_refused_with_the_ones_that_do():
    with pytest.raises(NotFound, match="pxq, fte, lump_sum, trajectory, availability"):
        form("bonus")


def test_pxq_reads_its_ceiling():
    ceiling = {"amount": "450000.00", "signal_percent": "70", "always_paid": ["crisis", "specific"]}
    terms = form("pxq").schema.load({"ceiling": ceiling})
    assert terms == PxqTerms(Ceiling(Cents(45000000), Decimal(70), frozenset({"crisis", "specific"})))
    assert form("pxq").schema.load({}) == PxqTerms()


def test_fte_reads_its_norm():
    terms = form("fte").schema.load(
        {
            "fte": "6.40",
            "price_per_fte": "92400.00",
            "true_up": "both",
            "hours": {"gross": "1878", "norm_percent": 62, "tolerance_percent": Decimal(3)},
        }
    )
    norm = HoursNorm(Decimal(1878), Decimal(62), Decimal(3))
    assert terms == FteTerms(Decimal("6.40"), Cents(9240000), TrueUp.BOTH, norm)
    assert form("fte").schema.load({"fte": 1, "price_per_fte": 1}).true_up is TrueUp.DOWN_ONLY


def test_a_trajectory_reads_its_milestones_and_stops():
    terms = form("trajectory").schema.load(
        {"price": "9750.00", "milestones": MILESTONES, "early_stop": {"21": "pro_rata"}, "guarantee_days": 183}
    )
    start, end = Milestone(MilestoneAt.START, Decimal(70)), Milestone(MilestoneAt.END, Decimal(30))
    assert terms == TrajectoryTerms(Cents(975000), (start, end), {"21": StopRule.PRO_RATA}, 183)


@pytest.mark.parametrize(
    ("code", "terms", "path", "words"),
    [
        ("lump_sum", {"amount": "1.000,00"}, "amount", "‘amount’ is geen bedrag"),
        ("lump_sum", {"amount": 10.5}, "amount", "‘amount’ is geen bedrag"),
        ("lump_sum", {"amount": "1.005"}, "amount", "‘amount’ is geen bedrag"),
        ("lump_sum", {"amount": "-1"}, "amount", "‘amount’ is negatief"),
        ("lump_sum", {"amount": None}, "amount", "‘amount’ is leeg"),
        ("lump_sum", {}, "amount", "‘amount’ ontbreekt"),
        ("lump_sum", {"amount": "1", "bonus": 1}, "bonus", "‘bonus’ is geen bekende sleutel"),
        ("pxq", {"ceiling": "450000"}, "ceiling", "‘ceiling’ is geen tabel"),
        ("pxq", {"ceiling": {"amount": "1", "plafond": 1}}, "ceiling.plafond", "‘plafond’ is geen bekende sleutel"),
        ("pxq", {"ceiling": {"amount": "1", "always_paid": "crisis"}}, "ceiling.always_paid", "is geen lijst"),
        ("pxq", {"ceiling": {"amount": "1", "always_paid": ["spoed"]}}, "ceiling.always_paid.0", "crisis, specific"),
        ("pxq", {"ceiling": {"amount": "1", "signal_percent": "101"}}, "ceiling.signal_percent", "hoogstens 100"),
        ("fte", {"fte": "zes", "price_per_fte": "1"}, "fte", "‘fte’ is geen getal"),
        ("fte", {"fte": "NaN", "price_per_fte": "1"}, "fte", "‘fte’ is geen getal"),
        ("fte", {"fte": "0", "price_per_fte": "1"}, "fte", "meer dan 0"),
        ("fte", {"fte": "1", "price_per_fte": "1", "true_up": "up"}, "true_up", "down_only, both"),
        ("availability", {"month_amount": "1", "occupancy": {"norm_percent": "85"}}, "occupancy.malus_percent_per_point", "ontbreekt"),
        ("trajectory", {"price": "1", "milestones": MILESTONES[:1]}, "milestones", "‘milestones’ telt op tot 70%"),
        ("trajectory", {"price": "1", "milestones": []}, "milestones", "telt op tot 0%"),
        ("trajectory", {"price": "1", "milestones": 1}, "milestones", "is geen lijst"),
        ("trajectory", {"price": "1", "milestones": [1]}, "milestones.0", "is geen tabel"),
        ("trajectory", {"price": "1", "milestones": MILESTONES, "early_stop": {"20": "full"}}, "early_stop", "reden 20"),
        ("trajectory", {"price": "1", "milestones": MILESTONES, "early_stop": {"19": "pro_rata"}}, "early_stop", "reden 19"),
        ("trajectory", {"price": "1", "milestones": MILESTONES, "early_stop": {"2": "full"}}, "early_stop", "twee cijfers"),
        ("trajectory", {"price": "1", "milestones": MILESTONES, "early_stop": {"21": "half"}}, "early_stop.21.value", "‘21’"),
        ("trajectory", {"price": "1", "milestones": MILESTONES, "guarantee_days": 1.5}, "guarantee_days", "geen geheel getal"),
    ],
)  # fmt: skip
def test_terms_that_do_not_fit_are_refused_by_name(code, terms, path, words):
    with pytest.raises(ValidationError) as refused:
        form(code).schema.load(terms)
    found: Any = refused.value.messages
    for step in path.split("."):
        found = found[int(step) if step.isdigit() and int(step) in found else step]
    assert len(found) == 1
    assert words in found[0]
    assert "«" not in found[0]


def test_what_is_no_table_at_all_is_refused():
    terms: Any = ["ceiling"]
    with pytest.raises(ValidationError, match="Hier horen sleutels"):
        form("pxq").schema.load(terms)


@pytest.mark.parametrize("written", ["1e9", "1e99999999", "12345678901234", Decimal("1E+99999999")])
def test_numbers_without_measure_are_refused_by_name(written: object) -> None:
    for code, key, other in (
        ("fte", "fte", {"price_per_fte": "92400.00"}),
        ("fte", "price_per_fte", {"fte": "6.40"}),
        ("lump_sum", "amount", {}),
    ):
        with pytest.raises(ValidationError) as refused:
            form(code).schema.load({key: written, **other})
        assert key in refused.value.messages_dict
