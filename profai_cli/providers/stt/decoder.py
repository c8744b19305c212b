"""The decoder's process as the recogniser sees it: started with a course's model, and once more if it crashes."""

import hashlib
import json
from dataclasses import asdict
from typing import Any

from profai_cli.errors import EngineCrashed, EngineError, StorageError
from profai_cli.ports import Cache, Pronouncer, Vocabulary
from profai_cli.providers.stt import language_model
from profai_cli.providers.stt.spelling import spelled_out
from profai_cli.providers.wire import Message
from profai_cli.providers.worker import Worker

_NOT_LOADED = "The speech recogniser pocketsphinx cannot be used ({}); reinstall profai or type your questions."
_CRASHED = "The speech recogniser pocketsphinx has crashed twice; go on by typing, or start the class again."


class Decoder:
    """Decodes sound, live or as a whole. One request at a time."""

    def __init__(self, vocabulary: Vocabulary, cache: Cache, pronouncer: Pronouncer | None) -> None:
        self._vocabulary = vocabulary
        self._cache = cache
        self._pronouncer = pronouncer
        self._worker = Worker("profai_cli.providers.stt.pocketsphinx_service")
        self._load: dict[str, Any] = {}
        self._restarted = False

    @property
    def pid(self) -> int | None:
        """Process number."""
        return self._worker.pid

    async def start(self) -> None:
        """Load the engine and the course's model, building it where the cache has none that can be read.

        Without sentences there is no course: the stock model of English is used. Raises EngineError, also where the
        cache takes no model.
        """
        await self._worker.start()
        self._load = {"op": "load", "path": "", "phrases": language_model.phrases(self._vocabulary), "cmn": ""}
        try:
            if not self._vocabulary.sentences:
                await self._ask(self._load)
            elif not await self._load_kept():
                self._load["path"] = await self._build()
                await self._ask(self._load)
        except (EngineError, StorageError) as error:
            await self._worker.close()
            raise EngineError(_NOT_LOADED.format(str(error).rstrip("."))) from error

    async def live(self, pcm: bytes, begin: int) -> str:
        """Words so far of an utterance whose sound is `pcm`; [:begin] of it was given before."""
        try:
            reply, _ = await self._ask({"op": "live", "first": begin == 0}, pcm[begin:])
        except EngineCrashed:
            await self._restart()
            reply, _ = await self._ask({"op": "live", "first": True}, pcm)
        return str(reply["text"])

    async def whole(self, pcm: bytes) -> tuple[str, bool, bool]:
        """The words of an utterance, whether they are about the course, and whether that was in doubt."""
        try:
            reply, _ = await self._ask({"op": "whole"}, pcm)
        except EngineCrashed:
            await self._restart()
            reply, _ = await self._ask({"op": "whole"}, pcm)
        self._load["cmn"] = reply["cmn"]
        return str(reply["text"]), bool(reply["on_course"]), bool(reply["doubted"])

    async def close(self) -> None:
        """End the process. Idempotent."""
        await self._worker.close()

    async def _ask(self, header: dict[str, Any], payload: bytes = b"") -> Message:
        try:
            return await self._worker.submit(header, payload).only()
        except EngineCrashed as error:
            if self._restarted:
                raise EngineError(_CRASHED) from error
            raise

    async def _restart(self) -> None:
        self._restarted = True
        await self._worker.start()
        await self._ask(self._load)

    async def _load_kept(self) -> bool:
        path = self._cache.load(self._key(self._pronouncer is not None))
        if path is None:
            return False
        try:
            await self._ask({**self._load, "path": path})
        except EngineError:  # a broken file: a fresh process, without what this one took from it, makes another
            await self._worker.start()
            return False
        self._load["path"] = path
        return True

    async def _build(self) -> str:
        """Path of the course's model, made now."""
        vocabulary = asdict(self._vocabulary)
        reply, _ = await self._ask({"op": "missing", **vocabulary})
        pronunciations, complete = await self._pronounce(reply["words"])
        header = {"op": "build", "pronunciations": pronunciations, **vocabulary}
        _, model = await self._ask(header)
        return self._cache.store(self._key(complete), model)

    async def _pronounce(self, words: list[str]) -> tuple[dict[str, str], bool]:
        """Phones by word in lower case, and whether the pronouncer was asked."""
        spelled = spelled_out(word for word in words if word not in self._vocabulary.sounds)
        rest = [word for word in words if word.lower() not in spelled]
        if self._pronouncer is None:
            return spelled, False
        try:
            said = await self._pronouncer.pronounce(rest)
        except EngineError:
            return spelled, False  # those words will not be heard; everything else will
        return {word.lower(): phones for word, phones in said.items()} | spelled, True

    def _key(self, complete: bool) -> str:
        content = json.dumps([language_model.VERSION, complete, asdict(self._vocabulary)])
        return f"course-{hashlib.sha256(content.encode()).hexdigest()[:32]}.arpa"
