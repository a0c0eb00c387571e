"""Print the API's description, as /openapi.json has it: `python -m app.ml.describe`."""

import json
import sys

from pydantic import SecretStr

from app.main import AppSettings, create_app


def main() -> None:
    """Make it from the code alone; the database is never asked."""
    nowhere = SecretStr("postgresql://nobody@localhost/nothing")
    document = create_app(AppSettings(database_url=nowhere)).openapi()
    sys.stdout.write(json.dumps(document, indent=2) + "\n")


if __name__ == "__main__":
    main()
