import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

from app.main import AppSettings
from app.pipelines.sources.csv_file import CsvFile
from tests.pipelines.conftest import SAMPLE, Database

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


@pytest.fixture
def database(settings: AppSettings) -> Iterator[Database]:
    database = Database(settings.database_url.get_secret_value())
    database.run(CsvFile(SAMPLE))
    yield database
    database.empty()


def read(path: Path) -> NotebookNode:
    notebook: NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    return notebook


def run(name: str) -> dict[str, NotebookNode]:
    """Run a notebook as it is; give its cells by their ids."""
    notebook = read(NOTEBOOKS / name)
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    return {cell.id: cell for cell in notebook.cells}


def test_the_notebook_says_of_the_sample_what_the_database_says(database: Database) -> None:
    cells = run("measurements.ipynb")

    [output] = cells["test"].outputs
    found: dict[str, Any] = ast.literal_eval(output.data["text/plain"])
    [expected] = database.query("""
        SELECT count(*) AS pairs, avg(late.humidity_pct - early.humidity_pct) AS difference
        FROM pipelines.measurements early JOIN pipelines.measurements late USING (station)
        WHERE late.measured_at - early.measured_at = interval '8 hours'
    """)
    assert found["pairs"] == expected["pairs"] == 30
    assert found["difference"] == pytest.approx(expected["difference"], abs=0.01)
    assert found["from"] < found["difference"] < found["to"] < 0
    assert found["p_t_test"] < 0.001
    assert found["p_signed_rank"] < 0.001
    assert "image/png" in cells["plot"].outputs[-1].data


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.name)
def test_notebooks_are_kept_without_outputs(path: Path) -> None:
    notebook = read(path)

    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
