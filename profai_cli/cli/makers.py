"""Makes engines by name, for one course and one learner. Nothing heavy is imported before an engine is made."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from profai_cli.cli.access import reach
from profai_cli.errors import EngineError
from profai_cli.lesson.course import Course
from profai_cli.ports import Answerer, SpeechToText, TextToSpeech, Vocabulary
from profai_cli.providers.moonshine_models import Models
from profai_cli.providers.vendors import VENDORS
from profai_cli.settings import Access
from profai_cli.storage.cache import DiskCache
from profai_cli.storage.folders import cache_folder, data_folder
from profai_cli.storage.keys import Keys
from profai_cli.turns.words import PHRASES, phrases
from profai_cli.tutor.expected import sentences, terms
from profai_cli.tutor.memory import Memory
from profai_cli.tutor.sounds import Sounds

if TYPE_CHECKING:
    from profai_cli.providers.tts.espeak import Espeak

# Imports in the functions: each loads one engine's module, and most classes need three of a dozen.
# ruff: noqa: PLC0415


class Makers:
    """course: what is taught, None for none. language: of the voice. spoken: by the learner, or "auto".

    taught: the language that a model answers and teaches in; "" for the course's.
    """

    taught = ""

    def __init__(self, keys: Keys, course: Course | None, *, language: str, spoken: str) -> None:
        self.language, self.spoken = language, spoken
        self._keys, self._course = keys, course
        self._access: dict[str, Access | None] = {}  # of the vendors that were looked up
        self.models = Models(DiskCache(data_folder()))
        self._memory = Memory()

    def look_up(self, vendor: str) -> bool:
        """Whether the learner can use a vendor; before any engine of it is made, and before the event loop runs.

        Raises InputError or StorageError once where its key or address is faulty; from then on it has none.
        """
        if vendor not in self._access:
            self._access[vendor] = None
            self._access[vendor] = reach(self._keys, VENDORS[vendor])
        return self._access[vendor] is not None

    def ear(self, name: str, variant: str) -> SpeechToText:
        """A recogniser. Raises EngineError."""
        match name:
            case "deepgram":
                from profai_cli.providers.stt.deepgram import Deepgram

                model = variant or "nova-3"
                return Deepgram(self._reach(name), self._vocabulary(), language=self.spoken, model=model)
            case "flux":
                from profai_cli.providers.stt.flux import Flux

                return Flux(self._reach("deepgram"), self._vocabulary(), language=self.spoken)
            case "sarvam":
                from profai_cli.providers.stt.sarvam import Sarvam

                return Sarvam(self._reach(name), self._vocabulary(), language=self.spoken)
            case "moonshine":
                from profai_cli.providers.stt.moonshine import Moonshine

                return Moonshine(self.models, self._vocabulary())
        if self.spoken.casefold().split("-")[0] not in ("en", "auto"):
            raise EngineError("The recogniser pocketsphinx knows only English: choose another one with --stt.")
        from profai_cli.providers.stt.pocketsphinx import Pocketsphinx
        from profai_cli.providers.tts.espeak import Espeak

        return Pocketsphinx(self._vocabulary(), DiskCache(cache_folder()), _Pronouncer(Espeak(), self._sounds))

    def voice(self, name: str, variant: str, *, taught: bool = False) -> TextToSpeech:
        """A voice, which says the words of the course as its teacher wants them said. Raises EngineError.

        taught: for what a model says in the language that is taught in.
        """
        from profai_cli.providers.tts.sounded import SoundedVoice

        voice = self._voice(name, variant, self.taught if taught else self.language)
        return SoundedVoice(voice, Sounds(self._sounds)) if self._sounds else voice

    @property
    def _sounds(self) -> dict[str, str]:
        return self._course.sounds if self._course else {}

    def _voice(self, name: str, variant: str, language: str) -> TextToSpeech:
        match name:
            case "elevenlabs":
                from profai_cli.providers.tts.elevenlabs import ElevenLabs

                model = self._keys.setting("PROFAI_ELEVENLABS_MODEL") or None
                return ElevenLabs(self._reach(name), language=language, voice=variant or None, model=model)
            case "sarvam":
                from profai_cli.providers.tts.sarvam import SarvamVoice

                return SarvamVoice(self._reach(name), language=language, speaker=variant or None)
            case "moonshine":
                from profai_cli.providers.tts.moonshine import MoonshineVoice

                return MoonshineVoice(self.models, language, variant)
        from profai_cli.providers.tts.local import BestLocal, named

        return BestLocal(language) if name == "best" else named(f"{name}:{variant}", language)

    def answerer(self, name: str, variant: str) -> Answerer:
        """What answers questions on the course, of which there must be one. Raises EngineError."""
        assert self._course is not None
        if name == "course":
            from profai_cli.providers.llm.course_search import CourseSearch

            return CourseSearch(self._course)
        if name == "local":
            from profai_cli.providers.llm.local import LocalModel

            return LocalModel(self._course, self._memory, variant, self.taught)
        from profai_cli.providers.llm.chat import ChatModel
        from profai_cli.providers.llm.discovery import PRESETS

        preset, vendor, access = PRESETS[name], VENDORS[name], self._reach(name)
        model = variant or (self._keys.setting("PROFAI_OPENAI_MODEL") if name == "openai" else "")
        return ChatModel(
            Access(access.key, access.url or vendor.url),
            self._course,
            model=model or preset.model,
            name=vendor.title,
            vendor=name,
            memory=self._memory,
            effort="" if model or access.url else preset.effort,  # others' models may refuse it
            language=self.taught,
        )

    def _reach(self, vendor: str) -> Access:
        access = self._access.get(vendor)
        if access is None:
            raise no_key(vendor)
        return access

    def _vocabulary(self) -> Vocabulary:
        course = self._course
        return Vocabulary(
            language=course.language if course else self.spoken,
            sentences=sentences(course) if course else (),
            terms=terms(course) if course else (),
            commands=tuple(phrase for listed in PHRASES.values() for phrase in phrases(listed)),
            sounds=self._sounds,
        )


def no_key(vendor: str) -> EngineError:
    """What is told of a vendor that cannot be used without a key."""
    title, page = VENDORS[vendor].title, VENDORS[vendor].page
    return EngineError(f"{title} needs a key: get one at {page}, then run 'profai keys set {vendor}'.")


class _Pronouncer:
    """espeak for the moment in which the recogniser learns a course's words; sounds: those that a teacher gave."""

    def __init__(self, espeak: "Espeak", sounds: dict[str, str]) -> None:
        self._espeak, self._sounds = espeak, Sounds(sounds)

    async def pronounce(self, words: Sequence[str]) -> dict[str, str]:
        """See `ports.Pronouncer`."""
        try:
            await self._espeak.start()
            said = {word: self._sounds.of(word) for word in words}
            phones = await self._espeak.pronounce(tuple(dict.fromkeys(said.values())))
            return {word: phones[sound] for word, sound in said.items() if sound in phones}
        finally:
            await self._espeak.close()
