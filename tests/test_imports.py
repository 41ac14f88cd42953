"""The direction of imports: data flows one way, and the site reads only a release."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted(
    path for package in ("s4s_graph", "catalogue") for path in (ROOT / package).rglob("*.py")
)
ENGINES = {"rdflib", "pyshacl", "pyoxigraph"}


def imported(path: Path) -> Iterator[tuple[str, bool]]:
    """Yield each top-level package that a module imports, and whether inside a function."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    inside = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, functions)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name.split(".")[0], id(node) in inside) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0], id(node) in inside


def test_there_are_modules_of_both_packages() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in MODULES} == {"s4s_graph", "catalogue"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_one_way(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    for name, inside_function in imported(path):
        if package == "catalogue":
            assert name not in ENGINES, f"{path} imports {name}: ask the store instead"
        elif name == "catalogue":
            assert path.name == "cli.py", f"{path} imports the catalogue"
            assert inside_function, "cli.py imports the catalogue outside a function"


def test_the_site_starts_without_the_tools_of_the_build() -> None:
    """Importing the site must not pull in rdflib or pySHACL: they cost a second and memory."""
    code = "import catalogue.app, sys; print(sorted({'rdflib', 'pyshacl'} & set(sys.modules)))"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert result.stdout.strip() == "[]"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_sparql_is_built_from_strings(path: Path) -> None:
    """Queries stand in .rq files; values are substituted by the engine."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(part.value for part in node.values if isinstance(part, ast.Constant))
            assert not ("WHERE" in text and "{" in text), f"{path}:{node.lineno} builds a query"
