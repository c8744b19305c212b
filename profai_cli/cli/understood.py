"""The words in what was just heard, by the recogniser of this computer: nothing leaves it."""

from collections.abc import Sequence

from profai_cli.cli.access import run
from profai_cli.cli.engines import EngineChoice, EngineRoom
from profai_cli.cli.kept import current
from profai_cli.cli.options import SETTINGS
from profai_cli.errors import ProfaiError
from profai_cli.lesson.plain import plain
from profai_cli.ports import Frame


def said_back(frames: Sequence[Frame]) -> tuple[bool, str]:
    """Whether there is nothing against these frames, and a sentence with what was understood."""
    try:
        words = understood(frames)
    except ProfaiError as error:  # nothing here knows the course's language, or the course is faulty
        return True, plain(str(error))
    return bool(words), f"I heard: {plain(words)}" if words else "I understood no word of it."


def understood(frames: Sequence[Frame]) -> str:
    """The words, as a class on the usual course would understand them; "" for none. Raises ProfaiError."""
    from profai_cli.providers.stt.transcription import transcribe  # noqa: PLC0415 - not for --help
    from profai_cli.storage.courses import load_course, shipped_courses  # noqa: PLC0415 - as above

    kept = {name: value for name, (value, _) in current(SETTINGS["courses"], SETTINGS["course"]).items()}
    course = load_course(kept["courses"] or shipped_courses(), kept["course"])
    ears = EngineRoom(EngineChoice(local=True), course, course.language, lambda _source, _line: None, ["ears"]).ears()
    return " ".join(utterance.text for utterance in run(transcribe(ears, frames)))
