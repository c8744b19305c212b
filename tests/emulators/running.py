"""The emulators as a test sees them: a process of their own that can be frozen, and be told what to do."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any, Self

from tests.emulators.stage import KEY

ROOT = Path(__file__).parent.parent.parent
URLS = {"deepgram": "", "elevenlabs": "", "sarvam": "", "openai": "/v1", "groq": "/v1"}
PATHS = {"groq": "openai"}


def url(port: int, vendor: str) -> str:
    """The base URL of a vendor's emulator."""
    return f"http://127.0.0.1:{port}/{PATHS.get(vendor, vendor)}{URLS[vendor]}"


def environment(port: int, *vendors: str) -> dict[str, str]:
    """What makes profai use the emulators of these vendors, by default of all but Groq's, for questions alone.

    Lessons that a model tells would use up the replies that a test has set: it has to ask for them.
    """
    found = {}
    for vendor in vendors or ("deepgram", "elevenlabs", "sarvam", "openai"):
        found |= {f"{vendor.upper()}_API_KEY": KEY, f"PROFAI_{vendor.upper()}_URL": url(port, vendor)}
    return found | {"NO_PROXY": "127.0.0.1,localhost", "PROFAI_VERBATIM": "1"}


class Emulators:
    """A context: the process runs from its begin to its end, without any delay until `set` says so."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", *self._program()],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout
        self.port = int(self._process.stdout.readline())
        return self

    def _program(self) -> list[str]:
        """The module to run, which prints its port first, and its arguments."""
        return ["tests.emulators", "--quick"]

    def __exit__(self, *_: object) -> None:
        self.thaw()
        self._process.kill()
        self._process.communicate()

    def url(self, vendor: str) -> str:
        """See `url`."""
        return url(self.port, vendor)

    def environment(self, *vendors: str) -> dict[str, str]:
        """See `environment`."""
        return environment(self.port, *vendors)

    def set(self, **values: Any) -> None:
        """Replace delays, script, replies, faults (as dictionaries of `Fault`'s fields) or seen; or `Stage.strike`."""
        self._ask(json.dumps(values).encode())

    def seen(self, vendor: str, what: str = "") -> list[dict[str, Any]]:
        """What was asked of a vendor, in order."""
        return [s for s in self._ask()["seen"] if s["vendor"] == vendor and what in ("", s["what"])]

    def wait_for(self, vendor: str, what: str) -> None:
        """Return when it was noted, which is a little later than the client knows of it."""
        while not self.seen(vendor, what):
            pass

    @property
    def open(self) -> int:
        """Requests and sockets that are open now."""
        return int(self._ask()["open"])

    def freeze(self) -> None:
        """The network's worst: connections stay, and nothing comes (SIGSTOP)."""
        os.kill(self._process.pid, signal.SIGSTOP)

    def end(self) -> None:
        """The network is gone: connections are cut, and new ones are refused."""
        self._process.kill()

    def thaw(self) -> None:
        """End of the freeze."""
        os.kill(self._process.pid, signal.SIGCONT)

    def _ask(self, body: bytes | None = None) -> dict[str, Any]:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/_stage", body)
        with urllib.request.urlopen(request, timeout=10) as response:
            return dict(json.load(response))
