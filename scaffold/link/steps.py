"""Find out whether a project was made from what the user says, and write that down."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.version import Version

from scaffold import templates
from scaffold.errors import ScaffoldError
from scaffold.link.judging import ANOTHER_STACK, ANOTHER_VERSION, better_version, check_fair
from scaffold.link.likeness import Likeness
from scaffold.link.naming import project_name
from scaffold.link.trial import Origin, Trial, Tried
from scaffold.link.writing import check_unlinked, write
from scaffold.update import place
from scaffold.update.choosing import named, released
from scaffold.update.recorded import ANSWERS_FILE

Step = Callable[[str], None]


@dataclass(frozen=True)
class Wish:
    """What the user says a project was made from, and what else there is to compare it with.

    `features` are None when not said; `offered` are those the stack can have, `stacks` all stacks
    there are; `manifest` is the file that names the project.
    """

    stack: str
    version: str
    source: str | None
    features: tuple[str, ...] | None
    offered: tuple[str, ...]
    stacks: tuple[str, ...]
    manifest: str


@dataclass(frozen=True)
class Match:
    """What a project was made from, and what is to be written into it.

    `better` is a version that has clearly more of its lines in the project than this one.
    """

    project: Path
    name: str
    source: str
    origin: Origin
    likeness: Likeness
    better: Tried | None
    answers: bytes

    def record(self) -> None:
        """Write the answers file, and nothing else; raises ScaffoldError when that fails."""
        write(self.project, self.answers)


def find(project: Path, wish: Wish, step: Step) -> Match:
    """Compare a project with what it is said to be made from; write nothing.

    Raises:
        UsageProblem: there is no such folder, version, or stack or feature in that version.
        ScaffoldError: the project is linked already, or not fit for it, or made from another stack.
    """
    check_unlinked(project)
    place.check_ready(place.repository_of(project))
    source = templates.lasting(wish.source or templates.HOME_BUNDLE)
    known = released(source)
    version = named(known, wish.version)
    trial = Trial(project, source, project_name(project, wish.manifest))
    step(f"Comparing with {wish.stack} {version}")
    tried = _said(trial, wish, version, known)
    newest_first = [tag for tag in reversed(list(known.values())) if tag != version]
    versions = list(_versions(trial, tried, newest_first, step))
    stacks = list(_stacks(trial, tried, wish.stacks, [version, *newest_first], step))
    check_fair(project, tried, versions, stacks)
    better = better_version(tried, versions)
    return Match(project, trial.name, source, tried.origin, tried.likeness, better, tried.answers)


def _versions(trial: Trial, tried: Tried, tags: Iterable[str], step: Step) -> Iterator[Tried]:
    """Compare with the other versions of a stack, if one of them can be clearly better."""
    if tried.share <= 1 - ANOTHER_VERSION:
        step("Comparing with the other versions")
        for tag in tags:
            if other := trial.first([tried.origin._replace(version=tag)]):
                yield other


def _stacks(
    trial: Trial, tried: Tried, stacks: Iterable[str], tags: Sequence[str], step: Step
) -> Iterator[Tried]:
    """Compare with the other stacks, each in the first of the versions `tags` that has it."""
    if tried.share <= 1 - ANOTHER_STACK:
        step("Comparing with the other stacks")
        for stack in stacks:
            origins = (Origin(stack, tag) for tag in tags)
            if stack != tried.origin.stack and (other := trial.first(origins)):
                yield other


def _said(trial: Trial, wish: Wish, version: str, known: Mapping[Version, str]) -> Tried:
    origin = Origin(wish.stack, version, wish.features or ())
    try:
        tried = trial.of(origin)
    except ScaffoldError as error:
        if problem := trial.why_not(origin, known.values()):
            raise problem from error
        raise
    if not tried.answers:
        raise ScaffoldError(
            f"The templates of {trial.source} write no {ANSWERS_FILE}, so nothing can follow them.",
            "Give them one: a template file named {{ _copier_conf.answers_file }}.jinja",
        )
    return tried if wish.features is not None else trial.with_features(tried, wish.offered)
