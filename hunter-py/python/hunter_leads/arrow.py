"""What batches take: anything with the Arrow PyCapsule interface, or rows as Python has them.

The interface is that of https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html;
tables of pyarrow, data frames of polars and pandas and relations of DuckDB have it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, Union

__all__ = ["ArrowArray", "ArrowStream", "Hosts", "Observations", "ScoreRows"]


class ArrowStream(Protocol):
    """A table, data frame, column or stream of Arrow chunks."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


class ArrowArray(Protocol):
    """One Arrow array or record batch."""

    def __arrow_c_array__(self, requested_schema: object | None = None) -> Any: ...


ScoreRows = Union[ArrowStream, ArrowArray, Iterable[Mapping[str, Any]]]
"""Rows for ``score_batch``."""
Hosts = Union[ArrowStream, ArrowArray, Iterable[Union[str, Iterable[str], None]]]
"""Rows for ``classify_batch``."""
Observations = Union[ArrowStream, ArrowArray, Iterable[Union[str, Mapping[str, Any], None]]]
"""Rows for ``assess_batch``."""
