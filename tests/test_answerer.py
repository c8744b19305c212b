"""The local answerer: what it reads from a course, what it goes on with, and what it refuses."""

import asyncio
import sqlite3
import threading
from functools import cached_property
from typing import Self

import pytest

from profai_cli.errors import EngineError
from profai_cli.lesson.course import Check, Course, Module, Topic
from profai_cli.lesson.place import CheckPlace
from profai_cli.lesson.script import Sentence
from profai_cli.ports import Answerer, AnswerPart, Question
from profai_cli.providers.llm.course_index import create_tables
from profai_cli.providers.llm.course_search import CourseSearch

TEA = Topic(
    "Tea",
    """
Tea is made from the leaves of a bush. The bush grows in warm hills.

To brew tea, take 3 spoons of leaves and pour boiling water on the leaves. Wait for three minutes.
Black tea is dark because its leaves were left in the air.

A samovar keeps water hot. Russian families gather round it. Such pots are made in Tula. They shine.
""",
    (Check("How long should tea stand?", "About three minutes"), Check("Who invented the saucer?", "Nobody knows.")),
)
COFFEE = Topic(
    "Coffee",
    """
Coffee is made from roasted beans. The beans grow in warm hills.

An espresso is strong coffee. For example, a ristretto is an espresso with half the water.
""",
)
COOKING = Topic(
    "Cooking with code",
    """
A recipe is a list of steps. Here is one.

```python
steps = ["stir", "taste"]
```

A KeyError means that something is missing. A tea room sells tea and scones.

The word `else` begins the other case. It comes after the first case.
""",
)
COURSE = Course(
    "kitchen",
    "Kitchen",
    "en",
    "",
    (Module("Drinks", (TEA, COFFEE)), Module("Food", (COOKING,))),
    {"chai": "tea", "morning drink": "coffee"},
)


class Talk:
    """A learner and the answerer; (module, topic) is what is being taught."""

    def __init__(self, course: Course = COURSE, at: tuple[int, int] = (0, 1)) -> None:
        self._answerer: Answerer = CourseSearch(course)
        self._at = at

    async def __aenter__(self) -> Self:
        await self._answerer.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._answerer.close()

    async def parts(self, question: str, sentence: int = 0) -> list[AnswerPart]:
        return [part async for part in self._answerer.answer(Question(question, *self._at, sentence))]

    async def say(self, question: str) -> str:
        return " ".join(part.text for part in await self.parts(question))


def ask(question: str, at: tuple[int, int] = (0, 1)) -> list[AnswerPart]:
    return talk(question, at=at)[0]


def talk(*questions: str, at: tuple[int, int] = (0, 1)) -> list[list[AnswerPart]]:
    async def run() -> list[list[AnswerPart]]:
        async with Talk(at=at) as learner:
            return [await learner.parts(question) for question in questions]

    return asyncio.run(run())


def test_an_answer_reads_the_right_passage_and_says_where_it_is_from() -> None:
    assert ask("What is a samovar?") == [
        AnswerPart("In the lesson about Tea: A samovar keeps water hot.", "Tea"),
        AnswerPart("Russian families gather round it.", "Tea"),
        AnswerPart("Such pots are made in Tula.", "Tea"),
    ]


def test_in_the_topic_being_taught_its_title_is_not_repeated() -> None:
    assert ask("what is a samovar", at=(0, 0))[0].text == "In this lesson: A samovar keeps water hot."


@pytest.mark.parametrize(
    "heard",
    ["you is a samovar", "so um what was a samovar again", "samovars", "what is a samavar", "what is a sam ovar"],
)
def test_small_words_endings_and_one_slip_do_not_matter(heard: str) -> None:
    assert ask(heard)[0].text == "In the lesson about Tea: A samovar keeps water hot."


@pytest.mark.parametrize(
    ("asked", "source", "words"),
    [
        ("where does chai grow", "Tea", "grows in warm hills"),  # an alias of one word
        ("what is the morning drink made from", "Coffee", "roasted beans"),  # and of two
        ("what is a key error", "Cooking with code", "something is missing"),  # a compound heard as two words
        ("how do i brew tea", "Tea", "To brew tea"),
        ("why is black tea dark", "Tea", "left in the air"),
        ("what does else do", "Cooking with code", "begins the other case"),  # a small word that is code
        ("three spoons of what", "Tea", "take 3 spoons"),  # a number written in digits
    ],
)
def test_the_course_is_found_in_other_words(asked: str, source: str, words: str) -> None:
    parts = ask(asked)
    assert parts[0].source == source
    assert words in " ".join(part.text for part in parts)


def test_of_two_topics_the_one_being_taught_is_read_first_and_the_other_offered() -> None:
    for at, first, second in (((0, 0), "Tea", "Coffee"), ((0, 1), "Coffee", "Tea")):
        parts = ask("where are hills", at=at)
        assert [parts[0].source, parts[-1].source] == [first, second]
        assert parts[-1].text == f"There is more about this in {second}; say: tell me more."


