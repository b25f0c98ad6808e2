"""The command line of iWmo: hold message files against levels 1 and 2, without a database."""

from __future__ import annotations

from pathlib import Path

import click

from subcontractors.iwmo.document import read_document
from subcontractors.iwmo.level2.check import check_document


@click.command("check")
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.pass_context
def check(ctx: click.Context, files: tuple[Path, ...]) -> None:
    """Check iWmo messages by themselves: structure and content of any message of the chain.

    Prints every fault with its place, what to do and the rule; exit code 1 when there are any.
    """
    wrong = sum(_checked(path) for path in files)
    if wrong:
        ctx.exit(1)


def _checked(path: Path) -> int:
    """Tell what is wrong with one file; the number of faults."""
    with path.open("rb") as stream:
        document = read_document(stream)
    faults = (*document.faults, *check_document(document))
    kind = "" if document.message is None else f"WMO{document.message.number} ({document.message.title}), "
    count = "geen fouten" if not faults else "1 fout" if len(faults) == 1 else f"{len(faults)} fouten"
    click.echo(f"{path.name}: {kind}{count}")
    for line in (*document.remarks, *map(str, faults)):
        click.echo(f"  {line}")
    return len(faults)
