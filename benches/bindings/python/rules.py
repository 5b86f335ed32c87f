"""The readiness rules as one would write them in plain Python: score and segment of one row."""

from __future__ import annotations

from typing import Any

PROVIDER = {
    "M365": 50,
    "Google": 50,
    "Yandex": 30,
    "Zoho": 30,
    "Amazon": 20,
    "SendGrid": 20,
    "Mailgun": 20,
    "Hosting": 20,
    "Local": 10,
}
DMARC = {"none": -10, "quarantine": 15, "reject": 20}
MIGRATES = frozenset({"Google", "Yandex", "Zoho", "Hosting", "Local"})


def includes(record: str | None) -> int:
    """How many domains an SPF text includes."""
    return record.lower().count("include:") if record else 0


def takes_mail(records: list[str]) -> bool:
    """Whether there is an MX record that is not null (RFC 7505)."""
    return any(record.split()[-1] != "." for record in records)


def readiness(row: dict[str, Any]) -> tuple[int, str]:
    """Score and segment; what is unknown earns and costs nothing."""
    if not takes_mail(row["mx_records"]):
        return 0, "Skip"
    provider, spf, dkim = row["provider"], row["spf"], row["dkim"]
    points = PROVIDER.get(provider, 0) + DMARC.get(row["dmarc_policy"], 0)
    if spf is not None:
        points += 10 if spf else -10
    if dkim is not None:
        points += 10 if dkim else -15
    if provider == "Hosting" and spf is False and dkim is False:
        points -= 10
    if includes(row["spf_record"]) > 3:
        points -= 5
    score = max(0, min(100, points))
    if provider == "M365":
        return score, "Existing"
    if score >= 60 and provider in MIGRATES:
        return score, "Migration"
    if 5 <= score <= 59 and provider == "Local":
        return score, "Cold"
    return score, "Cold" if 40 <= score <= 59 else "Skip"
