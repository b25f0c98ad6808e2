"""A generated history as a year folder: a contract year as known at the end of a month, invented people and all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import tomli_w

from bench.histories.fixed import Fixed, FixedState, Run
from bench.histories.histories import History
from bench.histories.known import Known, frequency
from bench.histories.people import Given
from bench.histories.setting import Line
from budgets.example import names
from budgets.example.messages import declaration_csv
from budgets.plan.model import HistoryRow, WaitingRow
from budgets.year_folder.columns import TABLES
from budgets.year_folder.writer import table_text
from lead_contractor.allocation.model import Allocation, Frequency, Unit
from lead_contractor.kernel.money import Cents, euros_text
from lead_contractor.kernel.periods import Month
from lead_contractor.kernel.rounding import times
from lead_contractor.parties.model import Size, Subcontractor
from subcontractors.agreements.availability import AvailabilityTerms
from subcontractors.agreements.fte import FteTerms
from subcontractors.agreements.lump_sum import LumpSumTerms
from subcontractors.agreements.model import Agreement, FormCode
from subcontractors.agreements.trajectory import TrajectoryTerms
from subcontractors.declarations import model as declarations
from subcontractors.iwmo.model import Person, StartReport, StopReport
from subcontractors.iwmo.writer import write_305, write_307

_RECEIVED_ON = 10
_LUMP_SUM = Cents(800_000_000)
_FIRST_STATUS = "1"
_SIZES = {size.value: size for size in Size}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of a history: a year as known at the end of a month, and the subcontractors under P×Q, by number."""

    known: Known
    owners: frozenset[int]

    @property
    def state(self) -> FixedState:
        """What is known of the other forms."""
        states = self.known.made.states
        return states[min(self.known.place, len(states) - 1)][1]

    @property
    def lines(self) -> dict[int, Line]:
        """The lines under P×Q."""
        every = enumerate(self.known.made.given.lines)
        return {
            number: line for number, line in every if line.owner in self.owners and self.known.agreed_months(line.owner)
        }


def write(made: History, year: int, month: Month, folder: Path, owners: Collection[int] | None = None) -> None:
    """Write the year folder of a year as it was known at the end of a month.

    Args:
        made: the history.
        year: the contract year.
        month: the month, of that year or after it.
        folder: where; it is made.
        owners: which subcontractors under P×Q, by number; all where it is left out. Of the others all are there.
    """
    every = {line.owner for line in made.given.lines}
    wanted = Wanted(Known(made, year, month), frozenset(every if owners is None else owners))
    (folder / "messages").mkdir(parents=True)
    _text(folder / "contract.toml", tomli_w.dumps(_contract(wanted)))
    _text(folder / "agreements.toml", tomli_w.dumps({"agreement": list(_agreements(wanted))}))
    rows = _tables(wanted)
    for table in TABLES:
        if rows.get(table.file) or table.required:
            _text(folder / table.file, table_text(table, rows.get(table.file, [])))
    for name, content in (*_declarations(wanted), *_reports(wanted)):
        (folder / "messages" / name).write_bytes(content)


def _text(path: Path, content: str) -> None:
    path.write_text(content, encoding="utf-8", newline="\n")


def _contract(wanted: Wanted) -> Mapping[str, Any]:
    year = wanted.known.year
    return {
        "format": 1,
        "id": f"GS{wanted.known.made.seed}-{year}",
        "year": year,
        "municipality": {"name": names.MUNICIPALITY_NAME, "code": names.MUNICIPALITY_CODE},
        "lead_contractor": {"name": names.lead_name(0), "agb": names.lead_agb(0), "kvk": names.kvk(0)},
        "lump_sum": {"amount": euros_text(_LUMP_SUM), "first_month": 1, "last_month": 12},
        "settlement": {"cut_off": date(year + 1, 3, 31), "corrections_until": date(year + 1, 5, 31)},
    }


def _agreements(wanted: Wanted) -> Iterator[Mapping[str, Any]]:
    known = wanted.known
    ceilings = known.made.ceilings.get(known.year, {})
    for owner in sorted({line.owner for line in wanted.lines.values()}):
        mine = {number: line for number, line in wanted.lines.items() if line.owner == owner}
        months = known.agreed_months(owner)
        limit = next((ceilings[number] for number in mine if number in ceilings), None)
        yield {
            "id": f"PXQ-{owner + 1:02d}",
            "subcontractor": names.subcontractor_agb(owner),
            "form": "pxq",
            "products": sorted(line.product for line in mine.values()),
            "valid_from": months[0].first,
            "valid_to": months[-1].last,
            **({} if limit is None else {"ceiling": {"amount": euros_text(limit)}}),
        }
    for agreement in Fixed(known.made.given).agreements(known.year):
        products = {"products": list(agreement.products)} if agreement.products else {}
        yield {
            "id": agreement.id,
            "subcontractor": agreement.subcontractor,
            "form": agreement.form.value,
            **products,
            **_terms(agreement),
        }


