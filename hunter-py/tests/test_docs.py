"""What docs/PYTHON.md says of batches is what the catalogue and the package have."""

from __future__ import annotations

import re
from typing import Any

from conftest import ROOT
from hunter_leads import Engine

PAGE = ROOT / "docs" / "PYTHON.md"
TYPES = {"utf8": "utf8", "bool": "bool", "uint8": "uint8", "float64": "float64", "list_utf8": "list\\<utf8\\>"}


def tables(catalogue: dict[str, Any]) -> str:
    lines = ["| batch | column in | type | note |", "| --- | --- | --- | --- |"]
    for batch in catalogue["batches"]:
        for column in batch["input"]:
            kind = TYPES[column["type"]]
            lines.append(f"| `{batch['name']}` | `{column['name']}` | {kind} | {column['note']} |")
    lines += ["", "| batch | column out | type |", "| --- | --- | --- |"]
    for batch in catalogue["batches"]:
        if batch["name"] == "assess_batch":
            continue
        for column in batch["output"]:
            lines.append(f"| `{batch['name']}` | `{column['name']}` | {TYPES[column['type']]} |")
    return "\n".join(lines)


def test_the_columns_of_batches_are_those_of_the_page(catalogue: dict[str, Any]) -> None:
    page = PAGE.read_text("utf-8")
    found = re.search(r"<!-- batches -->\n(.*)\n<!-- /batches -->", page, re.DOTALL)
    assert found is not None
    assert found[1] == tables(catalogue)


def test_the_first_examples_of_the_page_run(engine: Engine) -> None:
    """The start and the batch; the scan asks a network, and Ray and Dask are no packages of the tests."""
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert len(blocks) == 5
    for block in blocks:
        compile(block, "example", "exec")
    readme = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert readme
    for block in blocks[:2] + readme:
        exec(compile(block, "example", "exec"), {})
