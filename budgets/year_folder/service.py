"""Loading a year folder: everything in one transaction, whole or not at all; and writing it out again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from budgets.plan.model import BudgetLine
from budgets.plan.store import PLAN_TABLES, budget_lines, history, save_plan, waiting
from budgets.plan.version_store import has_versions
from budgets.settlement.reserve import opening_balance_findings
from budgets.year_folder.content import content_hash, message_file_hash
from budgets.year_folder.model import YearFolder
from budgets.year_folder.reader import read
from budgets.year_folder.stored import agreement_tables, agreements_of, as_table, as_text, contract_of
from budgets.year_folder.table_checks import covering
from budgets.year_folder.writer import write
from lead_contractor.allocation.model import Allocation
from lead_contractor.allocation.store import allocations, save_allocations
from lead_contractor.allocation.tables import allocation
from lead_contractor.books.closing import first_open_month
from lead_contractor.books.model import Posting
from lead_contractor.books.service import reconcile
from lead_contractor.clients.store import ClientIndex, bsns
from lead_contractor.clients.tables import client
from lead_contractor.contract import store as contracts
from lead_contractor.contract.lump_sum import missing, reckon
from lead_contractor.contract.model import Contract
from lead_contractor.contract.postings import PREFIX, contract_postings
from lead_contractor.contract.tables import contract as contract_table
from lead_contractor.kernel.database import reading, writing
from lead_contractor.kernel.findings import Finding, errors
from lead_contractor.kernel.refusals import Conflict, Unsound
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import Vault
from lead_contractor.parties.store import save_subcontractors, subcontractors
from lead_contractor.parties.tables import subcontractor
from subcontractors.agreements.commitments import Commitment, commitment, tariff_for
from subcontractors.agreements.model import Agreement, Tariff
from subcontractors.agreements.postings import DUE_PREFIX, due_postings
from subcontractors.agreements.service import dues, evidence
from subcontractors.agreements.store import (
    AGREEMENT_TABLES,
    realised_of,
    save_agreements,
    save_commitments,
    save_realised,
    save_tariffs,
    tariffs,
)
from subcontractors.agreements.weeks import limit_over_term
from subcontractors.chain.store import CLEARED, work_of_the_lead
from subcontractors.corrections.store import outlived, proposals
from subcontractors.decisions.store import decision_count
from subcontractors.declarations.intake import Intake, take_in
from subcontractors.declarations.store import DECLARATION_TABLES, Head, live_files, originals
from subcontractors.payments.store import run_count

CONTENT_TABLES = (
    subcontractor,
    *contracts.CONTRACT_TABLES,
    *AGREEMENT_TABLES,
    *PLAN_TABLES,
    allocation,
    *DECLARATION_TABLES,
    *CLEARED,
)
"""What a load fills, apart from books and clients."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did. ``unchanged``: the same content stood there already and nothing happened."""

    lead_contractor_id: int
    contract_id: int
    contract: Contract
    unchanged: bool
    heads: tuple[Head, ...] = ()
    warnings: tuple[Finding, ...] = ()
    reversed: tuple[Posting, ...] = ()
    added: tuple[Posting, ...] = ()


def load(
    engine: Engine,
    master_key: bytes,
    folder: Path,
    at: datetime,
    *,
    replace: bool = False,
    settling: bool = True,
    progress: Callable[[str], None] | None = None,
) -> Loaded:
    """Load a year folder.

    Args:
        engine: the database.
        master_key: the key of the vault.
        folder: the year folder.
        at: the moment of loading.
        replace: whether changed content of a contract that is there already may replace it.
        settling: whether the year must be complete enough to settle on.
        progress: called with the name of each message file that was read.

    Raises:
        Unsound: the folder has errors; nothing was stored.
        Conflict: the contract is there with other content and ``replace`` was not given, or it is settled for good.
    """
    year, found = read(folder, settling=settling)
    if year is None:
        raise Unsound(found)
    digest = content_hash(year, map(message_file_hash, year.messages))
    with writing(engine) as connection:
        scope = Scope(connection, contracts.ensure_tenant(connection, year.contract))
        scope.lock()
        standing = contracts.contract_with_code(scope, year.contract.id)
        if standing is not None and standing.content_hash == digest:
            return Loaded(scope.lead_contractor_id, standing.id, year.contract, unchanged=True, warnings=found)
        found = _allowed(scope, year, standing, found, replace=replace)
        contract_id = scope.last_id(contract_table) + 1 if standing is None else standing.id
        vault = Vault(master_key, scope.lead_contractor_id)
        if standing is not None:
            _clear(scope, contract_id)
        _save(scope, vault, contract_id, year, digest, at)
        return _process(scope, vault, contract_id, year, found, at, progress, replacing=standing is not None)


