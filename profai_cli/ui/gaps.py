"""How often the sound was interrupted, and when it is time to say what to do about it. Pure."""

from typing import Final

ADVICE: Final = "close other programs, or run 'profai doctor'."


class Gaps:
    """Counts what was lost of the sound since the begin. Advice comes at the first, at ten and at every hundred."""

    def __init__(self) -> None:
        self.count = 0

    def advice(self, count: float) -> str:
        """Take the newest count; a sentence for the learner, mostly empty."""
        before, self.count = self.count, int(count)
        if _steps(self.count) == _steps(before):
            return ""
        times = f" {self.count} times" if self.count > 1 else ""
        return f"The sound was interrupted{times}: {ADVICE}"


def _steps(count: int) -> int:
    """How often advice is due up to so many."""
    return (count >= 1) + (count >= 10) + count // 100  # noqa: PLR2004 - the numbers that the class names
