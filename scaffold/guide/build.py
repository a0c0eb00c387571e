"""How each kind of entry of `guide.toml` becomes its tuple."""

from typing import NamedTuple

from scaffold.guide.entry import Entry
from scaffold.guide.model import (
    Alternative,
    Caveat,
    Companion,
    Condition,
    Feature,
    Need,
    Option,
    Rule,
    Screen,
    Stack,
    Statement,
)

Ids = dict[str, tuple[str, ...]]
HOUSE = "house"
WEIGHS = "Weighs in the choice of a stack; nothing is built in for it."
MAX_WEIGHT = 15


class Known(NamedTuple):
    """The names an entry may use, each with the ids it stands for: a language for its stacks."""

    statements: Ids
    stacks: Ids
    answers: dict[str, Ids]
    features: Ids


def statement(entry: Entry, _known: Known) -> Statement:
    """A `[[statement]]`."""
    return Statement(entry.text("id"), entry.text("text"))


def need(entry: Entry, _known: Known) -> Need:
    """A `[[need]]`; its features are filled in when those are read."""
    name, title, about = entry.text("id"), entry.text("title"), entry.text("help")
    return Need(name, title, about, entry.text("group"), (), entry.take("brings", str, WEIGHS))


def option(entry: Entry, _known: Known) -> Option:
    """A `[[team]]`, `[[workload]]` or `[[language]]`."""
    return Option(entry.text("id"), entry.text("title"), entry.text("help"))


def stack(entry: Entry, known: Known) -> Stack:
    """A `[[stack]]`; `nearest` is checked when all are known."""
    language = entry.text("language")
    if language not in known.answers["language"]:
        raise entry.problem(f"is in {language!r}, which is no language of the guide")
    nearest = tuple(map(str, entry.take("nearest", list)))
    can_win, ready = entry.take("can_win", bool, False), entry.take("ready", bool, False)
    title, summary = entry.text("title"), entry.text("summary")
    return Stack(entry.text("id"), title, language, summary, can_win, ready, nearest)


def feature(entry: Entry, known: Known) -> Feature:
    """A `[[feature]]`; one that requires others stands after them."""
    name, title, about = entry.text("id"), entry.text("title"), entry.text("help")
    stacks, needs = (
        entry.names("stacks", known.stacks),
        _some(entry, "needs", known.answers["need"]),
    )
    requires = _some(entry, "requires", known.features)
    known.features[name] = (name,)
    runtimes = tuple(map(str, entry.take("runtimes", list, [])))
    return Feature(name, title, about, stacks, needs, requires, runtimes)


def rule(entry: Entry, known: Known) -> Rule:
    """A `[[rule]]`."""
    weight = entry.take("weight", int)
    if not 1 <= weight <= MAX_WEIGHT:
        raise entry.problem(f"has a weight that is not between 1 and {MAX_WEIGHT}")
    favours = entry.names("favours", known.stacks)
    return Rule(entry.text("id"), _when(entry, known), favours, weight, *_evidence(entry, known))


def caveat(entry: Entry, known: Known) -> Caveat:
    """A `[[caveat]]`."""
    against = entry.names("against", known.stacks)
    return Caveat(entry.text("id"), _when(entry, known), against, *_evidence(entry, known))


def screen(entry: Entry, known: Known) -> Screen:
    """A `[[screen]]`."""
    when, leaves = _condition(entry, known), entry.names("leaves", known.stacks)
    everywhere = entry.take("everywhere", bool, False)
    return Screen(entry.text("id"), when, leaves, everywhere, *_evidence(entry, known))


def alternative(entry: Entry, known: Known) -> Alternative:
    """An `[[alternative]]`."""
    beside = entry.names("beside", known.stacks)
    not_for = _some(entry, "not_for", known.answers["need"])
    return Alternative(
        entry.text("id"), _one_stack(entry, known), beside, not_for, *_evidence(entry, known)
    )


def service(entry: Entry, known: Known) -> Companion:
    """A `[[service]]`."""
    when, beside = _condition(entry, known), entry.names("beside", known.stacks)
    own, mains = (_some(entry, it, known.features) for it in ("features", "main_features"))
    name, stack_id = entry.text("name"), _one_stack(entry, known)
    told = _evidence(entry, known)
    return Companion(entry.text("id"), name, stack_id, when, beside, own, mains, *told)


def _some(entry: Entry, field: str, known: Ids) -> tuple[str, ...]:
    """The ids in a list that may be missing."""
    return entry.names(field, known) if entry.has(field) else ()


def _one_stack(entry: Entry, known: Known) -> str:
    stack_id = entry.text("stack")
    if known.stacks.get(stack_id) != (stack_id,):
        raise entry.problem(f"names the stack {stack_id!r}, which is unknown")
    return stack_id


def _when(entry: Entry, known: Known) -> Condition | None:
    when = entry.take("when", dict)
    if not when:
        return None
    if len(when) > 1:
        raise entry.problem("looks at more than one answer; write one entry for each")
    question, value = next(iter(when.items()))
    if value not in known.answers.get(question, {}):
        raise entry.problem(f"waits for {question} = {value!r}, which nobody can answer")
    return Condition(question, value)


def _condition(entry: Entry, known: Known) -> Condition:
    condition = _when(entry, known)
    if condition is None:
        raise entry.problem("waits for no answer")
    return condition


def _evidence(entry: Entry, known: Known) -> tuple[str, tuple[str, ...], str]:
    because, link = entry.text("because"), entry.take("link", str, "")
    sources = entry.names("source", {**known.statements, HOUSE: (HOUSE,)})
    if HOUSE in sources and not link.startswith("https://"):
        raise entry.problem("is a house rule without an https link to its evidence")
    return because, sources, link
