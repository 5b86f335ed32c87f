"""The Spark job on a local cluster of two executor processes, against the answer of one process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from conftest import ROOT
from hunter_leads import Engine

JOB = ROOT / "examples" / "spark_job.py"
CLUSTER = "local-cluster[2,1,1024]"

HOSTS = ["{}.mail.protection.outlook.com", "aspmx.l.google.com", "mx.yandex.net", "mail.ornek{}.com"]

# Says which processes worked: a task waits until both executors have one.
WHO = '''
import json, os, sys, time
sys.path.insert(0, sys.argv[1])
from spark_job import session
spark = session(sys.argv[2])
def who(batches):
    import pyarrow as pa
    for batch in batches:
        time.sleep(2)
        yield pa.RecordBatch.from_pydict({"executor": [os.getppid()]})
found = spark.range(0, 4, 1, 4).mapInArrow(who, "executor long").collect()
print("EXECUTORS", json.dumps(sorted({row.executor for row in found})))
print("DRIVER", spark.sparkContext._jvm.java.lang.ProcessHandle.current().pid())
spark.stop()
'''


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "SPARK_LOCAL_IP": "127.0.0.1"}


def lines() -> Iterable[str]:
    for nth in range(2000):
        domain = f"ornek{nth}.com.tr"
        host = HOSTS[nth % len(HOSTS)].format(nth)
        answer = {"name": domain, "type": "MX", "state": "found", "records": [f"10 {host}"]}
        when = "2026-11-24T09:30:00Z"
        yield json.dumps({"v": 1, "domain": domain, "observed_at": when, "answers": [answer]})
    yield "{ broken"


def sorted_rows(table: pa.Table) -> Iterator[str]:
    return iter(sorted(json.dumps(row, default=str, sort_keys=True) for row in table.to_pylist()))


def test_a_cluster_says_what_one_process_says(tmp_path: Path, engine: Engine) -> None:
    source = tmp_path / "observations.jsonl"
    source.write_text("\n".join(lines()) + "\n", "utf-8")
    leads = tmp_path / "leads.parquet"
    command = [sys.executable, str(JOB), str(source), str(leads), "--master", CLUSTER]
    done = subprocess.run(
        [*command, "--partitions", "8"],
        cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=300, check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = pq.read_table(leads)
    wanted = pa.table(engine.assess_batch(list(lines())))
    assert found.column_names == wanted.column_names
    assert found.num_rows == 2001
    same = found.cast(
        pa.schema([f.with_type(pa.uint8()) if f.type == pa.int16() else f for f in found.schema])
    ).cast(wanted.schema)
    assert list(sorted_rows(same)) == list(sorted_rows(wanted))
    assert sum(error is not None for error in found["error"].to_pylist()) == 1


def test_the_cluster_is_more_than_one_process(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WHO, str(JOB.parent), CLUSTER],
        cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=300, check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    said = dict(line.split(" ", 1) for line in done.stdout.splitlines() if " " in line)
    assert len(json.loads(said["EXECUTORS"])) >= 2
    assert int(said["DRIVER"]) not in json.loads(said["EXECUTORS"])
