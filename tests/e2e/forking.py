"""A process that takes messages in by processes of its own, so that they can be killed in the middle.

It is run by ``test_races``: it reads one command (JSON) per line and forks for it. A child makes its own engine and app,
sends what the command says, and stops for ever at the place that the command names; what it has to say goes out as one
line of JSON. Forking here, where there are no threads, saves the imports for every child.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from sqlalchemy import Engine, event

from hoofdsom import bring_dues_up_to_date
from lead_contractor.contract import api as contract_api
from lead_contractor.kernel.database import make_engine
from lead_contractor.web import rest
from lead_contractor.web.shell import build_shell
from subcontractors.declarations import api as declarations_api
from subcontractors.declarations import delivery
from tests.api import ADDRESS, AT, KEY
from tests.people import SETTINGS


def say(**words: Any) -> None:
    """One line, whole: several children share the pipe."""
    os.write(1, (json.dumps({"pid": os.getpid(), **words}) + "\n").encode())


def stop_here(place: str) -> None:
    """Say so, and wait to be killed."""
    say(at=place)
    while True:
        signal.pause()


def pause_at(engine: Engine, place: str) -> None:
    """Stop at a statement by its number, just before the commit, or just after it."""
    if place == "commit":
        event.listen(engine, "commit", lambda _connection: stop_here(place))
    elif place == "committed":
        whole = delivery.deliver

        def deliver(*arguments: Any, **options: Any) -> Any:
            whole(*arguments, **options)
            stop_here(place)

        delivery.deliver = deliver
    elif place:
        seen = 0

        def count(*_: Any) -> None:
            nonlocal seen
            seen += 1
            if seen == int(place):
                stop_here(place)

        event.listen(engine, "after_cursor_execute", count)


def send(given: dict[str, Any]) -> None:
    """What a child does."""
    engine = make_engine(given["url"])
    app = build_shell({**SETTINGS, "CLOCK": lambda: AT}, engine)
    interface = rest.install(app, engine)
    for part in (contract_api.part(engine), *declarations_api.parts(engine, KEY, bring_dues_up_to_date)):
        interface.register_blueprint(part)
    client = app.test_client()
    headers = {"Authorization": f"Bearer {given['token']}", "Idempotency-Key": given["key"]}
    client.get(f"{ADDRESS}/token", headers=headers)  # its use is written down before anything is counted
    pause_at(engine, given.get("pause", ""))
    if given.get("wait"):
        say(at="ready")
        os.read(int(given["wait"]), 1)
    content = given["content"].encode()
    answer = client.post(f"{ADDRESS}/declarations", data=content, content_type=given["kind"], headers=headers)
    say(
        status=answer.status_code, body=answer.get_data(as_text=True), replayed="Idempotency-Replayed" in answer.headers
    )


def main() -> None:
    """Fork for each command; ``together`` is a list of commands that start at the same moment."""
    say(at="open")
    for command in sys.stdin:
        given = json.loads(command)
        many = given.get("together") or [given]
        gate, opener = os.pipe()
        children = []
        for one in many:
            child = os.fork()
            if child == 0:
                os.close(opener)
                try:
                    send({**one, "wait": gate if len(many) > 1 else 0})
                except BaseException as error:  # noqa: BLE001 - the parent has to hear of it, whatever it is
                    say(error=repr(error))
                os._exit(0)
            children.append(child)
        os.close(gate)
        if len(many) > 1:
            sys.stdin.readline()  # until all are ready
        os.close(opener)  # all wake up at once
        for child in children:
            os.waitpid(child, 0)
        say(at="done")


if __name__ == "__main__":
    main()
