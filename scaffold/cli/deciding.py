"""From a wish to a plan: which stack, which features, under which name. Writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scaffold.cli.parts import (
    check_names,
    check_partners,
    chosen_features,
    chosen_runtime,
    chosen_services,
)
from scaffold.cli.stacks import check_ready, known_stack
from scaffold.errors import UsageProblem
from scaffold.guide import Guide, Stack, load_guide
from scaffold.naming import check_description, check_name
from scaffold.project import Project, told
from scaffold.recommend import Answers, Recommendation, Service, joined, recommend, services
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
        """The main service's stack, which the user may have forced."""
        return self.guide.stack(self.project.main.stack)


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
    main = Service(
        guide.main_service,
        stack.id,
        stack.language,
        chosen_features(guide, stack, answers, wish.features),
    )
    beside = chosen_services(guide, answers, main, wish.services)
    main = main if wish.features else joined(guide, main, beside)
    check_names(name, [main, *beside])
    check_partners(guide, [main, *beside])
    alone = ("--service", "none") if services(guide, answers, stack.id)[1:] and not beside else ()
    project = Project(
        directory=directory,
        name=name,
        main=main,
        beside=beside,
        told=told(answers.flags()),
        flags=(*answers.flags(), *alone),
        runtime=chosen_runtime(guide, [main, *beside], wish.ml_runtime),
        install=bool(wish.install),
        git=wish.git,
        source=wish.source,
        ref=wish.ref,
        description=check_description(wish.description) if wish.description is not None else None,
    )
    return Plan(guide, answers, recommendation, project)
