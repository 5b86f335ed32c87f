"""Hunter: what a domain shows of its mail in public, scored and ranked as a lead.

>>> from hunter_leads import Engine
>>> engine = Engine()
>>> lead = engine.score("Google", {"spf": True, "dkim": True, "dmarc_policy": None}, ["1 aspmx.l.google.com"])
>>> lead.score, lead.segment, lead.priority_score
(70, 'Migration', 2)
"""

from . import arrow, results, words
from ._native import Table, __version__
from .engine import Engine
from .errors import (
    ArgumentError,
    DataError,
    DomainError,
    HunterError,
    ObservationError,
    ScanError,
    ScanWarning,
)
from .scanner import AsyncScan, Observed, Scan, scan, scan_sync

__all__ = [
    "ArgumentError",
    "AsyncScan",
    "DataError",
    "DomainError",
    "Engine",
    "HunterError",
    "ObservationError",
    "Observed",
    "Scan",
    "ScanError",
    "ScanWarning",
    "Table",
    "__version__",
    "arrow",
    "results",
    "scan",
    "scan_sync",
    "words",
]
