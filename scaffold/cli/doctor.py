"""`scaffold doctor`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from scaffold.cli.options import json_output

if TYPE_CHECKING:
    from scaffold.tools import Found


@click.command()
@json_output
def doctor(as_json: bool) -> None:
    """Look for git, Node.js, npm, uv and Python: found? new enough? what to do.

    Also puts the newest templates of this installation where `copier update` looks for them.
    Exits 1 when git, or everything that a language needs, is missing.
    """
    from scaffold import templates, tools  # noqa: PLC0415 - fast `--help`
    from scaffold.bundle import tag  # noqa: PLC0415
    from scaffold.cli import print_json  # noqa: PLC0415
    from scaffold.terminal import show  # noqa: PLC0415

    kept = tag(templates.install_bundle().newest)
    report = {"git": [tools.look_for(tools.GIT)]} | {
        name: [tools.look_for(need) for need in language.needs]
        for name, language in tools.LANGUAGES.items()
    }
    able = [name for name in tools.LANGUAGES if all(found.good for found in report[name])]
    fit = report["git"][0].good and bool(able)
    if as_json:
        programs = [_program(found) for group in report.values() for found in group]
        print_json({"schema": 1, "ok": fit, "able": able, "templates": kept, "programs": programs})
    else:
        show.doctor(report, able, f"{kept} in {templates.HOME_BUNDLE}")
    raise click.exceptions.Exit(0 if fit else 1)


def _program(found: Found) -> dict[str, object]:
    return {
        "program": found.need.program,
        "found": bool(found.version),
        "version": found.version or None,
        "at_least": ".".join(map(str, found.need.at_least)),
        "ok": found.good,
        "hint": None if found.good else found.need.hint,
    }
