"""The names of product categories: the first two characters of a product code (code list of iWmo)."""

from __future__ import annotations

CATEGORIES = {
    "01": "Hulp bij het huishouden",
    "02": "Begeleiding",
    "03": "Persoonlijke verzorging",
    "04": "Kortdurend verblijf",
    "05": "Woondiensten",
    "06": "Overige ondersteuning, individu of gezin",
    "07": "Dagbesteding",
    "08": "Vervoerdiensten",
    "09": "Overige ondersteuning, groep",
    "10": "Overige maatwerkarrangementen",
    "11": "Rolstoelen",
    "12": "Vervoervoorzieningen",
    "13": "Woonvoorzieningen",
    "14": "Overige hulpmiddelen",
    "15": "Beschermd wonen",
    "16": "Opvang",
    "17": "Spoedopvang",
    "18": "Overig beschermd wonen en opvang",
}


def product_name(code: str) -> str:
    """The name of the category of a product code; empty where the code has none."""
    return CATEGORIES.get(code[:2], "")
