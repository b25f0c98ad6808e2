"""What holds for every file of the house, beside the directions of imports that import-linter guards."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest
from sqlalchemy import Table
from sqlalchemy.types import NullType

from lead_contractor.kernel.database import METADATA
from migrations.every_table import load_tables, tables_modules

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("lead_contractor", "subcontractors", "budgets", "dash_app")
ENGINE_MAKERS = {"create_engine", "make_engine", "throwaway_engine", "create_app", "create_async_engine"}
LONGEST_POSTGRESQL_NAME = 63

# What makes a browser fetch something: an attribute of an element, or a line in a style sheet or script.
FETCHES = re.compile(
    r"""\b(?:src|href|srcset|action|data|poster)\s*=\s*["']?\s*(?:https?:)?//"""
    r"""|url\(\s*["']?\s*(?:https?:)?//"""
    r"""|@import\s+["'](?:https?:)?//"""
    r"""|\bfrom\s+["'](?:https?:)?//"""
    r"""|\b(?:fetch|import)\(\s*["'`](?:https?:)?//""",
    re.IGNORECASE,
)


def sources() -> list[Path]:
    files = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return [*files, *sorted((ROOT / "migrations").glob("*.py")), ROOT / "hoofdsom.py"]


def pages() -> list[Path]:
    kinds = {".html", ".jinja", ".j2", ".css", ".js", ".svg", ".txt", ".xml"}
    found = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*"))]
    return [path for path in found if path.suffix in kinds and path.is_file()]


def called_at_import(tree: ast.Module) -> Iterator[str]:
    """The names of what a module calls while it is imported: everything outside functions, and default values."""
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting.extend([*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)])
            continue
        if isinstance(node, ast.Lambda) or is_main_guard(node):
            continue
        if isinstance(node, ast.Call):
            yield node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        waiting.extend(ast.iter_child_nodes(node))


def is_main_guard(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "__main__" in ast.unparse(node.test)


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("package", [*PACKAGES, "migrations"])
def test_package_files_are_empty(package: str):
    full = [named(path) for path in (ROOT / package).rglob("__init__.py") if path.read_text().strip()]
    assert full == [], "import the module, not the package"


def test_every_source_folder_is_a_package():
    missing = {named(path.parent) for path in sources() if not (path.parent / "__init__.py").exists()} - {"."}
    assert missing == set(), "such a folder is not installed"


def test_nothing_is_opened_at_import():
    guilty = [
        f"{named(path)}: {name}()"
        for path in sources()
        for name in called_at_import(ast.parse(path.read_text()))
        if name in ENGINE_MAKERS
    ]
    assert guilty == []


def test_modules_do_not_import_in_circles():
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    arrows = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    assert tuple(TopologicalSorter(arrows).static_order())


@pytest.mark.parametrize("name", tables_modules())
def test_tables_hang_on_the_one_metadata(name: str):
    module = importlib.import_module(name)
    tables = [value for value in vars(module).values() if isinstance(value, Table)]
    tables += [value.__table__ for value in vars(module).values() if hasattr(value, "__table__")]
    assert tables, "a tables module describes tables"
    assert all(table.metadata is METADATA for table in tables)


def test_every_column_says_its_type():
    guilty = [str(c) for table in load_tables().sorted_tables for c in table.columns if isinstance(c.type, NullType)]
    assert guilty == []


def test_names_in_the_database_fit_postgresql():
    names = [
        str(item.name)
        for table in load_tables().sorted_tables
        for item in (table, *table.columns, *table.constraints, *table.indexes)
    ]
    assert [name for name in names if len(name.encode()) > LONGEST_POSTGRESQL_NAME] == []


def test_pages_fetch_nothing_from_elsewhere():
    guilty = [
        f"{named(path)}:{number}"
        for path in pages()
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1)
        if FETCHES.search(line) and "<a " not in line.lower()
    ]
    assert guilty == []


def test_python_sources_name_no_foreign_scripts_or_styles():
    guilty = [named(path) for path in sources() if re.search(r"https?://(?:cdn|fonts|unpkg|ajax)\b", path.read_text())]
    assert guilty == []


@pytest.mark.parametrize(
    ("line", "fetches"),
    [
        ('<script src="https://elders.example/x.js"></script>', True),
        ("<link rel=stylesheet href=//elders.example/x.css>", True),
        ("body { background: url('http://elders.example/x.png') }", True),
        ('@import "https://elders.example/x.css";', True),
        ('<script src="/static/x.js"></script>', False),
        ('<svg xmlns="http://www.w3.org/2000/svg">', False),
    ],
)
def test_the_search_for_foreign_addresses_finds_them(line: str, fetches: bool):
    assert bool(FETCHES.search(line)) is fetches


#: The few that look over all lead contractors on purpose: who somebody is, and the administrator at the command line.
ACROSS_TENANTS = {
    "lead_contractor/access/store.py": {"select", "delete", "update", "insert"},
    "lead_contractor/contract/store.py": {"select"},
    "lead_contractor/kernel/tenancy.py": {"select", "text"},
    "lead_contractor/web/sign_in.py": {"text"},  # asks whether the database answers
}


def test_queries_are_made_in_one_place():
    """A store asks its Scope for a SELECT; nobody else makes one, so nobody can forget whose rows it may see."""
    makers = {"select", "text", "insert", "update", "delete", "Session", "sessionmaker"}
    found = []
    for path in sources():
        if named(path).startswith(("migrations/", "lead_contractor/kernel/schema.py")):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy"):
                names = {alias.name for alias in node.names} & makers
                if names - ACROSS_TENANTS.get(named(path), set()):
                    found.append(f"{named(path)}: {sorted(names)}")
    assert found == [], "ask the Scope for the query"


def test_temporary_statements_touch_temporary_tables_only():
    """What runs without a lead contractor (Scope.temporary) may name no stored table."""
    load_tables()
    stored = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+(" + "|".join(sorted(METADATA.tables)) + r")\b")
    found = []
    for path in sources():
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "temporary":
                words = " ".join(
                    c.value for c in ast.walk(node) if isinstance(c, ast.Constant) and isinstance(c.value, str)
                )
                found += [f"{named(path)}:{node.lineno}: {name}" for name in stored.findall(words)]
    assert found == []
