"""A project of the small templates that has lost its answers file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scaffold import templates
from scaffold.link import Match, Wish, find
from scaffold.project import Project
from scaffold.recommend import Service
from scaffold.update.recorded import ANSWERS_FILE
from tests.conftest import Git
from tests.support.origins import FEATURE, LATER_STACK, STACK, two_versions

Make = Callable[..., Path]
Find = Callable[..., Match]


@pytest.fixture
def source(home: Path, tmp_path: Path) -> Path:
    return two_versions(tmp_path / "source")


@pytest.fixture
def make(source: Path, here: Path, git: Git) -> Make:
    """Make and commit `shop` from a version, without the file that says so."""

    def run(version: str, *features: str, stack: str = STACK) -> Path:
        shop = here / "shop"
        (part,) = Project("shop", "shop", Service("api", stack, "", features)).parts()
        templates.render_version(str(source), version, part.answers, shop)
        (shop / ANSWERS_FILE).unlink()
        git("init", "-q", cwd=shop)
        commit(git, shop)
        return shop

    return run


def commit(git: Git, project: Path) -> None:
    """Commit everything."""
    git("add", "-A", cwd=project)
    git("commit", "-q", "-m", "x", cwd=project)


@pytest.fixture
def found(source: Path) -> Find:
    """Find out whether a project comes from the small templates."""

    def run(
        project: Path,
        version: str,
        features: tuple[str, ...] | None = None,
        stack: str = STACK,
        templates: str = str(source),
    ) -> Match:
        stacks = (STACK, LATER_STACK)
        wish = Wish(stack, version, templates, features, (FEATURE,), stacks, "package.json")
        return find(project, wish, lambda _step: None)

    return run
