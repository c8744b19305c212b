"""Answers from a language model behind any OpenAI-compatible server: OpenAI, Groq, Ollama, llama.cpp, LM Studio.

The model is given what the course says about each question, and of the talk so far what the learner heard.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any

from profai_cli.errors import EngineLost
from profai_cli.lesson.course import Course
from profai_cli.ports import AnswerPart, Question
from profai_cli.providers.limits import Limits
from profai_cli.providers.llm.chat_server import ChatServer
from profai_cli.providers.llm.course_passages import find
from profai_cli.providers.llm.course_terms import Term
from profai_cli.providers.llm.indexed import IndexedCourse
from profai_cli.settings import Access
from profai_cli.tutor.memory import Memory
from profai_cli.tutor.prompt import messages
from profai_cli.tutor.streamed import SpokenAnswer


class ChatModel:
    """An answerer; `heard` is to be called before the next question. Implements `ports.Answerer`.

    access: with an address ("https://api.openai.com/v1"); the key may be "" for a local server. name: for the learner.
    vendor: for `profai keys`, "" for a server that has no key there. memory: of the talk, which goes on where another
    model has begun. first: seconds to the first word, where a slow local model needs more than `limits.first`.
    effort: how much a model that can think is to think first ("none", "low"), "" for others.
    """

    def __init__(
        self,
        access: Access,
        course: Course,
        *,
        model: str,
        name: str,
        vendor: str = "",
        memory: Memory | None = None,
        first: float | None = None,
        effort: str = "",
        limits: Limits = Limits(),  # noqa: B008 - frozen
    ) -> None:
        self._lesson = course
        self._course = IndexedCourse(course)
        self._server = ChatServer(access, name, vendor, model, limits)
        self._model, self._name, self._effort = model, name, effort
        self._first = limits.first if first is None else first
        self._memory = memory or Memory()
        self._terms: Sequence[Term] = ()  # of the last question

    @property
    def name(self) -> str:
        """For the learner."""
        return self._name

    @property
    def delay(self) -> float:
        """Seconds from question to first part, a guess; models are not for the samples' clock."""
        return 0.5

    async def start(self) -> None:
        """Index the course and connect, which shows a bad key. Idempotent. Raises EngineError."""
        indexing = asyncio.create_task(self._course.open())
        try:
            await self._server.connect()
        finally:
            await indexing

    async def answer(self, question: Question) -> AsyncGenerator[AnswerPart]:
        """Each sentence as soon as it is complete; closing the iterator hangs up. Raises EngineError."""
        self._memory.asked(question.text)
        turns, before = self._memory.turns[:-1], self._terms
        found = await self._course.ask(lambda index: find(index, question, before))
        self._terms = found.terms
        here = question.module, question.topic
        body: dict[str, Any] = {
            "model": self._model,
            "messages": messages(self._lesson, question.text, here, found.passages, turns),
            "stream": True,
        }
        if self._effort:
            body["reasoning_effort"] = self._effort
        spoken, said = SpokenAnswer(), False
        async with aclosing(self._server.tokens(body, self._first, lambda: spoken.begun)) as tokens:
            async for token in tokens:
                for sentence in spoken.finish() if token is None else spoken.feed(token):
                    said = True
                    yield AnswerPart(sentence, found.source)
                if spoken.full:
                    return
        if not said:
            raise EngineLost(f"{self._name} gives no answer: ask again, or choose another model with --model.")

    def heard(self, text: str) -> None:
        """See `ports.Answerer`; the last call for an answer counts."""
        self._memory.heard(text)

    async def close(self) -> None:
        """Free everything. Idempotent."""
        await self._server.close()
        await self._course.close()
