"""``make bench``: load and settle the example year, and take in a million lines, against raw floors in the same run.

Load against reading the same messages and storing the same lines, transfers and balances with nothing checked; settle
against reading the same sums once; declarations of one lead contractor as load (see ``declarations``). Each step runs
in a process of its own on a database of its own, floor and real in turn, so that a slow machine slows down both. The
forecast is held against generated histories, in this process and without a database (see ``forecast``). ``--only
paint`` opens the page of the meeting in cold browsers (see ``first_paint``); it needs chromium and is not done unasked.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.databases import NAMES, Databases, opened

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = "bench_template"
REAL, FLOOR = "bench_real", "bench_floor"
CONTRACT = "bench_contract"
PARTS = ("load", "declarations", "forecast", "meeting", "paint")
ON_DATABASES = frozenset({"load", "declarations", "meeting", "paint"})


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what is asked for and print it."""
    wanted = _parser().parse_args(arguments)
    if wanted.stages or ON_DATABASES & set(wanted.only):
        _measure_on_databases(wanted)
    if "forecast" in wanted.only and not wanted.stages:
        from bench import forecast  # late, as the reports below

        _say_where({})
        forecast.show(wanted.seeds, detail=wanted.detail)
    return 0


def _measure_on_databases(wanted: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory(prefix="hoofdsom-bench-") as place:
        folder = Path(place)
        with opened(wanted.databases, folder) as databases:
            _say_where(databases)
            _make_templates(databases)
            if wanted.stages:
                _show_stages(wanted, folder, databases)
                return
            if "load" in wanted.only:
                _show_figures(wanted, folder, databases)
            if "declarations" in wanted.only:
                _show_declarations(wanted, folder, databases)
            if "meeting" in wanted.only:
                _show_meeting(wanted, folder, databases)
            if "paint" in wanted.only:
                _show_paint(wanted, folder, databases)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--sizes", type=_numbers, default="1500,15000", help="numbers of clients (1500,15000)")
    parser.add_argument("--databases", type=_names, default=",".join(NAMES), help="sqlite,postgresql")
    parser.add_argument("--runs", type=int, default=3, help="runs of each step; the median counts (3)")
    parser.add_argument("--only", type=_parts, default=",".join(PARTS[:-1]), help=",".join(PARTS))
    parser.add_argument("--lines", type=_numbers, default="100000,1000000", help="lines declared (100000,1000000)")
    parser.add_argument(
        "--transfers", type=_numbers, default="100000,1000000", help="transfers behind the meeting (100000,1000000)"
    )
    parser.add_argument("--asked", type=int, default=20, help="how often each callback of the meeting is asked (20)")
    parser.add_argument("--starts", type=int, default=5, help="cold starts of each first paint (5)")
    parser.add_argument("--rounds", type=int, default=1, help="runs of the declarations (1)")
    parser.add_argument(
        "--pre-checks", type=int, default=200, help="pre-checks of one line behind the most lines (200)"
    )
    parser.add_argument("--example", default="voorbeeldgemeente-2025", help="the example year (voorbeeldgemeente-2025)")
    parser.add_argument(
        "--seeds", type=_numbers, default="1,2,3,4,5,6,7,8,9,10,11,12", help="histories of the forecast"
    )
    parser.add_argument("--detail", action="store_true", help="the forecast by kind of line as well")
    parser.add_argument("--stages", action="store_true", help="instead, show where the time of one load goes")
    return parser


def _numbers(given: str) -> tuple[int, ...]:
    return tuple(int(part) for part in given.split(","))


def _parts(given: str) -> tuple[str, ...]:
    parts = tuple(given.split(","))
    if not set(parts) <= set(PARTS):
        raise argparse.ArgumentTypeError(f"choose from {', '.join(PARTS)}")
    return parts


def _names(given: str) -> tuple[str, ...]:
    names = tuple(given.split(","))
    if not set(names) <= set(NAMES):
        raise argparse.ArgumentTypeError(f"choose from {', '.join(NAMES)}")
    return names


def _show_figures(wanted: argparse.Namespace, folder: Path, databases: Mapping[str, Databases]) -> None:
    figures = []
    for clients in wanted.sizes:
        example, notes = _example(wanted.example, clients, folder)
        for database, place in databases.items():
            runs = [_run(place, example, notes, f"{clients:,} on {database}") for _ in range(wanted.runs)]
            figures += [(step, clients, database, tuple(run[step] for run in runs)) for step in ("load", "settle")]
        shutil.rmtree(example)

    from bench import report  # late: what the parent holds would count as memory of the processes it starts

    report.show([report.Figure(*one) for one in sorted(figures, key=lambda one: (one[0], NAMES.index(one[2]), one[1]))])


def _run(place: Databases, example: Path, notes: Path, title: str) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """Each step once: the floor and the step itself, by step."""
    url = place.make(FLOOR, TEMPLATE)
    real_url = place.make(REAL, TEMPLATE)
    real = _step("load_all", url=real_url, folder=str(example))
    if not any(notes.iterdir()):
        _step("write_down_all", url=real_url, folder=str(example), notes=str(notes))
    floor = _step("floor_all", url=url, folder=str(example), notes=str(notes))
    place.drop(FLOOR)
    if floor["stands"] != real["stands"]:
        raise SystemExit(f"The floor did other work than the load: {floor['stands']} against {real['stands']}")
    sums = _step("sums_all", url=real_url)
    settled = _step("settle_all", url=real_url)
    place.drop(REAL)
    lines, transfers = real["stands"]["declaration_line"][0], real["stands"]["transfer"][0]
    _log(
        f"{title}: {lines:,} lines, {transfers:,} transfers; "
        f"load {real['seconds']:.2f} s (floor {floor['seconds']:.2f}), "
        f"settle {settled['seconds']:.3f} s (floor {sums['seconds']:.3f})"
    )
    return {"load": (floor, real), "settle": (sums, settled)}


def _show_meeting(wanted: argparse.Namespace, folder: Path, databases: Mapping[str, Databases]) -> None:
    """Every callback of the meeting with so many transfers behind it."""
    from bench import meeting  # late, as the reports

    example = _written(wanted, folder)
    for database, place in databases.items():
        print(f"\nThe finance meeting on {database}")
        meeting.measure(place.make(REAL, TEMPLATE), example, wanted.transfers, wanted.asked, _log)
        place.drop(REAL)


def _show_paint(wanted: argparse.Namespace, folder: Path, databases: Mapping[str, Databases]) -> None:
    """The page of the meeting as the first that a browser opens of a server that has just started."""
    from bench import first_paint  # late, as the reports

    example = _written(wanted, folder)
    for database, place in databases.items():
        print(f"\nThe first paint on {database}")
        first_paint.measure(place.make(REAL, TEMPLATE), example, wanted.transfers[0], wanted.starts, _log)
        place.drop(REAL)


def _written(wanted: argparse.Namespace, folder: Path) -> Path:
    """The example of the first size, written once for all that opens it."""
    example = folder / f"example-{wanted.sizes[0]}"
    return example if example.exists() else _example(wanted.example, wanted.sizes[0], folder)[0]


def _show_declarations(wanted: argparse.Namespace, folder: Path, databases: Mapping[str, Databases]) -> None:
    """Take in declarations of one lead contractor in each size, and pre-check single lines behind the most."""
    figures, checks = [], []
    for lines in wanted.lines:
        messages, notes = folder / f"declared-{lines}", folder / f"declared-notes-{lines}"
        notes.mkdir()
        made = _step("invent", lines=lines, folder=str(messages))
        _log(
            f"{made['lines']:,} lines in {made['files']} messages of at most {made['largest'] / 2**20:.1f} MB, "
            f"{made['bytes'] / 1e6:.0f} MB in all"
        )
        for database, place in databases.items():
            _step("contract_all", url=place.make(CONTRACT, TEMPLATE), lines=lines)
            runs = [_declared(place, messages, notes, f"on {database}") for _ in range(wanted.rounds)]
            figures.append(("declare", made["lines"], database, tuple(runs)))
            if lines == max(wanted.lines):
                found = _step("pre_check_all", url=place.url(REAL), lines=lines, times=wanted.pre_checks)
                checks.append((database, made["lines"], found["milliseconds"]))
            place.drop(REAL)
            place.drop(CONTRACT)
        shutil.rmtree(messages)

    from bench import report

    report.show([report.Figure(*one) for one in sorted(figures, key=lambda one: (NAMES.index(one[2]), one[1]))])
    for one in checks:
        report.show_pre_checks(*one)


def _declared(place: Databases, messages: Path, notes: Path, title: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Once the intake and once its floor, each on a copy of the contract; the intake's database stays."""
    place.drop(REAL)
    real = _step("declare_all", url=place.make(REAL, CONTRACT), folder=str(messages))
    _step("note_all", url=place.url(REAL), notes=str(notes))
    floor = _step("store_all", url=place.make(FLOOR, CONTRACT), folder=str(messages), notes=str(notes))
    place.drop(FLOOR)
    if floor["stands"] != real["stands"]:
        raise SystemExit(f"The floor did other work than the intake: {floor['stands']} against {real['stands']}")
    _log(
        f"{title}: {real['seconds']:.1f} s (floor {floor['seconds']:.1f}), "
        f"ratio {real['seconds'] / floor['seconds']:.2f}, "
        f"CPU {real['processor']:.1f} s (floor {floor['processor']:.1f}), {real['peak']:.0f} MB"
    )
    return floor, real


def _show_stages(wanted: argparse.Namespace, folder: Path, databases: Mapping[str, Databases]) -> None:
    measured = []
    for clients in wanted.sizes:
        example, _ = _example(wanted.example, clients, folder)
        for database, place in databases.items():
            found = _step("load_in_stages", url=place.make(REAL, TEMPLATE), folder=str(example))
            place.drop(REAL)
            measured.append((database, clients, found["stages"]))
        shutil.rmtree(example)

    from bench import report

    for one in measured:
        report.show_stages(*one)


def _example(name: str, clients: int, folder: Path) -> tuple[Path, Path]:
    """The example year of a size, and the folder for what its load makes."""
    example, notes = folder / f"example-{clients}", folder / f"notes-{clients}"
    notes.mkdir()
    made = _step("example", name=name, clients=clients, folder=str(example))
    _log(f"{clients:,} clients: {made['folders']} folders, {made['files']:,} files, {made['bytes'] / 1e6:.1f} MB")
    return example, notes


def _make_templates(databases: Mapping[str, Databases]) -> None:
    for place in databases.values():
        _step("migrate", url=place.make(TEMPLATE))


def _say_where(databases: Mapping[str, Databases]) -> None:
    versions = "".join(f", {place.version}" for place in databases.values())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    print(
        f"{datetime.now(UTC):%Y-%m-%d}, {_processor()}, {os.cpu_count()} cores, {memory:.0f} GB memory, "
        f"Python {platform.python_version()}{versions}",
        flush=True,
    )


def _processor() -> str:
    """The model of the processor, where the system tells."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.machine()


def _step(step: str, **arguments: Any) -> dict[str, Any]:
    """Run a step in a process of its own and take its answer."""
    command = [sys.executable, "-m", "bench.steps", step, json.dumps(arguments)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def _log(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
