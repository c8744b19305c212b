"""The vendors of cloud engines. `profai keys` and the README's table are made of this; it imports nothing heavy."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Vendor:
    """A vendor. does: for a class. url: of its service, as in `settings.Access`. page: where one gets a key."""

    name: str
    title: str
    does: str
    url: str
    page: str

    @property
    def key_variable(self) -> str:
        """The environment variable that holds the key; the vendors' own tools read it as well."""
        return f"{self.name.upper()}_API_KEY"

    @property
    def url_variable(self) -> str:
        """The environment variable that holds another base URL: a proxy, a region, a host of one's own."""
        return f"PROFAI_{self.name.upper()}_URL"


VENDORS: Final[Mapping[str, Vendor]] = MappingProxyType(
    {
        vendor.name: vendor
        for vendor in (
            Vendor("deepgram", "Deepgram", "hears", "https://api.deepgram.com", "https://console.deepgram.com"),
            Vendor(
                "elevenlabs",
                "ElevenLabs",
                "speaks",
                "https://api.elevenlabs.io",
                "https://elevenlabs.io/app/settings/api-keys",
            ),
            Vendor("sarvam", "Sarvam", "hears, speaks", "https://api.sarvam.ai", "https://dashboard.sarvam.ai"),
            Vendor("openai", "OpenAI", "answers", "https://api.openai.com/v1", "https://platform.openai.com/api-keys"),
            Vendor("groq", "Groq", "answers", "https://api.groq.com/openai/v1", "https://console.groq.com/keys"),
        )
    }
)
"""By name, in the order in which they are shown."""
