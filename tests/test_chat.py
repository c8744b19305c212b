"""A language model as the answerer, with real httpx against the emulator of OpenAI in a process of its own."""

import asyncio
import contextlib
import logging
import socket
import threading
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from typing import Any, TypeVar

import pytest

from profai_cli.errors import EngineBusy, EngineError, EngineLost, EngineRefused, EngineStalled
from profai_cli.lesson.course import Check, Course, Module, Topic
from profai_cli.lesson.place import CheckPlace
from profai_cli.ports import Answerer, AnswerPart, Question
from profai_cli.providers.limits import Limits
from profai_cli.providers.llm.chat import ChatModel
from profai_cli.providers.llm.discovery import PRESETS, local_server
from profai_cli.providers.llm.failures import body_error, failure
from profai_cli.providers.llm.sse import LONGEST_LINE, Events
from profai_cli.providers.refusals import PAUSE, pause
from profai_cli.settings import Access, Key
from profai_cli.tutor.teaching import MOST_CHARACTERS, lesson, questions
from tests.emulators.openai import HINDI
from tests.emulators.running import Emulators
from tests.emulators.stage import KEY

T = TypeVar("T")

TEA = Topic(
    "Tea",
    "Tea is made from the leaves of a bush. The bush grows in warm hills. It is old.\n\nMilk is optional.",
    (Check("What is tea made from?", "Leaves of a bush."),),
)
COFFEE = Topic(
    "Coffee", "Coffee is made from roasted beans. An espresso is strong coffee, because it has little water."
)
COURSE = Course("kitchen", "Kitchen", "en", "", (Module("Drinks", (TEA, COFFEE)),))
USUAL = Limits()
QUICK = Limits(connect=1.0, first=0.6, gap=0.3, close=0.2)
PRESET = PRESETS["openai"]


@pytest.fixture
def vendor(process: Emulators) -> Emulators:
    process.set(delays={}, replies=[], faults=[], seen=[])
    return process


def model(
    vendor: Emulators,
    key: str = KEY,
    url: str | None = None,
    first: float | None = None,
    *,
    limits: Limits = USUAL,
    language: str = "",
) -> ChatModel:
    access = Access(Key(key), vendor.url("openai") if url is None else url)
    return ChatModel(
        access,
        COURSE,
        model=PRESET.model,
        name="OpenAI",
        vendor="openai",
        first=first,
        effort=PRESET.effort,
        language=language,
        limits=limits,
    )


def talk(chat: ChatModel, use: Callable[[ChatModel], Awaitable[T]]) -> T:
    """Start, use and close; nothing may be left behind."""

    async def run() -> T:
        try:
            await chat.start()
            return await use(chat)
        finally:
            await chat.close()
            for _ in range(20):  # in which the event loop closes httpx's nested generators, one after the other
                await asyncio.sleep(0)
            assert asyncio.all_tasks() == {asyncio.current_task()}

    return asyncio.run(run())


async def ask(chat: Answerer, text: str = "what is tea made of", said: list[str] | None = None) -> list[AnswerPart]:
    parts = []
    async for part in chat.answer(Question(text, 0, 1)):
        parts.append(part)
        if said is not None:
            said.append(part.text)
    return parts


def asked(vendor: Emulators, which: int = -1) -> list[dict[str, str]]:
    return list(vendor.seen("openai", "ask")[which]["messages"])


def asked_all(vendor: Emulators) -> list[list[dict[str, str]]]:
    return [list(seen["messages"]) for seen in vendor.seen("openai", "ask")]


def fault(kind: str, **more: Any) -> dict[str, Any]:
    """One that the question meets: the first request is for the list of models."""
    return {"vendor": "openai", "kind": kind, "skip": 1, **more}


# --- answers ---------------------------------------------------------------------------------------


def test_an_answer_comes_from_the_passages_and_says_where_they_are_from(vendor: Emulators) -> None:
    assert talk(model(vendor), ask) == [
        AnswerPart("Tea is made from the leaves of a bush.", "Tea"),
        AnswerPart("The bush grows in warm hills.", "Tea"),
    ]
    seen = vendor.seen("openai", "ask")[0]
    assert (seen["model"], seen["stream"], seen["reasoning_effort"]) == (PRESET.model, True, "none")
    system, user = seen["messages"]
    assert system["role"] == "system"
    assert "<topic>Coffee.</topic>" in user["content"]
    assert "<passage>Tea. Tea is made from the leaves of a bush." in user["content"]
    assert user["content"].endswith("<question>what is tea made of</question>")


