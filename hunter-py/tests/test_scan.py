"""The scanner, against a name server on this machine: no test asks another network."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import assert_type

from hunter_leads import (
    ArgumentError,
    AsyncScan,
    DomainError,
    Engine,
    HunterError,
    Observed,
    Scan,
    ScanError,
    ScanWarning,
    scan,
    scan_sync,
)
from nameserver import NameServer, mx, ns, txt

MICROSOFT = "ornek-com-tr.mail.protection.outlook.com"


@pytest.fixture
def server() -> Iterator[NameServer]:
    records = {
        "ornek.com.tr": [mx(10, MICROSOFT), txt("v=spf1 include:spf.protection.outlook.com -all"), ns("ns.ornek.com.tr")],
        "_dmarc.ornek.com.tr": [txt("v=DMARC1; p=reject")],
        "ikinci.com.tr": [mx(5, "mx.yandex.net"), ns("ns.ikinci.com.tr")],
        "sessiz.com.tr": [mx(5, "mx.yandex.net")],
        **{f"d{n}.example": [mx(10, f"mail.d{n}.example")] for n in range(200)},
    }
    with NameServer(records) as running:
        yield running


def options(server: NameServer, **more: Any) -> dict[str, Any]:
    return {"resolvers": [server.resolver], "profile": "light", "timeout_ms": 500, "attempts": 1, **more}


async def gathered(scanning: AsyncIterator[Observed]) -> list[Observed]:
    return [seen async for seen in scanning]


def sockets() -> int:
    """How many sockets this process has open besides those of the threads that all scans share."""
    assert list(scan_sync([], resolvers=["192.0.2.53"])) == []
    count = 0
    for number in os.listdir("/proc/self/fd"):
        try:
            count += os.readlink(f"/proc/self/fd/{number}").startswith("socket:")
        except FileNotFoundError:
            # The one that the listing itself had open.
            continue
    return count


def freed(earlier: int) -> None:
    """No more sockets are open than earlier: within seconds, where answers would take a minute."""
    until = time.monotonic() + 5
    while sockets() > earlier and time.monotonic() < until:
        time.sleep(0.01)
    assert sockets() == earlier


def test_each_input_gives_one_output(server: NameServer, engine: Engine) -> None:
    domains = ["https://www.ornek.com.tr/", "no domain", "ikinci.com.tr", "yok.com.tr", "ornek.com.tr"]
    results = sorted(scan_sync(domains, **options(server)), key=lambda seen: seen.index)
    assert [seen.index for seen in results] == [0, 1, 2, 3, 4]
    assert [seen.input for seen in results] == domains
    refused = results[1]
    assert isinstance(refused.error, DomainError) and refused.error.code.startswith("domain_")
    assert (refused.domain, refused.observation) == (None, None)
    with pytest.raises(DomainError):
        refused.to_dict()
    last = results[4]
    assert last.observation is not None
    lead = engine.assess(last.observation)
    assert (lead.domain, lead.provider, lead.dmarc_policy) == ("ornek.com.tr", "M365", "reject")
    assert last.to_dict()["profile"] == "light"
    second = results[2].observation
    assert second is not None and engine.assess(second).provider != "M365"


def test_both_faces_say_the_same(server: NameServer) -> None:
    domains = ["ornek.com.tr", "ikinci.com.tr", "", "yok.com.tr"]

    def facts(results: list[Observed]) -> list[Any]:
        # Times and the like differ; what was asked and found does not.
        def answers(seen: Observed) -> list[Any]:
            if seen.observation is None:
                return []
            return sorted((a["name"], a["type"], str(a.get("records"))) for a in seen.to_dict()["answers"])

        ordered = sorted(results, key=lambda seen: seen.index)
        return [(seen.index, seen.input, seen.domain, answers(seen)) for seen in ordered]

    plain = facts(list(scan_sync(domains, **options(server))))
    awaited = facts(asyncio.run(gathered(scan(domains, **options(server)))))
    assert plain == awaited
    assert any(found for *_, found in plain)


def test_types(server: NameServer) -> None:
    scanning = scan_sync([], **options(server))
    assert_type(scanning, Scan)
    assert list(scanning) == []
    assert_type(next(iter(scan_sync(["ornek.com.tr"], **options(server)))), Observed)

    async def begin() -> None:
        assert_type(scan([], **options(server)), AsyncScan)

    asyncio.run(begin())


def test_input_is_read_as_it_is_needed(server: NameServer) -> None:
    read = 0

    def endless() -> Iterator[str]:
        nonlocal read
        while True:
            read += 1
            yield f"d{read % 200}.example"

    with scan_sync(endless(), **options(server, concurrency=5)) as scanning:
        assert read == 0
        for taken, _ in enumerate(scanning, start=1):
            assert read <= taken + 5
            if taken == 30:
                break
    assert list(scanning) == []


def test_input_may_come_later(server: NameServer) -> None:
    """An asynchronous input is read as it is needed, and one that is silent holds no output up."""
    read = 0

    async def endless() -> AsyncIterator[str]:
        nonlocal read
        while True:
            read += 1
            await asyncio.sleep(0)
            yield f"d{read % 200}.example"

    async def silent() -> AsyncIterator[str]:
        yield "ornek.com.tr"
        await asyncio.sleep(3600)

    async def torn() -> AsyncIterator[str]:
        yield "ornek.com.tr"
        raise LookupError("the list is torn")

    async def some() -> AsyncIterator[str]:
        for n in range(10):
            await asyncio.sleep(0.001)
            yield f"d{n}.example"

    async def check() -> None:
        results = await gathered(scan(some(), **options(server, concurrency=3)))
        assert sorted(seen.input for seen in results) == [f"d{n}.example" for n in range(10)]
        async with scan(endless(), **options(server, concurrency=5)) as scanning:
            taken = 0
            async for _ in scanning:
                taken += 1
                assert read <= taken + 5
                if taken == 30:
                    break
        waiting = scan(silent(), **options(server))
        assert (await waiting.__anext__()).domain == "ornek.com.tr"
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(waiting.__anext__(), 0.1)
        assert await gathered(waiting) == []
        with pytest.raises(LookupError, match="torn"):
            await gathered(scan(torn(), **options(server)))

    asyncio.run(asyncio.wait_for(check(), 20))
    with pytest.raises(ArgumentError, match="domains"):
        scan_sync(some(), **options(server))  # type: ignore[arg-type]


def test_silence_is_no_error_and_holds_nobody_up(server: NameServer) -> None:
    server.silent.add("sessiz.com.tr")
    results = list(scan_sync(["sessiz.com.tr", "ornek.com.tr"], **options(server)))
    assert [seen.domain for seen in results] == ["ornek.com.tr", "sessiz.com.tr"]
    assert all(seen.error is None for seen in results)
    outcomes = {answer["state"] for answer in results[1].to_dict()["answers"] if answer["name"] == "sessiz.com.tr"}
    assert "absent" not in outcomes and "found" not in outcomes


def test_leaving_the_loop_frees_sockets(server: NameServer) -> None:
    server.silent.update(f"d{n}.example" for n in range(1, 20))
    before = sockets()
    domains = [f"d{n}.example" for n in range(20)]

    async def first() -> Observed:
        async for seen in scan(domains, **options(server, timeout_ms=60_000, deadline_ms=60_000)):
            assert sockets() > before
            return seen
        raise AssertionError("no output")

    assert asyncio.run(first()).domain == "d0.example"
    freed(before)
    for _ in scan_sync(domains, **options(server, timeout_ms=60_000, deadline_ms=60_000)):
        break
    freed(before)


def test_cancelling_the_task_ends_the_scan(server: NameServer) -> None:
    server.silent.add("sessiz.com.tr")
    before = sockets()

    async def cancelled() -> None:
        task = asyncio.create_task(gathered(scan(["sessiz.com.tr"], **slow)))
        while "sessiz.com.tr" not in server.asked:
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        # The event loop has sockets of its own.
        await asyncio.to_thread(freed, inside)

    async def count() -> int:
        return sockets()

    slow = options(server, timeout_ms=60_000, deadline_ms=60_000)
    inside = asyncio.run(count())
    began = time.monotonic()
    asyncio.run(cancelled())
    freed(before)
    assert time.monotonic() - began < 20


def test_others_run_meanwhile(server: NameServer) -> None:
    """Neither the event loop nor other threads stand still while answers are awaited."""
    server.silent.add("sessiz.com.tr")
    ticks = 0

    async def both() -> None:
        nonlocal ticks
        task = asyncio.create_task(gathered(scan(["sessiz.com.tr"], **options(server))))
        while not task.done():
            await asyncio.sleep(0.01)
            ticks += 1

    asyncio.run(both())
    assert ticks > 5
    done = threading.Event()
    counted = 0

    def count() -> None:
        nonlocal counted
        while not done.wait(0.01):
            counted += 1

    thread = threading.Thread(target=count)
    thread.start()
    list(scan_sync(["sessiz.com.tr"], **options(server)))
    done.set()
    thread.join()
    assert counted > 5


def test_who_waits_is_told_of_the_end(server: NameServer) -> None:
    """A scan that another task, or another thread, ends has no more outputs."""
    server.silent.add("sessiz.com.tr")
    slow = options(server, timeout_ms=60_000, deadline_ms=60_000, concurrency=1)
    domains = ["sessiz.com.tr", "ornek.com.tr"]

    async def ended() -> list[Observed]:
        scanning = scan(domains, **slow)
        task = asyncio.create_task(gathered(scanning))
        while "sessiz.com.tr" not in server.asked:
            await asyncio.sleep(0.01)
        await scanning.aclose()
        return await asyncio.wait_for(task, 20)

    assert asyncio.run(ended()) == []
    scanning = scan_sync(domains, **slow)
    timer = threading.Timer(0.2, scanning.close)
    timer.start()
    assert list(scanning) == []
    timer.join()


def test_scans_run_beside_each_other(server: NameServer) -> None:
    """In one event loop, and in threads: nothing of one comes out of another."""
    lists = [[f"d{n}.example" for n in range(start, start + 25)] for start in (0, 25, 50, 75)]

    async def all_of_them() -> list[list[Observed]]:
        return await asyncio.gather(*(gathered(scan(domains, **options(server))) for domains in lists))

    def check(results: list[list[Observed]]) -> None:
        for domains, seen in zip(lists, results):
            assert sorted(one.input for one in seen) == sorted(domains)
            assert all(one.domain == one.input for one in seen)

    check(asyncio.run(all_of_them()))
    results: list[list[Observed]] = [[] for _ in lists]

    def one(nth: int) -> None:
        results[nth] = list(scan_sync(lists[nth], **options(server)))

    workers = [threading.Thread(target=one, args=(nth,)) for nth in range(len(lists))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    check(results)


def test_an_unreachable_resolver_is_unknown_and_never_absent(server: NameServer) -> None:
    """Nobody listens there, and nobody answers: both leave everything open."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    few = {**options(server), "resolvers": [f"127.0.0.1:{port}"], "timeout_ms": 200, "check": False}
    (seen,) = scan_sync(["ornek.com.tr"], **few)
    assert seen.observation is not None
    answers = seen.to_dict()["answers"]
    assert answers
    assert {answer["state"] for answer in answers}.isdisjoint({"found", "absent"})
    lead = Engine().assess(seen.observation)
    assert (lead.scan_status, lead.segment, lead.spf) == ("dns_failed", None, None)


