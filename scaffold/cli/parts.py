"""The parts that flags name: features, what these run on, services beside the main one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scaffold.cli.stacks import check_ready, known_stack
from scaffold.errors import UsageProblem
from scaffold.guide import Companion, Guide, Stack
from scaffold.naming import NAME_RULE, check_name, is_name
from scaffold.recommend import Answers, Service, features, services, with_required
from scaffold.recommend.answers import unknown
from scaffold.services import SUFFIXES, TAKEN, as_word


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
    return with_required(guide, wanted)


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


def chosen_services(
    guide: Guide, answers: Answers, main: Service, asked: tuple[str, ...] | None
) -> tuple[Service, ...]:
    """Return the services beside the main one: those asked for, else those the answers add.

    Raises:
        UsageProblem: a word is no `NAME=STACK[+FEATURE...]`, or names what there is not.
    """
    proposed = services(guide, answers, main.stack)[1:]
    if asked is None:
        return proposed
    return tuple(parse_service(guide, word, proposed) for word in asked if word != "none")


def parse_service(guide: Guide, word: str, proposed: Sequence[Service] = ()) -> Service:
    """Return the service that a word such as `ml=STACK+ml` asks for.

    Without a feature it has those of the one of that name and stack in `proposed`, if there is one.
    """
    name, equals, rest = word.partition("=")
    if not (name and equals and rest):
        raise UsageProblem(f"{word!r} is no service.", "Write NAME=STACK or NAME=STACK+FEATURE.")
    stack_name, *wanted = rest.split("+")
    stack = known_stack(guide, stack_name)
    check_ready(guide, stack)
    like = (it.features for it in proposed if (it.name, it.stack) == (name, stack.id))
    nothing = Answers.parse(guide, (), None, None, None)
    own = chosen_features(guide, stack, nothing, tuple(wanted)) if wanted else next(like, ())
    return Service(name, stack.id, stack.language, own)


def check_names(project: str, made: Sequence[Service]) -> None:
    """Raise UsageProblem when services cannot be called that beside each other in a project."""
    called = [service.name for service in made]
    for name in called[1:]:
        if not is_name(name):
            raise UsageProblem(f"{name!r} cannot be a service's name.", NAME_RULE)
        if name in TAKEN:
            raise _taken(name, "The workspace itself uses that name")
        if called.count(name) > 1:
            raise UsageProblem(f"Two services are called {name!r}.", "Name one of them otherwise.")
        check_name(f"{project}-{name}")
    for name in called:
        for part in {f"{name}{suffix}" for suffix in SUFFIXES} & set(called):
            raise _taken(part, f"The workspace itself uses that name, for a part of {name}")


def _taken(name: str, why: str) -> UsageProblem:
    return UsageProblem(f"{name!r} cannot be a service's name.", f"{why}: name it otherwise.")


def partner_lacking(guide: Guide, feature: str, made: Sequence[Service]) -> Companion | None:
    """Return the service that a feature asks, when what is made has none of that name and use."""
    for companion in guide.services:
        there = (it for it in made if it.name == companion.name)
        serves = any({*companion.features} <= {*it.features} for it in there)
        if feature in companion.main_features and not serves:
            return companion
    return None


def check_partners(guide: Guide, made: Sequence[Service]) -> None:
    """Raise UsageProblem when a service has a feature that asks another one, which is not made."""
    for feature in (feature for service in made for feature in service.features):
        if lacking := partner_lacking(guide, feature, made):
            word = as_word(Service(lacking.name, lacking.stack, "", lacking.features))
            raise UsageProblem(
                f"The feature {feature} asks a service {word} beside it, and there is none.",
                f"scaffold new makes it with --service {word}; later: scaffold add {lacking.name}",
            )


def chosen_runtime(guide: Guide, made: Sequence[Service], asked: str | None) -> Mapping[str, str]:
    """Return by its feature what is to run on something else than the usual.

    Raises:
        UsageProblem: nothing made has a choice, or not that one.
    """
    if asked is None:
        return {}
    built = {feature for service in made for feature in service.features}
    having = [feature for feature in guide.features if feature.runtimes]
    for feature in having:
        if feature.id in built and asked in feature.runtimes:
            return {feature.id: asked}
        if feature.id in built:
            raise unknown("runtime", asked, dict.fromkeys(feature.runtimes))
    ids = " or ".join(f"--feature {feature.id}" for feature in having) or "a feature that has one"
    raise UsageProblem("Nothing that would be made has a runtime to choose.", f"Add {ids}.")
