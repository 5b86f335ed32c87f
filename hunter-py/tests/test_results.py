"""Results are frozen, equal by their fields, travel between processes, and show themselves."""

from __future__ import annotations

import multiprocessing
import pickle
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hunter_leads import ArgumentError, DataError, DomainError, Engine
from hunter_leads.results import BY_CORE_NAME, Result, Score

MX = ["1 aspmx.l.google.com"]
OBSERVATION = (
    '{"v":1,"domain":"ornek.com.tr","observed_at":"2026-11-24T09:30:00Z","answers":['
    '{"name":"ornek.com.tr","type":"MX","state":"found","records":["1 aspmx.l.google.com"]}]}'
)


@pytest.fixture
def score(engine: Engine) -> Score:
    return engine.score("Google", {"spf": True, "dmarc_policy": None}, MX, "ornek.com.tr")


def test_results_do_not_change(score: Score) -> None:
    for name in ("score", "other"):
        with pytest.raises(AttributeError):
            setattr(score, name, 1)
    assert score.breakdown is not None
    with pytest.raises(TypeError):
        score.breakdown.signal_points["spf"] = 1  # type: ignore[index]
    with pytest.raises(AttributeError):
        del score.score


def test_equal_fields_are_equal_results(engine: Engine, score: Score) -> None:
    again = engine.score("Google", {"spf": True, "dmarc_policy": None}, MX, "ornek.com.tr")
    assert again == score and hash(again) == hash(score) and len({again, score}) == 1
    assert score != engine.score("M365", {}, MX) and score != tuple(score)


def test_results_and_errors_are_pickled(engine: Engine, score: Score) -> None:
    explained = engine.explain(OBSERVATION, locale="en", today="2026-11-24")
    for result in (score, explained):
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
            back = pickle.loads(pickle.dumps(result, protocol))
            assert back == result and back.to_dict() == result.to_dict()
    with pytest.raises(DomainError) as raised:
        engine.normalize_domain("firma,com")
    error = pickle.loads(pickle.dumps(raised.value))
    assert (type(error), error.code, str(error)) == (
        DomainError,
        "domain_bad_character",
        str(raised.value),
    )
    assert error.suggestion == raised.value.suggestion


def test_looks(score: Score, engine: Engine) -> None:
    assert repr(score).startswith("Score(domain='ornek.com.tr', scan_status='answered', score=")
    html = score._repr_html_()
    assert f"{score.score_low} to {score.score_high}" in html and "provider Google" in html
    assert "no verdict" in engine.score(None, {}, None)._repr_html_()
    assert "<table>" in engine.assess(OBSERVATION)._repr_html_()


def test_a_class_has_fields_and_a_word_of_its_own() -> None:
    for cls in BY_CORE_NAME.values():
        assert issubclass(cls, Result) and cls._fields and cls.__doc__


def test_an_observation_is_text_or_mapping(engine: Engine) -> None:
    import json

    assert engine.assess(OBSERVATION) == engine.assess(json.loads(OBSERVATION))
    row = engine.assess(OBSERVATION)
    assert row.provider == "Google" and engine.diff(row, row.to_dict()) == ()
    assert engine.sales_summary(row, today="2026-11-24") == engine.sales_summary(
        row.to_dict(), today="2026-11-24"
    )


def test_files_take_the_place_of_the_built_in(tmp_path: Path) -> None:
    built_in = Path(__file__).parents[2] / "hunter-core" / "data" / "rules" / "classic.toml"
    text = built_in.read_text("utf-8")
    edited = text.replace("M365 = 50", "M365 = 49", 1)
    assert edited != text
    (tmp_path / "rules.toml").write_text(edited, "utf-8")
    for paths in (tmp_path, str(tmp_path / "rules.toml"), [tmp_path / "rules.toml"]):
        engine = Engine.from_files(paths)
        assert engine.score("M365", {}, MX).score == 49
        assert pickle.loads(pickle.dumps(engine)).score("M365", {}, MX).score == 49


def test_faulty_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError) as empty:
        Engine.from_files(tmp_path)
    assert empty.value.code == "data_file_unknown"
    rules = tmp_path / "rules.toml"
    rules.write_text("version = ")
    with pytest.raises(DataError) as syntax:
        Engine.from_files(tmp_path)
    assert (syntax.value.code, syntax.value.line) == ("data_syntax", 1)
    assert syntax.value.file is not None and syntax.value.file.endswith("rules.toml")
    rules.write_bytes(b"\xff\xfe")
    with pytest.raises(DataError) as encoding:
        Engine.from_files(tmp_path)
    assert encoding.value.code == "data_file_read"
    assert isinstance(encoding.value.__cause__, UnicodeDecodeError)
    with pytest.raises(OSError):
        Engine.from_files([tmp_path / "seller.toml"])
    with pytest.raises(ArgumentError) as factor:
        Engine(tuning_factor=float("nan"))
    assert factor.value.code == "argument_range"


def test_causes_are_kept_and_giant_texts_are_judged(engine: Engine) -> None:
    with pytest.raises(ArgumentError) as surrogate:
        engine.parse_spf("\ud800")
    assert isinstance(surrogate.value.__cause__, UnicodeEncodeError)
    with pytest.raises(DomainError):
        engine.normalize_domain("a" * 10_000_000)
    assert not engine.parse_spf("x" * 10_000_000).is_record


def test_threads_share_an_engine(engine: Engine, score: Score) -> None:
    def work(_: int) -> bool:
        return all(
            engine.score("Google", {"spf": True, "dmarc_policy": None}, MX, "ornek.com.tr") == score
            for _ in range(200)
        )

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(16)))


def _in_child(engine: Engine) -> int | None:
    return engine.assess(OBSERVATION).readiness_score


def test_an_engine_works_after_a_fork_and_in_a_new_process(engine: Engine) -> None:
    expected = _in_child(engine)
    assert expected is not None
    for method in multiprocessing.get_all_start_methods():
        with multiprocessing.get_context(method).Pool(2) as pool:
            assert pool.map(_in_child, [engine] * 4) == [expected] * 4
