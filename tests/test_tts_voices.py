"""The local voices: real engines in real processes."""

import array
import asyncio
import os
import signal
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from profai_cli.errors import EngineError, InputError
from profai_cli.ports import WordTime
from profai_cli.providers.tts import libflite
from profai_cli.providers.tts.espeak import Espeak
from profai_cli.providers.tts.flite import Flite
from profai_cli.providers.tts.local import BestLocal, named
from profai_cli.providers.tts.system import System

PHONES = "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH"
SENTENCES = {
    "Photosynthesis is a light-dependent process of the leaf.": (
        "Photosynthesis is a light dependent process of the leaf."
    ),
    "He said “it costs $3.50 in 1906” — isn't it? Yes: 1,250 km/h.": (
        "He said “it costs $3.50 in 1906” isn't it? Yes: 1,250 km h."
    ),
    "The well-known (rubisco) enzyme fixes CO2, e.g. at 25 °C, in Dr. O'Neil's 2nd 'test'!": (
        "The well known (rubisco) enzyme fixes CO2, e.g. at 25 °C, in Dr. O'Neil's 2nd 'test'!"
    ),
    "One": "One",
}
LONG = " ".join(
    f"Part {number} of this long lesson says that the plant makes sugar from light, and that water rises in the stem, "
    "because the leaves lose it; nothing of this may be lost or said twice."
    for number in range(1, 6)
)
ODD = [
    "",
    "  \n",
    "...",
    "😀 🎉",
    "\x00\x01\x1b[31m\x7f",
    "\ud800",
    "a\x00b\x1b]0;title\x07c",
    "क्लोरोफिल हरा है",
    "<speak><break time='9s'/> &amp; [[h@l'oU]] \\pause</speak>",
    "e\u0301" * 50,
    "x" * 700,
    "9" * 400,
    "- / \\ | % $ # @ ! ( [ {",
    "word " * 1_000,
]


def has_flite() -> bool:
    try:
        libflite.load("flite_cmu_us_slt")
    except OSError:
        return False
    return True


needs_flite = pytest.mark.skipif(not has_flite(), reason="libflite is not on this system")


@pytest.fixture(params=["espeak", pytest.param("flite", marks=needs_flite)])
def make(request):
    return {"espeak": Espeak, "flite": Flite}[request.param]


@dataclass
class Said:
    pcm: bytes = b""
    rate: int = 0
    words: list[WordTime] = field(default_factory=list)
    pieces: int = 0

    def add(self, speech):
        self.pcm += speech.pcm
        self.rate = speech.rate
        self.words += speech.words
        self.pieces += 1

    @property
    def seconds(self):
        return len(self.pcm) / 2 / self.rate

    def loudness(self, begin, end):
        """RMS between two times."""
        samples = array.array("h", self.pcm)[max(int(begin * self.rate), 0) : int(end * self.rate)]
        return (sum(sample * sample for sample in samples) / len(samples)) ** 0.5


async def hear(voice, text, speed=1.0):
    said = Said()
    async for speech in voice.speak(text, speed):
        said.add(speech)
    return said


def with_voice(voice, scene):
    """Run the coroutine function `scene(voice)` with a started voice."""

    async def play():
        await voice.start()
        try:
            return await scene(voice)
        finally:
            await voice.close()

    return asyncio.run(play())


def test_every_word_has_its_time_within_the_sound(make):
    async def scene(voice):
        for text, words in SENTENCES.items():
            said = await hear(voice, text)
            assert [text[word.start : word.end] for word in said.words] == words.split()
            times = [word.at for word in said.words]
            assert times == sorted(times)
            assert 0 <= times[0] < 0.1
            assert 0.1 < said.seconds - times[-1] < 1.2

    with_voice(make(), scene)


def test_a_word_begins_where_the_pause_before_it_ends(make):
    text = "The first ones grow, but others: Amoebas; bacteria; gas. Tigers."

    async def scene(voice):
        said = await hear(voice, text)
        for name in ("but", "Amoebas", "bacteria", "gas", "Tigers"):
            at = next(word.at for word in said.words if text[word.start :].startswith(name))
            assert said.loudness(at - 0.08, at - 0.02) * 5 < said.loudness(at, at + 0.25)

    with_voice(make(), scene)


def test_a_sentence_is_the_same_every_time_and_in_every_process(make):
    text = next(iter(SENTENCES))

    async def scene(voice):
        first = await hear(voice, text)
        await hear(voice, "Something else.")
        assert await hear(voice, text) == first
        return first

    assert with_voice(make(), scene) == with_voice(make(), scene)


def test_sound_comes_in_small_pieces(make):
    async def scene(voice):
        said = await hear(voice, LONG[:250])
        assert said.pieces > said.seconds / 0.2

    with_voice(make(), scene)


def test_a_crash_loses_nothing_and_doubles_nothing_once(make):
    async def scene(voice):
        whole = await hear(voice, LONG)
        said = Said()
        async for speech in voice.speak(LONG, 1.0):
            said.add(speech)
            if said.pieces == 3:
                killed = voice.pid
                os.kill(killed, signal.SIGTERM)
        assert said == whole
        assert voice.pid != killed
        os.kill(voice.pid, signal.SIGTERM)
        with pytest.raises(EngineError, match="has stopped: choose another"):
            await hear(voice, LONG)

    with_voice(make(), scene)


