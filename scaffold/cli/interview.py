"""Ask in a terminal for what the flags leave open. Every answer becomes a flag of the wish.

After the review any part can be answered again, with the earlier answers as defaults.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from scaffold.cli.deciding import Plan, decide, parse_answers
from scaffold.cli.parts import chosen_features, chosen_services, partner_lacking
from scaffold.cli.stacks import known_stack, nearest
from scaffold.create import check_target
from scaffold.errors import ScaffoldError
from scaffold.guide import Feature, Guide, Need, load_guide
from scaffold.guide import Option as Answer
from scaffold.naming import check_name
from scaffold.recommend import Recommendation, recommend, services
from scaffold.services import as_word
from scaffold.terminal import ask, say, show
from scaffold.terminal.ask import Option
from scaffold.wish import Wish

SKIP = "skip"


def interview(wish: Wish) -> Plan:
    """Return the plan that the user has agreed to.

    Raises:
        KeyboardInterrupt: the user stopped; nothing has been written.
    """
    guide = load_guide()
    if not (wish.stack or wish.says_what_for):
        wish = ask_requirements(guide, wish)
    if not wish.stack:
        wish = ask_stack(guide, wish)
    wish = ask_project(guide, wish)
    while (again := _review(plan := decide(wish))) != "make":
        wish = _AGAIN[again](guide, wish)
    return plan


def ask_requirements(guide: Guide, wish: Wish) -> Wish:
    """Ask what the project must do, how much each of it matters, and who makes it."""
    chosen = ask.many("What must the project do?", _options(guide.needs), _named(wish.needs))
    picked = [need for need in guide.needs if need.id in chosen]
    musts = _subset("Which of these can it not do without?", picked, _named(wish.needs, "must"))
    rest = [need for need in picked if need.id not in musts]
    nice = _subset("Which would only be nice to have?", rest, _named(wish.needs, "nice"))
    levels = (
        dict.fromkeys(chosen, "") | dict.fromkeys(musts, "=must") | dict.fromkeys(nice, "=nice")
    )
    wish = replace(wish, needs=tuple(need + level for need, level in levels.items()), stack=None)
    wish = replace(wish, team=_ask_team(guide, wish.team))
    workload = _ask_or_skip("What is the work, mostly?", guide.workloads, wish.workload)
    return replace(wish, workload=workload)


def _ask_team(guide: Guide, before: str | None) -> str | None:
    name, _, importance = (before or "").partition("=")
    team = _ask_or_skip("What does the team know?", guide.teams, name or None)
    if team not in {"javascript", "python"}:
        return team
    bound = ask.yes("Must the back end stay in that language?", importance == "must")
    return f"{team}=must" if bound else team


def ask_stack(guide: Guide, wish: Wish) -> Wish:
    """Show the recommendation, then let the user take it or another stack."""
    answers = parse_answers(guide, wish)
    result = recommend(guide, answers)
    show.recommendation(guide, answers, result)
    say.out()
    options = [_stack_option(guide, result, ranked.stack) for ranked in result.ranking]
    stack = known_stack(guide, ask.one("Which stack?", options, result.recommended))
    while not stack.ready:
        near = nearest(guide, stack)
        say.warn(f"{stack.title} has no template yet; the nearest that has one is {near.title}.")
        stack = known_stack(guide, ask.one("Which stack, then?", options, near.id))
    return replace(wish, stack=stack.id)


def _stack_option(guide: Guide, result: Recommendation, name: str) -> Option:
    stack = guide.stack(name)
    marks = ["recommended"] if name == result.recommended else []
    marks += [] if stack.ready else ["no template yet"]
    return Option(
        name, f"{stack.title} ({', '.join(marks)})" if marks else stack.title, stack.summary
    )


def ask_project(guide: Guide, wish: Wish) -> Wish:
    """Ask for the folder, the features and whether to install, where flags have not said."""
    if wish.directory is None:
        wish = replace(wish, directory=_ask_folder("my-shop"))
    if wish.services is None:
        wish = replace(wish, services=_ask_services(guide, wish))
    if wish.features is None:
        wish = replace(wish, features=_ask_features(guide, wish))
    if wish.install is None:
        question = "Install the dependencies now? (needs the network)"
        wish = replace(wish, install=ask.yes(question, default=True))
    return wish


def _ask_folder(default: str) -> str:
    return ask.text("Name of the project (a new folder here):", default, _fault).strip()


def _fault(typed: str) -> str:
    """Return what is wrong with a folder's name, as the prompt shows it while the user types."""
    try:
        check_name(typed.strip())
    except ScaffoldError as error:
        return error.hint  # one line of a terminal has room for what would do, not for both
    try:
        check_target(Path(typed.strip()).absolute())
    except ScaffoldError as error:
        return error.message
    return ""


