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
    """One step at one size on one database: seconds of each run and the highest peak in megabytes, floor and real."""

    step: str
    clients: int
    database: str
    floor_seconds: tuple[float, ...]
    real_seconds: tuple[float, ...]
    floor_peak: float
    real_peak: float

    @property
    def floor(self) -> float:
        """The median of the floor in seconds."""
        return median(self.floor_seconds)

    @property
    def real(self) -> float:
        """The median of the step itself in seconds."""
        return median(self.real_seconds)

    @property
    def ratio(self) -> float:
        """How many times as long as its floor the step takes; each run against the floor beside it, then the median."""
        pairs = zip(self.real_seconds, self.floor_seconds, strict=True)
        return median(real / floor for real, floor in pairs)


def show(figures: Sequence[Figure]) -> None:
    """Print the table of figures and the growth between sizes."""
    table = Table(title="Medians of the runs; MB is the peak of the process")
    for name in ("step", "clients", "database", "floor s", "real s", "ratio", "floor MB", "real MB"):
        table.add_column(name, justify="left" if name in {"step", "database"} else "right", no_wrap=True)
    for one in figures:
        table.add_row(
            one.step,
            f"{one.clients:,}",
            one.database,
            f"{one.floor:.3f}",
            f"{one.real:.3f}",
            f"{one.ratio:.1f}",
            f"{one.floor_peak:.0f}",
            f"{one.real_peak:.0f}",
        )
    console = Console(width=_WIDTH)
    console.print(table)
    for line in growth(figures):
        console.print(line, highlight=False)


def growth(figures: Sequence[Figure]) -> Iterator[str]:
    """How time grows from the smallest size to the largest: 1.00 is ten times the clients, ten times the time."""
    sizes = sorted({one.clients for one in figures})
    if len(sizes) < 2:
        return
    small, large = sizes[0], sizes[-1]
    for one in figures:
        if one.clients == small:
            other = next(b for b in figures if (b.step, b.database, b.clients) == (one.step, one.database, large))
            steps = math.log(large / small)
            real, floor = math.log(other.real / one.real) / steps, math.log(other.floor / one.floor) / steps
            yield (
                f"growth {small:,} -> {large:,} clients, {one.step} on {one.database}: "
                f"time x {other.real / one.real:.1f}, exponent {real:.2f} (floor {floor:.2f}), "
                f"memory x {other.real_peak / one.real_peak:.2f}"
            )


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
