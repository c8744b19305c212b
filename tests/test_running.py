"""The blocks of a class in real time: each is taken, in order, whatever happens to the ones before it."""

import asyncio
from collections.abc import Callable
from threading import Thread

import pytest

from profai_cli.ports import Frame
from profai_cli.session.running import Running
from profai_cli.sound.simulated import SimulatedSound

BLOCKS = 40


class Burst(SimulatedSound):
    """Gives its blocks at once, while the loop is busy."""

    def start(self, sink: Callable[[Frame], None]) -> None:
        def give() -> None:
            for _ in range(BLOCKS):
                sink(self.step())

        thread = Thread(target=give)
        thread.start()
        thread.join()


def run(take: Callable[[int], None]) -> list[int]:
    """The numbers of the blocks that were taken; the class is over after the last one."""
    taken: list[int] = []

    def block(frame: Frame) -> None:
        taken.append(round(frame.t * 100))
        if len(taken) == BLOCKS:
            running.end()
        take(len(taken))

    running = Running(Burst(), block)
    asyncio.run(running.live())
    return taken


def test_blocks_that_come_together_are_taken_in_order() -> None:
    assert run(lambda _: None) == list(range(1, BLOCKS + 1))


def test_a_broken_pipe_of_an_engine_costs_no_block() -> None:
    def break_some(number: int) -> None:
        if number % 7 == 0:
            raise BrokenPipeError

    assert run(break_some) == list(range(1, BLOCKS + 1))


def test_another_fault_ends_the_class_and_is_raised() -> None:
    def break_down(number: int) -> None:
        raise ZeroDivisionError(number)

    with pytest.raises(ZeroDivisionError):
        run(break_down)


class Endless(SimulatedSound):
    """Has the next block as soon as one is taken."""

    def start(self, sink: Callable[[Frame], None]) -> None:
        self.sink = sink
        sink(self.step())


def test_blocks_without_end_leave_time_for_all_else() -> None:
    sound = Endless()
    running = Running(sound, lambda _: sound.sink(sound.step()))

    async def hold() -> None:
        asyncio.get_running_loop().call_later(0.01, running.end)
        await running.live()

    asyncio.run(hold())


def broken(_block: object) -> None:
    raise ZeroDivisionError


def test_a_fault_in_the_sounds_own_thread_ends_the_class_and_is_raised() -> None:
    running = Running(SimulatedSound(speaker=broken), lambda _: None)
    with pytest.raises(ZeroDivisionError):
        asyncio.run(running.live())