def test_input_that_fails_ends_the_scan(server: NameServer) -> None:
    def faulty() -> Iterator[str]:
        yield "ornek.com.tr"
        raise LookupError("the list is torn")

    with pytest.raises(LookupError, match="torn"):
        list(scan_sync(faulty(), **options(server)))
    with pytest.raises(ArgumentError, match=r"domains\[1\]") as refused:
        list(scan_sync(["ornek.com.tr", None], **options(server)))  # type: ignore[list-item]
    assert refused.value.code == "argument_invalid"


@pytest.mark.parametrize(
    ("setting", "code"),
    [
        ({"timeout_ms": 0}, "scan_setting"),
        ({"timeout_ms": -1}, "argument_invalid"),
        ({"timeout_ms": 2.5}, "argument_invalid"),
        ({"timeout_ms": "2"}, "argument_invalid"),
        ({"deadline_ms": 600_001}, "scan_setting"),
        ({"attempts": 11}, "scan_setting"),
        ({"attempts": 2**70}, "argument_invalid"),
        ({"concurrency": 0}, "scan_setting"),
        ({"concurrency": True}, "argument_invalid"),
        ({"profile": "deep"}, "scan_setting"),
        ({"resolvers": ["dns.example"]}, "scan_setting"),
        ({"resolvers": "192.0.2.53"}, "argument_invalid"),
        ({"resolvers": ["192.0.2.53"] * 17}, "scan_setting"),
        ({"rate": 0}, "scan_setting"),
        ({"rate": float("nan")}, "argument_invalid"),
        ({"dkim_selectors": ["a b"]}, "scan_selector"),
        ({"rdap_bootstrap": "dns.json"}, "scan_setting"),
        ({"registration": True, "rdap_bootstrap": Path("no-such.json")}, "scan_data_file"),
        ({"probes": ["telnet"]}, "scan_setting"),
        ({"check": 1}, "argument_invalid"),
        ({"ip_data": "file.mmdb"}, "argument_invalid"),
        ({"ip_data": [1]}, "argument_invalid"),
        ({"engine": 1}, "argument_invalid"),
    ],
)
def test_settings_are_refused_at_once(server: NameServer, setting: dict[str, Any], code: str) -> None:
    for begin in (scan, scan_sync):
        with pytest.raises(ArgumentError) as refused:
            begin(["ornek.com.tr"], **options(server) | setting)
        assert refused.value.code == code, str(refused.value)
        # The message says which; of a list, perhaps which one of it.
        name = next(reversed(setting)).removesuffix("s")
        assert name.replace("_", " ") in str(refused.value).replace("_", " ")
    assert server.asked == []


