"""The shell that speaks, alone: long sentences, late ends, holds and the last samples."""

import asyncio

import pytest

from profai_cli import commands as c
from profai_cli import events as e
from profai_cli.errors import EngineError
from profai_cli.events import Event
from profai_cli.pcm import BLOCKS_A_SECOND, SOUND_RATE
from profai_cli.session.pace import Schedule, SteppedPace
from profai_cli.session.speaking import Speaking
from tests.fakes import FakeSound, FakeVoice


class Desk:
    """`Speaking` with a real player, block by block."""

    def __init__(self, late: int = 0, voice: FakeVoice | None = None) -> None:
        self.events: list[Event] = []
        self.sound = FakeSound(late=late)
        self.schedule = Schedule()
        self.pace = SteppedPace(self.schedule)
        self.failures: list[EngineError] = []
        self.speaking = Speaking(
            self.sound.player,
            voice or FakeVoice(),
            self.pace,
            self.schedule,
            emit=self.events.append,
            fail=self.failures.append,
        )

    def say(self, text: str, reply: int = 1, sentence: int = 0) -> None:
        self.speaking.speak(c.Speak(reply, sentence, text, "answer", 0.1, None))

    def run(self, seconds: float) -> None:
        asyncio.run(self._run(round(seconds * BLOCKS_A_SECOND)))

    async def _run(self, blocks: int) -> None:
        for _ in range(blocks):
            frame = self.sound.step()
            self.schedule.advance(frame.t)
            self.speaking.track(frame.played)
            self.speaking.pump()
            await self.pace.settle()

    def count(self, kind: type[Event]) -> int:
        return sum(isinstance(event, kind) for event in self.events)


def test_a_sentence_of_minutes_is_said_to_its_end() -> None:
    desk = Desk()
    desk.say("words " * 400)  # 120 s, of which a player holds 60
    desk.speaking.finish(1)
    desk.run(122)
    assert desk.count(e.ReplyFinished) == 1
    assert desk.sound.player.rendered == pytest.approx(120.1 * SOUND_RATE, abs=480)


def test_a_sentence_has_all_samples_that_the_voice_made() -> None:
    desk = Desk()
    desk.say("four words are said")
    desk.run(2)
    made = sum(event.seconds for event in desk.events if isinstance(event, e.AudioChunk))
    whole = next(event for event in desk.events if isinstance(event, e.AudioGenerationComplete))
    assert whole.seconds == pytest.approx(made, abs=0.001)


def test_a_reply_whose_end_comes_after_its_last_word_is_finished() -> None:
    desk = Desk()
    desk.say("short")
    desk.run(2)
    assert desk.count(e.ReplyFinished) == 0
    desk.speaking.finish(1)
    desk.run(0.1)
    assert desk.count(e.ReplyFinished) == 1


def test_a_reply_that_is_held_at_its_last_samples_is_finished_after_the_release() -> None:
    desk = Desk(late=10)
    desk.say("short")
    desk.speaking.finish(1)
    while not desk.sound.player.rendered or desk.sound.player.sounding:
        desk.run(0.01)
    assert desk.count(e.ReplyFinished) == 0
    desk.speaking.hold()
    desk.run(1)
    assert (desk.count(e.TtsHeld), desk.count(e.ReplyFinished)) == (1, 0)
    held = desk.events[-1]
    assert isinstance(held, e.TtsHeld)
    desk.speaking.release(c.Release(1, held.hold))
    desk.run(0.1)
    assert desk.count(e.ReplyFinished) == 1


def test_a_hold_that_was_flushed_before_it_was_told_is_made_again() -> None:
    desk = Desk()
    desk.say("the first reply")
    desk.run(0.5)
    desk.sound.player.hold()  # the reflex
    desk.speaking.flush(c.Flush(1, 0, 0))
    desk.say("the second reply", reply=2)
    desk.run(0.5)
    desk.speaking.hold()  # as the reflex's block says
    rendered = desk.sound.player.rendered
    desk.run(0.5)
    assert desk.sound.player.rendered == rendered


def test_nothing_is_held_where_nothing_is_said() -> None:
    desk = Desk()
    desk.say("the first reply")
    desk.run(0.5)
    desk.speaking.flush(c.Flush(1, 0, 0))
    desk.speaking.hold()
    desk.say("the second reply", reply=2)
    desk.run(0.5)
    assert desk.count(e.TtsHeld) == 0
    assert desk.sound.player.rendered < desk.sound.player.written


def test_a_hold_of_the_last_samples_does_not_silence_the_next_reply() -> None:
    desk = Desk()
    desk.say("short")
    desk.speaking.finish(1)
    while not desk.count(e.ReplyFinished):
        desk.run(0.01)
    assert desk.sound.player.sounding  # the next block would fade
    desk.speaking.hold(desk.sound.player.hold())  # the reflex, and the block that tells of it
    desk.say("the second reply", reply=2)
    desk.run(0.5)
    assert desk.count(e.TtsHeld) == 0
    assert desk.count(e.TeachingContent) == 2


def test_a_voice_that_fails_is_told() -> None:
    desk = Desk(voice=FakeVoice(fails_at="bad"))
    desk.say("a bad word")
    desk.run(1)
    assert [str(error) for error in desk.failures] == ["The engine fake stopped by itself."]
