"""The engine: every operation of docs/PARITY.md, with the same names, defaults and error codes."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Union, cast

from ._native import Engine as NativeEngine
from .errors import ArgumentError, DataError

if TYPE_CHECKING:
    from ._native import Table
    from .arrow import Hosts, Observations, ScoreRows
    from .results import (
        Assessment,
        Change,
        Commercial,
        Contacts,
        DkimRecord,
        DmarcRecord,
        Explanation,
        MailProvider,
        NextStep,
        NormalizedDomain,
        SalesSummary,
        Score,
        SpfRecord,
    )
    from .words import Segment

__all__ = ["Engine"]

Paths = Union[str, "os.PathLike[str]", Iterable[Union[str, "os.PathLike[str]"]]]
Fields = Mapping[str, Any]


class Engine:
    """Rules, fingerprints, prices and texts, read once.

    ``Engine()`` has what ships with the product. An engine is shared freely between threads, works
    after a fork, and can be pickled.
    """

    __slots__ = ("_files", "_native", "_tuning_factor")

    def __init__(self, *, tuning_factor: float | None = None) -> None:
        """``tuning_factor``, 0 to 2, is what the opportunity potential is multiplied by."""
        self._read((), tuning_factor)

    @classmethod
    def from_files(cls, paths: Paths, *, tuning_factor: float | None = None) -> Engine:
        """An engine with data files in place of the built-in ones.

        ``paths`` is a folder or the paths of files: ``rules.toml``, ``providers.json``,
        ``confidence.toml``, ``prices.toml``, ``hooks.toml``, ``sales.toml``, ``seller.toml`` and
        texts in ``texts/LANGUAGE.ftl`` or ``texts/LANGUAGE/FILE.ftl``. What is not given is built in.

        Raises ``DataError``, which names file, line and key, and ``OSError`` for what cannot be read.
        """
        engine = cls.__new__(cls)
        engine._read(tuple(_read(path) for path in _files(paths)), tuning_factor)
        return engine

    def _read(self, files: tuple[tuple[str, str], ...], tuning_factor: float | None) -> None:
        _check("tuning_factor", tuning_factor, (int, float, type(None)), "a number")
        self._native = NativeEngine(files, tuning_factor)
        self._files = files
        self._tuning_factor = tuning_factor

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt, (self._files, self._tuning_factor)

    def __repr__(self) -> str:
        return f"<hunter_leads.Engine: {len(self._files) or 'built-in'} files>"

    def score(
        self,
        provider: str | None,
        signals: Fields,
        mx_records: Sequence[str] | None,
        domain: str | None = None,
    ) -> Score:
        """Scores a domain by its provider, signals and MX records.

        ``signals`` has ``spf``, ``dkim``, ``dmarc_policy`` and ``spf_record``. A key that is missing,
        and a ``None`` for ``spf`` or ``dkim``, is unknown; ``dmarc_policy: None`` is an absent record.
        ``mx_records=[]`` says that there are none, ``None`` that nobody knows.
        """
        return self._native.score(provider, signals, mx_records, domain)

    def segment(self, score: int, provider: str) -> Segment:
        """The technical segment of a score and a class."""
        return self._native.segment(score, provider)

    def priority_score(self, segment: str | None, score: int | None) -> int:
        """The priority score, 1 (best) to 7, of a segment and a score."""
        return self._native.priority_score(segment, score)

    def commercial(self, segment: str, provider: str, score: int) -> Commercial:
        """Heats, commercial segment and category of a segment, a class and a score."""
        return self._native.commercial(segment, provider, score)

    def next_step(
        self, segment: str | None, opportunity_potential: int, urgency: str
    ) -> NextStep:
        """What to do with a lead, by when, and how important it is."""
        return self._native.next_step(segment, opportunity_potential, urgency)

    def assess(
        self,
        observation: Fields | str,
        lead: Fields | None = None,
        today: date | str | None = None,
    ) -> Assessment:
        """Assesses an observation, given as a mapping or as its JSON text."""
        if lead is None and today is None and isinstance(observation, str):
            return self._native.assess_text(observation)
        arguments: dict[str, object] = {"observation": observation, "today": today}
        return cast("Assessment", self._with_lead("assess", arguments, lead, "observation"))

    def sales_summary(
        self,
        assessment: Assessment | Fields,
        lead: Fields | None = None,
        locale: str = "tr",
        today: date | str | None = None,
    ) -> SalesSummary:
        """What to say and do with a lead, from an assessment or the fields of its row."""
        arguments: dict[str, object] = {"assessment": assessment, "locale": locale, "today": today}
        return cast("SalesSummary", self._with_lead("sales_summary", arguments, lead))

    def explain(
        self,
        observation: Fields | str,
        lead: Fields | None = None,
        locale: str = "tr",
        today: date | str | None = None,
    ) -> Explanation:
        """Everything about an observed domain: lead row, sales summary, script, open questions."""
        arguments: dict[str, object] = {
            "observation": observation,
            "locale": locale,
            "today": today,
        }
        return cast("Explanation", self._with_lead("explain", arguments, lead, "observation"))

    def normalize_domain(self, text: str) -> NormalizedDomain:
        """Reads a domain from a spreadsheet cell, a web address or an e-mail address."""
        return self._native.normalize_domain(text)

    def parse_spf(self, text: str) -> SpfRecord:
        """Reads an SPF record, with all findings."""
        return self._native.parse_spf(text)

    def parse_dkim(self, text: str) -> DkimRecord:
        """Reads a DKIM key record, with all findings."""
        return self._native.parse_dkim(text)

    def parse_dmarc(self, text: str) -> DmarcRecord:
        """Reads a DMARC record, with all findings."""
        return self._native.parse_dmarc(text)

    def classify_mx(self, records: Sequence[str], domain: str | None = None) -> MailProvider:
        """Names who takes a domain's mail, by its MX records alone."""
        return self._native.classify_mx(records, domain)

    def signals_hash(self, signals: Mapping[Any, Any] | str) -> str:
        """The hash of signals under which a score is cached: JSON text or any dictionary."""
        if isinstance(signals, str):
            return cast(str, self._native.call("signals_hash", {"signals": signals}))
        return hashlib.sha256(self._dumped(signals).encode("ascii")).hexdigest()[:16]

    def signals_canonical(self, signals: Mapping[Any, Any] | str) -> str:
        """The canonical JSON that the signals hash is taken of: ``json.dumps`` with sorted keys."""
        if isinstance(signals, str):
            return cast(str, self._native.call("signals_canonical", {"signals": signals}))
        return self._dumped(signals)

    def diff(
        self, before: Assessment | Fields | None, after: Assessment | Fields
    ) -> tuple[Change, ...]:
        """What changed between two scans of a domain, and which changes raise an alert."""
        changes = self._native.call("diff", {"before": before, "after": after})
        return cast("tuple[Change, ...]", changes)

    def contacts(self, domain: str, addresses: Sequence[str]) -> Contacts:
        """What a lead's e-mail addresses say: their quality and their pattern."""
        found = self._native.call("contacts", {"domain": domain, "addresses": addresses})
        return cast("Contacts", found)

    def score_batch(self, rows: ScoreRows, *, threads: int | None = None) -> Table:
        """Scores rows by the columns that docs/PYTHON.md lists; null is unknown.

        ``rows`` is a table, data frame or stream of any library that gives Arrow, or a list of
        dictionaries. Every row gives one row, in the same order; what is wrong with a row stands in
        its column ``error``. The work is done on ``threads`` threads, one a processor if not given,
        while other Python threads run.
        """
        return self._native.batch("score_batch", rows, threads, None)

    def classify_batch(self, rows: Hosts, *, threads: int | None = None) -> Table:
        """Names who takes the mail, by one column of MX records or hosts.

        ``rows`` is a column, or a table of one column, of any library that gives Arrow, or a list
        whose rows are a host or a list of hosts. The rest is as in ``score_batch``.
        """
        return self._native.batch("classify_batch", rows, threads, None)

    def assess_batch(
        self,
        rows: Observations,
        *,
        observed_at: datetime | str | None = None,
        threads: int | None = None,
    ) -> Table:
        """Assesses rows: observations as JSON text, or flat columns.

        ``rows`` has the column ``observation``, or the columns ``domain``, ``mx``, ``txt``,
        ``dmarc``, ``dkim_cnames`` and ``autodiscover``; a list has observations, as text or as
        dictionaries, or flat dictionaries. ``observed_at`` says when flat rows were observed: now,
        if not given. The rest is as in ``score_batch``.
        """
        return self._native.batch("assess_batch", rows, threads, observed_at)

    def _with_lead(
        self, operation: str, arguments: dict[str, object], lead: Fields | None, raw: str = ""
    ) -> Any:
        if lead is not None:
            arguments["lead"] = lead
        return self._native.call(operation, arguments, raw)

    def _dumped(self, signals: Mapping[Any, Any]) -> str:
        """``json.dumps`` of a dictionary: by definition what the hash is taken of.

        Only ``json.dumps`` knows the order of keys that are no texts, so that its text counts as it
        stands; the core reads it too and refuses what it would refuse as text.
        """
        _check("signals", signals, (Mapping,), "a dictionary or text")
        try:
            text = json.dumps(signals, sort_keys=True)
        except RecursionError as cause:
            raise ArgumentError("signals: nest at most 128 levels", "signals_depth") from cause
        except (TypeError, ValueError) as cause:
            raise ArgumentError(f"signals: {cause}", "signals_json") from cause
        self._native.call("signals_hash", {"signals": text})
        return text


