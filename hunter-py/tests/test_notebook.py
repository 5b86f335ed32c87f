"""The notebook runs from its first cell to its last, and is kept without outputs."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import polars as pl
import pytest
from nbclient import NotebookClient

from conftest import ROOT

NOTEBOOK = ROOT / "examples" / "notebook.ipynb"


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_notebook_runs(tmp_path: Path) -> None:
    shutil.copy(ROOT / "examples" / "companies.csv", tmp_path)
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    client = NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}})
    client.execute()
    pictures = [
        output
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]
    assert len(pictures) == 3
    companies = pl.read_csv(tmp_path / "companies.csv")
    leads = pl.read_csv(tmp_path / "leads.csv")
    assert sorted(leads["company"]) == sorted(companies["company"])
    ranks = [rank for rank in leads["priority_score"] if rank is not None]
    assert len(ranks) >= 6 and ranks == sorted(ranks)


def test_the_notebook_is_kept_without_outputs() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        assert not cell.get("outputs") and cell.get("execution_count") is None
