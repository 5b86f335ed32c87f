"""Bad input of every kind at the border: always an error with a code, never a panic."""

from __future__ import annotations

import math
import os
import random
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from hunter_leads import ArgumentError, DataError, Engine, HunterError

# `cargo xtask test --fuzz` gives a minute.
SECONDS = float(os.environ.get("HUNTER_FUZZ_SECONDS", "2.5"))

OBSERVATION = {"v": 1, "domain": "ornek.com.tr", "observed_at": "2026-11-24T09:30:00Z", "answers": []}
GIANT = "a" * (16 << 20)


def test_giant_texts_are_answered_or_refused(engine: Engine) -> None:
    assert not engine.parse_spf(GIANT).is_record
    with pytest.raises(HunterError):
        engine.normalize_domain(GIANT)
    found = engine.classify_batch([GIANT, "mx.yandex.net"]).to_dicts()
    assert found[1]["provider"] == "Yandex"
    rows = engine.score_batch([{"provider": GIANT, "spf_record": GIANT, "mx_records": [GIANT]}])
    assert rows.to_dicts()[0]["error"].startswith("unknown_word")
    found = engine.assess_batch([{"domain": GIANT}, {"domain": "a.com", "txt": [GIANT]}]).to_dicts()
    assert [bool(row["error"]) for row in found] == [True, False]


def test_nan_is_no_value(engine: Engine) -> None:
    for call in (
        lambda: engine.score(math.nan, {}, []),  # type: ignore[arg-type]
        lambda: engine.score(None, {"spf": math.nan}, []),
        lambda: engine.assess({**OBSERVATION, "extra": math.nan}),
        lambda: engine.score_batch([{"spf": math.nan}]),
        lambda: engine.classify_batch([math.nan]),  # type: ignore[list-item]
        lambda: engine.assess_batch([{**OBSERVATION, "extra": math.nan}]),
    ):
        with pytest.raises(ArgumentError) as raised:
            call()
        assert raised.value.code == "argument_invalid"


def test_lone_surrogates_are_no_text(engine: Engine) -> None:
    for call in (
        lambda: engine.normalize_domain("\ud800.com"),
        lambda: engine.classify_batch(["\ud800"]),
        lambda: engine.score_batch([{"spf_record": "\ud800"}]),
        lambda: engine.score_batch([{"\ud800": True}]),
        lambda: engine.assess_batch(["\ud800"]),
    ):
        with pytest.raises(ArgumentError) as raised:
            call()
        assert raised.value.code == "argument_invalid"


def broken_text(kind: pa.DataType) -> pa.Array:
    """A column of text whose bytes are no UTF-8: Arrow libraries do not always look."""
    raw = pa.array([b"mx.yandex.net", b"\xff\xfe.com"], pa.binary())
    column = pa.Array.from_buffers(pa.string(), 2, raw.buffers())
    return column if kind == pa.string() else pa.ListArray.from_arrays(pa.array([0, 1, 2], pa.int32()), column)


@pytest.mark.parametrize("kind", [pa.string(), pa.list_(pa.string())])
def test_invalid_utf8_in_columns_is_refused(engine: Engine, kind: pa.DataType) -> None:
    with pytest.raises(ArgumentError, match="is damaged") as raised:
        engine.classify_batch(broken_text(kind))
    assert raised.value.code == "arrow_syntax"


def test_offsets_that_lead_nowhere_are_refused(engine: Engine) -> None:
    offsets = pa.array([0, 5, 2, 8], pa.int32()).buffers()[1]
    texts = pa.Array.from_buffers(pa.string(), 3, [None, offsets, pa.py_buffer(b"aaaaaaaa")])
    with pytest.raises(ArgumentError) as raised:
        engine.classify_batch(texts)
    assert raised.value.code == "arrow_syntax"


