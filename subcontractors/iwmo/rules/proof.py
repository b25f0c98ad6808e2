"""Where each rule is implemented, by dotted name, and which test proves it, by its id.

A name that ends in a tuple of rules (``checks.CHECKS``) is the entry of that rule in it. Where lines are judged in bulk
beside single messages, a rule has two forms and both are named; the proof names the test of the rule by itself. A test
that ends in ``*`` stands for all tests in that file whose names begin so.
"""

from __future__ import annotations

from typing import NamedTuple

from subcontractors.iwmo.rules.formats import FORMS

_IWMO = "tests/subcontractors/iwmo"
_CHECKS = "subcontractors.declarations.checks.CHECKS"
_ELSEWHERE = {"TR304": ("subcontractors.chain.rules_requests.tr304", "subcontractors.chain.rules_returns.tr304")}


class Proof(NamedTuple):
    """The implementation and the test of a rule."""

    where: tuple[str, ...]
    test: str


def _inside(module: str, ids: str, *more: str) -> dict[str, Proof]:
    """Rules of level 2 that are functions over the classes of a message."""
    return {
        rule: Proof(
            (f"subcontractors.iwmo.level2.{module}.{rule.lower()}", *more),
            f"{_IWMO}/level2/test_rules.py::test_a_broken_rule_is_told[{rule}]",
        )
        for rule in ids.split()
    }


def _lines(tests: dict[str, str]) -> dict[str, Proof]:
    """Rules of level 2 that only declared lines have."""
    place = "subcontractors.iwmo.content.RULES"
    return {rule: Proof((place,), f"{_IWMO}/test_content.py::{test}") for rule, test in tests.items()}


def _engine(tests: dict[str, str]) -> dict[str, Proof]:
    """Rules of levels 3 and 4 that the check engine judges by the line."""
    file = "tests/subcontractors/declarations/test_line_rules.py"
    return {rule: Proof((_CHECKS, *_ELSEWHERE.get(rule, ())), f"{file}::{test}") for rule, test in tests.items()}


def _chain(module: str, ids: str, file: str = "") -> dict[str, Proof]:
    """Rules of levels 3 and 4 of the other messages of the chain, proved by all tests that are named after the rule."""
    tests = f"tests/subcontractors/chain/test_{file or module}.py"
    return {
        rule: Proof((f"subcontractors.chain.{module}.{rule.lower()}",), f"{tests}::test_{rule.lower()}_*")
        for rule in ids.split()
    }


_NUMBERS = frozenset(("RS001", "RS002", "RS004", "RS005", "RS006", "RS040", "CS015", "CS025"))
_KINDS = dict.fromkeys(_NUMBERS, "Whole") | {"RS032": "Day", "RS034": "Clock"}

_FORMS = {
    form.id: Proof(
        (f"subcontractors.iwmo.simple.{_KINDS.get(form.id, 'Text')}.wrong",),
        f"{_IWMO}/rules/test_formats.py::test_each_restriction_is_told_where_it_is_broken[{form.id}]",
    )
    for form in FORMS
} | {
    "XML": Proof(
        ("subcontractors.iwmo.walk.walk",), f"{_IWMO}/test_hostile.py::test_what_is_cut_off_is_told_wherever_it_was_cut"
    ),
    "XSD": Proof(
        ("subcontractors.iwmo.walk.walk",),
        f"{_IWMO}/test_level1.py::test_messages_changed_at_random_get_the_verdict_of_the_schema",
    ),
    "OP179": Proof(
        ("subcontractors.iwmo.walk.too_large",), f"{_IWMO}/test_hostile.py::test_one_byte_over_25_mb_is_not_read"
    ),
    "OP192": Proof(
        ("subcontractors.iwmo.walk.walk",), f"{_IWMO}/test_hostile.py::test_another_encoding_than_utf_8_is_told"
    ),
}

_IN_BULK = "subcontractors.iwmo.content.RULES"

