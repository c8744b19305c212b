"""How often the sound was interrupted, and when it is time to say what to do about it. Pure."""

from typing import Final

ADVICE: Final = "close other programs, or run 'profai doctor'."


class Gaps:
    """Counts what was lost of the sound since the begin. The third is worth a warning, and ten times as many each time:
    one or two are usual while a class loads its engines, and nobody hears them."""

    def __init__(self) -> None:
        self.count = 0

    @property
    def warn(self) -> bool:
        """There are more than a class may begin with."""
        return _steps(self.count) > 0

    def advice(self, count: float) -> str:
        """Take the newest count; a sentence for the learner, mostly empty."""
        before, self.count = self.count, int(count)
        if _steps(self.count) == _steps(before):
            return ""
        return f"The sound was interrupted {self.count} times: {ADVICE}"


def _steps(count: int) -> int:
    """How often advice is due up to so many."""
    return len(str(count // 3)) if count >= 3 else 0  # noqa: PLR2004 - the number that the class names
