"""A fault of each kind for each cloud engine, out of the matrix that `python -m tests.measure_faults` measures."""

import pytest

from tests.fault_cases import ENGINES, Case
from tests.fault_class import matrix
from tests.measure_faults import CTRL_C, INTERRUPTED, interrupt

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("cloud"), pytest.mark.timeout(400)]

PARALLEL = 4

WORST = (
    ("deepgram", "refuse", "listening"),
    ("deepgram", "abort", "thinking"),
    ("deepgram", "freeze", "lecturing"),
    ("flux", "close", "listening"),
    ("flux", "gone", "lecturing"),
    ("sarvam-ears", "quota", "lecturing"),
    ("sarvam-ears", "garbage", "listening"),
    ("sarvam-voice", "busy", "listening"),
    ("sarvam-voice", "null_audio", "answering"),
    ("elevenlabs", "stall_after", "listening"),
    ("elevenlabs", "malformed", "lecturing"),
    ("elevenlabs", "freeze", "answering"),
    ("openai", "error_in_band", "listening"),
    ("openai", "gone", "thinking"),
)


def test_a_class_goes_on_whatever_fails_and_loses_no_word() -> None:
    wanted = [
        Case(engine, next(fault for fault in ENGINES[engine].faults if fault["kind"] == kind), state)
        for engine, kind, state in WORST
    ]
    outcomes = list(matrix(wanted, PARALLEL))
    assert len(outcomes) == len(WORST)
    assert [(outcome.case, outcome.failed) for outcome in outcomes if outcome.failed] == []


@pytest.mark.parametrize("number", [0, 4, 11], ids=lambda number: f"{CTRL_C[number][0]} while {CTRL_C[number][2]}")
def test_ctrl_c_ends_a_class_whose_network_fails(number: int) -> None:
    _, _, code = interrupt(number)
    assert code == INTERRUPTED
