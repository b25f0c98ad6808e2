"""Hoofdsom: the front door. Puts the four packages together: the command line, the site and the scheduler.

It is one file on purpose: what is put together with what stands here and nowhere else. Nothing is built at import; each
command makes what it needs and gives it back. Exit codes: 0 done, 1 the data or the request was refused (findings on
standard error), 2 the command was typed wrong, 3 the books prove something else.
"""

from __future__ import annotations

import gc
import json
import os
import socket
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from budgets.closing.commands import close_month
from budgets.example.generate import NAMES, generate
from budgets.forecast.commands import forecast_command
from budgets.forecast.jobs import freeze_all_months, freeze_months
from budgets.reports import service as reporting
from budgets.reports.commands import report as report_command
from budgets.scenarios.commands import what_if
from budgets.settlement import store as settlements
from budgets.settlement.books import check_contract
from budgets.settlement.jobs import check_all_books
from budgets.settlement.layout import to_json
from budgets.settlement.service import settle_contract
from budgets.settlement.text import statement_text, summary_text
from budgets.signals.commands import signals_command
from budgets.signals.jobs import evaluate_all, evaluate_frozen
from budgets.signals.service import ceiling_notices
from budgets.use.commands import use
from budgets.year_folder.service import Loaded, export, folders_in, load, post_dues
from budgets.year_folder.stored import contract_of
from lead_contractor.access import commands as token_commands
from lead_contractor.access import service as people
from lead_contractor.access.hand import Hand
from lead_contractor.access.model import Role
from lead_contractor.contract import store as contracts
from lead_contractor.kernel import schema
from lead_contractor.kernel.console import Progress
from lead_contractor.kernel.database import default_url, make_engine, reading, writing
from lead_contractor.kernel.periods import Month, local_day
from lead_contractor.kernel.quarters import Quarter
from lead_contractor.kernel.refusals import Conflict, NotFound, Refusal
from lead_contractor.kernel.tenancy import Scope
from lead_contractor.kernel.vault import KEY_FILE_VARIABLE, KEY_VARIABLE, Vault, load_key, new_key, write_key
from lead_contractor.parties.store import subcontractors
from lead_contractor.web.config import DemoSignIn
from subcontractors.chain.outbox import return_messages
from subcontractors.corrections.commands import difference_run
from subcontractors.declarations import answers as answering
from subcontractors.declarations.model import Status
from subcontractors.iwmo.commands import check as check_messages
from subcontractors.payments import service as payments
from subcontractors.reports import service as figures
from subcontractors.reports.jobs import remind_all
from subcontractors.reports.kpis import kpis_on

if TYPE_CHECKING:
    from flask import Flask

    from budgets.settlement.model import Settlement
    from lead_contractor.contract.model import Contract

KEY_FILE = Path("var") / "hoofdsom.key"
DEMO_FOLDER = Path("var") / "demo"


