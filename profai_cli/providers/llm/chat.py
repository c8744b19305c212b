"""Answers from a language model behind any OpenAI-compatible server: OpenAI, Groq, Ollama, llama.cpp, LM Studio.

The model is given what the course says about each question, and of the talk so far what the learner heard. In a class
that is held in another language than the course's, a question is first put into the course's, to be looked up there.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any, Final

from profai_cli.errors import EngineLost, EngineStalled
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
from profai_cli.tutor.prompt import MOST_QUERY, examination, messages, translation
from profai_cli.tutor.streamed import SpokenAnswer
from profai_cli.tutor.teaching import MOST_CHARACTERS, is_translated, request
from profai_cli.tutor.thoughts import Thoughts
from profai_cli.tutor.verdict import FirstLine

WHOLE_LESSON: Final = 10
"""Times `Limits.lesson`, five minutes, in which a lesson is written: a topic is taught in three or four."""


class ChatModel:
    """An answerer; `heard` is to be called before the next question. Implements `ports.Answerer`.

    access: with an address ("https://api.openai.com/v1"); the key may be "" for a local server. name: for the learner.
    vendor: for `profai keys`, "" for a server that has no key there. memory: of the talk, which goes on where another
    model has begun. first: seconds to the first word, where a slow local model needs more than `limits.first`.
    effort: how much a model that can think is to think first ("none", "low"), "" for others. language: of the class, ""
    where it is the course's.
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
        language: str = "",
        limits: Limits = Limits(),  # noqa: B008 - frozen
    ) -> None:
        self._lesson = course
        self._course = IndexedCourse(course)
        self._server = ChatServer(access, name, vendor, model, limits)
        self._model, self._name, self._effort, self._limits = model, name, effort, limits
        self._first = limits.first if first is None else first
        self._memory = memory or Memory()
        self._terms: Sequence[Term] = ()  # of the last question
        self._language = language or course.language

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
        asked = question
        if is_translated(self._lesson, self._language):
            asked = replace(question, text=await self._translation(question.text) or question.text)
        found = await self._course.ask(lambda index: find(index, asked, before))
        self._terms = found.terms
        told = messages(self._lesson, question.text, question.at, found.passages, turns, language=self._language)
        spoken, said = SpokenAnswer(), False
        async with aclosing(self._server.tokens(self._body(told), self._first, lambda: spoken.begun)) as tokens:
            async for token in tokens:
                for sentence in spoken.finish() if token is None else spoken.feed(token):
                    said = True
                    yield AnswerPart(sentence, found.source, made=True)
                if spoken.full:
                    return
        if not said:
            raise EngineLost(f"{self._name} gives no answer: ask again, or choose another model with --model.")

    async def _translation(self, question: str) -> str:
        """A question in the course's language: the first line of what the model makes of it."""
        told, written, thoughts = translation(self._lesson, question), "", Thoughts()
        async with aclosing(self._server.tokens(self._body(told), self._first, lambda: bool(written))) as tokens:
            async for token in tokens:
                written = (written + thoughts.feed(token or "")).lstrip()
                if token is None or "\n" in written or len(written) > MOST_QUERY:
                    break
        return written.partition("\n")[0][:MOST_QUERY]

    async def _judge(self, check: CheckPlace, said: str) -> AsyncGenerator[AnswerPart]:
        """A part for each sentence, the first with the verdict."""
        module, topic, sentence, _ = passage(self._lesson, check)
        held = Passage((module, topic), max(sentence - 1, 1), sentence + 3)
        told = examination(self._lesson, check, held, said, self._language)
        first, spoken, judged = FirstLine(), SpokenAnswer(), False
        async with aclosing(self._server.tokens(self._body(told), self._first, lambda: first.over)) as tokens:
            async for token in tokens:
                more = first.finish() if token is None else first.feed(token)
                if first.over and first.verdict is None:
                    break
                for sentence_ in [*spoken.feed(more), *(spoken.finish() if token is None else [])]:
                    yield AnswerPart(sentence_, verdict=None if judged else first.verdict, made=True)
                    judged = True
                if spoken.full:
                    return
        if not judged:
            raise EngineLost(f"{self._name} gives no judgement: the course itself judges.")

    async def lesson(self, module: int, topic: int) -> AsyncGenerator[str]:
        """See `ports.Answerer`; at most `MOST_CHARACTERS`, in at most `WHOLE_LESSON`."""
        told, written, thoughts = request(self._lesson, module, topic, self._language), 0, Thoughts()
        patience, end = self._limits.lesson, asyncio.get_running_loop().time() + WHOLE_LESSON * self._limits.lesson
        tokens = self._server.tokens(self._body(told), patience, lambda: written > 0, patience)
        async with aclosing(tokens):
            async for token in tokens:
                if token is None or written > MOST_CHARACTERS:
                    return
                if asyncio.get_running_loop().time() > end:
                    raise EngineStalled(f"{self._name} takes too long for a lesson: the course's text is read.")
                written += len(token)
                yield thoughts.feed(token)

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