def _ask_features(guide: Guide, wish: Wish) -> tuple[str, ...]:
    stack, answers = known_stack(guide, wish.stack or ""), parse_answers(guide, wish)
    main = services(guide, answers, stack.id)[0]
    beside = chosen_services(guide, answers, main, wish.services)
    offered = [
        feature
        for feature in guide.features
        if stack.id in feature.stacks and not partner_lacking(guide, feature.id, beside)
    ]
    if not offered:
        return ("none",)
    called_for = (
        chosen_features(guide, stack, answers, wish.features) if wish.features else main.features
    )
    chosen = ask.many("Which features?", _options(offered), called_for)
    return tuple(chosen) or ("none",)


def _ask_services(guide: Guide, wish: Wish) -> tuple[str, ...] | None:
    """Ask which of the services that the answers add are to be made; None when they add none."""
    proposed = services(guide, parse_answers(guide, wish), wish.stack or "")[1:]
    if not proposed:
        return None
    options = [
        Option(as_word(service), f"{service.name} ({guide.stack(service.stack).title})")
        for service in proposed
    ]
    chosen = ask.many("Which services beside it?", options, [option.value for option in options])
    return tuple(chosen) or ("none",)


def _review(plan: Plan) -> str:
    show.review(plan.guide, plan.project)
    say.out()
    options = [
        Option("make", "Make it"),
        Option("requirements", "Change the requirements"),
        Option("stack", "Change the stack"),
        Option("project", "Change the name, the features or the installing"),
        Option("stop", "Stop; nothing has been written"),
    ]
    choice = ask.one("All right?", options, "make")
    if choice == "stop":
        raise KeyboardInterrupt
    return choice


def _requirements_again(guide: Guide, wish: Wish) -> Wish:
    return _stack_again(guide, ask_requirements(guide, wish))


def _stack_again(guide: Guide, wish: Wish) -> Wish:
    """Ask for the features too: the earlier choice may be none of the new stack's."""
    return ask_project(guide, replace(ask_stack(guide, wish), features=None, services=None))


def _project_again(guide: Guide, wish: Wish) -> Wish:
    name = _ask_folder(wish.directory or "")
    wish = replace(wish, directory=name, install=None)
    wish = replace(wish, services=_ask_services(guide, wish))
    wish = replace(wish, features=_ask_features(guide, wish))
    return ask_project(guide, wish)


_AGAIN = {
    "requirements": _requirements_again,
    "stack": _stack_again,
    "project": _project_again,
}


def _ask_or_skip(question: str, options: Sequence[Answer], before: str | None) -> str | None:
    listed = [*_options(options), Option(SKIP, "I cannot say", "It does not count then.")]
    answer = ask.one(question, listed, before or SKIP)
    return None if answer == SKIP else answer


def _subset(question: str, picked: Sequence[Need], before: list[str]) -> list[str]:
    return ask.many(question, _options(picked), before) if picked else []


def _options(things: Sequence[Answer | Feature | Need]) -> list[Option]:
    return [Option(thing.id, thing.title, thing.help) for thing in things]


def _named(needs: tuple[str, ...], importance: str | None = None) -> list[str]:
    pairs = [need.partition("=") for need in needs]
    return [name for name, _, how in pairs if importance is None or how == importance]
