"""The table of all rules for ``docs/``: ``python -m subcontractors.iwmo.rules.table`` writes it anew."""

from __future__ import annotations

from pathlib import Path

from subcontractors.iwmo.rules.model import Rule
from subcontractors.iwmo.rules.register import RULES

PLACE = Path("docs") / "iwmo-regels.md"

_HEAD = """# Regels van iWmo 3.2

Gemaakt uit het register (`subcontractors/iwmo/rules/`); wijzig het register en voer daarna
`python -m subcontractors.iwmo.rules.table` uit. De woorden zijn de onze; de nummers zijn die van de standaard.

Niveau 1 is de opbouw van het bericht: de afzender krijgt een foutmelding en er gaat geen retourbericht uit. Niveau 2
is wat binnen het bericht te zien is: het hele bericht wordt teruggestuurd met 0001. Niveau 3 vergelijkt met eerdere
berichten en niveau 4 met een bron daarbuiten: elk met een eigen retourcode bij de klasse waar het misgaat.
"""
_TITLES = {
    1: "Niveau 1: opbouw",
    2: "Niveau 2: binnen het bericht",
    3: "Niveau 3: tegen eerdere berichten",
    4: "Niveau 4: tegen een bron van buiten",
}
_COLUMNS = ("regel", "berichten en klassen", "code", "wat wij controleren", "waar", "proef die het aantoont")


def table() -> str:
    """The whole document."""
    parts = [_HEAD]
    for level, title in _TITLES.items():
        rows = [_row(rule) for rule in RULES if rule.level == level]
        parts.append("\n".join((f"## {title}", "", _line(_COLUMNS), _line(["---"] * len(_COLUMNS)), *rows, "")))
    return "\n".join(parts)


def _line(cells: tuple[str, ...] | list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _row(rule: Rule) -> str:
    said = rule.words.text_nl
    if rule.note:
        said += f" *{rule.note}*"
    where = "<br>".join(f"`{name.removeprefix('subcontractors.')}`" for name in rule.where)
    test = f"`{rule.test.removeprefix('tests/subcontractors/')}`"
    return _line([rule.id, _places(rule), rule.code or "–", said, where, test])


def _places(rule: Rule) -> str:
    if rule.level == 1:
        return " ".join(rule.messages)
    return "<br>".join(f"{message} {', '.join(rule.classes(message))}" for message in rule.messages)


def main() -> None:
    """Write the table in the project that is the current folder."""
    PLACE.write_text(table(), encoding="utf-8")


if __name__ == "__main__":
    main()
