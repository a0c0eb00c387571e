"""What the contract tests and the bake tests share: accounts and installed repositories."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.accounts import Account, own_account
from tests.support.bake import bake, commit
from tests.support.parallel import once, run_folder
from tests.support.service import Installed
from tests.support.stacks import STACKS, Stack

# The modules of tests that are about a feature, which not every stack has.
FEATURE_OF = {
    "jobs": "jobs",
    "ml_client": "ml-client",
    "predictions": "ml",
    "realtime": "realtime",
}


def parametrise_stacks(metafunc: pytest.Metafunc) -> None:
    """Run a test for every stack that has what it is about."""
    if "stack" in metafunc.fixturenames:
        feature = FEATURE_OF.get(metafunc.module.__name__.rpartition(".test_")[2])
        stacks = [s for s in STACKS if feature is None or feature in s.features]
        rows = [pytest.param(stack, id=stack.name, marks=pytest.mark.slow) for stack in stacks]
        metafunc.parametrize("stack", rows, scope="session")


@pytest.fixture(scope="session")
def owner() -> Iterator[Account]:
    """The account that runs the tests, with a clean environment."""
    with own_account() as account:
        yield account


def _make(stack: Stack, account: Account, root: Path) -> None:
    bake(stack, stack.features, root)
    commit(account, root)
    account.run(stack.install, root)
    account.run(stack.build, root)


@pytest.fixture(scope="session")
def installed(stack: Stack, owner: Account, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The stack's repository, made, installed and built once for the whole run."""
    root = run_folder(tmp_path_factory) / stack.name
    once(root, lambda: _make(stack, owner, root))
    return Installed(stack, owner, root)
