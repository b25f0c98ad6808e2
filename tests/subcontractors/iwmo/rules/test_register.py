"""The register of rules: nothing of the standard is left out, and what it names exists."""

from __future__ import annotations

import ast
import csv
import re
from importlib import import_module
from pathlib import Path

import pytest

from subcontractors.iwmo.codes import RETURN_CODES, in_order
from subcontractors.iwmo.messages import MESSAGES, RETURNS
from subcontractors.iwmo.rules.model import places
from subcontractors.iwmo.rules.register import BY_ID, RULES
from subcontractors.iwmo.rules.table import PLACE, table

ROOT = Path(__file__).parents[4]
RETURNING = {message.number for message in RETURNS.values()}


def test_every_rule_stands_once_in_the_order_of_its_level_and_id():
    assert len(BY_ID) == len(RULES)
    for low, high in ((1, 1), (2, 2), (3, 4)):
        ids = [rule.id for rule in RULES if low <= rule.level <= high and rule.id[:2] in ("RS", "CS", "CD", "TR")]
        assert ids == sorted(ids)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_says_all_that_it_has_to(rule):
    assert all(text.endswith(".") for text in rule.words)
    assert rule.words.text_nl != rule.words.text_en
    assert rule.words.remedy_nl != rule.words.remedy_en
    assert rule.messages
    assert set(rule.messages) <= MESSAGES.keys()
    assert rule.code in ("", *RETURN_CODES)
    assert (rule.code == "0001") == (rule.level == 2)
    assert rule.where
    assert rule.test


def named(name):
    """What a dotted name stands for: a module, and what is in it."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found = import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            found = getattr(found, part)
        return found
    raise LookupError(name)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_implementation_that_is_named_exists_and_holds_the_rule(rule):
    for name in rule.where:
        found = named(name)
        if isinstance(found, tuple):
            assert rule.id in {getattr(entry, "rule", entry[0] if isinstance(entry, tuple) else "") for entry in found}
        elif isinstance(found, str):
            assert found == rule.code
        else:
            assert callable(found)


def exists(test):
    """Whether a test is there, by its file, its function and, where it names one, its parameter."""
    path, _, name = test.partition("::")
    function, _, parameter = name.removesuffix("]").partition("[")
    found = {node.name for node in ast.parse((ROOT / path).read_text(encoding="utf-8")).body if hasattr(node, "name")}
    if function.endswith("*"):
        return any(one.startswith(function[:-1]) for one in found)
    if function not in found or not function.startswith("test_"):
        return False
    if not parameter:
        return True
    module = import_module(path.removesuffix(".py").replace("/", "."))
    (mark,) = getattr(module, function).pytestmark
    given, ids = list(mark.args[1]), mark.kwargs.get("ids", str)
    return parameter in (map(ids, given) if callable(ids) else ids)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_test_that_is_named_exists(rule):
    assert (ROOT / rule.test.partition("::")[0]).is_file(), rule.test
    assert exists(rule.test), rule.test


def test_the_table_in_the_docs_is_the_one_of_the_register():
    assert (ROOT / PLACE).read_text(encoding="utf-8") == table(), "run python -m subcontractors.iwmo.rules.table"


def test_the_table_has_a_row_for_every_rule():
    rows = re.findall(r"^\| ([A-Z]+[0-9]*) \|", table(), re.MULTILINE)
    assert sorted(rows) == sorted(BY_ID)


def test_codes_of_all_rules_have_an_order():
    codes = [rule.code for rule in RULES if rule.level > 2 and rule.code]
    assert in_order(reversed(codes)) == tuple(codes)


def test_places_are_read_as_message_and_class():
    assert places("301/Client+Relatie 305/Client") == ("301/Client", "301/Relatie", "305/Client")
    assert BY_ID["CS050"].classes("301") == ("Client", "Relatie")


def technical(iwmo_dir):
    with (iwmo_dir / "rules" / "technische_regels_wmo.csv").open(encoding="utf-8-sig") as stream:
        return list(csv.DictReader(stream))


def restrictions(iwmo_dir):
    path = iwmo_dir / "rules" / "condities_constraints_restricties_wmo.csv"
    with path.open(encoding="utf-8-sig") as stream:
        return list(csv.reader(stream))[1:]


def test_no_technical_rule_of_the_standard_is_missing(iwmo_dir):
    for row in technical(iwmo_dir):
        rule = BY_ID[row["regel"]]
        official = {name.removeprefix("WMO") for name in row["berichten"].split()}
        assert rule.level == int(row["controleniveau"][0])
        assert rule.code == ("" if row["retourcode"] == "n.v.t." else row["retourcode"])
        assert set(rule.messages) == official, rule.id


def test_no_condition_constraint_or_restriction_of_the_standard_is_missing(iwmo_dir):
    for message, name, _element, *_more, rule_id, _text, _kind, code in restrictions(iwmo_dir):
        rule = BY_ID[rule_id]
        assert rule.code == code
        if message == "WMO Retour":
            assert set(rule.messages) & RETURNING
        elif name != "Woonplaatsbeginsel":  # a class of youth care that the list of the Wmo still has
            number = message.removeprefix("WMO")
            assert number in rule.messages, (rule_id, message)
            assert name in rule.classes(number), (rule_id, message, name)


def test_conditions_and_constraints_stand_on_the_classes_of_the_standard_and_no_others(iwmo_dir):
    official: dict[str, set[str]] = {}
    for message, name, _element, *_more, rule_id, _text, _kind, _code in restrictions(iwmo_dir):
        official.setdefault(rule_id, set()).add(f"{message.removeprefix('WMO')}/{name}")
    for rule_id, classes in official.items():
        if rule_id[:2] in ("CS", "CD"):
            own = {place for place in BY_ID[rule_id].on if place.partition("/")[0] not in RETURNING}
            assert own == classes, rule_id


def test_no_sentence_is_copied_from_the_standard(iwmo_dir):
    official = {row["definitie"].strip().rstrip(".").lower() for row in technical(iwmo_dir)}
    official |= {row[8].strip().rstrip(".").lower() for row in restrictions(iwmo_dir)}
    ours = {text.strip().rstrip(".").lower() for rule in RULES for text in (*rule.words, rule.note)}
    assert not official & ours
