"""Carry a plan out, or only say what it would do."""

from __future__ import annotations

import datetime
from pathlib import Path

from scaffold import create, git, tools
from scaffold.cli import print_json
from scaffold.cli.deciding import Plan
from scaffold.decision import decision_record
from scaffold.recommend import effects
from scaffold.terminal import say, show


def make(plan: Plan, as_json: bool) -> None:
    """Make the repository and say what was made and what to do next."""
    step = (lambda _text: None) if as_json else say.step
    made = create.create(plan.project, lambda version: _record(plan, version), step)
    if as_json:
        print_json(_report(plan, made))
    else:
        show.made(plan.guide, plan.project, made, _effects(plan), next_steps(plan, made))
    _warn(plan, made)


def preview(plan: Plan, as_json: bool) -> None:
    """Say what `make` would do; write nothing."""
    create.check_target(Path(plan.project.directory).absolute())
    git.require()
    made = create.preview(plan.project)
    if as_json:
        print_json(_report(plan, made) | {"dry_run": True, "files": list(made.files)})
    else:
        show.preview(plan.guide, plan.project, made)


def next_steps(plan: Plan, made: create.Made) -> list[str]:
    """Return the commands from here to a running service."""
    first, dev = tools.commands([service.language for service in plan.project.services])
    installed = plan.project.install and not made.lacking
    place = [] if plan.project.directory == "." else [f"cd {plan.project.directory}"]
    return [*place, *([] if installed else [first]), dev]


def _record(plan: Plan, version: str) -> str:
    return decision_record(
        plan.guide,
        plan.answers,
        plan.recommendation,
        plan.project.services,
        project_name=plan.project.name,
        date=datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
        version=version,
        command=plan.project.command(),
    )


def _report(plan: Plan, made: create.Made) -> dict[str, object]:
    path = made.path.absolute()
    folders = plan.project.folders.items()
    return {
        "schema": 1,
        "path": str(path),
        "version": made.version,
        "services": [it.as_json() | {"path": str(path / folder)} for folder, it in folders],
        "features": list(plan.project.main.features),
        "effects": dict(_effects(plan)),
        "command": plan.project.command(),
        "next": next_steps(plan, made),
    }


def _effects(plan: Plan) -> tuple[tuple[str, str], ...]:
    return effects(plan.guide, plan.answers, plan.project.services)


def _warn(plan: Plan, made: create.Made) -> None:
    if not made.author_known:
        say.warn(
            f"git does not know you, so {git.FALLBACK_NAME} <{git.FALLBACK_EMAIL}> signed the "
            "first commit. Set user.name and user.email, then: git commit --amend --reset-author"
        )
    if made.lacking:
        todo = " && ".join(next_steps(plan, made)[:-1])
        say.warn(f"The dependencies are not installed: {made.lacking} Later: {todo}")
    if plan.project.git and (outer := git.enclosing_repository(made.path.parent)):
        say.warn(f"It lies inside another git repository, {outer}; --no-git makes it part of that.")
