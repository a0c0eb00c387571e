"""The one family of errors meant for people: what happened, then what to try."""


class ScaffoldError(Exception):
    """Something failed in a way the user can act on.

    `message` is one whole sentence; `hint` says what to do next and may be empty.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Interrupted(ScaffoldError):
    """The user stopped a command when its work was done."""

    exit_code = 130


class UsageProblem(ScaffoldError):
    """The command line, or an answers file, asks for something that does not exist."""

    exit_code = 2
