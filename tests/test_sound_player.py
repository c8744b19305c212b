"""The player loses nothing, repeats nothing, and goes on at the very sample."""

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from profai_cli.pcm import BLOCK, SOUND_RATE
from profai_cli.sound.player import FADE, ROOM_SECONDS, VoicePlayer
from profai_cli.sound.ring import Ring


def render(player: VoicePlayer, blocks: int = 1) -> NDArray[np.int16]:
    out = np.full(blocks * BLOCK, 99, np.int16)
    for begin in range(0, len(out), BLOCK):
        player.render(out[begin : begin + BLOCK])
    return out


def voice(count: int, begin: int = 0) -> NDArray[np.int16]:
    """Samples that say which they are."""
    return (1000 + (begin + np.arange(count)) % 20_000).astype(np.int16)


def playing(count: int = 20 * BLOCK) -> tuple[VoicePlayer, NDArray[np.int16]]:
    player, samples = VoicePlayer(), voice(count)
    player.write(samples.tobytes(), SOUND_RATE, last=True)
    return player, samples


def test_what_is_written_is_rendered_then_silence() -> None:
    player, samples = playing(1000)
    assert (player.written, player.rendered, player.sounding) == (1000, 0, True)
    out = render(player, 3)
    assert np.array_equal(out[:1000], samples)
    assert not out[1000:].any()
    assert (player.rendered, player.sounding) == (1000, False)


def test_a_hold_fades_and_a_release_goes_on_at_the_very_sample() -> None:
    player, samples = playing()
    before = render(player, 2)
    hold = player.hold()
    assert hold > 0
    assert player.hold() == hold
    assert not player.sounding
    held = render(player, 3)
    assert player.rendered == 2 * BLOCK
    assert held[0] == samples[2 * BLOCK]
    assert (np.diff(held[:FADE].astype(int)) <= 0).all()
    assert not held[FADE:].any()
    player.release(hold)
    after = render(player, 2)
    assert after[0] == 0
    assert (after[:FADE] <= samples[2 * BLOCK : 2 * BLOCK + FADE]).all()
    assert np.array_equal(after[FADE:], samples[2 * BLOCK + FADE : 4 * BLOCK])
    assert np.array_equal(before, samples[: 2 * BLOCK])


def test_only_the_present_hold_can_be_released() -> None:
    player, _ = playing()
    first = player.hold()
    player.release(first)
    second = player.hold()
    assert second != first
    player.release(first)
    assert not render(player).any()


def test_a_hold_that_is_released_before_the_next_block_is_not_heard() -> None:
    player, samples = playing()
    render(player)
    player.release(player.hold())
    assert np.array_equal(render(player), samples[BLOCK : 2 * BLOCK])


def test_a_hold_before_the_first_block_lets_nothing_out() -> None:
    player, samples = playing()
    hold = player.hold()
    assert not render(player, 2).any()
    player.release(hold)
    assert np.array_equal(render(player), samples[:BLOCK])


def test_a_flush_drops_with_a_fade_and_counts_at_once() -> None:
    player, samples = playing()
    render(player, 2)
    player.flush()
    assert player.rendered == player.written == len(samples)
    assert not player.sounding
    player.write(voice(BLOCK, 7).tobytes(), SOUND_RATE, last=True)
    faded = render(player)
    assert faded[0] == samples[2 * BLOCK]
    assert not faded[FADE:].any()
    assert np.array_equal(render(player), voice(BLOCK, 7))


def test_a_flush_ends_a_hold_and_what_follows_sounds_without_a_fade() -> None:
    player, _ = playing()
    render(player)
    player.hold()
    render(player)
    player.flush()
    player.write(voice(2 * BLOCK, 7).tobytes(), SOUND_RATE, last=True)
    assert not render(player).any()
    assert np.array_equal(render(player, 2), voice(2 * BLOCK, 7))


def test_volume_slides_and_is_limited() -> None:
    player = VoicePlayer()
    player.write(np.full(4 * BLOCK, 20_000, np.int16).tobytes(), SOUND_RATE)
    player.volume(0.5)
    out = render(player, 2)
    assert (np.abs(np.diff(out.astype(int))) < 50).all()
    assert out[-1] == 10_000
    player.volume(3.0)
    assert render(player, 2)[-1] == 32_767


@pytest.mark.parametrize("rate", [16_000, 22_050, 24_000, 44_100])
def test_pieces_of_a_sentence_are_resampled_without_a_seam(rate: int) -> None:
    tone = (8000 * np.sin(2 * np.pi * 440 * np.arange(rate) / rate)).astype(np.int16)
    player = VoicePlayer()
    for begin in range(0, rate, 777):
        player.write(tone[begin : begin + 777].tobytes(), rate)
    player.write(b"", rate, last=True)
    assert abs(player.written - SOUND_RATE) <= SOUND_RATE // 400
    out = render(player, 90)
    expected = 8000 * np.sin(2 * np.pi * 440 * np.arange(len(out)) / SOUND_RATE)
    middle = slice(BLOCK, None)
    assert np.abs(out[middle] - expected[middle]).max() < 20


