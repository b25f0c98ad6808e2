"""``close-month`` and ``difference-run`` as a controller types them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace

import click
import pytest
from click.testing import CliRunner

from budgets.closing.commands import close_month
from lead_contractor.access import service as people
from lead_contractor.access.model import Role
from lead_contractor.kernel.database import writing
from lead_contractor.kernel.money import Cents
from lead_contractor.kernel.refusals import Conflict, NotAllowed
from lead_contractor.kernel.tenancy import Scope
from subcontractors.corrections import service
from subcontractors.corrections.commands import difference_run, hand_of
from subcontractors.corrections.model import TariffChange
from tests.klein import MASTER_KEY, loaded_year
from tests.people import person

NOW = datetime(2026, 5, 20, 9, tzinfo=UTC)
CARLA, DIRK = "carla@voorbeeld.nl", "dirk@voorbeeld.nl"


@pytest.fixture
def terminal(sqlite_engine):
    """Runs a command on the small year; Carla and Dirk are its controllers."""
    loaded = loaded_year(sqlite_engine)
    for email, name in ((CARLA, "Carla"), (DIRK, "Dirk")):
        user = person(sqlite_engine, email, name)
        people.add_membership(sqlite_engine, user.id, loaded.lead_contractor_id, Role.CONTROLLER)
    group = click.Group()
    group.add_command(close_month(lambda: sqlite_engine, lambda: NOW))
    group.add_command(difference_run(lambda: sqlite_engine, lambda: MASTER_KEY, lambda: NOW))

    def run(*words):
        done = CliRunner().invoke(group, list(words))
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done

    return SimpleNamespace(run=run, engine=sqlite_engine, loaded=loaded)


def test_a_month_is_looked_at_closed_and_reopened(terminal):
    looked = terminal.run("close-month", "KL-2025")
    assert "2025-01 is niet afgesloten" in looked.output
    assert "in orde   boeken sluiten" in looked.output
    assert "2025-01 is afgesloten door Carla." in terminal.run("close-month", "KL-2025", "--by", CARLA).output
    assert terminal.run("close-month", "KL-2025", "2025-01").output == "2025-01 is afgesloten.\n"
    with pytest.raises(Conflict, match="Eerst moet 2025-02"):
        terminal.run("close-month", "KL-2025", "2025-03", "--by", CARLA)
    opened = terminal.run("close-month", "KL-2025", "2025-01", "--by", DIRK, "--reopen", "te vroeg")
    assert "2025-01 is heropend door Dirk." in opened.output
    assert terminal.run("close-month", "KL-2025", "maart").exit_code == 2
    assert terminal.run("close-month", "KL-2025", "--reopen", "te vroeg").exit_code == 2
    assert terminal.run("close-month", "KL-2025", "2025-01", "--by", DIRK, "--reopen", " ").exit_code == 2
    assert "2025-01 is niet afgesloten" in terminal.run("close-month", "KL-2025", "2025-01").output, (
        "nothing was closed"
    )


def test_a_difference_run_takes_two_people(terminal):
    with writing(terminal.engine) as connection:
        scope = Scope(connection, terminal.loaded.lead_contractor_id)
        carla, dirk = (hand_of(terminal.engine, email, scope.lead_contractor_id) for email in (CARLA, DIRK))
        change = TariffChange("99990101", "01A04", "04", Cents(3250), date(2025, 1, 1), date(2025, 6, 30), "besluit 7")
        made = service.propose_tariff(scope, terminal.loaded.contract_id, change, carla, NOW, "indexatie")
        service.approve_tariff(scope, terminal.loaded.contract_id, made.id, dirk, NOW)
    tried = terminal.run("difference-run", "KL-2025").output
    assert "tarief € 32,40 -> € 32,50" in tried
    assert "Overeenkomst PXQ-01: € " in tried
    assert "Proef: er is niets gewijzigd." in tried
    assert terminal.run("difference-run", "KL-2025", "--run").exit_code == 2
    proposed = terminal.run("difference-run", "KL-2025", "--run", "--by", CARLA, "--reason", "besluit 7")
    assert "wacht op akkoord van een ander" in proposed.output
    with pytest.raises(NotAllowed, match="Een ander dan de maker"):
        terminal.run("difference-run", "KL-2025", "--run", "--by", CARLA)
    done = terminal.run("difference-run", "KL-2025", "--run", "--by", DIRK)
    assert "goedgekeurd door Dirk en uitgevoerd" in done.output
    assert "Samen 0 regel(s), verschil € 0,00." in terminal.run("difference-run", "KL-2025").output


def test_only_a_controller_of_this_lead_contractor_may(terminal):
    person(terminal.engine, "nico@voorbeeld.nl", "Nico")
    for email in ("nico@voorbeeld.nl", "niemand@voorbeeld.nl"):
        with pytest.raises(NotAllowed, match="geen controller"):
            terminal.run("close-month", "KL-2025", "--by", email)
