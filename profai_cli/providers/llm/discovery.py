"""Models that profai knows of: the vendors' best for a talk, and what a server on this machine has."""

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from profai_cli.errors import EngineError
from profai_cli.lesson.plain import plain

if TYPE_CHECKING:
    import httpx

PORTS: Final = (11434, 1234, 8080, 8000)
"""Where Ollama, LM Studio, llama.cpp and llama-cpp-python serve, unless told otherwise."""

PROBE: Final = 0.3
"""Seconds for one port; a server on this machine answers in a few milliseconds."""

LOCAL_FIRST: Final = 20.0
"""Seconds to the first word of a local model, which may have to be read from the disk first."""

_NO_TALKERS: Final = re.compile(r"embed|minilm|rerank|whisper|\b(?:bge|e5|gte|tts|ocr)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Preset:
    """A vendor's model. effort: as for `ChatModel`."""

    model: str
    effort: str


PRESETS: Final[Mapping[str, Preset]] = MappingProxyType(
    {
        # Chosen by what was written of them in November 2026, not tried: fast, not about to be shut down, and able to
        # answer with little or no thinking. OpenAI shuts gpt-4.1-mini and gpt-4o-mini down on 14 January 2027; it
        # recommends gpt-6-luna, which thinks unless the effort is "none" (help.openai.com, "Migrating from GPT-4.x").
        "openai": Preset("gpt-6-luna", "none"),
        # Groq's Llama 3.1 and 3.3, which do not think, were due to end on 16 August 2026. gpt-oss-120b cannot do
        # without thinking, but makes about 500 tokens a second (console.groq.com/docs/models).
        "groq": Preset("openai/gpt-oss-120b", "low"),
    }
)


async def local_server(ports: Sequence[int] = PORTS) -> tuple[str, str]:
    """Base URL and model of the first server on this machine, in the order of `ports`, that has a chat model.

    Raises EngineError where none has.
    """
    client = await asyncio.to_thread(_client)
    async with client:
        urls = [f"http://127.0.0.1:{port}/v1" for port in ports]
        found = await asyncio.gather(*(_models(client, url) for url in urls))
    for url, models in zip(urls, found, strict=True):
        for model in models or ():
            if not _NO_TALKERS.search(model):
                return url, model
    if any(models is not None for models in found):
        raise EngineError("The model server on this machine has no chat model: load one there first.")
    raise EngineError("No model server runs on this machine: start Ollama, LM Studio or llama.cpp first.")


def _client() -> "httpx.AsyncClient":
    import httpx  # noqa: PLC0415 - late and in a thread: it takes 0.3 s

    return httpx.AsyncClient(timeout=None, trust_env=False)  # noqa: S113 - `_models` has its own time-out


async def _models(client: "httpx.AsyncClient", url: str) -> list[str] | None:
    """Names of the models of a server; None where there is no such server."""
    import httpx  # noqa: PLC0415 - as above

    try:
        async with asyncio.timeout(PROBE):
            response = await client.get(f"{url}/models")
        listed = json.loads(response.content)["data"]
        names = [model["id"] for model in listed]
    except (TimeoutError, httpx.HTTPError, ValueError, LookupError, TypeError, RecursionError):
        return None
    return [name for name in names if isinstance(name, str) and name and name == plain(name)]
