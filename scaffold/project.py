"""What is to be made: its parts with their Copier data, the command that makes it again. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from scaffold.recommend import Service
from scaffold.services import WORKSPACE, answers, as_word, entries, inside


class Part(NamedTuple):
    """One rendering of the templates: a folder below the root, "" for the root, and its answers."""

    folder: str
    answers: Mapping[str, object]


def told(flags: Sequence[str]) -> dict[str, str]:
    """Return requirement flags as the mapping that the answers file keeps.

    `["--need", "saas=must", "--team", "both"]` is `{"saas": "must", "team": "both"}`.
    """
    kept = {}
    for flag, word in zip(flags[::2], flags[1::2], strict=True):
        name, _, importance = word.partition("=")
        if flag == "--need":
            kept[name] = importance or "important"
        else:
            kept[flag.removeprefix("--")] = word
    return kept


@dataclass(frozen=True)
class Project:
    """One repository to make.

    `directory` is what the user typed, `told` what the recommender was told (kept in the answers
    file so that a later run can explain itself), `flags` the same as command-line words. One
    service lies at the root; with others beside it, each lies in a folder of its own name.
    """

    directory: str
    name: str
    main: Service
    beside: tuple[Service, ...] = ()
    told: Mapping[str, str] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    runtime: Mapping[str, str] = field(default_factory=dict)
    install: bool = False
    git: bool = True
    source: str | None = None
    ref: str | None = None
    description: str | None = None

    @property
    def services(self) -> tuple[Service, ...]:
        """All of its services, the main one first."""
        return (self.main, *self.beside)

    @property
    def folders(self) -> dict[str, Service]:
        """Its services by the folder each lies in, "" for the root."""
        return {service.name if self.beside else "": service for service in self.services}

    def parts(self) -> tuple[Part, ...]:
        """Return what to render, the root first."""
        said = {"description": self.description} if self.description else {}
        told = {"needs": dict(self.told), **said}
        if not self.beside:
            return (Part("", {**answers(self.name, self.main, self.runtime), **told}),)
        root = {
            "stack": WORKSPACE,
            "project_name": self.name,
            "features": [],
            "services": entries(self.services, self.runtime),
            **told,
        }
        return (
            Part("", root),
            *(Part(it.name, inside(self.name, it, self.runtime)) for it in self.services),
        )

    def command(self) -> str:
        """Return the command that makes the same project without a question."""
        words = ["scaffold", "new", self.directory, "--stack", self.main.stack, *self.flags]
        for feature in self.main.features or ("none",):
            words += ["--feature", feature]
        for service in self.beside:
            words += ["--service", as_word(service)]
        for feature, chosen in self.runtime.items():
            words += [f"--{feature}-runtime", chosen]
        words += ["--description", self.description] if self.description else []
        words += ["--source", self.source] if self.source else []
        words += ["--ref", self.ref] if self.ref else []
        words += ["--install"] if self.install else []
        words += [] if self.git else ["--no-git"]
        return shlex.join([*words, "--yes"])
