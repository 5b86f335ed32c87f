"""The same operations as the core lists: names, arguments, defaults, answers and error codes."""

from __future__ import annotations

import dataclasses
import inspect
import json
from collections.abc import Callable
from typing import Any, get_args

import pytest

from hunter_leads import Engine, HunterError, Observed, results, scan, scan_sync, words

Catalogue = dict[str, Any]

# What an operation makes of a bad argument, for each code that the catalogue lists.
OBSERVATION = {"v": 1, "domain": "ornek.com.tr", "observed_at": "2026-11-24T09:30:00Z"}
DEEP = "[" * 200 + "]" * 200
FAULTS: dict[tuple[str, str], list[dict[str, Any]]] = {
    ("score", "unknown_word"): [{"provider": "Gogle"}, {"signals": {"dmarc_policy": "monitor"}}],
    ("score", "domain_*"): [{"domain": "firma,com"}],
    ("segment", "unknown_word"): [{"provider": "Gogle"}],
    ("segment", "argument_range"): [{"score": 101}, {"score": -1}, {"score": 10**30}],
    ("priority_score", "unknown_word"): [{"segment": "x"}],
    ("priority_score", "argument_range"): [{"score": 101}],
    ("commercial", "unknown_word"): [{"segment": "x"}, {"provider": "x"}],
    ("commercial", "argument_range"): [{"score": -(10**30)}],
    ("next_step", "unknown_word"): [{"urgency": "urgent"}, {"segment": "x"}],
    ("next_step", "argument_range"): [{"opportunity_potential": 101}],
    ("assess", "observation_syntax"): [
        {"observation": "{"},
        {"observation": '{"v":1}, "today": "2026-11-24"'},
        {"observation": {"v": 1}},
    ],
    ("assess", "observation_version"): [{"observation": {**OBSERVATION, "v": 99}}],
    ("assess", "unknown_word"): [{"lead": {"tenant_size": "huge"}}],
    ("sales_summary", "argument_missing"): [{"assessment": {}}],
    ("sales_summary", "argument_range"): [
        {"assessment": {"domain": "a.com", "readiness_score": 101}}
    ],
    ("sales_summary", "locale_unknown"): [{"locale": "xx"}],
    ("sales_summary", "unknown_word"): [{"assessment": {"domain": "a.com", "segment": "x"}}],
    ("sales_summary", "domain_*"): [{"assessment": {"domain": "firma,com"}}],
    ("explain", "observation_syntax"): [{"observation": "nonsense"}],
    ("explain", "observation_version"): [{"observation": json.dumps({**OBSERVATION, "v": 99})}],
    ("explain", "locale_unknown"): [{"locale": "xx"}],
    ("explain", "unknown_word"): [{"lead": {"tenant_size": "huge"}}],
    ("normalize_domain", "domain_*"): [{"text": ""}, {"text": "firma,com"}],
    ("classify_mx", "domain_*"): [{"domain": "localhost"}],
    ("signals_hash", "signals_json"): [{"signals": "{"}, {"signals": {"a": object()}}],
    ("signals_hash", "signals_depth"): [{"signals": DEEP}, {"signals": {"a": json.loads(DEEP)}}],
    ("signals_canonical", "signals_json"): [{"signals": ""}, {"signals": {1: 1, "1": 1}}],
    ("signals_canonical", "signals_depth"): [{"signals": DEEP}],
    ("diff", "argument_missing"): [{"after": {}}],
    ("diff", "unknown_word"): [{"after": {"segment": "x"}}],
    ("diff", "domain_*"): [{"after": {"domain": "firma,com"}}],
    ("contacts", "domain_*"): [{"domain": "firma,com"}],
}


def test_every_operation_is_a_method_and_every_method_an_operation(catalogue: Catalogue) -> None:
    listed = {entry["name"] for entry in catalogue["operations"] + catalogue["batches"]}
    methods = {
        name
        for name, value in vars(Engine).items()
        if callable(value) and not name.startswith("_")
    }
    assert methods == listed


def test_arguments_have_the_names_order_and_defaults_of_the_list(catalogue: Catalogue) -> None:
    for entry in catalogue["operations"]:
        parameters = list(inspect.signature(getattr(Engine, entry["name"])).parameters.values())[1:]
        ours = [
            (parameter.name, parameter.default is parameter.empty) for parameter in parameters
        ]
        assert ours == [(a["name"], a["default"] is None) for a in entry["arguments"]], entry["name"]
        for parameter, argument in zip(parameters, entry["arguments"], strict=True):
            if argument["default"] is not None:
                default = json.loads(argument["default"])
                assert parameter.default == (None if default in (None, {}) else default)


def test_answers_have_the_fields_of_the_list(catalogue: Catalogue, engine: Engine) -> None:
    for entry in catalogue["operations"]:
        answer = getattr(engine, entry["name"])(**json.loads(entry["example"]))
        fields = entry["answer"]["fields"]
        if len(fields) == 1:
            assert not isinstance(answer, results.Result), entry["name"]
        else:
            assert list(answer.to_dict()) == fields, entry["name"]