def test_all_that_a_model_says_is_marked(vendor: Emulators) -> None:
    assert all(part.made for part in talk(model(vendor), ask))
    assert all(part.made for part in talk(model(vendor), lambda chat: examine(chat, "leaves")))


def test_what_the_course_does_not_cover_has_no_source(vendor: Emulators) -> None:
    parts = talk(model(vendor), lambda chat: ask(chat, "who is the president of france"))
    assert [part.source for part in parts] == [""] * 2
    assert "<passage>" not in asked(vendor)[-1]["content"]


def test_markup_is_not_spoken_and_signs_are_words(vendor: Emulators) -> None:
    vendor.set(replies=["<think>Hm. So.</think>\n\n**Tea** is, e.g., `x` ≤ 5.\n\n1. Pour it\n"])
    assert [part.text for part in talk(model(vendor), ask)] == [
        "Tea is, for example, x is less than or equal to 5.",
        "First: Pour it.",
    ]


def test_the_first_sentence_comes_before_the_answer_is_done(vendor: Emulators) -> None:
    vendor.set(replies=["Tea is hot. " + "It is very very hot. " * 5], delays={"openai.token": 0.02})

    async def first(chat: ChatModel) -> int:
        async with aclosing(chat.answer(Question("tea", 0, 0))) as parts:
            assert (await anext(parts)).text == "Tea is hot."
            return len(vendor.seen("openai", "done"))

    assert talk(model(vendor), first) == 0


def test_a_runaway_answer_is_hung_up(vendor: Emulators) -> None:
    vendor.set(replies=["It goes on and on. " * 500], delays={"openai.token": 0.001})
    assert len(talk(model(vendor), ask)) == 12
    assert [seen["what"] for seen in vendor.seen("openai")] == ["models", "ask", "cancelled"]


def test_hanging_up_reaches_the_server_at_once_and_the_next_question_is_answered(vendor: Emulators) -> None:
    vendor.set(replies=["One. Two. " * 50, "Three."], delays={"openai.token": 0.01})

    async def cut(chat: ChatModel) -> list[AnswerPart]:
        async with aclosing(chat.answer(Question("tea", 0, 0))) as parts:
            await anext(parts)
        return await ask(chat)

    assert [part.text for part in talk(model(vendor), cut)] == ["Three."]
    assert [len(vendor.seen("openai", what)) for what in ("ask", "cancelled", "done")] == [2, 1, 1]


def test_one_connection_serves_all_questions(vendor: Emulators) -> None:
    async def twice(chat: ChatModel) -> None:
        await ask(chat)
        await ask(chat)

    talk(model(vendor), twice)
    assert len({seen["port"] for seen in vendor.seen("openai") if "port" in seen}) == 1


# --- answers to check questions --------------------------------------------------------------------


async def examine(chat: Answerer, said: str) -> list[AnswerPart]:
    question = Question(said, 0, 0, check=CheckPlace(0, 0, 0))
    return [part async for part in chat.answer(question)]


def test_an_answer_to_a_check_question_is_judged_by_its_passage_and_not_remembered(vendor: Emulators) -> None:
    async def both(chat: ChatModel) -> list[AnswerPart]:
        found = await examine(chat, "the leaves of a bush")
        await ask(chat)
        return found

    assert talk(model(vendor), both) == [
        AnswerPart("Yes, you know it.", verdict="right"),
        AnswerPart("Leaves of a bush."),
    ]
    first, second = asked(vendor, 0), asked(vendor, 1)
    assert "<passage>Tea. Tea is made from the leaves" in first[1]["content"]
    assert first[1]["content"].endswith("<said>the leaves of a bush</said>")
    assert [message["role"] for message in second] == ["system", "user"]


@pytest.mark.parametrize("reply", ["I think that is nice. ", "RIGHT\n", "RIGHT", "Well.\nRIGHT\nYes.", "x" * 5000])
def test_a_model_that_gives_no_judgement_is_another_engines_turn(vendor: Emulators, reply: str) -> None:
    vendor.set(replies=[reply])
    with pytest.raises(EngineLost, match="gives no judgement"):
        talk(model(vendor), lambda chat: examine(chat, "leaves"))


