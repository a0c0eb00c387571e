"""What lands is what users get, and what users have got never changes."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from scaffold import __version__
from scaffold.bundle import read_bundle, tag
from scaffold.templates import packaged_bundle
from scripts import release
from tests.conftest import ROOT

LEDGER = tomllib.loads((ROOT / "docs/releases.toml").read_text())["release"]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packaged bundle's releases as a git repository."""
    folder = tmp_path_factory.mktemp("releases") / "store.git"
    release.released(folder)
    return folder


def test_every_released_version_is_in_the_ledger_and_no_other(store: Path) -> None:
    bundle = read_bundle(packaged_bundle())
    assert bundle is not None
    assert [tag(version) for version in bundle.versions] == [f"v{row['version']}" for row in LEDGER]


@pytest.mark.parametrize("row", LEDGER, ids=lambda row: row["version"])
def test_a_released_tree_never_changes(store: Path, row: dict[str, str]) -> None:
    assert release.git("rev-parse", f"v{row['version']}^{{tree}}", cwd=store) == row["tree"]


def test_the_newest_release_is_the_work_tree(store: Path) -> None:
    tree = release.template_tree(store)
    words = ("diff-tree", "-r", "--name-only", f"v{__version__}", tree, "--")
    changed = release.git(*words, "copier.yml", "templates", cwd=store)
    assert changed == "", "templates/ or copier.yml changed: make release VERSION=..."


def test_the_package_has_the_version_of_its_newest_templates() -> None:
    assert __version__ == LEDGER[-1]["version"]


def test_the_changelog_tells_of_every_release_newest_first() -> None:
    headings = re.findall(r"(?m)^## (\S+) - (\S+)$", (ROOT / "CHANGELOG.md").read_text())
    released = [(row["version"], row["date"]) for row in reversed(LEDGER)]
    assert headings[: len(released)] == released


def test_a_release_is_the_same_whoever_makes_it(store: Path) -> None:
    newest = release.git("rev-parse", f"v{__version__}", cwd=store)
    parent = release.git("rev-list", "--parents", "-1", newest, cwd=store).split()[1:]
    row = LEDGER[-1]
    again = release.commit(
        store, row["tree"], parent[0] if parent else None, row["version"], row["date"]
    )
    assert again == newest


@pytest.mark.parametrize("version", ["0.0.1", __version__, "1.2", "v1.2.3", ""])
def test_a_version_that_is_not_newer_or_no_version_is_refused(version: str) -> None:
    before = (packaged_bundle(), (ROOT / "docs/releases.toml").read_text())
    done = subprocess.run(
        ["python", "scripts/release.py", version], cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode == 1
    assert (packaged_bundle(), (ROOT / "docs/releases.toml").read_text()) == before
