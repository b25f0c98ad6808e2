"""The check engine: sets of lines in, a verdict for each out, in SQL on SQLite and PostgreSQL alike.

Lines wait in narrow tables (:mod:`.waiting`). What was agreed is laid beside each kind of line, and its allocation
beside each slot. The plain rules are then judged while lines are stored, in one statement. Only credits and the lines
of *contested* allocations, where some cumulative rule can bite at all, stand aside and run in waves, the k-th of every
allocation together, in the order of processing: by day, sender and identification of the message, inside it credits
before debits, then as in the document.

While more is read, debits are stored ahead with what the plain rules say of them; :func:`judge` sets right what the
rest of the reading, and the waves, change. The statements are in :mod:`.judging` and :mod:`.storing`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from lead_contractor.kernel import standing
from lead_contractor.kernel.tenancy import Scope
from subcontractors.declarations import judging, storing, waiting
from subcontractors.declarations.stage import INDEXES, STAGE
from subcontractors.declarations.waiting import NOTHING, Mark

_MANY = 2_000
"""From so many lines on it pays to let PostgreSQL count what is in the temporary tables before it plans."""


@dataclass(frozen=True, slots=True)
class YearEnd:
    """Until which day (ordinals) lines and corrections count in the settlement of the year."""

    cut_off: int
    corrections_until: int


def open_stage(scope: Scope) -> None:
    """Make the waiting tables of this connection, empty."""
    waiting.create(scope, STAGE, INDEXES)


def close_stage(scope: Scope, lines: int) -> None:
    """Remove all temporary tables of the engine; where they stand with the connection, few lines are only deleted."""
    if lines >= _MANY:
        standing.forget(scope.connection)
        _count(scope, True, "transfer", "balance")
    waiting.drop(scope, STAGE)


@dataclass(frozen=True, slots=True)
class Kept:
    """A message whose lines are kept, in the order of processing.

    Its number while it waits, its id, whether it is judged, its sender, its source in the books and the month in which
    it is booked.
    """

    number: int
    message_id: int
    assessed: bool
    sender: str
    source: str
    recorded_month: str


def stage_misfits(scope: Scope, kinds: Iterable[int]) -> None:
    """Name the kinds of line whose code stands under another category than the product list has it (TR381)."""
    waiting.insert(scope, "check_misfit", [(kind,) for kind in kinds])


def stage_messages(scope: Scope, messages: Iterable[Kept]) -> None:
    """Name the messages that are kept, in the order of processing; lines of others are left behind."""
    rows = [
        (
            one.number,
            one.message_id,
            turn,
            int(one.assessed),
            one.sender,
            waiting.escaped(scope, one.source),
            one.recorded_month,
        )
        for turn, one in enumerate(messages)
    ]
    waiting.insert(scope, "stage_message", rows)


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines that wait: the id before that of the first, how far they reach, and how far they were stored ahead."""

    first: int
    until: Mark
    ahead: Mark = NOTHING


def store_ahead(scope: Scope, contract_id: int, year_end: YearEnd, lines: Lines, first_message: int) -> Lines:
    """Store the debits that wait while more is read; :func:`judge` changes what they turn out to be judged.

    ``first_message`` is the id before that of message 1. Returns the lines as stored ahead.
    """
    if scope.postgresql and not lines.ahead.lines:
        plan_for(scope, many=False)
        waiting.run(scope, ("SET LOCAL enable_material = off",))
    scope.ahead(
        *judging.LAY_BESIDE,
        storing.STORE_AHEAD,
        storing.ADD_UP,
        contract=contract_id,
        cut_off=year_end.cut_off,
        kinds=lines.ahead.kinds,
        slots=lines.ahead.slots,
        first=lines.first,
        first_message=first_message,
        after=lines.ahead.lines,
        until=lines.until.lines,
    )
    return replace(lines, ahead=lines.until)


def judge(scope: Scope, contract_id: int, year_end: YearEnd, lines: Lines) -> None:
    """Judge and store all waiting lines of the messages that were named.

    ``check_sum`` afterwards holds how many lines came to what, and ``check_line`` the credits.
    """
    many = lines.until.lines >= _MANY
    plan_for(scope, many=many)
    if scope.postgresql and lines.ahead.lines:
        waiting.run(scope, ("SET LOCAL enable_material = DEFAULT",))
    if not many:
        _look_up_only(scope, "off")
    _count(scope, many, "stage_line", "stage_message", "stage_kind", "stage_slot")
    asked = {"contract": contract_id, "first": lines.first, "ahead": lines.ahead.lines}
    _lay_beside(scope, contract_id, year_end, lines.ahead, many=many)
    _find_repeated(scope, contract_id, lines.first)
    if lines.first:
        scope.sql(judging.USED_BEFORE if many else judging.USED_BEFORE_BY_SLOT, **asked)
    _stand_aside(scope, year_end, asked, many=many)
    scope.sql(storing.STORE_MANY if many else storing.STORE_FEW, **asked)
    scope.sql(storing.STORE_ASIDE, **asked)
    if lines.ahead.lines:
        _set_right(scope, asked, many=many)
    _add_up(scope, asked, lines.until.lines, many=many)
    if many:
        plan_for(scope, many=False)
    else:
        _look_up_only(scope, "DEFAULT")


