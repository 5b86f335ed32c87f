"""What type checkers know of the package: held by `mypy --strict`, which reads the tests, and run too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
import pyarrow as pa
from typing_extensions import assert_type

from hunter_leads import Engine, Table
from hunter_leads.results import Assessment, Breakdown, MailProvider, Score
from hunter_leads.words import Provider, Segment

OBSERVATION = {"v": 1, "domain": "ornek.com.tr", "observed_at": "2026-11-24T09:30:00Z", "answers": []}


def test_answers_have_their_types(engine: Engine) -> None:
    mail = engine.classify_mx(["1 aspmx.l.google.com"])
    assert_type(mail, MailProvider)
    assert_type(mail.provider, Provider)
    lead = engine.score(mail.provider, {"spf": True}, ["1 aspmx.l.google.com"])
    assert_type(lead, Score)
    assert_type(lead.score, int | None)
    assert_type(lead.segment, Segment | None)
    assert_type(lead.breakdown, Breakdown | None)
    assert lead.breakdown is not None
    assert_type(lead.breakdown.signal_points, Mapping[str, int])
    assert_type(lead.to_dict(), dict[str, Any])
    assert_type(engine.assess(OBSERVATION), Assessment)
    assert_type(engine.signals_hash({"a": 1}), str)


def test_batches_take_what_the_stubs_say(engine: Engine) -> None:
    table = engine.classify_batch(["aspmx.l.google.com", ["1 mx.yandex.net"], None], threads=2)
    assert_type(table, Table)
    assert_type(table.to_dicts(), list[dict[str, Any]])
    assert_type(table.column_names, tuple[str, ...])
    assert_type(len(table), int)
    # Protocols, not names of libraries: whatever has the interface is taken.
    assert_type(engine.score_batch(pl.DataFrame({"spf": [True]})), Table)
    assert_type(engine.score_batch(pa.table({"spf": [True]})), Table)
    assert_type(engine.assess_batch([OBSERVATION]), Table)
    assert_type(pl.DataFrame(table), pl.DataFrame)
