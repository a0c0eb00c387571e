"""Look at the dead letters and retry them: `python -m app.jobs failed|retry`."""

import argparse
import json
import sys

from app.config import ConfigError, Settings, load
from app.jobs.dead import dead_letters, retry


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="jobs", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    failed = commands.add_parser("failed", help="list the jobs that have failed for good")
    failed.add_argument("--limit", type=int, default=50, help="how many at most (default: 50)")
    again = commands.add_parser("retry", help="have some tried again")
    again.add_argument("ids", metavar="ID", type=int, nargs="+", help="as `failed` shows it")
    return parser.parse_args()


def main() -> None:
    """Do what the command line says."""
    arguments = _parse()
    try:
        url = load(Settings).url
    except ConfigError as error:
        sys.exit(str(error))
    if arguments.command == "failed":
        for letter in dead_letters(url, arguments.limit):
            sys.stdout.write(
                f"{letter.id}  {letter.at:%Y-%m-%d %H:%M:%S}  {letter.task}  "
                f"{json.dumps(letter.args)}  attempts: {letter.attempts}\n    {letter.error}\n"
            )
        return
    outcomes = {job_id: retry(url, job_id) for job_id in arguments.ids}
    for job_id, outcome in outcomes.items():
        sys.stdout.write(f"{job_id}  {outcome}\n")
    if any(outcome.startswith("not") for outcome in outcomes.values()):
        sys.exit(1)


if __name__ == "__main__":
    main()