def test_one_text_is_no_list(server: NameServer) -> None:
    with pytest.raises(ArgumentError, match="domains"):
        scan_sync("ornek.com.tr", **options(server))


def test_resolvers_are_checked_unless_told_otherwise(server: NameServer) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as deaf:
        deaf.bind(("127.0.0.1", 0))
        resolver = f"127.0.0.1:{deaf.getsockname()[1]}"
        few = {**options(server), "resolvers": [resolver], "timeout_ms": 50}
        with pytest.raises(ScanError) as silent:
            list(scan_sync(["ornek.com.tr"], **few))
        assert silent.value.code == "scan_resolvers_silent"
        assert isinstance(silent.value, HunterError)
        with pytest.raises(ScanError):
            asyncio.run(gathered(scan(["ornek.com.tr"], **few)))
        (seen,) = scan_sync(["ornek.com.tr"], **few, check=False)
        assert seen.observation is not None


def test_a_missing_ip_database_is_a_warning(server: NameServer) -> None:
    with pytest.warns(ScanWarning, match="ip_data_missing"):
        results = list(scan_sync(["ornek.com.tr"], **options(server, ip_data=["no-such.mmdb"])))
    assert results[0].error is None


def test_rate_is_kept(server: NameServer) -> None:
    began = time.monotonic()
    assert len(list(scan_sync([f"d{n}.example" for n in range(11)], **options(server, rate=20)))) == 11
    # A tenth of a second's worth of turns may come at once.
    assert time.monotonic() - began >= 0.35


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_after_a_fork(server: NameServer) -> None:
    """A child scans anew; what its parent began stays its parent's."""
    begun = scan_sync(["ornek.com.tr", "ikinci.com.tr"], **options(server))
    next(begun)
    child = os.fork()
    if child == 0:
        status = 1
        try:
            try:
                next(begun)
            except ArgumentError:
                found = list(scan_sync(["ornek.com.tr"], **options(server)))
                status = 0 if found[0].domain == "ornek.com.tr" else 2
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert len(list(begun)) == 1


def test_the_end_of_the_interpreter_waits_for_nobody(server: NameServer) -> None:
    import subprocess
    import sys

    server.silent.add("sessiz.com.tr")
    program = (
        "import asyncio, hunter_leads\n"
        f"scanning = hunter_leads.scan(['sessiz.com.tr', 'ornek.com.tr'], resolvers=['{server.resolver}'], timeout_ms=60_000, deadline_ms=60_000)\n"
        "async def first():\n    return await scanning.__anext__()\n"
        "print(asyncio.run(first()).domain)\n"
    )
    # Whoever was woken may end the interpreter before the thread that woke it is done with it: a race.
    for _ in range(10):
        run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30)
        assert (run.returncode, run.stdout, run.stderr) == (0, "ornek.com.tr\n", "")