def _set_right(scope: Scope, asked: Mapping[str, int], *, many: bool) -> None:
    """Change what was stored ahead and got another verdict, and remove what belongs to messages that are not kept."""
    _count(scope, many, "declaration_line")
    _look_up_only(scope, "off")
    scope.sql(storing.TAKE_OFF, **asked)
    scope.sql(storing.CHANGED, **asked)
    _count(scope, many, "check_changed")
    scope.sql(storing.CHANGE)
    _look_up_only(scope, "DEFAULT")
    for message in scope.temporary(storing.NOT_KEPT).scalars().all():
        scope.sql(storing.REMOVE, **asked, message=int(message))


def _add_up(scope: Scope, asked: Mapping[str, int], until: int, *, many: bool) -> None:
    """Add up what was stored and not added up ahead."""
    if not many:
        scope.sql(storing.SUM_OF_FEW, **asked)
        return
    _hash_sums(scope, "off")
    if asked["ahead"]:
        scope.temporary(storing.ADD_UP_ASIDE, **asked)
    for after in range(asked["ahead"], until, waiting.ENOUGH):
        scope.sql(storing.ADD_UP, **asked, after=after, until=min(after + waiting.ENOUGH, until))
    scope.temporary(storing.SUM)
    _hash_sums(scope, "DEFAULT")


def count_stored(scope: Scope, lines: int) -> None:
    """After many lines let PostgreSQL count what it holds: the next question is not to be planned for empty tables."""
    if lines >= _MANY:
        _count(scope, True, "declaration_line", "message")
        plan_for(scope, many=True)


def plan_for(scope: Scope, *, many: bool) -> None:
    """Say to PostgreSQL, for this transaction only, what it cannot know of tables that fill while it works.

    Of few lines everything is looked up by index, whatever the size of the tables; many are joined as it sees fit, with
    room to sort in memory. Compiling the long conditions (JIT) never pays for itself.
    """
    if scope.postgresql:
        seek = "on" if many else "off"
        waiting.run(
            scope,
            (
                f"SET LOCAL enable_seqscan = {seek}",
                "SET LOCAL jit = off",
                "SET LOCAL work_mem = '64MB'",
                "SET LOCAL default_statistics_target = 10",
            ),
        )


def _hash_sums(scope: Scope, sort: str) -> None:
    """Say to PostgreSQL not to sort what it adds up; it takes lines that were just stored for very few."""
    if scope.postgresql:
        waiting.run(scope, (f"SET LOCAL enable_sort = {sort}",))


def _look_up_only(scope: Scope, other: str) -> None:
    """Say to PostgreSQL that few lines are never worth reading a whole index for, which it would to sort or hash it."""
    if scope.postgresql:
        waiting.run(scope, (f"SET LOCAL enable_hashjoin = {other}", f"SET LOCAL enable_mergejoin = {other}"))


def _count(scope: Scope, many: bool, *tables: str) -> None:
    if many and scope.postgresql:
        for table in tables:
            scope.temporary(f"ANALYZE {table}")


def _lay_beside(scope: Scope, contract_id: int, year_end: YearEnd, done: Mark, *, many: bool) -> None:
    """What was agreed beside each kind, the allocation beside each slot, as far as that was not done ahead."""
    if done.kinds:
        scope.temporary(judging.MISFITS)
    for statement in judging.LAY_BESIDE:
        scope.sql(statement, contract=contract_id, cut_off=year_end.cut_off, kinds=done.kinds, slots=done.slots)
    _count(scope, many, "check_kind", "check_slot")


def _find_repeated(scope: Scope, contract_id: int, first: int) -> None:
    """Lines with a reference that their sender has used before (TR314)."""
    scope.temporary(judging.REPEATED_HERE, first=first)
    if first:
        scope.sql(judging.REPEATED_BEFORE, contract=contract_id, first=first)


def _stand_aside(scope: Scope, year_end: YearEnd, asked: Mapping[str, int], *, many: bool) -> None:
    """Judge the lines for which it matters what was accepted before, wave by wave."""
    scope.temporary(judging.CONTESTED)
    if many:
        if asked["first"]:
            scope.sql(judging.BUSY_BEFORE, **asked)
            scope.temporary(judging.CONTESTED_BY_BUSY)
        scope.temporary(judging.BUSY)
        scope.temporary(judging.NAMED)
        _count(scope, many, "check_slot", "check_busy", "check_named")
    elif asked["first"]:
        scope.sql(judging.CONTESTED_BEFORE, **asked)
    if not many and scope.temporary(judging.ANY_ASIDE).first() is None:
        return
    scope.sql(judging.MANY_ASIDE if many else judging.FEW_ASIDE, **asked)
    waves = scope.temporary("SELECT COALESCE(MAX(wave), 0) AS waves FROM check_line").scalar_one()
    if not waves:
        return
    if asked["first"]:
        scope.sql(judging.ACCEPTED_BEFORE, **asked)
    _count(scope, many, "check_line")
    if many:
        plan_for(scope, many=False)
    for wave in range(1, int(waves) + 1):
        scope.temporary(judging.WAVE, wave=wave, cut_off=year_end.cut_off, corrections=year_end.corrections_until)
        scope.temporary(judging.ACCEPT, wave=wave)
        scope.temporary(judging.USE, wave=wave)
        scope.temporary(judging.CREDITED, wave=wave)
    if many:
        plan_for(scope, many=True)