def _allowed(
    scope: Scope,
    year: YearFolder,
    standing: contracts.StoredContract | None,
    found: tuple[Finding, ...],
    *,
    replace: bool,
) -> tuple[Finding, ...]:
    """Refuse what may not be loaded; the findings that remain are warnings."""
    if standing is not None and standing.final_at is not None:
        raise Conflict(f"Contract {standing.code} is definitief afgerekend; er wordt niets meer gewijzigd.")
    if standing is not None and not replace:
        raise Conflict(
            f"Contract {standing.code} is al geladen, met andere inhoud. "
            "Laad met --replace om het te vervangen; de verschillen worden teruggeboekt en opnieuw geboekt."
        )
    if standing is not None:
        _refuse_after_closing(scope, standing)
    if standing is not None and (live := live_files(scope, standing.id)):
        raise Conflict(
            f"Contract {standing.code} heeft {live} bestand(en) die aanbieders zelf hebben ingediend; die zouden "
            "verdwijnen. Exporteer het contract eerst, werk die map bij en laad haar onder een nieuwe id."
        )
    if standing is not None and (done := _done_since(scope, standing.id)):
        raise Conflict(
            f"Contract {standing.code} heeft {done}; die verwijzen naar wat er nu staat en zouden in de lucht hangen. "
            "Verwerk de wijziging als correctie, of laad de map onder een nieuwe id."
        )
    if standing is not None and work_of_the_lead(scope, standing.id):
        raise Conflict(
            f"Onder contract {standing.code} zijn toewijzingen gemaakt of berichten verstuurd; die zouden verdwijnen. "
            "Exporteer het contract eerst, werk die map bij en laad haar onder een nieuwe id."
        )
    if standing is not None and has_versions(scope, standing.id):
        _refuse_other_budget(scope, standing, year)
    found = (*found, *opening_balance_findings(scope, year.contract))
    if errors(found):
        raise Unsound(found)
    return found


def _done_since(scope: Scope, contract_id: int) -> str:
    """Payments and decisions that stand on what was loaded, in words; empty when there are none."""
    runs, decisions = run_count(scope, contract_id), decision_count(scope, contract_id)
    said = [f"{runs} betaalbatch(es)" if runs else "", f"{decisions} besluit(en) op regels" if decisions else ""]
    return " en ".join(filter(None, said))


def _refuse_other_budget(scope: Scope, standing: contracts.StoredContract, year: YearFolder) -> None:
    """Amendments were made on the budget that stands; under another they would mean something else."""

    def amounts(lines: Iterable[BudgetLine]) -> list[tuple[str, str, str, int]]:
        return sorted((one.product_code, one.subcontractor, str(one.month), int(one.amount)) for one in lines)

    if amounts(budget_lines(scope, standing.id)) != amounts(year.budget):
        raise Conflict(
            f"De begroting van contract {standing.code} is gewijzigd in Hoofdsom; een andere budget.csv zou die "
            "wijzigingen iets anders laten betekenen. Wijzig de begroting in Hoofdsom, of laad de map onder een andere "
            "id."
        )


def _refuse_after_closing(scope: Scope, standing: contracts.StoredContract) -> None:
    """What was closed or corrected since is in no folder and would be undone by it."""
    opened = first_open_month(scope, standing.id)
    if opened is not None:
        raise Conflict(
            f"Van contract {standing.code} zijn maanden afgesloten (tot en met {opened.plus(-1)}); die worden niet "
            "vervangen. Heropen ze eerst, of laad de map onder een nieuwe id."
        )
    if any(one.approved for one in proposals(scope, standing.id)):
        raise Conflict(
            f"Contract {standing.code} heeft tariefwijzigingen of correcties die in geen map staan; die zouden "
            "verdwijnen. Laad de map onder een nieuwe id."
        )


def _clear(scope: Scope, contract_id: int) -> None:
    """Take away the earlier content; the books stay as they are."""
    for table in CONTENT_TABLES:
        scope.delete(table, contract_id=contract_id)


def _save(scope: Scope, vault: Vault, contract_id: int, year: YearFolder, digest: str, at: datetime) -> None:
    contracts.save_contract(scope, contract_id, year.contract, as_text(year.contract_source), digest, at)
    save_subcontractors(scope, contract_id, year.subcontractors)
    contracts.save_figures(scope, contract_id, year.index_figures, year.beschikkingen, year.receipts, year.costs)
    sources = {str(table["id"]): as_text(table) for table in year.agreements_source}
    save_agreements(scope, contract_id, year.agreements, sources)
    save_tariffs(scope, contract_id, year.tariffs)
    save_realised(scope, contract_id, year.realised)
    save_plan(scope, contract_id, year.budget, year.history, year.waiting)
    save_allocations(scope, contract_id, year.allocations, ClientIndex(scope, vault), _term_limit)
    save_commitments(scope, contract_id, _commitments(year))


def _commitments(year: YearFolder) -> Iterator[Commitment]:
    """What the allocations of a year fix in advance."""
    tariffs: dict[tuple[str, str, str], list[Tariff]] = defaultdict(list)
    for tariff in year.tariffs:
        tariffs[tariff.subcontractor, tariff.product_code, tariff.unit].append(tariff)
    own: dict[str, list[Agreement]] = defaultdict(list)
    for agreement in year.agreements:
        own[agreement.subcontractor].append(agreement)
    for one in year.allocations:
        made = commitment(one, covering(own[one.subcontractor], one), tariff_for(one, tariffs))
        if made is not None:
            yield made


