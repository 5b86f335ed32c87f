"""Batches: rows of any form in, Arrow out, and always what single calls say."""

from __future__ import annotations

import json
import pickle
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from conftest import ROOT
from hunter_leads import ArgumentError, Engine, Table

Rows = list[dict[str, Any]]

ROWS: Rows = [
    {"provider": "Google", "spf": True, "dkim": False, "dmarc_policy": "none", "mx_records": ["1 a.b"]},
    {"provider": "Gogle", "spf": True, "dkim": True, "dmarc_policy": "none", "mx_records": ["1 a.b"]},
    {"provider": None, "spf": None, "dkim": None, "dmarc_policy": None, "mx_records": None},
    {"provider": "Local", "spf": None, "dkim": None, "dmarc_policy": "", "mx_records": []},
    {"provider": "M365", "spf": False, "dkim": None, "dmarc_policy": "reject", "mx_records": ["0 x.y"]},
]
HOSTS: list[list[str] | None] = [["1 aspmx.l.google.com"], None, [], ["mx1.ornek.iphmx.com"]]
LISTS = pa.list_(pa.string())
SCORE_SCHEMA = pa.schema(
    [
        ("provider", pa.string()),
        ("spf", pa.bool_()),
        ("dkim", pa.bool_()),
        ("dmarc_policy", pa.string()),
        ("mx_records", LISTS),
    ]
)


def score_table(rows: Rows) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=SCORE_SCHEMA)


def dicts(table: Any) -> Rows:
    found: Rows = pa.table(table).to_pylist()
    return found


def observation(domain: str, host: str) -> dict[str, Any]:
    answer = {"name": domain, "type": "MX", "state": "found", "records": [f"10 {host}"]}
    when = "2026-11-24T09:30:00.25Z"
    return {"v": 1, "domain": domain, "observed_at": when, "answers": [answer]}


OBSERVATIONS = [
    observation("ornek.com.tr", "ornek-com-tr.mail.protection.outlook.com"),
    observation("örnek.com", "mx.yandex.net"),
    {**observation("deniz.com.tr", "mx1.deniz.iphmx.com"), "registration": {
        "state": "found", "source": "whois", "expires": "2027-05-02", "nameservers": ["ns1.deniz.com.tr"]}},
]


def duck(rows: pa.Table) -> Any:
    return duckdb.connect().from_arrow(rows)