def test_a_runaway_judgement_is_hung_up(vendor: Emulators) -> None:
    vendor.set(replies=["PARTLY\n" + "It goes on and on. " * 500], delays={"openai.token": 0.001})
    parts = talk(model(vendor), lambda chat: examine(chat, "leaves"))
    assert (len(parts), parts[0].verdict) == (12, "partly")


# --- lessons ---------------------------------------------------------------------------------------


async def tell(chat: Answerer, topic: int = 0) -> str:
    return "".join([piece async for piece in chat.lesson(0, topic)])


def test_a_topic_is_told_from_its_text_and_not_remembered(vendor: Emulators) -> None:
    async def both(chat: ChatModel) -> str:
        written = await tell(chat)
        await ask(chat)
        return written

    written = talk(model(vendor), both)
    assert lesson(TEA, written, translated=False)[0] == ("Listen: Tea is made from the leaves of a bush.", 1)
    assert "<sentence number=1>Tea is made" in asked(vendor, 0)[1]["content"]
    assert len(asked(vendor, 1)) == 2


def test_a_question_is_answered_while_a_lesson_is_written(vendor: Emulators) -> None:
    vendor.set(delays={"openai.token": 0.005})

    async def both(chat: ChatModel) -> tuple[str, list[AnswerPart]]:
        return await asyncio.gather(tell(chat), ask(chat))

    written, parts = talk(model(vendor), both)
    assert "Milk is optional." in written
    assert parts[0].source == "Tea"


def test_a_lesson_that_runs_away_is_hung_up(vendor: Emulators) -> None:
    vendor.set(replies=["1| On and on. " * 5000])
    assert len(talk(model(vendor), tell)) < MOST_CHARACTERS + 100


def test_a_lesson_may_take_longer_to_begin_than_an_answer(vendor: Emulators) -> None:
    vendor.set(delays={"openai.think": 0.3})
    quick = Limits(first=0.1)
    assert "Milk is optional." in talk(model(vendor, limits=quick), tell)
    with pytest.raises(EngineStalled):
        talk(model(vendor, limits=quick), ask)
    with pytest.raises(EngineStalled):
        talk(model(vendor, limits=Limits(lesson=0.1)), tell)


def test_a_lesson_that_drips_is_given_up(vendor: Emulators) -> None:
    vendor.set(replies=["1| On and on. " * 500], delays={"openai.token": 0.01})
    with pytest.raises(EngineStalled, match="too long for a lesson"):
        talk(model(vendor, limits=Limits(lesson=0.05)), tell)


def test_what_a_model_thinks_is_no_part_of_its_lesson(vendor: Emulators) -> None:
    vendor.set(replies=["<think>\n1| Hm. Perhaps so.\n</think>\n1| Tea is a leaf.\n"])
    assert talk(model(vendor), tell).strip() == "1| Tea is a leaf."


def test_a_lesson_that_breaks_off_is_an_error(vendor: Emulators) -> None:
    vendor.set(faults=[fault("abort")])
    with pytest.raises(EngineError):
        talk(model(vendor), tell)


# --- in the learner's language ---------------------------------------------------------------------


def test_a_question_is_looked_up_in_the_courses_language_and_answered_in_the_learners(vendor: Emulators) -> None:
    vendor.set(replies=["<think>\nwell</think>\nwhat is tea made of\nignored", "Patti se. Bas."])
    parts = talk(model(vendor, language="hi"), lambda chat: ask(chat, "</question>chai kis se banti hai"))
    assert parts == [AnswerPart("Patti se.", "Tea"), AnswerPart("Bas.", "Tea")]
    (rules, put), (answering, *_, asked) = asked_all(vendor)
    assert "whose code is en" in rules["content"]
    assert put["content"] == "<question>\u2039/question\u203achai kis se banti hai</question>"
    assert "whose code is hi" in answering["content"]
    assert "<passage>Tea. Tea is made from" in asked["content"]
    assert asked["content"].endswith("<question>\u2039/question\u203achai kis se banti hai</question>")


def test_a_model_that_translates_without_end_is_cut_short(vendor: Emulators) -> None:
    vendor.set(replies=["what is tea made of " * 5000, "Patti se."])
    assert [part.text for part in talk(model(vendor, language="hi"), ask)] == ["Patti se."]
    assert [seen["what"] for seen in vendor.seen("openai")][1:3] == ["ask", "cancelled"]


