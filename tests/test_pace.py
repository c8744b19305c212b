"""Work in real time: what was cancelled delivers nothing more, in whatever moment its result comes."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from profai_cli.providers.worker import Replies
from profai_cli.session.pace import LivePace


@pytest.mark.parametrize("steps", range(5))
def test_what_was_cancelled_delivers_nothing_more(steps: int) -> None:
    """`steps`: how far the loop gets with a worker's reply before the cancellation."""

    async def test() -> None:
        pace, replies, got = LivePace(), Replies(), list[Any]()

        async def results() -> AsyncGenerator[str]:
            async for header, _ in replies:
                yield header["text"]

        job = pace.run(results(), 0.0, got.append, got.append)
        for _ in range(3):
            await asyncio.sleep(0)  # it waits for the first reply
        replies.put(({"text": "late"}, b""))
        replies.put(None)
        for _ in range(steps):
            await asyncio.sleep(0)
        before = list(got)
        job.cancel()
        await pace.close()
        assert got == before

    asyncio.run(test())


def test_results_come_in_order_and_then_the_end() -> None:
    async def test() -> None:
        pace, got, over = LivePace(), list[Any](), asyncio.Event()

        async def results() -> AsyncGenerator[int]:
            for number in range(3):
                yield number

        pace.run(results(), 0.0, got.append, lambda error: (got.append(error), over.set())[-1])
        await over.wait()
        assert got == [0, 1, 2, None]
        await pace.close()

    asyncio.run(test())
