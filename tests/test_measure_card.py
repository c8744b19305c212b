"""The benchmark on the card reads logs and recordings right: it tells false holds from learners, and who is missed."""

import numpy as np
import soxr

from profai_cli.events import Event, Metrics, TeachingContent, TtsHeld, TtsInterrupted, TtsResumed
from profai_cli.pcm import SOUND_RATE
from tests.card_class import Seen
from tests.card_findings import Interrupted, Said
from tests.measuring import Samples
from tests.sounds import ONSETS, RECORDED_AT, needs_recordings, noise, recording

SECOND = SOUND_RATE
SENTENCE = "Twelve words."


def log(*events: tuple[float, Event]) -> Seen:
    return Seen([(round(at * SECOND), event) for at, event in events])


def silent_from(*stretches: tuple[float, float], seconds: float = 20) -> Samples:
    """A tutor who speaks but for some stretches."""
    speaker = noise(seconds, -20) | 1  # no sample is zero
    for begin, end in stretches:
        speaker[round(begin * SECOND) : round(end * SECOND)] = 0
    return speaker


def interrupted(speaker: Samples, seen: Seen, learners: list[Said]) -> Interrupted:
    return Interrupted(speaker, speaker, seen, learners)


def said(at: float) -> Said:
    return Said(("jfk", 0.0), 12, round(at * SECOND))


def test_the_delay_ends_with_the_last_sample_before_the_silence() -> None:
    held = interrupted(silent_from((5.1, 9)), log((5.1, TtsHeld(5.1, 1, 1, 0, 3))), [said(5)])
    assert held.delay(said(5)) == 0.1
    assert not held.missed(said(5), 0.1)
    assert held.false_holds() == (0, 0)


def test_there_is_no_delay_where_the_tutor_was_silent_or_its_sentence_had_just_ended() -> None:
    seen = log((4, TeachingContent(4, 1, 0, SENTENCE)), (5.1, TtsHeld(5.1, 1, 1, 0, len(SENTENCE))))
    assert interrupted(silent_from((5.05, 9)), seen, [said(5)]).delay(said(5)) is None
    assert interrupted(silent_from((4.9, 9)), log(), [said(5)]).delay(said(5)) is None


def test_who_is_not_heard_or_let_go_is_missed() -> None:
    unheard = interrupted(silent_from(), log(), [said(5)])
    delay = unheard.delay(said(5))
    assert delay is not None
    assert unheard.missed(said(5), delay)
    seen = log((5.1, TtsHeld(5.1, 1, 7, 0, 3)), (6.3, TtsResumed(6.3, 1, 7)))
    assert interrupted(silent_from((5.1, 6.3)), seen, [said(5)]).missed(said(5), 0.1)


def test_holds_without_a_learner_are_false_and_those_never_released_are_interruptions() -> None:
    seen = log(
        (2, TtsHeld(2, 1, 1, 0, 3)),
        (2.4, TtsResumed(2.4, 1, 1)),
        (5.1, TtsHeld(5.1, 1, 2, 0, 5)),
        (5.9, TtsInterrupted(5.9, 1, 0, 5)),
        (10, TtsHeld(10, 2, 3, 0, 3)),
        (10.8, TtsInterrupted(10.8, 2, 0, 3)),
        (14.7, TtsHeld(14.7, 3, 4, 0, 3)),
    )
    held = interrupted(silent_from(), seen, [said(5), said(15)])
    assert held.false_holds() == (3, 1)  # what began just before a learner is an early hold and no interruption


@needs_recordings
def test_the_detectors_are_asked_again_about_the_recording() -> None:
    person = soxr.resample(recording("jfk", ONSETS["jfk"], ONSETS["jfk"] + 1.5), RECORDED_AT, SOUND_RATE)
    microphone = noise(8, -65)
    microphone[5 * SECOND :][: len(person)] += person
    detected = Interrupted(np.zeros_like(microphone), microphone, log(), [said(5)]).detected(said(5))
    assert detected is not None
    assert 0.02 < detected < 0.1


def test_the_faults_are_the_program_s_own_last_count() -> None:
    seen = log((1, Metrics(1, "sound_faults_count", 2)), (2, Metrics(2, "sound_faults_count", 5)))
    assert seen.faults == 5
    assert log().faults == 0
    assert seen.of(Metrics, 2 * SECOND) == [Metrics(2, "sound_faults_count", 5)]
