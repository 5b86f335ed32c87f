"""Errors. Each has a stable ``code``, the same in Rust, Python, Node and HTTP; see docs/ERRORS.md."""

from __future__ import annotations

from typing import Any

__all__ = [
    "ArgumentError",
    "DataError",
    "DomainError",
    "HunterError",
    "ObservationError",
    "ScanError",
    "ScanWarning",
]


class HunterError(Exception):
    """Anything that Hunter refuses. ``str()`` says what is wrong and what would do."""

    code: str
    """The stable code, such as ``unknown_word``."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt, (type(self), self.args, self.__dict__.copy())


class DomainError(HunterError, ValueError):
    """The text does not hold a usable domain name."""

    suggestion: str | None
    """What may have been meant; never applied."""

    def __init__(self, message: str, code: str, *, suggestion: str | None = None) -> None:
        super().__init__(message, code)
        self.suggestion = suggestion


class DataError(HunterError, ValueError):
    """A rule set, price book, fingerprint table or text catalogue cannot be used."""

    file: str | None
    """The file's name."""
    line: int | None
    """The line of the fault, from 1, where it is known."""
    key: str | None
    """The dotted path of the key, where it is known."""

    def __init__(
        self,
        message: str,
        code: str,
        *,
        file: str | None = None,
        line: int | None = None,
        key: str | None = None,
    ) -> None:
        super().__init__(message, code)
        self.file = file
        self.line = line
        self.key = key


class ObservationError(HunterError, ValueError):
    """A stored observation cannot be read."""


class ArgumentError(HunterError, ValueError):
    """An argument is of a wrong type, or outside what the call takes."""


class ScanError(HunterError):
    """A scan cannot be begun: resolvers are silent or cannot be believed, or the system forbids it."""


class ScanWarning(UserWarning):
    """A scan does without something that was asked for, such as an IP database that is corrupt."""


def _rebuilt(kind: type[HunterError], args: tuple[Any, ...], fields: dict[str, Any]) -> HunterError:
    """An error that travelled between processes."""
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(fields)
    return error
