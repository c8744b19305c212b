"""The one place that joins the parts: files or devices to a sound, engines to a class."""

import datetime
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from profai_cli import __version__
from profai_cli.cli.engines import EngineChoice, EngineRoom
from profai_cli.cli.exits import complain
from profai_cli.cli.options import TimedPath
from profai_cli.errors import DeviceError, EngineError, SoundFileError
from profai_cli.events import ClassStarting, CourseInfo
from profai_cli.kinds import DeviceKind
from profai_cli.lesson.course import Course
from profai_cli.lesson.place import Place
from profai_cli.lesson.plain import plain
from profai_cli.pcm import SOUND_RATE
from profai_cli.ports import Sound, SpeechToText
from profai_cli.session.classroom import Engines
from profai_cli.settings import Sensitivity
from profai_cli.storage.wav import WavWriter, open_wav

if TYPE_CHECKING:
    from profai_cli.sound.card import SoundCard


@dataclass(frozen=True, slots=True)
class SoundChoice:
    """Where the learner's voice comes from and the tutor's goes to; files where any is named, else devices.

    kept: devices whose names were not typed but kept; the system's own takes the place of one that is not there
    or refuses.
    """

    inputs: Sequence[TimedPath] = ()
    output: Path | None = None
    room: Path | None = None
    stepped: bool = False
    microphone: str | None = None
    speaker: str | None = None
    headphones: bool = False
    listening: bool = True
    sensitivity: Sensitivity = "normal"
    kept: frozenset[DeviceKind] = frozenset()

    @property
    def simulated(self) -> bool:
        """No device is used."""
        return bool(self.inputs or self.output or self.room or self.stepped)


class Recording:
    """The speaker as a file. A disk that fills up ends the recording, not the class; `tell` is told at once."""

    def __init__(self, path: Path, tell: Callable[[str], None]) -> None:
        self._writer, self._tell = WavWriter(path, SOUND_RATE), tell
        self._fault: SoundFileError | None = None

    def write(self, pcm: bytes) -> None:
        """Append mono PCM16 at 48 kHz."""
        if self._fault:
            return
        try:
            self._writer.write(pcm)
        except SoundFileError as error:
            self._fault = error
            self._tell(str(error))

    def close(self) -> None:
        """Write what waits. Raises the fault there was, so that it decides the exit code."""
        self._writer.close()
        if self._fault:
            raise self._fault


def open_sound(choice: SoundChoice, files: ExitStack, notice: Callable[[str], None]) -> Sound:
    """The sound of a class. `files` closes what it opens; `notice` is told, from any thread, what is missing or fails.

    A class begins without devices that are missing, in silence and at speaking pace, for captions and typed questions.
    """
    if choice.simulated:
        return _simulated(choice, files, notice)
    try:
        return open_card(choice, patient=True, notice=notice)
    except DeviceError as error:
        notice(f"{str(error).rstrip('.')}; until then the class has captions, and you can type.")
        return _simulated(replace(choice, listening=False), files, notice)


def open_card(choice: SoundChoice, *, patient: bool = False, notice: Callable[[str], None] = complain) -> "SoundCard":
    """The sound card; a `patient` one begins without what is missing. notice: see `tell_replaced`.

    Raises DeviceError where there is none, or no PortAudio, UsageError where not the one that was named.
    """
    from profai_cli.sound.card import SoundCard  # noqa: PLC0415 - PortAudio takes 0.1 s to load

    names = {"microphone": choice.microphone, "speaker": choice.speaker}
    try:
        card = SoundCard(
            microphone=choice.microphone,
            speaker=choice.speaker,
            replaceable=choice.kept,
            cancel_echo=not choice.headphones,
            listening=choice.listening,
            sensitivity=choice.sensitivity,
            patient=patient,
        )
    except DeviceError as error:
        if any(name for kind, name in names.items() if kind not in choice.kept):
            raise click.UsageError(str(error)) from error
        raise
    tell_replaced(card, notice)
    return card


def tell_replaced(card: "SoundCard", notice: Callable[[str], None]) -> None:
    """Tell of kept devices in whose place the system's own are used."""
    for kind, name in card.replaced.items():
        notice(
            f"The {kind} {plain(name)!r} of your settings cannot be used now, so the system's own is: plug it in, or "
            f"close what uses it, before the next class, or run 'profai settings unset {kind}'."
        )


def _simulated(choice: SoundChoice, files: ExitStack, notice: Callable[[str], None]) -> Sound:
    from profai_cli.sound.recordings import pcm_clip, room_response  # noqa: PLC0415 - numpy takes 0.2 s to load
    from profai_cli.sound.simulated import SimulatedSound  # noqa: PLC0415

    clips = []
    for at, path in choice.inputs:
        source = open_wav(path)
        files.callback(source.close)
        clips.append(pcm_clip(at, source.rate, source.read))
    response, response_rate = None, SOUND_RATE
    if choice.room:
        source = open_wav(choice.room)
        response, response_rate = room_response(source.rate, source.read), source.rate
        source.close()
    recording = None
    if choice.output:
        recording = Recording(choice.output, notice)
        files.callback(recording.close)
    return SimulatedSound(
        clips,
        speaker=(lambda block: recording.write(block.tobytes())) if recording else None,
        room=response,
        room_rate=response_rate,
        cancel_echo=response is not None and not choice.headphones,  # without a room there is no echo
        listening=choice.listening,
        sensitivity=choice.sensitivity,
        microphone_name=", ".join(path.name for _, path in choice.inputs),
        speaker_name=choice.output.name if choice.output else "",
    )


def open_engines(room: EngineRoom, choice: EngineChoice, *, hears: bool) -> Engines:
    """The engines of a class. Raises EngineError where one that was named cannot be had."""
    named = {"stt": choice.stt, "model": choice.model}
    needed = frozenset(kind for kind, name in named.items() if name and not choice.fallback)
    stt: SpeechToText | None = None
    deaf = ""
    if hears:
        try:
            stt = room.ears()
        except EngineError as error:
            if "stt" in needed:
                raise
            deaf = str(error)
    return Engines(room.voice(), room.answerer(), stt, deaf, needed, room.tongue())


def header(sound: Sound, *, interactive: bool) -> ClassStarting:
    """The first event of a class."""
    date = datetime.datetime.now().astimezone().isoformat(timespec="seconds")
    return ClassStarting(0.0, __version__, date, interactive, sound.microphone, sound.speaker)


def course_info(course: Course, place: Place) -> CourseInfo:
    """The event that begins a class."""
    topics = sum(len(module.topics) for module in course.modules)
    return CourseInfo(
        0.0, course.id, course.title, course.language, course.fingerprint, len(course.modules), topics, *place
    )
