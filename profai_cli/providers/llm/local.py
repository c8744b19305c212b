"""Answers from a language model that runs on this machine: Ollama, LM Studio, llama.cpp. Found by itself."""

from collections.abc import AsyncGenerator, Sequence

from profai_cli.lesson.course import Course
from profai_cli.ports import AnswerPart, Question
from profai_cli.providers.llm.chat import ChatModel
from profai_cli.providers.llm.discovery import LOCAL_FIRST, PORTS, local_server
from profai_cli.settings import Access, Key
from profai_cli.tutor.memory import Memory


class LocalModel:
    """A `ports.Answerer` in front of the `ChatModel` that is made when its server was found."""

    name = "The local model"

    def __init__(
        self, course: Course, memory: Memory, model: str = "", language: str = "", ports: Sequence[int] = PORTS
    ) -> None:
        self._course, self._memory, self._model, self._ports = course, memory, model, ports
        self._language = language
        self._chat: ChatModel | None = None

    @property
    def delay(self) -> float:
        """As of other models, once this one is loaded."""
        return self._chat.delay if self._chat else 0.0

    async def start(self) -> None:
        """Find the server. Raises EngineError."""
        if self._chat is None:
            url, model = await local_server(self._ports)
            self._chat = ChatModel(
                Access(Key(""), url),
                self._course,
                model=self._model or model,
                name=self.name,
                memory=self._memory,
                first=LOCAL_FIRST,
                language=self._language,
            )
        await self._chat.start()

    def answer(self, question: Question) -> AsyncGenerator[AnswerPart]:
        """See `ports.Answerer`. Raises RuntimeError before `start`."""
        if self._chat is None:
            raise RuntimeError("LocalModel.answer was called before start.")
        return self._chat.answer(question)

    def lesson(self, module: int, topic: int) -> AsyncGenerator[str]:
        """See `ports.Answerer`. Raises RuntimeError before `start`."""
        if self._chat is None:
            raise RuntimeError("LocalModel.lesson was called before start.")
        return self._chat.lesson(module, topic)

    def heard(self, text: str) -> None:
        """See `ports.Answerer`."""
        self._memory.heard(text)

    async def close(self) -> None:
        """Free everything. Idempotent."""
        if self._chat:
            await self._chat.close()
