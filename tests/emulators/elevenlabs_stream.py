"""What the emulator of ElevenLabs streams: sound, or lines of sound and characters, with the faults that are ordered.

"odd_chunks": pieces of 1001, 333 and 777 bytes. "no_alignment": null. "restart_times": they count from each line's
begin. "null_audio": an error in mid-stream. "malformed": no JSON among good lines. "garbage": nothing else. "no_audio":
an empty stream. "slow_drip": a piece every 3 s. "short": ends in mid-sentence as if it were whole. "blip": one piece
without times. "no_base64": sound in letters that base64 has not. "abort" comes after half of the sound.
"""

import base64
import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

PIECE = 0.4  # seconds of sound in a line
ODD = (1001, 333, 777)


def detail(code: str, text: str = "") -> dict[str, Any]:
    """An error in the vendor's form."""
    message = text or f"This is {code}."
    return {"type": "error", "code": code, "message": message, "status": code, "request_id": "r1", "param": None}


def _cut(pcm: bytes, rate: int, kind: str) -> Iterator[tuple[int, bytes]]:
    """The sound in pieces, with the position of each; those of "odd_chunks" have odd lengths."""
    position, number = 0, 0
    while position < len(pcm):
        size = ODD[number % len(ODD)] if kind == "odd_chunks" else int(rate * PIECE) * 2
        yield position, pcm[position : position + size]
        position, number = position + size, number + 1


def pieces(pcm: bytes, rate: int, kind: str) -> Iterator[bytes | None]:
    """The body of a reply that is sound alone; None stands for the network's end."""
    for position, piece in _cut(pcm, rate, kind):
        if _ends_here(kind, position, pcm):
            yield from [None] if kind == "abort" else []
            return
        yield piece


def _ends_here(kind: str, position: int, pcm: bytes) -> bool:
    if kind == "blip":
        return position > 0
    return kind in ("no_audio", "garbage") or (kind in ("abort", "short") and position > len(pcm) // 2)


def lines(text: str, pcm: bytes, words: list[tuple[int, int, float]], rate: int, kind: str) -> Iterator[bytes | None]:
    """The JSON lines of a reply; None stands for the network's end."""
    times = _character_times(text, words, len(pcm) / 2 / rate)
    nonsense = [b"<html>Bad Gateway</html>\n", b'{"audio_base64": "AAA\n', b"[1, 2]\n", b"7\n", b'{"alignment": 3}\n']
    if kind == "garbage":
        yield from nonsense
    first = 0
    for position, piece in _cut(pcm, rate, kind):
        if _ends_here(kind, position, pcm):
            yield from [None] if kind == "abort" else []
            return
        if kind == "null_audio" and position > len(pcm) // 2:
            yield json.dumps({"audio_base64": None, "detail": detail("system_busy")}).encode() + b"\n"
            return
        if kind == "malformed":
            yield from nonsense
        until = (position + len(piece)) / 2 / rate
        last = position + len(piece) == len(pcm)
        end = len(text) if last else sum(begin < until for begin, _ in times)
        zero = position / 2 / rate if kind == "restart_times" else 0.0
        alignment = None
        if kind not in ("no_alignment", "blip"):
            alignment = {
                "characters": list(text[first:end]),
                "character_start_times_seconds": [round(begin - zero, 3) for begin, _ in times[first:end]],
                "character_end_times_seconds": [round(stop - zero, 3) for _, stop in times[first:end]],
            }
        sound = "\u00e9?" if kind == "no_base64" else base64.b64encode(piece).decode()
        reply = {"audio_base64": sound, "alignment": alignment}
        yield json.dumps({**reply, "normalized_alignment": alignment}).encode() + b"\n"
        first = end


def _character_times(text: str, words: list[tuple[int, int, float]], seconds: float) -> list[tuple[float, float]]:
    """When each character begins and ends: words share their time among their characters and what follows them."""
    marks = {0: 0.0, **{start: at for start, _, at in words}, len(text): seconds}
    begins: list[float] = []
    for (start, at), (stop, until) in pairwise(marks.items()):
        begins += [at + (until - at) * place / (stop - start) for place in range(stop - start)]
    return list(zip(begins, [*begins[1:], seconds], strict=True))
