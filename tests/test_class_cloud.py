"""A class with cloud engines from end to end: the real command, the vendors' own SDKs, and emulators of the vendors.

One class with a scripted learner shows most of it; smaller ones beside it show the other engines. They run in real
time, all at once, each with emulators of its own.
"""

import asyncio
import json
import re
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import pytest

from profai_cli.events import (
    AgentResponse,
    AudioGenerationStarted,
    ClassComplete,
    Error,
    Event,
    FinalTranscript,
    Heard,
    InteractiveModeStarting,
    LessonResumed,
    PartialTranscript,
    SpeechStarted,
    SttFailed,
    SttReady,
    TeachingContent,
    TtsCancelled,
    TtsHeld,
    TtsInterrupted,
    UtteranceEnd,
    from_dict,
)
from profai_cli.lesson.course import Course
from profai_cli.lesson.place import Place, sentence_at
from profai_cli.ports import AnswerPart, Question
from profai_cli.providers.llm.local import LocalModel
from profai_cli.storage.courses import load_course, shipped_courses
from profai_cli.tutor.expected import terms, topic_terms
from profai_cli.tutor.memory import Memory
from tests.emulators.running import Emulators
from tests.emulators.stage import KEY
from tests.live import Live, needs_proc
from tests.measuring import lesson_words
from tests.scripted import begin, environment, finish, read_wav, said, write_wav

pytestmark = pytest.mark.xdist_group("cloud")

FIRST, SECOND, THIRD, NEXT, QUIT = 7.5, 13.2, 20.0, 31.0, 36.0
"""When the learner begins to speak: in mid-sentence, in the first answer, in the second answer, in the lesson."""

SCRIPT = {
    FIRST: "what is a dictionary in this language",
    SECOND: "how long may such a list become",
    THIRD: "what is a variable",
    NEXT: "next topic",
    QUIT: "quit",
}
LONG = (
    "A dictionary is like a phone book with 250 names. It keeps them in the order in which you wrote them down. "
    "You look up a key, and you get the value that belongs to it, as quickly as you turn a page of a book you know. "
    "Another one of its virtues is that a value may be nearly anything that you can think of in this language."
)
REPLIES = [LONG, LONG.replace("dictionary", "list"), "A variable is a name for a value. That is all of it."]
SHOWN = "what is a kiwi made of"
"""What the learners of the smaller classes ask."""

INDIAN = ("--stt", "sarvam", "--tts", "sarvam", "--language", "en-IN")

DELAYS = {
    "deepgram.think": 0.15, "elevenlabs.think": 0.075, "elevenlabs.pace": 1.1, "openai.think": 0.2,
    "openai.token": 0.12, "sarvam.think": 0.2,
}  # fmt: skip
"""Long answers and sentences are still being made when the learner cuts in."""

WRONG = "not-the-key-9876543210fedcba"
"""A key that no vendor takes."""

E = TypeVar("E", bound=Event)
Note = dict[str, Any]


@dataclass(frozen=True)
class Cloud:
    """A class that was held. `stamps`: by event, time.monotonic() when it was written; as `at` of what was `seen`."""

    folder: Path
    code: int
    out: str
    err: str
    events: list[Event]
    stamps: list[float]
    seen: list[Note]
    processes: bytes

    def of(self, kind: type[E], begin: float = 0.0, end: float = float("inf")) -> list[E]:
        return [event for event in self.events if isinstance(event, kind) and begin <= event.t < end]

    def when(self, event: Event) -> float:
        """Its stamp."""
        return self.stamps[next(n for n, other in enumerate(self.events) if other is event)]

    def asked(self, vendor: str, what: str) -> list[Note]:
        """What a vendor's emulator saw."""
        return [note for note in self.seen if note["vendor"] == vendor and note["what"] == what]

    def names(self, begin: float, end: float) -> list[str]:
        return [event.name for event in self.events if begin <= event.t < end]