def test_silence_stays_digital_silence_through_the_resampler() -> None:
    player = VoicePlayer()
    player.write(bytes(2 * 24_000), 24_000, last=True)
    player.silence(0.5)
    assert player.written == SOUND_RATE * 3 // 2
    assert not render(player, 151).any()


def test_a_flush_forgets_what_the_resampler_holds_back() -> None:
    player = VoicePlayer()
    player.write(voice(240).tobytes(), 24_000)
    player.flush()
    player.write(bytes(2 * 24_000), 24_000, last=True)
    render(player)  # the fade of what was flushed
    assert not render(player, 100).any()


def test_an_empty_sentence_is_nothing() -> None:
    player = VoicePlayer()
    player.write(b"", 24_000, last=True)
    assert player.written == 0


def test_starving_is_counted_within_a_sentence_only() -> None:
    player = VoicePlayer()
    player.write(voice(2 * BLOCK).tobytes(), SOUND_RATE)
    render(player, 5)
    assert player.starved == 1
    player.write(voice(2 * BLOCK).tobytes(), SOUND_RATE, last=True)
    render(player, 5)
    assert player.starved == 1


def test_more_than_there_is_room_for_is_a_fault_of_the_caller() -> None:
    player = VoicePlayer()
    player.silence(ROOM_SECONDS - 1)
    assert player.free == SOUND_RATE
    with pytest.raises(RuntimeError, match="do not fit"):
        player.silence(1.5)
    assert player.free == SOUND_RATE


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.integers(0, 3 * BLOCK)),
        st.tuples(st.sampled_from(["hold", "release", "flush", "render"]), st.integers(1, 3)),
    ),
    max_size=60,
)


@given(STEPS)
def test_any_order_of_calls_plays_each_sample_once_and_in_order(steps: list[tuple[str, int]]) -> None:
    """A model: each block is the voice at its place, silence, or a fade that does not count."""
    player = VoicePlayer()
    written: list[int] = []
    at = hold = 0
    for step, number in steps:
        if step == "write":
            samples = voice(number, len(written))
            player.write(samples.tobytes(), SOUND_RATE)
            written.extend(samples.tolist())
        elif step == "hold":
            hold = player.hold()
        elif step == "release":
            player.release(hold)
            hold = 0
        elif step == "flush":
            player.flush()
            at, hold = len(written), 0
        else:
            for _ in range(number):
                before = at
                out = render(player)
                at = player.rendered
                assert not (hold and at != before)
                count = at - before
                assert count <= BLOCK
                assert out[FADE:count].tolist() == written[before + FADE : at]
                assert not out[max(count, FADE) :].any()
                assert (out[: min(count, FADE)] <= written[before : before + min(count, FADE)]).all()
        assert (player.written, player.rendered) == (len(written), at)


@given(st.lists(st.integers(0, 40), max_size=50))
def test_a_ring_gives_back_what_was_put_in(sizes: list[int]) -> None:
    ring, put, taken = Ring(64), 0, 0
    for turn, size in enumerate(sizes):
        if turn % 2:
            out = np.zeros(size, np.int16)
            count = ring.copy_to(out)
            assert count == min(size, put - taken)
            assert out[:count].tolist() == list(range(taken, taken + count))
            ring.skip(count)
            taken += count
        elif size <= ring.free:
            ring.write(np.arange(put, put + size, dtype=np.int16))
            put += size
        else:
            with pytest.raises(RuntimeError):
                ring.write(np.zeros(size, np.int16))
        assert (ring.filled, ring.free) == (put - taken, 64 - put + taken)


def test_three_threads_lose_and_repeat_nothing() -> None:
    player, total = VoicePlayer(), 400 * BLOCK
    done = threading.Event()

    def write() -> None:
        for begin in range(0, total, 1000):
            player.write(voice(min(1000, total - begin), begin).tobytes(), SOUND_RATE)

    def hold() -> None:
        while not done.is_set():
            player.release(player.hold())

    threads = [threading.Thread(target=write), threading.Thread(target=hold)]
    for thread in threads:
        thread.start()
    samples = voice(total)
    while player.rendered < total:
        before = player.rendered
        out = render(player)
        count = player.rendered - before
        assert np.array_equal(out[FADE:count], samples[before + FADE : before + count])
    done.set()
    for thread in threads:
        thread.join()


def test_a_rewound_voice_goes_on_there_but_not_before_a_flush() -> None:
    player, samples = playing(6 * BLOCK)
    render(player, 3)
    player.rewind(BLOCK + 7)
    assert player.rendered == BLOCK + 7
    assert np.array_equal(render(player), samples[BLOCK + 7 : 2 * BLOCK + 7])
    player.flush()
    player.write(samples.tobytes(), SOUND_RATE, last=True)
    render(player, 2)
    player.rewind(0)
    assert player.rendered == 6 * BLOCK
    render(player)
    player.rewind(99 * BLOCK)
    assert player.rendered == 7 * BLOCK
