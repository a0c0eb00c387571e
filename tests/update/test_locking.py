"""Lock files are written anew by fakes of npm and uv."""

import json
import shutil
from pathlib import Path

import pytest

from scaffold.manifest import Moved
from scaffold.update import Report, undo
from tests.update.conftest import Evolve, Files, Shop, kinds, write


def _package(**dependencies: str) -> str:
    return json.dumps({"name": "shop", "dependencies": dependencies}, indent=2) + "\n"


def _lock(**packages: str) -> str:
    found = {f"node_modules/{name}": {"version": version} for name, version in packages.items()}
    return json.dumps({"packages": found}, indent=2) + "\n"


OLD: Files = {"package.json": _package(express="5.0.0")}
NEW: Files = {"package.json": _package(express="5.1.0")}
REWRITES = f"cp package.json seen.json; cat > package-lock.json <<'E'\n{_lock(express='5.1.0')}E\n"
RESOLVED: Files = {"package-lock.json": _lock(express="5.0.0", ms="2.1.3")}


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all of PATH; real package managers cannot be found."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("git", "cat", "cp", "touch", "true"):
        (folder / name).symlink_to(str(shutil.which(name)))
    monkeypatch.setenv("PATH", str(folder))
    return folder


def _program(folder: Path, name: str, script: str) -> None:
    write(folder, {f"{name}.sh": f"#!/bin/sh\necho {name} was here\n{script}\n"})
    (folder / f"{name}.sh").rename(folder / name)


@pytest.fixture
def node(evolve: Evolve) -> Shop:
    """A project whose dependency has moved in the template, and that has locked its own."""
    shop = evolve(OLD, NEW)
    shop.edit(RESOLVED)
    return shop


def _update(shop: Shop) -> Report:
    return shop.update(lock=True)


def test_a_moved_dependency_is_locked_and_told(node: Shop, programs: Path) -> None:
    _program(programs, "npm", REWRITES)
    report = _update(node)
    assert node.read("package-lock.json") == _lock(express="5.1.0")
    assert kinds(report) == {"package.json": "changed", "package-lock.json": "locked"}
    assert report.moved == (Moved("express", "5.0.0", "5.1.0"), Moved("ms", "2.1.3", None))
    assert report.lacking == ""


def test_the_package_manager_works_on_a_copy_and_leaves_nothing_else(
    node: Shop, programs: Path
) -> None:
    _program(programs, "npm", f"{REWRITES}\npwd > {programs}/where")
    _update(node)
    assert not node.has("seen.json")
    assert not Path((programs / "where").read_text().strip()).exists()


def test_the_lock_is_part_of_what_is_undone(node: Shop, programs: Path) -> None:
    _program(programs, "npm", REWRITES)
    before = node.files()
    _update(node)
    undo(node.folder, ["package-lock.json"])
    assert node.files() == before


def test_python_is_locked_by_uv(evolve: Evolve, programs: Path) -> None:
    project = '[project]\nname = "shop"\nversion = "1"\ndependencies = ["flask=={}"]\n'
    lock = '[[package]]\nname = "flask"\nversion = "{}"\nsource = {{ registry = "x" }}\n'
    shop = evolve({"pyproject.toml": project.format(1)}, {"pyproject.toml": project.format(2)})
    shop.edit({"uv.lock": lock.format(1)})
    _program(programs, "uv", f"cat > uv.lock <<'E'\n{lock.format(2)}E\n")
    assert _update(shop).moved == (Moved("flask", "1", "2"),)
    assert shop.read("uv.lock") == lock.format(2)


@pytest.mark.parametrize(
    ("script", "says"), [("exit 7", "failed with exit code 7"), (None, "npm was not found")]
)
def test_without_a_network_or_the_program_the_update_is_done_and_the_command_is_named(
    node: Shop, programs: Path, script: str | None, says: str
) -> None:
    if script:
        _program(programs, "npm", script)
    report = _update(node)
    assert says in report.lacking
    assert report.lacking.endswith("Run: npm install")
    assert kinds(report) == {"package.json": "changed"}
    assert node.read("package-lock.json") == RESOLVED["package-lock.json"]


