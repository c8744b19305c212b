"""What the table's actions and the learner's orders both work on. Pure."""

from profai_cli.commands import Command, StartTimer
from profai_cli.lesson.course import Course
from profai_cli.turns.learner import Learner
from profai_cli.turns.states import State
from profai_cli.turns.voice import Voice


class Turn:
    """The state of a class, its two sides, and the commands that the present event causes."""

    def __init__(self, course: Course, *, interactive: bool) -> None:
        self.state = State.STARTING
        self.interactive = interactive
        self.out: list[Command] = []
        self.voice = Voice(course, self.out)
        self.learner = Learner(self.out)
        self.bridge = ""
        """Said before the lesson goes on from LISTENING."""
        self.question = ""
        """The last question, while its answer is wanted."""
        self.answering = ""
        """The question whose answer sounds."""
        self.input_ended = False
        """Nobody is left who could say anything: the microphone was a file."""
        self.now = 0.0
        """Of the present event."""
        self.timer = 0

    def enter(self, state: State, seconds: float | None = None) -> None:
        """Change the state. Every earlier timer is dead from here on; a new one may run `seconds`."""
        self.state = state
        self.timer += 1
        if seconds is not None:
            self.out.append(StartTimer(self.timer, seconds))