class Door(click.Group):
    """The command group; a refusal is told in words and becomes an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except Refusal as refusal:
            click.echo(str(refusal), err=True)
            ctx.exit(refusal.exit_code)
        except OperationalError as failed:
            reason = str(failed.orig).strip().partition("\n")[0]
            click.echo(f"De database is niet bereikbaar of kan dit niet: {reason}", err=True)
            ctx.exit(1)
        except BrokenPipeError:
            raise  # click knows what to do when a reader such as `head` has seen enough
        except OSError as failed:
            place = f"{failed.filename}: " if failed.filename else ""
            click.echo(f"Lezen of schrijven lukt niet: {place}{failed.strerror or failed}.", err=True)
            ctx.exit(1)


@click.group(cls=Door, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def main() -> None:
    """Hoofdsom: the year of a lead contractor in social care, from a folder of files to a settlement with its proof.

    A year is loaded from a YEAR FOLDER (see docs/year-folder.md) into a database: HOOFDSOM_DATABASE_URL, or else
    var/hoofdsom.db under the current folder. BSNs are encrypted with the key in HOOFDSOM_KEY, HOOFDSOM_KEY_FILE, or
    else var/hoofdsom.key. Where FOLDER-OR-CONTRACT is asked, a folder is looked at in a throw-away database.
    """


@dataclass(frozen=True, slots=True)
class Opened:
    """A contract year in a database, and the key of its vault; ``kept`` unless the database is thrown away."""

    engine: Engine
    key: bytes
    lead_contractor_id: int
    contract_id: int
    kept: bool = True

    @contextmanager
    def reading(self) -> Iterator[Scope]:
        """A scope that only reads."""
        with reading(self.engine) as connection:
            yield Scope(connection, self.lead_contractor_id)

    @contextmanager
    def writing(self) -> Iterator[Scope]:
        """A scope in one writing transaction."""
        with writing(self.engine) as connection:
            yield Scope(connection, self.lead_contractor_id)


def now() -> datetime:
    """The clock, read only here."""
    return datetime.now(UTC)


def database() -> Engine:
    """The database that was configured; the embedded one is brought up to date by itself.

    Raises:
        Refusal: a server database is not at the newest migration.
    """
    engine = make_engine(default_url())
    if engine.dialect.name == "sqlite":
        schema.upgrade(engine)
    elif not schema.is_current(engine):
        raise Refusal("De database is niet bij. Werk haar eerst bij met: hoofdsom migrate")
    return engine


def vault_key() -> bytes:
    """The configured key; on first use in the embedded set-up a key file is made and named."""
    if not os.environ.get(KEY_VARIABLE) and not os.environ.get(KEY_FILE_VARIABLE) and not KEY_FILE.exists():
        write_key(KEY_FILE)
        click.echo(
            f"Nieuwe sleutel voor de BSN-kluis gemaakt: {KEY_FILE}. Bewaar een kopie op een andere plaats.", err=True
        )
    return load_key()


def load_all(engine: Engine, key: bytes, folder: Path, *, replace: bool = False, settling: bool = True) -> list[Loaded]:
    """Load a year folder, or each year folder inside a folder, and tell what is worth telling on standard error."""
    done = []
    for one in folders_in(folder):
        files = one / "messages"
        count = sum(1 for _ in files.iterdir()) if files.is_dir() else 0
        with Progress(f"{one.name}: berichten", count) as progress:
            loaded = load(engine, key, one, now(), replace=replace, settling=settling, progress=progress.step)
        tell(loaded)
        done.append(loaded)
    return done


def tell(loaded: Loaded) -> None:
    """Warnings, refused messages and, after a replacement, the difference; on standard error."""
    for finding in loaded.warnings:
        click.echo(str(finding), err=True)
    for head in loaded.heads:
        if head.status is Status.DUPLICATE:
            click.echo(f"let op: messages/{head.name}: hetzelfde bericht was er al; het verandert niets.", err=True)
        elif head.status is not Status.ANSWERED:
            faults = " ".join(str(fault) for fault in head.came.faults[:3])
            click.echo(f"let op: messages/{head.name}: bericht in zijn geheel geweigerd. {faults}", err=True)
    for sign, postings in (("-", loaded.reversed), ("+", loaded.added)):
        for made in postings:
            about = f"{made.about.agreement or '-'} {made.about.service_month or ''}"
            click.echo(f"{sign} {made.source} {made.debit} / {made.credit} {about} {int(made.cents)} cent", err=True)


@contextmanager
def opened(folder_or_contract: str, *, settling: bool = True) -> Iterator[list[Opened]]:
    """Open a stored contract by its code, or load a folder (or the folders in it) in a throw-away database.

    With ``settling`` a folder must be complete enough to settle on.
    """
    folder = Path(folder_or_contract)
    if folder.exists() or os.sep in folder_or_contract:
        key = new_key()
        with schema.throwaway_database() as engine:
            loaded = load_all(engine, key, folder, settling=settling)
            yield [Opened(engine, key, one.lead_contractor_id, one.contract_id, kept=False) for one in loaded]
        return
    agb, _, code = folder_or_contract.rpartition("/")
    engine = database()
    with reading(engine) as connection:
        lead, contract_id = contracts.find_contract(connection, code, agb or None)
    yield [Opened(engine, load_key(), lead, contract_id)]
    engine.dispose()


@main.command("load", short_help="Load a year folder: all of it, or nothing and the reasons.")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--replace",
    is_flag=True,
    help="Replace a contract that is there with other content; the difference is shown and posted.",
)
@click.option("--running", is_flag=True, help="The year still runs: what is missing to settle on is a warning.")
def load_command(folder: Path, *, replace: bool, running: bool) -> None:
    """Load the year folder FOLDER: all of it, or nothing and the reasons.

    Loading the same content again does nothing. Refused messages are listed and do not stop the rest.
    """
    for one in load_all(database(), vault_key(), folder, replace=replace, settling=not running):
        what = "was al geladen; er is niets gewijzigd" if one.unchanged else f"geladen, {len(one.heads)} berichten"
        click.echo(f"Contract {one.contract.id} van {one.contract.lead_contractor.name}: {what}.")


@main.command("settle", short_help="Settle a year, as text, JSON or PDF.")
@click.argument("folder_or_contract")
@click.option("--format", "form", type=click.Choice(["text", "json", "pdf"]), default="text", show_default=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Where the PDF goes.")
@click.option("--final", is_flag=True, help="Settle for good: nothing of this year can be changed afterwards.")
def settle_command(folder_or_contract: str, form: str, out: Path | None, *, final: bool) -> None:
    """Settle a year: FOLDER-OR-CONTRACT is a year folder, or the code of a contract that was loaded."""
    if form == "pdf" and out is None:
        raise click.UsageError("--format pdf asks for --out FILE.pdf")
    with opened(folder_or_contract) as years:
        results = []
        for year in years:
            with year.writing() as scope:
                settlement = settle_contract(scope, year.contract_id, now(), final=final)
                contract = contract_of(contracts.get_contract(scope, year.contract_id))
                names = {party.agb: party.name for party in subcontractors(scope, year.contract_id)}
                statement = b""
                if out is not None:
                    statement = settlement_pdf(scope, year.contract_id, contract, settlement, names)
            results.append(to_json(settlement))
            if form == "text":
                click.echo(statement_text(contract, settlement, names))
            if out is not None:
                out.write_bytes(statement)
                click.echo(f"Afrekening geschreven: {out}", err=True)
    if form == "json":
        click.echo(json.dumps(results[0] if len(results) == 1 else results, ensure_ascii=False, indent=1))


def settlement_pdf(
    scope: Scope, contract_id: int, contract: Contract, settlement: Settlement, names: Mapping[str, str]
) -> bytes:
    """The printable statement of the newest settlement."""
    from budgets.settlement.statement import statement_pdf

    stored = settlements.latest(scope, contract_id)
    if stored is None:
        raise NotFound("Dit contract is nog niet afgerekend. Reken het eerst af: hoofdsom settle CONTRACT")
    return statement_pdf(
        contract, settlement, names, made_at=stored.made_at, version=stored.version, final=stored.final
    )


@main.command("answers", short_help="Answer every declared line, or write the WMO325 messages.")
@click.argument("folder_or_contract")
@click.option("--format", "form", type=click.Choice(["json", "iwmo"]), default="json", show_default=True)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder for the WMO325 messages.")
@click.option(
    "--returns",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the returns on starts, stops and requests (WMO306, 308, 316, 318).",
)
def answers_command(folder_or_contract: str, form: str, out: Path | None, returns: Path | None) -> None:
    """Answer every declaration: per line, with all reasons; or as one WMO325 for each WMO323.

    With --format iwmo, --returns DIR writes the returns on starts, stops and requests too (WMO306, 308, 316, 318).
    """
    if form == "iwmo" and out is None:
        raise click.UsageError("--format iwmo asks for --out DIR")
    with opened(folder_or_contract) as years:
        found: list[answering.MessageAnswer] = []
        for year in years:
            with year.reading() as scope:
                if out is None:
                    found += answering.answers(scope, year.contract_id)
                else:
                    place = out if len(years) == 1 else out / str(year.lead_contractor_id)
                    click.echo(f"{write_325s(scope, year, place)} antwoordberichten geschreven in {place}")
                if returns is not None:
                    place = returns if len(years) == 1 else returns / str(year.lead_contractor_id)
                    count = write_returns(scope, year, place)
                    click.echo(f"{count} retourberichten geschreven in {place}", err=out is None)
    if out is None:
        click.echo(json.dumps(answering.to_json(found), ensure_ascii=False, indent=1))


def write_325s(scope: Scope, year: Opened, out: Path) -> int:
    """Write one WMO325 for each WMO323; returns how many."""
    out.mkdir(mode=0o700, parents=True, exist_ok=True)  # the messages hold BSNs
    vault = Vault(year.key, year.lead_contractor_id)
    stored = contracts.get_contract(scope, year.contract_id)
    made = answering.messages_325(scope, vault, year.contract_id, stored.municipality_code, local_day(now()))
    return sum(1 for name, content in made if (out / name).write_bytes(content))


def write_returns(scope: Scope, year: Opened, out: Path) -> int:
    """Write the return messages (WMO306, 308, 316, 318) on starts, stops and requests; returns how many."""
    out.mkdir(mode=0o700, parents=True, exist_ok=True)  # as above
    vault = Vault(year.key, year.lead_contractor_id)
    made = return_messages(scope, vault, year.contract_id, local_day(now()))
    return sum(1 for name, content in made if (out / name).write_bytes(content))


@main.command("export", short_help="Write a contract out as a year folder.")
@click.argument("contract")
@click.argument("folder", type=click.Path(path_type=Path))
def export_command(contract: str, folder: Path) -> None:
    """Write CONTRACT out as a year folder; loading it gives the same settlement. Holds BSNs: keep it safe."""
    agb, _, code = contract.rpartition("/")
    engine = database()
    with reading(engine) as connection:
        lead, contract_id = contracts.find_contract(connection, code, agb or None)
    export(engine, load_key(), lead, contract_id, folder)
    click.echo(f"Contract {code} geschreven naar {folder}.")


@main.command("example", short_help="Write an invented example year.")
@click.argument("name", type=click.Choice(list(NAMES)))
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--clients", type=click.IntRange(min=1), help="How many clients; above 1,500 there are more lead contractors."
)
@click.option(
    "--seed", type=int, default=1, show_default=True, help="Another seed gives another year of the same kind."
)
def example_command(name: str, folder: Path, clients: int | None, seed: int) -> None:
    """Write the invented example year NAME as a year folder in FOLDER. Same arguments, same bytes."""
    for made in generate(name, folder, clients=clients, seed=seed):
        click.echo(f"Voorbeeldjaar (verzonnen gegevens) geschreven: {made}")


@main.command("check-books", short_help="Prove the books; name the first difference.")
@click.argument("contract", required=False)
def check_books_command(contract: str | None) -> None:
    """Prove the books: balances = transfers, lines = transfers, transfers = settlement. Names the first difference."""
    engine = database()
    with reading(engine) as connection:
        if contract is not None:
            agb, _, code = contract.rpartition("/")
            chosen = [contracts.find_contract(connection, code, agb or None)]
        else:
            chosen = contracts.every_contract(connection)
        for lead, contract_id in chosen:
            scope = Scope(connection, lead)
            code = contracts.get_contract(scope, contract_id).code
            for proved in check_contract(scope, contract_id):
                click.echo(f"{code}: {proved}")
    if not chosen:
        click.echo("Er is nog geen contract geladen.")


@main.command("migrate", short_help="Bring the database to the newest migration.")
def migrate_command() -> None:
    """Bring the database to the newest migration."""
    engine = make_engine(default_url())
    before = schema.current(engine)
    schema.upgrade(engine)
    click.echo(f"Database bij: {before or 'leeg'} -> {schema.current(engine)}")


@main.command("key", short_help="Make a key for the BSN vault.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def key_command(file: Path) -> None:
    """Make a key for the BSN vault in FILE, which only you may read. An existing file is left as it is."""
    existed = file.exists()
    write_key(file)
    click.echo(f"{file} bestond al en is niet gewijzigd." if existed else f"Sleutel gemaakt: {file}")


@main.command("user", short_help="Let a person sign in and act for a party.")
@click.argument("email")
@click.option("--name", required=True, help="The name of the person.")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--lead", required=True, help="AGB code of the lead contractor.")
@click.option("--party", default="", help="AGB code of a provider, or CBS code of a municipality.")
@click.option("--party-name", default="", help="The name of that party, as shown.")
@click.password_option(help="Asked for when it is not given.")
def user_command(**given: str) -> None:
    """Let a person sign in and act for one party; asking again adds another party, and sets the password anew."""
    engine = database()
    with reading(engine) as connection:
        lead = contracts.find_tenant(connection, given["lead"])
    if lead is None:
        raise NotFound(f"Er is geen hoofdaannemer met AGB {given['lead']}. Laad eerst een jaar van deze hoofdaannemer.")
    add_person(
        engine,
        lead,
        DemoSignIn(given["email"], given["password"], given["name"]),
        Role(given["role"]),
        given["party"],
        given["party_name"],
    )
    click.echo(f"{given['email']} kan nu inloggen.")


def add_person(
    engine: Engine, lead: int, person: DemoSignIn, role: Role, party: str = "", party_name: str = ""
) -> None:
    """Make a person, if they are not there yet, and give them a membership, if they do not have it yet."""
    user = people.find_user(engine, person.email)
    if user is None:
        user = people.create_user(engine, person.email, person.label, person.password)
    else:
        people.set_password(engine, user.id, person.password)
    held = {(one.lead_contractor_id, one.role, one.party) for one in people.memberships_of(engine, user.id)}
    if (lead, role, party) not in held:
        people.add_membership(engine, user.id, lead, role, party, party_name)


main.add_command(token_commands.group(database, now))
main.add_command(check_messages)
main.add_command(close_month(database, now))
main.add_command(use(partial(opened, settling=False)))
main.add_command(forecast_command(partial(opened, settling=False), now))
main.add_command(what_if(partial(opened, settling=False), now))
main.add_command(difference_run(database, load_key, now))
main.add_command(report_command(database, now))
main.add_command(signals_command(database, now))


def create_app(engine: Engine, master_key: bytes, config: Mapping[str, Any]) -> Flask:
    """The site on a migrated database: the shell, the pages of each floor, and the Dash view.

    Raises:
        Refusal: no usable ``SECRET_KEY`` in the configuration.
    """
    from dash_app import mount
    from dash_app.desk import views as desk
    from dash_app.overview import views as overview
    from dash_app.reports import views as reports
    from dash_app.whatif import mount as whatif
    from lead_contractor.web.shell import build_shell
    from subcontractors.portal import views as portal
    from subcontractors.reports import views as figures_views

    app = build_shell(config, engine)
    app.register_blueprint(overview.blueprint(engine, master_key))
    app.register_blueprint(desk.blueprint(engine, master_key))
    app.register_blueprint(reports.blueprint(engine))
    app.register_blueprint(portal.blueprint(engine, master_key, bring_dues_up_to_date, notices=ceiling_notices))
    app.register_blueprint(figures_views.blueprint(engine))
    open_interface(app, engine, master_key)
    mount.mount(app, engine)
    whatif.mount(app, engine)
    return app


def open_interface(app: Flask, engine: Engine, master_key: bytes) -> None:
    """The interface for software, and the page on which its tokens are made."""
    from lead_contractor.books import api as books_api
    from lead_contractor.contract import api as contract_api
    from lead_contractor.web import rest, rest_tokens
    from subcontractors.agreements import api as agreements_api
    from subcontractors.declarations import api as declarations_api
    from subcontractors.payments import api as payments_api
    from subcontractors.reports import api as figures_api
    from subcontractors.returns import api as returns_api

    interface = rest.install(app, engine)
    for part in (
        contract_api.part(engine),
        *declarations_api.parts(engine, master_key, bring_dues_up_to_date),
        agreements_api.part(engine, master_key),
        payments_api.part(engine),
        returns_api.part(engine, bring_dues_up_to_date),
        figures_api.part(engine),
        books_api.part(engine),
    ):
        interface.register_blueprint(part)
    app.register_blueprint(rest_tokens.blueprint(engine))


def bring_dues_up_to_date(scope: Scope, contract_id: int, at: datetime) -> None:
    """After messages came in: what agreements make due follows from starts and stops."""
    post_dues(scope, contract_id, contract_of(contracts.get_contract(scope, contract_id)), at)


def site_settings(host: str, secret_file: Path) -> dict[str, Any]:
    """The settings of the site: the secret from HOOFDSOM_SECRET_KEY or a file, cookies over HTTPS unless local."""
    write_key(secret_file)
    secret = os.environ.get("HOOFDSOM_SECRET_KEY") or secret_file.read_text().strip()
    local = host in {"127.0.0.1", "localhost", "::1"}
    return {
        "SECRET_KEY": secret,
        "SESSION_COOKIE_SECURE": not local,
        "TRUSTED_PROXIES": int(os.environ.get("HOOFDSOM_TRUSTED_PROXIES", "0")),
    }


def check_free(host: str, port: int) -> None:
    """See whether nothing else listens there, before anything is promised.

    Raises:
        Refusal: something does.
    """
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.settimeout(1)
        if probe.connect_ex((host, port)) == 0:
            raise Refusal(f"Op {host}:{port} draait al iets. Kies een andere poort, bijvoorbeeld: PORT={port + 1}")


def serve(app: Flask, engine: Engine, host: str, port: int) -> None:
    """Serve until Ctrl-C: one process with threads, so that limits and sessions are counted in one place."""
    from gunicorn.app.base import BaseApplication

    from dash_app.warm import keep_warm

    class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
        def load_config(self) -> None:
            settings = {"bind": f"{host}:{port}", "workers": 1, "threads": 8, "timeout": 120, "loglevel": "warning"}
            for name, value in settings.items():
                self.cfg.set(name, value)

        def load(self) -> Flask:
            keep_warm(app, engine)
            gc.collect()
            gc.freeze()  # what stands for good is not looked through again in the middle of an answer
            return app

    Server().run()


HOST = click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
PORT = click.option(
    "--port", default=8000, envvar="PORT", show_default=True, show_envvar=True, type=click.IntRange(1, 65535)
)


@main.command("serve", short_help="Serve the site.")
@HOST
@PORT
def serve_command(host: str, port: int) -> None:
    """Serve the site, until Ctrl-C. Other than on this machine it belongs behind HTTPS."""
    check_free(host, port)
    engine = database()
    app = create_app(engine, vault_key(), site_settings(host, KEY_FILE.with_suffix(".secret")))
    click.echo(f"Hoofdsom staat op http://{host}:{port} (stoppen met Ctrl-C)")
    serve(app, engine, host, port)


@main.command("scheduler", short_help="Do the night's work in a process of its own.")
@click.option("--once", is_flag=True, help="Do the night's work now and stop.")
def scheduler_command(*, once: bool) -> None:
    """Do the night's work at 02:00, in a process of its own: prove all books, freeze the forecast of ended months."""
    engine = database()

    def night() -> None:
        for (lead, contract_id), sound in check_all_books(engine, now()).items():
            click.echo(f"boeken van {lead}/{contract_id}: {'in evenwicht' if sound else 'VERSCHIL'}")
        for (lead, contract_id), days in freeze_all_months(engine, now()).items():
            click.echo(f"prognoses van {lead}/{contract_id} vastgelegd: {', '.join(map(str, days))}")
        for (lead, contract_id), looks in evaluate_all(engine, now()).items():
            click.echo(f"signalen van {lead}/{contract_id}: {sum(len(one.written) for one in looks)} gewijzigd")
        for (lead, contract_id), given in remind_all(engine, now()).items():
            if given:
                click.echo(f"kengetallen van {lead}/{contract_id}: {given} herinneringen gegeven")

    if once:
        night()
        return
    from apscheduler.schedulers.blocking import BlockingScheduler

    clock = BlockingScheduler(timezone="Europe/Amsterdam")
    clock.add_job(night, "cron", hour=2, id="night", coalesce=True, max_instances=1, misfire_grace_time=3600)
    click.echo("Het nachtwerk loopt om 02:00 (stoppen met Ctrl-C)")
    clock.start()


