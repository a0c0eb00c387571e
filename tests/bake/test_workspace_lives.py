"""Workspaces of every released version follow the newest one, as a whole and part by part."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from scaffold.templates import packaged_bundle
from scaffold.update import parts
from tests.bake.test_lives import APART, LEDGER, NEWEST
from tests.support.accounts import Account
from tests.support.bake import commit
from tests.support.fixtures import owner
from tests.support.lives import Life, files_of, life_on, live
from tests.support.lives.loss import both_changed, losses, with_markers
from tests.support.machine import BUNDLE, Machine

__all__ = ["owner"]

pytestmark = pytest.mark.slow

VERSIONS = [f"v{row['version']}" for row in LEDGER if "workspace" in row["stacks"]][:-1]
IDENTITY = "[user]\n    name = Ada\n    email = ada@example.com\n"
SHAPES = {
    "made at once": (("new", "shop", "--need", "saas", "--need", "ai-feature"), ()),
    "one added": (("new", "shop", "--stack", "node-express"), ("add", "ml", "shop")),
}


@dataclass(frozen=True)
class Part:
    """What one of a workspace's renderings is made from, and where it lies."""

    folder: str
    answers_file: str
    answers: dict[str, Any]


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory, owner: Account) -> Machine:
    """Where the released templates are."""
    home = tmp_path_factory.mktemp("workspace-lives")
    (home / ".gitconfig").write_text(IDENTITY)
    (home / ".scaffold").mkdir()
    (home / ".scaffold/templates.bundle").write_bytes(packaged_bundle())
    return Machine(home, owner)


@pytest.fixture(scope="module", params=SHAPES)
def shape(request: pytest.FixtureRequest, machine: Machine) -> list[Part]:
    """The parts of a workspace as the commands make it."""
    folder = machine.home / str(request.param).replace(" ", "-")
    folder.mkdir()
    made, added = SHAPES[request.param]
    for words in ((*made, "--yes", "--no-install"), *filter(None, [added])):
        done = machine.scaffold(*words, cwd=folder)
        assert done.returncode == 0, done.stderr
    project = folder / "shop"
    return [_part(project, part.folder, part.file) for part in parts(project)]


def _part(project: Path, folder: str, answers_file: str) -> Part:
    kept = yaml.safe_load((project / folder / answers_file).read_text())
    asked = {name: value for name, value in kept.items() if not name.startswith("_")}
    return Part(folder, answers_file, asked)


def _made(machine: Machine, shape: Sequence[Part], version: str, project: Path) -> Path:
    """Make the workspace of a version, under git."""
    answers = machine.home / "answers.yml"
    for part in shape:
        answers.write_text(yaml.safe_dump(part.answers))
        words = ("copy", "--defaults", "--quiet", "--overwrite", "--data-file", str(answers))
        where = ("--answers-file", part.answers_file, "--vcs-ref", version)
        target = str(project / part.folder)
        done = machine.copier(*words, *where, BUNDLE, target, cwd=machine.home)
        assert done.returncode == 0, done.stderr
    commit(machine.owner, project)
    return project


@pytest.mark.parametrize("version", VERSIONS)
def test_a_workspace_that_nobody_touched_becomes_what_a_fresh_one_is(
    machine: Machine, shape: list[Part], version: str, tmp_path: Path
) -> None:
    fresh = files_of(_made(machine, shape, NEWEST, tmp_path / "fresh"))
    project = _made(machine, shape, version, tmp_path / "shop")
    by_copier = Path(shutil.copytree(project, tmp_path / "by-copier", symlinks=True))

    machine.report(project)
    for part in shape:
        words = ("update", "--defaults", "--answers-file", part.answers_file)
        done = machine.copier(*words, cwd=by_copier / part.folder)
        assert done.returncode == 0, done.stderr
        commit(machine.owner, by_copier)

    assert files_of(project) == fresh
    assert files_of(by_copier) == fresh


def _life_in(part: Part) -> Life:
    """Return the life on a service; within a workspace, what .github has is not the service's."""
    life = life_on(part.answers["stack"])
    if not part.folder:
        return life
    return replace(
        life,
        inserted=tuple(edit for edit in life.inserted if ".github/" not in edit["file"]),
        changed=tuple(edit for edit in life.changed if ".github/" not in edit["file"]),
        deleted=tuple(names for names in life.deleted if ".github/" not in "".join(names)),
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_a_life_in_one_service_is_kept_when_all_are_updated(
    machine: Machine, shape: list[Part], version: str, tmp_path: Path
) -> None:
    lived = next(part for part in shape if part.answers["stack"].startswith("node-"))
    life = _life_in(lived)
    theirs = files_of(_made(machine, shape, NEWEST, tmp_path / "fresh") / lived.folder)
    project = _made(machine, shape, version, tmp_path / "shop")
    base = files_of(project / lived.folder)
    live(project / lived.folder, life)
    commit(machine.owner, project)
    whole, yours = files_of(project), files_of(project / lived.folder)

    report = machine.report(project)

    result = files_of(project / lived.folder)
    conflicts = {path.removeprefix(lived.folder) for path in report["conflicts"]}
    assert conflicts == with_markers(result)
    assert conflicts <= both_changed(base, yours, theirs, life.renamed, apart=APART)
    assert list(losses(base, yours, result, life.renamed)) == []
    assert machine.scaffold("update", "--undo", cwd=project).returncode == 0
    assert files_of(project) == whole
