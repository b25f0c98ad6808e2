"""What was measured, as tables: medians, ratios to the floor, growth."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from rich.console import Console
from rich.table import Table

_WIDTH = 110


@dataclass(frozen=True, slots=True)
class Figure:
    """One step at one size on one database; ``runs`` holds for each run what the floor took and what the step took."""

    step: str
    size: int
    database: str
    runs: tuple[tuple[Mapping[str, float], Mapping[str, float]], ...]

    @property
    def floor(self) -> float:
        """The median of the floor in seconds."""
        return median(floor["seconds"] for floor, _ in self.runs)

    @property
    def real(self) -> float:
        """The median of the step itself in seconds."""
        return median(real["seconds"] for _, real in self.runs)

    @property
    def processor(self) -> tuple[float, float]:
        """The same of the time on the processor, without what a database server used: floor and step."""
        return median(floor["processor"] for floor, _ in self.runs), median(real["processor"] for _, real in self.runs)

    @property
    def peak(self) -> tuple[float, float]:
        """The highest peak of memory in megabytes: floor and step."""
        return max(floor["peak"] for floor, _ in self.runs), max(real["peak"] for _, real in self.runs)

    @property
    def ratio(self) -> float:
        """How many times as long as its floor the step takes: each run against the floor beside it, then the median."""
        return median(real["seconds"] / floor["seconds"] for floor, real in self.runs)


_COLUMNS = (
    "step",
    "size",
    "database",
    "floor s",
    "real s",
    "ratio",
    "floor CPU s",
    "real CPU s",
    "floor MB",
    "real MB",
)


def show(figures: Sequence[Figure]) -> None:
    """Print the table of figures and the growth between sizes."""
    table = Table(title="Medians of the runs; CPU is without the database server; MB is the peak of the process")
    for name in _COLUMNS:
        table.add_column(name, justify="left" if name in {"step", "database"} else "right", no_wrap=True)
    for one in figures:
        times = [f"{seconds:.3f}" for seconds in (one.floor, one.real)]
        processor, peak = [f"{seconds:.3f}" for seconds in one.processor], [f"{size:.0f}" for size in one.peak]
        table.add_row(one.step, f"{one.size:,}", one.database, *times, f"{one.ratio:.1f}", *processor, *peak)
    console = Console(width=_WIDTH)
    console.print(table)
    for line in growth(figures):
        console.print(line, highlight=False, soft_wrap=True)


def growth(figures: Sequence[Figure]) -> Iterator[str]:
    """How time grows from the smallest size to the largest: 1.00 is ten times the size, ten times the time."""
    sizes = sorted({one.size for one in figures})
    if len(sizes) < 2:
        return
    small, large = sizes[0], sizes[-1]
    for one in figures:
        if one.size == small:
            other = next(b for b in figures if (b.step, b.database, b.size) == (one.step, one.database, large))
            real, floor = (
                _exponent(one.real, other.real, large / small),
                _exponent(one.floor, other.floor, large / small),
            )
            processor = _exponent(one.processor[1], other.processor[1], large / small)
            yield (
                f"growth {small:,} -> {large:,}, {one.step} on {one.database}: "
                f"time x {other.real / one.real:.1f}, exponent {real:.2f} (CPU {processor:.2f}, floor {floor:.2f}), "
                f"memory x {other.peak[1] / one.peak[1]:.2f}"
            )


def show_pre_checks(database: str, lines: int, milliseconds: Sequence[float]) -> None:
    """Print how long single-line pre-checks took with so many lines stored; the times come sorted."""
    at = {share: milliseconds[min(len(milliseconds) - 1, len(milliseconds) * share // 100)] for share in (50, 95, 99)}
    told = ", ".join(f"{share} % within {value:.1f} ms" for share, value in at.items())
    print(f"pre-check of one line on {database}, {lines:,} lines stored, {len(milliseconds)} times: {told}")


def _exponent(small: float, large: float, times: float) -> float:
    return math.log(large / small) / math.log(times)


def show_stages(database: str, clients: int, seconds: Mapping[str, float]) -> None:
    """Print the share of each stage in a load."""
    table = Table(title=f"Where a load of {clients:,} clients on {database} goes")
    table.add_column("stage")
    table.add_column("s", justify="right")
    table.add_column("%", justify="right")
    whole = sum(seconds.values())
    for stage, took in sorted(seconds.items(), key=lambda item: -item[1]):
        table.add_row(stage, f"{took:.2f}", f"{100 * took / whole:.1f}")
    Console(width=_WIDTH).print(table)
