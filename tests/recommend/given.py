"""Answers to test with: a short way to write them, and strategies that make them."""

from __future__ import annotations

from hypothesis import strategies as st

from scaffold.guide import IMPORTANCES, load_guide
from scaffold.recommend import Answers

GUIDE = load_guide()
NEEDS = GUIDE.choices("need")
TEAMS = GUIDE.choices("team")
WORKLOADS = GUIDE.choices("workload")
LANGUAGES = GUIDE.choices("language")
STACKS = tuple(stack.id for stack in GUIDE.stacks)


def say(text: str = "") -> Answers:
    """Answers from words: needs as they are, `team:python=must`, `workload:io`, `language:node`."""
    words = [word.partition(":") for word in text.split()]
    named = {question: value for question, colon, value in words if colon}
    return Answers.parse(GUIDE, [need for need, colon, _ in words if not colon], **named)


def _answers(
    importances: tuple[str, ...], languages: tuple[str, ...]
) -> st.SearchStrategy[Answers]:
    leveled = st.sampled_from(importances)
    return st.builds(
        lambda needs, team, workload, language: Answers.parse(
            GUIDE,
            [f"{need}={importance}" for need, importance in needs.items()],
            "=".join(team) if team else None,
            workload,
            language,
        ),
        st.dictionaries(st.sampled_from(NEEDS), leveled, max_size=6),
        st.none() | st.tuples(st.sampled_from(TEAMS), leveled),
        st.none() | st.sampled_from(WORKLOADS),
        st.sampled_from((None, *languages)),
    )


ANY = _answers(IMPORTANCES, LANGUAGES)
"""All there can be, contradictions too."""

EASY = _answers(("nice", "important"), ())
"""No musts and no language, so that nothing is screened out."""
