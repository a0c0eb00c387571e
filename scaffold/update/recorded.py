"""What a project remembers of where it came from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import yaml

from scaffold.errors import ScaffoldError, UsageProblem

ANSWERS_FILE = ".copier-answers.yml"
# The workspace's own, where its root is a service too, which has the other name.
WORKSPACE_FILE = ".copier-answers.workspace.yml"
ANSWERS_FILES = (ANSWERS_FILE, WORKSPACE_FILE)
_FOLDER = re.compile(r"[\w-][\w.-]*")
LINK = "Made by hand, or copied? scaffold link DIR --stack ID --version V"


@dataclass(frozen=True)
class Recorded:
    """The templates and the version that a project was last made from, and its answers."""

    source: str
    version: str
    answers: Mapping[str, object]


class Part(NamedTuple):
    """One of the renderings that a project is made of.

    `folder` is where below the project's root, "" for the root itself, else with a slash at its
    end; `file` is the name of the answers file there.
    """

    folder: str
    file: str
    past: Recorded


class Workspace(NamedTuple):
    """A folder whose services are updated together: where, its answers file, and its answers."""

    root: Path
    file: str
    answers: Mapping[str, object]


def parts(project: Path) -> tuple[Part, ...]:
    """Read the answers files of a project and of all its services; raises as `recorded` does."""
    return tuple(_parts(project))


def _parts(project: Path) -> Iterator[Part]:
    root = recorded(project)
    yield Part("", ANSWERS_FILE, root)
    if (project / WORKSPACE_FILE).is_file():
        root = recorded(project, WORKSPACE_FILE)
        yield Part("", WORKSPACE_FILE, root)
    for name in _folders(root.answers.get("services")):
        if (project / name / ANSWERS_FILE).is_file():  # else it has gone its own way
            yield Part(f"{name}/", ANSWERS_FILE, recorded(project / name))


def _folders(services: object) -> Iterator[str]:
    listed = services if isinstance(services, list) else []
    for service in listed:
        name = service.get("folder") if isinstance(service, dict) else None
        if isinstance(name, str) and _FOLDER.fullmatch(name):
            yield name


def recorded(project: Path, file: str = ANSWERS_FILE) -> Recorded:
    """Read a project's answers file.

    Raises:
        UsageProblem: there is no such folder.
        ScaffoldError: the folder is no project made from templates with versions.
    """
    check_folder(project)
    data = _read(project / file)
    source, version = data.get("_src_path"), data.get("_commit")
    if not (isinstance(source, str) and isinstance(version, str)):
        raise ScaffoldError(
            f"{file} names no released version of any templates, so there is nothing to "
            "update from.",
            LINK,
        )
    answers = {name: value for name, value in data.items() if not name.startswith("_")}
    return Recorded(source, version, answers)


def workspace_of(project: Path) -> Workspace | None:
    """Return the workspace that a service belongs to; None where it stands alone."""
    for place, file in (
        (project, WORKSPACE_FILE),
        (project.parent, WORKSPACE_FILE),
        (project.parent, ANSWERS_FILE),
    ):
        if (place / file).is_file() and "services" in (told := _read(place / file)):
            return Workspace(place, file, told)
    return None


def check_folder(project: Path) -> None:
    """Raise UsageProblem when there is no such folder."""
    if not project.is_dir():
        raise UsageProblem(f"There is no folder {project}.", "Name the project's folder.")


def _read(path: Path) -> dict[str, object]:
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ScaffoldError(
            f"{path.parent} is no project made by scaffold: it has no {path.name}.", LINK
        ) from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        first = str(error).splitlines()[0]
        raise ScaffoldError(
            f"{path} cannot be read: {first}.", f"Restore it: git checkout -- {path.name}"
        ) from None
    if not isinstance(data, dict) or not all(isinstance(name, str) for name in data):
        raise ScaffoldError(
            f"{path} is no answers file.", f"Restore it: git checkout -- {path.name}"
        )
    return data
