"""A user's life on a project: what is played on every stack, and whether an update kept it.

The lives are the .toml files beside this one; a stack's own names the parts that it shares.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
IGNORED = {".git", "node_modules", ".venv"}
YOURS = "    # Yours: `uv add` appends below.\n"


@dataclass(frozen=True)
class Life:
    """What a user does to a project; each a list of what the .toml files call by these names."""

    added: Mapping[str, str]
    inserted: tuple[dict[str, str], ...]
    changed: tuple[dict[str, str], ...]
    moved: tuple[dict[str, Any], ...]
    deleted: tuple[list[str], ...]  # the names that a file has had in the releases
    requirements: tuple[str, ...]
    packages: Mapping[str, Mapping[str, str]]

    @property
    def dependencies(self) -> set[str]:
        """Return the names of what was added to the manifest."""
        names = {requirement.partition("==")[0] for requirement in self.requirements}
        return names.union(*self.packages.values())

    @property
    def renamed(self) -> dict[str, str]:
        """Return where files came from, old path by new."""
        return {move["new"]: move["old"] for move in self.moved}


def _read(name: str) -> Iterator[dict[str, Any]]:
    data = tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))
    for part in data.pop("parts", ()):
        yield from _read(part)
    yield data


def life_on(stack: str) -> Life:
    """Return the life that is played on a stack."""
    parts = list(_read(stack))

    def listed(key: str) -> tuple[Any, ...]:
        return tuple(entry for part in parts for entry in part.get(key, ()))

    def joined(key: str) -> dict[str, str]:
        return {name: said for part in parts for name, said in part.get(key, {}).items()}

    return Life(
        added=joined("added"),
        inserted=listed("inserted"),
        changed=listed("changed"),
        moved=listed("moved"),
        deleted=listed("deleted"),
        requirements=listed("requirements"),
        packages={key: joined(key) for key in ("dependencies", "devDependencies")},
    )


def live(project: Path, life: Life) -> None:
    """Play a life on a project."""
    for edit in (*life.inserted, *life.changed):
        assert (project / edit["file"]).exists(), edit["file"]
    for move in life.moved:
        (project / move["old"]).rename(project / move["new"])
    for names in life.deleted:
        next(project / name for name in names if (project / name).exists()).unlink()
    for path in sorted(project.rglob("*")):
        if path.is_file() and not IGNORED & set(path.relative_to(project).parts):
            _edit(path, path.relative_to(project).as_posix(), life)
    for name, text in life.added.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text, encoding="utf-8", newline="")


def _edit(path: Path, name: str, life: Life) -> None:
    before = text = path.read_bytes().decode()
    for old, new in (mention for move in life.moved for mention in move["mentions"]):
        text = text.replace(old, new)
    for change in life.changed:
        if change["file"] == name:
            assert change["old"] in text, f"{name} has no {change['old']!r}"
            text = text.replace(change["old"], change["new"])
    for insert in life.inserted:
        if insert["file"] == name:
            text = _inserted(text, insert)
    text = _with_dependencies(text, name, life)
    if text != before:
        path.write_bytes(text.encode())


def _inserted(text: str, insert: Mapping[str, str]) -> str:
    """Put lines after, or before, the first line that begins as the life says."""
    lines = text.splitlines(keepends=True)
    anchor = insert.get("after", insert.get("before", ""))
    place = next((i for i, line in enumerate(lines) if line.startswith(anchor)), None)
    assert place is not None, f"{insert['file']} has no line that begins with {anchor!r}"
    place += "after" in insert
    return "".join([*lines[:place], insert["text"], *lines[place:]])


def _with_dependencies(text: str, name: str, life: Life) -> str:
    """Add dependencies as `npm install` and `uv add` write them."""
    if name == "package.json":
        data = json.loads(text)
        for table, packages in life.packages.items():
            data[table] = dict(sorted({**data[table], **packages}.items()))
        return json.dumps(data, indent=2) + "\n"
    if name == "pyproject.toml":
        assert text.count(YOURS) == 1
        added = "".join(f'    "{requirement}",\n' for requirement in life.requirements)
        return text.replace(YOURS, YOURS + added)
    return text


def files_of(folder: Path) -> dict[str, bytes]:
    """Read a project, without what git and the package managers keep."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not IGNORED & set(path.relative_to(folder).parts)
    }
