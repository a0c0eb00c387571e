"""How much of a template is in a project, line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from scaffold.update.recorded import ANSWERS_FILE

Kind = Literal["identical", "changed", "missing"]


@dataclass(frozen=True)
class File:
    """One file of the template: how many of its lines are still in the project's file."""

    path: str
    kind: Kind
    found: int
    lines: int


@dataclass(frozen=True)
class Likeness:
    """A template beside a project; what the project has besides does not count."""

    files: tuple[File, ...]

    @property
    def lines(self) -> int:
        """The lines of the template."""
        return sum(file.lines for file in self.files)

    @property
    def found(self) -> int:
        """Those of them that are in the project."""
        return sum(file.found for file in self.files)

    @property
    def share(self) -> float:
        """The part of the template's lines that is in the project, from 0 to 1."""
        return self.found / self.lines if self.lines else 0.0

    @property
    def score(self) -> int:
        """Lines found less lines missing: a template that explains more of a project has more."""
        return 2 * self.found - self.lines

    def counts(self) -> dict[Kind, int]:
        """Count the files of each kind."""
        kinds = [file.kind for file in self.files]
        return {kind: kinds.count(kind) for kind in get_args(Kind)}


def compare(rendered: Path, project: Path) -> Likeness:
    """Lay a rendered template beside a project."""
    paths = (path.relative_to(rendered) for path in _files(rendered))
    files = (_compared(path.as_posix(), rendered / path, project / path) for path in paths)
    return Likeness(tuple(files))


def _files(folder: Path) -> Iterator[Path]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return (path for path in paths if path != folder / ANSWERS_FILE)


def _compared(name: str, template: Path, own: Path) -> File:
    wanted = _text(template)
    lines = _telling(wanted)
    if not own.is_file():
        return File(name, "missing", 0, lines.total())
    text = _text(own)
    kind: Kind = "identical" if text == wanted else "changed"
    return File(name, kind, (lines & _telling(text)).total(), lines.total())


def _text(path: Path) -> str:
    """Read a file with the line ends made alike: they are the machine's, not the template's."""
    return path.read_text(encoding="utf-8", errors="replace")


def _telling(text: str) -> Counter[str]:
    """Count the lines that tell something; a lone brace is in every file."""
    lines = (line.strip() for line in text.splitlines())
    return Counter(line for line in lines if any(char.isalnum() for char in line))