PROOFS: dict[str, Proof] = {
    **_FORMS,
    **_inside("people", "CD005 CD007 CD009 CD025 CD034 CS050 CS089 CS139 CS318 TR002 TR006 TR061"),
    **_inside("people", "CS002", _IN_BULK),
    **_inside("products", "CD041 CD043 CD066 CD067 CD068 CD075 CD076 CD077 CD078 CD079 CD080 CD095 CD096 CS003"),
    **_inside("products", "CS335 CS336 CS338 CS343 TR018 TR302 TR352 TR353 TR380 TR383 TR386 TR410"),
    **_inside("messages", "CD085 CD086 CS058 TR342"),
    **_inside("messages", "CD060 CS325 TR101 TR134 TR137", _IN_BULK),
    **_lines(
        {
            "CD087": "test_cd087_a_tariff_belongs_to_every_unit_but_euros",
            "CS100": "test_cs100_nothing_before_2021",
            "CS337": "test_cs337_a_product_period_stays_within_a_month",
            "CS339": "test_cs339_euros_are_declared_in_cents",
            "CS340": "test_cs340_a_declaration_period_is_one_whole_month",
            "TR315": "test_tr315_a_line_is_taken_back_once",
            "TR316": "test_tr316_nothing_is_taken_back_in_its_own_message",
            "TR335": "test_tr335_five_years_back_and_no_further",
            "TR358": "test_tr358_the_claimed_total_is_what_the_lines_add_up_to",
            "TR416": "test_tr416_one_debit_per_allocation_product_and_period",
        }
    ),
    **_engine(
        {
            "TR304": "test_tr304_the_client_is_the_one_of_the_allocation",
            "TR307": "test_tr307_the_product_period_begins_in_the_allocation",
            "TR308": "test_tr308_the_product_period_ends_in_the_allocation",
            "TR314": "test_tr314_a_reference_is_used_once_also_by_a_refused_line",
            "TR319": "test_tr319_the_product_period_is_not_later_than_the_declaration_period",
            "TR321": "test_tr321_a_line_fits_in_what_the_allocation_allows_in_a_period",
            "TR322": "test_tr322_all_lines_together_fit_in_the_allocation_and_a_refused_one_uses_nothing_up",
            "TR323": "test_tr323_a_credit_is_of_a_granted_line_and_equal_to_it",
            "TR338": "test_tr338_the_sender_has_the_allocation",
            "TR339": "test_tr339_the_category_is_the_allocated_one",
            "TR340": "test_tr340_the_product_is_the_allocated_one_where_there_is_one",
            "TR341": "test_tr341_the_unit_is_the_allocated_one_or_minutes_for_hours",
            "TR346": "test_tr346_the_amount_is_volume_times_tariff",
            "TR369": "test_tr369_all_amounts_together_fit_in_the_budget_to_the_cent",
            "TR384": "test_tr384_nothing_on_a_deleted_allocation",
            "TR387": "test_tr387_and_tr388_a_product_period_is_a_whole_month_of_the_allocation",
            "TR388": "test_tr387_and_tr388_a_product_period_is_a_whole_month_of_the_allocation",
            "TR389": "test_tr389_one_open_line_per_product_period",
            "TR390": "test_tr390_a_line_is_credited_once",
            "TR418": "test_tr418_the_tariff_is_the_agreed_one_of_the_first_day_of_the_period",
        }
    ),
    **_chain("rules_reports", "TR019 TR063 TR071 TR074 TR326 TR382 TR413 TR414 TR415"),
    **_chain("rules_header", "TR135 TR378", "rules_reports"),
    **_chain("rules_requests", "TR347 TR349 TR350 TR351 TR357 TR361 TR373 TR374 TR375 TR411 TR412"),
    **_chain("rules_allocations", "TR332 TR379 TR385"),
    **_chain("rules_answers", "TR355 TR359 TR360 TR365"),
    **_chain("rules_declarations", "TR318"),
    **_chain("rules_returns", "TR337 TR366 TR367 TR371 TR376"),
    "TR056": Proof(
        ("subcontractors.chain.rules_header.tr056", "subcontractors.declarations.intake.NOT_UNIQUE"),
        "tests/subcontractors/chain/test_rules_reports.py::test_tr056_*",
    ),
    "TR381": Proof(
        (
            "subcontractors.chain.rules_allocations.tr381",
            "subcontractors.chain.rules_reports.tr381",
            "subcontractors.chain.rules_requests.tr381",
            "subcontractors.declarations.checks.CHECKS",
        ),
        "tests/subcontractors/chain/test_rules_reports.py::test_tr381_*",
    ),
    "TR333": Proof(
        ("subcontractors.declarations.intake.NUMBER_USED",),
        "tests/subcontractors/declarations/test_line_rules.py::test_tr333_a_declaration_number_is_used_once",
    ),
}
"""Implementation and test by the id of the rule."""
