"""The record, section by section."""

from collections.abc import Iterable, Sequence

from scaffold.decision.words import bullets, change, cited, evidence, points, pros_and_cons
from scaffold.guide import Guide
from scaffold.recommend import Answers, Ranked, Recommendation, Service, effects, why_not

CONFIDENCE = {"clear": "a clear lead", "close": "a close call", "toss-up": "a toss-up"}


def decision_record(
    guide: Guide,
    answers: Answers,
    recommendation: Recommendation,
    services: Sequence[Service],
    *,
    project_name: str,
    date: str,
    version: str,
    command: str,
) -> str:
    """The record as Markdown: what was asked, weighed and chosen, and what would change it.

    The first of `services` need not be on the recommended stack; the record says so then. `date` is
    in ISO 8601, `version` the templates', `command` the one that generates the project again.
    """
    chosen_stack = services[0].stack
    chosen = next(ranked for ranked in recommendation.ranking if ranked.stack == chosen_stack)
    sections = [
        f"---\nstatus: accepted\ndate: {date}\n---",
        f"# Build {project_name} on {guide.stack(chosen_stack).title} with PostgreSQL",
        *_question(guide, answers, recommendation, project_name),
        "## Decision Outcome",
        _outcome(guide, answers, recommendation, chosen),
        *_parts(guide, services),
        *_effects(guide, answers, services),
        "### Consequences",
        bullets(pros_and_cons(chosen)),
        *_holds(guide, answers, recommendation, chosen_stack),
        "## Pros and Cons of the Other Options",
        *_others(guide, recommendation, chosen),
        "## More Information",
        _origin(version, command),
        bullets(cited(guide, recommendation)),
    ]
    return "\n\n".join(sections) + "\n"


def _question(
    guide: Guide, answers: Answers, result: Recommendation, project_name: str
) -> Iterable[str]:
    asked = f"{project_name} needs a back end. Which stack should it be built on?"
    unsaid = "" if answers.said() else " No requirements were stated when it was generated."
    yield "## Context and Problem Statement"
    yield asked + unsaid
    yield "## Decision Drivers"
    yield bullets(_drivers(guide, answers))
    yield "## Considered Options"
    yield bullets(_option(guide, ranked) for ranked in result.ranking)


def _drivers(guide: Guide, answers: Answers) -> Iterable[str]:
    said = answers.said()
    if not said:
        yield "None was stated: only the reasons that always hold were weighed."
    for condition, importance in said.items():
        about = guide.option(condition).help
        yield f"{condition.question} `{condition.value}` ({importance}): {about}"


def _option(guide: Guide, ranked: Ranked) -> str:
    out = f", ruled out: {ranked.screened_out}" if ranked.screened_out else ""
    return f"{guide.stack(ranked.stack).title}: {points(ranked.score)}{out}"


def _outcome(guide: Guide, answers: Answers, result: Recommendation, chosen: Ranked) -> str:
    option = f'Chosen option: "{guide.stack(chosen.stack).title}", because'
    if chosen.stack != result.recommended:
        return f"{option} it was asked for by name. {_instead_of(guide, answers, result, chosen)}"
    if result.runner_up is None:
        return f"{option} it is the only one of the recommended stacks that the musts leave."
    lead = f"{points(result.margin)} ahead of {guide.stack(result.runner_up).title}"
    return f"{option} it scores highest, {lead}: {CONFIDENCE[result.confidence]}."


def _instead_of(guide: Guide, answers: Answers, result: Recommendation, chosen: Ranked) -> str:
    given = "these requirements" if answers.said() else "a project of which nothing is stated"
    best = guide.stack(result.recommended).title
    scores = f"{points(result.ranking[0].score)} to {points(chosen.score)}"
    advice = f'For {given}, "{best}" is recommended ({scores}).'
    return f"{advice} Against the choice: {chosen.screened_out}" if chosen.screened else advice


def _parts(guide: Guide, services: Sequence[Service]) -> Iterable[str]:
    titles = {feature.id: feature.title for feature in guide.features}
    main, *beside = services
    built_in = [f"Feature `{feature}`: {titles[feature]}." for feature in main.features]
    if beside or built_in:
        yield bullets([*(_service(guide, service) for service in beside), *built_in])


def _service(guide: Guide, service: Service) -> str:
    """A service beside the main one, with the guide's reason if it has one."""
    features = " and ".join(f"`{feature}`" for feature in service.features)
    made = f"on {guide.stack(service.stack).title}" + (f" with {features}" if features else "")
    return f"A further service, `{service.name}`, {made}: {_reason(guide, service)}"


def _reason(guide: Guide, service: Service) -> str:
    for known in guide.services:
        if (known.name, known.stack) == (service.name, service.stack):
            return f"{known.because} ({', '.join(evidence(known.sources, known.link))})"
    return "it was asked for by name."


def _effects(guide: Guide, answers: Answers, services: Sequence[Service]) -> Iterable[str]:
    changed = effects(guide, answers, services)
    if changed:
        yield "### What the Requirements Brought"
        yield bullets(f"`{need}`: {effect}" for need, effect in changed)


def _holds(guide: Guide, answers: Answers, result: Recommendation, chosen: str) -> Iterable[str]:
    command = " ".join(["scaffold recommend", *answers.flags()])
    yield "### Confirmation"
    yield (
        "The tests that CI runs prove that the stack works as generated. "
        f"Whether the choice still holds is shown by `{command}`, which weighs the same "
        "requirements by the newest rules."
    )
    yield "### What Would Change It"
    yield from _changes(guide, answers, result, chosen)


def _changes(guide: Guide, answers: Answers, result: Recommendation, chosen: str) -> Iterable[str]:
    best, mine = guide.stack(result.recommended).title, guide.stack(chosen).title
    if chosen != result.recommended:
        step = why_not(guide, answers, chosen).change
        no = f"No change of a single answer would make {mine} the recommended stack."
        yield f"{mine} would be recommended if {change(step)}." if step else no
    if result.flips:
        yield f"Each of these changes of one answer would end the lead of {best}:"
        yield bullets(f"{change(f.change)}: {guide.stack(f.winner).title}" for f in result.flips)
    else:
        yield f"No change of a single answer would end the lead of {best}."


def _others(guide: Guide, result: Recommendation, chosen: Ranked) -> Iterable[str]:
    for ranked in result.ranking:
        if ranked.stack != chosen.stack:
            yield f"### {guide.stack(ranked.stack).title}"
            yield bullets(pros_and_cons(ranked))


def _origin(version: str, command: str) -> str:
    return (
        f"Generated from the templates {version} by:\n\n```sh\n{command}\n```\n\n"
        "A requirement that is nice, important or a must counts once, twice or three times; "
        "an important one that is met in full earns 0.20. The statements cited:"
    )
