"""What the guide is made of.

Named tuples and not dataclasses: as immutable, and six times as cheap to define, which shows in a
command that takes less than a tenth of a second.
"""

from typing import NamedTuple

IMPORTANCES = ("nice", "important", "must")
"""How much an answer matters, least first. `important` when nothing is said."""


class Statement(NamedTuple):
    """A sentence of the published buyer's guide that this one encodes; rules cite its `id`."""

    id: str
    text: str


class Need(NamedTuple):
    """Something the back end may have to do; `title` asks for it, under the heading `group`.

    `brings` says what it changes where it switches on no feature and adds no service.
    """

    id: str
    title: str
    help: str
    group: str
    features: tuple[str, ...]
    brings: str


class Option(NamedTuple):
    """One answer to a question that takes a single one: a team, a workload, a language."""

    id: str
    title: str
    help: str


class Stack(NamedTuple):
    """A stack. One that cannot win is only offered beside the winner, or taken by name.

    One that is not `ready` has no template yet; `nearest` are the most similar ones, best first.
    """

    id: str
    title: str
    language: str
    summary: str
    can_win: bool
    ready: bool
    nearest: tuple[str, ...]


class Condition(NamedTuple):
    """One answer: the `question` (`need`, `team`, `workload`, `language`) got this `value`."""

    question: str
    value: str


class Rule(NamedTuple):
    """A reason for the stacks in `favours`; without a condition it always holds.

    `weight` runs from 1 to 15, and 10 is a requirement met in full.
    """

    id: str
    when: Condition | None
    favours: tuple[str, ...]
    weight: int
    because: str
    sources: tuple[str, ...]
    link: str


class Caveat(NamedTuple):
    """A reason against some stacks. It costs no points: what a stack lacks earns it none."""

    id: str
    when: Condition | None
    against: tuple[str, ...]
    because: str
    sources: tuple[str, ...]
    link: str


class Screen(NamedTuple):
    """What a must does before anything is scored: only the stacks in `leaves` stay.

    `everywhere` says that it binds the companion services too, and not the main one alone.
    """

    id: str
    when: Condition
    leaves: tuple[str, ...]
    everywhere: bool
    because: str
    sources: tuple[str, ...]
    link: str


class Alternative(NamedTuple):
    """A stack worth a look when one of `beside` wins, unless a need in `not_for` was named."""

    id: str
    stack: str
    beside: tuple[str, ...]
    not_for: tuple[str, ...]
    because: str
    sources: tuple[str, ...]
    link: str


class Companion(NamedTuple):
    """A further service that an answer adds beside a main service built on one of `beside`.

    `features` are its own, `main_features` those that the main service gets to work with it.
    """

    id: str
    name: str
    stack: str
    when: Condition
    beside: tuple[str, ...]
    features: tuple[str, ...]
    main_features: tuple[str, ...]
    because: str
    sources: tuple[str, ...]
    link: str


class Feature(NamedTuple):
    """A ready-made part of a generated service: which stacks have it, which needs switch it on.

    `requires` are features that it does not work without; `runtimes`, where there are several, what
    it can be built on, the usual one first.
    """

    id: str
    title: str
    help: str
    stacks: tuple[str, ...]
    needs: tuple[str, ...]
    requires: tuple[str, ...]
    runtimes: tuple[str, ...]


class Guide(NamedTuple):
    """Everything known, in order: of asking, and of stacks, where a tie goes to the earlier one."""

    statements: tuple[Statement, ...]
    main_service: str
    close_from: int
    clear_from: int
    needs: tuple[Need, ...]
    teams: tuple[Option, ...]
    workloads: tuple[Option, ...]
    languages: tuple[Option, ...]
    stacks: tuple[Stack, ...]
    features: tuple[Feature, ...]
    rules: tuple[Rule, ...]
    caveats: tuple[Caveat, ...]
    screens: tuple[Screen, ...]
    alternatives: tuple[Alternative, ...]
    services: tuple[Companion, ...]

    def stack(self, stack_id: str) -> Stack:
        """The stack of that id; a KeyError when there is none."""
        return {stack.id: stack for stack in self.stacks}[stack_id]

    def choices(self, question: str) -> tuple[str, ...]:
        """The answers that a question can take, in the guide's order."""
        return tuple(option.id for option in self._options(question))

    def option(self, answer: Condition) -> Need | Option:
        """What an answer means; a KeyError when there is no such answer."""
        return {option.id: option for option in self._options(answer.question)}[answer.value]

    def _options(self, question: str) -> tuple[Need | Option, ...]:
        questions: dict[str, tuple[Need | Option, ...]] = {
            "need": self.needs,
            "team": self.teams,
            "workload": self.workloads,
            "language": self.languages,
        }
        return questions[question]
