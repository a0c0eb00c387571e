"""How the record says things."""

from collections.abc import Iterable

from scaffold.guide import Guide
from scaffold.recommend import Against, Change, Ranked, Reason, Recommendation


def pros_and_cons(ranked: Ranked) -> Iterable[str]:
    """Every reason for the stack with its points, then everything against it."""
    for reason in ranked.reasons:
        told = f"{points(reason.points)} points", *evidence(reason.sources, reason.link)
        yield f"Good, because: {reason.because} ({', '.join(told)})"
    for against in (*ranked.screened, *ranked.against):
        told = evidence(against.sources, against.link)
        yield f"Bad, because: {against.because} ({', '.join(told)})"


def evidence(sources: tuple[str, ...], link: str) -> tuple[str, ...]:
    """The statements cited, by their ids; a link in place of our own."""
    return tuple(f"[evidence]({link})" if link else source for source in sources)


def cited(guide: Guide, result: Recommendation) -> Iterable[str]:
    """The statements behind any of the reasons, in full."""
    ids: set[str] = set()
    for ranked in result.ranking:
        entries: tuple[Reason | Against, ...] = (*ranked.reasons, *ranked.against, *ranked.screened)
        ids.update(source for entry in entries for source in entry.sources)
    for statement in guide.statements:
        if statement.id in ids:
            yield f"{statement.id}: {statement.text}"


def change(step: Change) -> str:
    """A change of one answer, as something that happened."""
    return f"`{step.subject or step.question}` went from {step.before} to {step.after}"


def points(hundredths: int) -> str:
    """Hundredths as a decimal fraction."""
    return f"{hundredths / 100:.2f}"


def bullets(lines: Iterable[str]) -> str:
    """A Markdown list."""
    return "\n".join(f"* {line}" for line in lines)