class Holding:
    """A class that is being held, with emulators of its own. `finish` once."""

    def __init__(self, folder: Path, learner: Mapping[float, str], *options: object, keys: str, **stage: Any) -> None:
        folder.mkdir()
        self._folder = folder
        self._stack = ExitStack()
        self._emulators = self._stack.enter_context(Emulators())
        self._emulators.set(script=list(learner.values()), **{"delays": DELAYS, **stage})
        command: list[object] = ["class", "--from-start", "--interactive", "--output", folder / "out.wav", *options]
        for at, text in learner.items():
            command += ["--input", f"{at}:{write_wav(folder / f'{at}.wav', said(text))}"]
        env = environment(folder) | self._emulators.environment(*keys.split())
        self._process = self._stack.enter_context(begin([*command, "--events", "-"], env))
        self._stack.callback(self._process.kill)
        self._lines: list[tuple[float, str]] = []
        self._processes = b""
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def finish(self) -> Cloud:
        """The class, when it has ended."""
        try:
            self._reader.join()
            assert self._process.stderr
            err = self._process.stderr.read()
            code = self._process.wait()
            vendors = ("deepgram", "elevenlabs", "openai", "sarvam")
            seen = [note for vendor in vendors for note in self._emulators.seen(vendor)]
        finally:
            self.kill()
        out = "".join(line for _, line in self._lines)
        events = [from_dict(json.loads(line)) for _, line in self._lines]
        stamps = [at for at, _ in self._lines]
        return Cloud(self._folder, code, out, err, events, stamps, seen, self._processes)

    def kill(self) -> None:
        """End it, whatever it does. Idempotent."""
        self._stack.close()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._lines.append((time.monotonic(), line))
            if '"final_transcript"' in line:
                self._processes += process_list()


def process_list() -> bytes:
    """The command lines of all processes of this machine, where it shows them."""
    found = b""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found += path.read_bytes()
        except OSError:  # it ended meanwhile
            continue
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cloud")


@pytest.fixture(scope="module")
def classes(folder: Path) -> Iterator[dict[str, Holding]]:
    """All begun at once."""
    cloud = "deepgram elevenlabs openai"
    small = {5.0: SHOWN}
    minutes = ("--minutes", 0.2)
    begun = {
        "main": Holding(folder / "main", SCRIPT, keys=cloud, replies=REPLIES),
        "flux": Holding(folder / "flux", small, "--stt", "flux", *minutes, keys=cloud, replies=REPLIES[2:]),
        "sarvam": Holding(folder / "sarvam", small, *INDIAN, *minutes, keys="sarvam"),
    }
    yield begun
    for holding in begun.values():
        holding.kill()


@pytest.fixture(scope="module")
def main(classes: dict[str, Holding]) -> Cloud:
    return classes["main"].finish()


@pytest.fixture(scope="module")
def flux(classes: dict[str, Holding]) -> Cloud:
    return classes["flux"].finish()


@pytest.fixture(scope="module")
def sarvam(classes: dict[str, Holding]) -> Cloud:
    return classes["sarvam"].finish()


@pytest.fixture(scope="module")
def course() -> Course:
    return load_course(shipped_courses(), "1")


def follow(names: list[str], order: str) -> bool:
    """The names of `order` are among `names`, in this order."""
    rest = iter(names)
    return all(name in rest for name in order.split())


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


# --- the start -------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_start_opens_the_connection_with_the_documented_query(main: Cloud) -> None:
    (connect,) = main.asked("deepgram", "connect")
    query = dict(connect["query"])
    assert query.pop("keyterm")
    assert query.pop("endpointing") == "300"
    assert query == {
        "model": "nova-3", "language": "en", "encoding": "linear16", "sample_rate": "16000", "channels": "1",
        "interim_results": "true", "vad_events": "true", "utterance_end_ms": "1000", "smart_format": "true",
        "punctuate": "true", "mip_opt_out": "true",
    }  # fmt: skip
    (ready,) = main.of(SttReady)
    assert ready.engine == "Deepgram"
    assert connect["at"] < main.when(ready)


@pytest.mark.slow
def test_the_key_terms_are_those_of_the_topic_before_anything_is_asked(main: Cloud, course: Course) -> None:
    told = main.asked("deepgram", "connect")[0]["query"]["keyterm"]
    for note in main.asked("deepgram", "configure"):
        if note["at"] < main.when(main.of(SpeechStarted, FIRST)[0]):
            told = note["keyterms"]
    assert set(topic_terms(course, Place(0, 0))) <= set(told)


@pytest.mark.slow
def test_the_key_terms_at_the_start_are_of_this_course(main: Cloud, course: Course) -> None:
    told = main.asked("deepgram", "connect")[0]["query"]["keyterm"]
    assert set(told) <= set(terms(course)) | set(topic_terms(course, Place(0, 0)))


@pytest.mark.slow
def test_interactive_mode_starts_by_itself(main: Cloud) -> None:
    (mode,) = main.of(InteractiveModeStarting)
    assert mode.t == 0.0
    assert (main.code, main.err, main.events[-1]) == (0, "", ClassComplete(main.events[-1].t, "quit"))


