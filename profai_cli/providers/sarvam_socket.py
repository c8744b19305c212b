"""Sarvam's sockets through its SDK; the same for both engines."""

from functools import partial
from typing import Any, Final, Literal

from profai_cli.errors import EngineError
from profai_cli.providers import sdk_socket
from profai_cli.providers.limits import Limits
from profai_cli.providers.sarvam import lost, refuses, stalled, told
from profai_cli.providers.sdk_socket import Connect, Sdk, Socket, unused_http
from profai_cli.settings import Access

_SDK: Final = Sdk("Sarvam", "sarvamai", "sarvamai")


class _Errors:
    """Obeys `sdk_socket.Errors`."""

    def silent(self) -> EngineError:
        return stalled()

    def unreachable(self) -> EngineError:
        return lost("cannot be reached: check the network")

    def answered(self, status: int, headers: dict[str, Any]) -> EngineError:
        return told(status, wait=headers.get("Retry-After"))

    def cut_off(self, code: int = 0, text: str = "") -> EngineError:
        return told(code) if refuses(code) else lost("ended the connection: check the network")


async def open_socket(
    access: Access, engine: Literal["speech_to_text", "text_to_speech"], limits: Limits, **query: str
) -> Socket:
    """Load the SDK, and connect within `Limits.connect`. Raises EngineError."""
    return await sdk_socket.open_socket(partial(_load, access, engine), query, _Errors(), limits)


def _load(access: Access, engine: str) -> Connect:
    hosts = _SDK.hosts(access.url)
    client, environment = _SDK.load(f"{engine}_streaming.client")
    where = environment.SarvamAIEnvironment.PRODUCTION
    if hosts:
        base, socket = hosts
        where = environment.SarvamAIEnvironment(base=base, creative=base, production=socket)
    key = access.key.reveal()
    sdk = client.AsyncSarvamAI(api_subscription_key=key, environment=where, httpx_client=unused_http())
    connect: Connect = getattr(sdk, f"{engine}_streaming").connect
    return connect
