"""Stands for `moonshine_voice_service` in a real worker process: a tone of 10 ms a character."""

import re
from collections.abc import Iterator
from typing import Any

from profai_cli.providers.wire import Message

RATE = 24_000


class Service:
    """Each word begins where its first character is."""

    def handle(self, header: dict[str, Any], _payload: bytes) -> Iterator[Message]:
        if header["op"] == "load":
            return
        text = header["text"]
        words = [(word.start(), word.start() / 100) for word in re.finditer(r"\S+", text)]
        yield {"rate": RATE, "words": words}, b"\x00\x20" * (RATE // 100) * len(text)