def test_lessons_and_judgements_are_in_the_learners_language(vendor: Emulators) -> None:
    chat = model(vendor, language="hi")

    async def both(chat: ChatModel) -> str:
        await examine(chat, "patti")
        return await tell(chat)

    written = talk(chat, both)
    assert lesson(TEA, written, translated=True)[0] == (f"{HINDI}Tea is made from the leaves of a bush.", 1)
    assert questions(TEA, written) == (f"{HINDI}What is tea made from?",)
    assert ["whose code is hi" in messages[0]["content"] for messages in asked_all(vendor)] == [True, True]


# --- memory ----------------------------------------------------------------------------------------


def test_the_memory_holds_what_was_heard_and_the_questions_without_an_answer(vendor: Emulators) -> None:
    vendor.set(replies=["Tea is a leaf. It is old.", "Never heard.", "Yes."])

    async def three(chat: ChatModel) -> None:
        await ask(chat, "what is tea")
        chat.heard("Tea is a")
        await ask(chat, "what is coffee")
        chat.heard("")
        await ask(chat, "why")
        chat.heard("Yes.")

    talk(model(vendor), three)
    *before, last = asked(vendor)[1:]
    assert before == [
        {"role": "user", "content": "<question>what is tea</question>"},
        {"role": "assistant", "content": "Tea is a"},
    ]
    assert last["content"].startswith("<question>what is coffee</question>\n<course>")
    assert "<passage>Coffee. Coffee is made" in last["content"], "a follow-up is about what was asked before"
    assert last["content"].endswith("<question>why</question>")


def test_a_question_whose_answer_failed_is_remembered(vendor: Emulators) -> None:
    vendor.set(faults=[fault("no_answer")])

    async def again(chat: ChatModel) -> None:
        with pytest.raises(EngineLost):
            await ask(chat, "what is tea")
        await ask(chat, "go on")

    talk(model(vendor), again)
    assert asked(vendor)[1]["content"].startswith("<question>what is tea</question>\n<course>")


def test_a_follow_up_on_nothing_is_about_what_is_being_taught(vendor: Emulators) -> None:
    assert talk(model(vendor), lambda chat: ask(chat, "can you explain that"))[0].source == "Coffee"


# --- faults ----------------------------------------------------------------------------------------

BAD_KEY = "OpenAI refuses the key: set another one with 'profai keys set openai'."
NO_MODEL = "OpenAI has no model gpt-6-luna for this key: choose another one with --model."
NO_CREDIT = "OpenAI's quota is used up: add credit there, or choose another model with --model."
REFUSED = "OpenAI refuses the question{}: choose another model with --model."
BUSY = "OpenAI asks for a pause: ask again later, or choose another model with --model."
SLOW = "OpenAI takes too long: check the network, or ask again."
CUT = "OpenAI's connection broke: check the network, or ask again."
UNFINISHED = "OpenAI broke off in mid-answer: ask again."
NOTHING = "OpenAI gives no answer: ask again, or choose another model with --model."
TROUBLE = "OpenAI has trouble of its own{}: ask again later."
PAGE = "OpenAI answers with a web page: check the network and the address."
ELSEWHERE = "OpenAI sends the question elsewhere: check the network and the address."