@main.command("demo", short_help="The example year, from files to site, with demo sign-ins.")
@PORT
@click.option(
    "--serve/--no-serve", "serving", default=None, help="Serve the site afterwards (default: yes, unless SERVE=0)."
)
def demo_command(port: int, *, serving: bool | None) -> None:
    """Generate the example year, load it, settle it, print the outcome and serve the site with demo sign-ins."""
    serving = os.environ.get("SERVE") != "0" if serving is None else serving
    if serving:
        check_free("127.0.0.1", port)
    DEMO_FOLDER.mkdir(parents=True, exist_ok=True)
    key_file = DEMO_FOLDER / "hoofdsom.key"
    write_key(key_file)
    key = load_key({KEY_FILE_VARIABLE: str(key_file)})
    engine = demo_database()
    click.echo("Het voorbeeldjaar voorbeeldgemeente-2025 wordt gemaakt (verzonnen gegevens) ...")
    with tempfile.TemporaryDirectory(prefix="hoofdsom-") as place:
        folder = generate("voorbeeldgemeente-2025", Path(place) / "voorbeeldgemeente-2025")[0]
        try:
            (loaded,) = load_all(engine, key, folder, replace=True)
        except Conflict:
            click.echo("Het voorbeeldjaar is veranderd sinds de vorige keer; de demo begint opnieuw.", err=True)
            engine.dispose()
            for old in DEMO_FOLDER.glob("hoofdsom.db*"):
                old.unlink()
            engine = demo_database()
            (loaded,) = load_all(engine, key, folder)
    with writing(engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)
        settlement = settle_contract(scope, loaded.contract_id, now())
    click.echo(summary_text(loaded.contract, settlement))
    sign_ins = demo_people(engine, loaded)
    pay_the_demo(engine, loaded, sign_ins)
    report_the_demo(engine, loaded, sign_ins[0])
    freeze_months(engine, loaded.lead_contractor_id, loaded.contract_id, now(), anew=not loaded.unchanged)
    evaluate_frozen(engine, loaded.lead_contractor_id, loaded.contract_id, now())
    check_all_books(engine, now())
    if not serving:
        return
    config = {**site_settings("127.0.0.1", DEMO_FOLDER / "hoofdsom.secret"), "DEMO_SIGN_INS": sign_ins}
    app = create_app(engine, key, config)
    click.echo(f"\nDe site staat op http://127.0.0.1:{port} (stoppen met Ctrl-C). Inloggen kan als:")
    for person in sign_ins:
        click.echo(f"  {person.label:<28} {person.email:<32} {person.password}")
    serve(app, engine, "127.0.0.1", port)


