"""Making a repository from a template: the one place that knows how."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path

import copier

from tests.support.accounts import Account
from tests.support.stacks import Stack

SOURCE = Path(__file__).resolve().parents[2]


def bake(stack: Stack, features: Sequence[str], dest: Path, **answers: str) -> Path:
    """Render ``stack`` with ``features`` into ``dest``."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        copier.run_copy(
            str(SOURCE),
            dest,
            data={
                "stack": stack.name,
                "project_name": "shop",
                "features": list(features),
                "needs": {"rest-api": "important"},
                **answers,
            },
            defaults=True,
            overwrite=True,
            quiet=True,
        )
    return dest


def commit(account: Account, repository: Path) -> None:
    """Put everything in ``repository`` under git, as ``scaffold new`` does."""
    account.own(repository)
    identity = ("-c", "user.name=Tester", "-c", "user.email=tester@example.org")
    account.run(("git", "init", "--quiet", "--initial-branch=main"), repository)
    account.run(("git", "add", "--all"), repository)
    account.run(("git", *identity, "commit", "--quiet", "--message=Start"), repository)


def changes(account: Account, repository: Path) -> list[str]:
    """Return what git sees as changed or new."""
    return account.run(("git", "status", "--porcelain"), repository).stdout.splitlines()
