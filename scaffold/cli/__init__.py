"""The commands: read the options, call the pure core, then act; errors become words here."""

from __future__ import annotations

import gc
import io
import json
import os
import signal
import sys
from typing import NoReturn

import click

from scaffold import __version__
from scaffold.errors import Interrupted, ScaffoldError
from scaffold.terminal import say

EXIT_CODES = """\b
Exit codes:
  0    done
  1    failed; the message says why and what to try
  2    the command line or an answers file asks for something that does not exist
  3    an update left conflicts
  130  interrupted; nothing was written, unless the message says that all of it was
"""


# The signals that have asked this process to stop.
_STOPPED: list[int] = []

FAULT_HINT = "That is a fault of scaffold: please report it with what SCAFFOLD_DEBUG=1 prints."


class Failure(click.ClickException):
    """A failure told to the user as one sentence and a hint, with its documented exit code."""

    def __init__(self, message: str, hint: str, exit_code: int) -> None:
        super().__init__(message)
        self.hint = hint
        vars(self)["exit_code"] = exit_code  # a class variable to Click's types

    def show(self, file: object = None) -> None:  # noqa: ARG002 - Click's signature
        """Print to standard error."""
        say.error(self.message, self.hint)


class Cli(click.Group):
    """The one place where errors and interruptions become words and exit codes."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command that the user named."""
        try:
            return super().invoke(ctx)
        except ScaffoldError as error:
            if _STOPPED and not isinstance(error, Interrupted):  # it failed because it was stopped
                raise _interrupted() from error
            raise Failure(error.message, error.hint, error.exit_code) from error
        except (click.Abort, KeyboardInterrupt, EOFError) as stop:
            raise _interrupted() from stop
        except (click.ClickException, click.exceptions.Exit, BrokenPipeError):
            raise
        except Exception as error:
            if _STOPPED:  # an import wraps what a signal raises in it
                raise _interrupted() from error
            if os.environ.get("SCAFFOLD_DEBUG"):
                raise
            raise Failure(f"{type(error).__name__}: {error}", FAULT_HINT, 1) from error


def _interrupted() -> Failure:
    number = _STOPPED[0] if _STOPPED else signal.SIGINT
    return Failure("Interrupted; nothing was written.", "", 128 + number)


@click.group(cls=Cli, epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="scaffold")
def cli() -> None:
    """Choose a back-end stack for reasons, and get a repository that works.

    \b
    scaffold new                asks what your project must do, recommends, makes it
    scaffold new shop --need realtime --yes
    scaffold recommend --need saas --team python
    scaffold add ml             puts a service beside the one there is
    scaffold update --dry-run   brings a project up to the newest templates
    """


def _register() -> None:
    from scaffold.cli.add import add  # noqa: PLC0415
    from scaffold.cli.catalogue import needs, stacks  # noqa: PLC0415 - they need `cli` to exist
    from scaffold.cli.doctor import doctor  # noqa: PLC0415
    from scaffold.cli.link import link  # noqa: PLC0415
    from scaffold.cli.new import new  # noqa: PLC0415
    from scaffold.cli.recommend import recommend  # noqa: PLC0415
    from scaffold.cli.update import update  # noqa: PLC0415

    for command in (new, add, recommend, update, link, stacks, needs, doctor):
        cli.add_command(command)


_register()


def main() -> NoReturn:
    """Run the command line and end the process with the documented exit code."""
    sys.unraisablehook = _quietly
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _stop)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal of few letters is no failure
    gc.disable()  # a short process makes no garbage worth a tenth of its time
    cli(prog_name="scaffold")
    raise AssertionError("Click ends the process")


def _stop(number: int, _frame: object) -> NoReturn:
    """Leave as after Ctrl-C, so that whatever was begun is taken back."""
    _STOPPED.append(number)
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    raise SystemExit(128 + number)


def check_stopped() -> None:
    """Raise KeyboardInterrupt when a signal came and was lost on its way.

    Python drops what a signal's handler raises inside some callbacks, of an import for one.
    """
    if _STOPPED:
        raise KeyboardInterrupt


def _quietly(lost: sys.UnraisableHookArgs) -> None:
    """Say nothing of a signal that was lost; `check_stopped` finds it."""
    if not isinstance(lost.exc_value, KeyboardInterrupt | SystemExit):
        sys.__unraisablehook__(lost)


def print_json(data: object) -> None:
    """Print one JSON object on standard output, and nothing else."""
    text = json.dumps(data, indent=2, ensure_ascii=False)
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(data, indent=2)
    say.out(text)
