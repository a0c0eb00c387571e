"""Add a service to a project: to a workspace, or to one service, which becomes a workspace."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from scaffold import create, git, tools
from scaffold import update as updates
from scaffold.cli import print_json
from scaffold.cli.parts import check_names, check_partners, chosen_runtime, parse_service
from scaffold.cli.updating import carry_out, conclude, report_json, settle, told_truly
from scaffold.errors import ScaffoldError
from scaffold.guide import Guide, load_guide
from scaffold.recommend import Service, joined
from scaffold.services import (
    AT_ROOT,
    WORKSPACE,
    Answers,
    as_service,
    chosen,
    entry,
    inside,
    listed,
)
from scaffold.terminal import say, show
from scaffold.update import ANSWERS_FILE, WORKSPACE_FILE, Addition, Part, Wish


class Present(NamedTuple):
    """A project as it is: its name, its services as answers, the part that remembers them."""

    name: str
    services: list[Answers]
    remembers: Part | None


def add(
    project: Path, word: str, runtime: str | None, dry: bool, as_json: bool, *, install: bool
) -> None:
    """Add the service that `word` asks for, or only say what that would change."""
    settle(project)
    guide = load_guide()
    found = updates.parts(project)
    present = _present(guide, found)
    service = _service(guide, word, present)
    check_free(project, service)
    check_newest(project)
    wish = _wish(guide, present, service, chosen_runtime(guide, [service], runtime))
    step = (lambda _text: None) if as_json else say.step
    with told_truly(project):
        report = carry_out(project, wish, dry, step)
        lacking = "" if dry else _finish(project, service, install, step)
        if as_json:
            print_json(report_json(project, report, dry) | {"service": service.as_json()})
        elif report:
            commands = _commands(guide, present, service)
            show.added(service.name, guide.stack(service.stack), report, commands, dry=dry)
    if lacking:
        say.warn(f"The dependencies of {service.name} are not installed: {lacking}")
    conclude(report, dry)


def check_free(project: Path, service: Service) -> None:
    """Raise ScaffoldError when the service's folder is taken, or one that git does not keep."""
    if os.path.lexists(project / service.name):
        raise ScaffoldError(
            f"There is something called {service.name} in {project} already.",
            "Name the service otherwise.",
        )
    repository = git.repository_of(project)
    if repository and repository.ignores(f"{service.name}/{ANSWERS_FILE}"):
        raise ScaffoldError(
            f"git ignores a folder {service.name} in {project}.",
            "Name the service otherwise, or mend .gitignore.",
        )


def check_newest(project: Path) -> None:
    """Raise ScaffoldError when the service would come from newer templates than the project."""
    has, newest = updates.available(project, None)
    if has != newest:
        raise ScaffoldError(
            f"This project has {has} of its templates; a service that is added has {newest}.",
            "Bring it up to date and commit, then add: scaffold update",
        )


def _commands(guide: Guide, present: Present, service: Service) -> tuple[str, str]:
    """Return what installs and what starts all services."""
    stacks = [*(str(it["stack"]) for it in present.services), service.stack]
    languages = {it.language for it in guide.stacks if it.id in stacks}
    at_root = any(it["folder"] == "." for it in present.services)
    return tools.workspace_commands(languages, at_root=at_root)


def _present(guide: Guide, found: Sequence[Part]) -> Present:
    workspace = [part for part in found if part.past.answers.get("stack") == WORKSPACE]
    told = (workspace or found)[0].past.answers
    name = str(told.get("project_name"))
    if workspace and (there := listed(told)):
        return Present(name, there, workspace[0])
    stack, features = str(told.get("stack")), told.get("features")
    language = next((it.language for it in guide.stacks if it.id == stack), "")
    if not language:
        raise ScaffoldError(
            f"Nothing can be put beside a service on {stack!r}, which is no stack of scaffold's.",
            "See: scaffold stacks",
        )
    own = tuple(features) if isinstance(features, list) else ()
    main = Service(guide.main_service, stack, language, own)
    runs_on = {it: value for it, value in told.items() if it.endswith("_runtime")}
    return Present(name, [{**entry(main, [], "."), **runs_on}], None)


def _service(guide: Guide, word: str, present: Present) -> Service:
    """Return the service that a word asks for; of one that the guide knows the name will do."""
    known = [Service(it.name, it.stack, "", it.features) for it in guide.services]
    short = [f"{it.name}={it.stack}" for it in known if it.name == word]
    service = parse_service(guide, short[0] if short else word, known)
    made = [*map(as_service, present.services), service]
    check_names(present.name, made)
    check_partners(guide, made)
    return service


def _wish(guide: Guide, present: Present, service: Service, runtimes: Mapping[str, str]) -> Wish:
    main, *others = present.services
    gained = _gained(guide, main, service)
    main = {**main, "features": gained}
    new = {**entry(service, present.services, service.name), **chosen(service, runtimes)}
    services = [main, *others, new]
    place = "" if main["folder"] == "." else f"{main['folder']}/"
    changed: dict[str, Answers] = {
        place + ANSWERS_FILE: {"features": gained, **({} if place else AT_ROOT)}
    }
    more = [Addition(f"{service.name}/", ANSWERS_FILE, inside(present.name, service, runtimes))]
    if present.remembers:
        changed[present.remembers.folder + present.remembers.file] = {"services": services}
    else:
        root = {"stack": WORKSPACE, "project_name": present.name, "features": [], "needs": {}}
        more.insert(0, Addition("", WORKSPACE_FILE, {**root, "services": services}))
    return Wish(answers=changed, more=tuple(more))


def _gained(guide: Guide, main: Answers, service: Service) -> list[str]:
    """Return the main service's features, with those it needs to work with the new one."""
    now = as_service(main)
    gained = joined(guide, now, [service]).features
    return [*now.features, *(it for it in gained if it not in now.features)]


def _finish(project: Path, service: Service, install: bool, step: Callable[[str], None]) -> str:
    """Write what git does not keep; return why dependencies are not installed."""
    create.write_secrets(project)
    create.write_secrets(project / service.name)
    if not install:
        return ""
    step(f"Installing the dependencies of {service.name}")
    try:
        tools.lock(project / service.name, service.language)
        tools.install(project / service.name, service.language)
    except ScaffoldError as error:
        return error.message
    return ""
