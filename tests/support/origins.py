"""Two versions of small templates, for projects that are to be linked to them."""

from __future__ import annotations

import subprocess
from pathlib import Path

OLD, NEW = "v1.0.0", "v1.1.0"
STACK, LATER_STACK = "node-express", "node-fastify"
FEATURE = "realtime"
FILES = {
    "package.json.jinja": '{\n  "name": "{{ project_name }}",\n  "type": "module"\n}\n',
    "README.md.jinja": "# {{ project_name }}\n\nRun it.\nTest it.\nShip it.\n",
    "src/app.ts": "".join(f"export const app{n} = {n};\n" for n in range(30)),
    "{{ _copier_conf.answers_file }}.jinja": "{{ _copier_answers|to_nice_yaml -}}\n",
}
FEED = "".join(f"export const feed{n} = {n};\n" for n in range(10))
_FORM = """\
_subdirectory: "templates/{{{{ stack }}}}"
_exclude: [copier.yml, .git, "{{% if '{feature}' not in features %}}{feature}{{% endif %}}"]
stack: {{type: str, choices: [{stacks}]}}
project_name: {{type: str}}
features: {{type: str, multiselect: true, default: [], choices: [{features}]}}
needs: {{type: yaml, default: {{}}}}
"""


def two_versions(folder: Path) -> Path:
    """Return a bundle: the newer version has a stack and a feature more, and other lines."""
    folder.mkdir()
    _git(folder, "init", "--quiet")
    _form(folder, stacks=STACK, features="other")
    _write(folder / "templates" / STACK, FILES)
    _release(folder, OLD)
    _form(folder, stacks=f"{STACK}, {LATER_STACK}", features=f"other, {FEATURE}")
    newer = FILES | {
        "src/app.ts": FILES["src/app.ts"].replace("app29 = 29", "app29 = 'safer'"),
        "README.md.jinja": FILES["README.md.jinja"].replace("Ship it.", "Ship it twice."),
        f"src/{FEATURE}/feed.ts": FEED,
        "AGENTS.md": "Read the README.\n",
    }
    _write(folder / "templates" / STACK, newer)
    _write(folder / "templates" / LATER_STACK, newer | {"src/app.ts": "import fastify;\n" * 12})
    _release(folder, NEW)
    _git(folder, "bundle", "create", "--quiet", "templates.bundle", "HEAD", "--tags")
    return folder / "templates.bundle"


def _form(folder: Path, **named: str) -> None:
    text = _FORM.format(feature=FEATURE, **named)
    (folder / "copier.yml").write_text(text, encoding="utf-8")


def _write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def _release(folder: Path, version: str) -> None:
    _git(folder, "add", "--all")
    _git(folder, "commit", "--quiet", "--message", version)
    _git(folder, "tag", version)


def _git(folder: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)
