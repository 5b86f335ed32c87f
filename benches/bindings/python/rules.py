"""The readiness rules as one would write them in plain Python: the eleven columns of `score_batch`.

They are those of `hunter-core/data/rules/classic.toml`. What is unknown earns and costs nothing, and
opens the interval from `score_low` to `score_high`: every value that it may turn out to have is tried.
"""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import Any, NamedTuple, Optional

POINTS = {
    "M365": 50,
    "Google": 50,
    "Yandex": 30,
    "Zoho": 30,
    "Amazon": 20,
    "SendGrid": 20,
    "Mailgun": 20,
    "Hosting": 20,
    "Local": 10,
    "Unknown": 0,
}
DMARC = {"none": -10, "quarantine": 15, "reject": 20}
MIGRATES = frozenset({"Google", "Yandex", "Zoho", "Hosting", "Local"})
SUITES = frozenset({"Google", "Yandex", "Zoho"})
MOST_INCLUDES = 3

PROVIDERS = tuple(POINTS)
SIGNALS = (None, True, False)
POLICIES = (None, "", *DMARC)

Flag = Optional[bool]


class Verdict(NamedTuple):
    """One row of the answer, in the order of the columns."""

    score: int
    score_low: int
    score_high: int
    partial: bool
    segment_certain: bool
    segment: str
    technical_heat: str
    commercial_segment: str
    commercial_heat: str
    priority_category: str
    priority_score: int


def includes(record: str | None) -> int:
    """How many domains an SPF text includes."""
    return record.lower().count("include:") if record else 0


def takes_mail(records: list[str]) -> bool:
    """Whether there is an MX record that is not null (RFC 7505)."""
    return any(record.split()[-1] != "." for record in records)


def readiness(row: dict[str, Any]) -> Verdict:
    """The verdict on one row."""
    return by_facts(judged, row)


def readiness_kept(row: dict[str, Any]) -> Verdict:
    """The same where the verdict on facts that were met before is kept."""
    return by_facts(JUDGED, row)


def by_facts(judge: Any, row: dict[str, Any]) -> Verdict:
    if not takes_mail(row["mx_records"]):
        return NO_MAIL
    spf, record = row["spf"], row["spf_record"]
    if record is not None:
        many = includes(record) > MOST_INCLUDES
    else:
        many = None if spf is None else False
    return judge(row["provider"], spf, row["dkim"], row["dmarc_policy"], many)


def judged(
    provider: str | None, spf: Flag, dkim: Flag, dmarc: str | None, many: Flag
) -> Verdict:
    """The verdict on the facts; `None` is unknown, and a policy of "" an absent record."""
    known = provider or "Unknown"
    score = points(known, spf, dkim, dmarc, many)
    segment = segment_of(known, score)
    low = high = score
    is_certain = True
    is_partial = None in (provider, spf, dkim, dmarc, many)
    if is_partial:
        for facts in product(
            PROVIDERS if provider is None else (provider,),
            SIGNALS if spf is None else (spf,),
            SIGNALS if dkim is None else (dkim,),
            POLICIES if dmarc is None else (dmarc,),
            SIGNALS if many is None else (many,),
        ):
            other = points(*facts)
            if other < low:
                low = other
            elif other > high:
                high = other
            if is_certain and segment_of(facts[0], other) != segment:
                is_certain = False
    return Verdict(score, low, high, is_partial, is_certain, segment, *follows(segment, known, score))


def points(provider: str, spf: Flag, dkim: Flag, dmarc: str | None, many: Flag) -> int:
    total = POINTS[provider] + DMARC.get(dmarc, 0)  # type: ignore[arg-type]
    if spf is not None:
        total += 10 if spf else -10
    if dkim is not None:
        total += 10 if dkim else -15
    if provider == "Hosting" and spf is False and dkim is False:
        total -= 10
    if many:
        total -= 5
    return max(0, min(100, total))


def segment_of(provider: str, score: int) -> str:
    if provider == "M365":
        return "Existing"
    if score >= 60 and provider in MIGRATES:
        return "Migration"
    if 5 <= score <= 59 and provider == "Local":
        return "Cold"
    return "Cold" if 40 <= score <= 59 else "Skip"


def follows(segment: str, provider: str, score: int) -> tuple[str, str, str, str, int]:
    """Heats, commercial segment, category and priority."""
    if segment == "Existing":
        if score >= 70:
            return "Hot", "RENEWAL", "MEDIUM", "P4", 3
        heat = "HIGH" if score >= 50 else "MEDIUM"
        return "Hot", "WEAK_PARTNER", heat, "P3", 4 if score >= 50 else 5 if score >= 30 else 6
    if segment == "Migration":
        priority = 1 if score >= 80 else 2 if score >= 70 else 3
        if provider in SUITES:
            return "Warm", "COMPETITIVE", "HIGH", "P2", priority
        return "Cold", "GREENFIELD", "HIGH", "P1", priority
    if segment == "Cold":
        priority = 5 if score >= 40 else 6 if score >= 20 else 7
        if provider == "Local":
            return "Cold", "GREENFIELD", "HIGH", "P1", priority
        return "Cold", "LOW_INTENT", "LOW", "P5", priority
    return "Cold", "NO_GO", "LOW", "P6", 7


JUDGED = cache(judged)
NO_MAIL = Verdict(0, 0, 0, False, True, "Skip", *follows("Skip", "Unknown", 0))
