"""The figures of a turn in words, for all that show them. Pure."""

from typing import Final, NamedTuple

from profai_cli.kinds import Verdict


class Measure(NamedTuple):
    """A figure of `session.figures` in milliseconds: its short name, and what it is the time of."""

    figure: str
    name: str
    words: str


END_TO_END: Final = "end_to_end_ms"

MEASURES: Final = (
    Measure("barge_in_ms", "barge-in", "your voice to the tutor's silence"),
    Measure("first_partial_ms", "first partial", "your voice to its first words"),
    Measure("end_of_turn_ms", "end of turn", "your silence to the question"),
    Measure("first_token_ms", "first token", "question to first words of answer"),
    Measure("first_sample_ms", "first sample", "those words to their sound"),
    Measure(END_TO_END, "end to end", "your silence to the answer's sound"),
)
"""In the order in which they are known."""

VERDICTS: Final[dict[Verdict, str]] = {
    "right": "right",
    "partly": "partly right",
    "wrong": "not right",
    "unanswered": "not answered",
    "question": "you asked a question instead",
}
"""What an answer to a check question was judged to be, in words."""