# --- a turn ----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_speech_becomes_partials_then_a_final_then_an_answer(main: Cloud) -> None:
    assert follow(
        main.names(FIRST, SECOND),
        "speech_started tts_held speech_confirmed partial_transcript partial_transcript partial_transcript "
        "final_transcript utterance_end agent_response audio_generation_started teaching_content",
    )


@pytest.mark.slow
@pytest.mark.parametrize("at", [FIRST, SECOND, THIRD])
def test_partials_grow_in_order_up_to_the_final_words(main: Cloud, at: float) -> None:
    (final,) = main.of(FinalTranscript, at, at + 6)
    partials = [words(partial.text) for partial in main.of(PartialTranscript, at, final.t)]
    assert len(partials) > 1
    assert all(later[: len(sooner)] == sooner for sooner, later in pairwise(partials))
    assert words(final.text)[: len(partials[-1])] == partials[-1]


@pytest.mark.slow
def test_every_utterance_ends_after_its_final_and_the_next_begins_clean(main: Cloud) -> None:
    turns = [event for event in main.events if isinstance(event, FinalTranscript | UtteranceEnd)]
    assert [type(turn) for turn in turns] == [FinalTranscript, UtteranceEnd] * len(SCRIPT)
    finals = main.of(FinalTranscript)
    assert [words(final.text) for final in finals] == [words(text) for text in SCRIPT.values()]
    for (at, text), final in zip(SCRIPT.items(), finals, strict=True):
        for partial in main.of(PartialTranscript, at, final.t)[:1]:
            assert words(partial.text) == words(text)[: len(words(partial.text))]


@pytest.mark.slow
def test_the_first_sentence_is_spoken_before_the_model_has_finished(main: Cloud) -> None:
    first = LONG.split(". ", maxsplit=1)[0] + "."
    sounding = next(x for x in main.of(TeachingContent, FIRST) if x.kind == "answer")
    assert sounding.text == first
    (finished, *_) = main.asked("openai", "cancelled")  # it was cut off while it still wrote
    assert not [note for note in main.asked("openai", "done") if note["at"] < finished["at"]]
    assert main.when(sounding) < finished["at"]


@pytest.mark.slow
def test_answers_name_their_source_and_end_once(main: Cloud) -> None:
    parts = main.of(AgentResponse, THIRD)
    assert " ".join(part.text for part in parts).strip() == REPLIES[2]
    assert [part.done for part in parts].count(True) == 1
    assert parts[0].source == "Variables, names for values"


# --- interruptions ---------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("at", [FIRST, SECOND, THIRD])
def test_three_interruptions_in_a_row_each_cut_the_tutor_and_are_answered(main: Cloud, at: float) -> None:
    (held, *_) = main.of(TtsHeld, at)
    assert held.t < at + 0.5
    (cut,) = [x for x in main.events if isinstance(x, TtsInterrupted | TtsCancelled) and at <= x.t < at + 5]
    assert cut.reply == held.reply
    later = {x.reply for x in main.of(TeachingContent, cut.t)}
    assert cut.reply not in later
    assert [x for x in main.of(AgentResponse, cut.t, at + 7) if x.text]


@pytest.mark.slow
@pytest.mark.parametrize("at", [SECOND, THIRD])
def test_an_interruption_in_the_answer_cancels_at_both_servers(main: Cloud, at: float) -> None:
    held, (cut, *_) = main.of(TtsHeld, at)[0], main.of(TtsInterrupted, at)
    for vendor in ("elevenlabs", "openai"):
        late = [1000 * (x["at"] - main.when(cut)) for x in main.asked(vendor, "cancelled")]
        nearest = min(late, key=abs)
        print(f"{vendor}: cancelled {nearest:.1f} ms after the decision, {1000 * (cut.t - held.t):.0f} after the hold")
        assert nearest > -50
        following = [x["at"] for x in main.asked(vendor, "speak") + main.asked(vendor, "ask")]
        begun = min(x for x in following if x > main.when(cut))
        assert main.when(cut) + nearest / 1000 < begun, "the server worked on when the next request came"


