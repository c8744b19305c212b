"""When a voice starts, is confirmed and ends, from votes and the judge's word block by block."""

from profai_cli.sound.voice import DOUBT, HANGOVER_BLOCKS, LOUD, Voice


def changes(voice: Voice, votes: str) -> list[tuple[int, str]]:
    """Block numbers and changes. Each letter is a block: "S" a vote and sure, "v" a vote, "." neither."""
    steps = [voice.step(block in "Sv", block == "S") for block in votes]
    return [(number, change) for number, change in enumerate(steps) if change]


def test_a_voice_of_which_the_judge_is_sure_is_one() -> None:
    voice = Voice(votes=3)
    end = 19 + HANGOVER_BLOCKS
    assert changes(voice, "v" * 5 + "S" * 15 + "." * 40) == [(2, "started"), (5, "confirmed"), (end, "ended")]
    assert voice.voiced == 0.2


def test_a_cough_of_which_the_judge_was_sure_for_a_moment_is_none_at_its_end() -> None:
    voice = Voice(votes=3)
    end = 22 + HANGOVER_BLOCKS
    heard = changes(voice, "v" * 20 + "SSS" + "." * HANGOVER_BLOCKS)
    assert heard == [(2, "started"), (20, "confirmed"), (end, "ended")]
    assert voice.voiced == 0


def test_music_of_which_the_judge_was_sure_for_a_moment_ends_while_it_sounds() -> None:
    voice = Voice(votes=3)
    assert changes(voice, "vvvSSS" + "v" * 300) == [(2, "started"), (3, "confirmed"), (5 + DOUBT, "ended")]
    assert not voice.on


def test_what_goes_on_sounding_is_a_voice_once_the_judge_is_sure_again() -> None:
    voice = Voice(votes=3)
    changes(voice, "vvvSSS" + "v" * 100)
    assert changes(voice, "vvSS") == [(2, "started"), (3, "confirmed")]


def test_after_a_silence_a_voice_need_not_be_sure_to_start() -> None:
    voice = Voice(votes=3)
    changes(voice, "vvvSSS" + "v" * 100)
    assert changes(voice, "." * HANGOVER_BLOCKS + "vvv") == [(HANGOVER_BLOCKS + 2, "started")]


def test_a_voice_of_which_the_judge_was_sure_for_long_enough_may_go_on_without() -> None:
    assert changes(Voice(votes=3), "vvv" + "S" * 13 + "v" * 200) == [(2, "started"), (3, "confirmed")]


def test_a_voice_is_faint_unless_some_of_it_was_loud() -> None:
    voice = Voice(votes=3)
    faint = []
    for loud in (LOUD, LOUD - 1):
        changes(voice, "vvv")
        for block in range(20 + HANGOVER_BLOCKS):
            voice.step(block < 20, False, loud=block < loud)
        faint.append(voice.faint)
    assert faint == [False, True]
