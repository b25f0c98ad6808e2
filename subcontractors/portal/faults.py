"""Faults and suggestions of a file as people read them: in words, the same thing once, with the rows it is about.

A fault comes as one sentence with its place in front and its rule behind. What the place and the rule say to a
programmer only (the name of a column in the format, ``[CSV]``) is left out; in a table a line is a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from subcontractors.declarations.suggestions import Suggestion

_FAULT = re.compile(
    r"(?:regel (?P<row>[0-9]{1,9})(?:, |: ))?(?:(?P<place>[^:,\s]+)(?:, (?=referentie )|: ))?"
    r"(?:referentie (?P<reference>[^:]+): )?(?P<said>.+)",
    re.DOTALL,
)
_RULE = re.compile(r"(?P<said>.+) \[(?P<rule>[A-Z]+[0-9]*)\]", re.DOTALL)
_OURS = frozenset({"CSV", "XLSX", "XML", "XSD", "ZIP"})
"""Rules that are no rules of the standard, but say which reader refused."""


@dataclass(frozen=True, slots=True)
class Told:
    """A fault, said once: what, by which rule of the standard if any, and where.

    ``rows`` are rows of a table or lines of a message, ``references`` declared lines, ``place`` the element of a
    message.
    """

    said: str
    rule: str
    rows: tuple[int, ...] = ()
    references: tuple[str, ...] = ()
    place: str = ""


def told(faults: Iterable[str], *, table: bool) -> tuple[Told, ...]:
    """Faults in order of first mention, each once.

    Args:
        faults: as they are stored.
        table: whether the file is a CSV or a workbook, in which places are columns that the sentence already names.
    """
    found: dict[tuple[str, str, str], tuple[list[int], list[str]]] = {}
    for fault in faults:
        said, rule, row, reference, place = _parts(fault)
        rows, references = found.setdefault((said, rule, "" if table else place), ([], []))
        if row is not None:
            rows.append(row)
        if reference:
            references.append(reference)
    return tuple(
        Told(said, rule, tuple(rows), tuple(references), place)
        for (said, rule, place), (rows, references) in found.items()
    )


def _parts(fault: str) -> tuple[str, str, int | None, str, str]:
    """Sentence, rule, row, reference and place of a fault, each as far as it has one."""
    ruled = _RULE.fullmatch(fault)
    said, rule = (ruled["said"], ruled["rule"]) if ruled else (fault, "")
    placed = _FAULT.fullmatch(said)
    if placed is None:
        return said, "" if rule in _OURS else rule, None, "", ""
    row = int(placed["row"]) if placed["row"] else None
    return placed["said"], "" if rule in _OURS else rule, row, placed["reference"] or "", placed["place"] or ""


def runs(rows: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Row numbers as runs, first and last of each: 2, 3, 4 and 7 are (2, 4) and (7, 7)."""
    ordered = sorted(set(rows))
    grouped = (list(run) for _, run in groupby(enumerate(ordered), key=lambda one: one[1] - one[0]))
    return tuple((run[0][1], run[-1][1]) for run in grouped)


def alike(offered: Iterable[Suggestion]) -> tuple[tuple[Suggestion, ...], ...]:
    """Suggestions that change the same value into the same for the same reason, together, in order of first mention."""
    found: dict[tuple[str, str, str, str], list[Suggestion]] = {}
    for one in offered:
        found.setdefault((one.column, one.old, one.new, one.why), []).append(one)
    return tuple(tuple(group) for group in found.values())
