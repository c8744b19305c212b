"""The benchmark reads recordings and logs right: each definition on sound and events whose truth is known."""

import numpy as np
import pytest

from profai_cli.events import Event, Heard, TeachingContent, TtsHeld, TtsInterrupted
from profai_cli.lesson.place import Place, sentence_at
from profai_cli.pcm import BLOCK, SOUND_RATE
from profai_cli.sound.player import VoicePlayer
from tests.measuring import (
    Hole,
    Samples,
    find,
    first_sample,
    holes,
    last_sample,
    lesson_words,
    sounds_at,
    voice_onsets,
    voice_span,
)
from tests.noises import NOISES, noise_of
from tests.small_course import small_course
from tests.sounds import ONSETS, RECORDED_AT, needs_recordings, noise, recording

SECOND = SOUND_RATE


def silent(seconds: float) -> Samples:
    return np.zeros(round(seconds * SECOND), np.int16)


def test_a_voice_is_found_behind_breath_and_a_click() -> None:
    samples = np.concatenate([noise(0.5, -45), noise(0.02, -10), noise(0.48, -45), noise(2, -20), noise(1, -45)])
    assert voice_span(samples, SOUND_RATE) == (SECOND, 3 * SECOND)


def test_without_a_voice_there_is_no_span() -> None:
    click = np.concatenate([silent(1), noise(0.01, -20), silent(1)])
    with pytest.raises(ValueError, match="no voice"):
        voice_span(click, SOUND_RATE)


@needs_recordings
@pytest.mark.parametrize("name", ONSETS)
def test_the_begin_of_a_voice_is_where_the_eye_finds_it(name: str) -> None:
    begin, end = voice_span(recording(name), RECORDED_AT)
    assert abs(begin / RECORDED_AT - ONSETS[name]) <= 0.0151
    assert end > begin + RECORDED_AT


