"""The closed word lists, as types for a checker. At run time every word is a ``str``."""

from typing import Literal

__all__ = [
    "Action",
    "Basis",
    "CommercialHeat",
    "CommercialSegment",
    "DmarcPolicy",
    "Level",
    "PriorityCategory",
    "Provider",
    "ScanStatus",
    "Segment",
    "TechnicalHeat",
    "TenantSize",
    "Timeline",
]

Action = Literal["call", "email", "wait"]
Basis = Literal[
    "listed",
    "behind_gateway",
    "traces",
    "undetermined",
    "own_domain",
    "unlisted",
    "unusable",
    "no_mail",
]
CommercialHeat = Literal["HIGH", "MEDIUM", "LOW"]
CommercialSegment = Literal[
    "GREENFIELD",
    "COMPETITIVE",
    "WEAK_PARTNER",
    "RENEWAL",
    "LOW_INTENT",
    "NO_GO",
]
DmarcPolicy = Literal["none", "quarantine", "reject"]
Level = Literal["high", "medium", "low"]
PriorityCategory = Literal["P1", "P2", "P3", "P4", "P5", "P6"]
Provider = Literal[
    "M365",
    "Google",
    "Yandex",
    "Zoho",
    "Amazon",
    "SendGrid",
    "Mailgun",
    "Hosting",
    "Local",
    "Unknown",
]
ScanStatus = Literal["answered", "dns_failed", "not_observed"]
Segment = Literal["Migration", "Existing", "Cold", "Skip", "Other"]
TechnicalHeat = Literal["Hot", "Warm", "Cold"]
TenantSize = Literal["small", "medium", "large"]
Timeline = Literal["24_saat", "3_gün", "1_hafta", "1_ay"]
