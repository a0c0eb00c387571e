"""Append a released version of copier.yml, templates/ and CHANGELOG.md to the bundle of releases.

usage: python scripts/release.py VERSION      (through `make release VERSION=1.2.3`)

The commit is the same whoever makes it: a fixed author, the date in CHANGELOG.md, the tree of the
work tree. docs/releases.toml keeps each version's tree, and a test holds the bundle to it.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
BUNDLE = ROOT / "scaffold/templates.bundle"
LEDGER = ROOT / "docs/releases.toml"
# The changelog goes along, so that an update can say what lies between two versions.
RELEASED = ("copier.yml", "templates", "CHANGELOG.md")
AUTHOR = {"NAME": "scaffold", "EMAIL": "scaffold@localhost"}


def git(*words: str, cwd: Path = ROOT, text: str | None = None, **env: str) -> str:
    """Run git, give it `text`, return what it says."""
    return subprocess.run(
        ["git", "-c", "core.autocrlf=false", "-c", "pack.threads=1", *words],
        cwd=cwd,
        env=os.environ | env,
        input=text,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()


def template_tree(store: Path) -> str:
    """Write what would be released, as it lies in the work tree, into the repository `store`."""
    index = {"GIT_INDEX_FILE": str(store / "release.index"), "GIT_DIR": str(store)}
    names = git("ls-files", "-z", "-co", "--exclude-standard", "--", *RELEASED)
    listed = "\0".join(name for name in names.split("\0") if (ROOT / name).is_file())
    git("read-tree", "--empty", **index)
    git("update-index", "--add", "-z", "--stdin", text=listed, GIT_WORK_TREE=str(ROOT), **index)
    return git("write-tree", **index)


def released(store: Path) -> list[str]:
    """Return the tags in the bundle, oldest first, having fetched them into `store`."""
    git("init", "--quiet", "--bare", str(store))
    if BUNDLE.exists():
        git("fetch", "--quiet", str(BUNDLE), "+refs/tags/*:refs/tags/*", cwd=store)
    return git("tag", "--sort=version:refname", cwd=store).split()


def date_of(version: str) -> str:
    """Return the day CHANGELOG.md gives for a version."""
    heading = rf"(?m)^## {re.escape(version)} - (\d{{4}}-\d\d-\d\d)$"
    found = re.search(heading, (ROOT / "CHANGELOG.md").read_text())
    if found is None:
        sys.exit(f"CHANGELOG.md has no heading `## {version} - YYYY-MM-DD`.")
    return found[1]


def commit(store: Path, tree: str, parent: str | None, version: str, date: str) -> str:
    """Commit `tree` on top of `parent`; the same input gives the same commit id."""
    who = {
        f"GIT_{role}_{what}": value
        for role in ("AUTHOR", "COMMITTER")
        for what, value in (AUTHOR | {"DATE": f"{date}T12:00:00+0000"}).items()
    }
    onto = ["-p", parent] if parent else []
    return git("commit-tree", tree, *onto, "-m", f"Release {version}", cwd=store, **who)


def bundle_up(store: Path, newest: str) -> None:
    """Write the bundle anew: every tag, and HEAD for who clones it."""
    git("update-ref", "refs/heads/main", newest, cwd=store)
    git("symbolic-ref", "HEAD", "refs/heads/main", cwd=store)
    git("bundle", "create", "--quiet", str(BUNDLE), "HEAD", "main", "--tags", cwd=store)


def main(version: str) -> None:
    """Release the working tree's templates as `version`."""
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        sys.exit("usage: make release VERSION=1.2.3")
    date = date_of(version)
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store.git"
        tags = released(store)
        if tags and _numbers(version) <= _numbers(tags[-1]):
            sys.exit(f"{version} is not newer than {tags[-1]}; released versions never change.")
        tree = template_tree(store)
        made = commit(store, tree, tags[-1] if tags else None, version, date)
        git("tag", f"v{version}", made, cwd=store)
        bundle_up(store, made)
    _note(version, date, tree)
    print(f"Released v{version}: tree {tree}")


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.removeprefix("v").split(".")]


def _note(version: str, date: str, tree: str) -> None:
    ledger = LEDGER.read_text() if LEDGER.exists() else "# The tree of every released version.\n"
    stacks = sorted(path.name for path in (ROOT / "templates").glob("[!_]*"))
    row = {"version": version, "date": date, "tree": tree, "stacks": stacks}
    lines = [f"{name} = {json.dumps(value)}" for name, value in row.items()]
    LEDGER.write_text("\n".join([ledger, "[[release]]", *lines, ""]))
    tomllib.loads(LEDGER.read_text())
    about = ROOT / "scaffold/__init__.py"
    about.write_text(re.sub(r'(?<=__version__ = ").*(?=")', version, about.read_text()))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
