"""Which engines there are, in the order in which they are tried. The README's table is made of this."""

from dataclasses import dataclass
from typing import Final, Literal

Does = Literal["hears", "speaks", "answers"]


@dataclass(frozen=True, slots=True)
class Engine:
    """One engine. `where`: what it needs. `licence`: of the engine, not of profai."""

    name: str
    does: Does
    where: str
    licence: str
    note: str


ENGINES: Final = (
    Engine(
        "deepgram",
        "hears",
        "a key, the network",
        "the vendor's terms",
        "nova-3, 50 languages; `--language auto` for several; is told the topic's words",
    ),
    Engine("flux", "hears", "Deepgram's key, by name only", "the vendor's terms", "Deepgram Flux: ends turns itself"),
    Engine(
        "sarvam", "hears", "a key, the network", "the vendor's terms", "Hindi, Tamil, Bengali, ... and Indian English"
    ),
    Engine(
        "moonshine",
        "hears",
        "`profai setup --local`",
        "MIT, models too for English",
        "written for; its models were not at hand: untried",
    ),
    Engine(
        "pocketsphinx",
        "hears",
        "comes with profai",
        "BSD-2-Clause",
        "English; learns the course's own words and sentences",
    ),
    Engine(
        "elevenlabs", "speaks", "a key, the network", "the vendor's terms", "`elevenlabs:VOICE_ID` for another voice"
    ),
    Engine("sarvam", "speaks", "a key, the network", "the vendor's terms", "Indian languages and Indian English"),
    Engine("moonshine", "speaks", "`profai setup --local`", "MIT, models too for English", "as above"),
    Engine("flite", "speaks", "Linux with libflite1", "BSD-like", "English; the easiest to understand of these"),
    Engine("system", "speaks", "macOS, Windows", "the system's", "`say` and SAPI; written for, untried"),
    Engine(
        "espeak",
        "speaks",
        "comes with profai",
        "GPL-3.0-or-later, in a process of its own",
        "100 languages and accents, such as `espeak:en-gb-scotland`",
    ),
    Engine(
        "openai",
        "answers",
        "a key, the network",
        "the vendor's terms",
        "`openai:MODEL`; any compatible server with `PROFAI_OPENAI_URL`",
    ),
    Engine("groq", "answers", "a key, the network", "the vendor's terms", "`groq:MODEL` for another model"),
    Engine(
        "local",
        "answers",
        "a running server, by name only",
        "the model's",
        "Ollama, LM Studio, llama.cpp: found by itself",
    ),
    Engine("course", "answers", "comes with profai", "public domain (SQLite)", "reads out the passage that fits"),
)


def names(does: Does) -> tuple[str, ...]:
    """Names of the engines that do it, in their order."""
    return tuple(engine.name for engine in ENGINES if engine.does == does)
