"""The golden vectors of tests/vectors: listed fields must match exactly."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from conftest import VECTORS, vectors
from hunter_leads import DomainError, Engine

TODAY = date(2026, 11, 24)

# Which test here runs which file. http.jsonl are calls of the server, which it tests itself.
FILES = {
    "commercial.jsonl",
    "hash.jsonl",
    "http.jsonl",
    "next_step.jsonl",
    "normalize.jsonl",
    "priority.jsonl",
    "sales.jsonl",
    "score.jsonl",
    "security.jsonl",
    "segment.jsonl",
}


def test_every_file_has_its_test() -> None:
    assert {path.name for path in VECTORS.glob("*.jsonl")} == FILES


def listed(ours: dict[str, Any], expected: dict[str, Any], line: object) -> None:
    assert expected, f"nothing is listed in {line}"
    assert {name: ours[name] for name in expected} == expected, line


def test_score(engine: Engine) -> None:
    for line in vectors("score.jsonl"):
        ours = engine.score(**line["in"]).to_dict()
        listed(ours, line["out"], line)
        assert ours["priority_score"] == line["priority_score"], line
        assert not ours["partial"]
        if line["breakdown"] is not None:
            listed(ours["breakdown"], line["breakdown"], line)


def test_segment(engine: Engine) -> None:
    for line in vectors("segment.jsonl"):
        assert engine.segment(**line["in"]) == line["segment"], line


def test_priority(engine: Engine) -> None:
    for line in vectors("priority.jsonl"):
        assert engine.priority_score(**line["in"]) == line["priority_score"], line


def test_commercial(engine: Engine) -> None:
    for line in vectors("commercial.jsonl"):
        given = line.pop("in")
        given["segment"] = given.pop("technical_segment")
        listed(engine.commercial(**given).to_dict(), line, given)


def test_next_step(engine: Engine) -> None:
    for line in vectors("next_step.jsonl"):
        given = line.pop("in")
        listed(engine.next_step(**given).to_dict(), line, given)


def test_hash(engine: Engine) -> None:
    for line in vectors("hash.jsonl"):
        assert engine.signals_canonical(line["signals"]) == line["canonical"], line
        assert engine.signals_hash(line["signals"]) == line["hash"], line
        assert engine.signals_hash(line["canonical"]) == line["hash"], line


def test_normalize(engine: Engine) -> None:
    for line in vectors("normalize.jsonl"):
        if line["domain"] is None:
            with pytest.raises(DomainError) as refused:
                engine.normalize_domain(line["in"])
            assert refused.value.code.startswith("domain_"), line
        else:
            assert engine.normalize_domain(line["in"]).domain == line["domain"], line


def row(given: dict[str, Any]) -> dict[str, Any]:
    """A vector's lead as fields of a lead row: it counts days from today, and groups some fields."""
    fields = {"domain": "example.com", **given}
    fields.pop("tuning_factor", None)
    days = fields.pop("expires_in_days", None)
    if days is not None:
        fields["expires_at"] = TODAY + timedelta(days=days)
    fields.update(fields.pop("ip_context", None) or {})
    return fields


@pytest.fixture(scope="module")
def tuned() -> dict[float, Engine]:
    """Engines by their factor, for every factor that the vectors name."""
    factors = {line["in"]["tuning_factor"] for line in vectors("sales.jsonl")}
    return {factor: Engine(tuning_factor=factor) for factor in factors | {0.9, 1.0, 1.1}}


@pytest.mark.parametrize("locale", ["tr", "en"])
def test_sales(tuned: dict[float, Engine], locale: str) -> None:
    for line in vectors("sales.jsonl"):
        fields = row(line["in"])
        engine = tuned[line["in"]["tuning_factor"]]
        found = engine.sales_summary(fields, locale=locale, today=TODAY)
        assert found.security_reasoning is not None
        rationale = found.opportunity_rationale
        offer = found.offer_tier.to_dict()
        ours = {
            "offer_tier": {name: offer[name] for name in line["offer_tier"]},
            "opportunity_potential": found.opportunity_potential,
            "rationale_total": rationale.total,
            "rationale_factors": [[f.name, f.weight, f.raw, f.score] for f in rationale.factors],
            "urgency": found.urgency,
            "risk_level": found.security_reasoning.risk_level,
            "next_step": {n: found.next_step.to_dict()[n] for n in line["next_step"]},
        }
        listed(ours, {name: line[name] for name in ours}, line)


def test_potential_by_tuning_factor(tuned: dict[float, Engine]) -> None:
    for line in vectors("sales.jsonl"):
        fields = row(line["in"])
        without = {**fields, "contact_quality_score": None}
        for factor in (0.9, 1.0, 1.1):
            engine = tuned[factor]
            for end, lead in (("", without), ("_cqs", fields)):
                ours = engine.sales_summary(lead, today=TODAY).opportunity_potential
                assert ours == line["potential"][f"tf{factor}{end}"], line


def test_security(engine: Engine) -> None:
    for line in vectors("security.jsonl"):
        found = engine.sales_summary(row(line["in"]), today=TODAY).security_reasoning
        assert found is not None and found.risk_level == line["risk_level"], line
