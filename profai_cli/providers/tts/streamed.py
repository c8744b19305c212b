"""From a C library that calls back to an iterator. For the child's side of the local voices."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

from profai_cli.providers.wire import Message

Put = Callable[[Message | None], None]


def streamed(say: Callable[[Put], None]) -> Iterator[Message]:
    """What `say` puts, as it comes; `say` runs in a thread, where ctypes frees the GIL. Raises what it raises."""
    queue: SimpleQueue[Message | None] = SimpleQueue()
    with ThreadPoolExecutor(1) as pool:
        said = pool.submit(say, queue.put)
        said.add_done_callback(lambda _: queue.put(None))
        yield from iter(queue.get, None)
        said.result()