def test_a_check_is_answered_by_its_answer_and_the_passage() -> None:
    texts = [part.text for part in ask("how long should tea stand")]
    assert texts[0] == "In the lesson about Tea: About three minutes"
    assert "Wait for three minutes." in texts


def test_a_check_of_another_topic_is_not_taken_where_a_passage_holds_more_of_the_question() -> None:
    planets = Topic("Planets", "A planet is round.\n\n" * 5, (Check("Which planet is the hottest?", "Venus."),))
    stars = Topic("Stars", "A star is a sun.\n\n" * 5 + "Blue stars are the hottest. Red stars are cool.")
    course = Course("sky", "Sky", "en", "", (Module("M", (planets, stars)),))

    async def run() -> str:
        async with Talk(course, (0, 0)) as learner:
            return await learner.say("which stars are the hottest")

    assert "Blue stars are the hottest." in asyncio.run(run())


def test_a_check_without_a_passage_is_answered_all_the_same() -> None:
    assert ask("who invented the saucer")[0].text == "In the lesson about Tea: Nobody knows."


@pytest.mark.parametrize(
    "asked", ["what is the capital of france", "who won the match", "is it", "", "?!", '" OR (* ^NEAR']
)
def test_what_the_course_does_not_hold_is_refused(asked: str) -> None:
    assert ask(asked) == [AnswerPart("The lesson has no answer to that. Ask me about Coffee.")]


@pytest.mark.parametrize(("asked", "near"), [("samovar", "Tea"), ("parrot", "Coffee"), ("bean", "Coffee")])
def test_a_refusal_names_a_topic_that_is_near_and_not_one_of_a_mere_mention(asked: str, near: str) -> None:
    check = Check("What does a samovar do?", "It keeps water hot.")
    tea = Topic("Tea", "A samovar keeps water hot. A parrot sits on it.", (check,))
    course = Course("c", "C", "en", "", (Module("M", (tea, Topic("Coffee", "Beans grow.\n\n" * 20))),))

    async def run() -> list[AnswerPart]:
        async with Talk(course, at=(0, 1)) as learner:
            return await learner.parts(f"which {asked} has the parliament")

    assert asyncio.run(run()) == [AnswerPart(f"The lesson has no answer to that. Ask me about {near}.")]


def test_more_reads_the_offered_topic_and_then_what_follows_to_its_end() -> None:
    first, second, *later = talk("where are hills", *["tell me more"] * 6, at=(0, 0))
    assert first[0].source == "Tea"
    assert second[0].source == "Coffee"
    assert later[0][0].text.startswith("That comes later, in the lesson about Coffee: An espresso")
    assert later[-1] == [AnswerPart("The lesson has no more about that.")]


def test_more_goes_on_after_the_sentence_that_was_read_last() -> None:
    _, more = talk("what is a samovar", "go on about that")
    assert [part.text for part in more] == ["In the lesson about Tea: They shine."]


def test_again_says_the_same() -> None:
    first, again = talk("what is a samovar", "say that again")
    assert again == first


def test_why_reads_a_reason_of_the_same_topic() -> None:
    _, why, nothing = talk("how is black tea made", "why is that", "what is a samovar")
    assert "because its leaves were left in the air" in " ".join(part.text for part in why)
    assert nothing


def test_without_a_reason_why_says_so() -> None:
    _, why = talk("what is an espresso", "but why")
    assert why == [AnswerPart("The lesson gives no reason for that.")]


def test_an_example_is_a_sentence_that_says_so() -> None:
    _, example = talk("what is coffee made from", "give me an example")
    assert example[0].text == "In this lesson: For example, a ristretto is an espresso with half the water."


def test_an_example_is_code_with_the_sentence_before_it() -> None:
    _, example = talk("what is a recipe", "can you give me an example", at=(1, 0))
    assert example[0].text == "In this lesson: Here is one."
    assert "stir" in example[1].text


def test_an_example_may_be_asked_of_the_topic_being_taught() -> None:
    assert "ristretto" in ask("give me an example")[0].text
    assert ask("give me an example", at=(0, 0)) == [AnswerPart("The lesson has no example of that.")]


@pytest.mark.parametrize("asked", ["why", "tell me more", "say that again", "go on about that"])
def test_with_nothing_to_follow_up_it_says_so(asked: str) -> None:
    (part,) = ask(asked)
    assert part.text.startswith("You have not asked me anything yet")


# --- after so many sentences of a lesson -----------------------------------------------------------


def taught(*asked: tuple[str, int], at: tuple[int, int] = (0, 0)) -> list[str]:
    """The answers to questions, each after so many sentences of the topic."""

    async def run() -> list[str]:
        async with Talk(at=at) as learner:
            return [" ".join(part.text for part in await learner.parts(*one)) for one in asked]

    return asyncio.run(run())


BLACK, SAMOVAR, RUSSIAN = 5, 6, 7
"""Sentences of the lesson on tea."""


def test_why_is_about_what_the_lesson_has_just_said() -> None:
    (why,) = taught(("but why", BLACK))
    assert why.startswith("In this lesson: Black tea is dark because")
    assert taught(("why", SAMOVAR + 3)) == ["The lesson gives no reason for that."]