FORMS: dict[str, Callable[[pa.Table], Any]] = {
    "pyarrow table": lambda table: table,
    "pyarrow batch": lambda table: table.combine_chunks().to_batches()[0],
    "pyarrow reader": lambda table: table.to_reader(max_chunksize=2),
    "polars": pl.DataFrame,
    "polars without copies": lambda table: pl.from_arrow(table),
    "pandas": lambda table: table.to_pandas(),
    "pandas with an index": lambda table: table.to_pandas().set_index(pd.Index(list("edcba"))),
    "duckdb": duck,
    "dictionaries": lambda table: table.to_pylist(),
    "a generator": lambda table: iter(table.to_pylist()),
    "large": lambda table: table.cast(
        pa.schema(
            [
                ("provider", pa.large_string()),
                ("spf", pa.bool_()),
                ("dkim", pa.bool_()),
                ("dmarc_policy", pa.dictionary(pa.int8(), pa.string())),
                ("mx_records", pa.large_list(pa.large_string())),
            ]
        )
    ),
    "views": lambda table: table.cast(
        pa.schema(
            [
                ("provider", pa.string_view()),
                ("spf", pa.bool_()),
                ("dkim", pa.bool_()),
                ("dmarc_policy", pa.dictionary(pa.int32(), pa.string())),
                ("mx_records", LISTS),
            ]
        )
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_rows_says_the_same(engine: Engine, form: str) -> None:
    found = engine.score_batch(FORMS[form](score_table(ROWS)))
    assert dicts(found) == dicts(engine.score_batch(score_table(ROWS)))
    assert len(found) == len(ROWS)


def test_rows_are_those_of_single_calls(engine: Engine) -> None:
    for row, found in zip(ROWS, engine.score_batch(ROWS).to_dicts(), strict=True):
        error = found.pop("error")
        if row["provider"] == "Gogle":
            assert error.startswith("unknown_word: `Gogle` is not a provider")
            assert set(found.values()) == {None}
            continue
        signals = {name: row[name] for name in ("spf", "dkim", "dmarc_policy")}
        # A column says an absent record by the empty text, and null is unknown.
        policy = signals.pop("dmarc_policy")
        if policy is not None:
            signals["dmarc_policy"] = policy or None
        single = engine.score(row["provider"], signals, row["mx_records"]).to_dict()
        if row["mx_records"] is None:
            assert set(found.values()) == {None}
        else:
            assert error is None
            assert found == {name: single[name] for name in found}


@pytest.mark.parametrize("as_text", [False, True])
def test_observations_are_assessed_as_single_ones(engine: Engine, as_text: bool) -> None:
    texts = [json.dumps(row) for row in OBSERVATIONS]
    table = engine.assess_batch(texts if as_text else OBSERVATIONS)
    for row, found in zip(OBSERVATIONS, table.to_dicts(), strict=True):
        single = engine.assess(row).to_dict()
        assert found.pop("error") is None
        assert list(found) == list(single)
        for name, value in single.items():
            assert bare(found[name]) == bare(value), name


def bare(value: Any) -> Any:
    """Without fields that hold nothing, which JSON columns leave out."""
    if isinstance(value, dict):
        return {name: bare(item) for name, item in value.items() if item is not None}
    return [bare(item) for item in value] if isinstance(value, list) else value


def test_faulty_rows_stay_in_their_place(engine: Engine) -> None:
    good = json.dumps(OBSERVATIONS[0])
    rows: list[str | None] = ["{", good, None, json.dumps({**OBSERVATIONS[0], "v": 99}), good]
    found = engine.assess_batch(rows).to_dicts()
    codes = [row["error"] and row["error"].split(":")[0] for row in found]
    assert codes == ["observation_syntax", None, "argument_missing", "observation_version", None]
    assert found[1] == found[4]
    assert {value for name, value in found[0].items() if name != "error"} == {None}


def test_flat_columns_are_observed_when_the_call_says(engine: Engine) -> None:
    rows: Rows = [{"domain": "ornek.com", "mx": ["aspmx.l.google.com"]}, {"domain": "firma,com"}, {}]
    found = engine.assess_batch(rows, observed_at="2026-11-24T12:30:00+03:00").to_dicts()
    assert found[0]["scanned_at"] == "2026-11-24T09:30:00Z"
    assert (found[0]["provider"], found[0]["spf"]) == ("Google", None)
    assert [row["error"] and row["error"].split(":")[0] for row in found] == [
        None,
        "domain_bad_character",
        "domain_empty",
    ]
    for wrong in ("yesterday", 5, pd.Timestamp("2026-11-24")):
        with pytest.raises(ArgumentError, match="observed_at") as raised:
            engine.assess_batch(rows, observed_at=wrong)  # type: ignore[arg-type]
        assert raised.value.code == "argument_invalid"


HOST_FORMS: dict[str, Any] = {
    "lists": HOSTS,
    "tuples": [None if row is None else tuple(row) for row in HOSTS],
    "pyarrow array": pa.array(HOSTS, LISTS),
    "pyarrow chunks": pa.chunked_array([pa.array(HOSTS[:1], LISTS), pa.array(HOSTS[1:], LISTS)]),
    "polars series": pl.Series(HOSTS, dtype=pl.List(pl.String)),
    "pandas series": pd.Series(HOSTS),
    "any name": pa.table({"whatever": pa.array(HOSTS, LISTS)}),
}


@pytest.mark.parametrize("form", HOST_FORMS)
def test_hosts_are_classified_in_every_form(engine: Engine, form: str) -> None:
    found = engine.classify_batch(HOST_FORMS[form]).to_dicts()
    for row, answer in zip(HOSTS, found, strict=True):
        assert answer.pop("error") is None
        if row is None:
            assert set(answer.values()) == {None}
        else:
            single = engine.classify_mx(row).to_dict()
            assert answer == {name: single[name] for name in answer}


def test_single_hosts_may_be_encoded(engine: Engine) -> None:
    hosts = ["aspmx.l.google.com", None, "mx.yandex.net", "aspmx.l.google.com"]
    wanted = ["Google", None, "Yandex", "Google"]
    encoded = pa.array(hosts).dictionary_encode()
    forms = [hosts, encoded, pa.array(hosts, pa.string_view()), pa.array(hosts, pa.large_string())]
    forms += [pl.Series(hosts), pl.Series(hosts, dtype=pl.Categorical)]
    for form in forms:
        assert [row["provider"] for row in engine.classify_batch(form).to_dicts()] == wanted


def test_every_library_takes_the_answer(engine: Engine) -> None:
    table = leads = engine.assess_batch(OBSERVATIONS)
    arrow = pa.table(table)
    assert tuple(arrow.schema.names) == table.column_names
    assert arrow.schema.equals(pa.schema(table))
    assert pl.DataFrame(table)["provider"].to_list() == arrow["provider"].to_pylist()
    assert list(arrow.to_pandas()["domain"]) == arrow["domain"].to_pylist()
    assert len(leads) == 3
    query: Any = duckdb.sql("select provider from leads")
    assert query.fetchall() == [
        (provider,) for provider in arrow["provider"].to_pylist()
    ]
    assert str(arrow.schema.field("scanned_at").type) == "timestamp[us, tz=UTC]"
    assert str(arrow.schema.field("expires_at").type) == "date32[day]"


def test_the_answer_is_handed_over_without_a_copy(engine: Engine) -> None:
    table = engine.score_batch(ROWS)
    addresses = [
        [buffer and buffer.address for buffer in pa.table(table)["score"].chunk(0).buffers()]
        for _ in range(2)
    ]
    assert addresses[0] == addresses[1]


def test_columns_may_be_cast_on_their_way(engine: Engine) -> None:
    table = engine.classify_batch(["aspmx.l.google.com"])
    wanted = pa.schema(
        [(f.name, pa.large_string() if f.type == pa.string() else f.type) for f in pa.schema(table)]
    )
    cast = pa.RecordBatchReader.from_stream(table, schema=wanted).read_all()
    assert cast["provider"].type == pa.large_string()


@pytest.mark.parametrize("threads", [1, 2, 5, 1024])
def test_chunks_and_threads_change_nothing(engine: Engine, threads: int) -> None:
    rows = score_table(ROWS * 1000)
    whole = pa.table(engine.score_batch(rows, threads=1)).combine_chunks()
    for size in (1, 7, 4096):
        if size == 1 and threads > 2:
            continue
        found = engine.score_batch(rows.to_reader(max_chunksize=size), threads=threads)
        assert pa.table(found).combine_chunks().equals(whole)
    pieces = pa.concat_tables([rows.slice(0, 3), rows.slice(3, 0), rows.slice(3)])
    assert pa.table(engine.score_batch(pieces, threads=threads)).combine_chunks().equals(whole)
    observed = [json.dumps(row) for row in OBSERVATIONS] * 50
    one = pa.table(engine.assess_batch(observed, threads=1)).combine_chunks()
    found = engine.assess_batch(observed, threads=threads)
    assert pa.table(found).combine_chunks().equals(one)


def test_slices_are_read_from_where_they_begin(engine: Engine) -> None:
    rows = score_table(ROWS)
    for start in range(len(ROWS)):
        found = engine.score_batch(rows.slice(start, 2)).to_dicts()
        assert found == engine.score_batch(rows).to_dicts()[start : start + 2]


def test_columns_at_odd_addresses_are_read(engine: Engine) -> None:
    """What was pickled for another process, as Dask does, comes back at any address."""
    parts: list[pickle.PickleBuffer] = []
    rows = score_table(ROWS).combine_chunks()
    head = pickle.dumps(rows, protocol=5, buffer_callback=parts.append)
    for shift in range(1, 8):
        moved = [memoryview(bytes(shift) + bytes(part.raw()))[shift:] for part in parts]
        odd = pickle.loads(head, buffers=moved)
        assert engine.score_batch(odd).to_dicts() == engine.score_batch(rows).to_dicts()


def test_no_rows_give_no_rows(engine: Engine) -> None:
    for table in (
        engine.score_batch([]),
        engine.classify_batch([]),
        engine.assess_batch([]),
        engine.score_batch(score_table([])),
    ):
        assert len(table) == table.num_rows == 0
        assert table.to_dicts() == []
        assert pa.table(table).num_columns == len(table.column_names)


def test_a_table_can_be_pickled(engine: Engine) -> None:
    for table in (engine.assess_batch(OBSERVATIONS), engine.classify_batch([])):
        again = pickle.loads(pickle.dumps(table))
        assert isinstance(again, Table)
        assert pa.table(again).equals(pa.table(table))
        assert repr(again) == repr(table)
    with pytest.raises(ArgumentError) as raised:
        Table("score_batch", b"nonsense")
    assert raised.value.code == "arrow_syntax"
    ipc = table.__reduce__()[1][1]
    with pytest.raises(ArgumentError):
        Table("score_batch", ipc)


def test_other_threads_run_during_a_batch(engine: Engine) -> None:
    """While a batch runs on the main thread, another thread counts on."""
    rows = score_table(ROWS * 20_000)
    counted = 0
    stop = threading.Event()

    def count() -> None:
        nonlocal counted
        while not stop.is_set():
            counted += 1
            time.sleep(0)

    counter = threading.Thread(target=count)
    # Between two lines of Python the interpreter would not change threads in so long a time.
    patience = sys.getswitchinterval()
    counter.start()
    try:
        sys.setswitchinterval(60)
        before = counted
        engine.score_batch(rows, threads=1)
        after = counted
    finally:
        sys.setswitchinterval(patience)
        stop.set()
        counter.join()
    assert after - before > 100


def test_real_rows_are_those_of_single_calls(engine: Engine) -> None:
    path = ROOT.parent / "shared" / "data" / "mx" / "domains_dns.jsonl"
    if not path.is_file():
        print(f"NOT TESTED: {path} is missing", file=sys.stderr)
        pytest.skip(f"NOT TESTED: {path} is missing")
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for _, line in zip(range(3000), lines, strict=False)]
    assert len(rows) == 3000
    flat = [
        {"domain": row["domain"], "mx": row.get("mx"), "txt": [row["spf"]] if "spf" in row else None}
        for row in rows
    ]
    when = "2026-11-24T09:30:00Z"
    found = engine.assess_batch(pl.DataFrame(flat), observed_at=when).to_dicts()
    classified = engine.classify_batch(pl.Series([row["mx"] for row in flat])).to_dicts()
    for row, lead, mail in zip(flat, found, classified, strict=True):
        assert lead == engine.assess_batch([row], observed_at=when, threads=1).to_dicts()[0]
        if row["mx"] is not None:
            single = engine.classify_mx(row["mx"]).to_dict()
            assert all(single[name] == mail[name] for name in mail if name != "error")


REFUSED: dict[str, tuple[str, Callable[[Engine], object]]] = {
    "unknown column": ("column_unknown", lambda e: e.score_batch(pa.table({"spff": [True]}))),
    "unknown key": ("column_unknown", lambda e: e.score_batch([{"spf": True}, {"spff": True}])),
    "no column": ("column_missing", lambda e: e.score_batch(pa.table({}))),
    "wrong type": ("column_type", lambda e: e.score_batch(pa.table({"spf": [1]}))),
    "wrong type without rows": ("column_type", lambda e: e.score_batch(pa.table({"spf": pa.array([], pa.int8())}))),
    "two columns": ("column_unknown", lambda e: e.classify_batch(pa.table({"a": ["x"], "b": ["y"]}))),
    "numbers for hosts": ("column_type", lambda e: e.classify_batch(pa.array([1]))),
    "both forms": ("column_unknown", lambda e: e.assess_batch(pa.table({"observation": ["{}"], "domain": ["a.b"]}))),
    "one text": ("argument_invalid", lambda e: e.classify_batch("aspmx.l.google.com")),
    "one dictionary": ("argument_invalid", lambda e: e.score_batch({"spf": [True]})),  # type: ignore[dict-item]
    "nothing": ("argument_invalid", lambda e: e.score_batch(None)),  # type: ignore[arg-type]
    "a number for text": ("argument_invalid", lambda e: e.score_batch([{"provider": 5}])),
    "text for a flag": ("argument_invalid", lambda e: e.score_batch([{"spf": "yes"}])),
    "text for a list": ("argument_invalid", lambda e: e.score_batch([{"mx_records": "1 a.b"}])),
    "no dictionary": ("argument_invalid", lambda e: e.score_batch([None])),  # type: ignore[list-item]
    "no threads": ("argument_range", lambda e: e.score_batch([], threads=0)),
    "too many threads": ("argument_range", lambda e: e.score_batch([], threads=1025)),
    "threads as text": ("argument_invalid", lambda e: e.score_batch([], threads="2")),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("fault", REFUSED)
def test_what_cannot_be_done_is_refused(engine: Engine, fault: str) -> None:
    code, call = REFUSED[fault]
    with pytest.raises(ArgumentError) as raised:
        call(engine)
    assert raised.value.code == code


def test_a_refusal_names_the_place(engine: Engine) -> None:
    with pytest.raises(ArgumentError, match=r"`rows\[1\]\.provider`: invalid type: float"):
        engine.score_batch([{"provider": None}, {"provider": float("nan")}])
    with pytest.raises(ArgumentError, match=r"`rows\[2\]`"):
        engine.classify_batch(["a.b", None, 7])  # type: ignore[list-item]
    with pytest.raises(ArgumentError, match="`spff`: is not known: score_batch takes domain, provider"):
        engine.score_batch(pa.table({"spff": [True]}))


def test_a_stream_that_breaks_is_refused_with_what_it_said(engine: Engine) -> None:
    def batches() -> Any:
        yield from score_table(ROWS).to_batches()
        raise OSError("the disk is gone")

    reader = pa.RecordBatchReader.from_batches(SCORE_SCHEMA, batches())
    with pytest.raises(ArgumentError, match="the disk is gone") as raised:
        engine.score_batch(reader)
    assert raised.value.code == "argument_invalid"
    mixed = pd.DataFrame({"provider": ["Google", 5]})
    with pytest.raises(ArgumentError) as raised:
        engine.score_batch(mixed)
    assert isinstance(raised.value.__cause__, Exception)
