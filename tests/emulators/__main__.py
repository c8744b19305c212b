"""`python -m tests.emulators` runs the emulators by hand, for a class without keys.

`--delay openai.think=3` makes the model take three seconds to its first word.
"""

import argparse
import asyncio
import sys

from aiohttp import web

from tests.emulators.running import environment
from tests.emulators.server import application
from tests.emulators.stage import Stage

LIFELIKE = {
    "network": 0.03, "deepgram.think": 0.15, "elevenlabs.think": 0.075, "sarvam.think": 0.2, "openai.think": 0.2,
}  # fmt: skip
"""Seconds: one way of the network, and what the vendors' engines are said to take."""


async def serve(port: int, delays: dict[str, float]) -> None:
    """Run until the standard input ends or Ctrl-C; the first line printed is the port."""
    runner = web.AppRunner(application(Stage(delays)), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    address = runner.addresses[0]
    print(address[1], flush=True)
    if sys.stdin.isatty():
        print("In another terminal, before `profai class --interactive`:\n")
        for name, value in environment(address[1]).items():
            print(f"export {name}={value}")
        print("\nWithout PROFAI_VERBATIM the model tells the lessons too.")
        await asyncio.Event().wait()
    else:  # a test: its end is ours
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.emulators", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0, the default: any that is free")
    parser.add_argument("--quick", action="store_true", help="no delays at all")
    parser.add_argument("--delay", action="append", default=[], metavar="NAME=SECONDS", help="another delay")
    arguments = parser.parse_args()
    delays = {name: float(seconds) for name, _, seconds in (delay.partition("=") for delay in arguments.delay)}
    try:
        asyncio.run(serve(arguments.port, ({} if arguments.quick else LIFELIKE) | delays))
    except KeyboardInterrupt:
        sys.exit(130)
