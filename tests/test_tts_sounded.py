"""A voice that says words as a teacher wants them said: what it is given, and the places of the words it tells."""

import asyncio

import pytest

from profai_cli.cli.engines import EngineChoice, EngineRoom
from profai_cli.lesson.course import Course, Module, Topic
from profai_cli.ports import Speech, Vocabulary, WordTime
from profai_cli.providers.dictionary import unknown
from profai_cli.providers.tts.espeak import Espeak
from profai_cli.providers.tts.sounded import SoundedVoice
from profai_cli.tutor.sounds import Sounds

SOUNDS = Sounds({"Tycho": "TY-ko", "Brahe": "bra hee hee", "silent": "silent"})
TEXT = "Then Tycho Brahe, in 1572, saw Brahe's star."


async def _spoken(voice, text):
    await voice.start()
    try:
        return [piece async for piece in voice.speak(text, 1.0)]
    finally:
        await voice.close()


def spoken(voice, text=TEXT):
    pieces = asyncio.run(_spoken(voice, text))
    return b"".join(piece.pcm for piece in pieces), [word for piece in pieces for word in piece.words]


def test_the_words_told_are_those_of_the_course():
    pcm, words = spoken(SoundedVoice(Espeak(), SOUNDS))
    assert [TEXT[word.start : word.end] for word in words] == [
        "Then", "Tycho", "Brahe,", "in", "1572,", "saw", "Brahe's", "star."
    ]  # fmt: skip
    times = [word.at for word in words]
    assert times == sorted(times)
    said, of_said = spoken(Espeak(), SOUNDS.said(TEXT)[0])
    assert pcm == said
    at = {of_said[place].at for place in (0, 1, 3, 6)}
    assert {words[place].at for place in (0, 1, 2, 3)} == at


def test_other_sentences_are_the_voices_own():
    assert spoken(SoundedVoice(Espeak(), SOUNDS), "No such word, silent.") == spoken(Espeak(), "No such word, silent.")


class Mute:
    """A voice that tells no times."""

    name, delay = "mute", 0.5

    async def start(self):
        pass

    async def speak(self, text, speed):
        yield Speech(b"\0\0" * 16_000, 16_000, (WordTime(0, 4, 0.0),) if "ty-ko" not in text else ())

    async def close(self):
        pass


def test_a_voice_without_times_tells_them_in_proportion():
    voice = SoundedVoice(Mute(), SOUNDS)
    assert (voice.name, voice.delay) == ("mute", 0.5)
    words = spoken(voice, "Tycho saw")[1]
    assert [(word.start, word.end) for word in words] == [(0, 5), (6, 9)]
    assert 0 == words[0].at < words[1].at < 1


def course(**sounds: str) -> Course:
    return Course("id", "Stars", "en", "", (Module("M", (Topic("T", "x"),)),), sounds=sounds)


def room(taught: Course) -> EngineRoom:
    choice = EngineChoice(stt="pocketsphinx", tts="espeak", local=True)
    return EngineRoom(choice, taught, "en", lambda _source, _line: None, ["voice", "ears"])


def test_a_class_has_the_sounds_of_its_course():
    pcm, words = spoken(room(course(Tycho="bla")).voice(), "Tycho saw")
    assert pcm == spoken(Espeak(), "bla saw")[0]
    assert len(words) == 2
    assert spoken(room(course()).voice(), "Tycho saw")[0] == spoken(Espeak(), "Tycho saw")[0]


def test_the_recogniser_hears_a_word_as_the_teacher_says_it():
    async def told(taught: Course) -> dict[str, str]:
        decoder = room(taught).ears()._decoder
        await decoder._worker.start()
        try:
            return (await decoder._pronounce(["Tycho", "SQL", "Brahe"]))[0]
        finally:
            await decoder.close()

    phones = asyncio.run(told(course(Tycho="see", SQL="see")))
    assert phones["tycho"] == phones["sql"] == "S IY"
    assert phones["brahe"] != "S IY"
    assert asyncio.run(told(course()))["sql"] == "EH S K Y UW EH L"


def test_other_sounds_make_another_model():
    assert Vocabulary("en", (), (), ()) != Vocabulary("en", (), (), (), {"Tycho": "see"})


@pytest.mark.parametrize(
    ("words", "listed"),
    [(["Tycho", "stars", "newline", "UDP", "wobbles", "honours"], ["Tycho"]), ([], [])],
)
def test_words_that_no_dictionary_has(words, listed):
    assert asyncio.run(unknown(words)) == listed