FAULTS = {
    "a bad key": (fault("refuse", status=401), EngineRefused, BAD_KEY),
    "a ban": (fault("refuse", status=403, text="Not\nhere."), EngineRefused, REFUSED.format(" (Not here)")),
    "no such model": (fault("refuse", status=404), EngineRefused, NO_MODEL),
    "no credit": (fault("refuse", status=429, code="insufficient_quota"), EngineRefused, NO_CREDIT),
    "a bad request": (fault("refuse", status=400, text=f"Bad {KEY}"), EngineRefused, REFUSED.format("")),
    "a masked key": (
        fault("refuse", status=403, text="No such API key: sk-AbC**xYZ"),
        EngineRefused,
        REFUSED.format(""),
    ),
    "its own fault": (fault("refuse", status=503), EngineLost, TROUBLE.format(" (This is 503)")),
    "a rate limit": (fault("busy", seconds=7), EngineBusy, BUSY),
    "silence": (fault("stall_before"), EngineStalled, SLOW),
    "silence after the head": (fault("stall_after"), EngineStalled, SLOW),
    "a slow drip": (fault("slow_drip"), EngineStalled, SLOW),
    "a cut line": (fault("abort"), EngineLost, CUT),
    "nonsense": (fault("garbage"), EngineLost, UNFINISHED),
    "no words": (fault("no_answer"), EngineLost, NOTHING),
    "an error in the stream": (fault("error_in_band"), EngineLost, TROUBLE.format("")),
    "no credit in the stream": (fault("error_in_band", code="insufficient_quota"), EngineRefused, NO_CREDIT),
    "a login page": (fault("html"), EngineLost, PAGE),
    "a proxy's error": (fault("html", status=502), EngineLost, TROUBLE.format("")),
    "a redirect": (fault("redirect", text="http://127.0.0.1:9/"), EngineLost, ELSEWHERE),
}


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_is_one_sentence_without_the_key(
    vendor: Emulators, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ordered, kind, sentence = FAULTS[name]
    vendor.set(faults=[ordered], replies=["One. Two three four. Five six seven. Eight."])
    chat, said = model(vendor, limits=QUICK if kind is EngineStalled else USUAL), list[str]()

    async def fails(chat: ChatModel) -> EngineError:
        with pytest.raises(EngineError) as caught:
            await ask(chat, said=said)
        return caught.value

    error = talk(chat, fails)
    assert (type(error), str(error)) == (kind, sentence)
    assert said == (["One."] if ordered["kind"] in ("abort", "error_in_band") else [])
    shown = "".join(traceback.format_exception(error)) + caplog.text + repr(error) + repr(chat) + repr(vars(chat))
    assert KEY not in shown
    assert error.__cause__ is error.__context__ is None


def test_a_busy_vendor_says_for_how_long(vendor: Emulators) -> None:
    for seconds, expected in ((7, 7.0), (0, PAUSE)):
        vendor.set(faults=[fault("busy", seconds=seconds)])
        with pytest.raises(EngineBusy) as caught:
            talk(model(vendor), ask)
        assert caught.value.seconds == expected


def test_nonsense_among_good_lines_is_passed_over(vendor: Emulators) -> None:
    vendor.set(faults=[fault("malformed")], replies=["Tea is hot. Very."])
    assert [part.text for part in talk(model(vendor), ask)] == ["Tea is hot.", "Very."]


def test_after_a_fault_the_next_question_is_answered(vendor: Emulators) -> None:
    vendor.set(faults=[fault("abort")])

    async def again(chat: ChatModel) -> list[AnswerPart]:
        with pytest.raises(EngineLost):
            await ask(chat)
        return await ask(chat)

    assert talk(model(vendor), again)


def test_thoughts_do_not_count_as_the_first_word(vendor: Emulators) -> None:
    vendor.set(replies=[f"<think>{'so ' * 200}</think> Tea."], delays={"openai.token": 0.02})
    with pytest.raises(EngineStalled):
        talk(model(vendor, limits=QUICK), ask)
    vendor.set(replies=["<think>so so</think> Tea."])
    assert talk(model(vendor, first=5.0), ask)[0].text == "Tea."


# --- the start and the end -------------------------------------------------------------------------


def test_a_bad_key_is_refused_at_the_start(vendor: Emulators) -> None:
    for key in ("sk-another-key", "kéy", "key\nX-Evil: 1", " key-with-blank"):
        with pytest.raises(EngineRefused, match="'profai keys set openai'") as caught:
            talk(model(vendor, key), ask)
        assert key not in "".join(traceback.format_exception(caught.value))


def test_a_server_that_lists_no_models_is_fine(vendor: Emulators) -> None:
    for kind in ({"kind": "refuse", "status": 404}, {"kind": "refuse", "status": 403}, {"kind": "html"}):
        vendor.set(faults=[{"vendor": "openai", **kind}])
        assert talk(model(vendor), ask)


def test_a_server_without_a_key_needs_none(vendor: Emulators) -> None:
    url, name = asyncio.run(local_server((vendor.port,)))
    assert (url, name) == (f"http://127.0.0.1:{vendor.port}/v1", "llama3.2:3b")
    chat = ChatModel(Access(Key(""), url), COURSE, model=name, name="local")
    assert talk(chat, ask)[0].source == "Tea"
    assert "reasoning_effort" not in vendor.seen("openai", "ask")[-1]


def test_an_address_without_a_server_is_named(vendor: Emulators) -> None:
    with pytest.raises(EngineLost, match="cannot be reached"):
        talk(model(vendor, url=f"http://127.0.0.1:{_free_port()}/v1"), ask)
    for url in ("", "localhost/v1", "http://a:b/v1", "https://"):
        with pytest.raises(EngineRefused, match="address"):
            talk(model(vendor, url=url), ask)


@pytest.mark.parametrize("proxy", ["socks9://127.0.0.1:9", "http://127.0.0.1:nine"])
def test_a_proxy_that_cannot_be_used_is_one_sentence(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    chat = ChatModel(Access(Key(KEY), "https://192.0.2.1/v1"), COURSE, model="m", name="OpenAI")
    with pytest.raises(
        EngineError, match=r"^OpenAI cannot be reached through the proxy that is set: check HTTPS_PROXY"
    ):
        talk(chat, ask)


def test_a_frozen_server_holds_nothing_up(vendor: Emulators) -> None:
    vendor.set(replies=["One. Two. " * 50], delays={"openai.token": 0.01})

    async def freeze(chat: ChatModel) -> None:
        async with aclosing(chat.answer(Question("tea", 0, 0))) as parts:
            await anext(parts)
            vendor.freeze()
            try:
                with pytest.raises(EngineStalled):
                    async for _ in parts:
                        pass
                with pytest.raises(EngineStalled):
                    await ask(chat)
                await chat.close()
                again = model(vendor, limits=QUICK)
                with pytest.raises(EngineStalled):
                    await again.start()
                await again.close()
            finally:
                vendor.thaw()

    talk(model(vendor, limits=QUICK), freeze)


def test_close_ends_an_answer_and_leaves_no_socket(vendor: Emulators) -> None:
    vendor.set(replies=["One. Two. " * 50], delays={"openai.token": 0.01})

    async def close(chat: ChatModel) -> None:
        async with aclosing(chat.answer(Question("tea", 0, 0))) as parts:
            await anext(parts)
            await chat.close()
            with pytest.raises(EngineLost):
                async for _ in parts:
                    pass
        await chat.close()

    talk(model(vendor), close)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("course-search")]


def test_it_is_an_answerer_and_answers_after_its_start_only(vendor: Emulators) -> None:
    async def early() -> None:
        chat: Answerer = model(vendor)
        assert (chat.name, chat.delay > 0) == ("OpenAI", True)
        with pytest.raises(RuntimeError, match="before start"):
            await ask(chat)
        await chat.close()

    asyncio.run(early())


# --- the parts -------------------------------------------------------------------------------------


def test_events_are_lines_however_they_are_cut() -> None:
    data = b': hi\r\n\r\nevent: x\ndata: {"a"}\r\ndata:[DONE]\n\ndata: \xe2\x82\xac \xff\nda'
    for cut in range(len(data)):
        events = Events()
        assert events.feed(data[:cut]) + events.feed(data[cut:]) == ['{"a"}', "[DONE]", "€ \ufffd"]
    with pytest.raises(ValueError, match="without end"):
        Events().feed(b"x" * (LONGEST_LINE + 1))


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        ({"code": 429, "message": "slow"}, 0, EngineBusy),
        ({"type": "rate_limit_error"}, 0, EngineBusy),
        ({"code": 401}, 0, EngineRefused),
        ({"code": 404}, 0, EngineRefused),
        ({"code": 402}, 0, EngineRefused),
        ({"type": "insufficient_quota", "code": None}, 429, EngineRefused),
        ("does not support thinking", 400, EngineRefused),
        (None, 408, EngineLost),
        ([{"msg": "field required"}], 422, EngineRefused),
        (7, 0, EngineLost),
        ({"code": {"x": 1}, "message": ["y"]}, 500, EngineLost),
    ],
)
def test_what_other_servers_say_is_understood(error: object, status: int, kind: type[EngineError]) -> None:
    found = failure(error, status=status, name="Groq", vendor="groq", model="m", key=Key("k"))
    assert type(found) is kind
    assert str(found).startswith("Groq")