def test_a_wrong_locale_is_refused(engine: Engine) -> None:
    for locale in ("xx", "", "\0"):
        with pytest.raises(HunterError) as raised:
            engine.explain(OBSERVATION, locale=locale)
        assert raised.value.code == "locale_unknown"


def test_a_corrupt_rule_file_is_named(tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    for content in (b"", b"\x00\x01", b"version = [", b"\xff\xfe", b"version = 1\n"):
        rules.write_bytes(content)
        with pytest.raises(DataError) as raised:
            Engine.from_files(tmp_path)
        assert raised.value.file is not None and raised.value.file.endswith("rules.toml")


WORDS = ["", "Google", "x", "ornek.com.tr", "{", '{"v":1}', "v=spf1 -all", "\ud800", "\0", "İ" * 300, "10 mx.a.b", "."]
NAMES = ["v", "domain", "provider", "spf", "dkim", "dmarc_policy", "mx_records", "mx", "txt", "answers", "observation"]


def junk(chance: random.Random, depth: int = 3) -> Any:
    """Any value, the more likely a plain one."""
    kind = chance.randrange(14 if depth else 10)
    if kind < 4:
        return chance.choice(WORDS)
    plain = [None, True, False, math.nan, math.inf, -1, 10**30, 50, b"\xff", object(), {1}, 1j]
    if kind < 10:
        return chance.choice(plain)
    items = [junk(chance, depth - 1) for _ in range(chance.randrange(4))]
    if kind == 10:
        return tuple(items)
    if kind == 11:
        return items
    return {chance.choice(NAMES) if chance.random() < 0.9 else nth: item for nth, item in enumerate(items)}


KINDS: list[pa.DataType] = [
    pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.int8(), pa.float64(), pa.bool_(), pa.null(),
    pa.list_(pa.string()), pa.large_list(pa.string_view()), pa.list_(pa.int8()), pa.list_(pa.string(), 1),
    pa.dictionary(pa.int8(), pa.string()), pa.struct([("a", pa.string())]), pa.date32(), pa.decimal128(5),
]


def columns(chance: random.Random) -> Any:
    """A table of columns of any types, most of them nulls or short texts, sliced anywhere."""
    rows = chance.randrange(4)
    arrays = []
    for _ in range(chance.randrange(4)):
        kind = chance.choice(KINDS)
        values: list[Any] = [None] * rows
        if kind in (pa.string(), pa.large_string()):
            values = [chance.choice([None, "mx.yandex.net", "none", "{", "İ"]) for _ in range(rows)]
        elif kind == pa.list_(pa.string()):
            values = [chance.choice([None, [], ["10 a.b", None], ["mx.yandex.net"]]) for _ in range(rows)]
        arrays.append(pa.array(values, kind))
    table = pa.table(arrays, names=[chance.choice(NAMES) for _ in arrays])
    start = chance.randrange(rows + 1)
    return chance.choice([table, table.slice(start), *arrays] or [table])


def test_junk_is_refused_with_a_code(engine: Engine) -> None:
    """Seeded, so that what is found is found again; a panic is no `HunterError` and fails."""
    seed = int(os.environ.get("HUNTER_FUZZ_SEED", "20261124"))
    chance = random.Random(seed)
    calls = [name for name in dir(Engine) if not name.startswith("_") and name != "from_files"]
    refused = answered = 0
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        name = chance.choice(calls)
        if name.endswith("_batch"):
            rows = columns(chance) if chance.random() < 0.5 else junk(chance)
            if chance.random() < 0.5:
                rows = [junk(chance) for _ in range(chance.randrange(4))]
            arguments = [rows]
        else:
            arguments = [junk(chance) for _ in range(chance.randrange(1, 4))]
        try:
            getattr(engine, name)(*arguments)
            answered += 1
        except HunterError as error:
            assert error.code and str(error), (name, arguments)
            refused += 1
        except TypeError as error:
            # Too few or too many arguments: Python itself says so.
            assert "argument" in str(error), (name, arguments)
    assert answered > 20 and refused > 100, (answered, refused)
