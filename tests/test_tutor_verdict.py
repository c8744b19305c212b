"""The first line of a model's judgement, however it is written and cut into pieces."""

import pytest

from profai_cli.kinds import Verdict
from profai_cli.tutor.verdict import FirstLine


def read(text: str, size: int) -> tuple[Verdict | None, str]:
    line = FirstLine()
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    rest = "".join(line.feed(piece) for piece in pieces) + line.finish()
    return line.verdict, rest.strip()


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize(
    ("text", "verdict", "rest"),
    [
        ("RIGHT\nYes, it does.", "right", "Yes, it does."),
        ("\n  **Partly.**\n\nThat is a part.", "partly", "That is a part."),
        ("WRONG: It is the Moon.\nIt is near.", "wrong", "It is the Moon.\nIt is near."),
        ("<think>hm RIGHT</think>\nQUESTION\nYou ask.", "question", "You ask."),
        ("wrong", "wrong", ""),
        ("That is right.\nIt is.", None, ""),
        ("RIGHTEOUS\nNo.", None, ""),
        ("", None, ""),
    ],
)
def test_the_verdict_is_read_and_what_follows_is_left(text: str, verdict: Verdict | None, rest: str, size: int) -> None:
    found, left = read(text, size)
    assert found == verdict
    assert left == rest or verdict is None


def test_a_first_line_without_an_end_is_not_waited_for() -> None:
    line = FirstLine()
    assert line.feed("x" * 250) == ""
    assert (line.over, line.verdict) == (True, None)
