"""What is owed and wanted of a learner's words, where sounds cross them."""

import pytest

from profai_cli.events import FinalTranscript, SpeechConfirmed, SpeechEnded
from profai_cli.turns.learner import Learner


@pytest.fixture
def learner() -> Learner:
    """Somebody whose words were asked for and have not come."""
    learner = Learner([])
    learner.speaks(SpeechConfirmed(1.0, 0))
    learner.falls_silent(SpeechEnded(2.0, 0.8))
    learner.ask_for_words()
    return learner


def test_words_stay_unwanted_after_a_voice_that_was_none(learner: Learner) -> None:
    learner.dismiss()
    assert learner.unwanted
    learner.speaks(SpeechConfirmed(3.0, 0))
    learner.falls_silent(SpeechEnded(3.5, 0.0))
    assert learner.unwanted


@pytest.mark.parametrize("came", [False, True])
def test_a_key_in_mid_speech_leaves_earlier_words_unwanted_until_they_came(learner: Learner, came: bool) -> None:
    learner.speaks(SpeechConfirmed(3.0, 0))
    if came:
        learner.words(FinalTranscript(3.1, "what is an apple"))
    learner.dismiss()
    assert learner.unwanted is not came
    learner.falls_silent(SpeechEnded(3.5, 0.0))
    assert (learner.unwanted, learner.owed, learner.asked) == (not came, False, False)
