"""The child's side of `worker`: `python -m profai_cli.providers.worker_child MODULE`.

MODULE has a class `Service` without arguments, whose `handle(header, payload)` yields replies. It ends
with its standard input, so that no engine outlives profai.
"""

import importlib
import json
import os
import signal
import sys
from collections.abc import Iterable
from typing import BinaryIO, Protocol

from profai_cli.errors import ProfaiError
from profai_cli.providers.wire import LENGTHS, Message, pack


class Service(Protocol):
    """What an engine's module offers."""

    def handle(self, header: dict[str, object], payload: bytes) -> Iterable[Message]:
        """Replies to one request."""


def serve(service: Service, requests: BinaryIO, replies: BinaryIO) -> None:
    """Answer requests until their end."""
    while len(lengths := requests.read(LENGTHS.size)) == LENGTHS.size:
        header_size, payload_size = LENGTHS.unpack(lengths)
        header = json.loads(requests.read(header_size))
        payload = requests.read(payload_size)
        try:
            for reply in service.handle(header, payload):
                replies.write(pack(*reply))
                replies.flush()
            last: dict[str, object] = {"done": True}
        except Exception as error:  # noqa: BLE001 - the border of a process: the parent turns it into an EngineError
            known = isinstance(error, ProfaiError)
            last = {"error": str(error) if known else f"{type(error).__name__}: {error}"}
        replies.write(pack(last))
        replies.flush()


def main() -> None:
    """Serve on a private copy of standard output: what a C library prints must not garble the protocol."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(importlib.import_module(sys.argv[1]).Service(), sys.stdin.buffer, replies)


if __name__ == "__main__":
    main()
