"""What a project is called."""

from __future__ import annotations

import json
import tomllib
from contextlib import suppress
from pathlib import Path

from scaffold.errors import UsageProblem
from scaffold.naming import check_name


def project_name(project: Path, manifest: str) -> str:
    """Return the name that a project's manifest gives it, else its folder's.

    Raises:
        UsageProblem: neither can name a project; it says why.
    """
    names = [name for name in (_in_manifest(project / manifest), project.resolve().name) if name]
    for name in names:
        with suppress(UsageProblem):
            return check_name(name)
    return check_name(next(iter(names), ""))


def _in_manifest(path: Path) -> str:
    """Return the name in a package.json, without its scope, or in a pyproject.toml."""
    try:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text).get("project") if path.suffix == ".toml" else json.loads(text)
    except (OSError, ValueError):
        return ""
    name = data.get("name") if isinstance(data, dict) else None
    return name.rpartition("/")[2] if isinstance(name, str) else ""
