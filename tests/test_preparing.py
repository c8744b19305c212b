"""Lessons that a model makes while the class runs: which, when they are told, and what is kept."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from profai_cli.errors import EngineLost
from profai_cli.lesson.course import Course
from profai_cli.lesson.place import Place
from profai_cli.session.preparing import TRIES, Preparing
from profai_cli.tutor.teaching import Lines, key
from tests.fakes import FakeAnswerer, FakeShelf
from tests.small_course import small_course

COURSE = small_course(checks=1)
APPLES = tuple((sentence.text, n) for n, sentence in enumerate(COURSE.modules[0].topics[0].text) if n)
FIRST, SECOND = (0, 0), (0, 1)


def written(name: str, numbers: Sequence[int] = range(1, 6)) -> str:
    return "".join(f"{n}| {name} {n}.\n" for n in numbers)


def lines(name: str, numbers: Sequence[int]) -> Lines:
    return tuple((f"{name} {n}.", n) for n in numbers)


@dataclass
class Home:
    """What a class has been told. `pieces` are written one by one, each when `turn` is called."""

    lessons: dict[tuple[int, int], Sequence[str]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    told: list[tuple[tuple[int, int], Lines, tuple[str, ...], str]] = field(default_factory=list)
    course: Course = COURSE

    def hold(self, use: Callable[[Preparing], Awaitable[None]], language: str = "en", *, keeps: bool = True) -> None:
        async def started() -> None:
            pass

        async def run() -> None:
            shelf = FakeShelf(self.texts) if keeps else None
            answerer = self.answerer = Patient(lessons=self.lessons)
            preparing = Preparing(
                self.course, answerer, shelf, lambda *told: self.told.append(told), started, language=language
            )
            await use(preparing)
            await preparing.close()

        asyncio.run(run())


class Patient(FakeAnswerer):
    """Lets the class go on between two pieces."""

    async def lesson(self, module: int, topic: int) -> AsyncGenerator[str]:
        """See `FakeAnswerer`; what comes to "LOST" fails."""
        for piece in self.lessons.get((module, topic), ()):
            await asyncio.sleep(0)
            if piece == "LOST":
                raise EngineLost("The connection broke.")
            yield piece


async def begins(preparing: Preparing, sentence: int = 0) -> None:
    await preparing.begin(FIRST, (), teaches=True)
    preparing.ahead(Place(*FIRST, sentence))
    await preparing.settle()


def test_the_topic_that_is_taught_goes_on_in_the_lesson_and_the_next_one_begins_with_it() -> None:
    home = Home({FIRST: [written("Apple")], SECOND: [written("Bear")]})
    home.hold(begins)
    assert home.told == [
        (FIRST, (*APPLES[:2], *lines("Apple", [3, 4, 5])), (), "fake answerer"),
        (SECOND, lines("Bear", range(1, 6)), (), "fake answerer"),
    ]
    assert sorted(home.texts.values()) == [written("Apple"), written("Bear")]


def test_a_lesson_that_comes_after_its_topic_was_said_is_kept_alone() -> None:
    home = Home({FIRST: [written("Apple")]})
    home.hold(lambda preparing: begins(preparing, 3))
    assert home.told == []
    assert list(home.texts.values()) == [written("Apple")]


def test_the_next_class_begins_with_what_was_kept_and_asks_nobody() -> None:
    home = Home(texts={key(COURSE, *FIRST, "en"): written("Apple"), key(COURSE, *SECOND, "en"): written("Bear")})
    home.hold(begins)
    assert home.told == [
        (FIRST, lines("Apple", range(1, 6)), (), ""),
        (SECOND, lines("Bear", range(1, 6)), (), ""),
    ]


def test_nothing_is_made_without_a_shelf_or_a_lesson() -> None:
    home = Home({FIRST: [written("Apple")]})
    home.hold(begins, keeps=False)

    async def asks(preparing: Preparing) -> None:
        await preparing.begin(FIRST, [SECOND], teaches=False)
        preparing.ahead(Place(0, 0))
        await preparing.settle()

    home.hold(asks)
    assert (home.told, home.texts) == ([], {})


def test_a_model_that_comes_back_is_asked_again_but_not_without_end() -> None:
    home = Home({FIRST: ["LOST"]})

    async def later(preparing: Preparing, fails: int) -> None:
        await begins(preparing)
        for sentence in range(1, fails):
            preparing.ahead(Place(*FIRST, sentence))
            await preparing.settle()
        home.answerer.lessons = {FIRST: [written("Apple")], SECOND: [written("Bear")]}
        preparing.ahead(Place(*FIRST, 1))
        await preparing.settle()

    home.hold(lambda preparing: later(preparing, TRIES - 1))
    assert [at for at, *_ in home.told] == [FIRST, SECOND]
    home.told.clear()
    home.texts.clear()
    home.hold(lambda preparing: later(preparing, TRIES))
    assert [at for at, *_ in home.told] == [SECOND]


def test_a_learner_who_goes_on_to_another_topic_gets_that_one() -> None:
    home = Home({FIRST: ["1| Ap", "ple 1."], (1, 0): [written("Cherry")]})

    async def jumps(preparing: Preparing) -> None:
        preparing.ahead(Place(0, 0))
        preparing.ahead(Place(1, 0))
        await preparing.settle()

    home.hold(jumps)
    assert [at for at, *_ in home.told] == [(1, 0)]


def test_a_translation_is_told_as_it_is_written_and_what_was_said_stays() -> None:
    pieces = [written("Phal", [n]) for n in range(1, 6)]
    home = Home({FIRST: [*pieces, "?1| Kya hai?\n"]})

    async def teaches(preparing: Preparing) -> None:
        await preparing.begin(FIRST, (), teaches=True)
        preparing.ahead(Place(0, 0, 0))
        while not home.told:  # noqa: ASYNC110 - as many turns as it takes
            await asyncio.sleep(0)
        preparing.ahead(Place(0, 0, 1))
        await preparing.settle()

    home.hold(teaches, "hi")
    texts = [[text for text, _ in told] for _, told, _, _ in home.told]
    assert texts[0] == [*(text for text, _ in APPLES[:2]), "Phal 3.", *(text for text, _ in APPLES[3:])]
    assert texts[-1] == [*(text for text, _ in APPLES[:2]), "Phal 3.", "Phal 4.", "Phal 5."]
    assert [asked for _, _, asked, _ in home.told] == [("",), ("Kya hai?",)]
    assert list(home.texts) == [key(COURSE, *FIRST, "hi")]


def test_questions_of_earlier_topics_are_asked_as_they_were_translated() -> None:
    home = Home(texts={key(COURSE, *SECOND, "hi"): written("Bhalu") + "?1| Kya hai?\n"})

    async def asks(preparing: Preparing) -> None:
        await preparing.begin(FIRST, [SECOND], teaches=False)

    home.hold(asks, "hi")
    home.hold(asks, "en")
    ((at, _, asked, engine),) = home.told
    assert (at, asked, engine) == (SECOND, ("Kya hai?",), "")


def test_a_translation_that_breaks_off_goes_on_in_the_text_and_is_not_kept() -> None:
    home = Home({FIRST: [written("Phal", range(1, 5)), "5| Pha", "LOST"]})
    home.hold(begins, "hi")
    ((_, told, _, _),) = home.told
    assert [text for text, _ in told[2:]] == ["Phal 3.", *(text for text, _ in APPLES[3:])]
    assert home.texts == {}
