"""Two releases of the templates, of which the older lacks some of what the newer has."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OLDER, NEWER = "v0.9.0", "v0.10.0"
# What the older release had otherwise, in whichever of these files a stack has.
BUMPS = (
    ("package.json.jinja", r'"zod": "[^"]+"', '"zod": "4.0.0"'),
    ("pyproject.toml.jinja", r'"structlog==[^"]+"', '"structlog==25.5.0"'),
    ("README.md.jinja", "## Deploy", "## How to deploy"),
)
ADDED_SINCE, REMOVED_SINCE = "AGENTS.md", "OLD.md"


def _git(folder: Path, *words: str) -> None:
    who = ("-c", "user.name=Tester", "-c", "user.email=tester@example.org")
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


def _release(folder: Path, version: str) -> None:
    _git(folder, "add", "--all")
    _git(folder, "commit", "--quiet", "--message", version)
    _git(folder, "tag", version)


def two_releases(folder: Path, bundle: Path) -> None:
    """Write a bundle with two releases: the work tree's templates, and an older state of them."""
    folder.mkdir(parents=True)
    _git(folder, "init", "--quiet")
    shutil.copy2(ROOT / "copier.yml", folder)
    shutil.copytree(ROOT / "templates", folder / "templates")
    for template in (folder / "templates").glob("[!_]*-*"):
        _make_older(template)
    _release(folder, OLDER)
    shutil.rmtree(folder / "templates")
    shutil.copytree(ROOT / "templates", folder / "templates")
    _release(folder, NEWER)
    bundle.parent.mkdir(parents=True, exist_ok=True)
    _git(folder, "bundle", "create", "--quiet", str(bundle), "HEAD", "--tags")


def _make_older(template: Path) -> None:
    for name, now, then in BUMPS:
        path = template / name
        if path.exists():
            text, times = re.subn(now, then, path.read_text(encoding="utf-8"))
            assert times == 1, f"{path} has no {now}"
            path.write_text(text, encoding="utf-8")
    (template / REMOVED_SINCE).write_text("# Old\n")
    added = [path for path in template.glob(f"{ADDED_SINCE}*") if path.is_file()]
    assert len(added) == 1, template.name
    added[0].unlink()
