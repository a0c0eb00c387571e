"""The record, section by section."""

from collections.abc import Iterable

from scaffold.decision.words import bullets, change, cited, evidence, points, pros_and_cons
from scaffold.guide import Guide
from scaffold.recommend import Answers, Ranked, Recommendation, companions, why_not

CONFIDENCE = {"clear": "a clear lead", "close": "a close call", "toss-up": "a toss-up"}


def decision_record(  # noqa: PLR0913  what is told about the project has names
    guide: Guide,
    answers: Answers,
    recommendation: Recommendation,
    chosen_stack: str,
    *,
    project_name: str,
    date: str,
    features: Iterable[str],
    version: str,
    command: str,
) -> str:
    """The record as Markdown: what was asked, weighed and chosen, and what would change it.

    `chosen_stack` need not be the recommended one; the record says so then. `date` is in ISO 8601,
    `version` the templates', `command` the one that generates the project again.
    """
    chosen = next(ranked for ranked in recommendation.ranking if ranked.stack == chosen_stack)
    sections = [
        f"---\nstatus: accepted\ndate: {date}\n---",
        f"# Build {project_name} on {guide.stack(chosen_stack).title} with PostgreSQL",
        *_question(guide, answers, recommendation, project_name),
        "## Decision Outcome",
        _outcome(guide, answers, recommendation, chosen),
        *_parts(guide, answers, chosen_stack, features),
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


def _parts(guide: Guide, answers: Answers, stack: str, features: Iterable[str]) -> Iterable[str]:
    beside = [
        f"A second service, `{companion.name}`, on {guide.stack(companion.stack).title}: "
        f"{companion.because} ({', '.join(evidence(companion.sources, companion.link))})"
        for companion in companions(guide, answers, stack)
    ]
    titles = {feature.id: feature.title for feature in guide.features}
    built_in = [f"Feature `{feature}`: {titles[feature]}." for feature in features]
    if beside or built_in:
        yield bullets([*beside, *built_in])


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
