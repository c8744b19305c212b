"""What is said while the recogniser of a class loads: it is heard afterwards, as it was used meanwhile."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from profai_cli.errors import EngineError
from profai_cli.events import Event, FinalTranscript, SttUnavailable
from profai_cli.ports import Frame, Recognized
from profai_cli.session.listening import Listening
from profai_cli.session.pace import LivePace, Schedule
from tests.fakes import FakeEar


@dataclass
class SlowEar(FakeEar):
    """Loads until it is `there`."""

    there: asyncio.Event = field(default_factory=asyncio.Event)

    async def start(self, emit: Callable[[Recognized | EngineError], None]) -> None:
        await self.there.wait()
        await super().start(emit)


def said(listening: Listening) -> None:
    for number, change in enumerate(("started", "confirmed", None, "ended")):
        listening.feed(Frame(number / 100, bytes(320), 0, change))  # type: ignore[arg-type] # a Literal


def loads(*meanwhile: Callable[[Listening], None], fails: bool = False) -> list[Event]:
    """What is told in the end, when the learner is asked for words once more."""
    told: list[Event] = []

    async def load() -> None:
        ear = SlowEar(["stop"], fails_to_start=fails)
        listening = Listening(ear, LivePace(), Schedule(), emit=told.append)
        starting = asyncio.create_task(listening.start())
        await asyncio.sleep(0)
        for do in meanwhile:
            do(listening)
        assert told == []
        ear.there.set()
        await starting
        listening.finalize()

    asyncio.run(load())
    return told


def finals(told: list[Event]) -> list[str]:
    return [event.text for event in told if isinstance(event, FinalTranscript)]


@pytest.mark.parametrize("noise", [False, True])
def test_words_that_were_asked_for_come_when_it_has_loaded_and_a_noise_does_not_lose_them(noise: bool) -> None:
    after = (said, Listening.discard) if noise else ()
    assert finals(loads(said, Listening.finalize, *after)) == ["stop", ""]


def test_what_was_discarded_is_no_part_of_what_is_asked_for_later() -> None:
    assert finals(loads(said, Listening.discard)) == [""]
    assert finals(loads(said)) == ["stop"]


def test_where_it_cannot_load_no_turn_waits_for_words() -> None:
    told = loads(said, Listening.finalize, fails=True)
    assert isinstance(told[0], SttUnavailable)
    assert finals(told) == ["", ""]
