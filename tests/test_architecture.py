"""Who may import whom. Change this table on purpose or not at all."""

import ast
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGE = ROOT / "scaffold"

# Rooms of the package, the pure ones first; a room may use the rooms and libraries beside it.
PURE = {
    "errors": set(),
    "guide": {"errors"},
    "recommend": {"guide", "errors"},
    "naming": {"errors"},
    "decision": {"guide", "recommend", "errors"},
    "services": {"recommend"},
    "project": {"recommend", "services"},
    "wish": {"errors"},
    "dotenv": set(),
    "bundle": set(),
    "changelog": set(),
    "manifest": {"packaging"},
}
DOORS = {
    "templates": {
        *("bundle", "project", "errors", "git"),
        *("copier", "jinja2", "plumbum", "filelock", "packaging"),
    },
    "git": {"errors"},
    "tools": {"errors"},
    "terminal": {
        "guide",
        "recommend",
        "project",
        "errors",
        "create",
        "tools",
        "update",
        "manifest",
        "link",
        "click",
        "questionary",
    },
}
SHELL = {
    "create": {"templates", "git", "tools", "dotenv", "project", "errors"},
    "update": {
        *("templates", "git", "tools", "manifest", "changelog", "dotenv", "errors"),
        *("filelock", "packaging", "yaml"),
    },
    "link": {"update", "templates", "project", "recommend", "naming", "errors", "packaging"},
    "cli": {*PURE, *DOORS, "create", "update", "link", "click", "yaml", "scaffold"},
    "__main__": {"cli"},
    "__init__": set(),
}
MAY_IMPORT: dict[str, set[str]] = {**PURE, **DOORS, **SHELL}
OUTSIDE = {
    "subprocess": {"git", "tools"},
    "questionary": {"terminal"},
    "copier": {"templates"},
    "click": {"terminal", "cli"},
}


def _room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield _room(path), path


def _imports(path: Path) -> Iterator[str]:
    """Names of the rooms and libraries a file imports, at its top or inside a function."""
    depth = len(path.relative_to(PACKAGE).parts)
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield _name(alias.name.split("."), [])
        elif isinstance(node, ast.ImportFrom) and node.level in (0, depth):
            module = ["scaffold"] * (node.level > 0) + (node.module or "").split(".")
            for alias in node.names:
                yield _name([part for part in module if part], [alias.name])


def _name(module: list[str], member: list[str]) -> str:
    if module[0] != "scaffold":
        return module[0]
    inside = [*module[1:], *member]
    return inside[0] if (PACKAGE / inside[0]).exists() or _is_file(inside[0]) else "scaffold"


def _is_file(room: str) -> bool:
    return (PACKAGE / f"{room}.py").exists()


@pytest.mark.parametrize(("room", "path"), list(_modules()), ids=str)
def test_a_room_imports_only_what_the_table_allows(room: str, path: Path) -> None:
    found = {name for name in _imports(path) if name not in sys.stdlib_module_names}
    assert found - {room} <= MAY_IMPORT[room]


@pytest.mark.parametrize(("library", "rooms"), list(OUTSIDE.items()), ids=list(OUTSIDE))
def test_each_outside_thing_has_one_door(library: str, rooms: set[str]) -> None:
    users = {room for room, path in _modules() if library in set(_imports(path))}
    assert users <= rooms


@pytest.mark.parametrize("room", sorted(PURE.keys() - {"guide"}))  # which reads its data
def test_the_pure_core_touches_no_disk_clock_or_process(room: str) -> None:
    impure = {"os", "pathlib", "shutil", "subprocess", "time", "datetime", "random", "secrets"}
    paths = [path for name, path in _modules() if name == room]
    assert paths
    assert not {name for path in paths for name in _imports(path)} & impure


def test_no_stack_is_named_in_code() -> None:
    stacks = [folder.name for folder in (ROOT / "templates").iterdir() if "-" in folder.name]
    assert stacks
    naming = [
        path.name for _, path in _modules() if any(stack in path.read_text() for stack in stacks)
    ]
    assert naming == []


def test_only_the_terminal_prints() -> None:
    printers = {
        room
        for room, path in _modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in {"print", "click.echo", "click.secho", "sys.stdout.write"}
    }
    assert printers <= {"terminal"}


@pytest.mark.parametrize(("room", "path"), list(_modules()), ids=str)
def test_files_and_functions_stay_small(room: str, path: Path) -> None:
    source = path.read_text()
    assert len(source.splitlines()) <= 220
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 40, node.name


def test_every_module_has_its_mirror_among_the_tests() -> None:
    tests = {path.stem.removeprefix("test_") for path in (ROOT / "tests").rglob("test_*.py")}
    tests |= {path.name for path in (ROOT / "tests").iterdir() if path.is_dir()}
    rooms = {room for room, _ in _modules()} - {"__init__", "__main__", "errors"}
    assert rooms <= tests


def _module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _needs(path: Path) -> Iterator[str]:
    """Names of the modules of the package that a file needs, at its top or inside a function."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in MODULES else node.module


MODULES = {_module_of(path): path for _, path in _modules()}


def test_no_module_needs_one_that_needs_it() -> None:
    inside = {
        name: {it for it in _needs(path) if it in MODULES and MODULES[it].stem != "__init__"}
        for name, path in MODULES.items()
    }
    TopologicalSorter(inside).prepare()
