"""Plain `copier update`, offline and without trust, from a release that was otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.support.accounts import Account
from tests.support.bake import commit
from tests.support.fixtures import owner
from tests.support.history import NEWER, OLDER, two_releases
from tests.support.lives import files_of
from tests.support.machine import Machine
from tests.support.stacks import STACKS, Stack

__all__ = ["owner"]


@pytest.fixture
def machine(tmp_path: Path, owner: Account) -> Machine:
    """Where two releases are known: the work tree's, and an older one."""
    two_releases(tmp_path / "source", tmp_path / ".scaffold/templates.bundle")
    return Machine(tmp_path, owner)


@pytest.mark.parametrize("full", [False, True], ids=["plain", "with all features"])
def test_an_untouched_project_becomes_what_a_fresh_one_is(
    stack: Stack, machine: Machine, full: bool
) -> None:
    features = stack.features if full else ()
    project = machine.make(stack.name, OLDER, features, machine.home / "shop")
    fresh = machine.make(stack.name, NEWER, features, machine.home / "fresh")
    machine.update(project)
    assert files_of(project) == files_of(fresh)


SWITCHED = [
    pytest.param(stack, id=stack.name, marks=pytest.mark.slow) for stack in STACKS if stack.features
]


@pytest.mark.parametrize("made_of", SWITCHED)
def test_a_feature_can_be_switched_on_and_off_again(made_of: Stack, machine: Machine) -> None:
    project = machine.make(made_of.name, NEWER, (), machine.home / "shop")
    without = files_of(project)
    switched = machine.make(made_of.name, NEWER, made_of.features, machine.home / "with")
    for features, wanted in ((list(made_of.features), files_of(switched)), ([], without)):
        answers = machine.home / "data.yml"
        answers.write_text(yaml.safe_dump({"features": features}))
        words = ("update", "--defaults", "--data-file", str(answers))
        done = machine.copier(*words, cwd=project)
        assert done.returncode == 0, done.stderr
        assert files_of(project) == wanted
        commit(machine.owner, project)
