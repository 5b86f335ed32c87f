"""The signals hash of any dictionary is that of `json.dumps`, byte for byte."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hunter_leads import ArgumentError, Engine

ENGINE = Engine()

# Texts with lone surrogates, numbers of any size, NaN and infinities: `json.dumps` takes them all.
TEXT = st.text(st.characters(), max_size=20)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXT
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4)
)


def expected(signals: dict[Any, Any]) -> tuple[str, str]:
    text = json.dumps(signals, sort_keys=True)
    return text, hashlib.sha256(text.encode()).hexdigest()[:16]


@settings(max_examples=500, deadline=None)
@given(st.dictionaries(TEXT, VALUES, max_size=6))
def test_the_core_and_json_dumps_agree(signals: dict[str, Any]) -> None:
    text, digest = expected(signals)
    assert ENGINE.signals_canonical(signals) == text
    assert ENGINE.signals_hash(signals) == digest
    # The core by itself, from text whose keys stand in another order.
    unsorted = json.dumps(signals)
    assert ENGINE.signals_canonical(unsorted) == text
    assert ENGINE.signals_hash(unsorted) == digest


@settings(deadline=None)
@given(st.dictionaries(st.integers() | st.floats(allow_nan=False), SCALARS, max_size=6))
def test_keys_that_are_no_texts_sort_as_python_sorts_them(signals: dict[Any, Any]) -> None:
    assert (ENGINE.signals_canonical(signals), ENGINE.signals_hash(signals)) == expected(signals)


def test_what_json_dumps_refuses_is_refused_with_its_cause() -> None:
    cycle: dict[str, Any] = {}
    cycle["self"] = cycle
    refused: list[dict[Any, Any]] = [{"a": {1}}, {1: 1, "a": 1}, cycle]
    for signals in refused:
        with pytest.raises(ArgumentError) as raised:
            ENGINE.signals_hash(signals)
        assert raised.value.code == "signals_json" and raised.value.__cause__ is not None
