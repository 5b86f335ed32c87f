"""Measures the forms of Python: `measure.py FOLDER`, where FOLDER holds the plan and the rows.

Prints a line of JSON for each form. A form that is not known here is an error.
"""

from __future__ import annotations

import gc
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import polars
import pyarrow as pa
import zen
from hunter_leads import Engine
from rules import includes, readiness, takes_mail

ENGINE = Engine()
GRAPH = Path(__file__).parent.parent / "readiness.json"

Rows = list[Any]
Pass = Callable[[], Any]
"""One pass over all rows; what it gives is freed outside of the measured time."""

BATCHES = {
    "score_table": ("score_batch", "score"),
    "classify_table": ("classify_batch", "provider_id"),
    "assess_table": ("assess_batch", "readiness_score"),
}


def size(value: Any) -> int:
    """What is added up to compare answers: a number, or the length of a text."""
    return len(value) if isinstance(value, str) else value or 0


def of_arrow(name: str, table: pa.Table, threads: int) -> tuple[Pass, Any]:
    method, column = BATCHES[name]
    batch = getattr(ENGINE, method)
    return lambda: pa.table(batch(table, threads=threads)), lambda out: out[column].to_pylist()


def of_polars(name: str, table: pa.Table, threads: int) -> tuple[Pass, Any]:
    method, column = BATCHES[name]
    batch = getattr(ENGINE, method)
    frame = polars.from_arrow(table)
    return lambda: polars.DataFrame(batch(frame, threads=threads)), lambda out: out[column].to_list()


def of_dicts(name: str, table: pa.Table, threads: int) -> tuple[Pass, Any]:
    method, column = BATCHES[name]
    batch = getattr(ENGINE, method)
    rows = plain(name, table)
    return (
        lambda: batch(rows, threads=threads).to_dicts(),
        lambda out: [row[column] for row in out],
    )


def plain(name: str, table: pa.Table) -> Rows:
    """The rows as Python programs have them."""
    if name.startswith("score"):
        return table.to_pylist()
    values = table.column(0).to_pylist()
    return [json.loads(value) for value in values] if name == "assess_table" else values


def loop(table: pa.Table) -> tuple[Pass, Any]:
    rows = table.to_pylist()
    return lambda: [readiness(row) for row in rows], lambda out: [score for score, _ in out]


def by_zen(table: pa.Table) -> tuple[Pass, Any]:
    # The loader keeps the graph compiled; decisions made by hand are compiled at each call.
    loader = {"type": "static", "content": {"readiness": json.loads(GRAPH.read_text())}}
    engine = zen.ZenEngine({"loader": loader})
    contexts = [
        {
            "mail": takes_mail(row["mx_records"]),
            "provider": row["provider"],
            "spf": row["spf"],
            "dkim": row["dkim"],
            "dmarc_policy": row["dmarc_policy"],
            "includes": includes(row["spf_record"]),
        }
        for row in table.to_pylist()
    ]
    return (
        lambda: [engine.evaluate("readiness", context) for context in contexts],
        lambda out: [answer["result"]["score"] for answer in out],
    )


def calls(name: str, table: pa.Table) -> tuple[Pass, Any]:
    rows = plain(name, table)
    if name == "classify_call":
        lists = [[host] for host in rows]
        classify = ENGINE.classify_mx
        return (
            lambda: [classify(hosts) for hosts in lists],
            lambda out: [found.provider_id for found in out],
        )
    arguments = [(row["provider"], signals(row), row["mx_records"]) for row in rows]
    score = ENGINE.score
    return (
        lambda: [score(provider, seen, records) for provider, seen, records in arguments],
        lambda out: [found.score for found in out],
    )


def signals(row: dict[str, Any]) -> dict[str, Any]:
    """Signals of a single call, where a policy that is left out is unknown and none is absent."""
    seen = {key: row[key] for key in ("spf", "dkim", "spf_record")}
    if row["dmarc_policy"] is not None:
        seen["dmarc_policy"] = row["dmarc_policy"] or None
    return seen


def made(workload: str, form: str, table: pa.Table, threads: int) -> tuple[Pass, Any]:
    if workload in BATCHES:
        shapes = {"python_arrow": of_arrow, "python_polars": of_polars, "python_dicts": of_dicts}
        if form in shapes:
            return shapes[form](workload, table, threads)
        if workload == "score_table" and form == "python_loop":
            return loop(table)
        if workload == "score_table" and form == "python_zen":
            return by_zen(table)
    elif workload in {"score_call", "classify_call"} and form == "python_call":
        return calls(workload, table)
    raise SystemExit(f"workloads.toml names {workload} {form}, which nothing here runs")


def median(plan: dict[str, Any], work: Pass) -> float:
    times: list[float] = []
    # As `timeit` does: what is measured is the work, and not when the collector comes.
    gc.disable()
    while len(times) < plan["passes"] or sum(times) < plan["seconds"]:
        start = time.perf_counter()
        out = work()
        times.append(time.perf_counter() - start)
        del out
    gc.enable()
    return statistics.median(times)


def lines(folder: Path) -> Iterable[dict[str, Any]]:
    plan = json.loads((folder / "plan.json").read_text())
    for workload in plan["workloads"]:
        name = workload["name"]
        with pa.ipc.open_stream(folder / f"{name}.arrow") as stream:
            table = stream.read_all()
        for form in workload["form"]:
            if not form["name"].startswith("python_"):
                continue
            rows = table if form["rows"] is None else table.slice(0, form["rows"])
            for threads in form["threads"]:
                work, values = made(name, form["name"], rows, threads)
                check = sum(size(value) for value in values(work())[: plan["checked"]])
                yield {
                    "workload": name,
                    "form": form["name"],
                    "threads": threads,
                    "items": rows.num_rows,
                    "seconds": median(plan, work),
                    "check": check,
                }


if __name__ == "__main__":
    for line in lines(Path(sys.argv[1])):
        print(json.dumps(line), flush=True)
