"""The scanner: domains in, observations out, as they are done."""

from __future__ import annotations

import asyncio
import json
import os
import warnings
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, Union, cast

from ._native import Scan as NativeScan
from .engine import Engine
from .engine import _check as checked
from .errors import ArgumentError, DomainError, ScanWarning

if TYPE_CHECKING:
    from typing_extensions import Self, TypeAlias

__all__ = ["AsyncScan", "Observed", "Scan", "scan", "scan_sync"]

Profile: TypeAlias = Literal["light", "standard", "full"]
Probe: TypeAlias = Literal["openid", "user_realm", "mta_sts"]
Path: TypeAlias = Union[str, "os.PathLike[str]"]


@dataclass(frozen=True)
class Observed:
    """What became of one input."""

    index: int
    """The input's position, from 0."""
    input: str
    """The input as given."""
    domain: str | None
    """The domain that was read from it, in its canonical form; ``None`` where it was refused."""
    suggestion: str | None
    """What may have been meant; never applied."""
    observation: str | None
    """What was observed, as JSON text: for ``Engine.assess``, ``assess_batch``, and to be stored."""
    error: DomainError | None
    """Why the input was refused. A question that failed is no error: the observation says so."""

    def to_dict(self) -> dict[str, Any]:
        """The observation as plain values; a refused input raises its error."""
        if self.observation is None:
            raise self.error or ValueError("nothing was observed")
        return cast("dict[str, Any]", json.loads(self.observation))


class _Feed:
    """The input on its way to the native scan: read one by one, never more than may be under way."""

    __slots__ = ("_domains", "native", "next_index", "open")

    def __init__(
        self, domains: Iterator[str], engine: Engine | None, settings: dict[str, object]
    ) -> None:
        checked("engine", engine, (Engine, type(None)), "an Engine")
        self.native = NativeScan((engine or _engine())._native, settings)
        self._domains: Iterator[str] | None = domains
        self.next_index = 0
        self.open = 0
        """Inputs that have no output yet."""
        for problem in self.native.problems:
            warnings.warn(problem, ScanWarning, stacklevel=5)

    def pull(self) -> bool:
        """Begins the next input; ``False`` when there is none, or no room for it."""
        if self._domains is None or self.open >= self.native.concurrency:
            return False
        try:
            domain = next(self._domains)
        except StopIteration:
            self._domains = None
            return False
        self.begin(domain)
        return True

    def begin(self, domain: str) -> None:
        self.native.submit(self.next_index, domain)
        self.next_index += 1
        self.open += 1

    def advance(self) -> tuple[Any, ...] | None:
        """Fills up, and gives an output if one is ready. At least one input is begun for each
        output, so that a slow reader keeps as many under way as a fast one."""
        pulled = self.pull()
        while (done := self.native.poll()) is None and pulled:
            pulled = self.pull()
        return done

    def observed(self, done: tuple[Any, ...]) -> Observed:
        self.open -= 1
        return Observed(*done)

    @property
    def pulling(self) -> asyncio.Future[str] | None:
        """The input that has been asked for and has not come."""
        return None

    def close(self) -> None:
        self.native.close()


class _LaterFeed(_Feed):
    """The same from an asynchronous input."""

    __slots__ = ("_later", "_pulling")

    def __init__(
        self, domains: AsyncIterator[str], engine: Engine | None, settings: dict[str, object]
    ) -> None:
        super().__init__(iter(()), engine, settings)
        self._later: AsyncIterator[str] | None = domains
        self._pulling: asyncio.Future[str] | None = None

    @property
    def pulling(self) -> asyncio.Future[str] | None:
        return self._pulling

    def pull(self) -> bool:
        if self._later is None or self.open >= self.native.concurrency:
            return False
        if self._pulling is None:
            self._pulling = asyncio.ensure_future(self._later.__anext__())
        if not self._pulling.done():
            return False
        pulling, self._pulling = self._pulling, None
        try:
            domain = pulling.result()
        except StopAsyncIteration:
            self._later = None
            return False
        self.begin(domain)
        return True

    def close(self) -> None:
        super().close()
        pulling, self._pulling = self._pulling, None
        if pulling is None:
            return
        if not pulling.done():
            # A loop that is closed has cancelled it.
            with suppress(RuntimeError):
                pulling.cancel()
        elif not pulling.cancelled():
            # A fault of the input that nobody asks for any more is no news.
            pulling.exception()


def _feed(
    domains: Iterable[str] | AsyncIterable[str],
    engine: Engine | None,
    settings: dict[str, object],
    *,
    may_wait: bool,
) -> _Feed:
    if may_wait and isinstance(domains, AsyncIterable):
        return _LaterFeed(domains.__aiter__(), engine, settings)
    if isinstance(domains, Iterable) and not isinstance(domains, (str, bytes)):
        return _Feed(iter(domains), engine, settings)
    kind = type(domains).__name__
    wanted = "a list or iterator of strings"
    message = f"arguments: `domains`: invalid type: {kind}, expected {wanted}"
    raise ArgumentError(message, "argument_invalid")


class Scan(Iterator[Observed]):
    """A scan by ``scan_sync``: an iterator, and a context manager that ends it."""

    __slots__ = ("_feed",)

    def __init__(self, feed: _Feed) -> None:
        self._feed: _Feed | None = feed

    def __next__(self) -> Observed:
        feed = self._feed
        if feed is None:
            raise StopIteration
        try:
            done = feed.advance()
            if done is None and feed.open:
                done = feed.native.wait()
            if done is not None:
                return feed.observed(done)
        except BaseException:
            self.close()
            raise
        self.close()
        raise StopIteration

    def close(self) -> None:
        """Ends the scan: what is under way is given up, and its sockets are closed."""
        feed, self._feed = self._feed, None
        if feed is not None:
            feed.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        # Not there when the arguments were refused.
        if getattr(self, "_feed", None) is not None:
            self.close()