@pytest.mark.slow
def test_the_lesson_resumes_at_the_cut_phrase_and_no_word_is_lost(main: Cloud, course: Course) -> None:
    (cut,) = main.of(TtsInterrupted, FIRST, SECOND)
    (resumed,) = main.of(LessonResumed, FIRST, NEXT)
    before = main.of(TeachingContent, 0, FIRST)[-1]
    assert (before.reply, before.sentence) == (cut.reply, cut.sentence)
    sentence = sentence_at(course, Place(*resumed.place))
    assert before.place
    assert resumed.place[:3] == before.place[:3]
    begun = sentence.phrases[before.place[3]]
    assert resumed.place[3] == max(n for n, start in enumerate(sentence.phrases) if start <= begun + cut.char + 1)
    counted = lesson_words((x for x in main.events if x.t < NEXT), course)
    assert counted.count > 10
    assert (counted.lost, counted.strays) == ((), ())


@pytest.mark.slow
def test_the_model_remembers_the_question_and_only_what_was_heard(main: Cloud) -> None:
    first, second, third = main.asked("openai", "ask")
    assert SCRIPT[FIRST] in first["messages"][-1]["content"].lower()
    assert [m["role"] for m in second["messages"]] == ["system", "user", "assistant", "user"]
    assert SCRIPT[FIRST] in second["messages"][1]["content"].lower()
    (cut,) = main.of(TtsInterrupted, SECOND, THIRD)
    heard = [x.text for x in main.of(TeachingContent, FIRST, cut.t) if x.reply == cut.reply]
    heard[-1] = heard[-1][: cut.char]
    remembered = second["messages"][2]["content"]
    assert words(remembered) == words(" ".join(heard))
    assert LONG.startswith(remembered.rstrip())
    assert len(remembered) < len(LONG)
    assert [m["role"] for m in third["messages"]] == ["system", *["user", "assistant"] * 2, "user"]


# --- the voice -------------------------------------------------------------------------------------


@pytest.mark.slow
def test_numbers_reach_the_voice_as_words_and_the_screen_as_digits(main: Cloud) -> None:
    asked = [note["text"] for note in main.asked("elevenlabs", "speak")]
    assert not [text for text in asked if re.search(r"\d", text)]
    assert any("two hundred and fifty names" in text for text in asked)
    assert any("250 names" in x.text for x in main.of(TeachingContent))


@pytest.mark.slow
def test_the_next_sentence_is_asked_for_while_the_last_one_sounds_on_one_connection(main: Cloud) -> None:
    quiet = main.of(AudioGenerationStarted, 0, FIRST)
    ends = {x.sentence: main.when(x) for x in main.of(Heard, 0, FIRST) if x.end}
    asked = [x for x in main.asked("elevenlabs", "speak") if x["at"] < main.when(main.of(TtsHeld, FIRST)[0])]
    assert len(quiet) == len(asked) > 2
    assert all(asked[n + 1]["at"] < ends[n] for n in range(len(asked) - 1) if n in ends)
    assert len({note["port"] for note in asked}) == 1
    assert main.asked("elevenlabs", "get")[0]["port"] == asked[0]["port"], "the one that was warmed"
    assert all(after["previous_text"] == before["text"] for before, after in pairwise(asked))


# --- the next topic, the end -----------------------------------------------------------------------


@pytest.mark.slow
def test_the_key_terms_change_with_the_topic(main: Cloud, course: Course) -> None:
    last = main.asked("deepgram", "configure")[-1]
    assert last["keyterms"] == list(topic_terms(course, Place(0, 1)))
    (moved,) = main.of(LessonResumed, NEXT)
    assert moved.place == (0, 1, 0, 0)
    assert abs(last["at"] - main.when(moved)) < 1


@pytest.mark.slow
def test_the_end_says_goodbye_to_every_vendor(main: Cloud) -> None:
    assert main.asked("deepgram", "close_stream")
    assert main.of(SpeechStarted)


@needs_proc
@pytest.mark.slow
def test_a_key_is_in_no_byte_that_is_produced(main: Cloud, flux: Cloud, sarvam: Cloud) -> None:
    for held in (main, flux, sarvam):
        assert b"profai_cli.cli.main" in held.processes
        assert KEY.encode() not in held.processes
        assert KEY not in held.out + held.err
        files = [path for path in held.folder.rglob("*") if path.is_file()]
        assert held.folder / "out.wav" in files
        assert not [path for path in files if KEY.encode() in path.read_bytes()]
        assert read_wav(held.folder / "out.wav").any()


# --- other engines ---------------------------------------------------------------------------------


