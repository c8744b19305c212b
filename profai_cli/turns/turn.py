"""What the table's actions and the learner's orders both work on. Pure."""

from collections import deque

from profai_cli.commands import Command, StartTimer
from profai_cli.kinds import Checking
from profai_cli.lesson.course import Course
from profai_cli.lesson.place import CheckPlace, Place
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
        self.checks: deque[CheckPlace] = deque()
        """Check questions that are to be asked before the lesson goes on."""
        self.check: CheckPlace | None = None
        """The one that was asked, until it is answered."""
        self.put_back = False
        """The first of those was asked already, and a question of the learner's came between."""
        self.examining = False
        """Check questions are asked: from the first one until the lesson goes on."""
        self.think_until = 0.0
        """Before that, silence is no answer to the check question; infinite while the question was not heard out."""
        self.topic_heard: tuple[int, int] | None = None
        """Module and topic of the one that was heard to its end, which the questions are about."""
        self.passage: Place | None = None
        """Where the lesson holds the answer that the learner did not know, until something else is said."""
        self.checking: Checking = "none"
        self.known: set[CheckPlace] = set()
        """Check questions that were answered in this class: they are not asked again."""
        self.closed = False
        """The learner was told that the course is over."""
        self.input_ended = False
        """Nobody is left who could say anything: the microphone was a file."""
        self.now = 0.0
        """Of the present event."""
        self.timer = 0
        self.until = 0.0
        """When it fires."""
        self.rest = 0.0
        """When it would have fired, had no sound begun that may be noise."""

    def enter(self, state: State, seconds: float | None = None) -> None:
        """Change the state. Every earlier timer is dead from here on; a new one may run `seconds`."""
        self.state = state
        self.timer += 1
        self.until = self.now if seconds is None else self.now + seconds
        if seconds is not None:
            self.out.append(StartTimer(self.timer, seconds))
