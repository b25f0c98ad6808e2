"""Write a new migration: what the tables in the code have over the newest schema. Run by ``make migration``."""

from __future__ import annotations

import sys

from alembic import command
from alembic.script import ScriptDirectory

from lead_contractor.kernel import schema
from lead_contractor.kernel.database import throwaway_engine


def write(name: str) -> None:
    """Add ``NNNN_name.py`` to the folder ``versions``; read it before you trust it."""
    with throwaway_engine() as engine:
        schema.upgrade(engine)
        with schema.migrating(engine) as config:
            known = sum(1 for _ in ScriptDirectory.from_config(config).walk_revisions())
            command.revision(config, message=name, autogenerate=True, rev_id=f"{known + 1:04}")


if __name__ == "__main__":
    write(sys.argv[1])