def test_a_lock_that_comes_out_the_same_is_no_change(node: Shop, programs: Path) -> None:
    _program(programs, "npm", "true")
    assert kinds(_update(node)) == {"package.json": "changed"}


def test_who_wants_no_lock_gets_none(node: Shop, programs: Path) -> None:
    _program(programs, "npm", REWRITES)
    assert kinds(node.update(lock=False)) == {"package.json": "changed"}
    assert node.read("package-lock.json") == RESOLVED["package-lock.json"]


def test_a_dry_run_tells_that_it_would_be_locked_and_runs_nothing(
    node: Shop, programs: Path
) -> None:
    _program(programs, "npm", f"touch {programs}/ran")
    assert kinds(node.update(lock=True, dry=True))["package-lock.json"] == "locked"
    assert not (programs / "ran").exists()


def test_a_project_that_locks_nothing_is_not_locked(evolve: Evolve, programs: Path) -> None:
    _program(programs, "npm", REWRITES)
    assert kinds(_update(evolve(OLD, NEW))) == {"package.json": "changed"}


def test_a_manifest_that_did_not_move_is_not_locked(evolve: Evolve, programs: Path) -> None:
    shop = evolve({**OLD, "a.txt": "1\n"}, {"a.txt": "2\n"})
    shop.edit(RESOLVED)
    _program(programs, "npm", REWRITES)
    assert kinds(_update(shop)) == {"a.txt": "changed"}


def test_your_own_dependency_is_in_what_is_locked(node: Shop, programs: Path) -> None:
    node.edit({"package.json": _package(express="5.0.0", ms="2.1.3")})
    _program(programs, "npm", f"cp package.json {programs}/seen.json\n{REWRITES}")
    assert kinds(_update(node))["package.json"] == "merged"
    seen = json.loads((programs / "seen.json").read_text())
    assert seen["dependencies"] == {"express": "5.1.0", "ms": "2.1.3"}


def test_a_manifest_in_conflict_is_left_for_you_to_lock(node: Shop, programs: Path) -> None:
    text = node.read("package.json")
    node.edit({"package.json": text.replace('"express": "5.0.0"', '"express": "file:../e"')})
    _program(programs, "npm", REWRITES)
    report = _update(node)
    assert kinds(report) == {"package.json": "conflict"}
    assert "npm install" in report.lacking


@pytest.mark.parametrize(
    ("path", "told"),
    [("pnpm-lock.yaml", True), ("yarn.lock", True), ("sub/bun.lock", False), ("uv.lock", False)],
)
def test_a_lock_file_of_another_package_manager_is_told_to_be_written(
    evolve: Evolve, programs: Path, path: str, told: bool
) -> None:
    shop = evolve(OLD, NEW)
    shop.edit({path: "lock\n"})
    assert _update(shop).lacking == (f"write {path} anew." if told else "")


@pytest.mark.parametrize("name", ["lfs", "crypt"])
def test_a_filter_that_fails_does_not_fail_the_update(
    node: Shop, programs: Path, name: str
) -> None:
    node.edit({".gitattributes": f"*.bin filter={name}\n", "big.bin": "version 1\n"})
    with (node.folder / ".git/config").open("a") as config:
        config.write(f'[filter "{name}"]\n\tclean = cat\n\tsmudge = false\n\trequired = true\n')
    _program(programs, "npm", REWRITES)
    report = _update(node)
    assert bool(report.lacking) == (name == "crypt")
    assert kinds(report)["package.json"] == "changed"


@pytest.mark.parametrize("script", [REWRITES, "exit 7"])
def test_a_lock_file_that_both_changed_is_written_anew_or_stays_yours(
    evolve: Evolve, programs: Path, script: str
) -> None:
    shop = evolve(
        {**OLD, "package-lock.json": _lock(express="5.0.0")},
        {**NEW, "package-lock.json": _lock(express="5.1.0")},
    )
    shop.edit(RESOLVED)
    _program(programs, "npm", script)
    report = _update(shop)
    assert report.conflicts == ()
    expected = _lock(express="5.1.0") if script == REWRITES else RESOLVED["package-lock.json"]
    assert shop.read("package-lock.json") == expected