def _check(name: str, value: object, kinds: tuple[type, ...], wanted: str) -> None:
    if not isinstance(value, kinds):
        kind = type(value).__name__
        message = f"arguments: `{name}`: invalid type: {kind}, expected {wanted}"
        raise ArgumentError(message, "argument_invalid")


def _rebuilt(files: tuple[tuple[str, str], ...], tuning_factor: float | None) -> Engine:
    engine = Engine.__new__(Engine)
    engine._read(files, tuning_factor)
    return engine


def _files(paths: Paths) -> list[Path]:
    """The files named, or those of a folder that the core knows by their ending."""
    if not isinstance(paths, (str, os.PathLike)):
        return [Path(path) for path in paths]
    folder = Path(paths)
    if not folder.is_dir():
        return [folder]
    texts = sorted((folder / "texts").rglob("*.ftl"))
    top = sorted(path for path in folder.iterdir() if path.suffix in {".toml", ".json"})
    if not top and not texts:
        message = f"{folder}: the folder holds no data file: name a folder with `rules.toml` or others"
        raise DataError(message, "data_file_unknown", file=str(folder))
    return top + texts


def _read(path: Path) -> tuple[str, str]:
    try:
        return path.as_posix(), path.read_text(encoding="utf-8")
    except UnicodeDecodeError as cause:
        message = f"{path}: is not UTF-8: save it as UTF-8"
        raise DataError(message, "data_file_read", file=str(path)) from cause
