"""Read `guide.toml` into a `Guide`; a mistake in the data is an error that names the entry."""

import tomllib
from collections.abc import Callable
from functools import lru_cache
from os.path import dirname
from typing import TypeVar

from scaffold.guide import build
from scaffold.guide.build import Ids, Known
from scaffold.guide.entry import Entry, malformed
from scaffold.guide.model import Feature, Guide, Need, Option, Stack, Statement

Item = TypeVar("Item")


@lru_cache(maxsize=1)
def load_guide() -> Guide:
    """The guide that comes with the package, read once; a ScaffoldError when it is malformed."""
    path = f"{dirname(dirname(__file__))}/guide.toml"  # noqa: PTH120  pathlib costs 4 ms to import
    with open(path, encoding="utf-8") as file:  # noqa: PTH123
        return parse_guide(file.read())


def parse_guide(text: str) -> Guide:
    """The guide in a TOML text; a ScaffoldError that names the entry when it is malformed."""
    try:
        top = Entry("guide.toml", tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise malformed(f"{error}.") from error
    guide = _read(top)
    top.done()
    return guide


def _read(top: Entry) -> Guide:
    known = Known({}, {}, {}, {})
    statements = _all(top, "statement", build.statement, known)
    known.statements.update(_ids(statements))
    needs = _all(top, "need", build.need, known)
    options = {
        kind: _all(top, kind, build.option, known) for kind in ("team", "workload", "language")
    }
    known.answers.update(need=_ids(needs), **{kind: _ids(every) for kind, every in options.items()})
    stacks = _all(top, "stack", build.stack, known)
    known.stacks.update(_ids(stacks) | _families(stacks))
    features = _all(top, "feature", build.feature, known)
    return Guide(
        statements=statements,
        main_service=top.text("main_service"),
        close_from=top.take("close_from", int),
        clear_from=top.take("clear_from", int),
        needs=tuple(_with_features(need, features) for need in needs),
        teams=options["team"],
        workloads=options["workload"],
        languages=options["language"],
        stacks=_checked(top, stacks),
        features=features,
        rules=_all(top, "rule", build.rule, known),
        caveats=_all(top, "caveat", build.caveat, known),
        screens=_all(top, "screen", build.screen, known),
        alternatives=_all(top, "alternative", build.alternative, known),
        services=_all(top, "service", build.service, known),
    )


def _all(
    top: Entry, kind: str, read: Callable[[Entry, Known], Item], known: Known
) -> tuple[Item, ...]:
    items: dict[str, Item] = {}
    for fields in top.take(kind, list):
        entry = Entry(kind, fields)
        item = read(entry, known)
        entry.done()
        if fields["id"] in items:
            raise entry.problem("is there twice")
        items[fields["id"]] = item
    return tuple(items.values())


def _ids(
    items: tuple[Statement, ...] | tuple[Need, ...] | tuple[Option, ...] | tuple[Stack, ...],
) -> Ids:
    return {item.id: (item.id,) for item in items}


def _families(stacks: tuple[Stack, ...]) -> Ids:
    families: Ids = {}
    for stack in stacks:
        families[stack.language] = (*families.get(stack.language, ()), stack.id)
    return families


def _with_features(need: Need, features: tuple[Feature, ...]) -> Need:
    return need._replace(features=tuple(f.id for f in features if need.id in f.needs))


def _checked(top: Entry, stacks: tuple[Stack, ...]) -> tuple[Stack, ...]:
    ids = {stack.id for stack in stacks}
    for stack in stacks:
        if not set(stack.nearest) <= ids - {stack.id}:
            raise top.problem(f"has a stack {stack.id} whose nearest is unknown, or itself")
    if not any(stack.can_win for stack in stacks):
        raise top.problem("has no stack that can win")
    return stacks
