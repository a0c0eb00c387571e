"""Stacks by the name that a user gave."""

from __future__ import annotations

from scaffold.errors import ScaffoldError
from scaffold.guide import Guide, Stack
from scaffold.recommend.answers import unknown


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
