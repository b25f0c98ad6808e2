"""Every table of the product, found by walking the packages, so that none is forgotten."""

from __future__ import annotations

import importlib
import pkgutil

from sqlalchemy import MetaData

from lead_contractor.kernel.database import METADATA

PACKAGES = ("lead_contractor", "subcontractors", "budgets")


def tables_modules() -> list[str]:
    """The names of all modules called ``tables``, in order."""
    found: list[str] = []
    for name in PACKAGES:
        package = importlib.import_module(name)
        modules = pkgutil.walk_packages(package.__path__, prefix=f"{name}.")
        found.extend(module.name for module in modules if module.name.endswith(".tables"))
    return sorted(found)


def load_tables() -> MetaData:
    """Import every ``tables`` module and give back what they describe together."""
    for name in tables_modules():
        importlib.import_module(name)
    return METADATA
