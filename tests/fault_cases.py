"""The cells of the fault matrix: which engine shows which fault, and in which state of a class."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

STATES: Final = ("lecturing", "listening", "thinking", "answering")
QUESTIONS: Final = ("What is a float?", "What is a comment?")
"""As in `profai demo`: pocketsphinx, the last resort, understands them."""

FaultKind = dict[str, Any]
_SOCKET: Final[tuple[FaultKind, ...]] = (
    {"kind": "refuse", "status": 403},
    {"kind": "refuse", "status": 503},
    {"kind": "busy", "seconds": 5.0},
    {"kind": "stall_before"},
    {"kind": "stall_after"},
    {"kind": "slow_drip"},
    {"kind": "garbage"},
    {"kind": "malformed"},
    {"kind": "abort", "times": 1},
    {"kind": "abort"},
    {"kind": "close", "status": 1011, "times": 1},
    {"kind": "close", "status": 1008},
    {"kind": "no_final"},
)
_ALL: Final[tuple[FaultKind, ...]] = ({"kind": "freeze"}, {"kind": "freeze", "seconds": 4.0}, {"kind": "gone"})
_ERRORS: Final[tuple[FaultKind, ...]] = ({"kind": "error"}, {"kind": "quota"})


def _kinds(text: str) -> tuple[FaultKind, ...]:
    return tuple({"kind": kind} for kind in text.split())


@dataclass(frozen=True)
class Engine:
    """An engine on trial: its vendor, the vendors with a key, what the learner chose, the faults that it may show."""

    vendor: str
    keys: tuple[str, ...]
    choice: dict[str, Any]
    faults: tuple[FaultKind, ...]
    socket: bool = True


THREE: Final = ("deepgram", "elevenlabs", "openai")

ENGINES: Final = {
    "none": Engine("none", THREE, {}, ({"kind": "none"},), socket=False),
    "last resort": Engine("none", THREE, {"stt": "pocketsphinx"}, ({"kind": "none"},), socket=False),
    "deepgram": Engine("deepgram", THREE, {}, (*_SOCKET, *_ALL)),
    "flux": Engine("deepgram", THREE, {"stt": "flux", "fallback": True}, (*_SOCKET, *_ALL)),
    "sarvam-ears": Engine(
        "sarvam", ("sarvam", "elevenlabs", "openai"), {"stt": "sarvam", "language": "en-IN", "fallback": True},
        (*_SOCKET, *_ERRORS, *_ALL),
    ),
    "sarvam-voice": Engine(
        "sarvam", ("sarvam", "deepgram", "openai"), {"tts": "sarvam", "fallback": True},
        (*_SOCKET, *_ERRORS, *_kinds("no_audio null_audio empty_audio odd stall"), *_ALL),
    ),
    "elevenlabs": Engine(
        "elevenlabs", THREE, {},
        (
            {"kind": "refuse", "status": 401, "code": "invalid_api_key"},
            {"kind": "refuse", "status": 401, "code": "quota_exceeded"},
            {"kind": "refuse", "status": 500},
            {"kind": "busy", "seconds": 5.0},
            {"kind": "abort", "times": 1},
            *_kinds(
                "stall_before stall_after abort odd_chunks no_alignment restart_times null_audio malformed garbage"
                " no_audio slow_drip short blip no_base64"
            ),
            *_ALL,
        ),
        socket=False,
    ),
    "openai": Engine(
        "openai", THREE, {},
        (
            {"kind": "refuse", "status": 401},
            {"kind": "refuse", "status": 429, "code": "insufficient_quota"},
            {"kind": "refuse", "status": 500},
            {"kind": "busy", "seconds": 5.0},
            {"kind": "abort", "times": 1},
            {"kind": "error_in_band", "code": "server_error"},
            {"kind": "redirect", "text": "http://127.0.0.1:9/"},
            *_kinds("stall_before stall_after malformed garbage no_answer slow_drip html abort"),
            *_ALL,
        ),
        socket=False,
    ),
}  # fmt: skip
"""By name. "none" and "last resort" are classes without a fault, with the cloud's ears and with pocketsphinx: how long
they take from question to reply on this machine, as busy as it is, is the engines' own delay."""

EARS: Final = frozenset(("deepgram", "flux", "sarvam-ears"))
BASELINES: Final = ("none", "last resort")
TWO_QUESTIONS: Final = frozenset(("thinking", "answering"))
"""States in which the first question may be over before the fault shows in ears or answers."""

AT_HANDSHAKE: Final = frozenset(("refuse", "busy", "stall_before"))
"""An open socket cannot show these: it is cut, and the next one does."""


@dataclass(frozen=True)
class Case:
    """A cell of the matrix."""

    engine: str
    fault: FaultKind
    state: str

    @property
    def row(self) -> str:
        """Its fault, in words."""
        more = " ".join(str(self.fault[name]) for name in ("status", "code") if name in self.fault)
        last = " once" if self.fault.get("times") == 1 or (self.kind == "freeze" and "seconds" in self.fault) else ""
        return f"{self.kind} {more}".strip() + last

    @property
    def kind(self) -> str:
        return str(self.fault["kind"])

    @property
    def questions(self) -> tuple[str, ...]:
        """What the learner asks until the fault has shown itself."""
        speaks = self.engine in ("elevenlabs", "sarvam-voice")
        return QUESTIONS if self.state in TWO_QUESTIONS and not speaks else QUESTIONS[:1]


def cases(names: Sequence[str]) -> list[Case]:
    """All cells of these engines."""
    return [
        Case(name, fault, state)
        for state in ("listening", "answering", "thinking", "lecturing")
        for name in names
        for fault in ENGINES[name].faults
    ]
