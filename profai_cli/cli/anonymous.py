"""What may be pasted where others read it: without the names of the learner, of the computer, of the home folder."""

import os
import platform
import re
from pathlib import Path
from typing import Any, Final

SHORTEST: Final = 3
"""Letters of a name that is taken out: a shorter one is a part of anything."""


def without_names(told: Any) -> Any:  # noqa: ANN401 - what JSON can hold
    """A text, or what JSON can hold with all texts in it: "~" for the home folder, "[user]" and "[computer]"."""
    return _without(told, _names())


def _names() -> list[tuple["re.Pattern[str]", str]]:
    """What to look for, and what stands there instead."""
    home = os.path.expanduser("~")  # noqa: PTH111 - Path.home() fails for a user without one
    found = [(rf"{re.escape(home)}(?![\w.-])", "~")] if len(home) >= SHORTEST else []
    users = {Path(home).name, *(os.environ.get(name, "") for name in ("LOGNAME", "USER", "LNAME", "USERNAME"))}
    for name, instead in (*((user, "[user]") for user in users), (platform.node(), "[computer]")):
        if len(name) >= SHORTEST:
            found.append((rf"\b{re.escape(name)}\b", instead))
    return [(re.compile(pattern), instead) for pattern, instead in found]


def _without(told: Any, names: list[tuple["re.Pattern[str]", str]]) -> Any:  # noqa: ANN401 - as above
    match told:
        case str():
            for pattern, instead in names:
                told = pattern.sub(instead, told)
            return told
        case dict():
            return {key: _without(value, names) for key, value in told.items()}
        case list() | tuple():
            return [_without(value, names) for value in told]
    return told