def demo_database() -> Engine:
    """The database of the demo, at the newest schema."""
    engine = make_engine(f"sqlite:///{DEMO_FOLDER / 'hoofdsom.db'}")
    schema.upgrade(engine)
    return engine


def demo_people(engine: Engine, loaded: Loaded) -> tuple[DemoSignIn, ...]:
    """One person for each kind of user, on invented data only."""
    lead, contract = loaded.lead_contractor_id, loaded.contract
    with reading(engine) as connection:
        scope = Scope(connection, lead)
        busiest = answering.busiest_sender(scope, loaded.contract_id)
        provider = next(party for party in subcontractors(scope, loaded.contract_id) if party.agb == busiest)
    password = "voorbeeld-2025"  # noqa: S105 - printed on purpose, guards invented data
    made = (
        (DemoSignIn("controller@voorbeeld.example", password, "Controller hoofdaannemer"), Role.CONTROLLER, "", ""),
        (DemoSignIn("tweede@voorbeeld.example", password, "Tweede controller"), Role.CONTROLLER, "", ""),
        (
            DemoSignIn("aanbieder@voorbeeld.example", password, "Administratie aanbieder"),
            Role.PROVIDER,
            provider.agb,
            f"{provider.name} (verzonnen)",
        ),
        (
            DemoSignIn("gemeente@voorbeeld.example", password, "Adviseur gemeente"),
            Role.MUNICIPALITY,
            contract.municipality.code,
            contract.municipality.name,
        ),
    )
    for person, role, party, party_name in made:
        add_person(engine, lead, person, role, party, party_name)
    return tuple(person for person, *_ in made)