def test_two_sentences_at_once_survive_the_same_crash(make):
    async def scene(voice):
        texts = LONG[:170], LONG[170:340]
        whole = [await hear(voice, text) for text in texts]
        tasks = [asyncio.create_task(hear(voice, text)) for text in texts]
        await asyncio.sleep(0)  # both are asked for
        os.kill(voice.pid, signal.SIGTERM)
        assert await asyncio.gather(*tasks) == whole

    with_voice(make(), scene)


def test_after_a_cancelled_sentence_the_next_is_clean(make):
    text = next(iter(SENTENCES))

    async def scene(voice):
        alone = await hear(voice, text)
        async with aclosing(voice.speak(LONG, 1.0)) as speech:
            await anext(speech)
        assert await hear(voice, text) == alone

    with_voice(make(), scene)


def test_odd_text_neither_crashes_nor_spoils_the_voice(make):
    async def scene(voice):
        pid = voice.pid
        alone = await hear(voice, "One.")
        for text in ODD:
            said = await hear(voice, text, speed=3.0)
            assert bool(said.pcm) <= any(map(str.isalnum, text))
            assert all(0 <= word.start < word.end <= len(text) for word in said.words)
            assert all(0 <= word.at <= said.seconds for word in said.words)
        assert said.seconds > 60  # the thousand words
        assert await hear(voice, "One.") == alone
        assert voice.pid == pid

    with_voice(make(), scene)


def test_speed(make):
    async def scene(voice):
        slow, own, fast = [(await hear(voice, LONG[:150], speed)).seconds for speed in (0.7, 1.0, 1.5)]
        assert slow > own * 1.2
        assert own > fast * 1.2

    with_voice(make(), scene)


def test_starting_twice_is_one_process_and_a_closed_voice_stays_closed(make):
    async def scene(voice):
        pid = voice.pid
        await voice.start()
        assert voice.pid == pid
        await voice.close()
        await voice.close()
        with pytest.raises(EngineError):
            await hear(voice, "One.")

    with_voice(make(), scene)


def test_espeak_pronounces_terms_in_arpabet():
    words = ["rubisco", "NADPH", "Aryabhata", "tuple", "Chandrayaan", "HTTP", "O2", "😀", "", "\ud800", "n\x00o"]

    async def scene(voice):
        return await voice.pronounce(words)

    said = with_voice(Espeak(), scene)
    assert all(set(phones.split()) <= set(PHONES.split()) for phones in said.values())
    assert set(words) - set(said) == {"😀", "", "\ud800"}
    assert said["rubisco"] == "R UW B IH S K OW"
    assert said["tuple"] == "T UW P AH L"
    assert said["Chandrayaan"] == "CH AH N D R EY AA N"
    assert said["HTTP"] == "EY CH T IY T IY P IY"


def test_espeak_survives_a_crash_while_it_pronounces():
    async def scene(voice):
        os.kill(voice.pid, signal.SIGTERM)
        return await voice.pronounce(["tuple"])

    assert with_voice(Espeak(), scene) == {"tuple": "T UW P AH L"}


@pytest.mark.parametrize("language", ["en", "en-IN", "en-GB", "hi", "hi-IN", "pt-BR", "fr"])
def test_espeak_speaks_the_language_of_a_course(language):
    async def scene(voice):
        assert (await hear(voice, "1 2 3")).seconds > 0.5

    with_voice(Espeak(language), scene)


def test_espeak_says_which_voice_it_lacks():
    with pytest.raises(EngineError, match="no voice 'klingonese'"):
        asyncio.run(Espeak(voice="klingonese").start())


def test_espeak_finds_its_data_under_a_long_path(tmp_path, monkeypatch):
    import espeakng_loader

    deep = tmp_path.joinpath(*["deep" * 10] * 5)
    deep.mkdir(parents=True)
    try:
        (deep / "espeakng_loader").symlink_to(Path(espeakng_loader.__file__).parent, target_is_directory=True)
    except OSError:
        pytest.skip("this system lets the user make no links")
    monkeypatch.setenv("PYTHONPATH", str(deep))  # for the worker process, whose only setting this is
    with_voice(Espeak(), lambda voice: hear(voice, "One."))


def test_a_worker_imports_nothing_from_the_learners_folder(tmp_path, monkeypatch):
    (tmp_path / "json.py").write_text("raise SystemExit('the wrong json')")
    monkeypatch.chdir(tmp_path)
    with_voice(Espeak(), lambda voice: hear(voice, "One."))


def test_flite_says_what_is_missing():
    with pytest.raises(EngineError, match="choose --tts espeak"):
        asyncio.run(Flite("nobody").start())


@pytest.mark.parametrize("language", ["en", "hi"])
def test_there_is_a_voice_for_every_language(language):
    async def scene():
        voice = BestLocal(language)
        try:
            await voice.start()
            assert (await hear(voice, "1 2 3")).seconds > 0.5
        finally:
            await voice.close()
        return voice.name.split()[0]

    assert asyncio.run(scene()) in ("espeak", "flite", "system")


def test_voices_by_name():
    assert named("espeak:en-gb-scotland").name == "espeak en-gb-scotland"
    assert named("espeak", "hi-IN").name == "espeak hi-in+f3"
    assert named("flite").name == "flite slt"
    assert named("system").name == "system"
    with pytest.raises(InputError, match="choose flite, system or espeak"):
        named("hal")


def test_system_says_that_there_is_none():
    voice = System()

    async def scene():
        await voice.start()
        assert (await hear(voice, "One.")).seconds > 0.1

    if voice.program is None:
        with pytest.raises(EngineError, match="choose --tts espeak"):
            asyncio.run(scene())
    else:
        asyncio.run(scene())