class AsyncScan(AsyncIterator[Observed]):
    """A scan by ``scan``: an asynchronous iterator, and a context manager that ends it."""

    __slots__ = ("_feed", "_turn")

    def __init__(self, feed: _Feed) -> None:
        self._feed: _Feed | None = feed
        # Several tasks may take from one scan, in turn.
        self._turn = asyncio.Lock()

    async def __anext__(self) -> Observed:
        async with self._turn:
            feed = self._feed
            if feed is None:
                raise StopAsyncIteration
            try:
                done = feed.advance()
                while done is None and (feed.open or feed.pulling):
                    await _news(feed)
                    if self._feed is None:
                        # Another task has ended the scan meanwhile.
                        break
                    done = feed.advance()
                if done is not None:
                    return feed.observed(done)
            except BaseException:
                # Cancelling ends the scan too, as it would end a generator.
                self._end()
                raise
            self._end()
            raise StopAsyncIteration

    async def aclose(self) -> None:
        """Ends the scan: what is under way is given up, and its sockets are closed."""
        self._end()

    def _end(self) -> None:
        feed, self._feed = self._feed, None
        if feed is not None:
            feed.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._end()

    def __del__(self) -> None:
        if getattr(self, "_feed", None) is not None:
            self._end()


async def _news(feed: _Feed) -> None:
    """Returns when there is an output or an input, or the scan has ended; the event loop runs meanwhile."""
    loop = asyncio.get_running_loop()
    ready = loop.create_future()

    def settle() -> None:
        if not ready.done():
            ready.set_result(None)

    def wake() -> None:
        try:
            loop.call_soon_threadsafe(settle)
        except RuntimeError:
            # The loop is closed, so that nobody waits.
            pass

    if feed.open:
        feed.native.wake(wake)
    if feed.pulling is not None:
        feed.pulling.add_done_callback(lambda _: settle())
    await ready


@cache
def _engine() -> Engine:
    return Engine()


def scan(
    domains: Iterable[str] | AsyncIterable[str],
    *,
    resolvers: Sequence[str] = (),
    check: bool = True,
    timeout_ms: int = 2000,
    attempts: int = 2,
    deadline_ms: int = 30000,
    concurrency: int = 64,
    rate: float | None = None,
    resolver_rate: float | None = None,
    profile: Profile = "standard",
    dkim_selectors: Sequence[str] = (),
    registration: bool = False,
    rdap_bootstrap: Path | None = None,
    registry_rate: float | None = 5.0,
    probes: Sequence[Probe] = (),
    probe_rate: float | None = 10.0,
    ip_data: Sequence[Path] = (),
    engine: Engine | None = None,
) -> AsyncScan:
    """Observes domains: ``async for seen in scan(domains)``. Each input gives one ``Observed``, in
    the order in which they are done.

    ``domains`` are domains, web or e-mail addresses, of any iterable or asynchronous iterable, read
    one by one: never more than
    ``concurrency`` of them are begun and not yet taken by the loop. Leaving the loop, or cancelling
    its task, ends the scan.

    ``resolvers`` are ``ADDRESS[:PORT]``, ``tls://ADDRESS#NAME`` or ``https://ADDRESS/PATH#NAME``;
    those of the system, if not given. ``check`` finds out first whether they can be believed.
    ``timeout_ms`` is for one try of a question, ``deadline_ms`` for a domain, and rates are a second.
    ``docs/PARITY.md`` has all settings, which are those of the command line and of Node.
    ``dkim_selectors`` are asked for beside those that the ``engine`` knows of each provider.

    Raises ``ArgumentError`` for a setting, and ``ScanError`` where no scan can be begun; what is
    wrong with an ``ip_data`` file is a ``ScanWarning``, and the scan does without the file.
    """
    return AsyncScan(_feed(domains, engine, _settings(locals()), may_wait=True))


def scan_sync(
    domains: Iterable[str],
    *,
    resolvers: Sequence[str] = (),
    check: bool = True,
    timeout_ms: int = 2000,
    attempts: int = 2,
    deadline_ms: int = 30000,
    concurrency: int = 64,
    rate: float | None = None,
    resolver_rate: float | None = None,
    profile: Profile = "standard",
    dkim_selectors: Sequence[str] = (),
    registration: bool = False,
    rdap_bootstrap: Path | None = None,
    registry_rate: float | None = 5.0,
    probes: Sequence[Probe] = (),
    probe_rate: float | None = 10.0,
    ip_data: Sequence[Path] = (),
    engine: Engine | None = None,
) -> Scan:
    """``scan`` without asyncio: ``for seen in scan_sync(domains)``. Other threads run meanwhile."""
    return Scan(_feed(domains, engine, _settings(locals()), may_wait=False))


def _settings(given: dict[str, Any]) -> dict[str, object]:
    """The native settings of the arguments."""
    settings = {name: value for name, value in given.items() if name not in {"domains", "engine"}}
    settings["rdap_bootstrap"] = _text(settings["rdap_bootstrap"])
    if isinstance(settings["ip_data"], (list, tuple)):
        settings["ip_data"] = [_text(path) for path in settings["ip_data"]]
    return settings


def _text(path: object) -> object:
    """A path as text. The native part refuses what is neither."""
    return os.fspath(path) if isinstance(path, os.PathLike) else path
