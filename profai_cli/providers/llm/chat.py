"""Answers from a language model behind any OpenAI-compatible server: OpenAI, Groq, Ollama, llama.cpp, LM Studio.

The model is given what the course says about each question, and of the talk so far what the learner heard.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any

from profai_cli.errors import EngineLost
from profai_cli.lesson.course import Course
from profai_cli.lesson.place import CheckPlace
from profai_cli.ports import AnswerPart, Question
from profai_cli.providers.limits import Limits
from profai_cli.providers.llm.chat_server import ChatServer
from profai_cli.providers.llm.course_passages import find
from profai_cli.providers.llm.course_terms import Term
from profai_cli.providers.llm.indexed import IndexedCourse
from profai_cli.settings import Access
from profai_cli.tutor.judging import passage
from profai_cli.tutor.memory import Memory
from profai_cli.tutor.passages import Passage
from profai_cli.tutor.prompt import examination, messages
from profai_cli.tutor.streamed import SpokenAnswer
from profai_cli.tutor.teaching import MOST_CHARACTERS, request
from profai_cli.tutor.verdict import FirstLine


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
        parts = self._judge(question.check, question.text) if question.check else self._answer(question)
        async with aclosing(parts):
            async for part in parts:
                yield part

    async def _answer(self, question: Question) -> AsyncGenerator[AnswerPart]:
        self._memory.asked(question.text)
        turns, before = self._memory.turns[:-1], self._terms
        found = await self._course.ask(lambda index: find(index, question, before))
        self._terms = found.terms
        told = messages(self._lesson, question.text, question.at, found.passages, turns)
        spoken, said = SpokenAnswer(), False
        async with aclosing(self._server.tokens(self._body(told), self._first, lambda: spoken.begun)) as tokens:
            async for token in tokens:
                for sentence in spoken.finish() if token is None else spoken.feed(token):
                    said = True
                    yield AnswerPart(sentence, found.source)
                if spoken.full:
                    return
        if not said:
            raise EngineLost(f"{self._name} gives no answer: ask again, or choose another model with --model.")

    async def _judge(self, check: CheckPlace, said: str) -> AsyncGenerator[AnswerPart]:
        """A part for each sentence, the first with the verdict."""
        module, topic, sentence, _ = passage(self._lesson, check)
        held = Passage((module, topic), max(sentence - 1, 1), sentence + 3)
        told = examination(self._lesson, check, held, said)
        first, spoken, judged = FirstLine(), SpokenAnswer(), False
        async with aclosing(self._server.tokens(self._body(told), self._first, lambda: first.over)) as tokens:
            async for token in tokens:
                more = first.finish() if token is None else first.feed(token)
                if first.over and first.verdict is None:
                    break
                for sentence_ in [*spoken.feed(more), *(spoken.finish() if token is None else [])]:
                    yield AnswerPart(sentence_, verdict=None if judged else first.verdict)
                    judged = True
                if spoken.full:
                    return
        if not judged:
            raise EngineLost(f"{self._name} gives no judgement: the course itself judges.")

    async def lesson(self, module: int, topic: int) -> AsyncGenerator[str]:
        """See `ports.Answerer`; at most `MOST_CHARACTERS`."""
        told, written = request(self._lesson, module, topic, self._lesson.language), 0
        async with aclosing(self._server.tokens(self._body(told), self._first, lambda: written > 0)) as tokens:
            async for token in tokens:
                if token is None or written > MOST_CHARACTERS:
                    return
                written += len(token)
                yield token

    def _body(self, messages: list[dict[str, str]]) -> dict[str, Any]:
        """Of a request."""
        effort = {"reasoning_effort": self._effort} if self._effort else {}
        return {"model": self._model, "messages": messages, "stream": True, **effort}

    def heard(self, text: str) -> None:
        """See `ports.Answerer`; the last call for an answer counts."""
        self._memory.heard(text)

    async def close(self) -> None:
        """Free everything. Idempotent."""
        await self._server.close()
        await self._course.close()
