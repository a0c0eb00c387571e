"""Write docs/guide.md from scaffold/guide.toml: python scripts/guide_page.py."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from scaffold.guide import (
    Alternative,
    Caveat,
    Companion,
    Condition,
    Guide,
    Rule,
    Screen,
    load_guide,
)

PAGE = Path(__file__).parent.parent / "docs/guide.md"
INTRODUCTION = """\
Written from `scaffold/guide.toml` by `python scripts/guide_page.py`: change that, then run this.
How the weights were set and what is made of them: [recommender.md](recommender.md)."""
SCALE = """\
What each answer is worth to each stack. A requirement met in full is 10; nice counts it once,
important twice, a must three times, and a hundred make one point."""
QUESTIONS = {"need": "Needs", "team": "Teams", "workload": "Workloads", "language": "Languages"}


def page(guide: Guide) -> str:
    """The whole page, as Markdown."""
    parts = [
        "# The guide",
        INTRODUCTION,
        "## The stacks",
        *_stacks(guide),
        "## The weights at a glance",
        SCALE,
        *_weights(guide),
        "## The rules",
        *_rules(guide),
        "## Beside the recommended stack",
        _bullets(f"**{guide.stack(a.stack).title}**: {_told(a)}" for a in guide.alternatives),
        "A further service is added by an answer:",
        _bullets(f"`{s.when.value}` adds `{s.name}`: {_told(s)}" for s in guide.services),
        "## The statements it rests on",
        _bullets(f"{statement.id}: {statement.text}" for statement in guide.statements),
    ]
    return "\n\n".join(parts) + "\n"


def _stacks(guide: Guide) -> Iterator[str]:
    yield _table(
        ["stack", "what it is", "may win"],
        ([f"`{s.id}`", s.summary, "yes" if s.can_win else "no"] for s in guide.stacks),
    )


def _weights(guide: Guide) -> Iterator[str]:
    rows = [["(always)", *_row(guide, None)]]
    for question in ("need", "team", "workload"):
        for value in guide.choices(question):
            rows.append([f"{question} `{value}`", *_row(guide, Condition(question, value))])
    yield _table(["answer", *(stack.title for stack in guide.stacks)], rows)


def _row(guide: Guide, when: Condition | None) -> list[str]:
    rules = [rule for rule in guide.rules if rule.when == when]
    sums = [sum(r.weight for r in rules if stack.id in r.favours) for stack in guide.stacks]
    return [str(weight or "") for weight in sums]


def _rules(guide: Guide) -> Iterator[str]:
    yield "### Always"
    yield _bullets(_entries(guide, None))
    for question, heading in QUESTIONS.items():
        yield f"### {heading}"
        for value in guide.choices(question):
            option, when = guide.option(Condition(question, value)), Condition(question, value)
            title = option.title if option.title.endswith("?") else f"{option.title}."
            yield f"**`{value}`**: {title} {option.help}"
            yield _bullets(_entries(guide, when))


def _entries(guide: Guide, when: Condition | None) -> Iterator[str]:
    for rule in guide.rules:
        if rule.when == when:
            yield f"{rule.id}, {rule.weight} for {_titles(guide, rule.favours)}: {_told(rule)}"
    for caveat in guide.caveats:
        if caveat.when == when:
            yield f"{caveat.id}, against {_titles(guide, caveat.against)}: {_told(caveat)}"
    for screen in guide.screens:
        if screen.when == when:
            yield f"{screen.id}, as a must, leaves {_titles(guide, screen.leaves)}: {_told(screen)}"


def _titles(guide: Guide, stacks: Iterable[str]) -> str:
    return ", ".join(guide.stack(stack).title for stack in stacks)


def _told(entry: Rule | Caveat | Screen | Alternative | Companion) -> str:
    sources = [f"[house]({entry.link})" if entry.link else source for source in entry.sources]
    return f"{entry.because} ({', '.join(sources)})"


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"* {line}" for line in lines)


def _table(head: list[str], rows: Iterable[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


if __name__ == "__main__":
    PAGE.write_text(page(load_guide()), encoding="utf-8")
