"""The parts of the sound card that need no device: pairing, counting, waiting."""

from itertools import count
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from profai_cli.pcm import BLOCK, BLOCKS_A_SECOND, SOUND_RATE
from profai_cli.ports import Frame
from profai_cli.sound.blocks import Blocks, Samples, Wake
from profai_cli.sound.convert import Converter
from profai_cli.sound.lead import LONGEST, Lead
from profai_cli.sound.microphone import Clock
from profai_cli.sound.pairing import PATIENCE, WINDOW, Pair, Pairing
from profai_cli.sound.path import SoundPath
from profai_cli.sound.player import VoicePlayer
from profai_cli.sound.tap import Tap
from profai_cli.sound.worker import PATIENCE as DEAD_AFTER
from profai_cli.sound.worker import TICK, TOGETHER, Watchdog, Worker


def take_all(ring: Blocks) -> list[Samples]:
    return [ring.take() for _ in range(len(ring))]


def test_a_ring_gives_blocks_back_in_order_and_refuses_what_does_not_fit() -> None:
    ring = Blocks(3, 2)
    assert [ring.put(np.full(2, n, np.int16)) for n in range(4)] == [True, True, True, False]
    ring.drop(1)
    assert ring.put(np.full(2, 9, np.int16))
    assert [block[0] for block in take_all(ring)] == [1, 2, 9]
    assert len(ring) == 0


def test_a_call_before_the_wait_is_not_lost_and_several_count_once() -> None:
    wake = Wake()
    wake.call()
    wake.call()
    wake.wait(60)  # the test's time limit tells if it waits
    wake.wait(0)
    wake.call()
    wake.wait(60)


def test_a_captured_block_waits_for_what_was_played_but_not_for_ever() -> None:
    pairing = Pairing()
    assert pairing.next(0, 5) is None
    assert all(pairing.next(near, 0) is None for near in range(1, PATIENCE + 1))
    assert pairing.next(PATIENCE + 1, 0) == Pair(missing=True)
    assert pairing.next(PATIENCE + 1, 1) == Pair()
    assert Pair(missing=True).shifted
    assert not Pair().shifted


def settle(pairing: Pairing, far: int, near: int, blocks: int) -> tuple[int, int, int]:
    """Blocks come one for one at both ends. The backlogs at the end, and how often they were shifted."""
    shifts = 0
    for _ in range(blocks):
        far, near = far + 1, near + 1
        while pair := pairing.next(near, far):
            far -= pair.drop + (not pair.missing)
            near -= 1
            shifts += pair.shifted
            assert far >= 0
    return far, near, shifts


@given(st.integers(0, 150), st.integers(0, 150))
def test_whatever_backlog_stands_is_gone_soon_and_then_nothing_is_shifted(far: int, near: int) -> None:
    pairing = Pairing()
    far, near, _ = settle(pairing, far, near, 300)
    assert far - near in (0, 1)
    assert near == 0
    assert settle(pairing, far, near, 300) == (far, near, 0)


def test_blocks_that_come_in_bunches_are_not_taken_for_a_backlog() -> None:
    pairing, far, near, shifts = Pairing(), 0, 0, 0
    for tick in range(20 * WINDOW):
        near += 1
        far += 2 * (tick % 2)
        while pair := pairing.next(near, far):
            far, near, shifts = far - pair.drop - (not pair.missing), near - 1, shifts + pair.shifted
    assert shifts == 0


def test_a_speaker_that_asks_for_many_blocks_at_once_gets_a_backlog_to_live_on() -> None:
    pairing, far, near, shifts = Pairing(), 0, 0, []
    for tick in range(20 * WINDOW):
        near += 1
        far += 6 * (tick % 6 == 3)
        while pair := pairing.next(near, far):
            far, near = far - pair.drop - (not pair.missing), near - 1
            shifts += [tick] * pair.shifted
    assert shifts == [tick for tick in shifts if tick < 3 * WINDOW]


