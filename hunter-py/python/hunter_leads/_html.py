"""How results look in a notebook. All text is escaped: much of it comes from strangers' records."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .results import Assessment, Breakdown, Score

BAR = "position:relative;width:240px;height:10px;background:#e5e7eb;border-radius:5px"


def verdict(row: Score | Assessment, score: int | None) -> str:
    """A score with its interval, its place in the lists and its breakdown."""
    title = escape(row.domain or "score")
    if score is None:
        return f"<div><b>{title}</b>: no verdict ({escape(row.scan_status)})</div>"
    facts = [row.segment, row.commercial_segment, row.priority_label]
    words = " · ".join(escape(fact) for fact in facts if fact)
    parts = [f"<div><b>{title}</b> <b>{score}</b> / 100 · {words}</div>", _interval(row, score)]
    if row.unknown:
        parts.append(f"<div>unknown: {escape(', '.join(row.unknown))}</div>")
    if row.breakdown is not None:
        parts.append(breakdown(row.breakdown))
    return f"<div>{''.join(parts)}</div>"


def _interval(row: Score | Assessment, score: int) -> str:
    low, high = row.score_low, row.score_high
    if low is None or high is None:
        return ""
    span = f"position:absolute;left:{low}%;width:{max(high - low, 1)}%;height:10px"
    mark = f"position:absolute;left:{score}%;width:2px;height:10px;background:#111827"
    text = "certain" if low == high else f"{low} to {high}, as long as signals are unknown"
    return (
        f'<div style="{BAR}" title="{text}"><div style="{span};background:#93c5fd"></div>'
        f'<div style="{mark}"></div></div><div>{text}</div>'
    )


def breakdown(rows: Breakdown) -> str:
    """The rows of a score as a table that adds up."""
    points = [("base", rows.base_score), (f"provider {rows.provider.name}", rows.provider.points)]
    for group in (rows.signal_points, rows.risk_points, rows.adjustments):
        points.extend(group.items())
    cells = "".join(
        f'<tr><td>{escape(name)}</td><td style="text-align:right">{count:+d}</td></tr>'
        for name, count in points
        if count
    )
    total = f'<tr><th>total</th><th style="text-align:right">{rows.total_score}</th></tr>'
    return f"<table>{cells}{total}</table>"