def test_a_voice_begins_again_after_a_silence_but_not_within_a_word() -> None:
    parts = [noise(0.5, -60), noise(1, -20), noise(0.3, -60), noise(1, -20), noise(0.05, -60), noise(1, -20)]
    begins = voice_onsets(np.concatenate(parts), SOUND_RATE)
    assert begins == [SECOND // 2, round(1.8 * SECOND)]


def test_the_last_sample_is_before_the_first_long_silence() -> None:
    speaker = np.concatenate([noise(1, -20), silent(0.8), np.ones(100, np.int16), silent(1.2), noise(1, -20)])
    end = round(1.8 * SECOND) + 100
    assert last_sample(speaker, SECOND // 2) == end
    assert last_sample(speaker, end) == end
    assert last_sample(speaker, len(speaker) - 10) == len(speaker)
    assert first_sample(speaker, end) == end + round(1.2 * SECOND)
    assert first_sample(silent(1), 0) is None


def test_the_tutor_sounds_only_within_a_sentence() -> None:
    speaker = np.concatenate([noise(1, -20), silent(0.3), noise(1, -20)])
    assert sounds_at(speaker, SECOND // 2)
    assert not sounds_at(speaker, SECOND + BLOCK)
    assert not sounds_at(speaker, round(1.29 * SECOND))


def played(holds: dict[int, int], seconds: float = 5.0) -> Samples:
    """What a player gives for speech with pauses, held before these blocks for so many blocks."""
    player = VoicePlayer()
    for part in range(4):
        player.write(noise(1, -20, seed=part).tobytes(), SOUND_RATE, last=True)
        player.silence(0.25)
    out, blocks = np.zeros(BLOCK, np.int16), []
    ends: dict[int, int] = {}
    for block in range(round(seconds * SECOND) // BLOCK):
        if block in ends:
            player.release(ends[block])
        if block in holds:
            ends[block + holds[block]] = player.hold()
        player.render(out)
        blocks.append(out.copy())
    return np.concatenate(blocks)


def test_holes_are_measured_to_the_block_also_in_a_pause() -> None:
    assert holes(played({}), played({})) == []
    in_speech, in_pause = 30, 230
    found = holes(played({in_speech: 40, in_pause + 40: 20}), played({}))
    assert found[0] == Hole(in_speech * BLOCK, 40 * BLOCK, exact=True)
    assert (found[1].length, found[1].exact) == (20 * BLOCK, True)


@pytest.mark.parametrize("between", [1, 4, 10])
def test_holes_may_follow_each_other_soon(between: int) -> None:
    second = 70 + between
    found = holes(played({30: 40, second: 30}), played({}))
    assert found == [Hole(30 * BLOCK, 40 * BLOCK, exact=True), Hole(second * BLOCK, 30 * BLOCK, exact=True)]


def test_a_lost_sample_is_no_hole() -> None:
    undisturbed = played({})
    held = played({30: 40})
    lossy = np.delete(held, range(75 * BLOCK, 75 * BLOCK + 3))
    assert holes(lossy, undisturbed) == [Hole(30 * BLOCK, 40 * BLOCK, exact=True), Hole(75 * BLOCK, 0, exact=False)]


@needs_recordings
@pytest.mark.parametrize("kind", NOISES)
def test_a_noise_is_the_same_for_a_seed_and_another_for_the_next(kind: str) -> None:
    first, again, other = (noise_of(kind, seed) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert 0.02 * RECORDED_AT < len(first) <= 3 * RECORDED_AT
    blocks = (first[: len(first) // 160 * 160].reshape(-1, 160) / 32768) ** 2
    weakest, strongest = NOISES[kind][1:]
    assert weakest - 6 < 10 * np.log10(blocks.mean(axis=1).max()) < strongest + 20


def test_a_clip_is_found_in_a_noisy_recording() -> None:
    clip = noise(0.5, -20, seed=1)
    mixed = noise(4, -30, seed=2)
    mixed[2 * SECOND + 7 :][: len(clip)] += clip
    assert find(mixed, clip, SECOND, 3 * SECOND) == 2 * SECOND + 7


COURSE = small_course()
FIRST = Place(0, 0, 1)
TEXT = sentence_at(COURSE, FIRST).text  # "Apples sentence 1, with a second phrase, and a third one."
SECOND_PHRASE = TEXT.index("with")


def teaching(reply: int, sentence: int, place: Place) -> TeachingContent:
    said = sentence_at(COURSE, place)
    return TeachingContent(0.0, reply, sentence, said.text[said.phrases[place.phrase] :], "lesson", tuple(place))


def cut_and_resumed(at: int, place: Place) -> list[Event]:
    """The first sentence cut after `at` characters, resumed at `place`, then the second one."""
    rest = len(TEXT) - sentence_at(COURSE, place).phrases[place.phrase]
    following = FIRST._replace(sentence=2)
    return [
        teaching(1, 0, FIRST),
        TtsHeld(1.0, 1, 1, 0, at),
        TtsInterrupted(1.5, 1, 0, at),
        TeachingContent(2.0, 2, 0, "An answer.", "answer"),
        Heard(3.0, 2, 0, 10, end=True),
        teaching(3, 0, place),
        Heard(4.0, 3, 0, rest, end=True),
        teaching(3, 1, following),
        Heard(5.0, 3, 1, len(sentence_at(COURSE, following).text), end=True),
    ]


def test_only_the_cut_phrase_is_said_twice() -> None:
    words = lesson_words(cut_and_resumed(TEXT.index(" second"), FIRST._replace(phrase=1)), COURSE)
    assert (words.count, words.lost, words.twice, words.strays) == (22, (), ("with", "a"), ())


def test_words_of_other_phrases_that_are_said_twice_are_strays() -> None:
    words = lesson_words(cut_and_resumed(TEXT.index(" second"), FIRST), COURSE)
    assert (words.lost, words.twice, words.strays) == ((), ("with", "a"), ("Apples", "sentence", "1,"))


def test_words_that_are_passed_over_are_lost() -> None:
    words = lesson_words(cut_and_resumed(TEXT.index(" second"), FIRST._replace(phrase=2)), COURSE)
    assert (words.lost, words.twice, words.strays) == (("second", "phrase,"), (), ())


def test_a_cut_between_phrases_says_nothing_twice() -> None:
    words = lesson_words(cut_and_resumed(SECOND_PHRASE - 1, FIRST._replace(phrase=1)), COURSE)
    assert (words.lost, words.twice, words.strays) == ((), (), ())


def test_nothing_heard_is_no_word() -> None:
    assert lesson_words([], COURSE).count == 0
