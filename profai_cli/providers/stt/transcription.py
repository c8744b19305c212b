"""The words of a whole recording: utterances end where the voice has been silent for a while."""

from collections.abc import Iterable
from typing import Final

from profai_cli.errors import EngineError
from profai_cli.ports import Frame, Recognition, Recognized, SpeechToText

SILENCE: Final = 0.6
"""Seconds after the voice's end at which an utterance is over."""


async def transcribe(engine: SpeechToText, frames: Iterable[Frame]) -> list[Recognized]:
    """The final results for the frames, those without words left out; `engine` is started and closed.

    `cause` is the time at which an utterance was over. Raises EngineError.
    """
    results: list[Recognized] = []
    errors: list[EngineError] = []

    def take(result: Recognition) -> None:
        if isinstance(result, EngineError):
            errors.append(result)
        elif isinstance(result, Recognized) and result.final and result.text:
            results.append(result)

    await engine.start(take)
    try:
        await _feed(engine, frames)
    finally:
        await engine.close()
    if errors:
        raise errors[0]
    return results


async def _feed(engine: SpeechToText, frames: Iterable[Frame]) -> None:
    running = False
    over: float | None = None
    for frame in frames:
        if frame.voice is not None:
            over = frame.t + SILENCE if frame.voice == "ended" else None
            running = True
        engine.feed(frame)
        if over is not None and frame.t >= over:
            engine.finalize()
            running, over = False, None
            await engine.settle()
    if running:
        engine.finalize()
    await engine.settle()
