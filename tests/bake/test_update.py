"""Plain `copier update`, offline and without trust, keeps a user's work."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from scaffold.project import Project
from scaffold.templates import packaged_bundle
from tests.conftest import ROOT
from tests.support.accounts import Account
from tests.support.bake import commit
from tests.support.fixtures import owner
from tests.support.history import LIVES, NEWER, OLDER, live, two_releases
from tests.support.stacks import STACKS, Stack

__all__ = ["owner"]

BUNDLE = "~/.scaffold/templates.bundle"
LEDGER = tomllib.loads((ROOT / "docs/releases.toml").read_text())["release"]
SLOW = pytest.mark.slow


@dataclass(frozen=True)
class Machine:
    """A home folder with a bundle of releases in it, and the account that lives there."""

    home: Path
    owner: Account

    def copier(self, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        """Run plain copier, to which git will fetch nothing from anywhere else."""
        environment = self.owner.environment(HOME=str(self.home), GIT_ALLOW_PROTOCOL="file")
        return subprocess.run(
            [sys.executable, "-m", "copier", *words],
            cwd=cwd, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def make(self, stack: str, version: str, features: Sequence[str], project: Path) -> Path:
        """Make a project of a version, under git."""
        data = Project("shop", "shop", stack, tuple(features), {"saas": "must"}).copier_data()
        answers = self.home / "answers.yml"
        answers.write_text(yaml.safe_dump(data))
        words = ("copy", "--defaults", "--quiet", "--data-file", str(answers))
        done = self.copier(*words, "--vcs-ref", version, BUNDLE, str(project), cwd=self.home)
        assert done.returncode == 0, done.stderr
        commit(self.owner, project)
        return project

    def update(self, project: Path) -> None:
        """Update to the newest version; it must succeed without trust and name no conflict."""
        done = self.copier("update", "--defaults", cwd=project)
        assert done.returncode == 0, done.stderr
        assert "trust" not in done.stderr.lower()
        status = self.owner.run(("git", "status", "--porcelain"), project).stdout
        assert not [line for line in status.splitlines() if "U" in line[:2] or ".rej" in line]


@pytest.fixture
def machine(tmp_path: Path, owner: Account) -> Machine:
    """Where two releases are known: the work tree's, and an older one."""
    two_releases(tmp_path / "source", tmp_path / ".scaffold/templates.bundle")
    return Machine(tmp_path, owner)


def _text(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not {".git", "node_modules", ".venv"} & set(path.parts)
    }


def _own_lines(stack: Stack) -> list[tuple[str, str]]:
    life = LIVES[stack.name]
    written = [*life.files.items(), *((name, new) for name, _, new in life.inserts)]
    written += [("README.md", "## Opening hours\n\nAlways.\n"), life.dependency]
    return [(name, line) for name, text in written for line in text.splitlines()]


def test_a_lived_in_project_follows_the_next_release(stack: Stack, machine: Machine) -> None:
    life, account = LIVES[stack.name], machine.owner
    project = machine.make(stack.name, OLDER, stack.features, machine.home / "shop")
    live(project, life)
    account.run(life.add_dependency, project)
    commit(account, project)

    machine.update(project)

    files = {name: data.decode() for name, data in _text(project).items()}
    for name, line in _own_lines(stack):
        assert line in files[name], f"{name} lost {line!r}"
    for name, now, then in life.bumps:
        assert now in files[name.removesuffix(".jinja")]
        assert then not in files[name.removesuffix(".jinja")]
    assert life.added_since in files
    assert not life.removed_since.keys() & files.keys()
    assert f"_commit: {NEWER}\n" in files[".copier-answers.yml"]
    assert not [name for name, text in files.items() if "\n<<<<<<<" in text or "\n>>>>>>>" in text]
    account.run(stack.install, project)
    account.run(stack.check, project)
    account.run(stack.test, project)


@pytest.mark.parametrize("full", [False, True], ids=["plain", "with all features"])
def test_an_untouched_project_becomes_what_a_fresh_one_is(
    stack: Stack, machine: Machine, full: bool
) -> None:
    features = stack.features if full else ()
    project = machine.make(stack.name, OLDER, features, machine.home / "shop")
    fresh = machine.make(stack.name, NEWER, features, machine.home / "fresh")
    machine.update(project)
    assert _text(project) == _text(fresh)


EVERY_RELEASE = [
    pytest.param(stack, f"v{row['version']}", id=f"{stack.name}-{row['version']}", marks=SLOW)
    for stack in STACKS
    for row in LEDGER
    if stack.name in row["stacks"]
]
SWITCHED = [pytest.param(stack, id=stack.name, marks=SLOW) for stack in STACKS if stack.features]


@pytest.mark.parametrize(("made_of", "version"), EVERY_RELEASE)
def test_a_project_of_every_released_version_becomes_what_a_fresh_one_is(
    made_of: Stack, version: str, tmp_path: Path, owner: Account
) -> None:
    machine = Machine(tmp_path, owner)
    (tmp_path / ".scaffold").mkdir()
    (tmp_path / ".scaffold/templates.bundle").write_bytes(packaged_bundle())
    newest = f"v{LEDGER[-1]['version']}"
    project = machine.make(made_of.name, version, made_of.features, tmp_path / "shop")
    fresh = machine.make(made_of.name, newest, made_of.features, tmp_path / "fresh")
    if version != newest:
        machine.update(project)
    assert _text(project) == _text(fresh)


@pytest.mark.parametrize("made_of", SWITCHED)
def test_a_feature_can_be_switched_on_and_off_again(made_of: Stack, machine: Machine) -> None:
    project = machine.make(made_of.name, NEWER, (), machine.home / "shop")
    without = _text(project)
    switched = machine.make(made_of.name, NEWER, made_of.features, machine.home / "with")
    for features, wanted in ((list(made_of.features), _text(switched)), ([], without)):
        answers = machine.home / "data.yml"
        answers.write_text(yaml.safe_dump({"features": features}))
        words = ("update", "--defaults", "--data-file", str(answers))
        done = machine.copier(*words, cwd=project)
        assert done.returncode == 0, done.stderr
        assert _text(project) == wanted
        commit(machine.owner, project)