def test_nulls_are_taken_where_the_list_says_so(catalogue: Catalogue, engine: Engine) -> None:
    for entry in catalogue["operations"]:
        for argument in entry["arguments"]:
            # An argument with the default `{}` may be None in Python, which then leaves it out.
            nullable = argument["nullable"] or argument["default"] == "{}"
            given = {**json.loads(entry["example"]), argument["name"]: None}
            call = getattr(engine, entry["name"])
            if nullable:
                call(**given)
            else:
                with pytest.raises(HunterError):
                    call(**given)


def test_batches_take_and_give_the_columns_of_the_list(catalogue: Catalogue, engine: Engine) -> None:
    values = {"utf8": None, "bool": None, "list_utf8": None}
    for entry in catalogue["batches"]:
        batch = getattr(engine, entry["name"])
        names = [column["name"] for column in entry["input"]]
        flat = [column for column in entry["input"] if column["name"] != "observation"]
        row: Any = {column["name"]: values[column["type"]] for column in flat}
        table = batch([None] if entry["name"] == "classify_batch" else [row])
        assert table.column_names == tuple(column["name"] for column in entry["output"])
        assert table.column_names[-1] == "error"
        assert len(table) == 1 and names


def test_every_listed_code_is_raised(catalogue: Catalogue, engine: Engine) -> None:
    listed = {(e["name"], code) for e in catalogue["operations"] for code in e["errors"]}
    assert listed == set(FAULTS)
    for entry in catalogue["operations"]:
        for code in entry["errors"]:
            for fault in FAULTS[entry["name"], code]:
                with pytest.raises(HunterError) as raised:
                    getattr(engine, entry["name"])(**{**json.loads(entry["example"]), **fault})
                found = raised.value.code
                fits = found.startswith(code[:-1]) if code.endswith("*") else found == code
                assert fits, (entry["name"], code, fault, str(raised.value))


def test_wrong_types_are_invalid_everywhere(catalogue: Catalogue, engine: Engine) -> None:
    for entry in catalogue["operations"]:
        for argument in entry["arguments"]:
            for wrong in (object(), b"bytes", {1, 2}, float("nan"), "\ud800"):
                given = {**json.loads(entry["example"]), argument["name"]: wrong}
                with pytest.raises(HunterError) as raised:
                    getattr(engine, entry["name"])(**given)
                if not isinstance(wrong, str):
                    codes = {"argument_invalid", "observation_syntax"}
                    assert raised.value.code in codes, (entry["name"], given)


def test_words_are_those_of_the_core(engine: Engine) -> None:
    """Every word of a list is taken, and the message for another names the whole list."""
    lists: list[tuple[Any, dict[str, Any]]] = [
        (words.Provider, {"provider": "?"}),
        (words.DmarcPolicy, {"signals": {"dmarc_policy": "?"}}),
    ]
    for literal, fault in lists:
        given: dict[str, Any] = {"provider": None, "signals": {}, "mx_records": [], **fault}
        with pytest.raises(HunterError) as raised:
            engine.score(**given)
        assert str(raised.value).endswith(f"use one of {', '.join(get_args(literal))}")
    for literal, row in [
        (words.Segment, "segment"),
        (words.TenantSize, "tenant_size"),
        (words.ScanStatus, "scan_status"),
        (words.Basis, "basis"),
    ]:
        with pytest.raises(HunterError) as raised:
            engine.sales_summary({"domain": "a.com", row: "?"})
        assert str(raised.value).endswith(f"use one of {', '.join(get_args(literal))}")
    with pytest.raises(HunterError) as raised:
        engine.next_step(None, 1, "?")
    assert str(raised.value).endswith(f"use one of {', '.join(get_args(words.Level))}")


@pytest.mark.parametrize("begin", [scan, scan_sync])
def test_settings_of_a_scan_and_their_defaults_are_those_of_every_language(
    catalogue: Catalogue, begin: Callable[..., object]
) -> None:
    arguments = dict(inspect.signature(begin).parameters)
    assert arguments.pop("domains").default is inspect.Parameter.empty
    assert arguments.pop("engine").default is None
    assert all(argument.kind is inspect.Parameter.KEYWORD_ONLY for argument in arguments.values())
    listed = {setting["name"]: setting["default"] for setting in catalogue["scan"]["settings"]}
    assert len(listed) > 10
    plain = {name: argument.default for name, argument in arguments.items()}
    # An empty list is an empty tuple, which no call can change.
    assert {name: list(value) if value == () else value for name, value in plain.items()} == listed
    assert list(plain) == list(listed)


def test_fields_of_an_output_are_those_of_every_language(catalogue: Catalogue) -> None:
    assert [field.name for field in dataclasses.fields(Observed)] == catalogue["scan"]["output"]
