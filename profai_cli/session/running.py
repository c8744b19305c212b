"""The blocks of a class: as the sound gives them, or as fast as they can be made, until the class is over."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from profai_cli.ports import Frame, Sound

BREATH_BLOCKS = 50
"""On the samples' clock the loop looks after signals and other tasks this often."""


class Running:
    """Gives `take` every frame, in the loop's thread. A fault of profai itself ends the class, and is raised."""

    def __init__(self, sound: Sound, take: Callable[[Frame], None]) -> None:
        self._sound, self._take = sound, take
        self._over = asyncio.Event()
        self._broken: BaseException | None = None

    @property
    def over(self) -> bool:
        """Nothing follows."""
        return self._over.is_set()

    def end(self) -> None:
        """No block follows."""
        self._over.set()

    async def ended(self) -> None:
        """Return when nothing follows."""
        await self._over.wait()

    async def live(self) -> None:
        """In real time."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._report)

        frames = deque[Frame]()
        planned = False

        def call(do: Callable[[], None]) -> None:
            with contextlib.suppress(RuntimeError):  # the loop has just been closed: the class is over
                loop.call_soon_threadsafe(do)

        def plan() -> None:
            nonlocal planned
            planned = True
            call(take)

        def take() -> None:
            nonlocal planned
            planned = False  # before frames are counted: what comes from now on is taken after what else there is to do
            try:
                for _ in range(len(frames)):
                    self._block(frames.popleft())
            finally:
                if frames and not planned:  # after a fault, which `_report` gets
                    plan()

        def hand_over(frame: Frame) -> None:
            frames.append(frame)
            if not planned:
                plan()

        self._sound.on_fault = lambda fault: call(lambda: self._break(fault))
        self._sound.start(hand_over)
        await self._over.wait()
        if self._broken:
            raise self._broken

    async def stepped(self, settle: Callable[[], Awaitable[None]]) -> None:
        """On the samples' clock: the next block is made when `settle` has returned."""
        blocks = 0
        await settle()
        while not self.over:
            self._take(self._sound.step())
            await settle()
            blocks += 1
            if blocks % BREATH_BLOCKS == 0:
                await asyncio.sleep(0)

    def watch(self, task: asyncio.Task[None]) -> None:
        """Have the class end with the fault of a task."""
        task.add_done_callback(lambda done: None if done.cancelled() else self._break(done.exception()))

    def _block(self, frame: Frame) -> None:
        if not self.over:
            self._take(frame)

    def _report(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """A fault in a callback or a task: end the class with it instead of going silent."""
        error = context.get("exception")
        if not isinstance(error, ConnectionError):  # a pipe of an engine that has died
            self._break(error)

    def _break(self, error: BaseException | None) -> None:
        if error is not None:
            self._broken = error
            self.end()
