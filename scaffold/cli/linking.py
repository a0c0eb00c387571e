"""Link a project to its templates, or only say whether that would do."""

from __future__ import annotations

import shlex
from pathlib import Path

from scaffold import link as links
from scaffold import tools
from scaffold.cli import print_json
from scaffold.cli.parts import chosen_features
from scaffold.cli.stacks import known_stack
from scaffold.guide import load_guide
from scaffold.recommend import Answers
from scaffold.terminal import say, show
from scaffold.update.recorded import ANSWERS_FILE


def wish(
    stack: str, version: str, source: str | None, features: tuple[str, ...] | None
) -> links.Wish:
    """Return what the flags say, checked as `new` checks them.

    Raises:
        UsageProblem: an unknown stack, or a feature that it does not have.
    """
    guide = load_guide()
    chosen = known_stack(guide, stack)
    if features:
        features = chosen_features(guide, chosen, Answers(), features)
    return links.Wish(
        stack,
        version,
        source,
        features,
        offered=tuple(feature.id for feature in guide.features if stack in feature.stacks),
        stacks=tuple(known.id for known in guide.stacks),
        manifest=tools.LANGUAGES[chosen.language].manifest,
    )


def link(project: Path, wish: links.Wish, dry: bool, as_json: bool) -> None:
    """Compare, record unless `dry`, and say what was found."""
    step = (lambda _text: None) if as_json else say.step
    match = links.find(project, wish, step)
    if not dry:
        match.record()
    if as_json:
        print_json(_report(match, dry))
    else:
        show.link(match, _next(match, dry), dry=dry)


def _next(match: links.Match, dry: bool) -> list[str]:
    """Return the commands from here to the first update."""
    place = [] if match.project == Path.cwd() else [f"cd {shlex.quote(str(match.project))}"]
    if dry:
        return []
    return [
        *place,
        f'git add {ANSWERS_FILE} && git commit -m "Follow the templates"',
        "scaffold update --dry-run",
    ]


def _report(match: links.Match, dry: bool) -> dict[str, object]:
    stack, version, features = match.origin
    better = match.better
    return {
        "schema": 1,
        "path": str(match.project),
        "dry_run": dry,
        "project_name": match.name,
        "stack": stack,
        "version": version,
        "source": match.source,
        "features": list(features),
        "share": round(match.likeness.share, 4),
        "lines": {"found": match.likeness.found, "all": match.likeness.lines},
        "files": match.likeness.counts(),
        "changes": [vars(file) for file in match.likeness.files if file.kind != "identical"],
        "better": {"version": better.origin.version, "share": round(better.share, 4)}
        if better
        else None,
        "next": _next(match, dry),
    }
