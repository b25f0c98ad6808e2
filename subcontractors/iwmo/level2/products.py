"""Level 2 on allocated and requested products. Each function is the rule of its name; see :mod:`people`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from subcontractors.iwmo.level2.view import Place, Spot, Subject

NEW_RULES_FROM = date(2020, 12, 31)
"""CD080, CD095, CD096, CS338, CS343: they hold for what ends after this day, or has no end."""

DELETED, EXPIRED = "13", "01"
WEEKLY = "2"
STACKABLE = frozenset(("11", "12", "13", "14"))
"""Categories of aids, which may overlap (TR302, TR386, TR410)."""

_PERIODS = {
    "Contact": ("Periode/Begindatum", "Periode/Einddatum"),
    "ToegewezenProduct": ("Ingangsdatum", "Einddatum"),
    "AangevraagdProduct": ("ToewijzingIngangsdatum", "ToewijzingEinddatum"),
    "NieuwProduct": ("GewensteIngangsdatum", "Einddatum"),
    "TeWijzigenProduct": ("GewensteIngangsdatum", "Einddatum"),
    "StopProduct": ("Begindatum", "Einddatum"),
}
_COUNTED_PER_PERIOD = ("14", "16", "83", "84")
_LONG_FREQUENCIES = ("2", "4", "6")
_REFERRING = ("02", "03", "04", "05")


def _end(place: Place) -> str:
    return _PERIODS[place.name][1]


def _is_recent(place: Place) -> bool:
    end = place.day(_end(place))
    return end is None or end > NEW_RULES_FROM


def cs003(place: Place, _subject: Subject) -> Iterator[Spot]:
    """A period does not end before it begins."""
    begin, end = (place.day(key) for key in _PERIODS[place.name])
    if begin is not None and end is not None and end < begin:
        yield place.spot(_end(place))


tr018: Callable[[Place, Subject], Iterator[Spot]] = cs003
"""A stop does not lie before its start: the same comparison."""


def cs335(place: Place, _subject: Subject) -> Iterator[Spot]:
    """A deleted allocation ends on the day it begins."""
    if place.get("RedenWijziging") == DELETED and place.day("Ingangsdatum") != place.day("Einddatum"):
        yield place.spot("RedenWijziging")


def cs336(place: Place, _subject: Subject) -> Iterator[Spot]:
    """The expired reason 01 is not used."""
    if place.get("RedenWijziging") == EXPIRED:
        yield place.spot("RedenWijziging")


def cs338(place: Place, _subject: Subject) -> Iterator[Spot]:
    """Etmaal, dagdeel, euro and stuks are counted per week, month or in total."""
    counted = place.get("Omvang/Eenheid") in _COUNTED_PER_PERIOD and _is_recent(place)
    if counted and place.get("Omvang/Frequentie") not in _LONG_FREQUENCIES:
        yield place.spot("Omvang/Frequentie")


cs343: Callable[[Place, Subject], Iterator[Spot]] = cs338
"""The same for a request."""


def cd041(place: Place, _subject: Subject) -> Iterator[Spot]:
    """A product with a code has an extent."""
    if place.has("Product/Code") and not place.has("Omvang"):
        yield place.spot("Omvang")


def cd080(place: Place, _subject: Subject) -> Iterator[Spot]:
    """What has no product code has no extent."""
    if not place.has("Product/Code") and place.has("Omvang") and _is_recent(place):
        yield place.spot("Omvang")


cd095: Callable[[Place, Subject], Iterator[Spot]] = cd080
"""The same for a request."""

cd096: Callable[[Place, Subject], Iterator[Spot]] = cd080
"""The same for a new product in a request for change."""


def cd075(place: Place, _subject: Subject) -> Iterator[Spot]:
    """A budget has an end."""
    if place.has("Budget") and not place.has(_end(place)):
        yield place.spot(_end(place))


def cd076(place: Place, _subject: Subject) -> Iterator[Spot]:
    """An extent per week has an end."""
    if place.get("Omvang/Frequentie") == WEEKLY and not place.has(_end(place)):
        yield place.spot(_end(place))


def cd077(place: Place, _subject: Subject) -> Iterator[Spot]:
    """With a budget there is no extent."""
    if place.has("Budget") and place.has("Omvang"):
        yield place.spot("Omvang")


def cd078(place: Place, _subject: Subject) -> Iterator[Spot]:
    """With an extent there is no budget."""
    if place.has("Omvang") and place.has("Budget"):
        yield place.spot("Budget")


def cd079(place: Place, _subject: Subject) -> Iterator[Spot]:
    """Without a budget there is a product."""
    if not place.has("Budget") and not place.has("Product"):
        yield place.spot("Product")


def cd043(place: Place, _subject: Subject) -> Iterator[Spot]:
    """The first day of the decision is told exactly when its number is."""
    if place.has("BeschikkingIngangsdatum") != place.has("BeschikkingNummer"):
        yield place.spot("BeschikkingIngangsdatum")


def cd066(place: Place, _subject: Subject) -> Iterator[Spot]:
    """A referrer with a code is not named as well."""
    refers = place.get("Verwijzer/Type") in _REFERRING
    if refers and place.has("Verwijzer/ZorgverlenerCode") and place.has("Verwijzer/Naam"):
        yield place.spot("Verwijzer/Naam")


def cd067(place: Place, _subject: Subject) -> Iterator[Spot]:
    """A referrer without a code is named."""
    refers = place.get("Verwijzer/Type") in _REFERRING
    if refers and not place.has("Verwijzer/ZorgverlenerCode") and not place.has("Verwijzer/Naam"):
        yield place.spot("Verwijzer/Naam")


def cd068(place: Place, _subject: Subject) -> Iterator[Spot]:
    """Who is no doctor or certified institution has no code."""
    if place.get("Verwijzer/Type") not in _REFERRING and place.has("Verwijzer/ZorgverlenerCode"):
        yield place.spot("Verwijzer/ZorgverlenerCode")


def tr383(place: Place, _subject: Subject) -> Iterator[Spot]:
    """Every requested product has a reference of its own."""
    seen: set[str] = set()
    for product in _subject.all("AangevraagdProduct"):
        reference = product.get("ReferentieAanbieder")
        if reference in seen:
            yield product.spot("ReferentieAanbieder")
        seen.add(reference)


@dataclass(slots=True)
class _Reach:
    """How far earlier periods reach: of all, of those without a code, and per category and code."""

    everything: date = date.min
    without_category: date = date.min
    by_category: dict[str, date] = field(default_factory=dict)
    without_code: dict[str, date] = field(default_factory=dict)
    by_product: dict[tuple[str, str], date] = field(default_factory=dict)

    def until(self, category: str, code: str) -> date:
        """The last day until which an earlier period stands in the way of this product."""
        if not category:
            return self.everything
        if not code:
            return max(self.without_category, self.by_category.get(category, date.min))
        return max(
            self.without_category,
            self.without_code.get(category, date.min),
            self.by_product.get((category, code), date.min),
        )

    def add(self, category: str, code: str, end: date) -> None:
        """Remember a period."""
        self.everything = max(self.everything, end)
        if not category:
            self.without_category = max(self.without_category, end)
            return
        self.by_category[category] = max(self.by_category.get(category, date.min), end)
        if code:
            key = (category, code)
            self.by_product[key] = max(self.by_product.get(key, date.min), end)
        else:
            self.without_code[category] = max(self.without_code.get(category, date.min), end)


def _overlaps(places: list[Place]) -> Iterator[Spot]:
    """Products that begin while the same one still runs, in the order in which they begin.

    Without a code the category is compared, without a category everything; aids may overlap with anything.
    """
    reach = _Reach()
    for place in sorted(places, key=lambda one: one.day(_PERIODS[one.name][0]) or date.min):
        category, code = place.get("Product/Categorie"), place.get("Product/Code")
        if category in STACKABLE or _is_deleted(place):
            continue
        begin = place.day(_PERIODS[place.name][0]) or date.min
        if begin <= reach.until(category, code):
            yield place.spot()
        reach.add(category, code, place.day(_end(place)) or date.max)


def _is_deleted(place: Place) -> bool:
    reason = place.get("RedenWijziging")
    return reason in (DELETED, EXPIRED) and place.day("Ingangsdatum") == place.day("Einddatum")


def tr302(_place: Place, subject: Subject) -> Iterator[Spot]:
    """Allocated products do not overlap."""
    yield from _overlaps(subject.all("ToegewezenProduct"))


def tr386(_place: Place, subject: Subject) -> Iterator[Spot]:
    """Requested products do not overlap."""
    yield from _overlaps(subject.all("AangevraagdProduct"))


def tr410(_place: Place, subject: Subject) -> Iterator[Spot]:
    """New products in a request for change do not overlap."""
    yield from _overlaps(subject.all("NieuwProduct"))


def tr352(place: Place, subject: Subject) -> Iterator[Spot]:
    """A request for change names at least one running allocation."""
    if not subject.all("OngewijzigdProduct") and not subject.all("TeWijzigenProduct"):
        yield place.spot()


def tr353(place: Place, subject: Subject) -> Iterator[Spot]:
    """A request for change asks for at least one change or new product."""
    if not subject.all("TeWijzigenProduct") and not subject.all("NieuwProduct"):
        yield place.spot()


def tr380(place: Place, subject: Subject) -> Iterator[Spot]:
    """What is newly asked for begins in the future."""
    wanted = place.day("GewensteIngangsdatum")
    if wanted is not None and wanted <= subject.dated:
        yield place.spot("GewensteIngangsdatum")
