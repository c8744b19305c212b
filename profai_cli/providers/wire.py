"""How `worker` and `worker_child` put messages into a pipe: two 32-bit lengths, a JSON header, a payload."""

import json
import struct
from typing import Any, Final

LENGTHS: Final = struct.Struct(">II")
"""Bytes of the header and of the payload, big-endian."""

Message = tuple[dict[str, Any], bytes]
"""A header and its payload."""


def pack(header: dict[str, Any], payload: bytes = b"") -> bytes:
    """One message as bytes."""
    text = json.dumps(header).encode()
    return LENGTHS.pack(len(text), len(payload)) + text + payload