def refusal(message: str | None, status: int, key: str = KEY, vendor: str = "groq") -> str:
    return str(failure(message, status=status, name="Groq", vendor=vendor, model="m", key=Key(key)))


def test_a_vendors_words_are_harmless_and_short() -> None:
    text = refusal(f"\x1b[31mNo\n{'very ' * 99}", 400)
    assert text.startswith("Groq refuses the question (No very very")
    assert text.isprintable()
    assert len(text) < 220


def test_what_a_vendor_says_of_a_key_is_not_repeated() -> None:
    for message in (KEY, f"no {KEY[:-4]}", f"no {KEY[:9]}****", "API key not valid: abc"):
        assert refusal(message, 400) == "Groq refuses the question: choose another model with --model."


def test_a_server_without_a_vendor_is_not_told_of_with_profai_keys() -> None:
    assert refusal(None, 401, "", "") == "Groq wants a key: start its server without one."
    assert refusal(None, 404, "", "") == "Groq has no model m: choose another one with --model."


def test_a_pause_that_is_no_number_of_seconds_is_the_usual_one() -> None:
    for after in ("Wed, 21 Oct 2026 07:28:00 GMT", "nan", "-1", "1e9", "999999"):
        error = failure(None, status=429, after=after, name="Groq", vendor="groq", model="m", key=Key(""))
        assert isinstance(error, EngineBusy)
        assert error.seconds == PAUSE
    assert [pause("2.5"), pause("0"), pause()] == [2.5, 1.0, PAUSE]


