"""Which pass over an utterance is believed, with a decoder that hears what it is told."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from profai_cli.providers.stt import language_model
from profai_cli.providers.stt.passes import CLEAR_SHORT, CLEAR_SIGN, Passes

FRAMES = 50
COURSE = -10_000.0


class Told:
    """The part of pocketsphinx's decoder that `Passes` uses. heard: text and score by search."""

    def __init__(self, heard: dict[str, tuple[str, float]]) -> None:
        self._heard = heard
        self._search = ""

    def activate_search(self, search: str) -> None:
        self._search = search

    def reinit_feat(self) -> None: ...

    def start_utt(self) -> None: ...

    def process_raw(self, pcm: bytes, full_utt: bool) -> None: ...

    def end_utt(self) -> None: ...

    def get_cmn(self) -> str:
        return ""

    def hyp(self) -> SimpleNamespace:
        text, score = self._heard[self._search]
        return SimpleNamespace(hypstr=text, best_score=1.0001**score)

    def seg(self) -> Iterator[SimpleNamespace]:
        yield SimpleNamespace(word=self._heard[self._search][0], start_frame=1, end_frame=FRAMES)


def heard(course: str, short: str, unclear: float) -> str:
    """What is made of an utterance whose free phones have a score so much above the grammar's words, a frame."""
    told = {"course": (course, COURSE), "short": (short, COURSE), "phones": ("AH", COURSE + unclear * FRAMES)}
    passes = Passes(Told({**told, "_default": ("two other words", 2 * COURSE)}), language_model.glue())  # type: ignore[arg-type]  # C class
    passes.course, passes.said_alone = True, frozenset({"uh-huh", "stop", "but why"})
    return passes.whole(b"")[0]


@pytest.mark.parametrize(
    ("course", "short", "unclear", "believed"),
    [
        ("but why", "uh-huh", CLEAR_SIGN - 1, "uh-huh"),
        ("but why", "uh-huh", CLEAR_SIGN + 1, "but why"),
        ("uh-huh", "uh-huh", CLEAR_SIGN + 1, "uh-huh"),
        ("but why", "stop", CLEAR_SIGN + 1, "stop"),
        ("but why", "stop", CLEAR_SHORT + 1, "but why"),
    ],
)
def test_a_sign_of_listening_must_be_clear_where_other_words_were_heard(
    course: str, short: str, unclear: float, believed: str
) -> None:
    assert heard(course, short, unclear) == believed
