"""Which engines there are, in the order in which they are tried. The README's table is made of this."""

from dataclasses import dataclass
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class Engine:
    """One engine. `where`: what it needs. `licence`: of the engine, not of profai."""

    name: str
    does: Literal["hears", "speaks", "answers"]
    where: str
    licence: str
    note: str


ENGINES: Final = (
    Engine(
        "pocketsphinx",
        "hears",
        "comes with profai",
        "BSD-2-Clause",
        "English; learns the course's own words and sentences",
    ),
    Engine("flite", "speaks", "Linux with libflite1", "BSD-like", "English; the easiest to understand of these"),
    Engine("system", "speaks", "macOS, Windows", "the system's", "`say` and SAPI; written for, untried"),
    Engine(
        "espeak",
        "speaks",
        "comes with profai",
        "GPL-3.0-or-later, in a process of its own",
        "100 languages and accents, such as `espeak:en-gb-scotland`",
    ),
    Engine("course search", "answers", "comes with profai", "public domain (SQLite)", "reads out the right passage"),
)


def voices() -> tuple[str, ...]:
    """Names of the engines that speak."""
    return tuple(engine.name for engine in ENGINES if engine.does == "speaks")
