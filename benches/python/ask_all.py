"""Puts the questions of a file by dnspython under asyncio: ask_all.py PORT FILE DOMAINS_AT_ONCE

The file is one for dnsperf: a comment starts the questions of a domain. They are given, so nothing is
left to find out; all questions of a domain are in flight together, as in a scan.
"""

import asyncio
import json
import sys
import time

import dns.asyncresolver
import dns.exception
import dns.resolver


def read(path):
    domains = []
    with open(path, encoding="ascii") as lines:
        for line in lines:
            if line.startswith(";"):
                domains.append([])
            else:
                domains[-1].append(line.split())
    return domains


async def ask(resolver, name, record_type):
    """Whether there was an answer; that there is nothing is one."""
    try:
        await resolver.resolve(f"{name}.", record_type, raise_on_no_answer=False, search=False)
    except dns.resolver.NXDOMAIN:
        return True
    except dns.exception.DNSException:
        return False
    return True


async def run(port, domains, at_once):
    resolver = dns.asyncresolver.Resolver(configure=False)
    resolver.nameservers = ["127.0.0.1"]
    resolver.port = port
    resolver.use_edns(0, 0, 1232)
    # A busy machine, not a slow network, is what takes time here.
    resolver.timeout = 10
    resolver.lifetime = 30
    waiting = iter(domains)
    unknown = 0

    async def work():
        nonlocal unknown
        for questions in waiting:
            answered = await asyncio.gather(*(ask(resolver, *question) for question in questions))
            unknown += answered.count(False)

    await asyncio.gather(*(work() for _ in range(at_once)))
    return unknown


def peak_kib():
    """The most memory held; getrusage(2) would count that of the program which started this one."""
    with open("/proc/self/status", encoding="ascii") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


def main():
    port, path, at_once = sys.argv[1:]
    domains = read(path)
    started, cpu = time.perf_counter(), time.process_time()
    unknown = asyncio.run(run(int(port), domains, int(at_once)))
    print(
        json.dumps(
            {
                "domains": len(domains),
                "queries": sum(map(len, domains)),
                "unknown": unknown,
                "seconds": time.perf_counter() - started,
                "cpu_seconds": time.process_time() - cpu,
                "peak_kib": peak_kib(),
            }
        )
    )


main()
