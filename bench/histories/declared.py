"""How delivered months come in: when, what is declared too high, what is taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bench.histories.people import Book
from bench.histories.setting import NEVER, Setting, Whole, between, drawn
from lead_contractor.kernel.periods import MONTHS_IN_YEAR

_CREDIT_AFTER_LAST = 2


@dataclass(frozen=True, slots=True)
class Declared:
    """Every delivered month of every allocation as it was declared, in columns of one length.

    ``wrong`` is zero, or the units that were declared at first; that line is credited and declared anew, right, in
    the month ``mended``.
    """

    given: Whole
    line: Whole
    month: Whole
    units: Whole
    tariff: Whole
    received: Whole
    wrong: Whole
    mended: Whole


def declared(given: Setting, book: Book, rng: np.random.Generator) -> Declared:
    """Let all that was delivered come in."""
    done = book.done
    line = np.concatenate([one.line for one in done])
    month = np.concatenate([np.full(len(one.line), one.month) for one in done])
    units = np.concatenate([one.units for one in done])
    most = np.concatenate([one.most for one in done])
    owner = given.owner[line]
    last = (month // MONTHS_IN_YEAR + 1) * MONTHS_IN_YEAR + given.raw["declare"]["last_month_after"] - 1
    received = np.minimum(_open(_blocked(given, rng), owner, _lagged(given, owner, month, rng)), last)
    wanted = given.raw["declare"]
    too_high = between(rng, wanted["credit_too_high"], len(line))
    wrong = np.minimum(most, np.maximum(units + 1, np.rint(units * (1 + too_high)).astype(np.int64)))
    wrong = np.where((rng.random(len(line)) < wanted["credit_share"]) & (wrong > units), wrong, 0)
    mended = received + drawn(rng, wanted["credit_after"], len(line))
    mended = np.minimum(mended, last + _CREDIT_AFTER_LAST)
    return Declared(
        np.concatenate([one.given for one in done]),
        line,
        month,
        units,
        np.concatenate([one.tariff for one in done]),
        received,
        wrong,
        mended,
    )


def _lagged(given: Setting, owner: Whole, month: Whole, rng: np.random.Generator) -> Whole:
    """The month of receipt as the pace says; the shares of each subcontractor differ from month to month."""
    raw = given.raw
    paces = [one["pace"] for one in raw["pxq"]]
    months = len(given.months)
    changed_at, other = _changes(given, paces, rng)
    received = np.zeros(len(owner), dtype=np.int64)
    for one in range(len(paces)):
        for at in range(months):
            pace = other[one] if at >= changed_at[one] else paces[one]
            shares = np.array(raw["pace"][pace])
            some = shares > 0
            likely = np.zeros(len(shares))
            likely[some] = rng.dirichlet(shares[some] * raw["declare"]["shares_vary"])
            mine = np.flatnonzero((owner == one) & (month == at))
            base = at + (2 - at % 3 if pace == "quarterly" else 0)
            received[mine] = base + rng.choice(len(shares), len(mine), p=likely)
    return received


def _changes(given: Setting, paces: Sequence[str], rng: np.random.Generator) -> tuple[Whole, list[str]]:
    at = np.full(len(paces), NEVER)
    other = list(paces)
    for one in rng.choice(len(paces), given.raw["declare"]["change_of_pace"], replace=False).tolist():
        at[one] = int(rng.integers(6, len(given.months) - 2))
        other[one] = {"prompt": "slow", "normal": "prompt", "slow": "normal", "very_slow": "normal"}.get(
            paces[one], "normal"
        )
    return at, other


def _blocked(given: Setting, rng: np.random.Generator) -> set[tuple[int, int]]:
    """Months in which a subcontractor sends nothing at all."""
    wanted = given.raw["declare"]
    owners, months = len(given.raw["pxq"]), len(given.months)
    found = set()
    for one in range(owners):
        chance = wanted["none_per_month"][given.raw["pxq"][one]["pace"]]
        found |= {(one, int(at)) for at in np.flatnonzero(rng.random(months) < chance)}
    for year in range(given.raw["years"]):
        for one in rng.choice(owners, wanted["still_per_year"], replace=False).tolist():
            at = year * MONTHS_IN_YEAR + int(rng.integers(0, MONTHS_IN_YEAR))
            found |= {(one, at + more) for more in range(int(drawn(rng, wanted["still_months"])))}
    return found


def _open(blocked: set[tuple[int, int]], owner: Whole, received: Whole) -> Whole:
    """The first month from ``received`` on in which the subcontractor sends something."""
    longest = int(received.max()) + 1
    table = np.arange(longest)[None, :].repeat(int(owner.max()) + 1, axis=0)
    for one, at in sorted(blocked, key=lambda pair: -pair[1]):
        if at < longest:
            table[one, at] = table[one, at + 1] if at + 1 < longest else at + 1
    return np.asarray(table[owner, received])