def _terms(agreement: Agreement) -> Mapping[str, Any]:
    terms = agreement.terms
    if isinstance(terms, FteTerms):
        return {"fte": str(terms.fte), "price_per_fte": euros_text(terms.price_per_fte)}
    if isinstance(terms, LumpSumTerms):
        return {"amount": euros_text(terms.amount)}
    if isinstance(terms, TrajectoryTerms):
        return {
            "price": euros_text(terms.price),
            "milestones": [{"at": one.at.value, "percent": str(one.percent)} for one in terms.milestones],
            "early_stop": {reason: rule.value for reason, rule in terms.early_stop.items()},
            "guarantee_days": terms.guarantee_days,
            "valid_from": date(agreement.validity.start.year - 2, 1, 1),
            "valid_to": date(agreement.validity.start.year, 12, 31),
        }
    assert isinstance(terms, AvailabilityTerms)
    assert terms.occupancy is not None
    norm, malus = terms.occupancy.norm_percent, terms.occupancy.malus_percent_per_point
    occupancy = {"norm_percent": str(norm), "malus_percent_per_point": str(malus)}
    return {"month_amount": euros_text(terms.month_amount), "occupancy": occupancy}


def _tables(wanted: Wanted) -> Mapping[str, list[Any]]:
    known, day = wanted.known, wanted.known.month.last
    agbs = {line.agb for line in wanted.lines.values()}
    return {
        "subcontractors.csv": list(_subcontractors(wanted)),
        "tariffs.csv": [one for one in known.tariffs() if one.subcontractor in agbs],
        "allocations.csv": [*_allocations(wanted), *_trajectories(wanted)],
        "realised.csv": list(Fixed(known.made.given).known(wanted.state, known.year, day)),
        "history.csv": list(_history(wanted)),
        "waiting.csv": list(_waiting(wanted)),
    }


def _subcontractors(wanted: Wanted) -> Iterator[Subcontractor]:
    sizes = {line.agb: _SIZES[line.size] for line in wanted.lines.values()}
    others = {one.subcontractor: Size.MEDIUM for one in Fixed(wanted.known.made.given).agreements(wanted.known.year)}
    for number, (agb, size) in enumerate(sorted({**sizes, **others}.items())):
        consent = None if size is Size.ZZP else date(2018, 10, 1)
        yield Subcontractor(
            agb,
            f"Onderaannemer {agb} (verzonnen)",
            names.kvk(100 + number),
            names.fictitious_iban(number),
            size,
            consent,
        )


def _bsns(wanted: Wanted) -> dict[int, str]:
    """The BSN of each client: P×Q clients first, then those with a trajectory (numbered below zero)."""
    clients = sorted({one.client for one in wanted.known.made.book.given.values()})
    others = sorted({-run.client for run in wanted.state.runs}, reverse=True)
    every = [*clients, *others]
    return dict(zip(every, islice(names.invented_bsns(), len(every)), strict=True))


def _allocations(wanted: Wanted) -> Iterator[Allocation]:
    known, bsns = wanted.known, _bsns(wanted)
    begin, end = known.months[0].first, known.months[-1].last
    for one in known.given():
        spell = known.spell(one)
        last = spell.ended or spell.last
        if one.line in wanted.lines and spell.first <= end and last >= begin:
            yield _allocation(wanted, one, bsns[one.client], spell.first, last)


def _allocation(wanted: Wanted, one: Given, bsn: str, first: date, last: date) -> Allocation:
    line, given = wanted.lines[one.line], wanted.known.made.given
    return Allocation(
        number=str(one.id),
        bsn=bsn,
        subcontractor=line.agb,
        category=line.product[:2],
        start=first,
        product_code=line.product,
        end=last,
        volume=one.units,
        unit=Unit(given.raw["product"][line.product]["unit"]),
        frequency=Frequency(frequency(given.raw["category"][line.category]["per"])),
        decided_on=min(first, given.months[0].plus(one.decided).last),
    )


def _runs(wanted: Wanted) -> Iterator[tuple[Run, Agreement]]:
    """The trajectories of the year that had begun, with their agreement."""
    known = wanted.known
    agreements = [one for one in Fixed(known.made.given).agreements(known.year) if one.form is FormCode.TRAJECTORY]
    for run in wanted.state.runs:
        if run.started <= known.month.last and known.year - 2 <= run.ended.year:
            yield run, agreements[run.kind]


def _trajectories(wanted: Wanted) -> Iterator[Allocation]:
    bsns = _bsns(wanted)
    for run, agreement in _runs(wanted):
        terms = agreement.terms
        assert isinstance(terms, TrajectoryTerms)
        yield Allocation(
            number=str(900000 + run.number),
            bsn=bsns[-run.client],
            subcontractor=agreement.subcontractor,
            category=agreement.products[0][:2],
            start=run.started,
            product_code=agreement.products[0],
            end=run.planned,
            volume=int(terms.price),
            unit=Unit.EURO,
            frequency=Frequency.TOTAL,
            decided_on=run.started,
            flags=frozenset({"specific"}),
        )


