"""Every released version with a life lived on it follows the newest one, and nothing is lost."""

from __future__ import annotations

import shutil
import tempfile
import tomllib
from collections.abc import Callable, Collection
from functools import cache
from pathlib import Path

import pytest
import yaml

from scaffold import git
from scaffold.templates import packaged_bundle
from tests.conftest import ROOT
from tests.support.accounts import Account
from tests.support.bake import commit
from tests.support.fixtures import owner
from tests.support.lives import Life, files_of, life_on, live
from tests.support.lives.loss import Files, both_changed, losses, with_markers
from tests.support.machine import Machine
from tests.support.stacks import STACKS, Stack

__all__ = ["owner"]

LEDGER = tomllib.loads((ROOT / "docs/releases.toml").read_text())["release"]
NEWEST = f"v{LEDGER[-1]['version']}"
# Lines that begin or end with an empty one can be seen as added a line earlier or later.
APART = 2
ANSWERS = ".copier-answers.yml"
VERSIONS = {
    stack.name: [f"v{row['version']}" for row in LEDGER if stack.name in row["stacks"]]
    for stack in STACKS
}
EVERY_RELEASE = [
    pytest.param(stack, version, id=f"{stack.name}-{version}", marks=pytest.mark.slow)
    for stack in STACKS
    for version in VERSIONS[stack.name]
    if version != NEWEST
]

Made = Callable[..., Path]


@cache
def _features_of(version: str) -> frozenset[str]:
    """Return the features that the form of a released version offers."""
    with tempfile.TemporaryDirectory() as folder:
        bundle = Path(folder) / "templates.bundle"
        bundle.write_bytes(packaged_bundle())
        git.check_out(bundle, version, Path(folder) / "form")
        form = yaml.safe_load((Path(folder) / "form/copier.yml").read_text())
    return frozenset(form["features"]["choices"].values())


def _lived_with(stack: Stack, version: str) -> list[str]:
    """Return all that a stack could be made with in a version, and still can."""
    return [feature for feature in stack.features if feature in _features_of(version)]


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory, owner: Account) -> Machine:
    """Where the released templates are."""
    home = tmp_path_factory.mktemp("lives")
    (home / ".scaffold").mkdir()
    (home / ".scaffold/templates.bundle").write_bytes(packaged_bundle())
    return Machine(home, owner)


@pytest.fixture(scope="session")
def made(machine: Machine) -> Made:
    """Make a project of a version, with what an older one has, once; to be read only."""

    def make(stack: Stack, version: str, like: str = "") -> Path:
        features = _lived_with(stack, like or version)
        project = machine.home / "-".join((stack.name, version, *features))
        if not project.exists():
            machine.make(stack.name, version, features, project)
        return project

    return make


@pytest.fixture
def project(made: Made, made_of: Stack, version: str, tmp_path: Path) -> Path:
    """A project of a version, one that is its test's own."""
    return _copy(made(made_of, version), tmp_path / "shop")


def _copy(project: Path, folder: Path) -> Path:
    return Path(shutil.copytree(project, folder, symlinks=True))


def _lived_on(machine: Machine, project: Path, life: Life) -> Path:
    live(project, life)
    commit(machine.owner, project)
    return project


@pytest.mark.parametrize(("made_of", "version"), EVERY_RELEASE)
def test_a_project_that_nobody_touched_becomes_what_a_fresh_one_is(
    made_of: Stack, version: str, project: Path, made: Made, machine: Machine, tmp_path: Path
) -> None:
    fresh = files_of(made(made_of, NEWEST, like=version))
    by_copier = _copy(project, tmp_path / "by-copier")

    machine.report(project)
    machine.update(by_copier)

    assert files_of(project) == fresh
    assert files_of(by_copier) == fresh


@pytest.mark.parametrize(("made_of", "version"), EVERY_RELEASE)
def test_a_life_goes_on_as_if_it_had_been_lived_on_the_newest_version(
    made_of: Stack, version: str, project: Path, made: Made, machine: Machine, tmp_path: Path
) -> None:
    life = life_on(made_of.name)
    base, theirs = files_of(project), files_of(made(made_of, NEWEST, like=version))
    yours = files_of(_lived_on(machine, project, life))
    newest = _copy(made(made_of, NEWEST, like=version), tmp_path / "newest")
    live(newest, life)

    report = machine.report(project)

    result, conflicts = files_of(project), set(report["conflicts"])
    assert conflicts == with_markers(result)
    assert conflicts <= both_changed(base, yours, theirs, life.renamed, apart=APART)
    assert list(losses(base, yours, result, life.renamed)) == []
    assert (report["to"], f"_commit: {NEWEST}\n" in result[ANSWERS].decode()) == (NEWEST, True)
    assert _without(result, conflicts) == _without(files_of(newest), conflicts)

    assert machine.scaffold("update", "--undo", cwd=project).returncode == 0
    assert files_of(project) == yours


def _without(files: Files, paths: Collection[str]) -> Files:
    return {path: content for path, content in files.items() if path not in paths}


@pytest.mark.parametrize(("made_of", "version"), EVERY_RELEASE)
def test_plain_copier_loses_no_line_of_a_life(
    made_of: Stack, version: str, project: Path, made: Made, machine: Machine
) -> None:
    life = life_on(made_of.name)
    base, theirs = files_of(project), files_of(made(made_of, NEWEST, like=version))
    yours = files_of(_lived_on(machine, project, life))

    conflicts = machine.conflicts_of_copier(project)

    result = files_of(project)
    dropped = base.keys() - theirs.keys()  # deleted, edited or not: as docs/updating.md says
    assert list(losses(base, _without(yours, dropped), result, life.renamed)) == []
    assert with_markers(result) | conflicts <= both_changed(
        base, yours, theirs, {}, apart=APART
    ) | {path for path in life.renamed.values() if theirs.get(path) != base[path]}


def test_a_life_passes_the_checks_of_the_newest_version(
    stack: Stack, made: Made, machine: Machine, tmp_path: Path
) -> None:
    life, owner = life_on(stack.name), machine.owner
    oldest = VERSIONS[stack.name][0]
    newest = _copy(made(stack, NEWEST, like=oldest), tmp_path / "newest")
    live(newest, life)
    project = _lived_on(machine, _copy(made(stack, oldest), tmp_path / "shop"), life)
    owner.run(stack.lock_only, project)
    commit(owner, project)

    report = machine.report(project)

    assert not report.get("lacking")
    for path in report["conflicts"]:
        (project / path).write_bytes((newest / path).read_bytes())
    files = files_of(project)
    lock = files.pop(stack.lock).decode()
    assert files == files_of(newest)
    assert [name for name in life.dependencies if name not in lock] == []
    for command in (stack.locked_install, stack.check, stack.test):
        owner.run(command, project)