def test_more_of_what_was_just_said_is_the_lesson_itself() -> None:
    assert taught(("tell me more", SAMOVAR)) == ["The lesson goes on with that."]


def test_again_says_the_sentence_that_was_cut_and_the_one_before_it() -> None:
    assert taught(("say that again", RUSSIAN)) == [
        "A samovar keeps water hot. Russian families gather round it.",
    ]


def test_simpler_is_the_short_answer_of_a_check_close_by() -> None:
    assert taught(("can you say that simpler", 4)) == ["In short: About three minutes"]
    assert taught(("i don't understand", SAMOVAR + 3)) == ["Once more, slowly: They shine."]


def test_the_word_that_was_not_understood_is_spelled_and_explained() -> None:
    (word,) = taught(("what was that word", RUSSIAN))
    spelled, _, lesson = word.partition(". ")
    assert spelled == "The word was russian, spelled R, U, S, S, I, A, N"
    assert lesson == "In this lesson: Russian families gather round it."
    assert taught(("what was that word", SAMOVAR + 3)) == ["They shine."]


def test_a_pronoun_stands_for_what_was_just_taught() -> None:
    (made,) = taught(("where are they made", RUSSIAN))
    assert "Tula" in made


def test_what_was_asked_last_comes_before_the_lesson_until_that_has_gone_on() -> None:
    _, why, later = taught(("what is an espresso", 3), ("why", 3), ("why", BLACK))
    assert why == "The lesson gives no reason for that."
    assert "Black tea is dark because" in later


def test_at_the_begin_of_a_topic_there_is_nothing_to_go_on_from() -> None:
    assert taught(("why", 0))[0].startswith("You have not asked me anything yet")


def test_a_follow_up_on_a_check_is_about_its_passage() -> None:
    async def run() -> list[str]:
        answerer = CourseSearch(COURSE)
        await answerer.start()
        asked = (
            Question("why", 0, 0, check=CheckPlace(0, 0, 0)),
            Question("why", 0, 1),
            Question("say that again", 0, 1),
        )
        texts = [" ".join([part.text async for part in answerer.answer(one)]) for one in asked]
        await answerer.close()
        return texts

    _, why, again = asyncio.run(run())
    assert why.startswith("In the lesson about Tea: Black tea is dark because")
    assert again == why


def test_a_pronoun_stands_for_what_was_asked_before() -> None:
    _, answer = talk("what is a samovar", "where are they made")
    assert "Tula" in " ".join(part.text for part in answer)


def test_a_refusal_does_not_end_the_conversation() -> None:
    first, _, again = talk("what is a samovar", "who won the match", "say that again")
    assert again == first


def test_a_question_of_any_length_and_script_is_taken() -> None:
    assert ask("samovar " * 5000 + "चाय \x00 \U0001f375")[0].source == "Tea"
    assert ask(" ".join(f"word{n} tea" for n in range(3000)))


def test_closing_the_answer_early_leaves_the_answerer_usable() -> None:
    async def run() -> None:
        answerer = CourseSearch(COURSE)
        await answerer.start()
        parts = answerer.answer(Question("what is a samovar", 0, 0))
        assert (await anext(parts)).source == "Tea"
        await parts.aclose()
        assert [part async for part in answerer.answer(Question("again", 0, 0))]
        await answerer.close()

    asyncio.run(run())


def test_start_and_close_may_be_repeated_and_answering_needs_a_start() -> None:
    async def run() -> None:
        answerer = CourseSearch(COURSE)
        with pytest.raises(RuntimeError, match="before start"):
            await anext(answerer.answer(Question("tea", 0, 0)))
        await answerer.start()
        await answerer.start()
        assert answerer.name == "course search"
        assert answerer.delay > 0
        await answerer.close()
        await answerer.close()

    asyncio.run(run())


class WatchedTopic(Topic):
    """Notes which thread asks for its sentences."""

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        object.__setattr__(self, "thread", threading.current_thread())
        return super().sentences


def test_the_course_is_indexed_in_another_thread_than_the_loops() -> None:
    topic = WatchedTopic("Tea", "Tea is old.")

    async def run() -> None:
        async with Talk(Course("c", "C", "en", "", (Module("M", (topic,)),)), (0, 0)) as learner:
            assert "Tea is old." in await learner.say("how old is tea")

    asyncio.run(run())
    assert vars(topic)["thread"] is not threading.main_thread()


def test_a_course_of_nothing_but_titles_refuses() -> None:
    async def run() -> None:
        async with Talk(Course("c", "C", "en", "", (Module("M", (Topic("Tea", ""),)),)), (0, 0)) as learner:
            assert await learner.say("how old is tea") == "The lesson has no answer to that. Ask me about Tea."
            assert await learner.say("give me an example") == "The lesson has no example of that."

    asyncio.run(run())


def test_a_sqlite_without_full_text_search_is_named() -> None:
    db = sqlite3.connect(":memory:")
    db.set_authorizer(lambda action, *_: sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_CREATE_VTABLE else 0)
    with pytest.raises(EngineError, match="FTS5"):
        create_tables(db)
    db.close()
