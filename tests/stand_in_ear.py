"""Stands for `moonshine_service` in a real worker process: its words tell what it was given."""

from collections.abc import Iterator
from typing import Any

from profai_cli.providers.wire import Message


class Service:
    """Says how many frames of the utterance it has and which terms it expects; nothing, where there is no sound."""

    _pcm = b""

    def handle(self, header: dict[str, Any], payload: bytes) -> Iterator[Message]:
        if header["op"] == "load":
            yield {}, b""
            return
        self._pcm = payload if header["first"] else self._pcm + payload
        text = f"{len(self._pcm) // 320} {' '.join(header['terms'])}".strip() if any(self._pcm) else ""
        yield {"text": text}, b""
