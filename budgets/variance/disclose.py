"""A change as the municipality may see it: causes of the whole, and products that enough people stand behind; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from budgets.use.suppress import Row, is_small, suppress
from budgets.variance.model import Change, LineChange, ProductChange
from subcontractors.agreements.model import FormCode

People = Mapping[tuple[str, str], frozenset[int]]
"""The clients (opaque keys) who were served, by subcontractor and product."""
_BY_PERSON = frozenset({FormCode.PXQ, FormCode.TRAJECTORY, None})
"""Forms whose money follows persons; ``None`` is a budget of which nobody knows."""


def disclosed(change: Change, *served: People) -> Change:
    """The change without lines, and without figures of products that too few people stand behind.

    A product is hidden as well where those that are shown would give a hidden one away (rule 42), also together with a
    table of the same figures by form.

    Args:
        change: as the lead contractor sees it.
        served: who was served, as known on each of the days that are compared; the fewest count.
    """
    rows = change.by_product
    forms = sorted({line.form or "" for line in change.lines})
    counts = [_people(change.lines, one) for one in served]
    tables = [
        [_row([line for line in change.lines if line.product_code == row.product_code], counts) for row in rows],
        [_row([line for line in change.lines if (line.form or "") == form], counts) for form in forms],
    ]
    hidden = suppress(tables)[0]
    if is_small(len(frozenset().union(*(people for one in served for people in one.values())))):
        hidden = frozenset(range(len(rows)))
    shown = [row for place, row in enumerate(rows) if place not in hidden]
    out = [ProductChange(rows[place].product_code, None, None, (), hidden=True) for place in hidden]
    out.sort(key=lambda row: row.product_code)
    return replace(change, by_product=(*shown, *out), lines=())


_Counted = dict[LineChange, frozenset[int]]


def _row(lines: Sequence[LineChange], counts: Sequence[_Counted]) -> Row:
    """A row of a table: the fewest people of any day on which there were some."""
    found = [len(frozenset().union(*(one.get(line, frozenset()) for line in lines))) for one in counts]
    some = [count for count in found if count]
    people = min(some) if some else None
    if people is None and any(line.form in _BY_PERSON for line in lines):
        people = 1  # money that follows persons, of whom none is counted yet: they are few
    return Row(people, frozenset((line.subcontractor, line.product_code, line.form or "") for line in lines))


def _people(lines: Sequence[LineChange], served: People) -> _Counted:
    """The people by line; each under the line that names their subcontractor and product most precisely."""
    places: dict[tuple[str, str], list[LineChange]] = {}
    for line in lines:
        places.setdefault((line.subcontractor, line.product_code), []).append(line)
    found: dict[LineChange, set[int]] = {}
    for (subcontractor, product), people in served.items():
        wanted = ((subcontractor, product), (subcontractor, product[:2]), (subcontractor, ""),
                  ("", product), ("", product[:2]), ("", ""))  # fmt: skip
        place = next((place for place in wanted if place in places), None)
        for line in places.get(place, ()) if place is not None else ():
            found.setdefault(line, set()).update(people)
    return {line: frozenset(people) for line, people in found.items()}
