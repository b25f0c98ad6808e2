"""Which rows of the meeting the municipality may see, worked out for all months of recording together (rule 42); pure.

What is hidden must not come out by subtraction either: not between tables, not between use and forecast, and not
between months of recording. So the months are walked from the first to the one that is looked at: what was shown
in an earlier month and is still the same counts as known, and what was hidden and is still the same stays hidden. What
a row shows now less what it showed last is an amount as well: where too few people stand behind that, the row is hidden
until more of them do.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

from budgets.meeting.rows import By, Key
from budgets.use.breakdown import BY_PERSON
from budgets.use.cells import AHEAD, Cell, is_own
from budgets.use.suppress import THRESHOLD, Known, Row, Span, is_small, suppress
from lead_contractor.kernel.money import ZERO, Cents


@dataclass(frozen=True, slots=True)
class Then:
    """What a month of recording said of the cells: used in all, forecast in all, and how many people by row.

    ``moved`` is how many people of a row had anything come to show in the same months, by those months as bits, the
    first month that is looked at the lowest; ``None`` where that is not looked at.
    """

    used: Mapping[Cell, Cents]
    forecast: Mapping[Cell, Cents]
    people: Mapping[Key, int]
    everybody: int
    moved: Mapping[Key, Mapping[int, int]] | None = None


_MOST_STEPS = 600

_steps: OrderedDict[int, _Month] = OrderedDict()
"""Months that were walked lately, by a hash of all that they follow from."""

_lock = Lock()


@dataclass(frozen=True, slots=True)
class _Month:
    """What was published in a month, what is hidden in it by table, and what may not follow from it afterwards.

    ``secrets`` are what is left of the amounts of few people once all that is known is taken from them; ``later`` what
    is told in this month of amounts that were the same in earlier months, by the place of that month, likewise.
    ``undrawn`` are the rows of which the months may not be drawn.
    """

    then: Then
    sums: _Sums
    hidden: tuple[frozenset[Key], ...]
    known: Known
    secrets: tuple[Mapping[int, int], ...]
    later: Mapping[int, tuple[Mapping[int, int], ...]]
    undrawn: tuple[frozenset[Key], ...]


def hidden_keys(walked: Sequence[Then], keys: Sequence[By]) -> list[set[Key]]:
    """Which rows of each table are hidden in the last of the months, all months together giving nothing away."""
    past = _walk(walked, keys)
    return [set(keys_of) for keys_of in past[-1].hidden] if past else [set() for _ in keys]


def undrawn_keys(walked: Sequence[Then], keys: Sequence[By]) -> list[set[Key]]:
    """Which rows of each table are not drawn by month in the last of the months."""
    past = _walk(walked, keys)
    return [set(keys_of) for keys_of in past[-1].undrawn] if past else [set() for _ in keys]


def _walk(walked: Sequence[Then], keys: Sequence[By]) -> list[_Month]:
    past: list[_Month] = []
    so_far = hash(tuple(by.__name__ for by in keys))
    for then in walked:
        said = (
            frozenset(then.used.items()),
            frozenset(then.forecast.items()),
            frozenset(then.people.items()),
            _moved_said(then, len(past)),
        )
        so_far = hash((so_far, *said))
        with _lock:
            known = _steps.get(so_far)
        past.append(_month(then, past, keys) if known is None else known)
        with _lock:
            _steps[so_far] = past[-1]
            while len(_steps) > _MOST_STEPS:
                _steps.popitem(last=False)
    return past


def _month(then: Then, past: Sequence[_Month], keys: Sequence[By]) -> _Month:
    cells = [cell for cell in {*then.used, *then.forecast} if not is_own(cell)]
    sums = _Sums(then, keys)
    tables: list[list[Row]] = []
    groups = [_grouped(cells, by) for by in keys]
    known = [sums.of("used", cells), sums.of("forecast", cells)]
    for place, rows in enumerate(groups):
        tables.append(
            [_published(then, sums, key, own, _few_moved(then, past, place, key, own)) for key, own in rows.items()]
        )
        for key, own in rows.items():
            if past and key not in past[-1].hidden[place]:
                known += [sums.of(what, own) for what in _unchanged(then, past[-1].then, own)]
    held, later = _held(then, past, groups, tables)
    guarded = [
        sums.of(what, own)
        for stays, rows in zip(held, groups, strict=True)
        for at, own in enumerate(rows.values())
        if at in stays
        for what in _unchanged(then, past[-1].then, own)
    ]
    found = suppress(tables, [one for one in known if one], held=held, guarded=guarded)
    hidden = tuple(frozenset(list(rows)[at] for at in out) for rows, out in zip(groups, found, strict=True))
    published = [
        sums.of(what, own)
        for rows, out in zip(groups, hidden, strict=True)
        for key, own in rows.items()
        for what in ("used", "forecast")
        if key not in out
    ]
    secrets = [
        one
        for table, rows in zip(tables, groups, strict=True)
        for row, own in zip(table, rows.values(), strict=True)
        if is_small(row.people) and any(cell.account in BY_PERSON for cell in own)
        for one in row.sums
    ]
    public = Known([one for one in (*known, *published) if one])
    undrawn, later = _undrawable(past, groups, tables, hidden, later)
    return _Month(then, sums, hidden, public, tuple(public.reduced(one) for one in secrets), later, undrawn)


def _grouped(cells: Iterable[Cell], by: By) -> dict[Key, list[Cell]]:
    groups: dict[Key, list[Cell]] = defaultdict(list)
    for cell in cells:
        groups[by(cell)].append(cell)
    return dict(sorted(groups.items()))


_Later = dict[int, tuple[Mapping[int, int], ...]]


def _held(
    then: Then, past: Sequence[_Month], groups: Sequence[Mapping[Key, Sequence[Cell]]], tables: Sequence[Sequence[Row]]
) -> tuple[list[set[int]], _Later]:
    """Which rows stay hidden, for they are what they were, and would tell of few people in a month before.

    Rows tell together what none of them tells alone, so that they are let through one by one, most people first.

    Returns:
        per table the places of these rows; and what the rows that are let through tell of which month.
    """
    held: list[set[int]] = [set() for _ in groups]
    spans: dict[int, Span] = {}
    later: dict[int, list[Mapping[int, int]]] = defaultdict(list)
    asked = [
        (not row.steady, -(row.people or 0), place, at, own)
        for place, (rows, table) in enumerate(zip(groups, tables, strict=True))
        for at, ((key, own), row) in enumerate(zip(rows.items(), table, strict=True))
        if past and key in past[-1].hidden[place] and not is_small(row.people)
    ]
    for *_, place, at, own in sorted(asked, key=lambda one: one[:4]):
        told = list(_told_of(then, past, own))
        for month, _ in told:
            if month not in spans:
                spans[month] = Span(one for after in past for one in after.later.get(month, ()))
        tried = {month: Span([*spans[month].rows(), *(new for at_month, new in told if at_month == month)])
                 for month, _ in told}  # fmt: skip
        if any(secret in span for month, span in tried.items() for secret in past[month].secrets):
            held[place].add(at)
            continue
        spans |= tried
        for month, new in told:
            later[month].append(new)
    return held, {month: tuple(new) for month, new in later.items()}


def _undrawable(
    past: Sequence[_Month],
    groups: Sequence[Mapping[Key, Sequence[Cell]]],
    tables: Sequence[Sequence[Row]],
    hidden: Sequence[frozenset[Key]],
    later: _Later,
) -> tuple[tuple[frozenset[Key], ...], _Later]:
    """Which rows that are shown by now may not be drawn by month, for their months tell what they were while hidden.

    Added up, the months of a row come to what it was in an earlier month of recording, but for what came in since.
    Where that month hid the row for the sake of another, the other would follow. Rows are let through one by one.

    Returns:
        per table these rows; and what is told of which month, those that are drawn included.
    """
    spans: dict[int, Span] = {}
    found: dict[int, list[Mapping[int, int]]] = defaultdict(list, {month: list(told) for month, told in later.items()})
    asked = [
        (not row.steady, -(row.people or 0), place, at, key, own)
        for place, (rows, table) in enumerate(zip(groups, tables, strict=True))
        for at, ((key, own), row) in enumerate(zip(rows.items(), table, strict=True))
        if key not in hidden[place]
    ]
    out: list[set[Key]] = [set() for _ in groups]
    for *_, place, _at, key, own in sorted(asked, key=lambda one: one[:4]):
        told = {
            look: month.known.reduced(month.sums.of("used", own))
            for look, month in enumerate(past)
            if key in month.hidden[place]
        }
        for look in told:
            if look not in spans:
                before = (one for after in past for one in after.later.get(look, ()))
                spans[look] = Span([*before, *found.get(look, ())])
        tried = {look: Span([*spans[look].rows(), new]) for look, new in told.items()}
        if any(secret in span for look, span in tried.items() for secret in past[look].secrets):
            out[place].add(key)
            continue
        spans |= tried
        for look, new in told.items():
            if new:
                found[look].append(new)
    return tuple(frozenset(keys) for keys in out), {look: tuple(told) for look, told in found.items()}


def _told_of(then: Then, past: Sequence[_Month], cells: Sequence[Cell]) -> Iterator[tuple[int, Mapping[int, int]]]:
    """The months before in which amounts of a row were the same without a break, and what it would tell of them."""
    for what in ("used", "forecast"):
        for place in range(len(past) - 1, -1, -1):
            month = past[place]
            if what not in _unchanged(then, month.then, cells):
                break
            yield place, month.known.reduced(month.sums.of(what, cells))


def _unchanged(then: Then, before: Then | None, cells: Sequence[Cell]) -> Sequence[str]:
    """Which amounts of a row are what they were in a month before."""
    if before is None:
        return ()
    pairs = (("used", then.used, before.used), ("forecast", then.forecast, before.forecast))
    return [
        what
        for what, now, past in pairs
        if any(cell in past for cell in cells) and _added(now, cells) == _added(past, cells)
    ]


def _few_moved(then: Then, past: Sequence[_Month], table: int, key: Key, cells: Sequence[Cell]) -> int | None:
    """How few people stand behind what a row differs from what it showed last; ``None`` where they are enough.

    Nobody counted is few too: what was decided about a person comes without a line that month.
    """
    by_person = [cell for cell in cells if cell.account in BY_PERSON]
    if then.moved is None or not by_person:
        return None
    for look in range(len(past) - 1, -1, -1):
        if key not in past[look].hidden[table] and any(cell in past[look].then.used for cell in cells):
            break
    else:
        return None
    if _added(then.used, by_person) == _added(past[look].then.used, by_person):
        return None
    since = sum(1 << place for place in range(look + 1, len(past) + 1))
    people = sum(count for bits, count in then.moved.get(key, {}).items() if bits & since)
    return max(1, people) if people < THRESHOLD else None


def _moved_said(then: Then, look: int) -> int:
    """What there is to know of who moved up to a look, as a number."""
    if then.moved is None:
        return 0
    known: Counter[tuple[Key, int]] = Counter()
    for key, counts in then.moved.items():
        for bits, count in counts.items():
            known[key, bits & (1 << look + 1) - 1] += count
    return hash(frozenset(known.items()))


def _published(then: Then, sums: _Sums, key: Key, cells: Sequence[Cell], few_moved: int | None = None) -> Row:
    people = then.people.get(key)
    if few_moved is not None:
        people = few_moved if people is None else min(people, few_moved)
    if people is None and any(cell.product and cell.account in BY_PERSON for cell in cells):
        people = 1  # money that follows persons, of whom none is counted yet: they are few
    steady = any(cell.account in AHEAD for cell in cells)
    return Row(people, sums.of("used", cells), (sums.of("forecast", cells),), steady)


class _Sums:
    """Sums of cells by their parts; cells that stand together in every table are one part."""

    def __init__(self, then: Then, keys: Sequence[By]) -> None:
        self._parts: dict[str, dict[Cell, Hashable]] = {}
        for what, amounts in (("used", then.used), ("forecast", then.forecast)):
            self._parts[what] = {cell: (what, *(by(cell) for by in keys)) for cell, cents in amounts.items() if cents}

    def of(self, what: str, cells: Iterable[Cell]) -> frozenset[Hashable]:
        """The parts of a sum; amounts of nothing tell nothing apart."""
        parts = self._parts[what]
        return frozenset(parts[cell] for cell in cells if cell in parts)


def _added(amounts: Mapping[Cell, Cents], cells: Iterable[Cell]) -> int:
    return sum(int(amounts.get(cell, ZERO)) for cell in cells)
