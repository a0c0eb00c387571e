"""Turn features of a project on and off: the answers that an update is to use."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from scaffold import update as updates
from scaffold.cli.parts import check_partners, chosen_features
from scaffold.cli.stacks import known_stack
from scaffold.errors import UsageProblem
from scaffold.guide import load_guide
from scaffold.recommend import Answers, Service
from scaffold.services import as_service, listed
from scaffold.update import ANSWERS_FILE, Workspace

Changed = Mapping[str, Mapping[str, object]]


def switched(project: Path, features: tuple[str, ...]) -> tuple[Path, Changed]:
    """Return what is to be updated, and the answers that change by their files.

    The root of a workspace lists the features of its services, and runs what they bring: it is
    updated with the service.

    Raises:
        UsageProblem: the project is a workspace, or cannot have such features.
    """
    answers = updates.recorded(project).answers
    if services := listed(answers):
        raise _whose_features([str(it.get("folder")) for it in services])
    workspace = updates.workspace_of(project)
    wanted = _features(str(answers.get("stack")), features)
    _check(answers, wanted, workspace)
    mine: Changed = {ANSWERS_FILE: {"features": wanted}}
    return _with_the_root(project, mine, workspace, wanted) if workspace else (project, mine)


def _with_the_root(
    project: Path, mine: Changed, workspace: Workspace, wanted: list[str]
) -> tuple[Path, Changed]:
    folder = "." if workspace.root == project else project.name
    told = listed(workspace.answers)
    if folder not in [it.get("folder") for it in told]:  # it has gone its own way
        return project, mine
    now = [{**it, "features": wanted} if it["folder"] == folder else it for it in told]
    place = "" if folder == "." else f"{folder}/"
    changed = {f"{place}{file}": answers for file, answers in mine.items()}
    return workspace.root, {**changed, workspace.file: {"services": now}}


def _check(answers: Mapping[str, object], wanted: list[str], workspace: Workspace | None) -> None:
    """Raise UsageProblem when a feature is gained that asks a service which is not there."""
    had = answers.get("features")
    gained = tuple(name for name in wanted if not (isinstance(had, list) and name in had))
    beside = map(as_service, listed(workspace.answers if workspace else {}))
    check_partners(load_guide(), [*beside, Service("", str(answers.get("stack")), "", gained)])


def _features(stack: str, asked: tuple[str, ...]) -> list[str]:
    guide = load_guide()
    if stack not in {known.id for known in guide.stacks}:  # somebody's own templates
        return [name for name in asked if name != "none"]
    nothing = Answers.parse(guide, (), None, None, None)
    return list(chosen_features(guide, known_stack(guide, stack), nothing, asked))


def _whose_features(folders: list[str]) -> UsageProblem:
    return UsageProblem(
        "A workspace has no features of its own; its services have.",
        f"Name one: scaffold update {folders[0]} --feature F",
    )
