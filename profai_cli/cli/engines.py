"""Which engines a command uses: the one that was named, or the best there are, each ready to go on for the last."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeVar

import click

from profai_cli.cli.access import open_keys
from profai_cli.errors import EngineError, InputError, StorageError
from profai_cli.lesson.course import Course
from profai_cli.ports import Answerer, SpeechToText, TextToSpeech
from profai_cli.providers.catalogue import Engine, named, names
from profai_cli.providers.vendors import VENDORS

if TYPE_CHECKING:
    from profai_cli.providers.fallback.ladder import Rung

T = TypeVar("T")

Tell = Callable[[str, str], None]
"""Told which engine failed, and a line for the learner."""

Need = Literal["ears", "voice", "tongue", "answerer"]
"""tongue: the voice for what a model says, where it is in another language than the course."""

EARS: Final = names("hears")
VOICES: Final = names("speaks")
ANSWERERS: Final = names("answers")


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """What the learner chose. stt, tts, model: an engine's name, with a variant after a colon; "" for the best.

    fallback: go on with others where the named one fails. language: what the learner speaks, "" as the course does.
    local: use no network but for an engine that is named. env_file: with keys.
    """

    stt: str = ""
    tts: str = ""
    model: str = ""
    fallback: bool = False
    language: str = ""
    local: bool = False
    env_file: Path | None = None

    def check(self, *, stepped: bool, local: bool = False) -> None:
        """Raises UsageError for an engine that cannot run on the samples' clock, or without a network.

        local: the learner said so.
        """
        for option, name in (("--stt", self.stt), ("--tts", self.tts), ("--model", self.model)):
            if not name:
                continue
            engine = name.partition(":")[0]
            if stepped and not named(name).stepped:
                raise click.UsageError(f"--fast runs on the samples' clock: {option} {engine} needs real time.")
            if local and named(name).vendor:
                raise click.UsageError(f"--local uses no network, and {option} {engine} needs it: give --no-local.")


class EngineRoom:
    """The engines of one command. To be made before its event loop runs: a keyring may take its time.

    course: what is taught, None for none. language: of the voice. tell: gets a line when an engine is replaced, or has
    a faulty key. needs: which of its methods will be called; keys are looked for where they may be used.
    Raises InputError or StorageError for a faulty key or address where an engine with it was named, and EngineError
    where one was named that needs a key which there is not, and no other may take its place.
    """

    def __init__(
        self,
        choice: EngineChoice,
        course: Course | None,
        language: str,
        tell: Tell,
        needs: Collection[Need] = ("ears", "voice", "answerer"),
    ) -> None:
        from profai_cli.cli.makers import Makers, no_key  # noqa: PLC0415 - --help needs no engines

        self._choice, self._tell = choice, tell
        keys = open_keys(choice.env_file)
        if not choice.local:
            keys.setting("")  # reads a .env file: it was named, so that one that cannot be read ends the command
        self._makers = Makers(keys, course, language=language, spoken=choice.language or language)
        wanted: dict[Need, tuple[str, Iterable[str], Callable[[str], bool]]] = {
            "ears": (choice.stt, EARS, self._hears),
            "voice": (choice.tts, (*VOICES, "best"), self._speaks),
            "answerer": (choice.model, ANSWERERS, self._answers),
        }
        for need in needs:
            vendor = named(name).vendor if (name := wanted[need][0]) else ""
            if vendor and not self._makers.look_up(vendor) and not choice.fallback:
                raise no_key(vendor)
        self._used = {need: self._listed(*wanted[need]) for need in needs}
        for warning in keys.warnings:
            tell("profai", warning)

    def translate(self, language: str) -> bool:
        """Let a class be held in another language than its course's; False where no model is there to translate it."""
        (answerer, _), *_ = self._used["answerer"]
        if answerer.name == "course":
            return False
        self._makers.taught = language
        speaks = partial(self._speaks, language=language)
        named_voice = self._choice.tts
        if named_voice.startswith("flite") and language.casefold().split("-")[0] != "en":
            named_voice = ""  # it makes no sound of other letters, and the lesson would pass in silence
        self._used["tongue"] = self._listed(named_voice, (*VOICES, "best"), speaks)
        return True

    def titles(self, need: Need) -> list[str]:
        """The engines that would be used, for the learner, in the order in which they are tried."""
        return [engine.title for engine, _ in self._used[need]]

    def ears(self) -> SpeechToText:
        """What hears the learner. Raises EngineError where there is none for the language."""
        from profai_cli.providers.fallback.ears import FallbackEars  # noqa: PLC0415 - as above

        if not self._used["ears"]:
            language = self._makers.spoken
            raise EngineError(f"Nothing here understands {language!r}: get a key, and run 'profai keys set deepgram'.")
        rungs = self._rungs("ears", self._makers.ear)
        required = bool(self._choice.stt) and not self._choice.fallback
        return rungs[0].make() if self._alone("ears") else FallbackEars(rungs, required=required)

    def voice(self) -> TextToSpeech:
        """What speaks."""
        from profai_cli.providers.fallback.voice import FallbackVoice  # noqa: PLC0415 - as above

        rungs = self._rungs("voice", self._makers.voice)
        return rungs[0].make() if self._alone("voice") else FallbackVoice(rungs, self._tell)

    def tongue(self) -> TextToSpeech | None:
        """What speaks the language of a class that `translate` was called for; None for others."""
        from profai_cli.providers.fallback.voice import FallbackVoice  # noqa: PLC0415 - as above

        if "tongue" not in self._used:
            return None
        rungs = self._rungs("tongue", partial(self._makers.voice, taught=True))
        return rungs[0].make() if self._alone("tongue") else FallbackVoice(rungs, self._tell)

    def answerer(self) -> Answerer:
        """What answers. There must be a course."""
        from profai_cli.providers.fallback.answers import FallbackAnswerer  # noqa: PLC0415 - as above

        rungs = self._rungs("answerer", self._makers.answerer)
        return rungs[0].make() if self._alone("answerer") else FallbackAnswerer(rungs, self._tell)

    def _listed(self, chosen: str, best: Iterable[str], fits: Callable[[str], bool]) -> list[tuple[Engine, str]]:
        """Engines and variants, in the order in which they are tried."""
        name, _, variant = chosen.partition(":")
        used = [(named(name), variant)] if name else []
        if not name or self._choice.fallback:
            used += [(named(other), "") for other in best if other != name and fits(other)]
        return used

    def _rungs(self, need: Need, make: Callable[[str, str], T]) -> "list[Rung[T]]":
        from profai_cli.providers.fallback.ladder import Rung  # noqa: PLC0415 - as above

        return [Rung(e.title, partial(make, e.name, variant), e.vendor) for e, variant in self._used[need]]

    def _alone(self, need: Need) -> bool:
        """A local engine without others restarts its own process, and needs nobody above it."""
        (engine, _), *others = self._used[need]
        return engine.stepped and not others

    def _cloud(self, vendor: str) -> bool:
        """Whether to use a vendor that was not named; one with a faulty key or address costs no more than a line."""
        if self._choice.local:
            return False
        try:
            return self._makers.look_up(vendor)
        except (InputError, StorageError) as error:
            self._tell("profai", f"{error} {VENDORS[vendor].title} is left out.")
            return False

    def _hears(self, name: str) -> bool:
        from profai_cli.providers.stt.sarvam import supports  # noqa: PLC0415 - as above

        spoken = self._makers.spoken
        match name:
            case "deepgram":
                return self._cloud(name)
            case "sarvam":
                return supports(spoken) and self._cloud(name)
            case "moonshine":
                return self._makers.models.hears(spoken) is not None
            case "pocketsphinx":
                return spoken.casefold().split("-")[0] in ("auto", "en")
        return False  # Flux: only by name

    def _speaks(self, name: str, language: str = "") -> bool:
        from profai_cli.providers.tts import elevenlabs, sarvam  # noqa: PLC0415 - as above

        language = language or self._makers.language
        match name:
            case "elevenlabs":
                return elevenlabs.supports(language) and self._cloud(name)
            case "sarvam":
                return sarvam.supports(language) and self._cloud(name)
            case "moonshine":
                return self._makers.models.speaks(language) is not None
        return name == "best"

    def _answers(self, name: str) -> bool:
        return name == "course" or (name in VENDORS and self._cloud(name))  # "local": only by name
