"""The index percentage of a contract year (rules 3 to 6, year folder *Indexation*).

Percent for year t = Σ weight × provisional(t) + Σ weight × catch-up(t−1); no catch-up in a first contract
year. Difference: definitive − provisional. Ratio: ((100 + definitive) / (100 + provisional) − 1) in percent,
rounded to ``decimals`` per index before it is weighted. The total is rounded to ``decimals``; without
``decimals`` nothing is rounded. Percentages are exact fractions: 4.957 stands for 4.957 %.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from lead_contractor.contract.model import FigureKind, Indexation, IndexFigure, IndexMethod
from lead_contractor.kernel.findings import Finding, Severity
from lead_contractor.kernel.rounding import decimal_places

CONTRACT_FILE = "contract.toml"
FIGURES_FILE = "index_figures.csv"
CLAUSE = "lump_sum.indexation"
DUTCH_KIND = {FigureKind.PROVISIONAL: "voorlopig", FigureKind.DEFINITIVE: "definitief"}

FigureKey = tuple[str, int, FigureKind]


def index_percent(clause: Indexation | None, year: int, figures: Sequence[IndexFigure]) -> Fraction:
    """The percentage with which the lump sum of ``year`` is indexed, in percent, exact.

    Raises:
        KeyError: a figure is missing; see :func:`missing_figures`.
        ValueError: method fixed without a percentage.
    """
    if clause is None:
        return Fraction(0)
    if clause.method is IndexMethod.FIXED:
        if clause.percent is None:
            raise ValueError("method fixed needs a percentage")
        return _rounded(Fraction(clause.percent), clause.decimals)
    known = _by_key(figures)
    percent = sum(
        (Fraction(weight) * known[index, year, FigureKind.PROVISIONAL] for index, weight in clause.weights.items()),
        Fraction(0),
    )
    if not clause.first_contract_year:
        percent += sum(
            (Fraction(weight) * _catch_up(clause, index, year - 1, known) for index, weight in clause.weights.items()),
            Fraction(0),
        )
    return _rounded(percent, clause.decimals)


def missing_figures(clause: Indexation | None, year: int, figures: Sequence[IndexFigure]) -> tuple[Finding, ...]:
    """What stands in the way of the index percentage: terms that do not fit and figures that are not there."""
    if clause is None:
        return ()
    if clause.method is IndexMethod.FIXED:
        return () if clause.percent is not None else (_no_percent(),)
    if not clause.weights:
        return (_no_weights(),)
    known = {(figure.index, figure.year, figure.kind) for figure in figures}
    absent = [_absent(key) for key in _needed(clause, year) if key not in known]
    return (*_weights_warning(clause), *absent, *_contradictions(clause, year, figures))


def _needed(clause: Indexation, year: int) -> tuple[FigureKey, ...]:
    keys: list[FigureKey] = []
    for index in clause.weights:
        keys.append((index, year, FigureKind.PROVISIONAL))
        if not clause.first_contract_year:
            keys.append((index, year - 1, FigureKind.PROVISIONAL))
            keys.append((index, year - 1, FigureKind.DEFINITIVE))
    return tuple(keys)


def _by_key(figures: Sequence[IndexFigure]) -> Mapping[FigureKey, Fraction]:
    return {(figure.index, figure.year, figure.kind): Fraction(figure.percent) for figure in figures}


def _catch_up(clause: Indexation, index: str, year: int, known: Mapping[FigureKey, Fraction]) -> Fraction:
    provisional = known[index, year, FigureKind.PROVISIONAL]
    definitive = known[index, year, FigureKind.DEFINITIVE]
    if clause.method is IndexMethod.DIFFERENCE:
        return definitive - provisional
    ratio = ((100 + definitive) / (100 + provisional) - 1) * 100
    return _rounded(ratio, clause.decimals)


def _rounded(percent: Fraction, decimals: int | None) -> Fraction:
    return percent if decimals is None else decimal_places(percent, decimals)


def _no_percent() -> Finding:
    return Finding(
        "contract.indexation.percent",
        "De indexatie heeft methode fixed, maar geen percentage.",
        "Vul lump_sum.indexation.percent in of kies methode difference of ratio.",
        file=CONTRACT_FILE,
        column=f"{CLAUSE}.percent",
    )


def _no_weights() -> Finding:
    return Finding(
        "contract.indexation.weights",
        "De indexatie noemt geen indexcijfers met hun gewicht.",
        'Vul lump_sum.indexation.weights in, bijvoorbeeld { OVA = "0.90", PPC = "0.10" }.',
        file=CONTRACT_FILE,
        column=f"{CLAUSE}.weights",
    )


def _weights_warning(clause: Indexation) -> tuple[Finding, ...]:
    weight = sum(clause.weights.values(), Decimal(0))
    if weight == 1:
        return ()
    return (
        Finding(
            "contract.indexation.weights",
            f"De gewichten van de indexcijfers tellen op tot {weight} in plaats van 1.",
            "Controleer lump_sum.indexation.weights; er wordt gerekend met de gewichten zoals ze er staan.",
            file=CONTRACT_FILE,
            column=f"{CLAUSE}.weights",
            severity=Severity.WARNING,
        ),
    )


def _absent(key: FigureKey) -> Finding:
    index, year, kind = key
    return Finding(
        "contract.indexation.figure",
        f"Het {DUTCH_KIND[kind]}e cijfer van index {index} over {year} ontbreekt.",
        f"Voeg een rij toe met index {index}, year {year} en kind {kind.value}.",
        file=FIGURES_FILE,
        column="percent",
    )


def _contradictions(clause: Indexation, year: int, figures: Sequence[IndexFigure]) -> tuple[Finding, ...]:
    needed = set(_needed(clause, year))
    percents: dict[FigureKey, set[Decimal]] = {}
    for figure in figures:
        key = (figure.index, figure.year, figure.kind)
        if key in needed:
            percents.setdefault(key, set()).add(figure.percent)
    return tuple(
        Finding(
            "contract.indexation.figure",
            f"Het {DUTCH_KIND[kind]}e cijfer van index {index} over {figure_year} staat er met verschillende waarden.",
            "Laat alleen de rij staan die geldt.",
            file=FIGURES_FILE,
            column="percent",
        )
        for (index, figure_year, kind), values in percents.items()
        if len(values) > 1
    )
