"""Each stack's repository as its user gets it: with and without features, as root and as nobody."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.accounts import Account, normal_account
from tests.support.bake import bake, commit
from tests.support.fixtures import owner, parametrise_stacks
from tests.support.readme import first_block
from tests.support.stacks import Stack

__all__ = ["owner"]


@dataclass(frozen=True)
class Place:
    """Where, by whom, and with all features or none a repository is made."""

    name: str
    folder: str
    full: bool
    normal: bool


def _places() -> tuple[Place, ...]:
    """Return two places: between them both feature sets and, run by root, both accounts."""
    root = os.geteuid() == 0
    return (
        Place(f"{'root' if root else 'user'}-odd-folder", "my café", full=False, normal=False),
        Place("user-all-features", "shop", full=True, normal=root),
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    parametrise_stacks(metafunc)
    if "place" in metafunc.fixturenames:
        places = _places()
        metafunc.parametrize("place", places, ids=[p.name for p in places], scope="session")


@dataclass(frozen=True)
class Project:
    """A repository after the commands of its README were run in it for the first time."""

    stack: Stack
    place: Place
    features: tuple[str, ...]
    account: Account
    root: Path
    first_run: subprocess.CompletedProcess[str]

    def text(self, name: str) -> str:
        """Return the text of one of its files."""
        return (self.root / name).read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def nobody() -> Iterator[Account]:
    """An unprivileged account; only root can make one."""
    with normal_account() as account:
        yield account


@pytest.fixture(scope="session")
def project(
    stack: Stack,
    place: Place,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Project:
    """The repository, made once; installed even when its README failed, for the other tests."""
    account: Account = request.getfixturevalue("nobody" if place.normal else "owner")
    parent = account.home / stack.name if place.normal else tmp_path_factory.mktemp(stack.name)
    features = stack.features if place.full else ()
    root = bake(stack, features, parent / place.folder)
    account.own(parent)
    commit(account, root)
    script = first_block((root / "README.md").read_text(encoding="utf-8"))
    first_run = account.attempt(("sh", "-ec", script), root, within=900)
    if first_run.returncode:
        account.run(stack.install, root)
    return Project(stack, place, features, account, root, first_run)
