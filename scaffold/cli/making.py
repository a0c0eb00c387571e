"""Carry a plan out, or only say what it would do."""

from __future__ import annotations

import datetime
from pathlib import Path

from scaffold import create, git, tools
from scaffold.cli import print_json
from scaffold.cli.deciding import Plan
from scaffold.decision import decision_record
from scaffold.recommend import services
from scaffold.terminal import say, show


def make(plan: Plan, as_json: bool) -> None:
    """Make the repository and say what was made and what to do next."""
    step = (lambda _text: None) if as_json else say.step
    made = create.create(plan.project, plan.stack.language, lambda v: _record(plan, v), step)
    if as_json:
        print_json(_report(plan, made))
    else:
        show.made(plan.project, plan.stack, made, next_steps(plan, made))
    _warn(plan, made)


def preview(plan: Plan, as_json: bool) -> None:
    """Say what `make` would do; write nothing."""
    create.check_target(Path(plan.project.directory).absolute())
    git.require()
    made = create.preview(plan.project)
    if as_json:
        print_json(_report(plan, made) | {"dry_run": True, "files": list(made.files)})
    else:
        show.preview(plan.project, plan.stack, made)


def next_steps(plan: Plan, made: create.Made) -> list[str]:
    """Return the commands from here to a running service."""
    language = tools.LANGUAGES[plan.stack.language]
    installed = plan.project.install and not made.lacking
    place = [] if plan.project.directory == "." else [f"cd {plan.project.directory}"]
    return [*place, *([] if installed else [language.first]), language.dev]


def _record(plan: Plan, version: str) -> str:
    return decision_record(
        plan.guide,
        plan.answers,
        plan.recommendation,
        plan.project.stack,
        project_name=plan.project.name,
        date=datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
        features=plan.project.features,
        version=version,
        command=plan.project.command(),
    )


def _report(plan: Plan, made: create.Made) -> dict[str, object]:
    path = str(made.path.absolute())
    main = {"name": plan.guide.main_service, "stack": plan.project.stack, "path": path}
    return {
        "schema": 1,
        "path": path,
        "version": made.version,
        "services": [main],
        "features": list(plan.project.features),
        "command": plan.project.command(),
        "next": next_steps(plan, made),
    }


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
    for service in _beside(plan):
        say.warn(service)


def _beside(plan: Plan) -> list[str]:
    """Say which services the guide puts beside this one, since one run makes one service."""
    return [
        f"The guide puts a service `{service.name}` beside this one, on "
        f"{plan.guide.stack(service.stack).title}; one run makes one service, so next: "
        f"scaffold new {plan.project.name}-{service.name} --stack {service.stack} --yes"
        for service in services(plan.guide, plan.answers, plan.project.stack)
        if service.name != plan.guide.main_service
    ]
