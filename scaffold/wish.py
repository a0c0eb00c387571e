"""What the user has said so far, by flags and by an answers file. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches

from scaffold.errors import UsageProblem

# In an answers file these stand beside the requirements, as in a project's own answers file.
_BESIDE = ("team", "workload", "language")
_NAMES = {"project_name": "directory"}


@dataclass(frozen=True)
class Wish:
    """The flags of `scaffold new`; None or empty where the user has not said."""

    directory: str | None = None
    stack: str | None = None
    needs: tuple[str, ...] = ()
    team: str | None = None
    workload: str | None = None
    language: str | None = None
    features: tuple[str, ...] | None = None
    services: tuple[str, ...] | None = None
    ml_runtime: str | None = None
    install: bool | None = None
    git: bool = True
    yes: bool = False
    source: str | None = None
    ref: str | None = None
    description: str | None = None

    @property
    def says_what_for(self) -> bool:
        """Whether there is anything to recommend from."""
        return bool(self.needs or self.team or self.workload or self.language)

    def over(self, file: Mapping[str, object]) -> Wish:
        """Return this wish, filled up from an answers file; what a flag said wins.

        The file may be a project's own `.copier-answers.yml`, or name the flags: `stack`, `needs`,
        `team`, `workload`, `language`, `features`, `services`, `ml_runtime`, `directory`.

        Raises:
            UsageProblem: the file says something that no flag could.
        """
        told = _flattened(file)
        known = {field.name for field in fields(self)} - {"install", "git", "yes", "source", "ref"}
        for name in told.keys() - known:
            near = get_close_matches(name, known, 1)
            hint = f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(sorted(known))}."
            raise UsageProblem(f"The answers file has an unknown answer {name!r}.", hint)
        unsaid = {name: value for name, value in told.items() if not getattr(self, name)}
        return replace(self, **unsaid)  # type: ignore[arg-type]


def _flattened(file: Mapping[str, object]) -> dict[str, object]:
    told = {
        _NAMES.get(name, name): value
        for name, value in file.items()
        if not name.startswith("_") and value is not None
    }
    needs = told.pop("needs", {})
    pairs = dict.fromkeys(_words("needs", needs), "") if isinstance(needs, list) else needs
    if not isinstance(pairs, Mapping):
        raise UsageProblem("In the answers file, `needs` is neither a list nor a mapping.")
    told |= {name: pairs[name] for name in _BESIDE if name in pairs}
    told["needs"] = tuple(
        f"{name}={how}" if how else str(name) for name, how in pairs.items() if name not in _BESIDE
    )
    told.pop("workspace", None)  # of a service in one: it is to be made on its own
    _of_a_workspace(told)
    for name in {"features", "services"} & told.keys():
        told[name] = _words(name, told[name])
    for name in {"stack", "directory", "description", "ml_runtime", *_BESIDE} & told.keys():
        if not isinstance(told[name], str):
            raise UsageProblem(f"In the answers file, {name!r} is not a text.")
    return told


def _of_a_workspace(told: dict[str, object]) -> None:
    """Take a workspace's list of services for the main service and those beside it."""
    services = told.get("services")
    if not (isinstance(services, list) and services and isinstance(services[0], dict)):
        return
    main, *beside = services
    told["stack"], told["features"] = main.get("stack"), main.get("features")
    if runtimes := [it["ml_runtime"] for it in services if "ml_runtime" in it]:
        told["ml_runtime"] = runtimes[0]
    told["services"] = [
        f"{it.get('name')}={'+'.join(map(str, [it.get('stack'), *it.get('features', [])]))}"
        for it in beside
    ]


def _words(name: str, value: object) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(word, str) for word in value):
        return tuple(value)
    raise UsageProblem(f"In the answers file, {name!r} is not a list of words.")