def pay_the_demo(engine: Engine, loaded: Loaded, sign_ins: Sequence[DemoSignIn]) -> None:
    """Pay what fell due in the year itself, month by month, once: made by one controller, approved by the other."""
    users = [people.find_user(engine, one.email) for one in sign_ins[:2]]
    maker, checker = (Hand(user.id, one.label) for user, one in zip(users, sign_ins, strict=False) if user)
    with writing(engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)
        if payments.runs_of(scope, loaded.contract_id):
            return
        for month in (Month(loaded.contract.year, number) for number in range(3, 13)):
            at = datetime.combine(month.last, time(9), UTC)
            run = payments.propose_run(scope, loaded.contract_id, month.last, maker, at)
            payments.approve_run(scope, run.id, checker, at)
            payments.execute_run(scope, run.id, month.last, maker, at)


def report_the_demo(engine: Engine, loaded: Loaded, person: DemoSignIn) -> None:
    """Ask for the figures of three quarters and release their reports three weeks after each, once."""
    user = people.find_user(engine, person.email)
    assert user is not None
    with writing(engine) as connection:
        scope = Scope(connection, loaded.lead_contractor_id)
        if reporting.reports(scope, loaded.contract_id):
            return
        for quarter in (Quarter(loaded.contract.year, number) for number in (1, 2, 3)):
            at = datetime.combine(quarter.last, time(9), UTC) + timedelta(days=1)
            names = [one.id for one in kpis_on(quarter.last)]
            figures.ask(scope, loaded.contract_id, quarter, names, person.label, at)
            by = Hand(user.id, person.label)
            reporting.release(scope, loaded.contract_id, quarter, by, at + timedelta(days=20))


if __name__ == "__main__":
    sys.exit(main())
