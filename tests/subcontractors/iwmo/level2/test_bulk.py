"""Rules that lines have in bulk and messages have class by class are one rule: on declarations both say the same."""

from __future__ import annotations

import random
from dataclasses import replace

from subcontractors.iwmo.level2.check import check_document, implementation
from subcontractors.iwmo.level2.view import subject
from subcontractors.iwmo.messages import WMO323
from subcontractors.iwmo.rules.register import BY_ID, RULES
from tests.subcontractors.iwmo.documents import sound

SHARED = tuple(rule.id for rule in RULES if rule.level == 2 and "323" in rule.messages and len(rule.where) > 1)
VALUES = {
    "Bsn": ("999900006", "999900018", "999900007"),
    "ProductReferentie/ReferentieNummer": ("R1", "R2", "R3"),
    "ProductReferentie/VorigReferentieNummer": ("", "R1", "OUD"),
    "ProductPeriode/Begindatum": ("2025-04-01", "2025-05-06", "2025-05-07"),
    "ProductPeriode/Einddatum": ("2025-04-30", "2025-05-06", "2025-05-07", "2025-03-31"),
    "IngediendBedrag/Bedrag": ("0", "00", "5000"),
    "IngediendBedrag/DebetCredit": ("D", "C"),
    "Declaratie/DeclaratiePeriode/Begindatum": ("2025-04-01", "2025-05-07"),
    "Declaratie/DeclaratiePeriode/Einddatum": ("2025-04-30", "2025-05-07", "2025-03-31"),
    "Declaratie/TotaalIngediendBedrag/TotaalBedrag": ("0", "58000"),
    "Declaratie/TotaalIngediendBedrag/DebetCredit": ("D", "C"),
}


def thrown(record, dice):
    """The same record with some values thrown anew."""
    values = dict(record.values)
    for key, choices in VALUES.items():
        optional = key.endswith("VorigReferentieNummer") and "GeleverdVolume" in values
        if (key in values or optional) and dice.random() < 0.2:
            values[key] = dice.choice(choices)
    kept = {key: value for key, value in values.items() if value}
    return replace(record, values=kept, records=tuple(thrown(part, dice) for part in record.records))


def by_class(root):
    """The shared rules that the functions over classes find broken."""
    seen = subject(WMO323, root)
    return {
        rule
        for rule in SHARED
        for name in BY_ID[rule].classes("323")
        for place in seen.all(name)
        if any(True for _ in implementation(BY_ID[rule])(place, seen))
    }


def test_both_forms_of_a_rule_find_the_same():
    assert SHARED == ("CD060", "CS002", "CS325", "TR101", "TR134", "TR137")
    dice, found = random.Random("bulk"), set()
    for _ in range(150):
        document = replace(sound("323"), root=thrown(sound("323").root, dice))
        in_bulk = {fault.rule for fault in check_document(document)} & set(SHARED)
        assert by_class(document.root) == in_bulk, document.root
        found |= in_bulk
    assert found == set(SHARED)
