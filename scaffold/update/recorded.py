"""What a project remembers of where it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from scaffold.errors import ScaffoldError, UsageProblem

ANSWERS_FILE = ".copier-answers.yml"
LINK = "Made by hand, or copied? scaffold link DIR --stack ID --version V"


@dataclass(frozen=True)
class Recorded:
    """The templates and the version that a project was last made from, and its answers."""

    source: str
    version: str
    answers: Mapping[str, object]


def recorded(project: Path) -> Recorded:
    """Read a project's answers file.

    Raises:
        UsageProblem: there is no such folder.
        ScaffoldError: the folder is no project made from templates with versions.
    """
    check_folder(project)
    data = _read(project / ANSWERS_FILE)
    source, version = data.get("_src_path"), data.get("_commit")
    if not (isinstance(source, str) and isinstance(version, str)):
        raise ScaffoldError(
            f"{ANSWERS_FILE} names no released version of any templates, so there is nothing to "
            "update from.",
            LINK,
        )
    answers = {name: value for name, value in data.items() if not name.startswith("_")}
    return Recorded(source, version, answers)


def check_folder(project: Path) -> None:
    """Raise UsageProblem when there is no such folder."""
    if not project.is_dir():
        raise UsageProblem(f"There is no folder {project}.", "Name the project's folder.")


def _read(path: Path) -> dict[str, object]:
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ScaffoldError(
            f"{path.parent} is no project made by scaffold: it has no {ANSWERS_FILE}.", LINK
        ) from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        first = str(error).splitlines()[0]
        raise ScaffoldError(
            f"{path} cannot be read: {first}.", f"Restore it: git checkout -- {ANSWERS_FILE}"
        ) from None
    if not isinstance(data, dict) or not all(isinstance(name, str) for name in data):
        raise ScaffoldError(
            f"{path} is no answers file.", f"Restore it: git checkout -- {ANSWERS_FILE}"
        )
    return data
