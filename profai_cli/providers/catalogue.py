"""Which engines there are, in the order in which they are tried. The README's table is made of this."""

from dataclasses import dataclass
from typing import Final, Literal

from profai_cli.providers.vendors import VENDORS

Does = Literal["hears", "speaks", "answers"]


@dataclass(frozen=True, slots=True)
class Engine:
    """One engine. `where`: what it needs. `licence`: of the engine, not of profai. `title`: for the learner.

    `vendor`: whose key it needs, "" for those of this machine. `stepped`: it can run on the samples' clock.
    """

    name: str
    does: Does
    where: str
    licence: str
    note: str
    title: str
    vendor: str = ""
    stepped: bool = True


def _cloud(name: str, does: Does, note: str, where: str = "a key, the network", title: str = "") -> Engine:
    vendor = VENDORS["deepgram" if name == "flux" else name]
    return Engine(name, does, where, "the vendor's terms", note, title or vendor.title, vendor.name, stepped=False)


def _here(
    name: str, does: Does, where: str, licence: str, note: str, *, title: str = "", stepped: bool = True
) -> Engine:
    return Engine(name, does, where, licence, note, title or name, stepped=stepped)


BEST: Final = _here("best", "speaks", "", "", "", title="The local voice")
"""What stands for the best of the voices below that need no key."""

ENGINES: Final = (
    _cloud("deepgram", "hears", "nova-3, 50 languages; `--language auto` for several; is told the topic's words"),
    _cloud("flux", "hears", "Deepgram Flux: ends turns itself", "Deepgram's key, by name only", "Deepgram Flux"),
    _cloud("sarvam", "hears", "Hindi, Tamil, Bengali, ... and Indian English"),
    _here(
        "moonshine",
        "hears",
        "`profai setup --local`",
        "MIT, models too for English",
        "written for; its models were not at hand: untried",
    ),
    _here(
        "pocketsphinx",
        "hears",
        "comes with profai",
        "BSD-2-Clause",
        "English; learns the course's own words and sentences",
    ),
    _cloud("elevenlabs", "speaks", "`elevenlabs:VOICE_ID` for another voice"),
    _cloud("sarvam", "speaks", "Indian languages and Indian English"),
    _here("moonshine", "speaks", "`profai setup --local`", "MIT, models too for English", "as above"),
    _here("flite", "speaks", "Linux with libflite1", "BSD-like", "English; the easiest to understand of these"),
    _here("system", "speaks", "macOS, Windows", "the system's", "`say` and SAPI; written for, untried"),
    _here(
        "espeak",
        "speaks",
        "comes with profai",
        "GPL-3.0-or-later, in a process of its own",
        "100 languages and accents, such as `espeak:en-gb-scotland`",
    ),
    _cloud("openai", "answers", "`openai:MODEL`; any compatible server with `PROFAI_OPENAI_URL`"),
    _cloud("groq", "answers", "`groq:MODEL` for another model"),
    _here(
        "local",
        "answers",
        "a running server, by name only",
        "the model's",
        "Ollama, LM Studio, llama.cpp: found by itself",
        title="The local model",
        stepped=False,
    ),
    _here(
        "course",
        "answers",
        "comes with profai",
        "public domain (SQLite)",
        "reads out the passage that fits",
        title="course search",
    ),
)

_BY_NAME: Final = {engine.name: engine for engine in (*ENGINES, BEST)}
"""Those of one name differ in nothing but what they do."""


def names(does: Does) -> tuple[str, ...]:
    """Names of the engines that do it, in their order."""
    return tuple(engine.name for engine in ENGINES if engine.does == does)


def named(text: str) -> Engine:
    """The engine of a name, which may have a variant behind a colon. Raises KeyError."""
    return _BY_NAME[text.partition(":")[0]]
