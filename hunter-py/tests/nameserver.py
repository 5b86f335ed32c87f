"""A name server for the tests: answers over UDP from a table, and can stay silent.

Written here, on the standard library alone, so that the package is asked by code that shares nothing
with it. Only what the tests ask is understood: one question, answers without compression.
"""

from __future__ import annotations

import socket
import struct
import threading
from types import TracebackType

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "MX": 15, "TXT": 16}
NXDOMAIN = 3
# Any name that does not exist has this above it (RFC 2308 §2.1).
ROOT_SOA = b"\0" + struct.pack("!HHIH", 6, 1, 60, 22) + b"\0\0" + struct.pack("!5I", 1, 60, 60, 60, 60)


def wire(name: str) -> bytes:
    """A name as RFC 1035 §3.1 writes it."""
    labels = [label.encode("ascii") for label in name.strip(".").split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def mx(preference: int, host: str) -> tuple[str, bytes]:
    return "MX", struct.pack("!H", preference) + wire(host)


def txt(text: str) -> tuple[str, bytes]:
    data = text.encode("ascii")
    return "TXT", bytes([len(data)]) + data


def ns(host: str) -> tuple[str, bytes]:
    return "NS", wire(host)


class NameServer:
    """Serves until the block is left. Names in ``silent``, and all below them, get no answer."""

    def __init__(self, records: dict[str, list[tuple[str, bytes]]]) -> None:
        self.records = {".": [ns("a.root.example")], **records}
        self.silent: set[str] = set()
        self.asked: list[str] = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def resolver(self) -> str:
        return f"127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self) -> NameServer:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # An empty datagram ends the thread; closing alone would not wake it.
        self._socket.sendto(b"", self._socket.getsockname())
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        while True:
            query, client = self._socket.recvfrom(4096)
            if not query:
                return
            answer = self._answer(query)
            if answer is not None:
                self._socket.sendto(answer, client)

    def _answer(self, query: bytes) -> bytes | None:
        (number, flags) = struct.unpack("!HH", query[:4])
        labels, at = [], 12
        while query[at]:
            labels.append(query[at + 1 : at + 1 + query[at]].decode("ascii").lower())
            at += 1 + query[at]
        question = query[12 : at + 5]
        (kind,) = struct.unpack("!H", query[at + 1 : at + 3])
        name = ".".join(labels) or "."
        self.asked.append(name)
        if any(name == silent or name.endswith(f".{silent}") for silent in self.silent):
            return None
        exists = any(known == name or known.endswith(f".{name}") for known in self.records)
        code = 0 if exists or name == "." else NXDOMAIN
        found = [data for word, data in self.records.get(name, []) if TYPES[word] == kind]
        # QR, AA, RD as asked, RA.
        head = struct.pack("!HHHHHH", number, 0x8480 | (flags & 0x0100) | code, 1, len(found), not found, 0)
        owner = question[:-4]
        answers = [owner + struct.pack("!HHIH", kind, 1, 60, len(data)) + data for data in found]
        return head + question + b"".join(answers) + (b"" if found else ROOT_SOA)