def _term_limit(one: Allocation) -> int | None:
    return limit_over_term(one.volume, one.unit, one.frequency, one.category, one.start, one.end)


def _process(
    scope: Scope,
    vault: Vault,
    contract_id: int,
    year: YearFolder,
    found: tuple[Finding, ...],
    at: datetime,
    progress: Callable[[str], None] | None,
    *,
    replacing: bool,
) -> Loaded:
    """Take the messages in and bring the books in line with the content."""
    files = ((path.name, path) for path in year.messages)
    intake = intake_of(contract_id, year.contract)
    taken = take_in(scope, vault, intake, files, at, progress, replacing=replacing)
    gone, new = list(taken.reversed), list(taken.added)
    for undone, made in (
        post_contract(scope, contract_id, year.contract, at),
        post_dues(scope, contract_id, year.contract, at),
        reconcile(scope, contract_id, "settlement:", [], at),
    ):
        gone += undone
        new += made
    return Loaded(
        scope.lead_contractor_id,
        contract_id,
        year.contract,
        unchanged=False,
        heads=taken.heads,
        warnings=found,
        reversed=tuple(gone) if replacing else (),
        added=tuple(new) if replacing else (),
    )


def intake_of(contract_id: int, contract: Contract) -> Intake:
    """What the intake of declarations needs of a contract."""
    terms = contract.settlement
    return Intake(contract_id, contract.year, contract.municipality.code, terms.cut_off, terms.corrections_until)


def post_contract(
    scope: Scope, contract_id: int, contract: Contract, at: datetime
) -> tuple[list[Posting], list[Posting]]:
    """Bring instalments, deductions, volume, receipts and own cost in the books in line with what is stored."""
    figures = contracts.index_figures(scope, contract_id)
    counts = contracts.beschikkingen(scope, contract_id)
    if errors(missing(contract, figures, counts)):
        return [], []
    reckoning = reckon(contract, figures, counts)
    wanted = contract_postings(
        contract, reckoning, contracts.receipts(scope, contract_id), contracts.own_costs(scope, contract_id)
    )
    return reconcile(scope, contract_id, PREFIX, wanted, at)


def post_dues(scope: Scope, contract_id: int, contract: Contract, at: datetime) -> tuple[list[Posting], list[Posting]]:
    """Bring what agreements make due per month in the books in line with agreements, starts and stops."""
    agreements = agreements_of(scope, contract_id, contract)
    due, _ = dues(agreements, evidence(scope, contract_id, contract, agreements))
    return reconcile(scope, contract_id, DUE_PREFIX, due_postings(due), at)


def year_of(scope: Scope, vault: Vault, contract_id: int) -> YearFolder:
    """A stored contract year as the values that its folder gave; with BSNs, so for export only."""
    stored = contracts.get_contract(scope, contract_id)
    contract = contract_of(stored)
    ids = {int(row.id) for row in scope.rows(scope.select(client.c.id))}
    known = bsns(scope, vault, ids)
    budget, past, queue = budget_lines(scope, contract_id), history(scope, contract_id), waiting(scope, contract_id)
    return YearFolder(
        contract=contract,
        contract_source=as_table(stored.terms),
        agreements_source=tuple(agreement_tables(scope, contract_id)),
        subcontractors=subcontractors(scope, contract_id),
        agreements=tuple(agreements_of(scope, contract_id, contract)),
        tariffs=tariffs(scope, contract_id),
        allocations=allocations(scope, contract_id, known.__getitem__),
        index_figures=contracts.index_figures(scope, contract_id),
        beschikkingen=contracts.beschikkingen(scope, contract_id),
        receipts=contracts.receipts(scope, contract_id),
        realised=realised_of(scope, contract_id),
        costs=contracts.own_costs(scope, contract_id),
        budget=budget,
        history=past,
        waiting=queue,
    )


def export(engine: Engine, master_key: bytes, lead_contractor_id: int, contract_id: int, folder: Path) -> YearFolder:
    """Write a stored contract year out as a year folder; its messages are the originals, to the byte.

    Raises:
        Conflict: lines were approved at a tariff or on an allocation that was changed afterwards: a folder holds only
            what is agreed now, so that loading it would judge them otherwise.
    """
    with reading(engine) as connection:
        scope = Scope(connection, lead_contractor_id)
        if outlived(scope, contract_id):
            raise Conflict(
                "Er zijn regels goedgekeurd met een tarief of op een toewijzing die daarna met terugwerkende kracht "
                "is gewijzigd. Een map bevat alleen wat nu geldt en zou bij het laden iets anders geven."
            )
        vault = Vault(master_key, lead_contractor_id)
        year = year_of(scope, vault, contract_id)
        write(folder, year, originals(scope, vault, contract_id))
        return year


def folders_in(folder: Path) -> list[Path]:
    """The year folders that a folder is or holds: itself, or those right under it."""
    if (folder / "contract.toml").exists() or not folder.is_dir():
        return [folder]
    inside: Iterable[Path] = sorted(path for path in folder.iterdir() if (path / "contract.toml").is_file())
    return list(inside) or [folder]
