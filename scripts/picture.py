"""Draw docs/picture.svg: a real run in a terminal, made by `make picture`."""

from __future__ import annotations

import io
import os
import pty
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parent.parent
WIDTH = 100
LINES_OF_ADVICE = 26
RUNS = (
    ("scaffold recommend --need realtime --need rest-api --team javascript", LINES_OF_ADVICE),
    ("scaffold new shop --need realtime --need rest-api --team javascript --yes", None),
)

# As rich draws it, but with the reader's own monospace font: the picture fetches nothing.
FORMAT = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" \
aria-label="A scaffold run in a terminal">
<style>.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, monospace; \
font-size: {char_height}px; line-height: {line_height}px; }} {styles}</style>
<defs><clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" \
height="{terminal_height}"/></clipPath>{lines}</defs>{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}<g class="{unique_id}-matrix">{matrix}</g></g></svg>
"""


def run(command: str) -> str:
    """Run a command in a terminal of its own; return all it wrote, colours included."""
    pieces: list[bytes] = []

    def keep(descriptor: int) -> bytes:
        pieces.append(os.read(descriptor, 4096))
        return pieces[-1]

    pty.spawn(["sh", "-c", f"stty cols {WIDTH}; {command} </dev/null"], keep)
    return b"".join(pieces).decode().replace("\r\n", "\n")


def main() -> None:
    """Run the commands in an empty folder and draw what they wrote."""
    console = Console(record=True, width=WIDTH, file=io.StringIO())
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for command, limit in RUNS:
            console.print(Text.assemble(("$ ", "bold green"), (command, "bold")))
            shown = run(command).splitlines()
            console.print(Text.from_ansi("\n".join(shown[:limit])))
            if limit and len(shown) > limit:
                console.print(Text("...", "dim"))
            console.print()
    picture = console.export_svg(title="scaffold", code_format=FORMAT, unique_id="run")
    (ROOT / "docs/picture.svg").write_text(picture)


if __name__ == "__main__":
    main()
