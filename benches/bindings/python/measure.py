"""Measures the forms of Python: `measure.py FOLDER WORKLOAD`, where FOLDER holds the plan and the rows.

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
from rules import Verdict, includes, readiness, readiness_kept, takes_mail

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


CALLS = {
    "score_call",
    "segment_call",
    "priority_call",
    "classify_call",
    "parse_spf_call",
    "assess_call",
}
SEGMENTS = ("Existing", "Migration", "Cold", "Skip")


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
    if table.num_columns > 1:
        return table.to_pylist()
    values: Rows = table.column(0).to_pylist()
    return [json.loads(value) for value in values] if name == "assess_table" else values


def loop(table: pa.Table, judge: Callable[[dict[str, Any]], Verdict]) -> tuple[Pass, Any]:
    rows = table.to_pylist()
    expected = ENGINE.score_batch(table).to_dicts()
    for row, verdict, known in zip(rows, map(judge, rows), expected, strict=True):
        if verdict != tuple(known[column] for column in Verdict._fields):
            raise SystemExit(f"the plain loop finds {verdict} for {row}, and score_batch {known}")
    return lambda: [judge(row) for row in rows], lambda out: [verdict.score for verdict in out]


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
    """A pass of single calls, none of whose answers is kept."""
    rows = plain(name, table)
    numbers = range(len(rows))
    call: Callable[..., Any]
    check: Callable[[Any], Any] = lambda answer: answer
    if name == "score_call":
        call, check = ENGINE.score, lambda answer: answer.score
        arguments = [(row["provider"], signals(row), row["mx_records"]) for row in rows]
    elif name == "segment_call":
        call = ENGINE.segment
        arguments = [(nth % 101, rows[nth]["provider"] or "Unknown") for nth in numbers]
    elif name == "priority_call":
        call = ENGINE.priority_score
        arguments = [(SEGMENTS[nth % len(SEGMENTS)], nth % 101) for nth in numbers]
    elif name == "classify_call":
        call, check = ENGINE.classify_mx, lambda answer: answer.provider_id
        arguments = [([host],) for host in rows]
    elif name == "parse_spf_call":
        call, check = ENGINE.parse_spf, lambda answer: len(answer.terms)
        arguments = [(text,) for text in rows]
    else:
        call, check = ENGINE.assess, lambda answer: answer.readiness_score
        arguments = [(text,) for text in rows]

    def work() -> None:
        for given in arguments:
            call(*given)

    return work, lambda _: [check(call(*given)) for given in arguments]


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
            return loop(table, readiness)
        if workload == "score_table" and form == "python_kept":
            return loop(table, readiness_kept)
        if workload == "score_table" and form == "python_zen":
            return by_zen(table)
    elif workload in CALLS and form == "python_call":
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


def lines(folder: Path, name: str) -> Iterable[dict[str, Any]]:
    plan = json.loads((folder / "plan.json").read_text())
    workload = next(known for known in plan["workloads"] if known["name"] == name)
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
    for line in lines(Path(sys.argv[1]), sys.argv[2]):
        print(json.dumps(line), flush=True)
