"""Assesses observations with Spark: JSON lines in, leads as Parquet out.

    python examples/spark_job.py observations.jsonl leads.parquet --master 'local-cluster[2,1,1024]'

Each line of the input is one observation, as `hunter scan` writes them. Every executor has an engine
of its own, reads rule files never again, and hands whole Arrow batches over: no row is a Python object.
The package `hunter_leads` has to be installed where the executors' Python is.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyspark
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.sql.types import StructType

from hunter_leads import Engine


def spark_schema(schema: pa.Schema) -> pa.Schema:
    """The schema with types that Spark has: it knows no unsigned numbers."""
    small = pa.int16()
    return pa.schema(
        [field.with_type(small) if field.type == pa.uint8() else field for field in schema]
    )


def assess(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """What runs on the executors: one engine a partition, one thread a task."""
    engine = Engine()
    for batch in batches:
        leads = pa.table(engine.assess_batch(batch, threads=1))
        yield from leads.cast(spark_schema(leads.schema)).to_batches()


def lead_schema() -> StructType:
    """The columns of the leads, as Spark names their types."""
    return from_arrow_schema(spark_schema(pa.schema(Engine().assess_batch([]))))


def leads_of(observations: DataFrame) -> DataFrame:
    """Leads from a data frame with the one column `observation`."""
    return observations.mapInArrow(assess, lead_schema())


def session(master: str) -> SparkSession:
    """A session whose executors run the same Python as this program."""
    # A local cluster starts its executors by the scripts of the installed package.
    os.environ.setdefault("SPARK_HOME", str(Path(pyspark.__file__).parent))
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder: Any = SparkSession.builder
    builder = builder.master(master).appName("hunter-leads")
    builder = builder.config("spark.ui.enabled", "false")
    # Arrow has moments in UTC; the session must not move them.
    builder = builder.config("spark.sql.session.timeZone", "UTC")
    made: SparkSession = builder.getOrCreate()
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("observations", help="JSON lines, one observation a line")
    parser.add_argument("leads", help="where the Parquet files go")
    parser.add_argument("--master", default="local[*]")
    parser.add_argument("--partitions", type=int, default=0, help="spread the lines over so many tasks")
    given = parser.parse_args()
    spark = session(given.master)
    try:
        lines = spark.read.text(given.observations).withColumnRenamed("value", "observation")
        if given.partitions:
            lines = lines.repartition(given.partitions)
        leads_of(lines).write.mode("overwrite").parquet(given.leads)
    finally:
        spark.stop()


if __name__ == "__main__":
    main()
