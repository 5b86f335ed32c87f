"""What the tests share: the engine, the golden vectors and the catalogue of operations."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from hunter_leads import Engine

ROOT = Path(__file__).resolve().parents[2]
VECTORS = ROOT / "tests" / "vectors"


@pytest.fixture(scope="session")
def engine() -> Engine:
    return Engine()


@pytest.fixture(scope="session")
def catalogue() -> dict[str, Any]:
    """The list of operations as the core prints it; `cargo xtask test` hands it over as a file."""
    given = os.environ.get("HUNTER_CATALOGUE")
    if given is None:
        command = ["cargo", "run", "-q", "-p", "xtask-gen", "--", "operations"]
        text = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout
    else:
        text = Path(given).read_bytes()
    listed: dict[str, Any] = json.loads(text)
    assert listed["operations"] and listed["batches"]
    return listed


def vectors(name: str) -> list[dict[str, Any]]:
    """Every line of a file of vectors; none is a failure."""
    text = (VECTORS / name).read_text("utf-8")
    # Not splitlines: a line may hold U+2028, which ends no line of JSON.
    lines = [json.loads(line) for line in text.split("\n") if line]
    assert lines, f"{name} holds no vectors"
    return lines