def test_errors_are_found_in_bodies_of_all_kinds() -> None:
    assert body_error(b'{"error": "no"}') == "no"
    assert body_error(b'{"detail": "no"}') == "no"
    for body in (b"", b"<html>", b"[]", b"{}", b"[" * 9999):
        assert body_error(body) is None


# --- servers on this machine -----------------------------------------------------------------------


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextlib.asynccontextmanager
async def serving(body: bytes) -> AsyncIterator[int]:
    """The port of a server that gives this body to every request."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        with contextlib.suppress(ConnectionError):
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (b"data: " + b"x" * 2 * LONGEST_LINE, "OpenAI answers nonsense: check its address, or ask again."),
        (b'data: {"choices": [{"delta": {"content": "Yes."}}]}\n\n', UNFINISHED),
        (b'data: {"choices": [{"delta": {"content": "Yes."}}]}\ndata: [DONE]\n', "Yes."),
        (b'{"error": "no"}', UNFINISHED),
    ],
    ids=["a line without end", "cut at a line's end", "without blank lines", "an error with a good status"],
)
def test_the_answers_of_odd_servers(body: bytes, outcome: str) -> None:
    async def run() -> str:
        async with serving(body) as port:
            chat = ChatModel(Access(Key(""), f"http://127.0.0.1:{port}/v1"), COURSE, model="m", name="OpenAI")
            await chat.start()
            await chat.start()
            try:
                return " ".join([part.text for part in await ask(chat)])
            except EngineLost as error:
                return str(error)
            finally:
                await chat.close()

    assert asyncio.run(run()) == outcome


def served(*bodies: bytes) -> tuple[str, str]:
    """What is found where one server after the other answers with these bodies."""

    async def run() -> tuple[str, str]:
        async with contextlib.AsyncExitStack() as stack:
            ports = [await stack.enter_async_context(serving(body)) for body in bodies]
            return await local_server([_free_port(), *ports])

    return asyncio.run(run())


def test_the_first_local_chat_model_is_found() -> None:
    nonsense = (b"<html>", b"[]", b'{"data": 7}', b'{"data": [7]}', b'{"data": [{"id": 5}, {"id": "a\\u001b[m"}]}')
    embedders = b'{"data": [{"id": "bge-m3"}, {"id": "all-minilm:22m"}, {"id": "text-embedding-x"}]}'
    assert served(*nonsense, embedders, b'{"data": [{"id": "e5-large"}, {"id": "qwen3:4b"}]}')[1] == "qwen3:4b"


def test_no_local_chat_model_is_one_sentence() -> None:
    with pytest.raises(EngineError, match=r"^No model server runs on this machine: start Ollama"):
        asyncio.run(local_server([_free_port()]))
    with pytest.raises(EngineError, match=r"has no chat model: load one"):
        served(b'{"data": []}')


def test_a_frozen_local_server_is_passed_over() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(EngineError, match="No model server"):
        asyncio.run(local_server([silent.getsockname()[1]]))
