"""From a wish to a plan: which stack, which features, under which name. Writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scaffold.errors import ScaffoldError, UsageProblem
from scaffold.guide import Guide, Stack, load_guide
from scaffold.project import Project, check_description, check_name, told
from scaffold.recommend import Answers, Recommendation, features, recommend
from scaffold.recommend.answers import unknown
from scaffold.wish import Wish


@dataclass(frozen=True)
class Plan:
    """What will be made, and the recommendation it came from."""

    guide: Guide
    answers: Answers
    recommendation: Recommendation
    project: Project

    @property
    def stack(self) -> Stack:
        """The stack that will be used, which the user may have forced."""
        return self.guide.stack(self.project.stack)


def check_enough(wish: Wish) -> None:
    """Raise UsageProblem when nobody can be asked for what `wish` leaves open."""
    open_ends = [] if wish.directory else ["the folder (DIR)"]
    if not (wish.stack or wish.says_what_for or wish.yes):
        open_ends.append("what the project is for (--need, --team, --stack, or --yes)")
    if open_ends:
        raise UsageProblem(
            f"There is nobody to ask for {' and '.join(open_ends)}.",
            "For example: scaffold new shop --need realtime --yes",
        )


def parse_answers(guide: Guide, wish: Wish) -> Answers:
    """Return what the recommender is to be told."""
    return Answers.parse(guide, wish.needs, wish.team, wish.workload, wish.language)


def decide(wish: Wish) -> Plan:
    """Return the plan for a wish that leaves nothing open.

    Raises:
        UsageProblem: an unknown name, or a feature that the stack does not have.
        ScaffoldError: contradictory musts, or a stack that has no template yet.
    """
    guide = load_guide()
    directory = wish.directory or ""
    name = check_name(Path(directory).name if directory != "." else Path.cwd().name)
    answers = parse_answers(guide, wish)
    recommendation = recommend(guide, answers)
    stack = known_stack(guide, wish.stack or recommendation.recommended)
    check_ready(guide, stack)
    project = Project(
        directory=directory,
        name=name,
        stack=stack.id,
        features=chosen_features(guide, stack, answers, wish.features),
        told=told(answers.flags()),
        flags=tuple(answers.flags()),
        install=bool(wish.install),
        git=wish.git,
        source=wish.source,
        ref=wish.ref,
        description=check_description(wish.description) if wish.description is not None else None,
    )
    return Plan(guide, answers, recommendation, project)


def known_stack(guide: Guide, name: str) -> Stack:
    """Return the stack called `name`; a UsageProblem with the nearest right name otherwise."""
    stacks = {stack.id: stack for stack in guide.stacks}
    if name in stacks:
        return stacks[name]
    raise unknown("stack", name, stacks)


def check_ready(guide: Guide, stack: Stack) -> None:
    """Raise ScaffoldError when a stack has no template; the hint names the nearest that has."""
    if stack.ready:
        return
    near = nearest(guide, stack)
    raise ScaffoldError(
        f"{stack.title} ({stack.id}) has no template yet.",
        f"The nearest that has one is {near.title}: --stack {near.id}",
    )


def nearest(guide: Guide, stack: Stack) -> Stack:
    """Return the stack most like `stack` that has a template."""
    return next(near for near in map(guide.stack, stack.nearest) if near.ready)


def chosen_features(
    guide: Guide, stack: Stack, answers: Answers, asked: tuple[str, ...] | None
) -> tuple[str, ...]:
    """Return the features to build in: those asked for, else those the requirements call for."""
    if asked is None:
        return features(guide, answers, stack.id)
    wanted = [name for name in asked if name != "none"]
    names = [feature.id for feature in guide.features if stack.id in feature.stacks]
    for name in wanted:
        if name not in names:
            raise _no_feature(guide, stack, name)
    return tuple(name for name in names if name in wanted)


def _no_feature(guide: Guide, stack: Stack, name: str) -> UsageProblem:
    """Say why a stack has not got a feature, and what to choose for it."""
    known = {feature.id: feature for feature in guide.features}
    if name not in known:
        return unknown("feature", name, known)
    why = (
        caveat.because
        for caveat in guide.caveats
        if stack.id in caveat.against and caveat.when and caveat.when.value in known[name].needs
    )
    message = " ".join([f"{stack.title} has no feature {name!r}.", *why])
    return UsageProblem(message, f"Stacks that have it: {', '.join(known[name].stacks)}.")