def _history(wanted: Wanted) -> Iterator[HistoryRow]:
    first = wanted.known.made.given.months[0]
    for number, service, received, cents in wanted.known.came_in().tolist():
        month = first.plus(service)
        if number in wanted.lines and cents and month.year < wanted.known.year:
            line = wanted.lines[number]
            yield HistoryRow(month, first.plus(received), line.agb, line.product, Cents(cents))


def _waiting(wanted: Wanted) -> Iterator[WaitingRow]:
    known = wanted.known
    for month in known.months:
        if month <= known.month:
            for product, count in sorted(known.waiting(known.made.given.place(month)).items()):
                yield WaitingRow(month.last, product, "", count)


def _declarations(wanted: Wanted) -> Iterator[tuple[str, bytes]]:
    """One message per subcontractor, month of service and month of receipt, credits first."""
    known = wanted.known
    by_message: dict[tuple[int, int, int], list[declarations.Line]] = defaultdict(list)
    for owner, service, received, line in _declared(wanted):
        by_message[owner, service, received].append(line)
    first = known.made.given.months[0]
    for (owner, service, received), lines in sorted(by_message.items()):
        month, came = first.plus(service), first.plus(received)
        day = came.first + timedelta(days=_RECEIVED_ON - 1) if came > month else came.last
        number = f"D{service:02d}{received:02d}"
        agb = names.subcontractor_agb(owner)
        head = declarations.Declaration(
            declarations.Channel.CSV,
            agb,
            names.MUNICIPALITY_CODE,
            number,
            number,
            month.first,
            month.last,
            day,
            day,
            None,
        )
        ordered = sorted(lines, key=lambda line: (not line.credit, line.position))
        yield f"{day}-{agb}-{number}.csv", declaration_csv(head, ordered, comma=False)


def _declared(wanted: Wanted) -> Iterator[tuple[int, int, int, declarations.Line]]:
    known, came, bsns = wanted.known, wanted.known.made.declared, _bsns(wanted)
    place = known.made.given.place(known.months[0])
    mine = np.isin(came.line, list(wanted.lines)) & (came.month >= place) & (came.month < place + 12)
    for at in np.flatnonzero(mine & (came.received <= known.place)).tolist():
        one = known.made.book.given[int(came.given[at])]
        owner, month = wanted.lines[one.line].owner, int(came.month[at])
        wrong = int(came.wrong[at])
        units, tariff = int(came.units[at]), int(came.tariff[at])
        first = _line(wanted, one, at, month, wrong or units, tariff, bsns)
        yield owner, month, int(came.received[at]), first
        if wrong and came.mended[at] <= known.place:
            mended = int(came.mended[at])
            yield owner, month, mended, _line(wanted, one, at, month, wrong, tariff, bsns, ("C", first.reference))
            yield owner, month, mended, _line(wanted, one, at, month, units, tariff, bsns, ("N", ""))


def _line(
    wanted: Wanted,
    one: Given,
    at: int,
    place: int,
    units: int,
    tariff: int,
    bsns: Mapping[int, str],
    kind: tuple[str, str] = ("", ""),
) -> declarations.Line:
    """One declared line; ``kind`` is C with the reference it takes back, N for what is declared anew, or nothing."""
    line, month = wanted.lines[one.line], wanted.known.made.given.months[place]
    spell = wanted.known.spell(one)
    first, last = max(spell.first, month.first), min(spell.ended or spell.last, month.last)
    return declarations.Line(
        position=at,
        reference=f"R{at}{kind[0]}",
        bsn=bsns[one.client],
        allocation=str(one.id),
        category=line.product[:2],
        product_code=line.product,
        period_from=first,
        period_to=last,
        volume=units,
        unit=wanted.known.made.given.raw["product"][line.product]["unit"],
        amount=times(Cents(tariff), units),
        credit=kind[0] == "C",
        previous_reference=kind[1],
        tariff=Cents(tariff),
    )


def _reports(wanted: Wanted) -> Iterator[tuple[str, bytes]]:
    """Starts of this year and all stops of trajectories, on the day itself; older ones started as allocated."""
    bsns, day = _bsns(wanted), wanted.known.month.last
    for run, agreement in _runs(wanted):
        key, name = _report(run, agreement, bsns[-run.client]), f"{run.started}-{run.number}"
        if run.started.year == wanted.known.year:
            yield f"{name}-305.xml", write_305([StartReport(identification=f"A{run.number}", dated=run.started, **key)])
        if run.reason is not None and run.ended <= day:
            stop = StopReport(identification=f"E{run.number}", dated=run.ended, end=run.ended, reason=run.reason, **key)
            yield f"{name}-307.xml", write_307([stop])


def _report(run: Run, agreement: Agreement, bsn: str) -> Mapping[str, Any]:
    return {
        "sender": agreement.subcontractor,
        "receiver": names.MUNICIPALITY_CODE,
        "bsn": bsn,
        "person": Person(date(1960, 1, 1), "2", f"Verzonnen {run.client}"),
        "allocation": str(900000 + run.number),
        "category": agreement.products[0][:2],
        "product_code": agreement.products[0],
        "begin": run.started,
        "status": _FIRST_STATUS,
        "allocation_start": run.started,
    }
