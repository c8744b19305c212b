"""The stage of `profai demo`: the learner's voice, the room, and the speaker on which both are heard."""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import replace
from typing import Final

from profai_cli.cli.wiring import Recording, SoundChoice, open_card
from profai_cli.errors import DeviceError
from profai_cli.pcm import SOUND_RATE
from profai_cli.ports import DeviceChange, Sound, TextToSpeech
from profai_cli.providers.tts.espeak import Espeak
from profai_cli.session.script import COUGH, Line
from profai_cli.sound.aloud import Aloud, onto
from profai_cli.sound.made import cough, noise, room
from profai_cli.sound.mouth import Mouth, Utterance, utterance
from profai_cli.sound.simulated import SimulatedSound

LEARNER: Final = "en-us"
"""The learner's voice, espeak's, which is the same on every machine: a man's, since the tutor's are a woman's."""

SPEED: Final = 0.85
"""Of the learner's voice. Measured in this room, over two tutors: 43 of 44 lines of the demo were understood at this
speed. Most other words and voices are not understood as well."""

T60, ECHO_DB = 0.25, -18.0
"""The room: small, with furniture; its microphone hears the tutor 18 dB weaker than the speaker says it."""

NOISE_DBFS: Final = -65.0
"""What else its microphone hears: a quiet computer."""

GAP: Final = 2.0
"""Seconds between two things that are said in one line."""


async def rehearsed(lines: Iterable[str]) -> dict[str, Utterance]:
    """What the learner will say, by its words. Raises EngineError where espeak does not work."""
    voice = Espeak(voice=LEARNER)
    await voice.start()
    try:
        return {words: await _spoken(voice, words) for words in lines}
    finally:
        await voice.close()


async def _spoken(voice: TextToSpeech, words: str) -> Utterance:
    if words == COUGH:
        return utterance(words, cough(), SOUND_RATE)
    pieces = [speech async for speech in voice.speak(words, SPEED)]
    return utterance(words, b"".join(piece.pcm for piece in pieces), pieces[0].rate)


class Stage:
    """Where a learner made of `utterances` meets the tutor."""

    def __init__(self, utterances: dict[str, Utterance]) -> None:
        self.mouth = Mouth()
        self.aloud = Aloud(self.mouth)
        self._utterances = utterances

    def say(self, line: Line) -> float:
        """Say a line of the script now; its length in seconds."""
        length = 0.0
        for number, words in enumerate(line.words):
            wait = GAP if number else 0.0
            self.mouth.say(self._utterances[words], wait)
            length += wait + self._utterances[words].samples / SOUND_RATE
        return length

    def open(self, choice: SoundChoice, files: ExitStack, notice: Callable[[str], None]) -> Sound:
        """See `holding.OpenSound`: the room, and with `choice.output` a recording of all that is heard in it."""
        sound = SimulatedSound(
            [self.mouth.clip(), noise(NOISE_DBFS)],
            speaker=self.aloud,
            room=room(T60, ECHO_DB),
            microphone_name="in a simulated room",
            speaker_name=choice.output.name if choice.output else "",
        )
        if choice.output:
            recording = Recording(choice.output, notice)
            files.callback(recording.close)
            self.aloud.outlets.append(recording.write)
        if not choice.stepped:
            sound.speaker = self._let_out(sound, choice, files, notice)
        return sound

    def _let_out(self, sound: Sound, choice: SoundChoice, files: ExitStack, notice: Callable[[str], None]) -> str:
        """Play all that is heard on a real speaker; its name, empty where there is none."""

        def pass_on(change: DeviceChange) -> None:
            """The class pauses; the room's sound goes on, to nowhere."""
            card.player.release(change.hold)
            sound.on_device(replace(change, hold=0))

        try:
            card = open_card(replace(choice, headphones=True, listening=False), notice=notice)
        except DeviceError as error:
            notice(f"{str(error).rstrip('.')}; this time the demo is shown and not heard.")
            return ""
        files.callback(card.close)
        card.on_device = pass_on
        self.aloud.outlets.append(onto(card))
        return card.speaker