@pytest.mark.slow
def test_flux_by_name(flux: Cloud, course: Course) -> None:
    (connect,) = flux.asked("deepgram", "connect")
    assert connect["path"] == "/deepgram/v2/listen"
    assert connect["query"]["model"] == "flux-general-en"
    assert connect["query"]["eager_eot_threshold"] == "0.5"
    assert [x.engine for x in flux.of(SttReady)] == ["Deepgram Flux"]
    assert [words(x.text) for x in flux.of(FinalTranscript)] == [words(SHOWN)]
    assert flux.of(AgentResponse)[0].text == "A variable is a name for a value."
    assert (flux.code, flux.err, flux.of(Error)) == (0, "", [])
    assert lesson_words(flux.events, course).lost == ()


@pytest.mark.slow
def test_sarvam_both_ways_by_name(sarvam: Cloud) -> None:
    assert [x.engine for x in sarvam.of(SttReady)] == ["Sarvam"]
    assert {x.engine for x in sarvam.of(AudioGenerationStarted)} == {"Sarvam"}
    (connect,) = [x for x in sarvam.asked("sarvam", "connect") if "language-code" in x["query"]]
    assert connect["query"]["language-code"] == "en-IN"
    assert [words(x.text) for x in sarvam.of(FinalTranscript)] == [words(SHOWN)]
    assert sarvam.of(AgentResponse)
    assert sarvam.of(LessonResumed) or sarvam.of(TeachingContent, 5)
    assert (sarvam.code, sarvam.err, sarvam.of(Error), sarvam.of(SttFailed)) == (0, "", [], [])


def test_a_model_of_this_machine_is_found_and_asked_without_a_key(emulators: Emulators, course: Course) -> None:
    async def asked() -> tuple[list[AnswerPart], str, str]:
        model = LocalModel(course, Memory(), ports=(emulators.port,))  # by name it looks at ports that are not ours
        await model.start()
        try:
            parts = [part async for part in model.answer(Question("what is a list", 0, 0))]
            return parts, "".join([piece async for piece in model.lesson(0, 0)]), model.name
        finally:
            await model.close()

    emulators.set(replies=["A list holds values in order. It may grow."], seen=[])
    parts, lesson, name = asyncio.run(asked())
    assert [part.text for part in parts if part.text] == ["A list holds values in order.", "It may grow."]
    assert name == "The local model"
    assert lesson.startswith("1| Listen: ")
    assert [note["model"] for note in emulators.seen("openai", "ask")] == ["llama3.2:3b"] * 2


@pytest.mark.parametrize(
    ("language", "query"),
    [
        ("auto", {"language": "multi", "language_hint": "en"}),
        ("hi", {"language": "hi"}),
        ("en-IN", {"language": "en-IN"}),
    ],
)
def test_the_language_reaches_the_query_and_ctrl_c_ends_the_class(
    emulators: Emulators, folder: Path, language: str, query: dict[str, str]
) -> None:
    emulators.set(seen=[], delays={})
    place = folder / f"language-{language}"
    place.mkdir()
    env = environment(place) | emulators.environment("deepgram", "elevenlabs")
    question = write_wav(place / "question.wav", said(SHOWN))
    command = ["class", "--interactive", "--input", f"60:{question}", "--language", language]
    with Live(place / "events.jsonl", command, env) as live:
        assert live.wait(SttReady).engine == "Deepgram"
        live.wait(Heard)
        live.process.send_signal(signal.SIGINT)
        assert live.ends() == 130
        assert live.errors == ""
        assert live.of(ClassComplete)[-1].reason == "stopped"
    told = emulators.seen("deepgram", "connect")[0]["query"]
    assert {name: told.get(name) for name in ("language", "language_hint") if name in told} == query
    assert emulators.open == 0


# --- engines that cannot be used -------------------------------------------------------------------

NAMED = [
    ("--stt", "deepgram"),
    ("--stt", "sarvam"),
    ("--tts", "elevenlabs"),
    ("--tts", "sarvam"),
    ("--model", "openai"),
]


@pytest.fixture(scope="module")
def emulators() -> Iterator[Emulators]:
    """For the short commands."""
    with Emulators() as running:
        yield running


@pytest.fixture(scope="module")
def quiet(folder: Path) -> Path:
    """A microphone in which nobody speaks."""
    return write_wav(folder / "quiet.wav", said(SHOWN) * 0)


