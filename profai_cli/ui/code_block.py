"""A code block of the lesson with its syntax in colours of the terminal's palette."""

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from rich.style import Style
from rich.text import Text

if TYPE_CHECKING:
    from rich.syntax import ANSISyntaxTheme


@lru_cache(maxsize=64)
def highlighted(code: str, language: str) -> tuple[Text, ...]:
    """The lines of the code. A language that is not known is shown plain."""
    from rich.syntax import Syntax  # noqa: PLC0415 - it brings Pygments, for which a class does not wait to begin

    text = Syntax(code, language or "text", theme=_theme(), background_color="default").highlight(code)
    text.rstrip()
    return tuple(text.split("\n", allow_blank=True))


@cache
def _theme() -> "ANSISyntaxTheme":
    """Colours that are read on light and on dark; blue is not on black, nor are yellow and cyan on white."""
    from pygments.token import (  # type: ignore[import-untyped,unused-ignore]  # noqa: PLC0415 - as above; no stubs
        Comment,
        Keyword,
        Name,
        Number,
        Operator,
        String,
    )
    from rich.syntax import ANSISyntaxTheme  # noqa: PLC0415

    magenta, green, bold = Style(color="magenta"), Style(color="green"), Style(bold=True)
    return ANSISyntaxTheme(
        {
            Comment: Style(dim=True),
            Keyword: magenta,
            Operator.Word: magenta,
            Name.Builtin: bold,
            Name.Function: bold,
            Name.Class: bold,
            Name.Decorator: bold,
            String: green,
            Number: green,
        }
    )
