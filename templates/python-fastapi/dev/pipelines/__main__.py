"""Run `python -m app.pipelines` with the database of development.

In the same process, so that Ctrl-C reaches the run itself, which then ends with its chunk.
"""

import sys

from app.pipelines.__main__ import main
from dev.run import database

if __name__ == "__main__":
    with database():
        sys.exit(main())