@pytest.fixture(scope="module")
def refusals(emulators: Emulators, folder: Path, quiet: Path) -> dict[tuple[str, str, str], tuple[int, str, str]]:
    """Exit code, output and errors of classes with one named engine, without a key for it or with a wrong one."""
    begun = {}
    for option, name in NAMED:
        for kind in ("missing", "refused"):
            place = folder / f"{option}-{name}-{kind}"
            place.mkdir()
            env = environment(place)
            if kind == "refused":
                env |= emulators.environment(name) | {f"{name.upper()}_API_KEY": WRONG}
            command = ["class", "--interactive", "--plain", "--input", quiet, "--minutes", 1, option, name]
            begun[option, name, kind] = begin(command, env)
    done = {}
    for key, process in begun.items():
        out, err = process.communicate()
        done[key] = process.returncode, out, err
    return done


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["missing", "refused"])
@pytest.mark.parametrize(("option", "name"), NAMED, ids=" ".join)
def test_a_named_engine_that_cannot_be_used_is_one_sentence_and_exit_3(
    refusals: dict[tuple[str, str, str], tuple[int, str, str]], option: str, name: str, kind: str
) -> None:
    code, out, err = refusals[option, name, kind]
    assert code == 3
    title = {"deepgram": "Deepgram", "elevenlabs": "ElevenLabs", "openai": "OpenAI", "sarvam": "Sarvam"}[name]
    told = (
        f"needs a key: get one at .+, then run 'profai keys set {name}'"
        if kind == "missing"
        else "refuses the key.*: set .+"
    )
    assert re.fullmatch(rf"profai: {title} {told}\.\n", err)
    assert WRONG not in out + err


@pytest.mark.slow
def test_with_fallback_the_class_goes_on_without_any_of_the_named_engines(
    emulators: Emulators, folder: Path, tmp_path: Path
) -> None:
    keys = {f"{vendor}_API_KEY": WRONG for vendor in ("DEEPGRAM", "ELEVENLABS", "OPENAI")}
    env = environment(tmp_path) | emulators.environment("deepgram", "elevenlabs", "openai") | keys
    question = write_wav(tmp_path / "question.wav", said("what is a list"))
    engines = ["--stt", "deepgram", "--tts", "elevenlabs", "--model", "openai", "--fallback"]
    command = ["class", "--interactive", "--from-start", "--input", f"6:{question}", "--minutes", 0.25, *engines]
    out = finish(begin([*command, "--events", "-"], env))
    events = [from_dict(json.loads(line)) for line in out.splitlines()]
    told = {x.source: x.message for x in events if isinstance(x, Error)}
    assert told["ElevenLabs"].endswith(" The local voice speaks now.")
    assert told["OpenAI"].endswith(" course search answers now.")
    (failed,) = [x for x in events if isinstance(x, SttFailed)]
    assert (failed.engine, "refuses the key" in failed.reason) == ("Deepgram", True)
    assert [x.engine for x in events if isinstance(x, SttReady)] == ["pocketsphinx"]
    assert [x for x in events if isinstance(x, AgentResponse) and x.text]
    assert WRONG not in out


# --- listen, ask, say ------------------------------------------------------------------------------


def test_listen_hears_with_deepgram(emulators: Emulators, tmp_path: Path) -> None:
    emulators.set(script=[SHOWN], seen=[], delays={})
    question = write_wav(tmp_path / "question.wav", said(SHOWN))
    env = environment(tmp_path) | emulators.environment("deepgram")
    out = finish(begin(["listen", "--input", question, "--json", "--expect", SHOWN], env))
    *lines, summary = [json.loads(line) for line in out.splitlines()]
    assert [words(x["text"]) for x in lines if x.get("event") == "final_transcript"] == [words(SHOWN)]
    assert [x["engine"] for x in lines if x.get("event") == "stt_ready"] == ["Deepgram"]
    assert summary
    assert emulators.seen("deepgram", "close_stream")
    assert KEY not in out


def test_say_speaks_with_elevenlabs(emulators: Emulators, tmp_path: Path) -> None:
    env = environment(tmp_path) | emulators.environment("elevenlabs")
    told = json.loads(finish(begin(["say", "It has 250 pages.", "--json", "--output", tmp_path / "said.wav"], env)))
    assert told["voice"] == "ElevenLabs"
    assert [word["word"] for word in told["words"]] == ["It", "has", "250", "pages."]
    assert emulators.seen("elevenlabs", "speak")[-1]["text"] == "It has two hundred and fifty pages."


def test_ask_answers_with_a_model(emulators: Emulators, tmp_path: Path) -> None:
    emulators.set(replies=["A list holds values in order."], seen=[])
    env = environment(tmp_path) | emulators.environment("openai")
    assert (
        finish(begin(["ask", "what is a list", "--course", 1], env)) == "A list holds values in order.\nFrom: Lists\n"
    )
    assert emulators.seen("openai", "ask")