@pytest.mark.parametrize("bunch", [1, 2, 6])
def test_a_worker_that_was_late_shifts_nothing_when_it_catches_up(bunch: int) -> None:
    pairing, far, near, shifts = Pairing(), 0, 0, []
    for tick in range(40 * WINDOW):
        near += 1
        far += bunch * (tick % bunch == bunch // 2)
        if tick % 500 in range(400, 470):
            continue
        while pair := pairing.next(near, far):
            far, near = far - pair.drop - (not pair.missing), near - 1
            shifts += [tick] * pair.shifted
    assert shifts == [tick for tick in shifts if tick < 3 * WINDOW]


def test_bunches_of_changing_size_are_not_taken_for_a_backlog() -> None:
    random = Random(1)
    pairing, far, near, shifts, due = Pairing(), 0, 0, [], 3
    for tick in range(500 * WINDOW):
        near += 1
        if tick >= due:
            bunch = random.randint(4, 9)
            due, far = due + bunch, far + bunch
        while pair := pairing.next(near, far):
            far, near = far - pair.drop - (not pair.missing), near - 1
            shifts += [tick] * pair.shifted
    assert shifts == [tick for tick in shifts if tick < 3 * WINDOW]


def test_played_follows_rendered_by_the_lag_and_catches_up_in_a_hold() -> None:
    player = VoicePlayer()
    tap, out = Tap(player), np.zeros(BLOCK, np.int16)
    player.write(np.ones(10 * BLOCK, np.int16).tobytes(), SOUND_RATE, last=True)
    lag = 2 * BLOCK + 100
    played = []
    for block in range(20):
        if block == 6:
            player.hold()
        tap.render(out)
        played.append(tap.played(lag))
    assert played[:4] == [0, 0, BLOCK - 100, 2 * BLOCK - 100]
    assert played == sorted(played)
    assert played[-1] == player.rendered == 6 * BLOCK


def test_played_never_goes_back_when_the_lag_grows() -> None:
    player = VoicePlayer()
    tap, out = Tap(player), np.zeros(BLOCK, np.int16)
    player.write(np.ones(10 * BLOCK, np.int16).tobytes(), SOUND_RATE, last=True)
    for _ in range(5):
        tap.render(out)
    assert tap.played(BLOCK) == 4 * BLOCK
    assert tap.played(3 * BLOCK) == 4 * BLOCK
    assert tap.played(0) == 5 * BLOCK


def test_what_a_dead_speaker_did_not_play_is_rendered_again() -> None:
    player = VoicePlayer()
    tap, out = Tap(player), np.zeros(BLOCK, np.int16)
    voice = np.arange(1, 6 * BLOCK + 1, dtype=np.int16)
    player.write(voice.tobytes(), SOUND_RATE, last=True)
    for _ in range(4):
        tap.render(out)
    lag = BLOCK + 100
    place = tap.played(lag)
    assert place == 3 * BLOCK - 100
    tap.rewind()
    assert player.rendered == place
    assert [tap.played(lag), tap.played(0)] == [place, place]
    tap.render(out)
    assert np.array_equal(out, voice[place : place + BLOCK])
    assert [tap.played(lag), tap.played(0)] == [place, place + BLOCK]


def test_the_lead_is_steady_until_the_delay_of_the_devices_changes() -> None:
    lead, random = Lead(), Random(1)
    told = [lead.step(1800 + random.randrange(-300, 300), near=0, far=1) for _ in range(500)]
    assert len(set(told)) == 2  # unknown at first
    assert told[20] == told[-1] == pytest.approx(1800 - BLOCK, abs=100)
    told = [lead.step(6000 + random.randrange(-300, 300), near=2, far=0) for _ in range(500)]
    assert told[-1] == pytest.approx(6000 + 2 * BLOCK, abs=100)
    assert len(set(told)) == 2


def test_a_lead_is_never_a_lag() -> None:
    lead = Lead()
    assert {lead.step(0, near=0, far=3) for _ in range(200)} == {0}


def test_a_speaker_that_does_not_know_its_delay_is_not_believed() -> None:
    lead = Lead()
    assert {lead.step(10**9, near=0, far=0) for _ in range(50)} == {0, LONGEST}


def test_frames_are_handed_over_although_blocks_come_faster_than_they_are_worked_on() -> None:
    player, wake, times, frames = VoicePlayer(), Wake(), count(), list[Frame]()
    path = SoundPath(player, cancel_echo=False, listening=False)
    worker = Worker([], player, Tap(player), path, wake)
    worker._microphone = Clock(lambda: 2 * next(times) / BLOCKS_A_SECOND)  # two blocks whenever it is looked at

    def sink(frame: Frame) -> None:
        frames.append(frame)
        if len(frames) == 2 * TOGETHER:
            worker.stop()

    worker.run(sink, print)
    assert [round(frame.t * BLOCKS_A_SECOND) for frame in frames] == list(range(1, 2 * TOGETHER + 1))


def test_a_tap_keeps_what_it_hands_out_and_counts_what_does_not_fit() -> None:
    player = VoicePlayer()
    tap, out = Tap(player), np.zeros(BLOCK, np.int16)
    voice = np.arange(1, 2 * BLOCK + 1, dtype=np.int16)
    player.write(voice.tobytes(), SOUND_RATE, last=True)
    for _ in range(3):
        tap.render(out)
    kept = np.concatenate(take_all(tap.far))
    assert np.array_equal(kept, np.concatenate([voice, np.zeros(BLOCK, np.int16)]))
    while not tap.lost:
        tap.render(out)
    assert len(tap.far) == 200


@pytest.mark.parametrize(("source", "target"), [(44_100, 48_000), (48_000, 44_100), (16_000, 48_000)])
def test_a_converter_keeps_the_sound_and_holds_little_back(source: int, target: int) -> None:
    def tone(rate: int) -> Samples:
        samples: Samples = (8000 * np.sin(2 * np.pi * 1000 / rate * np.arange(rate))).astype(np.int16)
        return samples

    converter, size = Converter(source, target), source // 100
    blocks = [block for at in range(0, source, size) for block in converter.feed(tone(source)[at : at + size])]
    assert {len(block) for block in blocks} == {target // 100}
    out = np.concatenate(blocks)
    assert len(out) + converter.held == pytest.approx(target, abs=target // 1000)
    middle = slice(target // 4, target // 2)
    assert np.abs(out[middle] - tone(target)[middle]).max() < 20


def test_a_clock_gives_silence_from_the_first_look_on() -> None:
    times = iter([7.0, 7.0125, 7.0255, 7.0255])
    clock = Clock(lambda: next(times))
    assert [clock.waiting, clock.waiting, clock.waiting] == [0, 1, 2]
    assert not clock.take().any()
    assert clock.waiting == 1


def test_a_clock_makes_up_for_what_was_late_but_not_for_time_in_which_nothing_ran() -> None:
    times = iter([7.0, 7.9, 3607.0, 3607.055])
    clock = Clock(lambda: next(times))
    assert [clock.waiting, clock.waiting, clock.waiting] == [0, 90, 0]
    assert clock.waiting == 5


def test_a_device_is_dead_when_its_count_stands_still_for_long_enough() -> None:
    watchdog = Watchdog()
    assert not any(watchdog.stopped(count, TICK) for count in range(1000))
    still = [watchdog.stopped(1000, TICK) for _ in range(round(DEAD_AFTER / TICK) + 2)]
    assert still[-1]
    assert still.index(True) >= DEAD_AFTER / TICK - 1
    assert not watchdog.stopped(1001, TICK)
