"""An engine's process at its end."""

import asyncio
import os
import signal
import time

from profai_cli.providers.worker import CLOSE_SECONDS, Worker
from tests.live import alive, needs_proc

VOICE = "profai_cli.providers.tts.espeak_service"


def kill(pid: int) -> None:
    """Without the event loop, which learns of this and of the end of its wait at once, of the wait first."""
    os.kill(pid, signal.SIGKILL)
    time.sleep(CLOSE_SECONDS)
    while alive([pid]):
        time.sleep(0.01)


@needs_proc
def test_a_process_that_ends_in_the_very_moment_it_is_killed_is_closed_in_peace() -> None:
    async def main() -> int:
        worker = Worker(VOICE)
        await worker.start()
        pid = worker.pid
        assert pid is not None
        closing = asyncio.create_task(worker.close())
        await asyncio.sleep(0)  # it waits for the process to end by itself
        kill(pid)
        await closing
        return pid

    assert alive([asyncio.run(main())]) == []
